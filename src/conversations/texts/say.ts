import type { Inline, RichText } from '../card.ts';

type Part = Inline | RichText | number;

const isRich = (part: Part): part is RichText => Array.isArray(part);

/** Writes a sentence with people, links and instants in it: say`${who} has ${'ITR-7'}`. Neighbouring strings become one. */
export const say = (strings: TemplateStringsArray, ...parts: readonly Part[]): RichText =>
  together(strings.flatMap((text, index) => [text, ...asInlines(parts[index])]));

const asInlines = (part: Part | undefined): RichText =>
  part === undefined ? [] : typeof part === 'number' ? [String(part)] : isRich(part) ? part : [part];

const together = (parts: RichText): RichText => {
  const joined: Inline[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined;
};

export const join = (pieces: readonly (Inline | RichText)[], between: string): RichText =>
  together(pieces.flatMap((piece, index) => [...(index === 0 ? [] : [between]), ...asInlines(piece)]));

export const bold = (text: string): Inline => ({ kind: 'bold', text });

const segmenter = new Intl.Segmenter();

/** Long words of users must not push what matters out of a message; cut between characters as people see them, not inside an emoji. */
export const cut = (text: string, length: number): string => {
  const oneLine = text.replace(/\s+/g, ' ').trim();
  if (oneLine.length <= length) return oneLine;
  let kept = '';
  for (const { segment } of segmenter.segment(oneLine)) {
    if (kept.length + segment.length >= length) break;
    kept += segment;
  }
  return `${kept}…`;
};
