import type { Card, Tone } from '../../conversations/card.ts';
import type { Raw } from '../raw.ts';
import { oneLine, shorten } from './escape.ts';

const TEMPLATES: Readonly<Record<Tone, string>> = {
  neutral: 'grey',
  info: 'blue',
  warning: 'orange',
  danger: 'red',
  success: 'green',
};

/** As everywhere in the product: red, orange, blue, grey. */
const SEVERITIES: Readonly<Record<string, string>> = { S1: 'red', S2: 'orange', S3: 'blue', S4: 'neutral' };

interface Head {
  readonly title: string;
  readonly subtitle: string;
  readonly severity: string | null;
  readonly state: string | null;
  /** The card's title, where the head took its place. */
  readonly lead: string | null;
}

/**
 * `ITR-128 · 故障 · S1 · 待认领 · 魏伟` becomes the title's number, two tags that are seen from afar, and a line of the rest. A short head is the line
 * below the title; a long one would be cut there, so it is the title itself.
 */
export const headOf = (card: Card): Head => {
  const [head, title] = [oneLine(card.head), oneLine(card.title)];
  const [id = '', ...rest] = head.split(' · ');
  if (/^[A-Z]{2,10}-\d+$/.test(id)) {
    const at = rest.findIndex((part) => /^S[1-4](?![0-9A-Za-z])/.test(part));
    return {
      title: title === '' || title === id ? id : `${id} · ${title}`,
      subtitle: (at < 0 ? rest : [...rest.slice(0, at), ...rest.slice(at + 2)]).join(' · '),
      severity: rest[at] ?? null,
      state: at < 0 ? null : (rest[at + 1] ?? null),
      lead: null,
    };
  }
  const isLong = width(head) > 24 && title !== '';
  return {
    title: (isLong ? head : title || head) || '–',
    subtitle: isLong || title === '' ? '' : head,
    severity: null,
    state: null,
    lead: isLong ? title : null,
  };
};

export const headerOf = (card: Card): Raw => {
  const { title, subtitle, severity, state } = headOf(card);
  const tags = [
    ...(severity === null ? [] : [tag(severity, SEVERITIES[severity.slice(0, 2)] ?? 'neutral')]),
    ...(state === null || state === '' ? [] : [tag(state, STATES[card.tone])]),
  ];
  return {
    title: { tag: 'plain_text', content: shorten(title, 200) },
    ...(subtitle === '' ? {} : { subtitle: { tag: 'plain_text', content: shorten(subtitle, 100) } }),
    template: TEMPLATES[card.tone],
    ...(tags.length === 0 ? {} : { text_tag_list: tags }),
  };
};

/** The severity has the loud colours for itself. */
const STATES: Readonly<Record<Tone, string>> = {
  neutral: 'neutral',
  info: 'blue',
  warning: 'blue',
  danger: 'blue',
  success: 'green',
};

const tag = (text: string, color: string): Raw => ({
  tag: 'text_tag',
  text: { tag: 'plain_text', content: shorten(text, 30) },
  color,
});

/** In halves of a Chinese character. */
export const width = (text: string): number => [...text].reduce((sum, c) => sum + (c > '\u2e7f' ? 2 : 1), 0);
