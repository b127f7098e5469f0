import type { ChatEvent } from '../../conversations/platform.ts';
import { at, text, type Raw } from '../raw.ts';
import { cardAction } from './inbound-card.ts';
import { message, type Said } from './inbound-message.ts';
import { instant } from './instant.ts';

/** What the adapter knows of itself; null until Feishu has said it. */
export interface Self {
  readonly openId: string | null;
  readonly appId: string;
  readonly tenantKey: string | null;
}

type WithoutChat<E> = E extends ChatEvent ? Omit<E, 'chat'> : never;

/** A reaction names no chat: the adapter looks it up before the event is complete. */
export type Unplaced = WithoutChat<Extract<ChatEvent, { readonly type: 'reaction_added' | 'reaction_removed' }>>;

export type Read =
  | { readonly kind: 'event'; readonly event: ChatEvent }
  | { readonly kind: 'unplaced'; readonly event: Unplaced }
  /** Messages forwarded in one: its text is a placeholder until the adapter has fetched them. */
  | { readonly kind: 'forwarded'; readonly event: Said }
  /** None of our business. */
  | null;

/**
 * One event or callback as Feishu sends it: `{schema, header, event}`, not flattened, since `event.token` and `event.app_id` would then stand in the place
 * of the header's. Pure. Never throws on a shape it does not know. Whether it comes from Feishu is checked before.
 *
 * `now` (UTC ms) is when it reached us: the time of what carries no time of its own.
 */
export const inbound = (payload: Raw, self: Self, now: number): Read => {
  const [header, event] = [at(payload, 'header'), at(payload, 'event')];
  switch (text(header, 'event_type')) {
    case 'im.message.receive_v1': {
      const said = message(header, event, self, now);
      if (said === null) return null;
      const forwarded = text(at(event, 'message'), 'message_type') === 'merge_forward';
      return { kind: forwarded ? 'forwarded' : 'event', event: said };
    }
    case 'im.message.reaction.created_v1':
      return reaction('reaction_added', header, event, self, now);
    case 'im.message.reaction.deleted_v1':
      return reaction('reaction_removed', header, event, self, now);
    case 'card.action.trigger':
      return complete(cardAction(header, event, now));
    default:
      return complete(other(header, event, now));
  }
};

const complete = (event: ChatEvent | null): Read => (event === null ? null : { kind: 'event', event });

/** Fires for the bot's own reactions, too; `operator_type` is then `app`. */
const reaction = (type: Unplaced['type'], header: Raw, event: Raw, self: Self, now: number): Read => {
  const [id, user] = [text(event, 'message_id'), text(at(event, 'user_id'), 'open_id')];
  const emoji = text(at(event, 'reaction_type'), 'emoji_type');
  if (event['operator_type'] !== 'user' || id === null || user === null || user === self.openId || emoji === null)
    return null;
  const when = instant(event['action_time']);
  // Feishu gives a reaction no id: put on, taken off and put on again it is told apart by its time.
  const unique = when ?? text(header, 'event_id') ?? '';
  return {
    kind: 'unplaced',
    event: {
      id: `feishu:${type}:${id}:${user}:${emoji}:${unique}`,
      platform: 'feishu',
      at: when ?? instant(header['create_time']) ?? now,
      type,
      message: id,
      user,
      emoji,
    },
  };
};

/** A reaction in the list of those that a message has, as its event would have told it. Null: a bot's own. */
export const listedReaction = (item: Raw, message: string, self: Self): Unplaced | null => {
  const operator = at(item, 'operator');
  const event: Raw = {
    message_id: message,
    user_id: { open_id: operator['operator_id'] },
    operator_type: operator['operator_type'],
    reaction_type: item['reaction_type'],
    action_time: item['action_time'],
  };
  // Without its time it could not be told from the event of it.
  if (instant(item['action_time']) === null) return null;
  const read = reaction('reaction_added', {}, event, self, 0);
  return read?.kind === 'unplaced' ? read.event : null;
};

const other = (header: Raw, event: Raw, now: number): ChatEvent | null => {
  const eventId = text(header, 'event_id');
  if (eventId === null) return null;
  const base = { id: `feishu:${eventId}`, platform: 'feishu', at: instant(header['create_time']) ?? now } as const;
  const [chat, by] = [text(event, 'chat_id'), text(at(event, 'operator_id'), 'open_id')];
  switch (text(header, 'event_type')) {
    case 'im.message.recalled_v1': {
      const id = text(event, 'message_id');
      if (chat === null || id === null) return null;
      const when = instant(event['recall_time']) ?? base.at;
      return { id: `feishu:recalled:${id}`, platform: 'feishu', at: when, type: 'message_deleted', chat, message: id };
    }
    case 'im.chat.member.bot.added_v1':
      return chat === null ? null : { ...base, type: 'bot_joined', chat, by };
    case 'im.chat.member.bot.deleted_v1':
      return chat === null ? null : { ...base, type: 'bot_left', chat, by };
    case 'im.chat.disbanded_v1':
      return chat === null ? null : { ...base, type: 'chat_closed', chat };
    case 'application.bot.menu_v6':
      return menu(base, event);
    case 'im.chat.access_event.bot_p2p_chat_entered_v1':
      // Comes whenever somebody opens the conversation; only who finds it empty has to be told what the bot is for.
      return chat === null || by === null || text(event, 'last_message_id') !== null
        ? null
        : { ...base, id: `feishu:entered:${chat}`, type: 'command', chat, user: by, text: 'help', reply: null };
    case 'contact.user.updated_v3': {
      const user = text(at(event, 'object'), 'open_id');
      return user === null ? null : { ...base, type: 'person_changed', user };
    }
    default:
      return null;
  }
};

/**
 * The menu of the direct conversation, which the event does not name: `chat` is empty, and the answer goes to the person. What is chosen is said by
 * `event_key`, as it was set in the console: `new`, `mine`, `duty`, `board`, `help`, or any other words that the bot understands.
 */
const menu = (
  base: { readonly id: string; readonly platform: 'feishu'; readonly at: number },
  event: Raw,
): ChatEvent | null => {
  const [user, key] = [text(at(at(event, 'operator'), 'operator_id'), 'open_id'), text(event, 'event_key')];
  if (user === null || key === null) return null;
  const when = instant(event['timestamp']) ?? base.at;
  return { ...base, at: when, type: 'command', chat: '', user, text: key, reply: null };
};
