import type { ChatEvent } from '../../conversations/platform.ts';
import type { Self } from './inbound.ts';
import { attachmentsOf, content, editedAt, isBots, threadOf, wordsOf } from './message.ts';
import { at, msOf, text, type Raw } from './payload.ts';

/** Subtypes of what people say; all others (joins, topics, pins, `message_replied`, …) are Slack talking about the channel. */
const SAID: ReadonlySet<string | null> = new Set([null, 'file_share', 'thread_broadcast', 'me_message']);

/** An `event` of type `message` or `app_mention`. */
export const message = (payload: Raw, event: Raw, self: Self): ChatEvent | null => {
  const chat = text(event, 'channel');
  if (chat === null) return null;
  switch (text(event, 'subtype')) {
    case 'message_changed':
      return changed(payload, chat, event, self);
    case 'message_deleted':
      return deleted(payload, chat, event, at(event, 'previous_message'), text(event, 'deleted_ts'));
    default:
      return said(payload, chat, event, self);
  }
};

const said = (payload: Raw, chat: string, event: Raw, self: Self): ChatEvent | null => {
  const [ts, user] = [text(event, 'ts'), author(event)];
  const when = msOf(ts);
  if (ts === null || when === null || user === null || user === self.botUserId) return null;
  if (
    !SAID.has(text(event, 'subtype')) ||
    isBots(event) ||
    event['hidden'] === true ||
    event['is_ephemeral'] === true
  ) {
    return null;
  }
  const words = wordsOf(event, self.botUserId);
  const direct = text(event, 'channel_type') === 'im';
  const external = isExternal(payload, event, self);
  return {
    // `app_mention` comes in addition to `message`, and a broadcast reply may be told twice: different event ids, one message.
    id: `slack:msg:${chat}:${ts}`,
    platform: 'slack',
    at: when,
    type: 'message',
    chat,
    thread: threadOf(event, ts),
    message: ts,
    user,
    text: words.text,
    mentions: words.mentions,
    addressed: words.addressed || direct || event['type'] === 'app_mention',
    direct,
    attachments: attachmentsOf(event),
    ...(external ? { external } : {}),
  };
};

/**
 * Sent for edits by people, but also when Slack unfurls a link, counts replies, or the bot updates its own card. Bolt's `ignoreSelf` lets the last
 * through (no user at the top), and every update would feed the bot its own edit.
 */
const changed = (payload: Raw, chat: string, event: Raw, self: Self): ChatEvent | null => {
  const [now, before] = [at(event, 'message'), at(event, 'previous_message')];
  const ts = text(now, 'ts') ?? text(before, 'ts');
  // A deleted root of a thread with replies stays as a tombstone.
  if (text(now, 'subtype') === 'tombstone') return deleted(payload, chat, event, before, ts);
  const user = author(now) ?? author(before);
  if (ts === null || user === null || user === self.botUserId || isBots(now) || isBots(before)) return null;
  if (!SAID.has(text(now, 'subtype'))) return null;
  const compared = text(before, 'ts') !== null || text(before, 'text') !== null;
  if (compared ? content(now) === content(before) : editedAt(now) === null) return null;
  return {
    id: eventId(payload, `slack:edit:${chat}:${ts}:${text(event, 'ts') ?? ''}`),
    platform: 'slack',
    at: msOf(text(event, 'event_ts')) ?? msOf(editedAt(now)) ?? msOf(ts) ?? 0,
    type: 'message_edited',
    chat,
    thread: threadOf(text(now, 'thread_ts') === null ? before : now, ts),
    message: ts,
    user,
    text: wordsOf(now, self.botUserId).text,
  };
};

const deleted = (payload: Raw, chat: string, event: Raw, before: Raw, ts: string | null): ChatEvent | null => {
  // Ours and other bots' were never taken in.
  if (ts === null || isBots(before)) return null;
  return {
    id: eventId(payload, `slack:delete:${chat}:${ts}`),
    platform: 'slack',
    at: msOf(text(event, 'event_ts')) ?? msOf(ts) ?? 0,
    type: 'message_deleted',
    chat,
    message: ts,
  };
};

const author = (event: Raw): string | null => {
  const user = text(event, 'user');
  return user === 'USLACKBOT' ? null : user;
};

const eventId = (payload: Raw, otherwise: string): string => {
  const id = text(payload, 'event_id');
  return id === null ? otherwise : `slack:${id}`;
};

/** From another organization. A second workspace of the same Enterprise Grid is not outside. */
const isExternal = (payload: Raw, event: Raw, self: Self): boolean => {
  if (payload['is_ext_shared_channel'] !== true) return false;
  const sender = text(event, 'user_team') ?? text(event, 'source_team') ?? text(event, 'team');
  if (sender === null || self.teamId === null || sender === self.teamId || sender === self.enterpriseId) return false;
  const enterprise = text(payload, 'enterprise_id');
  // The envelope's enterprise is the sender's.
  return enterprise === null || enterprise !== self.enterpriseId;
};
