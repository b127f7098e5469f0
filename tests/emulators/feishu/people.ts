import { answerTo } from './api/messages.ts';
import * as events from './events.ts';
import { emojiTypes } from './reactions.ts';
import { Stage } from './stage.ts';
import { typed, typedPost } from './text.ts';
import type { Written } from './text.ts';
import type {
  Chat,
  Delivery,
  FeishuApp,
  JsonObject,
  Message,
  NewApp,
  NewChat,
  NewPerson,
  Person,
  Resource,
  Who,
} from './types.ts';

export type SayOptions = {
  /** People (keys), 'bot' or 'all', mentioned in front of the text; `@key` within the text is a mention anyway. */
  mentions?: string[];
  /** Message answered. */
  replyTo?: string;
  /** The answer opens a topic, or goes on in one. An answer within a topic stays in it without this. */
  inThread?: boolean;
};
export type Said = { id: string; thread: string | undefined; deliveries: Delivery[] };
type Attached = { name?: string; content?: string | Buffer; bytes?: number };

/** What people do with messages and chats. Each resolves once the app has had its first chance to hear of it. */
export abstract class People extends Stage {
  addApp(app: NewApp): FeishuApp {
    return this.world.addApp(app);
  }

  addPerson(person: NewPerson): Person {
    return this.world.addPerson(person);
  }

  /** A group; its bots are all apps unless said otherwise. Tells nobody: `addsBot` does. */
  addChat(chat: NewChat): Chat {
    return this.world.addChat(chat);
  }

  async says(person: string, chat: string, text: string, options: SayOptions = {}): Promise<Said> {
    return await this.said(person, chat, 'text', typed(this.world, text, options.mentions), options);
  }

  /** Says it to the bot alone. */
  async tells(person: string, text: string, options: SayOptions = {}): Promise<Said> {
    return await this.says(person, this.p2p(person), text, options);
  }

  /** `content` as the documentation has it, but an `at` names its person by key. */
  async posts(
    person: string,
    chat: string,
    title: string,
    content: JsonObject[][],
    options: SayOptions = {},
  ): Promise<Said> {
    return await this.said(person, chat, 'post', typedPost(this.world, title, content), options);
  }

  async sendsImage(person: string, chat: string, image: Attached = {}, options: SayOptions = {}): Promise<Said> {
    const file = this.resource('img_', 'image', image);
    return await this.sends(person, chat, 'image', { image_key: file.key }, [file], options);
  }

  async sendsFile(
    person: string,
    chat: string,
    file: Attached & { name: string },
    options: SayOptions = {},
  ): Promise<Said> {
    const kept = this.resource('file_v3_', 'file', file);
    const content = { file_key: kept.key, file_name: kept.name };
    return await this.sends(person, chat, 'file', content, [kept], options);
  }

  async sendsVideo(
    person: string,
    chat: string,
    video: Attached & { name: string },
    options: SayOptions = {},
  ): Promise<Said> {
    const film = this.resource('file_v3_', 'file', video);
    const cover = this.resource('img_', 'image', {});
    const content = { file_key: film.key, image_key: cover.key, file_name: film.name, duration: 2000 };
    return await this.sends(person, chat, 'media', content, [film, cover], options);
  }

  async sendsSticker(person: string, chat: string, options: SayOptions = {}): Promise<Said> {
    return await this.sends(person, chat, 'sticker', { file_key: this.world.id('sticker_') }, [], options);
  }

  /** A message of any type the bot may not know: a card of another app, a share, a poll. */
  async sends(
    person: string,
    chat: string,
    type: string,
    content: JsonObject,
    resources: Resource[] = [],
    options: SayOptions = {},
  ): Promise<Said> {
    return await this.said(person, chat, type, { content: JSON.stringify(content), mentions: [] }, options, {
      resources,
    });
  }

  /** Several messages as one. The event does not hold them; `GET /im/v1/messages/:id` does. */
  async forwards(person: string, chat: string, messages: string[]): Promise<Said> {
    const content = JSON.stringify({ content: 'Merged and Forwarded Message' });
    return await this.said(person, chat, 'merge_forward', { content, mentions: [] }, {}, { forwarded: messages });
  }

  /** Nobody is told of an edit: there is no event for it. */
  edits(person: string, message: string, text: string): void {
    const mine = this.own(person, message);
    Object.assign(mine, typed(this.world, text), { updatedAt: this.world.now(), edits: mine.edits + 1 });
    this.world.changed();
  }

  async recalls(person: string, message: string): Promise<void> {
    const mine = this.own(person, message);
    mine.recalled = true;
    this.world.changed();
    await events.tellRecalled(this.world, this.courier, mine);
  }

  async reacts(person: string, message: string, emoji: string): Promise<Delivery[]> {
    if (!emojiTypes.has(emoji)) throw new Error(`feishu emulator: there is no reaction ${emoji}`);
    const to = this.world.message(message);
    this.present(person, to.chat);
    const by: Who = { kind: 'person', key: person };
    if (to.reactions.some((one) => one.emoji === emoji && one.by.kind === 'person' && one.by.key === person)) {
      throw new Error(`feishu emulator: ${person} has already reacted with ${emoji}`);
    }
    const reaction = { id: this.world.id('ZCaCIjUBVVWSrm5L-', 16), emoji, by, at: this.world.now() };
    to.reactions.push(reaction);
    this.world.changed();
    return await events.tellReaction(this.world, this.courier, 'created', to, reaction);
  }

