import { describe, expect, it } from 'vitest';
import { drawMessage, drawPlain, MAX_EDIT_TEXT, MAX_SEND_TEXT } from '../../../src/adapters/slack/blocks.ts';
import { drawHome } from '../../../src/adapters/slack/home.ts';
import { drawForm, valuesOf } from '../../../src/adapters/slack/modals.ts';
import { checkMessage, checkView } from '../../../src/adapters/slack/validate.ts';
import type { Card, Form } from '../../../src/conversations/card.ts';
import type { Outgoing } from '../../../src/conversations/platform.ts';

const card = (more: Partial<Card> = {}): Card => ({
  head: 'ITR-128 · 故障 · S1 · 待认领',
  title: '全部线上下单失败',
  tone: 'danger',
  lines: [['值班 ', { kind: 'mention', user: 'U0WEI' }]],
  fields: [{ label: '产品', value: ['数据库 3.2.1'] }],
  actions: [{ action: 'claim', value: '128', label: '认领', style: 'primary' }],
  note: ['合同 A-2026-01'],
  ...more,
});

const say = (more: Partial<Outgoing>): Outgoing => ({ language: 'en', ...more });

describe('a message', () => {
  it('of text alone has no blocks', () => {
    expect(drawMessage(say({ text: ['which <build>?'] }))).toEqual({ text: 'which &lt;build&gt;?', blocks: [] });
  });

  it('carried over says whose it is', () => {
    expect(drawMessage(say({ author: { name: 'Lin' }, text: ['it fails'] })).text).toBe('*Lin*: it fails');
  });

  it('with a card is drawn in the card’s order', () => {
    const { text, blocks } = drawMessage(say({ text: [{ kind: 'mention', user: 'U0WEI' }], card: card() }));
    expect(text).toBe('<@U0WEI>\nITR-128 · 故障 · S1 · 待认领 — 全部线上下单失败');
    expect(blocks).toMatchObject([
      { type: 'section', text: { text: '<@U0WEI>', verbatim: true } },
      { type: 'section', text: { text: '🔴 *ITR-128 · 故障 · S1 · 待认领*\n*全部线上下单失败*' } },
      { type: 'section', text: { text: '值班 <@U0WEI>' } },
      { type: 'section', fields: [{ text: '*产品*\n数据库 3.2.1' }] },
      { type: 'actions', elements: [{ action_id: 'claim', value: '128', style: 'primary' }] },
      { type: 'context', elements: [{ text: '合同 A-2026-01' }] },
    ]);
  });

  it('never lets Slack look for names in what people wrote', () => {
    const drawn = JSON.stringify(drawMessage(say({ text: ['@here'], card: card({ title: '#general' }) })).blocks);
    expect(drawn.match(/"mrkdwn"/g)?.length).toBe(drawn.match(/"verbatim":true/g)?.length);
  });

  it('keeps equal actions apart, and drops buttons that lead nowhere', () => {
    const actions = [
      { action: 'rate', value: '1', label: '1' },
      { action: 'rate', value: '2', label: '2' },
      { action: 'show', value: '', label: 'Open', url: 'https://itr.example/tickets/ITR-1' },
      { action: 'show', value: '', label: 'Bad', url: 'javascript:1' },
    ];
    expect(drawMessage(say({ text: ['How was it?'], actions })).blocks[1]).toMatchObject({
      elements: [{ action_id: 'rate' }, { action_id: 'rate#2' }, { action_id: 'open-page' }],
    });
  });

  it('says in plain text what the blocks would say', () => {
    const plain = drawPlain(say({ text: ['now:'], card: card() }));
    expect(plain.blocks).toEqual([]);
    for (const part of ['now:', 'ITR-128', '*全部线上下单失败*', '<@U0WEI>', '产品: 数据库 3.2.1', '合同']) {
      expect(plain.text).toContain(part);
    }
  });
});

