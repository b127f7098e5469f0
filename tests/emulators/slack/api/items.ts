import * as events from '../events.ts';
import type { JsonObject, SlackChannel, SlackMessage } from '../types.ts';
import type { World } from '../world.ts';
import { joinedChannel, permalink, timestamp, visibleChannel } from './channels.ts';
import { ApiError } from './context.ts';
import type { Args, Methods } from './context.ts';

/** Reactions, pins, bookmarks, files: what hangs on a message or a channel. */

const emojiName = /^[\p{L}\p{N}_+'-]+(::skin-tone-[2-6])?$/u;

function item(world: World, args: Args): { channel: SlackChannel; message: SlackMessage } {
  if (!args.has('channel') || !args.has('timestamp')) throw new ApiError('no_item_specified');
  const channel = visibleChannel(world, args.need('channel'));
  const ts = args.need('timestamp');
  if (!timestamp.test(ts)) throw new ApiError('bad_timestamp');
  const message = world.find(channel.id, ts);
  if (!message) throw new ApiError('message_not_found');
  return { channel, message };
}

/** Adds and says whether that changed anything. */
export function addReaction(message: SlackMessage, user: string, name: string): boolean {
  message.reactions ??= [];
  const known = message.reactions.find((r) => r.name === name);
  if (known?.users.includes(user)) return false;
  if (known) known.users.push(user);
  else message.reactions.push({ name, users: [user], count: 0 });
  for (const reaction of message.reactions) reaction.count = reaction.users.length;
  return true;
}

export function removeReaction(message: SlackMessage, user: string, name: string): boolean {
  const known = message.reactions?.find((r) => r.name === name);
  if (!known?.users.includes(user)) return false;
  known.users = known.users.filter((id) => id !== user);
  known.count = known.users.length;
  message.reactions = message.reactions?.filter((r) => r.count > 0) ?? [];
  if (message.reactions.length === 0) delete message.reactions;
  return true;
}

export const itemMethods: Methods = {
  'reactions.add': (context, args) => {
    const { world } = context;
    const { channel, message } = item(world, args);
    if (channel.archived) throw new ApiError('is_archived');
    if (!channel.members.has(world.bot.userId)) throw new ApiError('not_in_channel');
    const name = args.need('name');
    if (!emojiName.test(name)) throw new ApiError('invalid_name');
    if (!addReaction(message, world.bot.userId, name)) throw new ApiError('already_reacted');
    if ((message.reactions?.length ?? 0) > 23) {
      removeReaction(message, world.bot.userId, name);
      throw new ApiError('too_many_emoji');
    }
    world.changed();
    context.emit(events.reactionEvent('reaction_added', world, world.bot.userId, channel, message, name));
    return {};
  },
  'reactions.remove': (context, args) => {
    const { world } = context;
    const { channel, message } = item(world, args);
    const name = args.need('name');
    if (!removeReaction(message, world.bot.userId, name)) throw new ApiError('no_reaction');
    world.changed();
    context.emit(events.reactionEvent('reaction_removed', world, world.bot.userId, channel, message, name));
    return {};
  },
  'reactions.get': ({ world }, args) => {
    const { channel, message } = item(world, args);
    const link = permalink(world, channel.id, message);
    return { type: 'message', channel: channel.id, message: { ...structuredClone(message), permalink: link } };
  },
  'pins.add': ({ world }, args) => {
    const channel = joinedChannel(world, args.need('channel'));
    const { message } = item(world, args);
    const pinned = world.pins.get(channel.id) ?? new Set<string>();
    if (pinned.has(message.ts)) throw new ApiError('already_pinned');
    world.pins.set(channel.id, pinned.add(message.ts));
    world.changed();
    return {};
  },
  'pins.remove': ({ world }, args) => {
    const channel = joinedChannel(world, args.need('channel'));
    const { message } = item(world, args);
    if (!world.pins.get(channel.id)?.delete(message.ts)) throw new ApiError('no_pin');
    world.changed();
    return {};
  },
  'bookmarks.add': ({ world }, args) => {
    const channel = joinedChannel(world, args.text('channel_id') ?? '');
    if (args.need('type') === 'link' && !/^https?:\/\//.test(args.text('link') ?? '')) {
      throw new ApiError('invalid_link');
    }
    const bookmark: JsonObject = {
      id: world.id('Bk'),
      channel_id: channel.id,
      title: args.need('title'),
      link: args.text('link'),
      emoji: args.text('emoji'),
      type: args.need('type'),
      date_created: Math.floor(world.now() / 1000),
    };
    world.bookmarks.set(channel.id, [...(world.bookmarks.get(channel.id) ?? []), bookmark]);
    world.changed();
    return { bookmark };
  },
  'bookmarks.list': ({ world }, args) => ({ bookmarks: world.bookmarks.get(args.text('channel_id') ?? '') ?? [] }),
  'bookmarks.remove': ({ world }, args) => {
    const channel = joinedChannel(world, args.text('channel_id') ?? '');
    const kept = (world.bookmarks.get(channel.id) ?? []).filter((b) => b.id !== args.text('bookmark_id'));
    world.bookmarks.set(channel.id, kept);
    world.changed();
    return {};
  },
  'files.info': ({ world }, args) => {
    const known = world.files.get(args.need('file'));
    if (!known) throw new ApiError('file_not_found');
    return { file: known.file };
  },
};
