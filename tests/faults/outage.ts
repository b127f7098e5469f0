import { dutyOf, intakeOf, REQUESTER } from '../../bench/support/config.ts';
import { below, exactly } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import type { SlackScene } from '../support/slack-scene.ts';
import { acknowledgements, headsWith, pass, repliesWith, sceneOf } from './scene.ts';
import type { Scenario } from './scenario.ts';

const SIZES = { short: { teams: 6, seconds: 15 }, full: { teams: 20, seconds: 60 } };

/** In each thread while the platform is away: fewer than a channel can be told within the same time. */
const WORDS = 4;

/** What was said in one thread, in this order. */
interface Thread {
  readonly team: number;
  readonly title: string;
  readonly ts: string;
  readonly words: string[];
}

/**
 * The platform is away: every call breaks off or meets a 503. Then every other duty channel is rate limited for as long. People go on all the while.
 * The time is moved by hand, so that a minute takes seconds.
 */
export const outage: Scenario = async (form) => {
  const { teams, seconds } = SIZES[form];
  const scene = await sceneOf(teams);
  try {
    const threads: Thread[] = [];
    for (let team = 0; team < teams; team++) threads.push(await raise(scene, team, `Before ${team}.`));
    await scene.until(() => threads.every(({ team, title }) => headsWith(scene.slack, dutyOf(team), title).length > 0));
    await scene.quiet();

    const { slack } = scene;
    const heard = slack.deliveries().length;
    const away = { now: true };
    let calls = 0;
    const isOdd = (): boolean => calls++ % 2 === 1;
    slack.fault({ method: '*', times: Infinity, kind: 'drop', when: () => away.now && isOdd() });
    slack.fault({ method: '*', times: Infinity, kind: '500', status: 503, when: () => away.now });
    for (let second = 0; second < seconds; second++) {
      if (second % Math.floor(seconds / WORDS) === 0) for (const thread of threads) await say(scene, thread);
      if (second === Math.floor(seconds / 2))
        for (let team = 0; team < teams; team++) threads.push(await raise(scene, team, `Meanwhile ${team}.`));
      await pass(scene, 1_000);
    }
    away.now = false;

    const limited = await limitHalf(scene, threads, seconds);
    await scene.until(() => threads.every((thread) => isSaid(scene, thread))).catch(() => undefined);
    await scene.quiet();
    // Whatever would come twice has time to come.
    await pass(scene, 30_000);
    return [...(await outcome(scene, threads, heard)), ...limited];
  } finally {
    await scene.close();
  }
};

async function raise({ slack }: SlackScene, team: number, title: string): Promise<Thread> {
  const { ts } = await slack.post(REQUESTER.user, intakeOf(team), title);
  return { team, title, ts, words: [] };
}

async function say({ slack }: SlackScene, { team, title, ts, words }: Thread): Promise<void> {
  const word = `${title} Word ${words.length}.`;
  words.push(word);
  await slack.post(REQUESTER.user, intakeOf(team), word, { thread_ts: ts });
}

const isSaid = ({ slack }: SlackScene, { team, words }: Thread): boolean =>
  words.every((word) => repliesWith(slack, dutyOf(team), word).length > 0);

/** Others go on while these channels rest, and are done before those may go on. */
async function limitHalf(scene: SlackScene, threads: readonly Thread[], seconds: number): Promise<readonly Figure[]> {
  const { slack, clock } = scene;
  const from = clock.now();
  const isLimited = (team: number): boolean => team % 2 === 0;
  const limits = new Set(threads.map(({ team }) => team).filter(isLimited));
  // Longer than the others can need, whatever back-off the outage has left them: they are to be done while these still rest.
  const rest = { until: from + 8 * seconds * 1_000 };
  const mayGo = (): number => Math.max(0, rest.until - clock.now());
  for (const team of limits)
    slack.fault({
      method: 'chat.postMessage',
      channel: dutyOf(team),
      times: Infinity,
      kind: '429',
      when: () => mayGo() > 0,
      get retryAfter() {
        return Math.ceil(mayGo() / 1_000);
      },
    });
  const others = threads.filter(({ team }) => !isLimited(team));
  const undone = (): number => others.filter((thread) => !isSaid(scene, thread)).length;
  const first = slack.calls().length;
  while (clock.now() < from + seconds * 1_000 || (undone() > 0 && mayGo() > 0)) await pass(scene, 1_000);
  const left = undone();
  if (mayGo() > 0) await pass(scene, mayGo());
  const tooEarly = [...limits].reduce((sum, team) => {
    const refused = slack
      .calls('chat.postMessage')
      .filter((one) => one.n > first && one.args['channel'] === dutyOf(team));
    return sum + refused.filter(({ status, at }, i) => i > 0 && status === 429 && at < rest.until).length;
  }, 0);
  return [
    exactly('outage: channels that waited for a limited one', left, 0),
    exactly('outage: calls before Retry-After was over', tooEarly, 0),
  ];
}

async function outcome(scene: SlackScene, threads: readonly Thread[], heard: number): Promise<readonly Figure[]> {
  const { slack } = scene;
  const words = threads.flatMap(({ team, words: said }) => said.map((word) => repliesWith(slack, dutyOf(team), word)));
  const orders = threads.map(({ team, words: said }) =>
    said.map((word) => Number(repliesWith(slack, dutyOf(team), word)[0]?.ts ?? NaN)),
  );
  const outOfOrder = orders.filter((order) => order.some((ts, i) => i > 0 && ts <= order[i - 1]!)).length;
  const cards = threads.filter(
    ({ team, title, ts }) =>
      headsWith(slack, dutyOf(team), title).length !== 1 ||
      slack.messages(intakeOf(team), { thread_ts: ts, from: 'bot' }).length !== 1,
  ).length;
  const { refused, slowestMs } = acknowledgements(slack, heard);
  const { waiting, dead } = await scene.app.storage.queues.outbox.depth(scene.clock.now());
  return [
    exactly(`outage: messages lost, of ${words.length}`, words.filter(({ length }) => length === 0).length, 0),
    exactly('outage: messages doubled', words.filter(({ length }) => length > 1).length, 0),
    exactly('outage: threads out of order', outOfOrder, 0),
    exactly('outage: cards missing or doubled', cards, 0),
    exactly('outage: rows left or given up', waiting + dead, 0),
    exactly('outage: events not acknowledged at once', refused, 0),
    below('outage: slowest acknowledgement', slowestMs, { name: 'limit', value: 3_000 }, 'ms'),
  ];
}
