import fc from 'fast-check';
import type { CardAction, Form, Inline } from '../../../src/conversations/card.ts';
import type { Outgoing } from '../../../src/conversations/platform.ts';

/** Texts that mean something to Feishu, and texts of any characters. */
const anyText = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '\n\n',
    '<at id=all></at>',
    '<at user_id="all">',
    '&lt;at id=ou_evil&gt;&lt;/at&gt;',
    '</font>**[x](https://evil.example)',
    ' · ',
    'ITR-1',
    'S1',
    '魏伟（数据库一线）',
  ),
  fc.constantFrom('"', '\\', '&', '数', '\u0001', '🎫', '\ud800', '\n', 'x').map((c) => c.repeat(4_000)),
);

/** What is ours comes back as it was. */
const ours = fc.string({ unit: 'grapheme', maxLength: 40 });

const url = fc.oneof(fc.webUrl({ withQueryParameters: true }), anyText);
const user = fc.oneof(fc.constantFrom('ou_wei', 'ou_li', 'all', 'U0WEI', 'ou_1></at><at id=all'), anyText);

const inline: fc.Arbitrary<Inline> = fc.oneof(
  anyText,
  fc.record({ kind: fc.constant('mention' as const), user }),
  fc.record({ kind: fc.constant('bold' as const), text: anyText }),
  fc.record({
    kind: fc.constant('emoji' as const),
    name: fc.oneof(fc.constantFrom('OnIt', 'onit', 'x:'), anyText),
    text: anyText,
  }),
  fc.record({ kind: fc.constant('link' as const), text: anyText, url }),
  fc.record({
    kind: fc.constant('instant' as const),
    ms: fc.oneof(fc.integer(), fc.double(), fc.constant(1_763_350_000_999)),
    text: anyText,
  }),
);

const rich = fc.array(inline, { maxLength: 6 });

const action: fc.Arbitrary<CardAction> = fc
  .record({
    action: ours,
    value: fc.string({ unit: 'grapheme', maxLength: 200 }),
    label: anyText,
    style: fc.option(fc.constantFrom('primary' as const, 'danger' as const), { nil: undefined }),
    url: fc.option(url, { nil: undefined }),
  })
  .map(({ style, url: page, ...rest }) => ({
    ...rest,
    ...(style === undefined ? {} : { style }),
    ...(page === undefined ? {} : { url: page }),
  }));

const head = fc.oneof(
  anyText,
  fc
    .tuple(fc.constantFrom('故障', 'incident'), fc.constantFrom('S1', 'S2（推断）', 'S9'), anyText, anyText)
    .map((parts) => ['ITR-128', ...parts].join(' · ')),
);

const card = fc.record(
  {
    head,
    title: anyText,
    tone: fc.constantFrom(
      'neutral' as const,
      'info' as const,
      'warning' as const,
      'danger' as const,
      'success' as const,
    ),
    lines: fc.array(rich, { maxLength: 8 }),
    fields: fc.array(fc.record({ label: anyText, value: rich }), { maxLength: 30 }),
    actions: fc.array(action, { maxLength: 30 }),
    note: rich,
  },
  { requiredKeys: ['head', 'title', 'tone', 'lines', 'fields', 'actions'] },
);

export const anyOutgoing: fc.Arbitrary<Outgoing> = fc.record(
  {
    text: rich,
    card,
    actions: fc.array(action, { maxLength: 4 }),
    author: fc.record({ name: anyText }),
    more: url,
    language: fc.constantFrom('zh-CN' as const, 'en' as const),
  },
  { requiredKeys: ['language'] },
);

const input = fc.record(
  {
    name: fc.oneof(fc.constantFrom('solution', 'note', 'form', 'itr_form', '__proto__'), ours),
    label: anyText,
    hint: anyText,
    kind: fc.constantFrom('text' as const, 'long_text' as const, 'choice' as const),
    required: fc.boolean(),
    value: anyText,
    options: fc.array(fc.record({ value: ours, label: anyText }), { maxLength: 150 }),
    maxLength: fc.constantFrom(200, 3_000),
  },
  { requiredKeys: ['name', 'label', 'kind', 'required'] },
);

export const anyForm: fc.Arbitrary<Form> = fc.record(
  {
    id: ours,
    context: fc.string({ unit: 'grapheme', maxLength: 400 }),
    title: anyText,
    intro: anyText,
    submit: anyText,
    cancel: anyText,
    inputs: fc.array(input, { maxLength: 12 }),
  },
  { requiredKeys: ['id', 'context', 'title', 'submit', 'cancel', 'inputs'] },
);

/** Everybody whom a message rings, as Feishu reads it: by nodes of a post, by tags in the Markdown of a card. */
export const rungBy = (content: string): readonly string[] => {
  const rung: string[] = [];
  JSON.parse(content, (_, value: unknown) => {
    const { tag, user_id, content: source } = (value ?? {}) as { tag?: string; user_id?: string; content?: string };
    if (tag === 'at') rung.push(String(user_id));
    if (tag === 'markdown')
      for (const [, id = ''] of source?.matchAll(/<at\b[^>]*?ids?=([^>]*)>/g) ?? []) rung.push(id);
    return value;
  });
  return rung;
};
