import { cardText } from './cardRead.ts';
import { readable } from './text.ts';
import { isObject } from './types.ts';
import type { Json, JsonObject, Message } from './types.ts';
import type { World } from './world.ts';

/** A message as people read it now; a card with its buttons as `[text]`. */
export function messageText(message: Message): string {
  if (message.recalled) return '（已撤回）';
  const content = JSON.parse(message.content) as JsonObject;
  switch (message.type) {
    case 'text':
      return readable(String(content.text), message.mentions);
    case 'post':
      return readable(postText(content), message.mentions);
    case 'interactive':
      return cardText(content);
    default:
      return `（${[message.type, content.file_name].filter(Boolean).join(' ')}）`;
  }
}

/** A chat as it is on the screen: who says what, threads under their first message, reactions behind a message. */
export function chatText(world: World, chat: string): string {
  const messages = world.list(chat);
  const top = messages.filter((message) => message.thread === undefined || message.root === undefined);
  return top
    .flatMap((message) => {
      const under =
        message.thread === undefined ? [] : messages.filter((m) => m.root === message.id && m.thread !== undefined);
      return [line(world, message), ...under.map((reply) => indent(line(world, reply)))];
    })
    .join('\n');
}

function line(world: World, message: Message): string {
  const text = `${world.nameOf(message.sender)}: ${messageText(message)}`;
  const marks = message.reactions.map(({ emoji, by }) => `${emoji} ${world.nameOf(by)}`);
  return marks.length === 0 ? text : `${text}\n(${marks.join(', ')})`;
}

const indent = (text: string): string => text.replaceAll(/^/gm, '    ');

function postText(post: JsonObject): string {
  const lines = Array.isArray(post.content) ? post.content : [];
  const texts = lines.map((parts) => (Array.isArray(parts) ? parts.map(partText).join('') : ''));
  return [String(post.title ?? ''), ...texts].filter((text) => text !== '').join('\n');
}

function partText(part: Json): string {
  if (!isObject(part)) return '';
  switch (part.tag) {
    case 'text':
    case 'md':
    case 'code_block':
      return String(part.text);
    case 'a':
      return `${String(part.text)} (${String(part.href)})`;
    case 'at':
      return String(part.user_id);
    case 'emotion':
      return `[${String(part.emoji_type)}]`;
    case 'hr':
      return '---';
    default:
      return `（${String(part.tag)}）`;
  }
}