  async unreacts(person: string, message: string, emoji: string): Promise<Delivery[]> {
    const from = this.world.message(message);
    const at = from.reactions.findIndex(
      (one) => one.emoji === emoji && one.by.kind === 'person' && one.by.key === person,
    );
    const [reaction] = at < 0 ? [] : from.reactions.splice(at, 1);
    if (!reaction) throw new Error(`feishu emulator: ${person} has not reacted with ${emoji}`);
    this.world.changed();
    return await events.tellReaction(this.world, this.courier, 'deleted', from, reaction);
  }

  /** Presses an entry of the bot's menu. */
  async opensMenu(person: string, eventKey: string): Promise<Delivery | undefined> {
    return await this.courier.event(this.app, 'application.bot.menu_v6', {
      operator: {
        operator_name: this.world.person(person).name,
        operator_id: events.idsOf(this.world, this.app, { kind: 'person', key: person }),
      },
      event_key: eventKey,
      timestamp: Math.floor(this.world.now() / 1000),
    });
  }

  /** Opens the conversation with the bot. */
  async entersP2p(person: string): Promise<Delivery | undefined> {
    const last = this.world.list(this.p2p(person)).at(-1);
    return await this.courier.event(this.app, 'im.chat.access_event.bot_p2p_chat_entered_v1', {
      chat_id: this.p2p(person),
      operator_id: events.idsOf(this.world, this.app, { kind: 'person', key: person }),
      ...(last ? { last_message_id: last.id, last_message_create_time: String(last.createdAt) } : {}),
    });
  }

  async addsBot(person: string, chat: string, app = this.app.id): Promise<Delivery[]> {
    const where = this.present(person, chat);
    where.bots.add(app);
    this.world.changed();
    return await events.tellChat(this.world, this.courier, 'im.chat.member.bot.added_v1', where, person, app);
  }

  async removesBot(person: string, chat: string, app = this.app.id): Promise<Delivery[]> {
    const where = this.present(person, chat);
    where.bots.delete(app);
    this.world.changed();
    return await events.tellChat(this.world, this.courier, 'im.chat.member.bot.deleted_v1', where, person, app);
  }

  async joins(person: string, chat: string, by = person): Promise<Delivery[]> {
    const where = this.world.chat(chat);
    where.members.add(person);
    this.world.changed();
    return await events.tellMembers(this.world, this.courier, 'added', where, by, [person]);
  }

  async leaves(person: string, chat: string, by = person): Promise<Delivery[]> {
    const where = this.present(person, chat);
    where.members.delete(person);
    this.world.changed();
    return await events.tellMembers(this.world, this.courier, 'deleted', where, by, [person]);
  }

  async disbands(person: string, chat: string): Promise<Delivery[]> {
    const where = this.present(person, chat);
    where.disbanded = true;
    this.world.changed();
    return await events.tellChat(this.world, this.courier, 'im.chat.disbanded_v1', where, person);
  }

  readsBuzzes(person: string): void {
    for (const buzz of this.buzzes(person)) buzz.read = true;
  }

  /** Another bot of the group speaks; it uses up the chat's limit, too. */
  async botSays(app: string, chat: string, text: string, options: SayOptions = {}): Promise<Said> {
    this.rates.spend(chat, 1);
    return await this.keep(
      { kind: 'app', id: app },
      this.world.chat(chat),
      'text',
      typed(this.world, text, options.mentions),
      options,
    );
  }

  protected present(person: string, chat: string): Chat {
    const where = this.world.chat(chat);
    this.world.person(person);
    if (!where.members.has(person)) throw new Error(`feishu emulator: ${person} is not in ${chat}`);
    if (where.disbanded) throw new Error(`feishu emulator: ${chat} is disbanded`);
    return where;
  }

  private async said(
    person: string,
    chat: string,
    type: string,
    written: Written,
    options: SayOptions,
    more: Partial<Message> = {},
  ): Promise<Said> {
    return await this.keep({ kind: 'person', key: person }, this.present(person, chat), type, written, options, more);
  }

  private async keep(
    sender: Who,
    where: Chat,
    type: string,
    written: Written,
    options: SayOptions,
    more: Partial<Message> = {},
  ): Promise<Said> {
    const now = this.world.now();
    const message = this.world.add({
      id: this.world.id('om_'),
      chat: where.id,
      sender,
      createdAt: now,
      updatedAt: now,
      type,
      ...written,
      recalled: false,
      edits: 0,
      reactions: [],
      resources: [],
      ...this.place(where, options),
      ...more,
    });
    const deliveries = await events.tellMessage(this.world, this.courier, message);
    return { id: message.id, thread: message.thread, deliveries };
  }

  private place(where: Chat, { replyTo, inThread }: SayOptions): Partial<Message> {
    if (replyTo === undefined) return where.topic ? { thread: this.world.id('omt_', 16) } : {};
    const target = this.world.message(replyTo);
    const root = this.world.message(target.root ?? target.id);
    return answerTo(root, target, inThread === true || target.thread !== undefined, () => this.world.id('omt_', 16));
  }

  private own(person: string, message: string): Message {
    const found = this.world.message(message);
    if (found.sender.kind === 'person' && found.sender.key === person) return found;
    throw new Error(`feishu emulator: ${message} is not of ${person}`);
  }

  private resource(
    prefix: string,
    type: Resource['type'],
    { name = 'image.png', content = name, bytes }: Attached,
  ): Resource {
    const kept = Buffer.from(content);
    return { key: this.world.id(prefix), type, name, content: kept, bytes: bytes ?? kept.length };
  }
}
