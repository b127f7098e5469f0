import { configOf } from './support/config.ts';
import { copy, oneQueued, openRaw } from './support/crowd.ts';
import { TEAMS } from './support/desk.ts';
import { median, sleep, until } from './support/numbers.ts';
import { databaseIn, freePort, inFolder, startProgram } from './support/process.ts';
import { below } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { slackSignature, startSlackStub } from './support/slack-stub.ts';

const TIMES = 5;
/** After which a start has calmed down. */
const IDLE_MS = 3_000;
const TICKETS = 100_000;

/** A first start in an empty folder with nothing configured: the playground, a new database. */
export async function boot(): Promise<readonly Figure[]> {
  const starts: Start[] = [];
  for (let i = 0; i < TIMES; i++) starts.push(await inFolder((folder) => startOnce(folder, {}, isHealthy)));
  return [
    below('boot: to the first 200 of /healthz', median(starts.map(({ ms }) => ms)), LIMIT, 'ms'),
    below('boot: memory idle and empty', median(starts.map(({ rss }) => rss)), { name: 'limit', value: 150 }, 'MB'),
  ];
}

/** With Slack, and 100,000 tickets that have three timers each. */
export async function start(): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    const slack = await startSlackStub();
    const url = `file:${databaseIn(folder)}`;
    const model = await oneQueued(url);
    const raw = await openRaw(url, { flushes: false });
    await copy(raw, { models: [model], count: TICKETS, firstMessage: { at: Date.now(), everyMs: 1 } });
    await raw.close();
    const starts: Start[] = [];
    for (let i = 0; i < TIMES; i++)
      starts.push(await startOnce(folder, { env: slack.env, config: configOf(TEAMS) }, acknowledges));
    slack.stop();
    const of = '100,000 tickets, 300,000 timers';
    return [
      below(`start (${of}): to the first event acknowledged`, median(starts.map(({ ms }) => ms)), LIMIT, 'ms'),
      below(`start (${of}): memory`, median(starts.map(({ rss }) => rss)), { name: 'limit', value: 250 }, 'MB'),
    ];
  });
}

const LIMIT = { name: 'limit', value: 3_000 };

interface Start {
  readonly ms: number;
  readonly rss: number;
}

async function startOnce(
  folder: string,
  options: Parameters<typeof startProgram>[1],
  answers: (url: string) => Promise<boolean>,
): Promise<Start> {
  const port = await freePort();
  const startedAt = performance.now();
  const program = await startProgram(folder, { ...options, port });
  try {
    await until('an answer', () => answers(program.url).catch(() => false), { withinMs: 20_000 });
    const ms = performance.now() - startedAt;
    await sleep(IDLE_MS);
    const rss = program.rss();
    console.log(`  ${ms.toFixed(0)} ms, ${rss.toFixed(0)} MB`);
    return { ms, rss };
  } finally {
    await program.stop();
  }
}

async function isHealthy(url: string): Promise<boolean> {
  const response = await fetch(`${url}/healthz`);
  await response.text();
  return response.status === 200;
}

/** A signed event, stored before it is answered. */
async function acknowledges(url: string): Promise<boolean> {
  const timestamp = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    type: 'event_callback',
    event_id: `Ev${Date.now()}`,
    event: { type: 'message', channel: 'C0TALK', user: 'U0LIN', text: 'is anybody there', ts: `${timestamp}.000100` },
  });
  const response = await fetch(`${url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': slackSignature(timestamp, body),
    },
    body,
  });
  await response.text();
  return response.status === 200;
}
