import { visibleText } from '../emulators/slack/index.ts';
import type { SlackMessage } from '../emulators/slack/index.ts';
import type { SlackScene } from './slack-scene.ts';

/** A ticket as its people have it on the screen. */
export interface Raised {
  readonly number: number;
  /** `ITR-1` */
  readonly id: string;
  /** The thread it was raised in. */
  readonly ts: string;
  /** The card in that thread. */
  readonly card: string;
  /** The work card, and the thread under it. */
  readonly work: string;
}

interface Raising {
  readonly user?: string;
  readonly answer?: string;
  readonly channel?: string;
}

/** What the bot made of a thread: waits for the card that names the ticket. */
export async function ticketOf(scene: SlackScene, channel: string, ts: string): Promise<Omit<Raised, 'work'>> {
  const card = await scene.hears(channel, ['ITR-'], ts);
  const number = Number(/ITR-(\d+)/.exec(visibleText(card))?.[1]);
  return { number, id: `ITR-${number}`, ts, card: card.ts };
}

/** Lin raises it by 🎫, answers the one question, and it waits in the queue of the first line. */
export async function raise(scene: SlackScene, text: string, raising: Raising = {}): Promise<Raised> {
  const { user = 'U0LIN', answer = '部分用户受影响', channel = 'C0ACME' } = raising;
  const { slack } = scene;
  const { ts } = await slack.post(user, channel, text);
  await slack.react(user, channel, ts, 'ticket');
  const found = await ticketOf(scene, channel, ts);
  const asked = await scene.until(async () => {
    if (slack.messages(channel, { thread_ts: ts, from: 'bot' }).length >= 2) return 'asked';
    return (await scene.ticket(found.number))['status'] === 'draft' ? null : 'nothing to ask';
  });
  if (asked === 'asked') await slack.post(user, channel, answer, { thread_ts: ts });
  await scene.untilStatus('queued', found.number);
  const work = await scene.hears('C0DUTY', [`${found.id} `]);
  return { ...found, work: work.ts };
}

/** Wei claims it by 👀. */
export async function claimed(scene: SlackScene, text: string, raising: Raising = {}): Promise<Raised> {
  const raised = await raise(scene, text, raising);
  await scene.slack.react('U0WEI', 'C0DUTY', raised.work, 'eyes');
  await scene.untilStatus('in_progress', raised.number);
  return raised;
}

/** Wei resolves it in the work thread; the requester is asked. */
export async function resolved(
  scene: SlackScene,
  text: string,
  raising: Raising = {},
): Promise<Raised & { ask: string }> {
  const raised = await claimed(scene, text, raising);
  await scene.slack.mention('U0WEI', 'C0DUTY', '解决 连接池配置过小,已调整到200 #configuration', {
    thread_ts: raised.work,
  });
  await scene.untilStatus('resolved', raised.number);
  const ask = await scene.until(() =>
    scene.slack
      .messages('C0ACME', { thread_ts: raised.ts, from: 'bot' })
      .find((one) => one.ts !== raised.card && JSON.stringify(one.blocks ?? []).includes('confirm')),
  );
  return { ...raised, ask: ask.ts };
}

/** What only this person was told, oldest first. */
export const whispers = (scene: SlackScene, user: string): string[] => scene.slack.ephemerals(user).map(visibleText);

/** The first private word after `before` of them, waited for. */
export const nextWhisper = (scene: SlackScene, user: string, before: number): Promise<string> =>
  scene.until(() => whispers(scene, user)[before]);

export async function timeline(scene: SlackScene, number: number): Promise<readonly Record<string, unknown>[]> {
  return (await scene.ticket(number))['timeline'] as Record<string, unknown>[];
}

export async function happened(scene: SlackScene, number: number): Promise<string[]> {
  return (await timeline(scene, number)).map((event) => String(event['type']));
}

export const inThread = (scene: SlackScene, channel: string, thread: string): SlackMessage[] =>
  scene.slack.messages(channel, { thread_ts: thread, from: 'bot' });

/** How often the bot said it, in all of a thread. */
export const times = (scene: SlackScene, channel: string, thread: string, ...words: string[]): number =>
  inThread(scene, channel, thread).filter((one) => words.every((word) => visibleText(one).includes(word))).length;

export const buttonsOn = (scene: SlackScene, channel: string, ts: string): string => {
  const message = scene.slack.message(channel, ts);
  return JSON.stringify(message?.blocks ?? []);
};
