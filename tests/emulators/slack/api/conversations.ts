import type { JsonObject, SlackChannel, SlackMessage } from '../types.ts';
import type { World } from '../world.ts';
import { joinedChannel, timestamp, visibleChannel } from './channels.ts';
import { ApiError } from './context.ts';
import type { Args, Method, Methods } from './context.ts';

export function channelJson(world: World, channel: SlackChannel): JsonObject {
  const common = {
    id: channel.id,
    created: channel.created,
    creator: channel.creator,
    is_archived: channel.archived,
    is_im: channel.kind === 'im',
    is_org_shared: false,
    is_ext_shared: [...channel.members].some((id) => (world.users.get(id)?.teamId ?? world.team.id) !== world.team.id),
    context_team_id: world.team.id,
    updated: world.now(),
  };
  if (channel.kind === 'im') {
    const user = [...channel.members].find((id) => id !== world.bot.userId) ?? '';
    return { ...common, user, is_user_deleted: world.users.get(user)?.deleted ?? false, is_open: true };
  }
  const note = { value: channel.topic, creator: channel.creator, last_set: channel.created };
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'channel',
    is_group: channel.kind === 'group',
    is_mpim: false,
    is_private: channel.kind === 'group',
    is_member: channel.members.has(world.bot.userId),
    is_general: false,
    is_shared: false,
    topic: note,
    purpose: { value: '', creator: '', last_set: 0 },
    previous_names: [],
  };
}

/** One page of a list; the cursor is opaque to clients, here it is the offset in base64 as Slack's roughly are. */
export function page<T>(items: readonly T[], args: Args, fallback: number): { items: T[]; next: JsonObject } {
  const cursor = args.text('cursor') ?? '';
  const offset = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8').replace('offset:', ''));
  if (!Number.isInteger(offset) || offset < 0) throw new ApiError('invalid_cursor');
  const limit = args.number('limit', fallback);
  if (limit < 1 || limit > 1000) throw new ApiError('invalid_limit');
  const more = offset + limit < items.length;
  const next_cursor = more ? Buffer.from(`offset:${offset + limit}`).toString('base64') : '';
  return { items: items.slice(offset, offset + limit), next: { response_metadata: { next_cursor } } };
}

function within(messages: SlackMessage[], args: Args): SlackMessage[] {
  const oldest = args.text('oldest');
  const latest = args.text('latest');
  const edge = args.flag('inclusive');
  return messages.filter((m) => {
    if (oldest && !(Number(m.ts) > Number(oldest) || (edge && m.ts === oldest))) return false;
    return !latest || Number(m.ts) < Number(latest) || (edge && m.ts === latest);
  });
}

function messageJson(message: SlackMessage, args: Args): JsonObject {
  const { metadata, ...rest } = structuredClone(message);
  // Without the flag Slack leaves metadata out, and an outbox marker would never be found again.
  return args.flag('include_all_metadata') && metadata ? { ...rest, metadata } : rest;
}

const history: Method = ({ world }, args) => {
  const channel = joinedChannel(world, args.need('channel'));
  const top = world
    .list(channel.id)
    .filter((m) => !m.thread_ts || m.thread_ts === m.ts || m.subtype === 'thread_broadcast')
    .toReversed();
  const { items, next } = page(within(top, args), args, 100);
  const more = next.response_metadata as JsonObject;
  const has_more = more.next_cursor !== '';
  return { messages: items.map((m) => messageJson(m, args)), has_more, pin_count: 0, ...(has_more ? next : {}) };
};

const replies: Method = ({ world }, args) => {
  const channel = joinedChannel(world, args.need('channel'));
  const ts = args.need('ts');
  const root = timestamp.test(ts) ? world.find(channel.id, ts) : undefined;
  if (!root) throw new ApiError('thread_not_found');
  // Asked with the ts of a reply, Slack returns that reply alone; its thread_ts names the root.
  if (root.thread_ts && root.thread_ts !== ts) return { messages: [messageJson(root, args)], has_more: false };
  // The root comes first on every page and does not count against the limit.
  const { items, next } = page(within(world.replies(channel.id, ts), args), args, 1000);
  const more = next.response_metadata as JsonObject;
  const has_more = more.next_cursor !== '';
  return { messages: [root, ...items].map((m) => messageJson(m, args)), has_more, ...(has_more ? next : {}) };
};

const open: Method = ({ world }, args) => {
  if (args.has('channel')) {
    const channel = visibleChannel(world, args.need('channel'));
    return { no_op: true, already_open: true, channel: channelJson(world, channel) };
  }
  if (!args.has('users')) throw new ApiError('users_list_not_supplied');
  const users = args.need('users').split(',');
  if (users.length > 8) throw new ApiError('too_many_users');
  for (const id of users) {
    const user = world.users.get(id);
    if (!user) throw new ApiError('user_not_found');
    if (user.deleted) throw new ApiError('user_disabled');
    // Slack has no conversation of an app with itself or with another app.
    if (user.isBot) throw new ApiError('invalid_user_combination');
  }
  const [only] = users;
  if (users.length !== 1 || !only) throw new ApiError('missing_scope', { needed: 'mpim:write', provided: 'im:write' });
  const known = world.channels.has(`D${only.slice(1)}`);
  const channel = world.im(only);
  const full = args.flag('return_im') ? channelJson(world, channel) : { id: channel.id };
  return { ...(known ? { no_op: true, already_open: true } : {}), channel: full };
};

