import type { Inline, RichText } from '../../conversations/card.ts';

/**
 * Text on its way into a card's markdown. Feishu reads CommonMark, tags of its own (`<at id=all></at>` rings everybody), `:DONE:` as a picture and
 * `&lt;` as `<`; it shows `&#60;` as the character and never as markup. So what a user wrote goes through `escapeMarkdown`, and only the functions below
 * write markup. What stands in a `plain_text` or in a post's `text` is not read at all, and an entity there would be shown as it is.
 */
export const escapeMarkdown = (text: string): string => indented(entities(text));

/** Every mark of ASCII but `,`, `;` and `?`, which mean nothing anywhere: a shorter list would have to know where a line begins. */
const entities = (text: string): string =>
  clean(text).replace(/[!-+\-./:<=>@[-`{-~]/g, (mark) => `&#${mark.charCodeAt(0)};`);

/** Four spaces at the beginning of a line would make it code. */
const indented = (markdown: string): string =>
  markdown.replace(/^[ \t]+/gm, (space) => space.replaceAll('\t', '    ').replaceAll(' ', '&nbsp;'));

/** Without what no message can hold: control characters, and halves of characters, which make a request that is no UTF-8. */
export const clean = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\p{Cs}/gu, '\ufffd');

export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

/** For places without markup (titles, buttons, labels): one line, never longer than `max`, an ellipsis where it was. */
export const shorten = (text: string, max: number): string => {
  // Of a long paste only the beginning has to be looked at.
  const part = text.slice(0, 8 * max);
  const line = oneLine(part);
  if (line.length <= max && part.length === text.length) return line;
  const cut = line.slice(0, max - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};

/** Whom a mention may name. `all` is nobody, and so is another platform's id. */
export const isPerson = (user: string): boolean => /^ou_[A-Za-z0-9_-]{1,64}$/.test(user);

export const mention = (user: string): string => (isPerson(user) ? `<at id=${user}></at>` : entities(`@${user}`));

/** Is neither a space nor a mark to Markdown, and is not seen. */
const JOINT = '\u200b';

/** A star beside a bracket or a quotation mark does not begin or end bold where a letter follows, as it does in Chinese: hence the joints. */
export const bold = (text: string): string => {
  const line = oneLine(text);
  if (line === '') return '';
  const before = /^[\p{P}\p{S}]/u.test(line) ? JOINT : '';
  const after = /[\p{P}\p{S}]$/u.test(line) ? JOINT : '';
  return `**${before}${entities(line)}${after}**`;
};

export const grey = (markdown: string): string => (markdown === '' ? '' : `<font color='grey'>${markdown}</font>`);

/** The address as it may stand in a message; null: no page. Feishu refuses a whole message for one address that is none. */
export const pageOf = (url: string): string | null => {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  const { href, hostname } = new URL(url);
  const safe = href.replace(/[\s()<>"'\\`{}|^[\]]|&(?=#?\w+;)/g, (c) =>
    c === '&' ? '%26' : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return hostname === '' || safe.length > 2_000 ? null : safe;
};

export const link = (label: string, url: string): string => {
  const [shown, page] = [oneLine(label), pageOf(url)];
  return page === null ? entities(shown) : `[${entities(shown === '' ? page : shown)}](${page})`;
};

/** Shown in the reader's own time zone and language; the tag has no place for a fallback. */
export const instant = (ms: number, fallback: string): string =>
  Number.isSafeInteger(ms) && ms > 0 ? `${localTime(ms, 'date_short')} ${localTime(ms, 'time')}` : entities(fallback);

const localTime = (ms: number, format: 'date_short' | 'time'): string =>
  `<local_datetime millisecond='${ms}' format_type='${format}'></local_datetime>`;

/** `:DONE:`; null: that is no key of Feishu's. One that only looks like a key is shown as it is written. */
const emoji = (key: string): string | null => (/^[A-Za-z0-9_]{1,32}$/.test(key) ? `:${key}:` : null);

const inline = (part: Inline): string => {
  if (typeof part === 'string') return entities(part);
  switch (part.kind) {
    case 'mention':
      return mention(part.user);
    case 'bold':
      return bold(part.text);
    case 'link':
      return link(part.text, part.url);
    case 'instant':
      return instant(part.ms, part.text);
    case 'emoji':
      return emoji(part.name) ?? entities(part.text);
  }
};

/** Rich text as a card's markdown. Two bold parts side by side would be four stars, which are none. */
export const markdown = (rich: RichText): string =>
  indented(rich.map(inline).join('')).replaceAll('****', `**${JOINT}**`);
