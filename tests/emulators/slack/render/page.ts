import { isObject } from '../blockKitReport.ts';
import type { Block, Ephemeral, JsonObject, SlackFile, SlackMessage } from '../types.ts';
import type { World } from '../world.ts';
import { drawBlocks, drawText } from './blocks.ts';
import { emojiOf } from './emoji.ts';
import { clock, html, mrkdwn, plain } from './mrkdwn.ts';
import type { Show } from './mrkdwn.ts';
import { style } from './style.ts';

export type PageOptions = {
  /** Language of Slack's own words and of dates; default 'en-US'. */
  locale?: string;
  /** Default 'Asia/Shanghai'. */
  tz?: string;
  /** px of the card; default 680. Screenshot the element `.page` (or `.dim` for a modal). */
  width?: number;
  /** Whose screen it is: shows the messages only they can see, and their reactions in blue. */
  viewer?: string;
  title?: string;
};

const words = {
  en: {
    thread: 'Thread',
    app: 'APP',
    edited: '(edited)',
    only: 'Only visible to you',
    reply: 'reply',
    replies: 'replies',
  },
  zh: { thread: '消息列', app: '应用', edited: '(已编辑)', only: '仅对你可见', reply: '条回复', replies: '条回复' },
} as const;
const wordsOf = (show: Show): (typeof words)['en' | 'zh'] => (show.locale.startsWith('zh') ? words.zh : words.en);

export function renderThread(
  world: World,
  channelId: string,
  thread_ts: string | undefined,
  options: PageOptions,
): string {
  const show = shown(world, options);
  const channel = world.channel(channelId);
  const say = wordsOf(show);
  const inThread = (item: { ts: string; thread_ts?: string }): boolean =>
    thread_ts === undefined
      ? !item.thread_ts || item.thread_ts === item.ts
      : item.ts === thread_ts || item.thread_ts === thread_ts;
  const messages = world
    .list(channelId)
    .filter((m) => inThread(m) || (thread_ts === undefined && m.subtype === 'thread_broadcast'));
  const drawn = messages.map((m) => ({ ts: m.ts, html: drawMessage(show, m, options, thread_ts === undefined) }));
  const mine = world.ephemerals.filter((e) => e.user === options.viewer && e.channel === channelId && inThread(e));
  drawn.push(...mine.map((e) => ({ ts: e.ts, html: drawEphemeral(show, e) })));
  drawn.sort((a, b) => Number(a.ts) - Number(b.ts));
  const replies = messages.filter((m) => m.ts !== thread_ts).length;
  if (thread_ts !== undefined && replies > 0) {
    drawn.splice(1, 0, {
      ts: '',
      html: `<div class="count">${replies} ${replies === 1 ? say.reply : say.replies}</div>`,
    });
  }
  const name = channel.kind === 'im' ? world.bot.realName : `# ${channel.name}`;
  const title = options.title ?? (thread_ts === undefined ? name : say.thread);
  const small = thread_ts === undefined || options.title !== undefined ? '' : `<small>${html(name)}</small>`;
  const bar = `<div class="bar">${html(title)}${small}</div>`;
  return page(
    show,
    options,
    `<div class="page">${bar}<div class="list">${drawn.map((d) => d.html).join('\n')}</div></div>`,
  );
}

export function renderHome(world: World, user: string, options: PageOptions): string {
  const show = shown(world, options);
  const view = world.homes.get(user);
  const body = view ? drawBlocks(show, view.blocks, view.state.values) : '';
  const title = html(options.title ?? world.bot.realName);
  return page(show, options, `<div class="page"><div class="bar">${title}</div><div class="home">${body}</div></div>`);
}

export function renderModal(world: World, user: string, options: PageOptions): string {
  const show = shown(world, options);
  const view = world.modals.get(user)?.at(-1);
  if (!view) return page(show, options, '');
  const close = drawText(show, view.close ?? undefined) || (show.locale.startsWith('zh') ? '取消' : 'Cancel');
  const submit = view.submit ? `<button class="primary">${drawText(show, view.submit)}</button>` : '';
  const body = `<div class="home">${drawBlocks(show, view.blocks, view.state.values)}</div>`;
  const foot = `<div class="foot"><button>${close}</button>${submit}</div>`;
  const bar = `<div class="bar">${drawText(show, view.title ?? undefined)}</div>`;
  return page(show, options, `<div class="dim"><div class="page modal">${bar}${body}${foot}</div></div>`);
}

const shown = (world: World, { locale = 'en-US', tz = 'Asia/Shanghai' }: PageOptions): Show => ({ world, locale, tz });