const join: Method = (context, args) => {
  const { world } = context;
  const channel = visibleChannel(world, args.need('channel'));
  if (channel.kind !== 'channel') throw new ApiError('method_not_supported_for_channel_type');
  if (channel.archived) throw new ApiError('is_archived');
  if (channel.members.has(world.bot.userId)) {
    return { channel: channelJson(world, channel), warning: 'already_in_channel' };
  }
  channel.members.add(world.bot.userId);
  world.changed();
  context.emit(memberEvent(world, 'member_joined_channel', world.bot.userId, channel));
  return { channel: channelJson(world, channel) };
};

/** Slack's own rule: lower case, digits, hyphens and underscores, 80 characters at most. */
const CHANNEL_NAME = /^[a-z0-9_-]{1,80}$/;

const create: Method = (context, args) => {
  const { world } = context;
  const name = args.need('name');
  const isPrivate = args.flag('is_private');
  needScope(world, isPrivate ? 'groups:write' : 'channels:manage');
  if (name === '') throw new ApiError('invalid_name_required');
  if (name.length > 80) throw new ApiError('invalid_name_maxlength');
  if (!CHANNEL_NAME.test(name)) throw new ApiError('invalid_name_specials');
  // Archived channels keep their names, private ones count too.
  if ([...world.channels.values()].some((channel) => channel.name === name)) throw new ApiError('name_taken');
  const channel = world.addChannel({ id: world.id(isPrivate ? 'G' : 'C'), name, private: isPrivate });
  context.emit(memberEvent(world, 'member_joined_channel', world.bot.userId, channel));
  return { channel: channelJson(world, channel) };
};

const invite: Method = (context, args) => {
  const { world } = context;
  const channel = joinedChannel(world, args.need('channel'));
  needScope(world, channel.kind === 'group' ? 'groups:write' : 'channels:manage');
  if (channel.archived) throw new ApiError('is_archived');
  const users = (args.text('users') ?? '').split(',').filter((id) => id !== '');
  if (users.length === 0) throw new ApiError('no_user');
  for (const id of users) {
    const user = world.users.get(id);
    if (!user) throw new ApiError('user_not_found');
    if (id === world.bot.userId) throw new ApiError('cant_invite_self');
    if (user.deleted) throw new ApiError('cant_invite');
    if ((user.teamId ?? world.team.id) !== world.team.id) throw new ApiError('user_team_not_in_channel');
    if (channel.members.has(id)) throw new ApiError('already_in_channel');
  }
  for (const id of users) {
    channel.members.add(id);
    context.emit(memberEvent(world, 'member_joined_channel', id, channel, world.bot.userId));
  }
  world.changed();
  return { channel: channelJson(world, channel) };
};

const setTopic: Method = ({ world }, args) => {
  const channel = joinedChannel(world, args.need('channel'));
  needScope(world, channel.kind === 'group' ? 'groups:write' : 'channels:manage');
  const topic = args.need('topic');
  if (topic.length > 250) throw new ApiError('too_long');
  channel.topic = topic;
  world.changed();
  return { channel: channelJson(world, channel) };
};

function needScope(world: World, needed: string): void {
  if (!world.scopes.has(needed)) throw new ApiError('missing_scope', { needed, provided: [...world.scopes].join(',') });
}

export function memberEvent(
  world: World,
  type: 'member_joined_channel' | 'member_left_channel',
  user: string,
  channel: SlackChannel,
  inviter?: string,
): JsonObject {
  return {
    type,
    user,
    channel: channel.id,
    channel_type: channel.kind === 'group' ? 'G' : 'C',
    team: world.team.id,
    ...(inviter ? { inviter } : {}),
    event_ts: world.nextTs(),
  };
}

const listed =
  (mine: boolean): Method =>
  ({ world }, args) => {
    const types = (args.text('types') ?? 'public_channel').split(',');
    const kinds = { channel: 'public_channel', group: 'private_channel', im: 'im' } as const;
    const who = args.text('user') ?? world.bot.userId;
    const all = [...world.channels.values()].filter((c) => {
      if (!types.includes(kinds[c.kind]) || (args.flag('exclude_archived') && c.archived)) return false;
      if (c.kind !== 'channel' && !c.members.has(world.bot.userId)) return false;
      return !mine || c.members.has(who);
    });
    const { items, next } = page(all, args, 100);
    return { channels: items.map((c) => channelJson(world, c)), ...next };
  };

export const conversationMethods: Methods = {
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.open': open,
  'conversations.create': create,
  'conversations.invite': invite,
  'conversations.setTopic': setTopic,
  'conversations.join': join,
  'conversations.list': listed(false),
  'users.conversations': listed(true),
  'conversations.info': ({ world }, args) => {
    const channel = visibleChannel(world, args.need('channel'));
    const count = args.flag('include_num_members') ? { num_members: channel.members.size } : {};
    const locale = args.flag('include_locale') ? { locale: 'en-US' } : {};
    return { channel: { ...channelJson(world, channel), ...locale, ...count } };
  },
  'conversations.members': ({ world }, args) => {
    const channel = visibleChannel(world, args.need('channel'));
    const { items, next } = page([...channel.members], args, 100);
    return { members: items, ...next };
  },
};
