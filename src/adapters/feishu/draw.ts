import { plain, type Card, type CardAction, type RichText } from '../../conversations/card.ts';
import type { Outgoing } from '../../conversations/platform.ts';
import type { Raw } from '../raw.ts';
import { bold, escapeMarkdown, grey, markdown, oneLine, pageOf, shorten } from './escape.ts';
import { headerOf, headOf, width } from './header.ts';
import { clip, cut, markdownCost, paragraphs, postCost, weigh, wholeOf } from './rich.ts';
import { LIMITS } from './validate-parts.ts';

export interface Drawn {
  readonly msgType: 'post' | 'interactive';
  /** The JSON text that the API wants. */
  readonly content: string;
}

/** A card or buttons need a card of Feishu's; a text is a post, in which nothing that people wrote is read as markup. */
export const kindOf = (what: Outgoing): Drawn['msgType'] =>
  what.card === undefined && buttonsOf(what).length === 0 ? 'post' : 'interactive';

/** A message in Feishu's means, always within its limits. What does not fit is dropped from the end, and a cut text says how much is missing. */
export const drawMessage = (what: Outgoing): Drawn => (kindOf(what) === 'post' ? drawPlain(what) : drawAsCard(what));

/** The same as a card, whatever it is: a message that is a card can become nothing else. */
export const drawAsCard = (what: Outgoing): Drawn => ({
  msgType: 'interactive',
  content: JSON.stringify(drawCard(what)),
});

/** The same as a post: where Feishu (or our own check) refuses the card. Of the buttons only those that open a page are left, as links. */
export const drawPlain = (what: Outgoing): Drawn => {
  const { card } = what;
  const lines: RichText[] = [
    said(what),
    ...(card === undefined
      ? []
      : [
          [{ kind: 'bold' as const, text: card.head }],
          [{ kind: 'bold' as const, text: card.title }],
          ...card.lines,
          ...card.fields.map((field): RichText => [`${oneLine(field.label)}: `, ...field.value]),
        ]),
    ...buttonsOf(what).flatMap(({ label, url }): RichText[] =>
      url === undefined ? [] : [[{ kind: 'link', text: label, url }]],
    ),
    ...(card?.note === undefined ? [] : [card.note]),
  ];
  const shown = lines.filter((line) => plain(line).trim() !== '');
  const whole = shown.flatMap((line, i): RichText => (i === 0 ? line : ['\n', ...line]));
  const content = paragraphs(cut(whole.length === 0 ? ['–'] : whole, MAX_POST, postCost, what));
  return {
    msgType: 'post',
    content: JSON.stringify({ [what.language === 'zh-CN' ? 'zh_cn' : 'en_us']: { title: '', content } }),
  };
};

/** The frame of a post is small; nobody reads on for so long anyway. */
const MAX_POST = LIMITS.bytes - 500;

/** Bytes for the texts, if there is no more important part that needs them. */
const MOST = { text: 12_000, lines: 9_000, linesAtLeast: 4_000, firstButtons: 9_000, note: 2_000 } as const;

/** Each part takes its bytes of what the more important ones have left: the frame, the next steps, what rings, what happened, then the rest. */
const drawCard = (what: Outgoing): Raw => {
  const { card } = what;
  const frame = {
    schema: '2.0',
    config: { update_multi: true, width_mode: 'fill', summary: { content: summaryOf(what) } },
    ...(card === undefined ? {} : { header: headerOf(card) }),
  };
  // A head that is a sentence has the place of the title, which then comes here.
  const title = card === undefined ? null : headOf(card).lead;
  const lead = title === null ? [] : [element(bold(shorten(title, 300)))];
  const note = card?.note === undefined ? [] : drawNote(card.note);
  const sign = paragraph(['…', ...wholeOf(what)]);
  let left = LIMITS.bytes - weigh([frame, ...lead, ...note, sign]) - SEAMS;

  const buttons = buttonsOf(what).slice(0, 25).map(drawButton);
  const first = firstOf(buttons.slice(0, 8), Math.min(left, MOST.firstButtons));
  left -= weigh(first);

  const hasLines = card !== undefined && card.lines.length > 0;
  const words = said(what);
  const most = Math.min(MOST.text, left - (hasLines ? MOST.linesAtLeast : 0));
  const text = markdown(cut(words, most, markdownCost, what));
  left -= weigh(text);

  const lines = wholeLines(card?.lines ?? [], Math.min(MOST.lines, left));
  left -= weigh(lines.text);

  const facts = (card?.fields ?? []).filter(isSaid);
  const drawnFields = drawFields(facts.slice(0, MAX_FIELDS));
  const fields = firstOf(drawnFields, left);
  left -= weigh(fields);
  const later = first.length === 8 ? firstOf(buttons.slice(8), left) : [];

  const dropped = lines.dropped || fields.length < drawnFields.length || facts.length > MAX_FIELDS;
  const elements = [
    ...(text.trim() === '' ? [] : [element(text)]),
    ...lead,
    ...(lines.text === '' ? [] : [element(lines.text)]),
    ...fields,
    ...(dropped ? [sign] : []),
    ...(first.length === 0 ? [] : [row('flow', [...first, ...later])]),
    ...note,
  ];
  return { ...frame, body: { elements: elements.length === 0 ? [paragraph(['–'])] : elements } };
};

