import type { Message as FeishuMessage } from '../emulators/feishu/index.ts';
import { FEISHU_EXAMPLE, FeishuScene } from './feishu-scene.ts';
import type { FeishuMode } from './feishu-scene.ts';
import { buttonsOn, opens, resolved, rungBy, whispers } from './feishu-steps.ts';
import { claimed, inTopic, raise, ticketOf } from './feishu-ticket.ts';
import type { Raised as RaisedOnFeishu } from './feishu-ticket.ts';
import { Stage } from './stage.ts';
import type { Chat, Form, Gesture, Message, Person, Platform, Raised, Resolved, StageOptions, Where } from './stage.ts';

const EMOJI: Readonly<Record<Gesture, string>> = {
  capture: 'Loudspeaker',
  claim: 'OnIt',
  'claim otherwise': 'Get',
  evidence: 'Pin',
  confirm: 'DONE',
  reopen: 'CrossMark',
};

const SHANGHAI_MS = 8 * 3_600_000;

const idOf = (chat: Chat): string => `oc_${chat}`;
const userOf = (who: Person): string => `ou_${who}`;

export class FeishuStage extends Stage {
  readonly scene: FeishuScene;

  private constructor(scene: FeishuScene) {
    super();
    this.scene = scene;
  }

  static async open(options: StageOptions & { readonly mode?: FeishuMode } = {}): Promise<FeishuStage> {
    return new FeishuStage(await FeishuScene.open(options));
  }

  async says(who: Person, where: Where, text: string): Promise<Message> {
    const [chat, how] =
      typeof where === 'string' ? [idOf(where), {}] : [where.chat, { replyTo: where.id, inThread: true }];
    const { id } = await this.scene.feishu.says(who, chat, text, how);
    return { chat, id };
  }
  async sendsFile(who: Person, thread: Message, name: string): Promise<Message> {
    const how = { replyTo: thread.id, inThread: true };
    const { id } = await this.scene.feishu.sendsFile(who, thread.chat, { name }, how);
    return { chat: thread.chat, id };
  }
  calls(who: Person, where: Where, words: string): Promise<Message> {
    return this.says(who, where, `@bot ${words}`);
  }
  async orders(who: Person, chat: Chat, words: string): Promise<void> {
    await this.calls(who, chat, words);
  }
  consults(who: Person, _chat: Chat, words: string): Promise<void> {
    return this.tells(who, words);
  }
  async tells(who: Person, words: string): Promise<void> {
    await this.scene.feishu.tells(who, words);
  }
  async reacts(who: Person, message: Message, gesture: Gesture): Promise<void> {
    await this.scene.feishu.reacts(who, message.id, EMOJI[gesture]);
  }
  async unreacts(who: Person, message: Message, gesture: Gesture): Promise<void> {
    await this.scene.feishu.unreacts(who, message.id, EMOJI[gesture]);
  }
  async presses(who: Person, message: Message, action: string): Promise<void> {
    await this.scene.feishu.presses(who, message.id, { a: action });
  }

  async isTold(who: Person, message: Message, action: string): Promise<string> {
    const before = this.scene.feishu.toasts(who).length;
    await this.presses(who, message, action);
    return (await this.until(() => this.scene.feishu.toasts(who)[before])).content;
  }
  async opens(who: Person, message: Message, action: string): Promise<Form> {
    const form = await opens(this.scene, who, message.id, action);
    return { text: this.scene.text(form), submits: (values) => this.scene.feishu.submits(who, form, values) };
  }

  text(message: Message): string {
    return this.scene.text(message.id);
  }
  days(message: Message): readonly string[] {
    const dates = this.text(message).matchAll(/millisecond='(\d+)' format_type='date_short'/g);
    return [...dates].map(([, ms]) => new Date(Number(ms) + SHANGHAI_MS).toISOString().slice(5, 10));
  }
  nameOf(who: Person): string {
    return this.scene.feishu.world.person(who).name;
  }
  bold(words: string): string {
    return `**${words}**`;
  }
  source(message: Message): string {
    return this.scene.feishu.message(message.id).content;
  }
  buttons(message: Message): readonly string[] {
    return buttonsOn(this.scene, message.id).map(String);
  }
  rings(message: Message): readonly string[] {
    return rungBy(this.scene, message.id).map((id) => id.replace(/^ou_/, ''));
  }
  saidIn(where: Where): readonly Message[] {
    const all =
      typeof where === 'string'
        ? this.scene.feishu.messages(idOf(where), { from: 'bot' })
        : inTopic(this.scene, where.id);
    return all.map(onStage);
  }
  saidTo(who: Person): readonly Message[] {
    return whispers(this.scene, who).map(onStage);
  }
  /** Feishu's bot has no way to speak to one person in a chat. */
  whispers(who: Person): readonly Message[] {
    return this.saidTo(who);
  }

  async ticketOf(root: Message): Promise<Omit<Raised, 'work'>> {
    const { number, id, card } = await ticketOf(this.scene, root.id);
    return { number, id, root, card: { chat: root.chat, id: card } };
  }
  async raise(text: string, answer?: string): Promise<Raised> {
    return this.asRaised(await raise(this.scene, text, answer === undefined ? {} : { answer }));
  }
  async claimed(text: string, answer?: string): Promise<Raised> {
    return this.asRaised(await claimed(this.scene, text, answer === undefined ? {} : { answer }));
  }

  async resolved(text: string): Promise<Resolved> {
    const { ask, ...raised } = await resolved(this.scene, text);
    return { ...this.asRaised(raised), ask: onStage(this.scene.feishu.message(ask)) };
  }

  shuts(chat: Chat): void {
    this.scene.feishu.world.chat(idOf(chat)).muted = true;
  }
  reopens(chat: Chat): void {
    this.scene.feishu.world.chat(idOf(chat)).muted = false;
  }
  async removesBot(chat: Chat): Promise<void> {
    await this.scene.feishu.removesBot('wei', idOf(chat));
  }
  async addsBot(chat: Chat): Promise<void> {
    await this.scene.feishu.addsBot('wei', idOf(chat));
  }
  joins(who: Person, ...chats: Chat[]): Promise<void> {
    const { feishu } = this.scene;
    feishu.addPerson({ key: who, name: `${who[0]?.toUpperCase()}${who.slice(1)}`, openId: userOf(who) });
    for (const chat of chats) feishu.world.chat(idOf(chat)).members.add(who);
    return Promise.resolve();
  }
  addsChat(chat: Chat, members: readonly Person[]): void {
    this.scene.feishu.addChat({ id: idOf(chat), name: `proj-${chat}`, members: [...members] });
  }
  protected complaints(): readonly string[] {
    return [...this.scene.feishu.violations(), ...this.scene.feishu.warnings()];
  }

  private asRaised({ number, id, root, card, work }: RaisedOnFeishu): Raised {
    const message = (one: string): Message => onStage(this.scene.feishu.message(one));
    return { number, id, root: message(root), card: message(card), work: message(work) };
  }
}

const onStage = ({ chat, id }: Pick<FeishuMessage, 'chat' | 'id'>): Message => ({ chat, id });

export const FEISHU: Platform<FeishuStage> = {
  title: 'Feishu',
  name: 'feishu',
  example: FEISHU_EXAMPLE,
  idOf,
  userOf,
  open: (options) => FeishuStage.open(options),
};
