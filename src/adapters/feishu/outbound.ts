import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { DeliveryError, type Destination, type MessageRef, type Outgoing } from '../../conversations/platform.ts';
import type { Api } from './api.ts';
import { drawAsCard, drawMessage, drawPlain, type Drawn } from './draw.ts';
import { codeOf, DRAWING_CODES, NO_TOPIC_CODES, NOT_OF_THIS_TYPE, RECALLED_CODES } from './errors.ts';
import { pathId } from './ids.ts';
import { checkContent } from './validate.ts';
import type { Urgent } from './urgent.ts';

/** What Feishu says of a message that it has taken. */
interface Sent {
  readonly message_id?: string | undefined;
  readonly root_id?: string | undefined;
  readonly chat_id?: string | undefined;
}

interface Reply {
  readonly msg_type: string;
  readonly content: string;
  readonly uuid: string;
}

/** Everything the bot says. One call of Feishu's each, never repeated here: what to do after a failure is the outbox's decision. */
export class Outbound {
  private readonly api: Api;
  private readonly log: Logger;
  private readonly urgent: Urgent;
  /** Learns where our messages are: a reaction to one names no chat. */
  private readonly sent: (message: string, chat: string) => void;
  private readonly standIn: (chat: string, thread: string) => Promise<string | null>;
  /** Chats that make no topics: asked once. */
  private readonly flat = new Set<string>();

  constructor(options: {
    readonly api: Api;
    readonly log: Logger;
    readonly urgent: Urgent;
    readonly sent: (message: string, chat: string) => void;
    /** Another message of a thread, by which it can be answered where its first one was recalled; null: there is none. */
    readonly standIn: (chat: string, thread: string) => Promise<string | null>;
  }) {
    this.api = options.api;
    this.log = options.log;
    this.urgent = options.urgent;
    this.sent = options.sent;
    this.standIn = options.standIn;
  }

  async send(to: Destination, what: Outgoing, marker: string): Promise<MessageRef> {
    const sent = await this.drawn(what, marker, (drawn, uuid) => this.post(to, drawn, uuid));
    const ref = refOf(to, sent);
    this.sent(ref.message, ref.chat);
    if (what.urgent === true && to.kind === 'direct') await this.urgent.push(ref.message, to.user);
    return ref;
  }

  /** A card in its place; a text by an edit, of which Feishu allows twenty. A card stays a card, and a text a text, whatever they say now. */
  async edit(ref: MessageRef, what: Outgoing): Promise<void> {
    const message_id = pathId(ref.message);
    const drawn = this.guarded(what);
    try {
      await this.change(message_id, drawn);
    } catch (error) {
      const code = codeOf(error) ?? 0;
      if (drawn.msgType === 'post') {
        const card = drawAsCard(what);
        if (code !== NOT_OF_THIS_TYPE || checkContent(card).length > 0) throw error;
        return this.change(message_id, card);
      }
      if (!DRAWING_CODES.has(code)) throw error;
      this.log.error({ err: error }, 'Feishu refused our card; said in plain text instead');
      await this.change(message_id, drawPlain(what));
    }
  }

  /** A card that no `Outgoing` is: a form. `key` is unique per card. */
  async sendCard(to: Destination, content: string, key: string): Promise<MessageRef> {
    return refOf(to, await this.post(to, { msgType: 'interactive', content }, uuidOf(key)));
  }

  private async change(message_id: string, { msgType: msg_type, content }: Drawn): Promise<void> {
    if (msg_type === 'interactive')
      await this.api.call('im.message.patch', (client, options) =>
        client.im.message.patch({ path: { message_id }, data: { content } }, options),
      );
    else
      await this.api.call('im.message.update', (client, options) =>
        client.im.message.update({ path: { message_id }, data: { msg_type, content } }, options),
      );
  }

  private post(to: Destination, { msgType: msg_type, content }: Drawn, uuid: string): Promise<Sent> {
    switch (to.kind) {
      case 'thread':
        return this.intoThread(to, { msg_type, content, uuid });
      case 'chat':
        return this.create('chat_id', { receive_id: pathId(to.chat), msg_type, content, uuid });
      case 'direct':
        return this.create('open_id', { receive_id: pathId(to.user), msg_type, content, uuid });
    }
  }

  private create(
    receive_id_type: 'chat_id' | 'open_id',
    data: { readonly receive_id: string; readonly msg_type: string; readonly content: string; readonly uuid: string },
  ): Promise<Sent> {
    return this.api.call('im.message.create', (client, options) =>
      client.im.message.create({ params: { receive_id_type }, data }, options),
    );
  }

  /** Into the topic of its first message. Feishu takes no answer to a recalled one: the topic is there all the same, and any other message leads into it. */
  private async intoThread(
    { chat, thread }: Extract<Destination, { readonly kind: 'thread' }>,
    data: Reply,
  ): Promise<Sent> {
    try {
      return await this.answer(chat, thread, data);
    } catch (error) {
      if (!RECALLED_CODES.has(codeOf(error) ?? 0)) throw error;
      const other = await this.standIn(chat, thread);
      if (other === null) throw error;
      return this.answer(chat, other, data);
    }
  }

  /** In the topic of a message; as a quoting reply where the chat makes none. */
  private async answer(chat: string, message: string, data: Reply): Promise<Sent> {
    const message_id = pathId(message);
    const reply = (reply_in_thread: boolean): Promise<Sent> =>
      this.api.call('im.message.reply', (client, options) =>
        client.im.message.reply({ path: { message_id }, data: { ...data, reply_in_thread } }, options),
      );
    if (this.flat.has(chat)) return reply(false);
    try {
      return await reply(true);
    } catch (error) {
      if (!NO_TOPIC_CODES.has(codeOf(error) ?? 0)) throw error;
      this.flat.add(chat);
      return reply(false);
    }
  }

  /** Draws and says it; in plain text where our check or Feishu refuses the card. A refusal is an answer: nothing was said yet. */
  private async drawn<T>(what: Outgoing, marker: string, say: (drawn: Drawn, uuid: string) => Promise<T>): Promise<T> {
    const drawn = this.guarded(what);
    try {
      return await say(drawn, uuidOf(marker));
    } catch (error) {
      if (!DRAWING_CODES.has(codeOf(error) ?? 0) || drawn.msgType !== 'interactive') throw error;
      this.log.error({ err: error }, 'Feishu refused our card; said in plain text instead');
      return say(drawPlain(what), uuidOf(`${marker}/plain`));
    }
  }

  private guarded(what: Outgoing): Drawn {
    const drawn = drawMessage(what);
    const wrong = checkContent(drawn);
    if (wrong.length === 0) return drawn;
    this.log.error({ wrong: wrong.slice(0, 5) }, 'Beyond Feishu’s limits: message');
    return drawPlain(what);
  }
}

/** Feishu takes 50 characters, and shows one message however often it is sent within the hour. */
export const uuidOf = (marker: string): string => createHash('sha256').update(marker).digest('base64url');

const refOf = (to: Destination, sent: Sent): MessageRef => {
  const { message_id: message, chat_id } = sent;
  const chat = chat_id ?? (to.kind === 'direct' ? undefined : to.chat);
  if (message === undefined || chat === undefined)
    throw new DeliveryError('Feishu im.message: an answer without message_id', { unknown: true });
  return { platform: 'feishu', chat, thread: to.kind === 'thread' ? to.thread : message, message };
};
