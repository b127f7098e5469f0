import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bold,
  escape,
  fit,
  instant,
  link,
  mention,
  mrkdwn,
  shorten,
  unescape,
} from '../../../src/adapters/slack/escape.ts';
import { readable } from '../../../src/adapters/slack/readable.ts';
import { plain, type Inline } from '../../../src/conversations/card.ts';

describe('what a user wrote can never do anything', () => {
  it.each([
    '<!channel>',
    '<!here|x>',
    '<!everyone>',
    '<@U0WEI>',
    '<!subteam^S1>',
    '<#C1>',
    '<https://evil.example|your bank>',
  ])('%s is only text', (text) => {
    expect(mrkdwn([text])).not.toMatch(/[<>]/);
    expect(bold(text)).not.toMatch(/[<>]/);
    expect(link(text, 'https://acme.example')).toMatch(/^<https:\/\/acme\.example\|[^<>]*>$/);
    expect(instant(0, text)).toMatch(/^<!date\^0\^[^<>]*>$/);
  });

  it('any text comes back as it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => unescape(escape(text)) === text));
  });

  it('any text as Slack would show it is the text, and mentions nobody', () => {
    const texts = fc.string({
      unit: fc.constantFrom('<', '>', '&', '@', '!', '|', 'U0WEI', '#', 'lt;', 'amp;', ' ', 'a'),
    });
    fc.assert(
      fc.property(texts, (text) => {
        const shown = readable(mrkdwn([text]), null);
        return shown.text === text && shown.mentions.length === 0;
      }),
    );
  });
});

describe('our own sequences', () => {
  it('a person is mentioned by id; another platform’s person is text', () => {
    expect(mention('U0WEI')).toBe('<@U0WEI>');
    expect(mention('W012AB')).toBe('<@W012AB>');
    expect(mention('ou_<1>')).toBe('@ou_&lt;1&gt;');
  });

  it('a custom emoji by its name, and nothing else by one', () => {
    const emoji = (name: string): string => mrkdwn([{ kind: 'emoji', name, text: name }]);
    expect(emoji('on-it')).toBe(':on-it:');
    expect(emoji('👀')).toBe('👀');
    expect(emoji('<!channel>')).toBe('&lt;!channel&gt;');
  });

  it('a link keeps its label and cannot be broken out of', () => {
    expect(link('card', 'https://a.example/?x=1&y=2')).toBe('<https://a.example/?x=1&amp;y=2|card>');
    expect(link('a|b>', 'https://a.example/|x>')).toBe('<https://a.example/%7Cx%3E|a|b&gt;>');
    expect(link('run', 'javascript:alert(1)')).toBe('run');
  });

  it('an instant is shown in the reader’s time zone', () => {
    expect(instant(1_763_350_000_999, '09:56')).toBe('<!date^1763350000^{date_short_pretty} {time}|09:56>');
    expect(instant(Number.NaN, 'soon')).toBe('soon');
  });

  it('bold has no stars and no line ends inside', () => {
    expect(bold('a*b\nc')).toBe('*a∗b c*');
    expect(bold(' ')).toBe('');
  });
});

describe('fit', () => {
  it('cuts text, counting escapes in full', () => {
    const cut = fit(['a&b&c'], 8);
    expect(cut).toEqual({ text: 'a&amp;b', rest: ['&c'] });
  });

  it('leaves out a whole mention rather than half of it', () => {
    expect(fit(['ask ', { kind: 'mention', user: 'U0WEI' }], 10)).toEqual({
      text: 'ask ',
      rest: [{ kind: 'mention', user: 'U0WEI' }],
    });
  });

  it('gets on even where one part is larger than the place', () => {
    const { text, rest } = fit([{ kind: 'bold', text: 'x'.repeat(30) }], 10);
    expect(text + plain(rest)).toBe('x'.repeat(30));
  });

  it('prefers the end of a line', () => {
    expect(fit([`${'a'.repeat(90)}\n${'b'.repeat(30)}`], 100).text).toBe(`${'a'.repeat(90)}\n`);
  });

  it('never exceeds the place and never loses a character', () => {
    const part = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.record({ kind: fc.constant('bold' as const), text: fc.string() }),
      fc.record({ kind: fc.constant('mention' as const), user: fc.constant('U0WEI') }),
    );
    fc.assert(
      fc.property(fc.array(part), fc.integer({ min: 12, max: 60 }), (words: Inline[], max) => {
        let [rest, rounds] = [words, 0] as [readonly Inline[], number];
        while (rest.length > 0) {
          const next = fit(rest, max);
          expect(next.text.length).toBeLessThanOrEqual(max);
          rest = next.rest;
          expect((rounds += 1)).toBeLessThan(5_000);
        }
      }),
    );
  });
});

it('shorten never splits a character', () => {
  expect(shorten('🎫🎫🎫', 4)).toBe('🎫…');
  expect(shorten('abc', 3)).toBe('abc');
});
