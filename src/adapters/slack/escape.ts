import { plain, type Inline, type RichText } from '../../conversations/card.ts';

/**
 * Text on its way into Slack's mrkdwn. Slack reads `<…>` as a command (`<!channel>`, `<@U1>`, `<url|label>`), and nothing else in a text can ping
 * anybody as long as `link_names` stays off and `verbatim` on; so what a user wrote goes through `escape`, and only the functions below write a `<`.
 */
export const escape = (source: string): string =>
  source.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));

/** Slack escapes these three and no others. */
export const unescape = (mrkdwn: string): string =>
  mrkdwn.replace(/&(lt|gt|amp);/g, (_, name) => (name === 'lt' ? '<' : name === 'gt' ? '>' : '&'));

/** Ids of people begin with U or W (Enterprise Grid); another platform's id is shown as text rather than as a broken mention. */
export const mention = (user: string): string => (/^[UW][A-Z0-9]+$/.test(user) ? `<@${user}>` : escape(`@${user}`));

/** Slack has no escape for `*`, and bold ends at a line's end. */
export const bold = (source: string): string => {
  const clean = escape(source.replace(/\s+/g, ' ').replaceAll('*', '∗').trim());
  return clean === '' ? '' : `*${clean}*`;
};

/** Only pages are linked: another scheme is shown as its text. */
export const link = (label: string, url: string): string => {
  const shown = escape(label.replace(/\s+/g, ' ').trim());
  if (!isPage(url)) return shown;
  const target = escape(url.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E').replace(/\s/g, '%20'));
  return shown === '' ? `<${target}>` : `<${target}|${shown}>`;
};

export const isPage = (url: string): boolean => /^https?:\/\/[^\s/]/i.test(url);

/** Slack shows it in the reader's own time zone and language, and the fallback where it cannot (e-mail, old clients). */
export const instant = (ms: number, fallback: string): string =>
  Number.isFinite(ms)
    ? `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} {time}|${escape(fallback.replaceAll('|', '/'))}>`
    : escape(fallback);

/** By its name, which may be a custom one; a character is itself. */
const emoji = (name: string): string => (/^[\w+-]+$/.test(name) ? `:${name}:` : escape(name));

const inline = (part: Inline): string => {
  if (typeof part === 'string') return escape(part);
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
      return emoji(part.name);
  }
};

export const mrkdwn = (rich: RichText): string => rich.map(inline).join('');

export interface Fitted {
  readonly text: string;
  /** What is not in `text`. */
  readonly rest: RichText;
}

/**
 * As much of a text as `max` characters of mrkdwn hold. Cuts inside plain text only: half a mention is none, half an `&amp;` is rubbish.
 * A single part too long for an empty place becomes plain text, so that calling again with `rest` always gets on.
 */
export const fit = (rich: RichText, max: number): Fitted => {
  let out = '';
  for (const [index, part] of rich.entries()) {
    const drawn = inline(part);
    if (out.length + drawn.length <= max) {
      out += drawn;
      continue;
    }
    const later = rich.slice(index + 1);
    if (typeof part !== 'string' && (out !== '' || drawn.length <= max)) return { text: out, rest: [part, ...later] };
    const source = plain([part]);
    const taken = prefix(source, max - out.length);
    return { text: out + escape(taken), rest: [source.slice(taken.length), ...later] };
  }
  return { text: out, rest: [] };
};

/** The longest beginning that takes no more than `room` characters once escaped; a line's end near it is the better place to cut. */
const prefix = (source: string, room: number): string => {
  let used = 0;
  let end = 0;
  for (const character of source) {
    const width = character === '&' ? 5 : character === '<' || character === '>' ? 4 : character.length;
    if (used + width > room) break;
    used += width;
    end += character.length;
  }
  const line = source.lastIndexOf('\n', end - 1) + 1;
  return source.slice(0, end < source.length && line > end * 0.8 ? line : end);
};

/** For plain_text places (buttons, titles): never longer than `max`, an ellipsis where it was. Counts UTF-16 units, as Slack does. */
export const shorten = (source: string, max: number): string => {
  if (source.length <= max) return source;
  const cut = source.slice(0, max - 1);
  // Half of a surrogate pair is not a character.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
};
