import type { ChatEvent, HistoryMessage } from '../../conversations/platform.ts';
import { at, list, text, type Raw } from '../raw.ts';
import { readContent, type Content } from './content.ts';
import type { Self } from './inbound.ts';
import { instant } from './instant.ts';
import { mentionsOf } from './mentions.ts';

export type Said = Extract<ChatEvent, { readonly type: 'message' }>;

/** The root of a reply, be it in a topic or a quoting one; a message outside any thread is its own thread. */
export const threadOfItem = (item: Raw): string => text(item, 'root_id') ?? text(item, 'message_id') ?? '';

/** `im.message.receive_v1`; null: of a bot, or of nobody. */
export const message = (header: Raw, event: Raw, self: Self, now: number): Said | null => {
  const [sender, item] = [at(event, 'sender'), at(event, 'message')];
  const chat = text(item, 'chat_id');
  if (chat === null) return null;
  return said(item, {
    chat,
    direct: text(item, 'chat_type') === 'p2p',
    user: isBots(sender) ? null : text(at(sender, 'sender_id'), 'open_id'),
    tenant: text(sender, 'tenant_key'),
    home: text(header, 'tenant_key') ?? self.tenantKey,
    at: instant(item['create_time']) ?? instant(header['create_time']) ?? now,
    content: contentOf(text(item, 'message_type'), text(item, 'content'), item, self),
    self,
  });
};

/**
 * A message that was found by asking, as the event that it would have come with. `chatType` null: not known, so not taken for a direct conversation.
 * Null: a bot's, nobody's, recalled, or Feishu talking about the chat.
 */
export const listedMessage = (item: Raw, chat: string, chatType: 'p2p' | 'group' | null, self: Self): Said | null => {
  const when = instant(item['create_time']);
  if (when === null || !isSaid(item)) return null;
  const sender = at(item, 'sender');
  return said(item, {
    chat,
    direct: chatType === 'p2p',
    user: isBots(sender) ? null : openIdOf(sender),
    tenant: text(sender, 'tenant_key'),
    home: self.tenantKey,
    at: when,
    content: listedContent(item, self),
    self,
  });
};

/** One that was recalled, as the event of it; null: it was not. Feishu does not say when, so it is not before the message itself. */
export const listedRecall = (item: Raw, chat: string): ChatEvent | null => {
  const [id, when] = [text(item, 'message_id'), instant(item['update_time']) ?? instant(item['create_time'])];
  if (item['deleted'] !== true || id === null || when === null) return null;
  return { id: `feishu:recalled:${id}`, platform: 'feishu', at: when, type: 'message_deleted', chat, message: id };
};

/** Null: recalled, or Feishu talking about the chat. Of a bot's message the user is the app's id. */
export const historyMessage = (item: Raw, self: Self): HistoryMessage | null => {
  const [id, when] = [text(item, 'message_id'), instant(item['create_time'])];
  if (id === null || when === null || !isSaid(item)) return null;
  const sender = at(item, 'sender');
  const { text: words, mentions, attachments } = listedContent(item, self);
  return {
    message: id,
    user: text(sender, 'id') ?? '',
    at: when,
    text: words,
    mentions,
    attachments,
    isBot: isBots(sender),
  };
};

const said = (
  item: Raw,
  known: {
    readonly chat: string;
    readonly direct: boolean;
    readonly user: string | null;
    readonly tenant: string | null;
    /** The organization that the app belongs to. */
    readonly home: string | null;
    readonly at: number;
    readonly content: Content;
    readonly self: Self;
  },
): Said | null => {
  const { chat, direct, user, tenant, home, content, self } = known;
  const id = text(item, 'message_id');
  if (id === null || user === null || user === self.openId) return null;
  const external = tenant !== null && home !== null && tenant !== home;
  return {
    // Feishu may tell a message twice under different event ids, and catching up finds it under none.
    id: `feishu:msg:${id}`,
    platform: 'feishu',
    at: known.at,
    type: 'message',
    chat,
    thread: threadOfItem(item),
    message: id,
    user,
    text: content.text,
    mentions: content.mentions,
    addressed: content.addressed || direct,
    direct,
    attachments: content.attachments,
    ...(external ? { external } : {}),
  };
};

/** Events say `bot`, the API `app`. */
const isBots = (sender: Raw): boolean => ['app', 'bot'].includes(text(sender, 'sender_type') ?? '');

const openIdOf = (sender: Raw): string | null =>
  (text(sender, 'id_type') ?? 'open_id') === 'open_id' ? text(sender, 'id') : null;

/** Events never tell of recalled messages, nor of what Feishu says itself ("… invited … to this chat"). */
export const isSaid = (item: Raw): boolean => item['deleted'] !== true && text(item, 'msg_type') !== 'system';

const listedContent = (item: Raw, self: Self): Content =>
  contentOf(text(item, 'msg_type'), text(at(item, 'body'), 'content'), item, self);

const contentOf = (type: string | null, content: string | null, item: Raw, self: Self): Content =>
  readContent(type ?? '', content ?? '', mentionsOf(list(item, 'mentions')), self);
