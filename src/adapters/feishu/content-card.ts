import { isRaw, text, type Raw } from '../raw.ts';
import { linked } from './content-post.ts';
import type { Names } from './mentions.ts';

/** Deeper than any card may be; JSON may be deeper than the stack. */
const DEEPEST = 20;

/** Where the words of a card stand: as Feishu gives a received card (paragraphs of simple elements), and as cards 1.0 and 2.0 are sent. */
const INSIDE = ['header', 'title', 'subtitle', 'text', 'content', 'body', 'elements', 'columns', 'fields', 'actions'];

/** What a card says to people; empty: nothing but pictures and controls. */
export const cardWords = (card: Raw, names: Names): string =>
  lines(card, names, 0)
    .filter((line) => line.trim() !== '')
    .join('\n');

const lines = (node: unknown, names: Names, depth: number): readonly string[] => {
  if (depth > DEEPEST) return [];
  if (typeof node === 'string') return [names.markdown(node)];
  if (Array.isArray(node))
    return node.flatMap((one: unknown) => {
      const inside = lines(one, names, depth + 1);
      return Array.isArray(one) ? [inside.join('')] : inside;
    });
  if (!isRaw(node)) return [];
  switch (node['tag']) {
    case 'at':
      return [names.person(text(node, 'user_id') ?? '', text(node, 'user_name'))];
    case 'a':
      return [linked(names.markdown(text(node, 'text') ?? ''), names.markdown(text(node, 'href') ?? ''))];
    case 'button':
      return [`[${lines(node['text'], names, depth + 1).join('')}]`];
    case 'img':
    case 'select_static':
    case 'overflow':
      return [];
    default:
      return INSIDE.flatMap((key) => lines(node[key], names, depth + 1));
  }
};