/** What stands between the parts: the body, the row of buttons, commas. */
const SEAMS = 500;
const MAX_FIELDS = 20;

/** As many as fit. */
const firstOf = (elements: readonly Raw[], max: number): readonly Raw[] => {
  let left = max;
  const over = elements.findIndex((one) => (left -= weigh(one)) < 0);
  return over < 0 ? elements : elements.slice(0, over);
};

const said = (what: Outgoing): RichText => {
  const author = what.author === undefined ? '' : shorten(what.author.name, 100);
  return [...(author === '' ? [] : [{ kind: 'bold' as const, text: author }, ': ']), ...(what.text ?? [])];
};

/** What a notification shows. Ids of people mean nothing there. */
const summaryOf = (what: Outgoing): string => {
  const { card } = what;
  const words = said(what).filter((part) => typeof part === 'string' || part.kind !== 'mention');
  const all = card === undefined ? plain(words) : [card.head, card.title].filter((part) => part !== '').join(' — ');
  return shorten(all, 120) || '–';
};

/** Whole lines, as many as fit: the most important come first. A single line too long for all is cut. */
const wholeLines = (lines: readonly RichText[], max: number): { readonly text: string; readonly dropped: boolean } => {
  let out = '';
  for (const line of lines) {
    const drawn = markdown(line);
    if (drawn.trim() === '') continue;
    const next = out === '' ? drawn : `${out}\n${drawn}`;
    if (weigh(next) > max)
      return out === ''
        ? { text: markdown(clip(line, max, markdownCost)), dropped: false }
        : { text: out, dropped: true };
    out = next;
  }
  return { text: out, dropped: false };
};

type Field = Card['fields'][number];

/** Two short ones side by side, one that is a sentence across the card: half of a phone's width is too narrow to read one. */
const drawFields = (fields: readonly Field[]): readonly Raw[] => {
  const [first, second, ...rest] = fields;
  if (first === undefined) return [];
  if (second === undefined || !isShort(first) || !isShort(second))
    return [drawField(first), ...drawFields(fields.slice(1))];
  return [
    row('bisect', [column('bisect', drawField(first)), column('bisect', drawField(second))]),
    ...drawFields(rest),
  ];
};

const isSaid = ({ label, value }: Field): boolean => shorten(label + plain(value), 1) !== '';

const isShort = ({ label, value }: Field): boolean =>
  [label, plain(value)].every((text) => width(text) <= 24 && !text.includes('\n'));

const drawField = ({ label, value }: Field): Raw =>
  element(
    [grey(escapeMarkdown(shorten(label, 60))), markdown(clip(value, 4_000, markdownCost))]
      .filter((line) => line.trim() !== '')
      .join('\n') || '–',
  );

/** One line: a colour ends where a paragraph does. */
const drawNote = (note: RichText): readonly Raw[] => {
  const line = note.map((part) => (typeof part === 'string' ? part.replace(/\s+/g, ' ') : part));
  const drawn = markdown(clip(line, MOST.note, markdownCost)).trim();
  return drawn === '' ? [] : [{ ...element(grey(drawn)), text_size: 'notation' }];
};

/** A card's own, else those under a text; without those that say or open nothing. */
const buttonsOf = ({ card, actions }: Outgoing): readonly CardAction[] =>
  (card?.actions.length ? card.actions : (actions ?? [])).filter(
    ({ label, url }) => oneLine(label) !== '' && (url === undefined || pageOf(url) !== null),
  );

const drawButton = ({ action, value, label, style, url }: CardAction): Raw =>
  column('flow', {
    tag: 'button',
    type: style === 'primary' ? 'primary_filled' : (style ?? 'default'),
    text: { tag: 'plain_text', content: shorten(label, 40) },
    behaviors: [
      url === undefined
        ? { type: 'callback', value: { a: action, v: value } }
        : { type: 'open_url', default_url: pageOf(url) },
    ],
  });

/** `flow` goes on in the next line where a phone is too narrow; `bisect` keeps two halves. */
type Mode = 'flow' | 'bisect';

const column = (mode: Mode, inside: Raw): Raw => ({
  tag: 'column',
  ...(mode === 'flow' ? { width: 'auto' } : { width: 'weighted', weight: 1 }),
  elements: [inside],
});

const row = (mode: Mode, columns: readonly Raw[]): Raw => ({
  tag: 'column_set',
  flex_mode: mode,
  horizontal_spacing: '8px',
  columns,
});

const element = (content: string): Raw => ({ tag: 'markdown', content });

const paragraph = (rich: RichText): Raw => element(markdown(rich));
