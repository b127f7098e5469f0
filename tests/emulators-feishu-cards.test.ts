import { describe, expect, it } from 'vitest';
import { buttonsOf, cardProblem, cardText } from './emulators/feishu/index.ts';
import type { JsonObject } from './emulators/feishu/index.ts';

const plain = (content: string): JsonObject => ({ tag: 'plain_text', content });
const markdown = (content: string): JsonObject => ({ tag: 'markdown', content });
const button = (more: JsonObject = {}): JsonObject => ({ tag: 'button', text: plain('认领'), ...more });
const columns = (elements: JsonObject[]): JsonObject => ({ tag: 'column_set', columns: [{ tag: 'column', elements }] });
const submit = (name: string): JsonObject => button({ name, form_action_type: 'submit' });
const form = (elements: JsonObject[]): JsonObject => ({ tag: 'form', name: 'f', elements });

const card = (elements: JsonObject[], more: JsonObject = {}): JsonObject => ({
  schema: '2.0',
  body: { elements },
  ...more,
});
const codeOf = (value: JsonObject): number | undefined => cardProblem(JSON.stringify(value))?.code;
const header = (more: JsonObject): JsonObject => card([], { header: { title: plain('ITR-1'), ...more } });

const nested = (depth: number): JsonObject => (depth === 0 ? markdown('innen') : columns([nested(depth - 1)]));

describe('the rules for cards', () => {
  it.each<[string, JsonObject]>([
    ['an empty one', card([])],
    ['200 elements', card(Array.from({ length: 200 }, (_, n) => markdown(String(n))))],
    ['containers nested five deep', card([nested(5)])],
    [
      'three tags behind the title',
      header({
        text_tag_list: Array.from({ length: 3 }, () => ({ tag: 'text_tag', text: plain('P1'), color: 'red' })),
      }),
    ],
    ['an element_id of 20 characters', card([{ ...markdown('x'), element_id: `a${'1'.repeat(19)}` }])],
    ['a button that calls back with an object', card([button({ behaviors: [{ type: 'callback', value: { a: 1 } }] })])],
    [
      'a button that carries a tag of its own in its value',
      card([button({ behaviors: [{ type: 'callback', value: { tag: 'note' } }] })]),
    ],
    ['a form at the root', card([form([{ tag: 'input', name: 'a' }, columns([submit('s')])])])],
    ['a shared one', card([], { config: { update_multi: true } })],
  ])('let pass %s', (_name, value) => {
    expect(cardProblem(JSON.stringify(value))).toBeUndefined();
  });

  it.each<[string, number, JsonObject]>([
    ['schema 1.0', 11311, { elements: [] }],
    ['201 elements', 11310, card(Array.from({ length: 201 }, (_, n) => markdown(String(n))))],
    ['texts, when with them there are 201', 11310, card(Array.from({ length: 101 }, () => button()))],
    ['containers nested six deep', 11311, card([nested(6)])],
    ['action', 200861, card([{ tag: 'action', actions: [] }])],
    ['note', 200861, card([columns([{ tag: 'note', elements: [] }])])],
    ['a tag nobody knows', 200861, card([{ tag: 'marquee' }])],
    ['an unknown property at the root', 11311, card([], { elements: [] })],
    ['a card that is not shared', 11311, card([], { config: { update_multi: false } })],
    ['a colour that is none', 11311, header({ template: 'pink' })],
    [
      'four tags behind the title',
      11311,
      header({ text_tag_list: Array.from({ length: 4 }, () => ({ tag: 'text_tag', text: plain('P1') })) }),
    ],
    ['an element_id of 21 characters', 11311, card([{ ...markdown('x'), element_id: `a${'1'.repeat(20)}` }])],
    [
      'an element_id that is there twice',
      11311,
      card([
        { ...markdown('x'), element_id: 'a' },
        { ...markdown('y'), element_id: 'a' },
      ]),
    ],
    [
      'a button that calls back with a text',
      11311,
      card([button({ behaviors: [{ type: 'callback', value: 'claim' }] })]),
    ],
    ['an unknown type of button', 11311, card([button({ type: 'huge' })])],
    ['a form within another element', 11311, card([columns([form([submit('s')])])])],
    ['a form without a submit button', 11311, card([form([{ tag: 'input', name: 'a' }])])],
    ['a field without a name', 11311, card([form([{ tag: 'input' }, submit('s')])])],
    [
      'two fields with one name',
      11311,
      card([form([{ tag: 'input', name: 'a' }, { tag: 'input', name: 'a' }, submit('s')])]),
    ],
    [
      'two options with one value',
      11311,
      card([
        {
          tag: 'select_static',
          options: [
            { text: plain('a'), value: '1' },
            { text: plain('b'), value: '1' },
          ],
        },
      ]),
    ],
    ['an option without a value', 11311, card([{ tag: 'select_static', options: [{ text: plain('a'), value: '' }] }])],
  ])('refuse %s', (_name, code, value) => {
    expect(codeOf(value)).toBe(code);
  });

  it('refuse what is no JSON', () => {
    expect(cardProblem('{"schema":')?.code).toBe(200621);
  });

  it('say where the trouble is', () => {
    const value = card([markdown('x'), columns([{ tag: 'note', elements: [] }])]);
    expect(cardProblem(JSON.stringify(value))?.message).toContain(
      'ROOT -> body -> elements -> [1](tag: column_set) -> columns -> [0] -> elements -> [0](tag: note)',
    );
  });
});

describe('a card on the screen', () => {
  const shown = card(
    [
      markdown('**支付超时**'),
      columns([
        button({ behaviors: [{ type: 'callback', value: { a: 'claim' } }] }),
        button({ text: plain('更多'), disabled: true }),
      ]),
      form([
        { tag: 'select_static', name: 'p', placeholder: plain('级别'), options: [{ text: plain('P1'), value: '1' }] },
        submit('s'),
      ]),
    ],
    { header: { title: plain('ITR-12'), text_tag_list: [{ tag: 'text_tag', text: plain('P1') }] } },
  );

  it('reads as lines, with its buttons and fields', () => {
    expect(cardText(shown)).toBe('ITR-12 〔P1〕\n**支付超时**\n[认领]\n[更多]\n{级别: P1}\n[认领]');
  });

  it('says what its buttons carry', () => {
    expect(buttonsOf(shown).map(({ text, value, disabled, name }) => [text, value, disabled, name])).toEqual([
      ['认领', { a: 'claim' }, false, ''],
      ['更多', {}, true, ''],
      ['认领', {}, false, 's'],
    ]);
  });
});
