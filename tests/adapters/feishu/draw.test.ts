import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawMessage, drawPlain, kindOf } from '../../../src/adapters/feishu/draw.ts';
import { markdown } from '../../../src/adapters/feishu/escape.ts';
import { checkContent } from '../../../src/adapters/feishu/validate.ts';
import { at, list, type Raw } from '../../../src/adapters/raw.ts';
import type { Card, Inline, RichText } from '../../../src/conversations/card.ts';
import type { Outgoing } from '../../../src/conversations/platform.ts';
import { anyOutgoing, rungBy } from './data.ts';

const card = (more: Partial<Card> = {}): Card => ({
  head: 'ITR-128 · 故障 · S1 · 待认领',
  title: '全部线上下单失败',
  tone: 'danger',
  lines: [['值班 ', { kind: 'mention', user: 'ou_wei' }]],
  fields: [{ label: '产品', value: ['数据库 3.2.1'] }],
  actions: [{ action: 'claim', value: '128', label: '认领', style: 'primary' }],
  note: ['合同 A-2026-01'],
  ...more,
});

const say = (more: Partial<Outgoing>): Outgoing => ({ language: 'zh-CN', ...more });

const drawn = (what: Outgoing): Raw => JSON.parse(drawMessage(what).content) as Raw;
const elementsOf = (what: Outgoing): readonly Raw[] => list(at(drawn(what), 'body'), 'elements');
const paragraphsOf = (content: string, language = 'zh_cn'): unknown =>
  at(JSON.parse(content) as Raw, language)['content'];
const text = (content: string, style?: string) => ({
  tag: 'text',
  text: content,
  ...(style ? { style: [style] } : {}),
});

describe('a text', () => {
  it('is a post with a paragraph per line, and nothing in it is markup', () => {
    const what = say({ text: ['现象：<at user_id="all"></at>\n\n**x** &lt;'] });
    expect(kindOf(what)).toBe('post');
    expect(drawMessage(what)).toEqual(drawPlain(what));
    expect(paragraphsOf(drawMessage(what).content)).toEqual([
      [text('现象：<at user_id="all"></at>')],
      [text(' ')],
      [text('**x** &lt;')],
    ]);
  });

  it('names people, pages and instants by nodes of their own', () => {
    const words: RichText = [
      { kind: 'mention', user: 'ou_wei' },
      ' by ',
      { kind: 'instant', ms: 0, text: '09:56' },
      ', see ',
      { kind: 'link', text: 'the page', url: 'https://itr.example/tickets/ITR-1' },
      { kind: 'link', text: 'not this', url: 'javascript:1' },
      { kind: 'mention', user: 'all' },
    ];
    expect(paragraphsOf(drawMessage(say({ text: words, language: 'en' })).content, 'en_us')).toEqual([
      [
        { tag: 'at', user_id: 'ou_wei' },
        text(' by '),
        text('09:56'),
        text(', see '),
        { tag: 'a', text: 'the page', href: 'https://itr.example/tickets/ITR-1' },
        text('not this'),
        text('@all'),
      ],
    ]);
  });

  it('shows an emoji of Feishu’s as a picture; one it may not know, and would refuse the message for, as text', () => {
    const emoji = (name: string) => ({ kind: 'emoji' as const, name, text: name });
    const words: RichText = [emoji('OnIt'), ' or ', emoji('Onit')];
    expect(paragraphsOf(drawMessage(say({ text: words })).content)).toEqual([
      [{ tag: 'emotion', emoji_type: 'OnIt' }, text(' or '), text('Onit')],
    ]);
    expect(markdown([emoji('OnIt'), ' ', emoji(':x: <at id=all>')])).toBe(':OnIt: &#58;x&#58; &#60;at id&#61;all&#62;');
  });

  it('carried over says whose it is', () => {
    const { content } = drawMessage(say({ author: { name: '林 <at id=all>' }, text: ['好了'] }));
    expect(paragraphsOf(content)).toEqual([[text('林 <at id=all>', 'bold'), text(': '), text('好了')]]);
  });

  it('of nothing is still a message', () => {
    expect(checkContent(drawMessage(say({})))).toEqual([]);
    expect(checkContent(drawMessage(say({ text: ['\n'], author: { name: ' ' } })))).toEqual([]);
  });
});

