import { at, list, text, type Raw } from '../raw.ts';
import { readContent } from './content.ts';
import type { Self } from './inbound.ts';
import { mentionsOf } from './mentions.ts';

/** Forwarded messages beyond are not read. */
const MAX_FORWARDED = 50;

/** Several messages forwarded in one: neither its event nor any list holds them, only the message itself when asked for. */
export const isForward = (item: Raw): boolean => text(item, 'msg_type') === 'merge_forward';

/** What they say, quoted. `items`: the message, and behind it those in it. Null: nothing that could be read. */
export const forwardedWords = (items: readonly Raw[], self: Self): string | null => {
  const said = items
    .filter((item) => text(item, 'upper_message_id') !== null)
    .slice(0, MAX_FORWARDED)
    .map((item) =>
      readContent(
        text(item, 'msg_type') ?? '',
        text(at(item, 'body'), 'content') ?? '',
        mentionsOf(list(item, 'mentions')),
        self,
      ),
    )
    .filter((content) => content.text !== '')
    .map((content) => content.text.replace(/^/gm, '> '));
  return said.length === 0 ? null : said.join('\n');
};
