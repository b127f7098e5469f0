import type { ChatEvent } from '../../conversations/platform.ts';
import { interaction } from './inbound-interaction.ts';
import { message } from './inbound-message.ts';
import { at, isRaw, list, msOf, text, type Raw } from './payload.ts';

/** What the adapter knows of itself; null until Slack has answered `auth.test` once. */
export interface Self {
  readonly teamId: string | null;
  readonly enterpriseId: string | null;
  readonly botUserId: string | null;
}

/**
 * One payload of Slack's (a body over HTTP, the `payload` of a Socket Mode envelope) as a ChatEvent; null: none of our business.
 * Pure. Never throws on a shape it does not know.
 *
 * `now` (UTC ms) is when it reached us: the time of what carries no time of its own, and the start of the window of a reply token.
 */
export const inbound = (payload: Raw, self: Self, now: number): ChatEvent | null => {
  if (payload['type'] === 'event_callback') return event(payload, at(payload, 'event'), self, now);
  if (payload['type'] === 'app_rate_limited') return rateLimited(payload, now);
  return interaction(payload, self, now);
};

const event = (payload: Raw, inner: Raw, known: Self, now: number): ChatEvent | null => {
  const eventId = text(payload, 'event_id');
  const type = text(inner, 'type');
  if (type === null) return null;
  const self = installed(payload, known);
  if (type === 'message' || type === 'app_mention') return message(payload, inner, self);
  if (eventId === null) return null;
  const when = msOf(text(inner, 'event_ts')) ?? seconds(payload['event_time']) ?? now;
  const base = { id: `slack:${eventId}`, platform: 'slack', at: when } as const;
  const channel = text(inner, 'channel') ?? text(at(inner, 'channel'), 'id');
  const user = text(inner, 'user') ?? text(at(inner, 'user'), 'id');
  switch (type) {
    case 'reaction_added':
    case 'reaction_removed':
      return reaction(base, type, inner, user, self);
    case 'app_home_opened':
      // Fires for the messages tab, too.
      return text(inner, 'tab') === 'home' && user !== null ? { ...base, type: 'home_opened', user } : null;
    case 'member_joined_channel':
      return isSelf(user, self) && channel !== null
        ? { ...base, type: 'bot_joined', chat: channel, by: text(inner, 'inviter') }
        : null;
    case 'member_left_channel':
      return isSelf(user, self) && channel !== null ? { ...base, type: 'bot_left', chat: channel, by: null } : null;
    case 'channel_left':
    case 'group_left':
      return channel === null ? null : { ...base, type: 'bot_left', chat: channel, by: text(inner, 'actor_id') };
    case 'channel_archive':
    case 'group_archive':
    case 'channel_deleted':
    case 'group_deleted':
      return channel === null ? null : { ...base, type: 'chat_closed', chat: channel };
    case 'channel_unarchive':
    case 'group_unarchive':
      return channel === null ? null : { ...base, type: 'chat_reopened', chat: channel };
    case 'channel_id_changed': {
      const [chat, to] = [text(inner, 'old_channel_id'), text(inner, 'new_channel_id')];
      return chat === null || to === null ? null : { ...base, type: 'chat_moved', chat, to };
    }
    case 'user_change':
    case 'user_profile_changed':
      return user === null ? null : { ...base, type: 'person_changed', user };
    case 'tokens_revoked':
      // Tokens of single people are revoked, too; ours is the bot's.
      return Array.isArray(at(inner, 'tokens')['bot'])
        ? { ...base, type: 'platform_trouble', trouble: 'access_revoked', detail: 'the bot token was revoked' }
        : null;
    case 'app_uninstalled':
      return { ...base, type: 'platform_trouble', trouble: 'uninstalled', detail: 'the app was uninstalled' };
    default:
      return null;
  }
};

const reaction = (
  base: { readonly id: string; readonly platform: 'slack'; readonly at: number },
  type: 'reaction_added' | 'reaction_removed',
  inner: Raw,
  user: string | null,
  self: Self,
): ChatEvent | null => {
  const item = at(inner, 'item');
  const [chat, ts, name] = [text(item, 'channel'), text(item, 'ts'), text(inner, 'reaction')];
  // Files can be reacted to, too. Slack says neither the thread nor the text: whoever handles it looks the message up.
  if (item['type'] !== 'message' || chat === null || ts === null || name === null || user === null) return null;
  if (isSelf(user, self)) return null;
  return { ...base, type, chat, message: ts, user, emoji: name.replace(/::skin-tone-\d$/, '') };
};

/** Slack stops sending for the rest of that minute; it is said at the top level, with no `event` inside. */
const rateLimited = (payload: Raw, now: number): ChatEvent => {
  const minute = seconds(payload['minute_rate_limited']) ?? now;
  return {
    id: `slack:rate-limited:${text(payload, 'team_id') ?? ''}:${minute}`,
    platform: 'slack',
    at: minute,
    type: 'platform_trouble',
    trouble: 'rate_limited',
    detail: 'Slack holds events back: more than 30,000 within an hour',
  };
};

/**
 * Where `auth.test` has not answered yet, the envelope says for whom it is. In a Slack Connect channel only `authorizations` names the
 * installed workspace: the envelope's own team is the sender's.
 */
const installed = (payload: Raw, known: Self): Self => {
  const authorization = list(payload, 'authorizations')[0];
  if (known.botUserId !== null && known.teamId !== null) return known;
  if (!isRaw(authorization)) return known;
  return {
    teamId: known.teamId ?? text(authorization, 'team_id') ?? text(payload, 'context_team_id'),
    enterpriseId: known.enterpriseId ?? text(authorization, 'enterprise_id'),
    botUserId: known.botUserId ?? (authorization['is_bot'] === true ? text(authorization, 'user_id') : null),
  };
};

const isSelf = (user: string | null, self: Self): boolean => user !== null && user === self.botUserId;

const seconds = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value * 1000 : null;