describe('a 3,000-line paste', () => {
  const paste = Array.from({ length: 3_000 }, (_, i) => `line ${i} <ERROR> & so on`).join('\n');

  it.each([MAX_SEND_TEXT, MAX_EDIT_TEXT])('within %d characters says how much is missing, and where it is', (max) => {
    const { text } = drawMessage(say({ text: [paste], more: 'https://itr.example/tickets/ITR-1' }), max);
    expect(text.length).toBeLessThanOrEqual(max);
    const [, missing] =
      /… \(([\d,]+) more characters, see <https:\/\/itr\.example\/tickets\/ITR-1>\)$/.exec(text) ?? [];
    const kept = text
      .slice(0, text.indexOf('\n…'))
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
    expect(kept.length + Number(missing?.replaceAll(',', ''))).toBe(paste.length);
  });

  it('says so in Chinese', () => {
    expect(drawMessage(say({ text: [paste], language: 'zh-CN' })).text).toMatch(/…\(还有 [\d,]+ 个字符\)$/);
  });

  it('above buttons is cut within the limits of blocks', () => {
    const drawn = drawMessage(say({ text: [paste], actions: [{ action: 'show', value: '1', label: 'Show' }] }));
    expect(checkMessage(drawn)).toEqual([]);
    expect(JSON.stringify(drawn.blocks)).toContain('more characters');
    expect(JSON.stringify(drawn.blocks)).toContain('line 200 ');
  });
});

describe('the largest of everything', () => {
  const long = '&'.repeat(5_000);

  it('a card stays within Slack’s limits', () => {
    const drawn = drawMessage(
      say({
        text: [long],
        author: { name: long },
        card: card({
          head: long,
          title: long,
          lines: [[long], [long]],
          fields: Array.from({ length: 30 }, () => ({ label: long, value: [long] })),
          actions: Array.from({ length: 40 }, (_, i) => ({ action: `a${i}`, value: 'v'.repeat(200), label: long })),
          note: [long],
        }),
      }),
      MAX_EDIT_TEXT,
    );
    expect(checkMessage(drawn, { text: MAX_EDIT_TEXT })).toEqual([]);
  });

  it('an empty card is still a message', () => {
    const drawn = drawMessage(say({ card: card({ lines: [], fields: [], actions: [], note: [''] }) }));
    expect(checkMessage(drawn)).toEqual([]);
  });

  it('lines that do not fit are dropped from the end, with a sign', () => {
    const lines = Array.from({ length: 100 }, (_, i) => [`line ${i} ${'x'.repeat(60)}`]);
    const shown = JSON.stringify(drawMessage(say({ card: card({ lines }) })).blocks);
    expect(shown).toContain('line 0 ');
    expect(shown).not.toContain('line 99 ');
    expect(shown).toContain('\\n…');
  });

  it('a home page with 300 tickets counts what it does not show', () => {
    const items = Array.from({ length: 300 }, (_, i) => ({
      text: [`ITR-${i}`],
      actions: [{ action: 'show', value: String(i), label: 'Show' }],
    }));
    const view = drawHome(
      [
        { title: 'My tickets', empty: 'none', items },
        { title: 'Queue', empty: 'nothing waits', items: [] },
        { title: 'Duty', empty: '', items },
      ],
      'en',
    );
    expect(checkView(view)).toEqual([]);
    const shown = JSON.stringify(view);
    for (const part of ['My tickets', 'Queue', 'nothing waits', 'Duty']) expect(shown).toContain(part);
    expect(shown).toMatch(/\d+ more/);
  });
});

describe('a form', () => {
  const form: Form = {
    id: 'resolve',
    context: 'ticket:128',
    title: 'Resolve ITR-128, which has a rather long title',
    intro: 'What was it?',
    submit: 'Resolve',
    cancel: 'Cancel',
    inputs: [
      { name: 'solution', label: 'Solution', kind: 'long_text', required: true, value: 'x'.repeat(4_000) },
      {
        name: 'cause',
        label: 'Cause',
        kind: 'choice',
        required: true,
        value: 'config',
        options: [
          { value: 'config', label: 'Configuration' },
          { value: 'bug', label: 'Bug' },
        ],
      },
      { name: 'note', label: 'Note', kind: 'choice', required: false, options: [] },
    ],
  };

  it('is a view within the limits, and names its inputs by block', () => {
    const view = drawForm(form);
    expect(checkView(view)).toEqual([]);
    expect(view).toMatchObject({
      callback_id: 'resolve',
      private_metadata: 'ticket:128',
      blocks: [
        { type: 'section' },
        { block_id: 'solution', optional: false },
        { block_id: 'cause', element: { initial_option: { value: 'config' } } },
        // A choice of nothing is asked for in words.
        { block_id: 'note', optional: true, element: { type: 'plain_text_input' } },
      ],
    });
    expect(view.title.text).toBe('Resolve ITR-128, which …');
  });

  it('comes back by input name', () => {
    const state = {
      values: { solution: { value: { value: 'pool' } }, cause: { value: { selected_option: { value: 'bug' } } } },
    };
    expect(valuesOf({ state })).toEqual({ solution: 'pool', cause: 'bug' });
  });
});
