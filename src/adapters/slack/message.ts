import type { Attachment } from '../../conversations/platform.ts';
import { at, list, text, type Raw } from './payload.ts';
import { readable, type Readable } from './readable.ts';

/** What `inbound` and `history` both read out of a message, live or stored. */

/** The root's ts; a message outside any thread is its own thread. */
export const threadOf = (message: Raw, ts: string): string => text(message, 'thread_ts') ?? ts;

/** Classic bots and webhooks have no user; modern bots have a user AND a bot_id and no subtype. Our own messages are bots' messages. */
export const isBots = (message: Raw): boolean =>
  text(message, 'bot_id') !== null || text(message, 'subtype') === 'bot_message' || message['bot_profile'] != null;

export const attachmentsOf = (message: Raw): readonly Attachment[] =>
  list(message, 'files').flatMap((file): Attachment[] => {
    const id = text(file, 'id');
    // Deleted, or beyond the limit of a free plan: there is nothing behind it.
    if (id === null || ['tombstone', 'hidden_by_limit'].includes(text(file, 'mode') ?? '')) return [];
    const size = file['size'];
    return [
      {
        id,
        // A file from the other side of a Slack Connect channel comes as a stub: `file_access: check_file_info`.
        name: text(file, 'name') ?? text(file, 'title') ?? id,
        url: text(file, 'url_private'),
        mime: text(file, 'mimetype'),
        bytes: typeof size === 'number' ? size : null,
      },
    ];
  });

/** The text, and what was forwarded with it: a shared message is an attachment, and its own text is then often empty. */
export const wordsOf = (message: Raw, bot: string | null): Readable => {
  const own = readable(text(message, 'text') ?? '', bot);
  const shared = list(message, 'attachments')
    .filter((attachment) => attachment['is_share'] === true)
    .flatMap((attachment) => text(attachment, 'text') ?? [])
    .map((wire) => readable(wire, bot).text.replace(/^/gm, '> '));
  return shared.length === 0 ? own : { ...own, text: [own.text, ...shared].filter((t) => t !== '').join('\n') };
};

/** What decides whether two versions of a message say the same to people. */
export const content = (message: Raw): string =>
  JSON.stringify([text(message, 'text'), list(message, 'files').map((file) => text(file, 'id'))]);

export const editedAt = (message: Raw): string | null => text(at(message, 'edited'), 'ts');