function page(show: Show, { width = 680 }: PageOptions, body: string): string {
  const size = `.page { width: ${width}px; } .dim { width: ${width + 80}px; }`;
  return `<!DOCTYPE html>\n<html lang="${html(show.locale)}"><head><meta charset="utf-8"><title>Slack</title><style>${style}${size}</style></head>
<body>${body}</body></html>`;
}

function drawMessage(show: Show, message: SlackMessage, { viewer }: PageOptions, withThread: boolean): string {
  const { world } = show;
  const user = message.user ? world.users.get(message.user) : undefined;
  const name = message.username ?? user?.realName ?? message.user ?? 'app';
  const isApp = message.bot_id !== undefined;
  if (message.subtype?.startsWith('channel_') || message.subtype?.startsWith('group_')) {
    return row(show, name, isApp, message.ts, `<div class="system">${mrkdwn(show, message.text)}</div>`);
  }
  const edited =
    message.edited && !message.blocks?.some((b) => b.type !== 'rich_text')
      ? `<span class="note"> ${wordsOf(show).edited}</span>`
      : '';
  const parts = [
    content(show, message.text, message.blocks) + edited,
    ...(message.attachments ?? []).map((a) => attachment(show, a)),
    ...(message.files ?? []).map(file),
    pills(message, viewer),
  ];
  if (withThread && message.reply_count) {
    const say = wordsOf(show);
    parts.push(
      `<div class="thread">${message.reply_count} ${message.reply_count === 1 ? say.reply : say.replies}</div>`,
    );
  }
  return row(show, name, isApp, message.ts, parts.join(''));
}

function drawEphemeral(show: Show, e: Ephemeral): string {
  const note = `<div class="note">👁 ${wordsOf(show).only}</div>`;
  return row(show, show.world.bot.realName, true, e.ts, note + content(show, e.text, e.blocks), 'private');
}

function row(show: Show, name: string, isApp: boolean, ts: string, body: string, more = ''): string {
  const time = clock(show, new Date(Number(ts) * 1000));
  const app = isApp ? `<span class="app">${wordsOf(show).app}</span>` : '';
  const who = `<div class="who"><b>${html(name)}</b>${app}<span class="time">${time}</span></div>`;
  return `<div class="msg ${more}">${avatar(name, isApp)}<div class="body">${who}${body}</div></div>`;
}

const colours = ['#4a154b', '#1264a3', '#2b7a78', '#b5651d', '#7b4b94', '#3d5a80', '#a23e48', '#5b7553'];

function avatar(name: string, isApp: boolean): string {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const letters = isApp ? name.slice(0, 3).toUpperCase() : ([...name][0] ?? '?').toUpperCase();
  const size = letters.length > 1 ? ';font-size:12px' : '';
  return `<div class="avatar" style="background:${isApp ? '#1d1c1d' : (colours[sum % colours.length] ?? '#4a154b')}${size}">${html(letters)}</div>`;
}

/** With blocks, `text` is only for notifications. What people write carries one rich_text block saying the same. */
function content(show: Show, text: string, blocks: Block[] | undefined): string {
  const real = blocks?.filter((block) => block.type !== 'rich_text' || blocks.length > 1) ?? [];
  return real.length > 0 ? drawBlocks(show, real) : mrkdwn(show, text);
}

function attachment(show: Show, a: JsonObject): string {
  const text = (key: string): string => (typeof a[key] === 'string' ? mrkdwn(show, a[key]) : '');
  const blocks = Array.isArray(a.blocks) ? drawBlocks(show, a.blocks.filter(isObject) as Block[]) : '';
  const title = a.title ? `<b><a>${plain(String(a.title))}</a></b><br>` : '';
  const colour =
    typeof a.color === 'string' ? ` style="border-color:${html(a.color.replace(/^(?=[0-9a-f]{6}$)/i, '#'))}"` : '';
  return `${text('pretext')}<div class="attachment"${colour}>${title}${text('text')}${blocks}</div>`;
}

function file(f: SlackFile): string {
  const type = html(
    String(f.filetype ?? '')
      .toUpperCase()
      .slice(0, 4),
  );
  return `<div class="file"><i>${type}</i><div>${html(f.name)}<small>${type}</small></div></div>`;
}

function pills(message: SlackMessage, viewer: string | undefined): string {
  if (!message.reactions?.length) return '';
  const each = message.reactions.map((r) => {
    const mine = viewer !== undefined && r.users.includes(viewer) ? ' mine' : '';
    return `<span class="pill${mine}">${emojiOf(r.name)} ${r.count}</span>`;
  });
  return `<div class="pills">${each.join('')}</div>`;
}
