import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bold,
  clean,
  escapeMarkdown,
  instant,
  link,
  markdown,
  mention,
  pageOf,
  shorten,
} from '../../../src/adapters/feishu/escape.ts';
import type { Inline } from '../../../src/conversations/card.ts';

/** As Feishu shows it: entities become characters, once. */
const shown = (source: string): string =>
  source
    .replaceAll('\u200b', '')
    .replace(/&(?:#(\d+)|nbsp);/g, (_, code?: string) =>
      code === undefined ? ' ' : String.fromCharCode(Number(code)),
    );

const ATTACKS = [
  '<at id=all></at>',
  '<at id="all"></at>',
  "<at ids='ou_1,ou_2'></at>",
  '<at user_id="all">everybody</at>',
  '<at email=a@b.example></at>',
  '</font><at id=all></at>',
  '</font>',
  '<font color="red">',
  '<person id=ou_1></person>',
  '<text_tag color="red">S1</text_tag>',
  '<link url="https://evil.example">bank</link>',
  '<a href="https://evil.example">bank</a>',
  '[x](https://evil.example)',
  '![x](img_v2)',
  'https://evil.example',
  'www.evil.example',
  'a@evil.example',
  '**bold**',
  '__bold__',
  '*italic*',
  '~~gone~~',
  '`code`',
  '```\ncode',
  '# title',
  'title\n===',
  'title\n---',
  '> quote',
  '- item',
  '+ item',
  '1. item',
  '2) item',
  '| a | b |\n| - | - |',
  ':DONE:',
  '&lt;at id=all&gt;&lt;/at&gt;',
  '&#60;at id=all&#62;',
  '&amp;lt;at id=all&amp;gt;',
  '\\*',
  '<br>',
  '$url',
];

describe('what a user wrote can never do anything', () => {
  it.each(ATTACKS)('%s is only text', (attack) => {
    for (const text of [attack, `前 ${attack} 后`, `前\n${attack}`]) {
      const drawn = escapeMarkdown(text);
      expect(drawn.replace(/&(?:#\d+|nbsp);/g, '')).not.toMatch(/[!-+\-./:<-@[-`{-~]/);
      expect(shown(drawn)).toBe(text);
    }
  });

  it.each(ATTACKS)(
    '%s is only text in bold, as a label of a link, and where a mention or an instant is none',
    (attack) => {
      const line = attack.replace(/\s+/g, ' ');
      expect(shown(bold(attack))).toBe(`**${line}**`);
      expect(bold(attack).slice(2, -2)).not.toMatch(/[*<>[\]()`]/);
      expect(link(attack, 'https://acme.example/')).toMatch(/^\[[^[\]()<>*`]*\]\(https:\/\/acme\.example\/\)$/);
      expect(link(attack, 'javascript:1')).not.toMatch(/[*<>[\]()`]/);
      expect(mention(attack)).not.toMatch(/[*<>[\]()`]/);
      expect(instant(Number.NaN, attack)).not.toMatch(/[*<>[\]()`]/);
    },
  );

  it('a list cannot be put together of two parts', () => {
    expect(markdown(['1', '. item'])).toBe('1&#46; item');
  });

  it('four spaces at the beginning of a line make no code', () => {
    expect(escapeMarkdown('a\n    b\n\tc')).toBe('a\n&nbsp;&nbsp;&nbsp;&nbsp;b\n&nbsp;&nbsp;&nbsp;&nbsp;c');
    expect(markdown(['  ', 'a', ' b'])).toBe('&nbsp;&nbsp;a b');
  });

  it('any text as Feishu would show it is the text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('<', '>', '&', '#60;', 'lt;', 'at id=all', '*', '_', '`', '~', '\n', ' ', '-', '1.'),
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const drawn = escapeMarkdown(text);
        expect(drawn.replace(/&(?:#\d+|nbsp);/g, '')).not.toMatch(/[!-+\-./:<-@[-`{-~]/);
        expect(shown(drawn)).toBe(clean(text).replace(/^[ \t]+/gm, (space) => space.replaceAll('\t', '    ')));
      }),
    );
  });
});

describe('our own markup', () => {
  it('a person is mentioned by open id; everybody and another platform’s person are text', () => {
    expect(mention('ou_4063d88c980c9f2d')).toBe('<at id=ou_4063d88c980c9f2d></at>');
    expect(mention('all')).toBe('&#64;all');
    expect(mention('U0WEI')).toBe('&#64;U0WEI');
    expect(mention('ou_1></at><at id=all')).not.toContain('<');
  });

  it('bold holds beside brackets and letters, and side by side', () => {
    expect(bold('魏伟')).toBe('**魏伟**');
    expect(bold('(L1)')).toBe('**\u200b&#40;L1&#41;\u200b**');
    expect(bold(' \n')).toBe('');
    const both: Inline[] = [
      { kind: 'bold', text: 'a' },
      { kind: 'bold', text: 'b' },
    ];
    expect(markdown(both)).toBe('**a**\u200b**b**');
  });

  it('a link leads to a page and cannot be broken out of', () => {
    expect(link('看 [它]', 'https://a.example/x?a=1&b=2')).toBe('[看 &#91;它&#93;](https://a.example/x?a=1&b=2)');
    expect(link('', 'https://a.example/')).toBe('[https&#58;&#47;&#47;a&#46;example&#47;](https://a.example/)');
    expect(pageOf('https://a.example/) <at id=all>')).toBe('https://a.example/%29%20%3Cat%20id=all%3E');
    expect(pageOf('https://a.example/?x=&lt;')).toBe('https://a.example/?x=%26lt;');
    for (const none of [
      'javascript:alert(1)',
      'ftp://a',
      'https://',
      'https:// x',
      '/x',
      `https://a.example/${'x'.repeat(2_000)}`,
    ])
      expect(pageOf(none)).toBeNull();
  });

  it('an instant is shown in the reader’s time zone', () => {
    expect(instant(1_763_350_000_999, '09:56')).toBe(
      "<local_datetime millisecond='1763350000999' format_type='date_short'></local_datetime> <local_datetime millisecond='1763350000999' format_type='time'></local_datetime>",
    );
    expect(instant(Number.NaN, '9:56')).toBe('9&#58;56');
  });
});

it('what no message can hold is taken out', () => {
  expect(clean('a\r\nb\u0000\u001b[31m\ud800c\u0085')).toBe('a\nb[31m\ufffdc');
});

it('shorten never splits a character', () => {
  expect(shorten('🎫🎫🎫', 4)).toBe('🎫…');
  expect(shorten('a\n b', 3)).toBe('a b');
});
