import { buttonsOf, visibleText } from '../emulators/slack/index.ts';
import type { Ephemeral, SlackMessage } from '../emulators/slack/index.ts';
import { SlackScene } from './slack-scene.ts';
import type { Mode } from './slack-scene.ts';
import { claimed, raise, resolved, ticketOf } from './slack-ticket.ts';
import type { Raised as RaisedOnSlack } from './slack-ticket.ts';
import { Stage } from './stage.ts';
import type { Chat, Form, Gesture, Message, Person, Platform, Raised, Resolved, StageOptions, Where } from './stage.ts';
import { EXAMPLE } from './world.ts';

const EMOJI: Readonly<Record<Gesture, string>> = {
  capture: 'ticket',
  claim: 'eyes',
  'claim otherwise': 'raising_hand',
  evidence: 'pushpin',
  confirm: 'white_check_mark',
  reopen: 'repeat',
};

const idOf = (chat: Chat): string => `C0${chat.toUpperCase()}`;
const user = (who: Person): string => `U0${who.toUpperCase()}`;
const chatOf = (where: Where): string => (typeof where === 'string' ? idOf(where) : where.chat);
const threadOf = (where: Where): { readonly thread_ts?: string } =>
  typeof where === 'string' ? {} : { thread_ts: where.id };

export class SlackStage extends Stage {
  readonly scene: SlackScene;

  private constructor(scene: SlackScene) {
    super();
    this.scene = scene;
  }

  static async open(options: StageOptions & { readonly mode?: Mode } = {}): Promise<SlackStage> {
    return new SlackStage(await SlackScene.open(options));
  }

  async says(who: Person, where: Where, text: string): Promise<Message> {
    const { ts } = await this.scene.slack.post(user(who), chatOf(where), text, threadOf(where));
    return { chat: chatOf(where), id: ts };
  }
  async sendsFile(who: Person, thread: Message, name: string): Promise<Message> {
    const { ts } = await this.scene.slack.post(user(who), thread.chat, '', { ...threadOf(thread), files: [{ name }] });
    return { chat: thread.chat, id: ts };
  }
  async calls(who: Person, where: Where, words: string): Promise<Message> {
    const { ts } = await this.scene.slack.mention(user(who), chatOf(where), words, threadOf(where));
    return { chat: chatOf(where), id: ts };
  }
  async orders(who: Person, chat: Chat, words: string): Promise<void> {
    await this.scene.slack.slash(user(who), idOf(chat), '/itr', words);
  }
  consults(who: Person, chat: Chat, words: string): Promise<void> {
    return this.orders(who, chat, words);
  }
  async tells(who: Person, words: string): Promise<void> {
    await this.scene.slack.post(user(who), this.scene.slack.dmChannel(user(who)), words);
  }
  reacts(who: Person, message: Message, gesture: Gesture): Promise<void> {
    return this.scene.slack.react(user(who), message.chat, message.id, EMOJI[gesture]);
  }
  unreacts(who: Person, message: Message, gesture: Gesture): Promise<void> {
    return this.scene.slack.unreact(user(who), message.chat, message.id, EMOJI[gesture]);
  }
  presses(who: Person, message: Message, action: string): Promise<void> {
    return this.scene.slack.click(user(who), message.chat, message.id, action);
  }

  async isTold(who: Person, message: Message, action: string): Promise<string> {
    return this.text(await this.whisperAfter(who, () => this.presses(who, message, action)));
  }
  async opens(who: Person, message: Message, action: string): Promise<Form> {
    const { slack } = this.scene;
    await this.presses(who, message, action);
    const view = await this.until(() => slack.openView(user(who)));
    return { text: JSON.stringify(view), submits: (values) => slack.submitView(user(who), values) };
  }