describe('a card', () => {
  it('shows the number with the title, severity and state as tags, and the rest below', () => {
    const { header, config } = drawn(say({ card: card({ head: 'ITR-128 · 故障 · S2（推断） · 处理中 · 魏伟' }) }));
    expect(header).toEqual({
      title: { tag: 'plain_text', content: 'ITR-128 · 全部线上下单失败' },
      subtitle: { tag: 'plain_text', content: '故障 · 魏伟' },
      template: 'red',
      text_tag_list: [
        { tag: 'text_tag', text: { tag: 'plain_text', content: 'S2（推断）' }, color: 'orange' },
        { tag: 'text_tag', text: { tag: 'plain_text', content: '处理中' }, color: 'blue' },
      ],
    });
    expect(config).toEqual({
      update_multi: true,
      width_mode: 'fill',
      summary: { content: 'ITR-128 · 故障 · S2（推断） · 处理中 · 魏伟 — 全部线上下单失败' },
    });
  });

  it.each([
    ['neutral', 'grey'],
    ['info', 'blue'],
    ['warning', 'orange'],
    ['danger', 'red'],
    ['success', 'green'],
  ] as const)('that is %s is %s', (tone, template) => {
    expect(drawn(say({ card: card({ tone }) }))['header']).toMatchObject({ template });
  });

  it('without a ticket has its head below the title; a long head is the title', () => {
    expect(drawn(say({ card: card({ head: '数据库一线', title: '今天' }) }))['header']).toEqual({
      title: { tag: 'plain_text', content: '今天' },
      subtitle: { tag: 'plain_text', content: '数据库一线' },
      template: 'red',
    });
    const long = say({ card: card({ head: '接手 ITR-128 · 从 数据库一线 到 数据库二线', title: '下单失败' }) });
    expect(drawn(long)['header']).toEqual({
      title: { tag: 'plain_text', content: '接手 ITR-128 · 从 数据库一线 到 数据库二线' },
      template: 'red',
    });
    expect(elementsOf(long)[0]).toEqual({ tag: 'markdown', content: '**下单失败**' });
  });

  it('is drawn in its order, the text that has to ring before it', () => {
    expect(elementsOf(say({ text: [{ kind: 'mention', user: 'ou_wei' }, ' 等你认领。'], card: card() }))).toEqual([
      { tag: 'markdown', content: '<at id=ou_wei></at> 等你认领。' },
      { tag: 'markdown', content: '值班 <at id=ou_wei></at>' },
      { tag: 'markdown', content: "<font color='grey'>产品</font>\n数据库 3&#46;2&#46;1" },
      {
        tag: 'column_set',
        flex_mode: 'flow',
        horizontal_spacing: '8px',
        columns: [
          {
            tag: 'column',
            width: 'auto',
            elements: [
              {
                tag: 'button',
                type: 'primary_filled',
                text: { tag: 'plain_text', content: '认领' },
                behaviors: [{ type: 'callback', value: { a: 'claim', v: '128' } }],
              },
            ],
          },
        ],
      },
      { tag: 'markdown', content: "<font color='grey'>合同 A&#45;2026&#45;01</font>", text_size: 'notation' },
    ]);
  });

  it('has two short fields side by side, and a long one across', () => {
    const field = (label: string, value: string) => ({ label, value: [value] });
    const fields = [field('产品', '数据库'), field('版本', '3'), field('环境', '生产'), field('响应', '时'.repeat(40))];
    const [pair, alone, across] = elementsOf(say({ card: card({ lines: [], fields }) }));
    expect(list(pair ?? {}, 'columns').map((column) => list(column, 'elements')[0]?.['content'])).toEqual([
      "<font color='grey'>产品</font>\n数据库",
      "<font color='grey'>版本</font>\n3",
    ]);
    expect(pair?.['flex_mode']).toBe('bisect');
    expect(alone).toEqual({ tag: 'markdown', content: "<font color='grey'>环境</font>\n生产" });
    expect(across?.['tag']).toBe('markdown');
  });

  it('opens pages with buttons that send nothing, and drops those that lead nowhere', () => {
    const actions = [
      { action: 'show', value: '1', label: '打开', url: 'https://itr.example/tickets/ITR-1' },
      { action: 'reject', value: '1', label: '驳回', style: 'danger' as const },
      { action: 'bad', value: '1', label: 'Bad', url: 'javascript:1' },
      { action: 'none', value: '1', label: ' ' },
    ];
    const [, buttons] = elementsOf(say({ text: ['评分？'], actions }));
    expect(list(buttons ?? {}, 'columns').flatMap((column) => list(column, 'elements'))).toMatchObject([
      { type: 'default', behaviors: [{ type: 'open_url', default_url: 'https://itr.example/tickets/ITR-1' }] },
      { type: 'danger', behaviors: [{ type: 'callback', value: { a: 'reject', v: '1' } }] },
    ]);
  });

  it('of a text with buttons has no header, and the text in its notification without ids', () => {
    const actions = [{ action: 'rate', value: '5', label: '5' }];
    const what = say({ text: [{ kind: 'mention', user: 'ou_wei' }, ' 评分？'], actions });
    expect(kindOf(what)).toBe('interactive');
    expect(drawn(what)).toMatchObject({ config: { summary: { content: '评分？' } } });
    expect(drawn(what)['header']).toBeUndefined();
    expect(kindOf(say({ text: ['x'], actions: [{ ...actions[0]!, label: '' }] }))).toBe('post');
  });

  it('is said in a post where Feishu refuses it, with links for buttons', () => {
    const actions = [{ action: 'show', value: '1', label: '打开', url: 'https://itr.example/tickets/ITR-1' }];
    const { msgType, content } = drawPlain(say({ text: ['看：'], card: card({ actions }) }));
    expect(msgType).toBe('post');
    expect(paragraphsOf(content)).toEqual([
      [text('看：')],
      [text('ITR-128 · 故障 · S1 · 待认领', 'bold')],
      [text('全部线上下单失败', 'bold')],
      [text('值班 '), { tag: 'at', user_id: 'ou_wei' }],
      [text('产品: '), text('数据库 3.2.1')],
      [{ tag: 'a', text: '打开', href: 'https://itr.example/tickets/ITR-1' }],
      [text('合同 A-2026-01')],
    ]);
  });
});

