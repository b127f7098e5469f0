import { configOf, dutyOf, intakeOf, OWNER, REQUESTER } from '../../bench/support/config.ts';
import { sleep } from '../../bench/support/numbers.ts';
import type { SlackEmulator, SlackMessage } from '../emulators/slack/index.ts';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';

/** The people and channels of `configOf(teams)`. */
export function addTeams(slack: SlackEmulator, teams: number): void {
  const members = [OWNER.user, REQUESTER.user];
  for (let team = 0; team < teams; team++)
    for (const id of [intakeOf(team), dutyOf(team)])
      slack.addChannel({ id, name: id.toLowerCase(), members, botIsMember: true });
}

/** The program in this process, with a clock that is moved by hand, and so many teams whose every thread becomes a ticket. */
export async function sceneOf(teams: number): Promise<SlackScene> {
  // Nothing is said for a reason other than what is broken: an owner may be silent for hours here.
  const scene = await SlackScene.open({ config: `${configOf(teams)}\nsilent_owner: off\nstorm: off\n` });
  addTeams(scene.slack, teams);
  return scene;
}

/** Lets time pass in small steps, each with some real milliseconds in which the program acts. */
export async function pass(scene: SlackScene, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 100) {
    scene.clock.advance(Math.min(100, left));
    await sleep(8);
  }
}

/** The heads of threads in a channel that are the bot's and name it. */
export const headsWith = (slack: SlackEmulator, channel: string, words: string): readonly SlackMessage[] =>
  slack
    .messages(channel, { from: 'bot' })
    .filter((one) => (one.thread_ts ?? one.ts) === one.ts && visibleText(one).includes(words));

/** What the bot has answered in threads of a channel and that holds these words, the oldest first. */
export const repliesWith = (slack: SlackEmulator, channel: string, words: string): readonly SlackMessage[] =>
  slack
    .messages(channel, { from: 'bot' })
    .filter((one) => one.thread_ts !== undefined && one.thread_ts !== one.ts && visibleText(one).includes(words));

/** Since that many deliveries: attempts that were not told "received", and the slowest answer. */
export function acknowledgements(
  slack: SlackEmulator,
  since: number,
): { readonly refused: number; readonly slowestMs: number } {
  const attempts = slack
    .deliveries()
    .slice(since)
    .flatMap((delivery) => delivery.attempts);
  return {
    refused: attempts.filter(({ acked }) => !acked).length,
    slowestMs: Math.max(0, ...attempts.map(({ ms }) => ms)),
  };
}
