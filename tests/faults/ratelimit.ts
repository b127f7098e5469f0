import { configOf, dutyOf, intakeOf, REQUESTER } from '../../bench/support/config.ts';
import { percentile, sleep, until } from '../../bench/support/numbers.ts';
import { atLeast, below, exactly } from '../../bench/support/report.ts';
import { SlackEmulator } from '../emulators/slack/index.ts';
import type { ApiCall } from '../emulators/slack/index.ts';
import { createClock } from '../../src/clock.ts';
import { startApp } from '../support/app.ts';
import { addTeams, headsWith, repliesWith } from './scene.ts';
import type { Scenario } from './scenario.ts';

const SIZES = { short: { words: 8, others: 3 }, full: { words: 60, others: 8 } };
const BUSY = 0;
/** Every so many messages to the busy channel are refused, by so many seconds. */
const REFUSED_EVERY = 4;
const REST_S = 2;
/** Between two words to another channel: each is followed by an edit of the card, which takes its turn, too. */
const CALM_MS = 2_500;

/**
 * One channel has more to be told than Slack allows, and is refused at times on top; the emulator counts as Slack does. By the real clock: what is measured
 * are rates.
 */
export const ratelimit: Scenario = async (form) => {
  const { words, others } = SIZES[form];
  const slack = await SlackEmulator.start({ mode: 'http' });
  for (const id of ['U0WEI', REQUESTER.user]) slack.addUser({ id, name: id.toLowerCase(), locale: 'en-US' });
  addTeams(slack, others + 1);
  const app = await startApp({
    clock: createClock(),
    config: `${configOf(others + 1)}\nstorm: off\n`,
    env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_API_URL: slack.apiUrl, SLACK_SIGNING_SECRET: slack.signingSecret },
  });
  slack.setRequestUrl(`${app.url}/slack/events`);
  try {
    const teams = Array.from({ length: others + 1 }, (_, team) => team);
    const roots = await Promise.all(
      teams.map((team) => slack.post(REQUESTER.user, intakeOf(team), `Trouble ${team}.`)),
    );
    await until('the work cards', () => teams.every((team) => headsWith(slack, dutyOf(team), 'Trouble').length > 0), {
      withinMs: 20_000,
    });
    // Until every channel may be told something at once.
    await until('a rest', async () => (await app.storage.queues.outbox.depth(Date.now())).waiting === 0, {
      withinMs: 20_000,
    });
    await sleep(CALM_MS);
    slack.enforceRates(true);
    let calls = 0;
    slack.fault({
      method: 'chat.postMessage',
      channel: dutyOf(BUSY),
      times: Infinity,
      kind: '429',
      retryAfter: REST_S,
      when: () => ++calls % REFUSED_EVERY === 0,
    });
    const first = slack.calls().length;
    const say = (team: number, text: string) =>
      slack.post(REQUESTER.user, intakeOf(team), text, { thread_ts: roots[team]!.ts });

    for (let n = 0; n < words; n++) await say(BUSY, `Busy ${n}.`);
    const latencies: number[] = [];
    for (let n = 0; n < words / 2; n++) {
      await Promise.all(
        teams.slice(1).map(async (team) => {
          const saidAt = performance.now();
          const text = `Calm ${n} of ${team}.`;
          await say(team, text);
          await until('a calm word', () => repliesWith(slack, dutyOf(team), text).length > 0, { withinMs: 60_000 });
          latencies.push(performance.now() - saidAt);
        }),
      );
      await sleep(CALM_MS);
    }
    const all = Array.from({ length: words }, (_, n) => `Busy ${n}.`);
    await until('everything', () => all.every((text) => repliesWith(slack, dutyOf(BUSY), text).length > 0), {
      withinMs: words * 4_000 + 20_000,
    });
    const later = slack.calls().filter(({ n }) => n > first);
    const busy = later.filter(({ method, args }) => method === 'chat.postMessage' && args['channel'] === dutyOf(BUSY));
    const rests = busy.filter(({ status }) => status === 429).length * REST_S * 1_000;
    const working = busy.at(-1)!.at - busy[0]!.at - rests;
    return [
      exactly('ratelimit: 429s were met', Math.min(1, rests), 1),
      exactly('ratelimit: calls before Retry-After was over', violations(later), 0),
      exactly(
        'ratelimit: faster than Slack allows',
        later.filter(({ status, fault }) => status === 429 && fault === undefined).length,
        0,
      ),
      exactly(
        `ratelimit: messages lost or doubled, of ${words}`,
        all.filter((text) => repliesWith(slack, dutyOf(BUSY), text).length !== 1).length,
        0,
      ),
      atLeast(
        'ratelimit: sent to the busy channel',
        ((words - 1) * 1_000) / working,
        { name: 'permitted', perSecond: 1 },
        0.9,
      ),
      below('ratelimit: p99 of the other channels', percentile(latencies, 0.99), { name: 'limit', value: 1_000 }, 'ms'),
    ];
  } finally {
    await app.stop();
    await slack.stop();
  }
};

/** Calls of what was refused (a channel's messages, else a method) within the time that the refusal named. */
function violations(calls: readonly ApiCall[]): number {
  const until = new Map<string, number>();
  let early = 0;
  for (const { method, args, at, status } of calls) {
    const what = method === 'chat.postMessage' ? `${method} ${String(args['channel'])}` : method;
    if (at < (until.get(what) ?? 0)) early += 1;
    if (status === 429) until.set(what, at + REST_S * 1_000);
  }
  return early;
}
