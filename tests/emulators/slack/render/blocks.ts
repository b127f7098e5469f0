import { isObject } from '../blockKitReport.ts';
import type { Block, Json, JsonObject } from '../types.ts';
import { allOptions } from '../viewState.ts';
import type { StateValues } from '../viewState.ts';
import { emojiOf } from './emoji.ts';
import { html, markdown, mention, mrkdwn, plain } from './mrkdwn.ts';
import type { Show } from './mrkdwn.ts';

const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const str = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Blocks as HTML. `state` is what a person has entered so far into a view. */
export function drawBlocks(show: Show, blocks: readonly Block[], state: StateValues = {}): string {
  return blocks.map((block) => `<div class="block ${block.type}">${draw(show, block, state)}</div>`).join('\n');
}

export function drawText(show: Show, text: Json | undefined): string {
  if (!isObject(text)) return '';
  return text.type === 'mrkdwn' ? mrkdwn(show, str(text.text)) : plain(str(text.text));
}

function draw(show: Show, block: Block, state: StateValues): string {
  switch (block.type) {
    case 'header':
      return drawText(show, block.text);
    case 'divider':
      return '<hr>';
    case 'section':
      return section(show, block, state);
    case 'context':
      return list(block.elements)
        .map((e) => (e.type === 'image' ? image(e) : `<span>${drawText(show, e)}</span>`))
        .join('');
    case 'actions':
      return list(block.elements)
        .map((e) => element(show, e, answerOf(state, block, e)))
        .join('');
    case 'image':
      return `${drawText(show, block.title)}<br>${image(block)}`;
    case 'input':
      return input(show, block, state);
    case 'markdown':
      return markdown(show, str(block.text));
    case 'rich_text':
      return list(block.elements)
        .map((e) => richElement(show, e))
        .join('');
    case 'table':
      return table(show, block);
    default:
      return `<i>${html(block.type)}</i>`;
  }
}

function section(show: Show, block: Block, state: StateValues): string {
  const text = block.text ? `<div>${drawText(show, block.text)}</div>` : '';
  const fields = list(block.fields).map((field) => `<div>${drawText(show, field)}</div>`);
  const grid = fields.length > 0 ? `<div class="fields">${fields.join('')}</div>` : '';
  if (!isObject(block.accessory)) return text + grid;
  const accessory = element(show, block.accessory, answerOf(state, block, block.accessory));
  return `<div class="split"><div class="grow">${text}${grid}</div>${accessory}</div>`;
}

const answerOf = (state: StateValues, block: Block, e: JsonObject): JsonObject | undefined =>
  state[block.block_id ?? '']?.[str(e.action_id)];

function image(e: JsonObject): string {
  return `<img src="${html(str(e.image_url))}" alt="${html(str(e.alt_text))}">`;
}

function element(show: Show, e: JsonObject, answer: JsonObject | undefined): string {
  const { type } = e;
  if (type === 'button' || type === 'workflow_button') {
    return `<button class="${html(str(e.style) || 'default')}">${drawText(show, e.text)}</button>`;
  }
  if (type === 'image') return image(e);
  if (type === 'overflow') return '<button class="default dots">⋯</button>';
  if (type === 'radio_buttons' || type === 'checkboxes') return choices(show, e, answer);
  const shown = entered(show, e, answer);
  const text = shown ?? `<span class="placeholder">${drawText(show, e.placeholder) || '&nbsp;'}</span>`;
  if (str(type).endsWith('_input')) return `<div class="field${e.multiline ? ' tall' : ''}">${text}</div>`;
  return `<div class="field menu">${text}<span class="caret">⌄</span></div>`;
}

/** What stands in the field: entered by the person or preset by the app. */
function entered(show: Show, e: JsonObject, answer: JsonObject | undefined): string | undefined {
  const value = (kind: string): Json | undefined =>
    answer?.[kind === 'value' ? 'value' : `selected_${kind}`] ?? e[`initial_${kind}`];
  const option = value('option');
  if (isObject(option)) return drawText(show, option.text);
  const several = value('options');
  if (Array.isArray(several) && several.length > 0) return chips(list(several).map((o) => drawText(show, o.text)));
  const people = value('users');
  if (Array.isArray(people) && people.length > 0) return chips(people.map((id) => mention(show, String(id))));
  const user = value('user');
  if (typeof user === 'string') return mention(show, user);
  const channel = value('conversation') ?? value('channel');
  if (typeof channel === 'string') return html(`#${show.world.channels.get(channel)?.name ?? channel}`);
  const moment = value('date_time');
  if (typeof moment === 'number')
    return html(new Date(moment * 1000).toLocaleString(show.locale, { timeZone: show.tz }));
  const simple = value('value') ?? value('date') ?? value('time');
  return typeof simple === 'string' && simple !== '' ? plain(simple) : undefined;
}

