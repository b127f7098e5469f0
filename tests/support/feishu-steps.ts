import type { Message } from '../emulators/feishu/index.ts';
import type { FeishuScene } from './feishu-scene.ts';
import { answers, claimed, inTopic } from './feishu-ticket.ts';
import type { Raised } from './feishu-ticket.ts';

/** Wei resolves it in the work topic; the requester is asked. */
export async function resolved(
  scene: FeishuScene,
  text: string,
  solution = '连接池配置过小,已调整到200',
): Promise<Raised & { readonly ask: string }> {
  const raised = await claimed(scene, text);
  await answers(scene, 'wei', raised.work, `@bot 解决 ${solution} #configuration`);
  await scene.untilStatus('resolved', raised.number);
  const ask = await scene.until(() =>
    inTopic(scene, raised.root).find((one) => one.id !== raised.card && one.content.includes('"confirm"')),
  );
  return { ...raised, ask: ask.id };
}

/** What the bot has told one person alone, oldest first. */
export const whispers = (scene: FeishuScene, person: string): Message[] =>
  scene.feishu.direct(person).filter((one) => one.sender.kind === 'app');

/** The first private message after `before` of them, waited for. */
export const nextWhisper = (scene: FeishuScene, person: string, before: number): Promise<Message> =>
  scene.until(() => whispers(scene, person)[before]);

/** Somebody does something, and is told about it privately. */
export async function toldAfter(scene: FeishuScene, person: string, act: () => Promise<unknown>): Promise<string> {
  const before = whispers(scene, person).length;
  await act();
  return scene.text((await nextWhisper(scene, person, before)).id);
}

export const buttonsOn = (scene: FeishuScene, message: string): readonly unknown[] =>
  scene.feishu.buttons(message).map((button) => button.value['a']);

/** Presses a button that opens a form, once the card has it; the form is a new card in the chat. */
export async function opens(scene: FeishuScene, person: string, card: string, action: string): Promise<string> {
  await scene.until(() => buttonsOn(scene, card).includes(action));
  const { chat } = scene.feishu.message(card);
  const before = new Set(scene.feishu.messages(chat).map(({ id }) => id));
  await scene.feishu.presses(person, card, { a: action });
  const form = await scene.until(() =>
    scene.feishu.messages(chat, { from: 'bot' }).find((one) => !before.has(one.id) && one.content.includes('"form"')),
  );
  return form.id;
}

/** The newest word over somebody's screen. */
export const lastToast = (scene: FeishuScene, person: string): string =>
  scene.feishu.toasts(person).at(-1)?.content ?? '';

/** Whom a message of the bot calls by name: ids, or `all`. What stands in plain text calls nobody. */
export function rungBy(scene: FeishuScene, message: string): readonly string[] {
  const { type, content } = scene.feishu.message(message);
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== 'object' || value === null) return;
    const { tag, content: words, user_id: user } = value as Record<string, unknown>;
    if ((tag === 'markdown' || tag === 'lark_md' || tag === 'md') && typeof words === 'string')
      for (const [, id = ''] of words.matchAll(/<at (?:user_)?id="?([^"<>\s]*)"?>/g)) found.push(id);
    if (tag === 'at' && typeof user === 'string') found.push(idOf(user));
    Object.values(value).forEach(walk);
  };
  // In a post Feishu keeps a key in place of the id.
  const idOf = (key: string): string => {
    const mention = scene.feishu.message(message).mentions.find((one) => one.key === key);
    return mention?.who.kind === 'person' ? scene.feishu.openId(mention.who.key) : key;
  };
  walk(JSON.parse(content));
  return type === 'text' && content.includes('@_all') ? ['all'] : found;
}
