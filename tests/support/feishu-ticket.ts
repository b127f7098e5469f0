import type { Message } from '../emulators/feishu/index.ts';
import { ACME, DUTY } from './feishu-scene.ts';
import type { FeishuScene } from './feishu-scene.ts';

/** A ticket as its people have it on the screen. */
export interface Raised {
  readonly number: number;
  /** `ITR-1` */
  readonly id: string;
  /** The first message of the thread it was raised in. */
  readonly root: string;
  /** The card in that thread. */
  readonly card: string;
  /** The work card, and the topic under it. */
  readonly work: string;
}

interface Raising {
  readonly person?: string;
  readonly answer?: string;
}

/** The bot's messages in the topic of a message. */
export const inTopic = (scene: FeishuScene, root: string): Message[] =>
  scene.feishu.thread(root).filter((one) => one.sender.kind === 'app' && one.id !== root && !one.recalled);

/** How often the bot said it, in all of a topic. */
export const times = (scene: FeishuScene, root: string, ...words: string[]): number =>
  inTopic(scene, root).filter((one) => words.every((word) => scene.text(one.id).includes(word))).length;

/** What the bot made of a thread: waits for the card that names the ticket. */
export async function ticketOf(scene: FeishuScene, root: string): Promise<Omit<Raised, 'work'>> {
  const card = await scene.until(() => inTopic(scene, root).find((one) => scene.text(one.id).includes('ITR-')));
  const number = Number(/ITR-(\d+)/.exec(scene.text(card.id))?.[1]);
  return { number, id: `ITR-${number}`, root, card: card.id };
}

/** Lin raises it by 📢, answers the one question, and it waits in the queue of the first line. */
export async function raise(scene: FeishuScene, text: string, raising: Raising = {}): Promise<Raised> {
  const { person = 'lin', answer = '部分用户受影响' } = raising;
  const { feishu } = scene;
  const { id: root } = await feishu.says(person, ACME, text);
  await feishu.reacts(person, root, 'Loudspeaker');
  const found = await ticketOf(scene, root);
  const asked = await scene.until(async () => {
    if (inTopic(scene, root).length >= 2) return 'asked';
    return (await scene.ticket(found.number))['status'] === 'draft' ? null : 'nothing to ask';
  });
  if (asked === 'asked') await answers(scene, person, root, answer);
  await scene.untilStatus('queued', found.number);
  const work = await scene.hears(DUTY, [`${found.id} `]);
  return { ...found, work: work.id };
}

/** Wei claims it by OnIt. */
export async function claimed(scene: FeishuScene, text: string, raising: Raising = {}): Promise<Raised> {
  const raised = await raise(scene, text, raising);
  await scene.feishu.reacts('wei', raised.work, 'OnIt');
  await scene.untilStatus('in_progress', raised.number);
  return raised;
}

/** Says it in the topic of a message. */
export const answers = (scene: FeishuScene, person: string, root: string, text: string) =>
  scene.feishu.says(person, scene.feishu.message(root).chat, text, { replyTo: root, inThread: true });

export async function events(scene: FeishuScene, number: number): Promise<readonly Record<string, unknown>[]> {
  return (await scene.ticket(number))['timeline'] as Record<string, unknown>[];
}

export async function happened(scene: FeishuScene, number: number): Promise<string[]> {
  return (await events(scene, number)).map((event) => String(event['type']));
}

/** How a story has to end: nothing said too fast, nothing that Feishu frowns upon, nothing given up. */
export async function untroubled(scene: FeishuScene): Promise<readonly unknown[]> {
  await scene.quiet();
  return [
    ...scene.feishu.violations(),
    ...scene.feishu.warnings(),
    ...(await scene.app.storage.queues.outbox.deadLetters(10)),
  ];
}