const chips = (items: string[]): string => items.map((item) => `<span class="chip">${item}</span>`).join(' ');

function choices(show: Show, e: JsonObject, answer: JsonObject | undefined): string {
  const round = e.type === 'radio_buttons';
  const chosen = round
    ? [answer?.selected_option ?? e.initial_option ?? null]
    : list(answer?.selected_options ?? e.initial_options ?? []);
  const values = new Set(chosen.filter(isObject).map((o) => o.value));
  const rows = allOptions(e).map((o) => {
    const mark = values.has(o.value) ? 'on' : '';
    const note = o.description ? `<div class="hint">${drawText(show, o.description)}</div>` : '';
    return `<div class="choice"><i class="${round ? 'radio' : 'box'} ${mark}"></i><div>${drawText(show, o.text)}${note}</div></div>`;
  });
  return `<div class="choices">${rows.join('')}</div>`;
}

function input(show: Show, block: Block, state: StateValues): string {
  const optional =
    block.optional === true
      ? ` <span class="optional">(${show.locale.startsWith('zh') ? '可选' : 'optional'})</span>`
      : '';
  const e = isObject(block.element) ? block.element : {};
  const hint = block.hint ? `<div class="hint">${drawText(show, block.hint)}</div>` : '';
  const field = element(show, e, answerOf(state, block, e));
  return `<label>${drawText(show, block.label)}${optional}</label>${field}${hint}`;
}

function richElement(show: Show, e: JsonObject): string {
  const inside = list(e.elements).map((piece) => richPiece(show, piece));
  switch (e.type) {
    case 'rich_text_list': {
      const tag = e.style === 'ordered' ? 'ol' : 'ul';
      return `<${tag}>${inside.map((item) => `<li>${item}</li>`).join('')}</${tag}>`;
    }
    case 'rich_text_quote':
      return `<blockquote>${inside.join('')}</blockquote>`;
    case 'rich_text_preformatted':
      return `<pre>${inside.join('')}</pre>`;
    default:
      return inside.join('');
  }
}

function richPiece(show: Show, piece: JsonObject): string {
  switch (piece.type) {
    case 'text':
      return wrap(piece.style, plain(str(piece.text)));
    case 'link':
      return wrap(piece.style, `<a>${html(str(piece.text) || str(piece.url))}</a>`);
    case 'user':
      return mention(show, str(piece.user_id));
    case 'usergroup':
      return `<span class="mention">@${html(show.world.usergroups.get(str(piece.usergroup_id))?.handle ?? 'group')}</span>`;
    case 'channel':
      return `<span class="mention">#${html(show.world.channels.get(str(piece.channel_id))?.name ?? '')}</span>`;
    case 'broadcast':
      return `<span class="mention here">@${html(str(piece.range))}</span>`;
    case 'emoji':
      return emojiOf(str(piece.name));
    case 'rich_text_section':
      return richElement(show, piece);
    default:
      return '';
  }
}

function wrap(style: Json | undefined, inner: string): string {
  if (!isObject(style)) return inner;
  const tags = { bold: 'b', italic: 'i', strike: 's', code: 'code' } as const;
  return Object.entries(tags).reduce((out, [name, tag]) => (style[name] ? `<${tag}>${out}</${tag}>` : out), inner);
}

function table(show: Show, block: Block): string {
  const rows = (Array.isArray(block.rows) ? block.rows : []).map((row) => {
    const cells = list(row).map((c) =>
      c.type === 'rich_text'
        ? list(c.elements)
            .map((e) => richElement(show, e))
            .join('')
        : plain(str(c.text)),
    );
    return `<tr>${cells.map((c) => `<td>${c}</td>`).join('')}</tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}
