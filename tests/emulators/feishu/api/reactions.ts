import { tellReaction } from '../events.ts';
import { emojiTypes } from '../reactions.ts';
import { isObject } from '../types.ts';
import type { JsonObject, Message, Reaction } from '../types.ts';
import type { Call, Run } from './context.ts';
import { refused } from './errors.ts';

function reactionJson({ world, app }: Call, reaction: Reaction): JsonObject {
  const { by } = reaction;
  return {
    reaction_id: reaction.id,
    operator: {
      operator_id: by.kind === 'person' ? world.openId(app.id, by.key) : by.id,
      operator_type: by.kind === 'person' ? 'user' : 'app',
    },
    action_time: String(reaction.at),
    reaction_type: { emoji_type: reaction.emoji },
  };
}

function reactable(call: Call): Message {
  const message = call.world.find(call.path[0] ?? '');
  if (!message || message.recalled) throw refused(231003);
  call.joined(call.world.chat(message.chat), 231008);
  return message;
}

const create: Run = (call) => {
  const message = reactable(call);
  const type = call.json('reaction_type');
  const emoji = isObject(type) ? String(type.emoji_type) : '';
  if (!emojiTypes.has(emoji)) throw refused(231001);
  const mine = message.reactions.find(({ by, emoji: other }) => isMine(call, by) && other === emoji);
  if (mine) return { data: reactionJson(call, mine) };
  const { world } = call;
  const by = { kind: 'app', id: call.app.id } as const;
  const reaction: Reaction = { id: world.id('ZCaCIjUBVVWSrm5L-', 16), emoji, by, at: world.now() };
  message.reactions.push(reaction);
  world.changed();
  call.later(() => tellReaction(world, call.platform.courier, 'created', message, reaction));
  return { data: reactionJson(call, reaction) };
};

const remove: Run = (call) => {
  const message = reactable(call);
  const reaction = message.reactions.find(({ id }) => id === call.path[1]);
  if (!reaction) throw refused(231011);
  if (!isMine(call, reaction.by)) throw refused(231007);
  message.reactions.splice(message.reactions.indexOf(reaction), 1);
  call.world.changed();
  call.later(() => tellReaction(call.world, call.platform.courier, 'deleted', message, reaction));
  return { data: reactionJson(call, reaction) };
};

const list: Run = (call) => {
  const message = reactable(call);
  const wanted = call.query.get('reaction_type');
  const { items, ...more } = call.page(
    message.reactions.filter(({ emoji }) => wanted === null || emoji === wanted),
    50,
  );
  return { data: { ...more, items: items.map((reaction) => reactionJson(call, reaction)) } };
};

const isMine = (call: Call, by: Reaction['by']): boolean => by.kind === 'app' && by.id === call.app.id;

export const reactionApis = { create, remove, list };
