import { randomUUID } from 'node:crypto';
import { fromApp, mentions } from './text.ts';
import type { JsonObject, SlackChannel, SlackMessage, SlackUser } from './types.ts';
import type { World } from './world.ts';

const subscriptionOfKind = { channel: 'message.channels', group: 'message.groups', im: 'message.im' } as const;

/** Wraps an event as the Events API does. A guest's event names the guest's workspace outside, ours in authorizations. */
export function envelope(world: World, event: JsonObject, sender?: SlackUser): JsonObject {
  const type = String(event.type);
  const channel = typeof event.channel === 'string' ? event.channel : '';
  return {
    token: 'verification-token',
    team_id: sender?.teamId ?? world.team.id,
    context_team_id: world.team.id,
    context_enterprise_id: null,
    api_app_id: world.appId,
    event,
    type: 'event_callback',
    event_id: world.id('Ev'),
    event_time: Math.floor(world.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: world.team.id,
        user_id: world.bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: sender?.teamId !== undefined && sender.teamId !== world.team.id,
    event_context: `4-${type}-${world.team.id}-${channel}`,
  };
}

/** Is the app told? It must have subscribed, and the bot must be in the channel. */
export function isDelivered(world: World, event: JsonObject): boolean {
  const type = String(event.type);
  const item = event.item && typeof event.item === 'object' && !Array.isArray(event.item) ? event.item : undefined;
  const named = event.channel ?? item?.channel;
  const channel = typeof named === 'string' ? world.channels.get(named) : undefined;
  if (channel && type !== 'app_home_opened' && type !== 'member_left_channel' && !/^(channel|group)_/.test(type)) {
    if (!channel.members.has(world.bot.userId)) return false;
  }
  if (type !== 'message') return world.subscriptions.has(type);
  return world.subscriptions.has(subscriptionOfKind[channel?.kind ?? 'channel']);
}

/** The author's fields, as far as they differ between people, apps and guests. */
export function authorOf(world: World, user: SlackUser): Partial<SlackMessage> & JsonObject {
  const own: Partial<SlackMessage> & JsonObject = { user: user.id, team: user.teamId ?? world.team.id };
  if (user.teamId && user.teamId !== world.team.id)
    Object.assign(own, { user_team: user.teamId, source_team: user.teamId });
  if (!user.isBot) return { ...own, client_msg_id: randomUUID() };
  return { ...own, bot_id: user.botId ?? '', app_id: user.appId ?? '', bot_profile: botProfile(world, user) };
}

function botProfile(world: World, user: SlackUser): JsonObject {
  return {
    id: user.botId,
    deleted: false,
    name: user.realName,
    updated: Math.floor(world.now() / 1000),
    app_id: user.appId,
    icons: { image_36: `https://a.slack-edge.com/80588/img/plugins/app/bot_36.png` },
    team_id: world.team.id,
  };
}

const copy = (message: SlackMessage): SlackMessage => structuredClone(message);

export function posted(channel: SlackChannel, message: SlackMessage): JsonObject {
  const { reply_count, reply_users, reply_users_count, latest_reply, is_locked, reactions, metadata, ...seen } =
    copy(message);
  void [reply_count, reply_users, reply_users_count, latest_reply, is_locked, reactions, metadata];
  return { ...seen, channel: channel.id, event_ts: message.ts, channel_type: channel.kind };
}

/** Has no top-level user, text or thread_ts: that is how an app's own chat.update slips past ignoreSelf. */
export function changed(world: World, channel: SlackChannel, now: SlackMessage, before: SlackMessage): JsonObject {
  const ts = world.nextTs();
  return {
    type: 'message',
    subtype: 'message_changed',
    message: { ...copy(now), source_team: world.team.id, user_team: world.team.id },
    previous_message: copy(before),
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: channel.kind,
  };
}

export function deleted(world: World, channel: SlackChannel, before: SlackMessage): JsonObject {
  const ts = world.nextTs();
  return {
    type: 'message',
    subtype: 'message_deleted',
    previous_message: copy(before),
    channel: channel.id,
    hidden: true,
    deleted_ts: before.ts,
    event_ts: ts,
    ts,
    channel_type: channel.kind,
  };
}

/** Comes besides the message event, with its own event_id and no channel_type. Not sent in direct conversations. */
export function appMention(world: World, channel: SlackChannel, message: SlackMessage): JsonObject | undefined {
  if (channel.kind === 'im' || message.user === world.bot.userId) return undefined;
  if (!mentions(message.text, world.bot.userId)) return undefined;
  const { channel_type, ...event } = posted(channel, message);
  void channel_type;
  return { ...event, type: 'app_mention' };
}

export function reactionEvent(
  type: 'reaction_added' | 'reaction_removed',
  world: World,
  user: string,
  channel: SlackChannel,
  message: SlackMessage,
  reaction: string,
): JsonObject {
  return {
    type,
    user,
    reaction,
    item: { type: 'message', channel: channel.id, ts: message.ts },
    // A message posted by a webhook has no author, and then the event has no item_user.
    ...(message.user ? { item_user: message.user } : {}),
    event_ts: world.nextTs(),
  };
}

/** A line Slack itself writes: "has joined the channel" and the like. */
export function systemMessage(world: World, subtype: string, user: string, text: string): SlackMessage {
  return { type: 'message', subtype, user, text: fromApp(text), ts: world.nextTs(), team: world.team.id };
}
