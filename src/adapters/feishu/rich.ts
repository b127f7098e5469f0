import { plain, type Inline, type RichText } from '../../conversations/card.ts';
import type { Outgoing } from '../../conversations/platform.ts';
import { isPerson, markdown, oneLine, clean, pageOf } from './escape.ts';
import { words } from './words.ts';

/** Bytes of a content (a JSON text) in a request: Feishu's 30 KB are those of the whole request, in which each of its quotation marks takes two. */
export const bytesOf = (content: string): number => Buffer.byteLength(JSON.stringify(content));

/** Bytes of a part of a content. */
export const weigh = (part: unknown): number => bytesOf(JSON.stringify(part)) - 2;

/** How much one part of a text weighs, once drawn. */
export type Cost = (part: Inline) => number;

/** In a card. A bold part may need one more joint before it. */
export const markdownCost: Cost = (part) =>
  weigh(markdown([part])) + (typeof part !== 'string' && part.kind === 'bold' ? 3 : 0);

/** In a post. */
export const postCost: Cost = (part) => weigh(paragraphs([part]));

/** One node of a post's paragraph. Nothing in a `text` is read as markup. */
type Node =
  | { readonly tag: 'text'; readonly text: string; readonly style?: readonly ['bold'] }
  | { readonly tag: 'a'; readonly text: string; readonly href: string }
  | { readonly tag: 'at'; readonly user_id: string }
  | { readonly tag: 'emotion'; readonly emoji_type: string };

/** Keys of its list of emoji that may be gestures. A post is a whole message that Feishu may refuse for one it does not know, so others stand as text. */
const EMOJI: ReadonlySet<string> = new Set(
  (
    'OnIt Get MeMeMe GLANCE SALUTE SaluteFace OK THUMBSUP JIAYI DONE CheckMark LGTM Yes ' +
    'CrossMark MinusOne ThumbsDown No OneSecond Typing Fire Alarm Loudspeaker Pin'
  ).split(' '),
);

/** Rich text as a post's paragraphs: one per line. An empty one is a space, since Feishu knows no paragraph of nothing. */
export const paragraphs = (rich: RichText): readonly (readonly Node[])[] => {
  const all: Node[][] = [[]];
  for (const part of rich) {
    if (typeof part !== 'string') all.at(-1)?.push(...nodes(part));
    else
      for (const [index, line] of clean(part).split('\n').entries()) {
        if (index > 0) all.push([]);
        if (line !== '') all.at(-1)?.push({ tag: 'text', text: line });
      }
  }
  return all.map((nodesOfLine) => (nodesOfLine.length === 0 ? [{ tag: 'text', text: ' ' }] : nodesOfLine));
};

const nodes = (part: Exclude<Inline, string>): readonly Node[] => {
  if (part.kind === 'mention')
    return isPerson(part.user) ? [{ tag: 'at', user_id: part.user }] : nodesOfText(`@${part.user}`);
  if (part.kind === 'instant') return nodesOfText(part.text);
  if (part.kind === 'emoji')
    return EMOJI.has(part.name) ? [{ tag: 'emotion', emoji_type: part.name }] : nodesOfText(part.text);
  if (part.kind === 'bold') return nodesOfText(part.text).map((node) => ({ ...node, style: ['bold'] }));
  const page = pageOf(part.url);
  if (page === null) return nodesOfText(part.text);
  return [{ tag: 'a', text: oneLine(part.text) === '' ? page : oneLine(part.text), href: page }];
};

const nodesOfText = (text: string): readonly { readonly tag: 'text'; readonly text: string }[] => {
  const line = oneLine(text);
  return line === '' ? [] : [{ tag: 'text', text: line }];
};

interface Fitted {
  readonly kept: RichText;
  readonly rest: RichText;
}

/** As much of a text as `max` bytes hold. Cuts inside plain text only; a part too long for an empty place becomes plain text. */
const fit = (rich: RichText, max: number, cost: Cost): Fitted => {
  const kept: Inline[] = [];
  let left = max;
  for (const [index, part] of rich.entries()) {
    // Nothing weighs less than a byte a character: a long paste need not be drawn to see that it is too long.
    const weight = plain([part]).length > left ? Infinity : cost(part);
    if (weight <= left) {
      kept.push(part);
      left -= weight;
      continue;
    }
    const later = rich.slice(index + 1);
    if (typeof part !== 'string' && kept.length > 0) return { kept, rest: [part, ...later] };
    const source = plain([part]);
    const taken = beginning(source, left, cost);
    return { kept: taken === '' ? kept : [...kept, taken], rest: [source.slice(taken.length), ...later] };
  }
  return { kept, rest: [] };
};

/** The longest beginning that weighs no more than `room`; a line's end near it is the better place to cut. */
const beginning = (source: string, room: number, cost: Cost): string => {
  let [low, high] = [0, Math.max(0, Math.min(source.length, room))];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (cost(source.slice(0, middle)) <= room) low = middle;
    else high = middle - 1;
  }
  const line = source.lastIndexOf('\n', low - 1) + 1;
  const end = low < source.length && line > low * 0.8 ? line : low;
  return source.slice(0, /[\uD800-\uDBFF]/.test(source.charAt(end - 1)) && end < source.length ? end - 1 : end);
};

/** Cut to `max`, with an ellipsis. */
export const clip = (rich: RichText, max: number, cost: Cost): RichText => {
  if (fit(rich, max, cost).rest.length === 0) return rich;
  return [...fit(rich, max - cost('…'), cost).kept, '…'];
};

/** Cut to `max`, saying honestly how much is missing and where it is. */
export const cut = (rich: RichText, max: number, cost: Cost, what: Outgoing): RichText => {
  if (fit(rich, max, cost).rest.length === 0) return rich;
  const sign = (characters: number): RichText => [words(what.language).missing(characters), ...wholeOf(what)];
  const room = max - [...sign(99_999_999), '\n'].reduce((sum, part) => sum + cost(part), 0);
  const { kept, rest } = fit(rich, room, cost);
  const last = kept.at(-1);
  const between = last === undefined || (typeof last === 'string' && last.endsWith('\n')) ? '' : '\n';
  return [...kept, between, ...sign(plain(rest).length)];
};

/** A link to the page with the whole of it, where there is one. */
export const wholeOf = ({ more, language }: Outgoing): RichText =>
  more === undefined || pageOf(more) === null ? [] : [' ', { kind: 'link', text: words(language).whole, url: more }];
