import { emojiTypes } from '../reactions.ts';
import { cardProblem, cardRefusal, maxCardBytes } from '../cardCheck.ts';
import { sentPost, sentText } from '../text.ts';
import type { Written } from '../text.ts';
import { isObject } from '../types.ts';
import type { Json, JsonObject } from '../types.ts';
import type { Call } from './context.ts';
import { ApiError, refused } from './errors.ts';

const maxTextBytes = 150 * 1024;
const keyOf: Record<string, string> = {
  image: 'image_key',
  file: 'file_key',
  audio: 'file_key',
  media: 'file_key',
  sticker: 'file_key',
  share_chat: 'chat_id',
  share_user: 'user_id',
};

/** Judges what a bot wants to say, and makes of it what the chat keeps. */
export function contentOf(call: Call, type: string, content: string): Written {
  const most = type === 'text' ? maxTextBytes : maxCardBytes;
  if (Buffer.byteLength(content) > most) throw refused(230025);
  if (type === 'interactive') return { content: goodCard(content), mentions: [] };
  const json = object(content);
  switch (type) {
    case 'text':
      if (typeof json.text !== 'string' || json.text === '') throw refused(230001, 'text is empty');
      return sentText(call.world, call.app.id, json.text);
    case 'post':
      return sentPost(call.world, call.app.id, goodPost(json));
    default: {
      const key = keyOf[type];
      if (key === undefined) throw refused(230001, `invalid msg_type ${type}`);
      if (typeof json[key] !== 'string' || json[key] === '') throw refused(230001, `${key} is required`);
      return { content, mentions: [] };
    }
  }
}

export function goodCard(content: string): string {
  if (Buffer.byteLength(content) > maxCardBytes) throw refused(230025);
  const problem = cardProblem(content);
  if (problem) throw new ApiError(230099, cardRefusal(problem));
  return content;
}

/** Shared cards must say so themselves to be updated. */
export function isShared(content: string): boolean {
  const card = JSON.parse(content) as JsonObject;
  return isObject(card.config) && card.config.update_multi === true;
}

function goodPost(post: JsonObject): JsonObject {
  const flat = Array.isArray(post.content) ? post : Object.values(post).find(isObject);
  const lines = flat?.content;
  if (!Array.isArray(lines) || lines.length === 0) throw refused(230001, 'post content is empty');
  const parts: Json[] = lines.flatMap((line) => {
    if (!Array.isArray(line)) throw refused(230001, 'a line of a post must be an array');
    return line;
  });
  const tags = new Set(['text', 'a', 'at', 'img', 'media', 'emotion', 'code_block', 'hr', 'md']);
  const strange = parts.find((part) => !isObject(part) || !tags.has(String(part.tag)));
  if (strange !== undefined) throw refused(230001, `unsupported tag in post: ${JSON.stringify(strange)}`);
  const unknown = parts.find(
    (part) => isObject(part) && part.tag === 'emotion' && !emojiTypes.has(String(part.emoji_type)),
  );
  if (unknown !== undefined) throw refused(230001, `no such emoji: ${JSON.stringify(unknown)}`);
  return post;
}

function object(content: string): JsonObject {
  try {
    const json = JSON.parse(content) as Json;
    if (isObject(json)) return json;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw refused(230001, 'content is not a string in json format');
}
