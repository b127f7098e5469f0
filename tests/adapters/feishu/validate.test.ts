import { describe, expect, it } from 'vitest';
import { checkCard, checkContent } from '../../../src/adapters/feishu/validate.ts';

const x = (n: number): string => 'x'.repeat(n);
const plain = (content: string) => ({ tag: 'plain_text', content });
const markdown = (content: string, more: object = {}) => ({ tag: 'markdown', content, ...more });
const button = (more: object = {}) => ({ tag: 'button', text: plain('Go'), ...more });
const columns = (...elements: object[]) => ({
  tag: 'column_set',
  flex_mode: 'flow',
  columns: elements.map((element) => ({ tag: 'column', width: 'auto', elements: [element] })),
});
const many = (n: number, make: (i: number) => object) => Array.from({ length: n }, (_, i) => make(i));
const card = (elements: readonly unknown[], more: object = {}) => ({
  schema: '2.0',
  config: { update_multi: true, width_mode: 'fill', summary: { content: 's' } },
  body: { elements },
  ...more,
});
const header = (more: object = {}) => ({ title: plain('t'), template: 'red', ...more });
const tag = (text: string) => ({ tag: 'text_tag', text: plain(text), color: 'red' });
const submit = (more: object = {}) => button({ name: 'go', form_action_type: 'submit', ...more });
const form = (...elements: object[]) => ({ tag: 'form', name: 'form', elements: [...elements, submit()] });
const input = (more: object = {}) => ({ tag: 'input', name: 'a', input_type: 'text', ...more });
const select = (more: object = {}) => ({
  tag: 'select_static',
  name: 'a',
  options: [{ text: plain('A'), value: 'a' }],
  ...more,
});
const post = (content: unknown, language = 'zh_cn') => ({
  msgType: 'post',
  content: JSON.stringify({ [language]: { title: '', content } }),
});

describe('at the limit', () => {
  it.each([199, 200])('%d elements are taken', (n) => {
    expect(checkCard(card(many(n, () => markdown('x'))))).toEqual([]);
  });

  it('201 elements are not, and texts count as elements', () => {
    expect(checkCard(card(many(201, () => markdown('x'))))).toEqual(['/: 201 elements, at most 200']);
    const buttons = many(100, () => button());
    expect(checkCard(card(buttons))).toEqual([]);
    expect(checkCard(card([...buttons, markdown('x')]))).toEqual(['/: 201 elements, at most 200']);
  });

  it('bytes are those of UTF-8 in a request', () => {
    const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(JSON.stringify(value)));
    const room = 29_500 - bytesOf(card([markdown('')]));
    for (const [character, bytes] of [
      ['x', 1],
      ['数', 3],
      ['🎫', 4],
    ] as const) {
      const most = Math.floor(room / bytes);
      const full = card([markdown(character.repeat(most) + x(room - most * bytes))]);
      expect(bytesOf(full)).toBe(29_500);
      expect(checkCard(full)).toEqual([]);
      expect(checkCard(card([markdown(character.repeat(most + 1))])).join()).toMatch(
        /^\/: 295\d\d bytes, at most 29500$/,
      );
    }
    expect(checkContent(post([[{ tag: 'text', text: x(29_300) }]]))).toEqual([]);
    expect(checkContent(post([[{ tag: 'text', text: x(29_500) }]])).join()).toContain('at most 29500');
  });

  it('five levels', () => {
    const two = columns(columns(markdown('x')));
    expect(checkCard(card([two]))).toEqual([]);
    expect(checkCard(card([columns(two)])).join()).toContain('6 deep, at most 5');
  });

  it.each<[string, (n: number) => object, number]>([
    [
      'tags of a header',
      (n) => card([markdown('x')], { header: header({ text_tag_list: many(n, (i) => tag(`${i}`)) }) }),
      3,
    ],
    ['characters of an element_id', (n) => card([markdown('x', { element_id: x(n) })]), 20],
    ['characters that an input may take', (n) => card([form(input({ max_length: n }))]), 1_000],
    ['characters in an input', (n) => card([form(input({ default_value: x(n) }))]), 1_000],
    ['characters under its own limit', (n) => card([form(input({ max_length: 10, default_value: x(n) }))]), 10],
    ['characters of a placeholder', (n) => card([form(input({ placeholder: plain(x(n)) }))]), 100],
  ])('%s', (_, make, limit) => {
    expect(checkCard(make(limit))).toEqual([]);
    expect(checkCard(make(limit + 1))).toHaveLength(1);
  });
});

