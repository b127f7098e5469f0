import { configOf, REQUESTER, TALK, intakeOf } from './support/config.ts';
import { copy, oneQueued, openRaw } from './support/crowd.ts';
import type { Raw } from './support/crowd.ts';
import { TEAMS } from './support/desk.ts';
import { percentile, sleep } from './support/numbers.ts';
import { databaseIn, inFolder, runTool, startProgram } from './support/process.ts';
import { below } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { startSlackStub } from './support/slack-stub.ts';

const TICKETS = 100_000;
const BACKLOG = 50_000;
const ALONE_MS = 10_000;
const PAGES = ['/board', '/board?team=team3', '/board?ended=1', '/api/v1/tickets', '/api/v1/tickets?q=number+77'];

/**
 * The longest stop of the program's event loop, as its own `/metrics` has it, while it works off a backlog of 50,000 events and shows the board and lists
 * of 100,000 tickets; then while it is backed up, and exported, besides.
 */
export async function stall(): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    const slack = await startSlackStub();
    const url = `file:${databaseIn(folder)}`;
    const model = await oneQueued(url);
    const raw = await openRaw(url);
    await copy(raw, { models: [model], count: TICKETS, firstMessage: { at: Date.now(), everyMs: 1 } });
    await backlog(raw);
    const program = await startProgram(folder, { env: slack.env, config: configOf(TEAMS) });
    try {
      // What was compiled and loaded at the start is no stall of what runs.
      await longestStop(program.url);
      const stops = [
        await during('a backlog and lists', program.url, sleep(ALONE_MS)),
        await during('and a backup', program.url, runTool(folder, ['backup', 'backup.db'])),
        await during('and an export', program.url, runTool(folder, ['export', 'all.jsonl'])),
      ];
      const [[left] = []] = await raw.all(`SELECT COUNT(*) FROM inbox WHERE state <> 'done'`);
      console.log(`  of ${BACKLOG} events ${Number(left)} are left`);
      return stops;
    } finally {
      await raw.close();
      await program.stop();
      slack.stop();
    }
  });
}

/** Pages are shown one after the other until something has ended. */
async function during(what: string, url: string, work: Promise<unknown>): Promise<Figure> {
  const state = { ended: false };
  const ending = work.finally(() => (state.ended = true));
  const startedAt = performance.now();
  const pages: number[] = [];
  for (let i = 0; !state.ended || i < PAGES.length; i++) {
    const at = performance.now();
    const page = PAGES[i % PAGES.length]!;
    const response = await fetch(`${url}${page}`);
    await response.text();
    if (!response.ok) throw new Error(`${page}: ${response.status}`);
    pages.push(performance.now() - at);
    await sleep(50);
  }
  await ending;
  const [median, longest] = [0.5, 1].map((share) => percentile(pages, share).toFixed(0));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`  ${what}: ${seconds} s, ${pages.length} pages, ms p50 / max ${median} / ${longest}`);
  return below(`stall: ${what}`, await longestStop(url), { name: 'limit', value: 100 }, 'ms');
}

/** Since it was last asked. */
async function longestStop(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1];
  if (seconds === undefined) throw new Error('/metrics does not tell of the event loop');
  return Number(seconds) * 1000;
}

/** As the receiver leaves it: threads of one message each, one in twenty where threads become tickets. */
async function backlog(raw: Raw): Promise<void> {
  const at = Date.now() - 60_000;
  const words = 'The orders page is slow again and some of them fail with a time-out after a minute. '.repeat(9);
  const message = (chat: string): string =>
    JSON.stringify({
      id: `slack:msg:${chat}:@ts@`,
      platform: 'slack',
      at,
      type: 'message',
      chat,
      thread: '@ts@',
      message: '@ts@',
      user: REQUESTER.user,
      text: words,
      mentions: [],
      addressed: false,
      direct: false,
      attachments: [],
    });
  await raw.run(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${BACKLOG}),
       events AS (SELECT i, '1700000000.' || printf('%06d', i) AS ts, CASE WHEN i % 20 = 0 THEN '${intakeOf(0)}' ELSE '${TALK}' END AS chat FROM n)
     INSERT INTO inbox (id, lane, platform, payload, received_at, state, head_at)
     SELECT 'slack:slack:msg:' || chat || ':' || ts, 'slack:' || chat || ':' || ts, 'slack',
            replace(CASE WHEN i % 20 = 0 THEN '${message(intakeOf(0))}' ELSE '${message(TALK)}' END, '@ts@', ts), ${at}, 'waiting', 0
       FROM events`,
  );
}
