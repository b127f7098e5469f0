import type { ActionsBlock, Button, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import { plain, type Card, type CardAction, type RichText, type Tone } from '../../conversations/card.ts';
import type { Outgoing } from '../../conversations/platform.ts';
import type { Language } from '../../domain/words.ts';
import { actionIds } from './actions.ts';
import { bold, escape, fit, isPage, link, mrkdwn, shorten } from './escape.ts';
import { characters } from './validate.ts';

export interface Drawn {
  /** Shown where there are no blocks; else in notifications and by screen readers. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** chat.update refuses more; chat.postMessage cuts silently at 40,000, and nobody reads that far. */
export const MAX_EDIT_TEXT = 4_000;
export const MAX_SEND_TEXT = 12_000;

/**
 * All blocks of a message together may hold about 13,200 characters (`msg_blocks_too_long`), although each alone is legal. Without fields the parts
 * below stay under it at their worst (text 2,900, head and title 2,300, lines 2,900, note 600, buttons 1,900); fields are left out until it holds.
 */
const MAX_TOTAL = 13_000;
const MAX_SECTION = 2_900;
const MAX_BUTTONS = 25;
const MAX_FIELDS = 10;

const MARKS: Readonly<Record<Tone, string>> = {
  neutral: '',
  info: '🔵 ',
  warning: '🟠 ',
  danger: '🔴 ',
  success: '🟢 ',
};

/** A message in Slack's means. What does not fit is dropped from the end, and a cut text says how much is missing. */
export const drawMessage = (what: Outgoing, maxText = MAX_SEND_TEXT): Drawn => {
  const words: RichText = [...said(what), ...(what.text ?? [])];
  const { card } = what;
  const actions = card?.actions.length ? card.actions : (what.actions ?? []);
  // Without blocks Slack keeps a long text in one piece and folds it by itself.
  if (card === undefined && actions.length === 0) return { text: cut(words, maxText, what), blocks: [] };
  const draw = (fields: number): KnownBlock[] => [
    ...sections(words, card === undefined ? 3 * MAX_SECTION : MAX_SECTION, what),
    ...(card === undefined ? [] : drawCard(card, fields)),
    ...drawActions(actions),
    ...(card?.note === undefined || plain(card.note).trim() === '' ? [] : [context(clip(card.note, 600))]),
  ];
  let fields = MAX_FIELDS;
  let blocks = draw(fields);
  while (fields > 0 && characters(blocks) > MAX_TOTAL) blocks = draw((fields -= 1));
  return { text: fallback(words, card, maxText), blocks };
};

/** The same without any block: when Slack (or our own check) refuses them. */
export const drawPlain = (what: Outgoing, maxText = MAX_SEND_TEXT): Drawn => {
  const { card } = what;
  const lines: RichText[] = [
    [...said(what), ...(what.text ?? [])],
    ...(card === undefined
      ? []
      : [
          [`${MARKS[card.tone]}${card.head}`],
          [{ kind: 'bold' as const, text: card.title }],
          ...card.lines,
          ...card.fields.map((field): RichText => [`${field.label}: `, ...field.value]),
          ...(card.note === undefined ? [] : [card.note]),
        ]),
  ];
  const whole = lines
    .filter((line) => plain(line) !== '')
    .flatMap((line, i): RichText => (i === 0 ? line : ['\n', ...line]));
  return { text: cut(whole, maxText, what), blocks: [] };
};

const said = (what: Outgoing): RichText =>
  what.author === undefined ? [] : [{ kind: 'bold', text: what.author.name }, ': '];

const fallback = (words: RichText, card: Card | undefined, maxText: number): string => {
  const [first, last] = [clip(words, maxText - 1_300), card === undefined ? '' : `${card.head} — ${card.title}`];
  return [first, escape(shorten(last, 250))].filter((part) => part.trim() !== '').join('\n');
};

const drawCard = (card: Card, maxFields: number): KnownBlock[] => {
  const head = [bold(shorten(card.head, 150)), bold(shorten(card.title, 300))].filter((part) => part !== '').join('\n');
  const lines = joined(card.lines);
  const fields = card.fields
    .slice(0, maxFields)
    .map((field) => markdown(`${bold(shorten(field.label, 50))}\n${clip(field.value, 300)}`));
  return [
    ...(head === '' ? [] : [section(`${MARKS[card.tone]}${head}`)]),
    ...(lines === '' ? [] : [section(lines)]),
    ...(fields.length === 0 ? [] : [{ type: 'section' as const, fields }]),
  ];
};

/** Whole lines, as many as fit: the most important come first. A single line too long for all is cut. */
const joined = (lines: readonly RichText[]): string => {
  let out = '';
  for (const line of lines) {
    const next = (out === '' ? '' : `${out}\n`) + mrkdwn(line);
    if (next.length > MAX_SECTION) return out === '' ? clip(line, MAX_SECTION) : `${out}\n…`;
    out = next;
  }
  return out;
};

export const drawActions = (actions: readonly CardAction[]): ActionsBlock[] => {
  const usable = actions.filter(isUsable).slice(0, MAX_BUTTONS);
  const ids = actionIds(usable.map((action) => (action.url === undefined ? action.action : null)));
  if (usable.length === 0) return [];
  return [
    { type: 'actions', elements: usable.map((action, index) => drawButton(action, ids[index] ?? action.action)) },
  ];
};

const isUsable = ({ label, url }: CardAction): boolean =>
  label !== '' && (url === undefined || (isPage(url) && url.length <= 3_000));

const drawButton = (action: CardAction, id: string): Button => ({
  type: 'button',
  text: { type: 'plain_text', text: shorten(action.label, 75), emoji: true },
  action_id: id,
  ...(action.value === '' ? {} : { value: action.value.slice(0, 2_000) }),
  ...(action.style === undefined ? {} : { style: action.style }),
  ...(action.url === undefined ? {} : { url: action.url }),
});

const sections = (words: RichText, max: number, what: Outgoing): SectionBlock[] => {
  const out: SectionBlock[] = [];
  let [rest, left] = [words, max];
  while (plain(rest).trim() !== '' && left > 0) {
    const last = left <= MAX_SECTION;
    const part = fit(rest, MAX_SECTION);
    const shown = last ? cut(rest, MAX_SECTION, what) : part.text;
    if (shown.trim() !== '') out.push(section(shown));
    if (last) break;
    [rest, left] = [part.rest, left - MAX_SECTION];
  }
  return out;
};

/** Cut to `max`, saying honestly what is missing and where it is. */
const cut = (words: RichText, max: number, what: Outgoing): string => {
  const whole = fit(words, max);
  if (whole.rest.length === 0) return whole.text;
  const room = max - missing(what.language, 99_999_999, what.more).length;
  const part = fit(words, room);
  return part.text + missing(what.language, plain(part.rest).length, what.more);
};

const missing = (language: Language, characters: number, more: string | undefined): string => {
  const count = characters.toLocaleString('en-US');
  const page = more === undefined ? null : link('', more);
  return language === 'zh-CN'
    ? `\n…(还有 ${count} 个字符${page === null ? '' : `,见 ${page}`})`
    : `\n… (${count} more characters${page === null ? '' : `, see ${page}`})`;
};

const clip = (words: RichText, max: number): string => {
  const part = fit(words, max - 1);
  return part.rest.length === 0 ? part.text : `${part.text}…`;
};

/** `verbatim`: else Slack would look for channel and user names in what people wrote, and link them. */
const markdown = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

export const section = (text: string): SectionBlock => ({ type: 'section', text: markdown(text) });

export const context = (text: string): KnownBlock => ({ type: 'context', elements: [markdown(text)] });

export const header = (text: string): KnownBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: shorten(text, 150), emoji: true },
});

export const paragraph = (words: RichText): SectionBlock => section(clip(words, MAX_SECTION));