  text(message: Message): string {
    const shown = this.shown(message);
    return shown === undefined ? '' : visibleText(shown);
  }
  days(message: Message): readonly string[] {
    return [...this.text(message).matchAll(/<!date\^[^|]*\|(\d\d-\d\d) /g)].map(([, day = '']) => day);
  }
  nameOf(who: Person): string {
    return who;
  }
  bold(words: string): string {
    return `*${words}*`;
  }
  source(message: Message): string {
    const { text, blocks } = this.shown(message) ?? {};
    return JSON.stringify({ text, blocks });
  }
  buttons(message: Message): readonly string[] {
    return buttonsOf(this.shown(message) ?? {}).map((button) => button.action_id);
  }
  rings(message: Message): readonly string[] {
    const { text = '' } = this.shown(message) ?? {};
    return [...text.matchAll(/<@U0(\w+)>/g)].map(([, name = '']) => name.toLowerCase());
  }
  saidIn(where: Where): readonly Message[] {
    const thread = threadOf(where);
    return this.scene.slack
      .messages(chatOf(where), { ...thread, from: 'bot' })
      .filter(({ ts }) => ts !== thread.thread_ts)
      .map((one) => inChat(chatOf(where), one));
  }
  saidTo(who: Person): readonly Message[] {
    const { slack } = this.scene;
    const chat = slack.dmChannel(user(who));
    return slack.messages(chat, { from: 'bot' }).map((one) => inChat(chat, one));
  }
  whispers(who: Person): readonly Message[] {
    return this.scene.slack.ephemerals(user(who)).map(({ channel, ts }) => ({ chat: channel, id: ts }));
  }

  async ticketOf(root: Message): Promise<Omit<Raised, 'work'>> {
    const { number, id, card } = await ticketOf(this.scene, root.chat, root.id);
    return { number, id, root, card: { chat: root.chat, id: card } };
  }
  async raise(text: string, answer?: string): Promise<Raised> {
    return onStage(await raise(this.scene, text, answer === undefined ? {} : { answer }));
  }
  async claimed(text: string, answer?: string): Promise<Raised> {
    return onStage(await claimed(this.scene, text, answer === undefined ? {} : { answer }));
  }

  async resolved(text: string): Promise<Resolved> {
    const { ask, ...raised } = await resolved(this.scene, text);
    return { ...onStage(raised), ask: { chat: idOf('acme'), id: ask } };
  }

  shuts(chat: Chat): void {
    this.scene.slack.fault({
      method: 'chat.postMessage',
      channel: idOf(chat),
      kind: 'error',
      error: 'channel_not_found',
    });
  }
  reopens(): void {
    this.scene.slack.clearFaults();
  }
  removesBot(chat: Chat): Promise<void> {
    return this.scene.slack.kickBot(idOf(chat));
  }
  addsBot(chat: Chat): Promise<void> {
    return this.scene.slack.joinBot(idOf(chat));
  }
  async joins(who: Person, ...chats: Chat[]): Promise<void> {
    const { slack } = this.scene;
    const name = `${who[0]?.toUpperCase()}${who.slice(1)}`;
    slack.addUser({ id: user(who), name: who, realName: name, locale: 'en-US', tz: 'Europe/Berlin' });
    for (const chat of chats) await slack.joinChannel(user(who), idOf(chat));
  }
  addsChat(chat: Chat, members: readonly Person[]): void {
    this.scene.slack.addChannel({ id: idOf(chat), name: `proj-${chat}`, members: members.map(user) });
  }
  protected complaints(): readonly string[] {
    return this.scene.slack.warnings();
  }

  private shown({ chat, id }: Message): SlackMessage | Ephemeral | undefined {
    const { slack } = this.scene;
    return slack.message(chat, id) ?? slack.ephemerals().find(({ channel, ts }) => channel === chat && ts === id);
  }
}

const inChat = (chat: string, { ts }: SlackMessage): Message => ({ chat, id: ts });

const onStage = ({ number, id, ts, card, work }: RaisedOnSlack): Raised => ({
  number,
  id,
  root: { chat: idOf('acme'), id: ts },
  card: { chat: idOf('acme'), id: card },
  work: { chat: idOf('duty'), id: work },
});

export const SLACK: Platform<SlackStage> = {
  title: 'Slack',
  name: 'slack',
  example: EXAMPLE,
  idOf,
  userOf: user,
  open: (options) => SlackStage.open(options),
};
