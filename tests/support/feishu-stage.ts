import type { Message as FeishuMessage } from '../emulators/feishu/index.ts';
import { FEISHU_EXAMPLE, FeishuScene } from './feishu-scene.ts';
import { rungBy, whispers } from './feishu-steps.ts';
import { claimed, inTopic, raise } from './feishu-ticket.ts';
import type { Raised as RaisedOnFeishu } from './feishu-ticket.ts';
import { Stage } from './stage.ts';
import type { Chat, Gesture, Message, Person, Platform, Raised, StageOptions, Where } from './stage.ts';

const EMOJI: Readonly<Record<Gesture, string>> = { claim: 'OnIt', evidence: 'Pin' };

const idOf = (chat: Chat): string => `oc_${chat}`;

export class FeishuStage extends Stage {
  readonly scene: FeishuScene;

  private constructor(scene: FeishuScene) {
    super();
    this.scene = scene;
  }

  static async open(options: StageOptions = {}): Promise<FeishuStage> {
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
  async presses(who: Person, message: Message, action: string): Promise<void> {
    await this.scene.feishu.presses(who, message.id, { a: action });
  }

  text(message: Message): string {
    return this.scene.text(message.id);
  }
  bold(words: string): string {
    return `**${words}**`;
  }
  source(message: Message): string {
    return this.scene.feishu.message(message.id).content;
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
  whispers(who: Person): readonly string[] {
    return this.saidTo(who).map((message) => this.text(message));
  }

  async raise(text: string, answer?: string): Promise<Raised> {
    return this.asRaised(await raise(this.scene, text, answer === undefined ? {} : { answer }));
  }
  async claimed(text: string, answer?: string): Promise<Raised> {
    return this.asRaised(await claimed(this.scene, text, answer === undefined ? {} : { answer }));
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

export const FEISHU: Platform = {
  title: 'Feishu',
  name: 'feishu',
  example: FEISHU_EXAMPLE,
  idOf,
  open: (options) => FeishuStage.open(options),
};