describe('what Feishu refuses', () => {
  it.each<[string, object, string]>([
    ['an element of the old kind', { tag: 'action', actions: [] }, 'unknown: action'],
    ['a note of the old kind', { tag: 'note', elements: [] }, 'unknown: note'],
    ['a property that it does not know', markdown('x', { href: {} }), '/href: unknown property'],
    ['no text', markdown(''), 'empty'],
    ['a button without a label', button({ text: plain('') }), 'empty'],
    ['a button of an unknown style', button({ type: 'blue' }), 'unknown: "blue"'],
    ['a value that is a text', button({ behaviors: [{ type: 'callback', value: 'x' }] }), 'not an object'],
    ['a button to no page', button({ behaviors: [{ type: 'open_url', default_url: 'javascript:1' }] }), 'no page'],
    ['an unknown behaviour', button({ behaviors: [{ type: 'jump' }] }), 'unknown: jump'],
    ['columns of nothing', columns(), 'empty'],
    ['an unknown way to wrap', { ...columns(button()), flex_mode: 'wrap' }, 'unknown: "wrap"'],
    ['an id that begins with a digit', markdown('x', { element_id: '1a' }), 'no letters'],
    ['a form within columns', columns(form(input())), 'at the root only'],
    ['a form that nothing submits', { tag: 'form', name: 'f', elements: [input()] }, 'nothing submits it'],
    ['a button in a form that does neither', form(button({ name: 'b' })), 'neither submit nor reset'],
    ['an input without a name', form({ tag: 'input' }), '/name: empty'],
    ['two inputs of one name', form(input(), input()), 'used twice'],
    ['an input of the form’s name', form(input({ name: 'form' })), 'used twice'],
    ['a select of nothing', form(select({ options: [] })), 'empty'],
    ['an option without a value', form(select({ options: [{ text: plain('A'), value: '' }] })), 'empty'],
    ['a choice that is none', form(select({ initial_option: 'b' })), 'not among'],
    ['a mention of everybody', markdown('<at id=all></at>'), 'unknown tag: <at id=all>'],
    ['a mention without an end', markdown('<at id=ou_1>'), 'unknown tag'],
    ['a colour without an end', markdown("<font color='grey'>x"), 'a colour without an end'],
    ['an end without a colour', markdown('</font>'), 'a colour without an end'],
    ['a link to no page', markdown('[x](javascript:1)'), 'no page: javascript:1'],
    ['bold without an end', markdown('**x'), 'bold without an end'],
  ])('%s', (_, element, wrong) => {
    expect(checkCard(card([element])).join()).toContain(wrong);
  });

  it.each<[string, object, string]>([
    ['a card of the old kind', { schema: '1.0' }, '/schema'],
    ['a card of one’s own', { config: { update_multi: false } }, '/config/update_multi: has to be true'],
    ['a header without a title', { header: { template: 'red' } }, '/header/title: missing'],
    ['markup in a title', { header: header({ title: { tag: 'lark_md', content: 'x' } }) }, 'not plain_text'],
    ['an unknown colour', { header: header({ template: 'pink' }) }, 'unknown: "pink"'],
    ['a card of nothing', { body: { elements: [] } }, '/body/elements: empty'],
    ['elements at the root', { elements: [] }, '/elements: unknown property'],
  ])('%s', (_, more, wrong) => {
    expect(checkCard(card([markdown('x')], more)).join()).toContain(wrong);
  });

  it.each<[string, unknown, string]>([
    ['a post of nothing', [], 'empty'],
    ['a paragraph of nothing', [[]], 'empty'],
    ['a text of nothing', [[{ tag: 'text', text: '' }]], 'empty'],
    ['a link to no page', [[{ tag: 'a', text: 'x', href: 'javascript:1' }]], 'no page'],
    ['a mention of everybody', [[{ tag: 'at', user_id: 'all' }]], 'not one person'],
    ['a node that reads Markdown', [[{ tag: 'md', text: 'x' }]], 'unknown: md'],
  ])('%s', (_, content, wrong) => {
    expect(checkContent(post(content)).join()).toContain(wrong);
  });

  it('what is no card and no post at all', () => {
    expect(checkCard(null)).toHaveLength(1);
    expect(checkContent({ msgType: 'interactive', content: '{' })).toEqual(['/: no JSON']);
    expect(checkContent({ msgType: 'post', content: '{}' })).toHaveLength(1);
    expect(checkContent(post([[{ tag: 'text', text: 'x' }]], 'de'))).toEqual(['/de: unknown']);
  });

  it('half a character, but not one that somebody wrote down', () => {
    expect(checkContent(post([[{ tag: 'text', text: '\ud83c' }]]))).toEqual(['/: half a character']);
    expect(checkContent(post([[{ tag: 'text', text: '{"icon":"\\ud83c"}' }]]))).toEqual([]);
    expect(checkContent(post([[{ tag: 'text', text: '🎫' }]]))).toEqual([]);
  });
});

it('a whole card of what we draw is fine', () => {
  const all = card(
    [
      markdown("<at id=ou_1></at> **x**\n<font color='grey'>y</font> [z](https://a.example)"),
      columns(button({ behaviors: [{ type: 'callback', value: { a: 'x' } }] })),
      form(input({ name: 'b', label: plain('l') }), select({ initial_option: 'a', placeholder: plain('p') })),
    ],
    { header: header({ subtitle: plain('s'), text_tag_list: [tag('S1')] }) },
  );
  expect(checkCard(all)).toEqual([]);
});
