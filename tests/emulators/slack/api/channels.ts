import type { SlackChannel, SlackMessage } from '../types.ts';
import type { World } from '../world.ts';
import { ApiError } from './context.ts';

export const timestamp = /^\d{9,11}\.\d{6}$/;

/** A channel the bot may look at. A private channel it is not in does not exist for it. */
export function visibleChannel(world: World, id: string): SlackChannel {
  const channel = world.channels.get(id);
  if (!channel) throw new ApiError('channel_not_found');
  if (channel.kind !== 'channel' && !channel.members.has(world.bot.userId)) throw new ApiError('channel_not_found');
  return channel;
}

/** A channel the bot may act in. */
export function joinedChannel(world: World, id: string): SlackChannel {
  const channel = visibleChannel(world, id);
  if (!channel.members.has(world.bot.userId)) throw new ApiError('not_in_channel');
  return channel;
}

/** chat.postMessage takes a person's id too (posting into the direct conversation), and `#name`. */
export function destination(world: World, named: string): SlackChannel {
  if (/^[UW]/.test(named) && world.users.has(named)) {
    if (world.users.get(named)?.deleted) throw new ApiError('user_disabled');
    return world.im(named);
  }
  const byName = [...world.channels.values()].find((c) => c.name !== '' && `#${c.name}` === named);
  const channel = visibleChannel(world, byName?.id ?? named);
  if (channel.archived) throw new ApiError('is_archived');
  const mayPostAnywhere = channel.kind === 'channel' && world.scopes.has('chat:write.public');
  if (!channel.members.has(world.bot.userId) && !mayPostAnywhere) throw new ApiError('not_in_channel');
  return channel;
}

/**
 * The root to reply to, or undefined to post at the top. An unknown root is refused; a root that has been DELETED is
 * not: Slack then silently posts at the top of the channel, with no thread_ts in its answer (slack-go#1571).
 */
export function threadRoot(world: World, channel: SlackChannel, ts: string | undefined): SlackMessage | undefined {
  if (ts === undefined || ts === '') return undefined;
  const invalid = { response_metadata: { messages: [`[ERROR] ${ts} is not a valid thread_ts`] } };
  if (!timestamp.test(ts)) throw new ApiError('invalid_thread_ts', invalid);
  const root = world.find(channel.id, ts);
  if (!root) {
    if (world.wasDeleted(channel.id, ts)) return undefined;
    throw new ApiError('thread_not_found');
  }
  // Replying to a reply is the classic mistake: thread_ts must be the ROOT's ts.
  if (root.thread_ts && root.thread_ts !== root.ts) throw new ApiError('invalid_thread_ts', invalid);
  return root.subtype === 'tombstone' ? undefined : root;
}

export function permalink(world: World, channelId: string, message: SlackMessage): string {
  const base = `https://${world.team.domain}.slack.com/archives/${channelId}/p${message.ts.replace('.', '')}`;
  const { thread_ts: root } = message;
  return root && root !== message.ts ? `${base}?thread_ts=${root}&cid=${channelId}` : base;
}
