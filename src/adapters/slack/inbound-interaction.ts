import { createHash } from 'node:crypto';
import type { ChatEvent } from '../../conversations/platform.ts';
import { actionOf, CAPTURE, NEW } from './actions.ts';
import type { Self } from './inbound.ts';
import { threadOf } from './message.ts';
import { valuesOf } from './modals.ts';
import { at, list, msOf, text, type Raw } from './payload.ts';
import { readable } from './readable.ts';
import { replyOf } from './token.ts';

/**
 * Slash commands, buttons, shortcuts, forms. They carry no event id; each is known by what makes it unique, so that a replayed Socket Mode envelope
 * is a duplicate.
 */
export const interaction = (payload: Raw, self: Self, now: number): ChatEvent | null => {
  if (text(payload, 'command') !== null) return command(payload, self, now);
  const user = text(at(payload, 'user'), 'id');
  if (user === null) return null;
  switch (payload['type']) {
    case 'block_actions':
      return button(payload, user, now);
    case 'message_action':
      return capture(payload, user, now);
    case 'shortcut':
      return text(payload, 'callback_id') === NEW ? fromNowhere(payload, user, now) : null;
    case 'view_submission':
      return form(payload, user, now);
    default:
      // `view_closed`, `block_suggestion`, and what Slack may invent.
      return null;
  }
};

/** A slash command knows no thread: Slack does not offer them there. `should_escape` makes `@lin` arrive as `<@U1|lin>`. */
const command = (payload: Raw, self: Self, now: number): ChatEvent | null => {
  const [user, chat] = [text(payload, 'user_id'), text(payload, 'channel_id')];
  if (user === null || chat === null) return null;
  return {
    id: `slack:command:${text(payload, 'trigger_id') ?? `${user}:${now}`}`,
    platform: 'slack',
    at: now,
    type: 'command',
    chat,
    user,
    text: readable(text(payload, 'text') ?? '', self.botUserId).text.trim(),
    reply: replyOf(payload, { chat }, user, now),
  };
};

const button = (payload: Raw, user: string, now: number): ChatEvent | null => {
  const pressed = list(payload, 'actions')[0];
  const id = pressed === undefined ? null : text(pressed, 'action_id');
  const action = id === null ? null : actionOf(id);
  if (pressed === undefined || action === null) return null;
  const [container, message] = [at(payload, 'container'), at(payload, 'message')];
  const chat = text(container, 'channel_id') ?? text(at(payload, 'channel'), 'id');
  // What only one person saw is no message of the chat: it cannot be edited, and begins no thread.
  const ts = container['is_ephemeral'] === true ? null : (text(container, 'message_ts') ?? text(message, 'ts'));
  const actionTs = text(pressed, 'action_ts');
  return {
    id: `slack:action:${user}:${actionTs ?? text(payload, 'trigger_id') ?? now}:${id}`,
    platform: 'slack',
    at: msOf(actionTs) ?? now,
    type: 'button',
    chat,
    thread: text(container, 'thread_ts') ?? (ts === null ? text(message, 'thread_ts') : threadOf(message, ts)),
    message: ts,
    user,
    action,
    value: text(pressed, 'value') ?? text(at(pressed, 'selected_option'), 'value') ?? '',
    reply: replyOf(payload, { chat, thread: text(container, 'thread_ts') }, user, now),
  };
};

const capture = (payload: Raw, user: string, now: number): ChatEvent | null => {
  const message = at(payload, 'message');
  const [chat, ts] = [text(at(payload, 'channel'), 'id'), text(payload, 'message_ts') ?? text(message, 'ts')];
  if (text(payload, 'callback_id') !== CAPTURE || chat === null || ts === null) return null;
  return {
    id: `slack:capture:${text(payload, 'trigger_id') ?? `${user}:${text(payload, 'action_ts') ?? now}`}`,
    platform: 'slack',
    at: msOf(text(payload, 'action_ts')) ?? now,
    type: 'capture',
    chat,
    thread: threadOf(message, ts),
    message: ts,
    user,
    reply: replyOf(payload, { chat, thread: text(message, 'thread_ts') }, user, now),
  };
};

/** The global shortcut: a button that stands nowhere, as one on the home page does. */
const fromNowhere = (payload: Raw, user: string, now: number): ChatEvent => ({
  id: `slack:shortcut:${text(payload, 'trigger_id') ?? `${user}:${text(payload, 'action_ts') ?? now}`}`,
  platform: 'slack',
  at: msOf(text(payload, 'action_ts')) ?? now,
  type: 'button',
  chat: null,
  thread: null,
  message: null,
  user,
  action: 'form:new',
  value: '',
  reply: replyOf(payload, { chat: null }, user, now),
});

const form = (payload: Raw, user: string, now: number): ChatEvent | null => {
  const view = at(payload, 'view');
  const [id, name] = [text(view, 'id'), text(view, 'callback_id')];
  if (id === null || name === null) return null;
  const values = valuesOf(view);
  // A form that was sent back for a mistake keeps its id and hash: only what was filled in tells the second attempt from a replay of the first.
  const filled = createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 22);
  return {
    id: `slack:form:${id}:${text(view, 'hash') ?? ''}:${filled}`,
    platform: 'slack',
    at: now,
    type: 'form',
    user,
    form: name,
    context: text(view, 'private_metadata') ?? '',
    values,
  };
};
