import * as events from '../events.ts';
import type { JsonObject, SlackMessage } from '../types.ts';
import type { World } from '../world.ts';
import { destination, joinedChannel, permalink, threadRoot, timestamp, visibleChannel } from './channels.ts';
import { messageContent } from './content.ts';
import type { Content } from './content.ts';
import { ApiError, invalidArguments } from './context.ts';
import type { Method, Methods } from './context.ts';

const isEmpty = (content: Content): boolean => !content.text && !content.blocks?.length && !content.attachments?.length;

export function botMessage(world: World, content: Content, more: Partial<SlackMessage> = {}): SlackMessage {
  const author = events.authorOf(world, world.user(world.bot.userId));
  return {
    ...author,
    type: 'message',
    ts: world.nextTs(),
    text: content.text ?? '',
    ...(content.blocks ? { blocks: content.blocks } : {}),
    ...(content.attachments ? { attachments: content.attachments } : {}),
    ...(content.metadata ? { metadata: content.metadata } : {}),
    ...more,
  };
}

const postMessage: Method = (context, args) => {
  const { world } = context;
  const channel = destination(world, args.need('channel'));
  const content = messageContent(world, args, 'chat.postMessage');
  if (isEmpty(content)) throw new ApiError('no_text');
  const root = threadRoot(world, channel, args.text('thread_ts'));
  const more: Partial<SlackMessage> = {};
  if (root) {
    more.thread_ts = root.ts;
    if (root.user) more.parent_user_id = root.user;
  }
  const broadcast = root !== undefined && args.flag('reply_broadcast');
  if (broadcast) more.subtype = 'thread_broadcast';
  if (world.scopes.has('chat:write.customize') && args.has('username')) more.username = args.need('username');
  const message = world.add(channel.id, botMessage(world, content, more));
  if (broadcast && root) message.root = structuredClone(root);
  context.emit(events.posted(channel, message));
  return { channel: channel.id, ts: message.ts, message: structuredClone(message), ...textWarning(content) };
};

function textWarning(content: Content): JsonObject {
  if (content.text) return {};
  return { warning: 'missing_text_in_message', response_metadata: { warnings: ['missing_text_in_message'] } };
}

const update: Method = (context, args) => {
  const { world } = context;
  const channel = joinedChannel(world, args.need('channel'));
  if (channel.archived) throw new ApiError('is_inactive');
  const message = ownMessage(world, channel.id, args.need('ts'), 'cant_update_message');
  if ([...(args.text('text') ?? '')].length > 4000) throw new ApiError('msg_too_long');
  const content = messageContent(world, args, 'chat.update');
  if (isEmpty(content)) throw new ApiError('no_text');
  const before = structuredClone(message);
  if (content.text !== undefined) message.text = content.text;
  // Slack's own words: blocks stay only if `text` is not given either; text alone replaces the blocks.
  if (content.blocks) message.blocks = content.blocks;
  else if (content.text !== undefined) delete message.blocks;
  if (content.attachments) message.attachments = content.attachments;
  else if (content.text !== undefined) delete message.attachments;
  if (content.metadata) message.metadata = content.metadata;
  message.edited = { user: world.bot.userId, ts: `${Math.floor(world.now() / 1000)}.000000` };
  world.changed();
  context.emit(events.changed(world, channel, message, before));
  return { channel: channel.id, ts: message.ts, text: message.text, message: structuredClone(message) };
};

const remove: Method = (context, args) => {
  const { world } = context;
  const channel = joinedChannel(world, args.need('channel'));
  const message = ownMessage(world, channel.id, args.need('ts'), 'cant_delete_message');
  context.emit(removeMessage(world, channel.id, message));
  return { channel: channel.id, ts: message.ts };
};

/** Takes a message away and returns the event that says so. A root with replies leaves a tombstone instead. */
export function removeMessage(world: World, channelId: string, message: SlackMessage): JsonObject {
  const channel = world.channel(channelId);
  const before = structuredClone(message);
  if (!message.reply_count) {
    world.remove(channelId, message.ts);
    return events.deleted(world, channel, before);
  }
  for (const key of ['blocks', 'attachments', 'files', 'metadata', 'reactions', 'bot_id', 'app_id'] as const) {
    delete message[key];
  }
  Object.assign(message, { subtype: 'tombstone', user: 'USLACKBOT', hidden: true, text: 'This message was deleted.' });
  world.changed();
  return events.changed(world, channel, message, before);
}

function ownMessage(world: World, channelId: string, ts: string, foreign: string): SlackMessage {
  const message = world.find(channelId, ts);
  if (!message || message.subtype === 'tombstone') throw new ApiError('message_not_found');
  if (message.bot_id !== world.bot.botId) throw new ApiError(foreign);
  return message;
}

const postEphemeral: Method = ({ world }, args) => {
  const channel = destination(world, args.need('channel'));
  const user = args.need('user');
  if (!channel.members.has(user)) throw new ApiError('user_not_in_channel');
  const content = messageContent(world, args, 'chat.postEphemeral');
  if (isEmpty(content)) throw new ApiError('no_text');
  const root = threadRoot(world, channel, args.text('thread_ts'));
  const ts = world.nextTs();
  world.ephemerals.push({
    channel: channel.id,
    user,
    ts,
    text: content.text ?? '',
    blocks: content.blocks ?? [],
    ...(root ? { thread_ts: root.ts } : {}),
  });
  world.changed();
  return { message_ts: ts };
};

const getPermalink: Method = ({ world }, args) => {
  const channel = visibleChannel(world, args.need('channel'));
  const ts = args.need('message_ts');
  if (!timestamp.test(ts)) throw invalidArguments(['invalid message_ts']);
  const message = world.find(channel.id, ts);
  if (!message) throw new ApiError('message_not_found');
  return { channel: channel.id, permalink: permalink(world, channel.id, message) };
};

export const chatMethods: Methods = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
};
