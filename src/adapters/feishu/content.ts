import type { Attachment } from '../../conversations/platform.ts';
import { at, isRaw, text, type Raw } from '../raw.ts';
import { attachmentOf } from './attachment.ts';
import { cardWords } from './content-card.ts';
import { linked, postWords } from './content-post.ts';
import type { Self } from './inbound.ts';
import { createNames, type Mention, type Named, type Names } from './mentions.ts';

export interface Content extends Named {
  readonly attachments: readonly Attachment[];
}

/** One message while it is read. */
export interface Reading {
  readonly names: Names;
  readonly attach: (file: Attachment) => void;
}

/**
 * What a message says, and what hangs on it. A message that is but a file has no text; what has neither text nor a file to fetch is named by its type:
 * `[sticker]`, `[vote] lunch?`. https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/im-v1/message/events/message_content
 */
export const readContent = (
  messageType: string,
  content: string,
  mentions: readonly Mention[],
  self: Pick<Self, 'openId' | 'appId'>,
): Content => {
  const files = new Map<string, Attachment>();
  const names = createNames(mentions, self);
  // One picture may stand in a text twice.
  const reading: Reading = { names, attach: (file) => void files.set(file.id, file) };
  const body = parsed(content);
  const words = body === null ? unparsed(messageType, content, names) : wordsOf(messageType, body, reading);
  return { ...names.done(words), attachments: [...files.values()] };
};

const parsed = (content: string): Raw | null => {
  try {
    const value: unknown = JSON.parse(content);
    return isRaw(value) ? value : null;
  } catch {
    return null;
  }
};

/** The API answers some types with a plain sentence in English instead ("Merged and Forwarded Message"). */
const unparsed = (messageType: string, content: string, names: Names): string =>
  messageType === 'text' ? names.typed(content) : marker(messageType);

const marker = (messageType: string): string => `[${messageType === '' ? 'unknown' : messageType}]`;

/** Types of which one field says what it is about. */
const ABOUT: ReadonlyMap<string, string> = new Map([
  ['folder', 'file_name'],
  ['location', 'name'],
  ['vote', 'topic'],
  ['video_chat', 'topic'],
  ['calendar', 'summary'],
  ['share_calendar_event', 'summary'],
  ['general_calendar', 'summary'],
]);

const wordsOf = (messageType: string, body: Raw, reading: Reading): string => {
  const { names } = reading;
  switch (messageType) {
    case 'text':
      return names.typed(withLinks(text(body, 'text') ?? ''));
    case 'post':
      return postWords(body, reading);
    case 'image':
      return attached(messageType, body, 'image_key', '.png', reading);
    case 'file':
      return attached(messageType, body, 'file_key', '', reading);
    case 'audio':
      return attached(messageType, body, 'file_key', '.opus', reading);
    case 'media':
      return attached(messageType, body, 'file_key', '.mp4', reading);
    case 'interactive': {
      const words = cardWords(body, names);
      return words === '' ? marker(messageType) : words;
    }
    case 'todo':
      return about(messageType, postWords(at(body, 'summary'), reading));
    default: {
      const field = ABOUT.get(messageType);
      return about(messageType, names.typed((field === undefined ? null : text(body, field)) ?? ''));
    }
  }
};

const about = (messageType: string, what: string): string => `${marker(messageType)} ${what.trim()}`;

const attached = (messageType: string, body: Raw, field: string, ending: string, { attach }: Reading): string => {
  const key = text(body, field);
  if (key === null) return marker(messageType);
  attach(attachmentOf(key, text(body, 'file_name'), ending));
  return '';
};

/** Feishu writes a link of a plain text as `[label](address)`. */
const withLinks = (said: string): string =>
  said.replace(/\[([^[\]\n]*)\]\(((?:https?:\/\/|mailto:|tel:)[^()\s]*)\)/g, (_, label: string, url: string) =>
    linked(label, url),
  );
