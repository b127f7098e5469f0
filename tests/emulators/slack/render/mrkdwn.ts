import { unescapeText } from '../text.ts';
import type { World } from '../world.ts';
import { emojiOf } from './emoji.ts';

export type Show = { world: World; locale: string; tz: string };

export const html = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const emojis = (text: string): string =>
  text.replace(/:([a-z0-9_+'-]+(?:::[a-z0-9-]+)?):/g, (_, name: string) => emojiOf(name));

export const plain = (text: string): string => emojis(html(text)).replace(/\n/g, '<br>');

/** Slack's own mark-up as HTML: `*bold*`, `_italic_`, `~struck~`, code, quotes, lists, links, mentions, dates. */
export function mrkdwn(show: Show, text: string): string {
  const kept: string[] = [];
  // Finished pieces are set aside, so that a star inside a link or a code is not taken for bold.
  const keep = (piece: string): string => `\u0001${kept.push(piece) - 1}\u0002`;
  let out = text
    .replace(/```\n?([\s\S]*?)```/g, (_, code: string) => keep(`<pre>${html(unescapeText(code.trimEnd()))}</pre>`))
    .replace(/`([^`\n]+)`/g, (_, code: string) => keep(`<code>${html(unescapeText(code))}</code>`))
    .replace(/<([^<>\n]+)>/g, (_, inner: string) => keep(bracket(show, inner)));
  out = html(unescapeText(out));
  out = styled(out, '*', 'b');
  out = styled(out, '_', 'i');
  out = styled(out, '~', 's');
  out = lines(emojis(out));
  while (/\u0001\d+\u0002/.test(out)) out = out.replace(/\u0001(\d+)\u0002/g, (_, n: string) => kept[Number(n)] ?? '');
  return out;
}

function styled(text: string, mark: string, tag: string): string {
  const m = mark === '*' ? '\\*' : mark;
  const pair = new RegExp(
    `(^|[^\\p{L}\\p{N}${m}])${m}(?=[^\\s${m}])([^${m}\\n]*[^\\s${m}])${m}(?![\\p{L}\\p{N}${m}])`,
    'gu',
  );
  return text.replace(pair, `$1<${tag}>$2</${tag}>`);
}

function lines(text: string): string {
  const out: string[] = [];
  let quote: string[] = [];
  const endQuote = (): void => {
    if (quote.length > 0) out.push(`<blockquote>${quote.join('<br>')}</blockquote>`);
    quote = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('&gt;')) quote.push(line.replace(/^&gt;\s?/, ''));
    else {
      endQuote();
      out.push(line.replace(/^(\s*)[•-] /, '$1&nbsp;•&nbsp; '));
    }
  }
  endQuote();
  return out
    .join('<br>')
    .replaceAll('</blockquote><br>', '</blockquote>')
    .replaceAll('<br><blockquote>', '<blockquote>');
}

function bracket(show: Show, inner: string): string {
  const [target = '', label] = inner.split('|');
  if (target.startsWith('@')) return mention(show, target.slice(1));
  if (target.startsWith('#')) {
    const channel = show.world.channels.get(target.slice(1));
    return `<span class="mention">#${html(channel?.name ?? label ?? target.slice(1))}</span>`;
  }
  if (target.startsWith('!date^')) return date(show, target, label ?? '');
  if (target.startsWith('!subteam^')) {
    const group = show.world.usergroups.get(target.slice('!subteam^'.length));
    return `<span class="mention">@${html(group?.handle ?? label?.replace('@', '') ?? 'group')}</span>`;
  }
  if (target.startsWith('!')) return `<span class="mention here">@${html(label ?? target.slice(1))}</span>`;
  return `<a>${emojis(html(unescapeText(label ?? target)))}</a>`;
}

export function mention(show: Show, userId: string): string {
  const user = show.world.users.get(userId);
  return `<span class="mention">@${html(user?.realName ?? userId)}</span>`;
}

/** `<!date^1732150000^{date_short} {time}|fallback>`, as each reader sees it in their own zone. */
function date(show: Show, target: string, fallback: string): string {
  const [, seconds = '', format = ''] = target.split('^');
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return html(fallback);
  const as = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(show.locale, { timeZone: show.tz, hourCycle: 'h23', ...options }).format(at);
  const day = { year: 'numeric', month: 'short', day: 'numeric' } as const;
  const tokens: Record<string, () => string> = {
    date_num: () => new Intl.DateTimeFormat('sv-SE', { timeZone: show.tz }).format(at),
    date_short: () => as(day),
    date_short_pretty: () => as(day),
    date_pretty: () => as({ ...day, month: 'long' }),
    date: () => as({ ...day, month: 'long' }),
    date_long: () => as({ ...day, month: 'long', weekday: 'long' }),
    time: () => clock(show, at),
    time_secs: () => as({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
  };
  return html(format.replace(/\{(\w+)\}/g, (whole, name: string) => tokens[name]?.() ?? whole));
}

export function clock(show: Show, at: Date): string {
  return new Intl.DateTimeFormat(show.locale, {
    timeZone: show.tz,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

/** The `markdown` block: standard Markdown, as much of it as a bot writes. */
export function markdown(show: Show, text: string): string {
  const asMrkdwn = html(text)
    .replace(/^#{1,6}\s+(.*)$/gm, '*$1*')
    .replace(/\*\*(.+?)\*\*/g, '*$1*')
    .replace(/~~(.+?)~~/g, '~$1~')
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<$2|$1>')
    .replace(/^(\s*)[*-] /gm, '$1• ');
  return mrkdwn(show, asMrkdwn.replace(/&quot;/g, '"'));
}
