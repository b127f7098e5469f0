import { dutyOf, intakeOf, OWNER, REQUESTER } from '../../bench/support/config.ts';
import { exactly } from '../../bench/support/report.ts';
import type { SlackScene } from '../support/slack-scene.ts';
import { happened, timeline } from '../support/slack-ticket.ts';
import { headsWith, pass, repliesWith, sceneOf } from './scene.ts';
import type { Scenario } from './scenario.ts';

const TEAMS = { short: 6, full: 30 };
const WORDS = 4;
const HOUR = 3_600_000;
/** How late an event may come again: half an hour, two hours, six. */
const LATE = [HOUR / 2, 1.5 * HOUR, 4 * HOUR];

/**
 * Each event comes twice, out of order, some a third time because their acknowledgement was lost, and all again up to six hours later. Of every second
 * team nothing arrives at first: what was said there comes only then.
 */
export const redelivery: Scenario = async (form) => {
  const teams = Array.from({ length: TEAMS[form] }, (_, team) => team);
  const scene = await sceneOf(teams.length);
  const { slack, clock } = scene;
  try {
    slack.setRetryDelays([30, 60, 90]);
    slack.setDelivery({ duplicate: 1, shuffle: true, shuffleMs: 60, loseAck: 0.3 });
    const title = (team: number): string => `The orders page is slow, number ${team}.`;
    const word = (team: number, n: number): string => `Word ${n} of ${team}.`;
    const threads: string[] = [];
    const talk = async (team: number): Promise<void> => {
      // Nobody waits for the one before to arrive, so a thread's answers may overtake its beginning.
      const rooted = slack.post(REQUESTER.user, intakeOf(team), title(team));
      const ts = slack.messages(intakeOf(team)).at(-1)!.ts;
      threads[team] = ts;
      const said = Array.from({ length: WORDS }, (_, n) => {
        clock.advance(50);
        return slack.post(REQUESTER.user, intakeOf(team), word(team, n), { thread_ts: ts });
      });
      await Promise.all([rooted, ...said]);
    };
    const [prompt, late] = [teams.filter((team) => team % 2 === 0), teams.filter((team) => team % 2 === 1)];
    await Promise.all(prompt.map(talk));
    const workOf = (team: number) => headsWith(slack, dutyOf(team), title(team));
    await scene.until(() => prompt.every((team) => workOf(team).length > 0));
    await Promise.all(prompt.map((team) => slack.react(OWNER.user, dutyOf(team), workOf(team)[0]!.ts, 'eyes')));
    await scene.quiet();
    const before = slack.deliveries().filter(({ kind }) => kind === 'events_api');

    // What Slack cannot deliver at all for a while, it delivers when it can.
    slack.setRequestUrl('http://127.0.0.1:9/slack/events');
    await Promise.all(late.map(talk));
    await slack.settled();
    const undelivered = slack.undelivered();
    slack.setRequestUrl(`${scene.app.url}/slack/events`);

    const messagesBefore = countOf(scene, prompt);
    for (const wait of LATE) {
      clock.advance(wait);
      await pass(scene, 500);
      const again = shuffled([...before, ...undelivered]);
      for (let i = 0; i < again.length; i += 20)
        await Promise.all(again.slice(i, i + 20).map((delivery) => slack.redeliver(delivery)));
      await scene.quiet();
    }
    slack.setDelivery({});
    await scene.until(() => late.every((team) => workOf(team).length > 0)).catch(() => undefined);
    await scene.quiet();
    // Whatever would come twice has time to come.
    await pass(scene, 30_000);

    const tickets = (await scene.app.api('/api/v1/tickets?limit=200')).body['items'] as readonly Ticket[];
    const numbersOf = (team: number): number[] =>
      tickets
        .filter((one) => one.threads.some(({ thread }) => thread === threads[team]))
        .map((one) => Number(one.number.slice(4)));
    const wrongTickets = teams.filter((team) => numbersOf(team).length !== 1).length;
    const histories = await Promise.all(
      teams.flatMap((team) =>
        numbersOf(team).map(async (number) => ({ team, number, types: await happened(scene, number) })),
      ),
    );
    const count = (types: readonly string[], type: string): number => types.filter((one) => one === type).length;
    const claims = histories.filter(({ team, types }) => count(types, 'claimed') !== (team % 2 === 0 ? 1 : 0)).length;
    const captures = histories.filter(({ types }) => count(types, 'captured') !== 1).length;
    const carried = teams.flatMap((team) =>
      Array.from({ length: WORDS }, (_, n) => repliesWith(slack, dutyOf(team), word(team, n)).length),
    );
    return [
      exactly('redelivery: deliveries beyond the first', Math.sign(slack.deliveries().length - before.length), 1),
      exactly(`redelivery: threads without exactly one ticket, of ${teams.length}`, wrongTickets, 0),
      exactly('redelivery: tickets more than threads', tickets.length - teams.length, 0),
      exactly(
        'redelivery: tickets not named by their first message',
        tickets.filter(({ title: named }) => !named.startsWith('The orders')).length,
        0,
      ),
      exactly('redelivery: tickets not captured once', captures, 0),
      exactly('redelivery: tickets not claimed once', claims, 0),
      exactly(
        'redelivery: timelines out of order',
        await outOfOrder(
          scene,
          histories.map(({ number }) => number),
        ),
        0,
      ),
      exactly(
        'redelivery: said on the timeline not once',
        await notOnce(
          scene,
          histories.map(({ number }) => number),
        ),
        0,
      ),
      // What was there before the ticket is its beginning, and is not carried: what comes later is, once.
      exactly('redelivery: words carried twice', carried.filter((times) => times > 1).length, 0),
      exactly('redelivery: messages because of an old event', countOf(scene, prompt) - messagesBefore, 0),
    ];
  } finally {
    await scene.close();
  }
};

interface Ticket {
  readonly number: string;
  readonly title: string;
  readonly threads: readonly { readonly thread: string }[];
}

/** What people see of the bot. */
const countOf = ({ slack }: SlackScene, teams: readonly number[]): number =>
  slack.ephemerals().length +
  teams.reduce(
    (sum, team) =>
      sum +
      slack.messages(intakeOf(team), { from: 'bot' }).length +
      slack.messages(dutyOf(team), { from: 'bot' }).length,
    0,
  );

async function outOfOrder(scene: SlackScene, numbers: readonly number[]): Promise<number> {
  const all = await Promise.all(numbers.map((number) => timeline(scene, number)));
  return all.filter((events) =>
    events.some((event, i) => event['seq'] !== i + 1 || (i > 0 && instantOf(event) < instantOf(events[i - 1]!))),
  ).length;
}

/** Whole seconds are written without their milliseconds, so the texts themselves are in no order. */
const instantOf = (event: Record<string, unknown>): number => Date.parse(String(event['at']));

async function notOnce(scene: SlackScene, numbers: readonly number[]): Promise<number> {
  const all = await Promise.all(numbers.map((number) => timeline(scene, number)));
  return all.filter((events) => {
    const texts = events.filter((event) => event['type'] === 'message').map((event) => String(event['text']));
    return new Set(texts).size !== texts.length || texts.filter((text) => text.startsWith('Word')).length !== WORDS;
  }).length;
}

function shuffled<T>(all: readonly T[]): T[] {
  const mixed = [...all];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
