import * as tags from './cardTags.ts';
import { isObject } from './types.ts';
import type { Json, JsonObject } from './types.ts';

/** A component of a card people can act on, and the form it is in. */
export type Placed = { element: JsonObject; form: JsonObject | undefined };
export type CardButton = {
  text: string;
  value: JsonObject;
  name: string;
  type: string;
  disabled: boolean;
  url: string;
};

/** Everything people can press, choose or fill in, in order. */
export function placed(card: JsonObject): Placed[] {
  const walk = (value: Json | undefined, form: JsonObject | undefined): Placed[] => {
    if (Array.isArray(value)) return value.flatMap((inner) => walk(inner, form));
    if (!isObject(value)) return [];
    if (value.tag === 'button' || value.tag === 'overflow' || tags.fields.has(String(value.tag))) {
      return [{ element: value, form }];
    }
    const inside = value.tag === 'form' ? value : form;
    return [...walk(value.elements, inside), ...walk(value.columns, inside)];
  };
  return walk(bodyOf(card), undefined);
}

export const buttonsOf = (card: JsonObject): CardButton[] =>
  placed(card)
    .filter(({ element }) => element.tag === 'button')
    .map(({ element }) => ({
      text: plain(element.text),
      value: valueOf(element),
      name: typeof element.name === 'string' ? element.name : '',
      type: typeof element.type === 'string' ? element.type : 'default',
      disabled: element.disabled === true,
      url: String(behaviour(element, 'open_url')?.default_url ?? ''),
    }));

/** What the app gets back when it is pressed. */
export function valueOf(element: JsonObject): JsonObject {
  const own = behaviour(element, 'callback')?.value ?? element.value;
  return isObject(own) ? own : {};
}

export function behaviour(element: JsonObject, type: string): JsonObject | undefined {
  const all = Array.isArray(element.behaviors) ? element.behaviors : [];
  return all.filter(isObject).find((one) => one.type === type);
}

/** A card as one reads it: header, tags, lines, `[buttons]`, `{fields}`; markdown as it was sent. */
export function cardText(card: JsonObject): string {
  const header = isObject(card.header) ? card.header : {};
  const marks = Array.isArray(header.text_tag_list) ? header.text_tag_list.filter(isObject) : [];
  const head = [plain(header.title), ...marks.map((mark) => `〔${plain(mark.text)}〕`)].filter((part) => part !== '');
  return [head.join(' '), plain(header.subtitle), ...lines(bodyOf(card))].filter((line) => line !== '').join('\n');
}

function lines(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(lines);
  if (!isObject(value)) return [];
  switch (value.tag) {
    case 'markdown':
      return [decoded(String(value.content))];
    case 'div': {
      const fields = Array.isArray(value.fields) ? value.fields.filter(isObject) : [];
      return [plain(value.text), ...fields.map((field) => plain(field.text))];
    }
    case 'hr':
      return ['---'];
    case 'button':
      return [`[${plain(value.text)}]`];
    case 'column_set':
      return [row(value.columns)];
    case 'collapsible_panel':
      return [plain(isObject(value.header) ? value.header.title : undefined), ...lines(value.elements)];
    case undefined:
    case 'form':
    case 'interactive_container':
      return lines(value.elements);
    default:
      return tags.fields.has(String(value.tag)) ? [field(value)] : [`(${String(value.tag)})`];
  }
}

/** Entities as the client shows them; marks and tags stay as they were sent. */
const decoded = (markdown: string): string =>
  markdown
    .replace(/\u200B|\u200C|\u200D|\u2060/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&#(\d{1,6});/g, (_all, code: string) => String.fromCodePoint(Number(code)));

/** Columns stand side by side. */
function row(columns: Json | undefined): string {
  const cells = Array.isArray(columns) ? columns.filter(isObject) : [];
  return cells.map((column) => lines(column.elements).join('\n')).join(' ');
}

function field(element: JsonObject): string {
  const label = [plain(element.label), plain(element.placeholder), String(element.name ?? '')].find(
    (part) => part !== '',
  );
  const options = Array.isArray(element.options) ? element.options.filter(isObject).map((one) => plain(one.text)) : [];
  return `{${label ?? ''}${options.length > 0 ? `: ${options.join(' | ')}` : ''}}`;
}

export function plain(text: Json | undefined): string {
  return isObject(text) && typeof text.content === 'string' ? text.content : '';
}

const bodyOf = (card: JsonObject): Json | undefined => (isObject(card.body) ? card.body.elements : undefined);

/** What the API and other apps get instead of the card's JSON: a title, and lines of texts and buttons. */
export function simplified(card: JsonObject): JsonObject {
  const header = isObject(card.header) ? card.header : {};
  const body = lines(bodyOf(card)).filter((line) => line !== '');
  return { title: plain(header.title), elements: body.map((text) => [simpleElement(text)]) };
}

function simpleElement(line: string): JsonObject {
  const button = /^\[([^\]]*)\]$/.exec(line)?.[1];
  return button === undefined ? { tag: 'text', text: line } : { tag: 'button', text: button, type: 'default' };
}
