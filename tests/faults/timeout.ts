import { dutyOf, intakeOf, OWNER, REQUESTER } from '../../bench/support/config.ts';
import { exactly, told } from '../../bench/support/report.ts';
import { visibleText } from '../emulators/slack/index.ts';
import { headsWith, pass, repliesWith, sceneOf } from './scene.ts';
import type { Scenario } from './scenario.ts';

const TEAMS = { short: 5, full: 10 };
const WORDS = 3;

/** The platform does it, and the connection breaks before its answer: each message, each edit and each whisper, the first time. */
export const timeout: Scenario = async (form) => {
  const teams = Array.from({ length: TEAMS[form] }, (_, team) => team);
  const scene = await sceneOf(teams.length);
  const { slack } = scene;
  /** Broken once for each: a platform that never answers is an outage. */
  const broken = new Map<string, Set<string>>();
  for (const method of ['chat.postMessage', 'chat.update', 'chat.postEphemeral']) {
    const met = new Set<string>();
    broken.set(method, met);
    slack.fault({
      method,
      times: Infinity,
      kind: 'drop-after-success',
      when: (args) => {
        const what = `${String(args['channel'])} ${String(args['thread_ts'] ?? args['ts'])} ${String(args['text'])}`;
        const isNew = !met.has(what);
        met.add(what);
        return isNew;
      },
    });
  }
  try {
    const title = (team: number): string => `Trouble ${team}.`;
    const word = (team: number, n: number): string => `Word ${n} of ${team}.`;
    const posted = await Promise.all(teams.map((team) => slack.post(REQUESTER.user, intakeOf(team), title(team))));
    await scene.until(() => teams.every((team) => headsWith(slack, dutyOf(team), title(team)).length > 0));
    for (let n = 0; n < WORDS; n++)
      for (const team of teams)
        await slack.post(REQUESTER.user, intakeOf(team), word(team, n), { thread_ts: posted[team]!.ts });
    for (const team of teams)
      await slack.react(OWNER.user, dutyOf(team), headsWith(slack, dutyOf(team), title(team))[0]!.ts, 'eyes');
    for (const team of teams) await scene.untilStatus('in_progress', team + 1);
    // It is one already: who asks for it is told so, and nobody else.
    for (const team of teams) await slack.react(OWNER.user, intakeOf(team), posted[team]!.ts, 'ticket');
    const whispersIn = (team: number): number =>
      slack.ephemerals().filter(({ channel }) => channel === intakeOf(team)).length;
    await scene.until(() => teams.every((team) => whispersIn(team) > 0)).catch(() => undefined);
    await scene.quiet();
    // Whatever would come twice has time to come.
    await pass(scene, 30_000);

    const said = teams.flatMap((team) =>
      Array.from({ length: WORDS }, (_, n) => repliesWith(slack, dutyOf(team), word(team, n)).length),
    );
    const cards = teams.map((team) => ({
      work: headsWith(slack, dutyOf(team), title(team)),
      intake: slack.messages(intakeOf(team), { thread_ts: posted[team]!.ts, from: 'bot' }),
    }));
    const wrong = (counts: readonly number[]): number => counts.filter((count) => count !== 1).length;
    return [
      ...[...broken].map(([method, met]) => exactly(`timeout: ${method} was broken`, Math.min(1, met.size), 1)),
      exactly(`timeout: messages lost or doubled, of ${said.length}`, wrong(said), 0),
      exactly(
        'timeout: cards lost or doubled',
        wrong(cards.flatMap(({ work, intake }) => [work.length, intake.length])),
        0,
      ),
      exactly(
        'timeout: cards that do not show the claim',
        cards.filter(({ work }) => !/in progress|处理中/.test(work.map(visibleText).join())).length,
        0,
      ),
      exactly('timeout: whispers lost', teams.filter((team) => whispersIn(team) === 0).length, 0),
      // Slack shows nobody a whisper again, so it cannot be looked for: an answer is rather given twice than never, and not more often than it was broken.
      told('timeout: whispers said again', teams.filter((team) => whispersIn(team) > 1).length),
      exactly('timeout: whispers said more than twice', teams.filter((team) => whispersIn(team) > 2).length, 0),
    ];
  } finally {
    await scene.close();
  }
};
