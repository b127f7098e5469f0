import { describe, expect, it } from 'vitest';
import { checkMessage, checkView, LIMITS } from '../../../src/adapters/slack/validate.ts';

const x = (n: number): string => 'x'.repeat(n);
const plain = (text: string) => ({ type: 'plain_text', text });
const markdown = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: markdown(text) });
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const options = (n: number, more: object = {}) =>
  Array.from({ length: n }, (_, i) => ({ text: plain(`o${i}`), value: `v${i}`, ...more }));
const input = (element: object) => ({ type: 'input', label: plain('L'), element });
const many = (n: number, make: (i: number) => object) => Array.from({ length: n }, (_, i) => make(i));

/** What is allowed just so, and what is one too much. */
const edges: [string, (n: number) => object, number][] = [
  ['text of a section', (n) => section(x(n)), 3_000],
  ['a field', (n) => ({ type: 'section', fields: [markdown(x(n))] }), 2_000],
  ['fields', (n) => ({ type: 'section', fields: many(n, () => markdown('x')) }), 10],
  ['a header', (n) => ({ type: 'header', text: plain(x(n)) }), 150],
  ['elements of a context', (n) => ({ type: 'context', elements: many(n, () => markdown('x')) }), 10],
  ['buttons', (n) => actions(...many(n, (i) => button({ action_id: `a${i}` }))), 25],
  ['a block_id', (n) => ({ ...section('x'), block_id: x(n) }), 255],
  ['an action_id', (n) => actions(button({ action_id: x(n) })), 255],
  ['a button’s text', (n) => actions(button({ text: plain(x(n)) })), 75],
  ['a button’s value', (n) => actions(button({ value: x(n) })), 2_000],
  ['a button’s url', (n) => actions(button({ url: x(n) })), 3_000],
  ['options of a select', (n) => input({ type: 'static_select', options: options(n) }), 100],
  ['radio buttons', (n) => input({ type: 'radio_buttons', options: options(n) }), 10],
  ['an overflow menu', (n) => actions({ type: 'overflow', options: options(n) }), 5],
  ['an option’s text', (n) => input({ type: 'static_select', options: options(1, { text: plain(x(n)) }) }), 75],
  ['an option’s value', (n) => input({ type: 'static_select', options: options(1, { value: x(n) }) }), 150],
  ['a description', (n) => input({ type: 'static_select', options: options(1, { description: plain(x(n)) }) }), 75],
  ['a placeholder', (n) => input({ type: 'plain_text_input', placeholder: plain(x(n)) }), 150],
  ['a first value', (n) => input({ type: 'plain_text_input', initial_value: x(n) }), 3_000],
  [
    'a first value under its own limit',
    (n) => input({ type: 'plain_text_input', max_length: 10, initial_value: x(n) }),
    10,
  ],
  ['a label', (n) => ({ ...input({ type: 'plain_text_input' }), label: plain(x(n)) }), 2_000],
  ['a hint', (n) => ({ ...input({ type: 'plain_text_input' }), hint: plain(x(n)) }), 2_000],
  ['an image’s description', (n) => ({ type: 'image', image_url: 'https://x', alt_text: x(n) }), 2_000],
  ['a markdown block', (n) => ({ type: 'markdown', text: x(n) }), 12_000],
];

describe('at the limit', () => {
  it.each(edges)('%s', (_, make, limit) => {
    expect(checkMessage({ text: 'x', blocks: [make(limit)] })).toEqual([]);
    const wrong = checkMessage({ text: 'x', blocks: [make(limit + 1)] });
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toMatch(/^\/blocks\/0/);
    expect(wrong[0]).toContain(String(limit + 1));
  });

  it('50 blocks in a message, 100 in a view', () => {
    expect(checkMessage({ text: 'x', blocks: many(50, () => section('x')) })).toEqual([]);
    expect(checkMessage({ text: 'x', blocks: many(51, () => section('x')) })).toEqual([
      '/blocks: 51 blocks, at most 50',
    ]);
    expect(checkView({ type: 'home', blocks: many(100, () => section('x')) })).toEqual([]);
    expect(checkView({ type: 'home', blocks: many(101, () => section('x')) })).toHaveLength(1);
  });

  it('13,200 characters in all blocks together, although each alone is legal', () => {
    const four = many(4, () => section(x(3_000)));
    expect(checkMessage({ text: 'x', blocks: [...four, section(x(1_200))] })).toEqual([]);
    expect(checkMessage({ text: 'x', blocks: [...four, section(x(1_201))] })).toHaveLength(1);
  });

  it('4,000 characters in an edited text', () => {
    expect(checkMessage({ text: x(4_000) }, { text: LIMITS.message.editText })).toEqual([]);
    expect(checkMessage({ text: x(4_001) }, { text: LIMITS.message.editText })).toHaveLength(1);
  });

  it('24 characters in a modal’s title and buttons, 3,000 in its private metadata', () => {
    const view = (n: number, m: number) => ({
      type: 'modal',
      title: plain(x(n)),
      submit: plain(x(n)),
      close: plain(x(n)),
      private_metadata: x(m),
      blocks: [section('x')],
    });
    expect(checkView(view(24, 3_000))).toEqual([]);
    expect(checkView(view(25, 3_001))).toHaveLength(4);
  });
});

describe('what Slack refuses', () => {
  it.each<[string, object, string]>([
    ['an empty text', section(''), 'empty'],
    ['a section of nothing', { type: 'section' }, 'neither text nor fields'],
    ['mrkdwn in a header', { type: 'header', text: markdown('x') }, 'not plain_text'],
    ['no buttons', actions(), 'empty'],
    ['two equal action_ids in one block', actions(button(), button()), 'used twice'],
    ['an unknown style', actions(button({ style: 'blue' })), 'unknown: blue'],
    ['an unknown block', { type: 'banner' }, 'unknown: banner'],
    ['an unknown element', actions({ type: 'slider' }), 'unknown: slider'],
    ['no options', input({ type: 'static_select', options: [] }), 'empty'],
    ['a choice that is none', input({ type: 'static_select', options: options(1), initial_option: {} }), 'not among'],
    ['an option without value', input({ type: 'static_select', options: [{ text: plain('x') }] }), 'missing'],
    ['an image without description', { type: 'image', image_url: 'https://x' }, 'missing'],
  ])('%s', (_, block, wrong) => {
    expect(checkMessage({ text: 'x', blocks: [block] }).join()).toContain(wrong);
  });

  it('a message without fallback text', () => {
    expect(checkMessage({ text: ' ', blocks: [section('x')] })).toEqual(['/text: no fallback text']);
  });

  it('two equal block_ids', () => {
    const block = { ...section('x'), block_id: 'a' };
    expect(checkMessage({ text: 'x', blocks: [block, block] })).toEqual(['/blocks/1/block_id: used twice']);
  });

  it('inputs without a submit button', () => {
    const view = { type: 'modal', title: plain('x'), blocks: [input({ type: 'plain_text_input' })] };
    expect(checkView(view)).toEqual(['/submit: needed where there are inputs']);
  });

  it('what is no view at all', () => {
    expect(checkView(null)).toHaveLength(1);
    expect(checkView({ type: 'workflow_step', blocks: [1] })).toHaveLength(2);
  });
});
