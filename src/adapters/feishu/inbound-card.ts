import type { ChatEvent } from '../../conversations/platform.ts';
import { at, text, type Raw } from '../raw.ts';
import { readButton, readSubmission } from './draw-form.ts';
import { instant } from './instant.ts';

/**
 * `card.action.trigger`: a button, or a form that was sent. Null: no action of ours, or nobody known did it. `open_id` may be empty where `user_id` is
 * not; a `user_id` is no `open_id`, and taken for one it would be a stranger who may do what strangers may.
 *
 * Its `thread` and `reply` are null: only the adapter knows them.
 */
export const cardAction = (header: Raw, event: Raw, now: number): ChatEvent | null => {
  const [action, context] = [at(event, 'action'), at(event, 'context')];
  const user = text(at(event, 'operator'), 'open_id');
  const id = text(header, 'event_id') ?? text(event, 'token');
  if (user === null || id === null) return null;
  const base = { id: `feishu:${id}`, platform: 'feishu', at: instant(header['create_time']) ?? now } as const;
  const submitted = readSubmission(action);
  if (submitted !== null) return { ...base, type: 'form', user, ...submitted };
  const pressed = readButton(action);
  if (pressed === null) return null;
  return {
    ...base,
    type: 'button',
    chat: text(context, 'open_chat_id'),
    thread: null,
    message: text(context, 'open_message_id'),
    user,
    action: pressed.action,
    value: pressed.value,
    reply: null,
  };
};