describe('what people wrote is plain text wherever it stands', () => {
  const attack =
    '</font><at id=all></at> [x](https://evil.example) **b** `c` ~~d~~ :DONE: &lt;at id=all&gt;&lt;/at&gt;\n# e\n> f\n- g';
  const everywhere = say({
    text: [attack],
    author: { name: attack },
    card: card({
      head: `ITR-1 · ${attack} · S1 · ${attack} · ${attack}`,
      title: attack,
      lines: [[attack, { kind: 'bold', text: attack }, { kind: 'link', text: attack, url: attack }]],
      fields: [
        { label: attack, value: [attack] },
        { label: 'a', value: [{ kind: 'mention', user: attack }] },
      ],
      actions: [{ action: 'claim', value: attack, label: attack, url: 'https://itr.example' }],
      note: [attack],
    }),
  });

  it('in a card: markdown holds only its entities, the rest is plain_text', () => {
    const markdowns: string[] = [];
    const plains: string[] = [];
    JSON.stringify(drawn(everywhere), (_, value: unknown) => {
      const { tag, content } = (value ?? {}) as { tag?: string; content?: string };
      if (tag === 'markdown') markdowns.push(content ?? '');
      if (tag === 'plain_text') plains.push(content ?? '');
      return value;
    });
    expect(markdowns.length).toBeGreaterThan(4);
    expect(plains.length).toBeGreaterThan(4);
    for (const content of markdowns) {
      const users = content.replace(/<font color='grey'>|<\/font>|\*\*|&(?:#\d+|nbsp);/g, '');
      expect(users).not.toMatch(/[<>&*_~`[\]()#|\\:-]/);
    }
    expect(rungBy(drawMessage(everywhere).content)).toEqual([]);
    expect(checkContent(drawMessage(everywhere))).toEqual([]);
  });

  it('in a post: there is neither a mention nor a link nor Markdown', () => {
    const tags = [...drawPlain(everywhere).content.matchAll(/"tag":"(\w+)"/g)].map(([, tag]) => tag);
    expect(new Set(tags)).toEqual(new Set(['text', 'a']));
    expect(drawPlain(everywhere).content.match(/"href":"[^"]*"/g)).toEqual(['"href":"https://itr.example/"']);
    expect(drawPlain(everywhere).content).not.toContain('un_escape');
  });
});

describe('a 3,000-line paste', () => {
  const paste = Array.from({ length: 3_000 }, (_, i) => `line ${i} <ERROR> & so on`).join('\n');
  const more = 'https://itr.example/tickets/ITR-1';

  it('says how much is missing, and where it is', () => {
    const result = drawMessage(say({ text: [paste], more, language: 'en' }));
    expect(checkContent(result)).toEqual([]);
    const rows = paragraphsOf(result.content, 'en_us') as { text: string; href?: string }[][];
    const [sign, , link] = rows.at(-1) ?? [];
    const [, missing = ''] = /^… \(([\d,]+) more characters\)$/.exec(sign?.text ?? '') ?? [];
    expect(link).toMatchObject({ text: 'See all of it', href: more });
    const kept = rows
      .slice(0, -1)
      .map((row) => row.map((node) => node.text).join(''))
      .join('\n');
    expect(paste.startsWith(kept)).toBe(true);
    expect(Math.abs(kept.length + Number(missing.replaceAll(',', '')) - paste.length)).toBeLessThanOrEqual(1);
  });

  it('says so in Chinese, and without a page names none', () => {
    const rows = paragraphsOf(drawMessage(say({ text: [paste] })).content) as { text: string }[][];
    expect(rows.at(-1)).toHaveLength(1);
    expect(rows.at(-1)?.[0]?.text).toMatch(/^…（还有 [\d,]+ 个字）$/);
  });

  it('above a card leaves place for the card', () => {
    const what = say({ text: [paste], more, card: card() });
    expect(checkContent(drawMessage(what))).toEqual([]);
    const all = JSON.stringify(elementsOf(what));
    for (const part of ['line 100 ', '个字', `](${more})`, '值班', '"a":"claim"', '合同']) expect(all).toContain(part);
  });
});

describe('the largest of everything', () => {
  it.each(['&', '"', '\\', '数', '🎫', '\u0001', '\n'])('%j does not leave Feishu’s limits', (character) => {
    const long = character.repeat(20_000);
    const what = say({
      text: [long],
      author: { name: long },
      more: `https://itr.example/${'x'.repeat(1_900)}`,
      card: card({
        head: long,
        title: long,
        lines: [[long], [long]],
        fields: Array.from({ length: 300 }, () => ({ label: long, value: [long] })),
        actions: Array.from({ length: 60 }, (_, i) => ({
          action: `a${i}`,
          value: '"'.repeat(200),
          label: `${i}${long}`,
        })),
        note: [long],
      }),
    });
    expect(checkContent(drawMessage(what))).toEqual([]);
    expect(checkContent(drawPlain(what))).toEqual([]);
  });

  it('lines and fields that do not fit are dropped from the end, with a sign and the page', () => {
    const lines = Array.from({ length: 400 }, (_, i) => [`line ${i} ${'x'.repeat(60)}`]);
    const fields = Array.from({ length: 40 }, (_, i) => ({ label: `field ${i}`, value: ['x'] }));
    const more = 'https://itr.example/tickets/ITR-1';
    const shown = JSON.stringify(elementsOf(say({ card: card({ lines, fields }), more })));
    for (const kept of ['line 0 ', 'field 0<', 'field 19<', '"… [看全文](', '"a":"claim"'])
      expect(shown).toContain(kept);
    for (const dropped of ['line 399 ', 'field 20<']) expect(shown).not.toContain(dropped);
  });
});

describe('whatever is said', () => {
  const mentionsOf = (what: Outgoing): string[] => {
    const texts: RichText[] = [
      what.text ?? [],
      ...(what.card?.lines ?? []),
      ...(what.card?.fields ?? []).map(({ value }) => value),
      what.card?.note ?? [],
    ];
    return texts
      .flat()
      .flatMap((part: Inline) => (typeof part !== 'string' && part.kind === 'mention' ? [part.user] : []));
  };

  it('Feishu takes it, and it rings nobody who was not named as a mention', () => {
    fc.assert(
      fc.property(anyOutgoing, (what) => {
        for (const result of [drawMessage(what), drawPlain(what)]) {
          expect(checkContent(result)).toEqual([]);
          const named = mentionsOf(what);
          for (const user of rungBy(result.content)) expect(named).toContain(user);
        }
        expect(drawMessage(what).msgType).toBe(kindOf(what));
      }),
      { numRuns: 60 },
    );
  });
});
