import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inbound, type Read } from '../../../src/adapters/feishu/inbound.ts';
import { instant } from '../../../src/adapters/feishu/instant.ts';
import { isRaw, type Raw } from '../../../src/adapters/raw.ts';
import { mention, NOW, POST, posted, reacted, SELF, touched } from './fixtures.ts';

const read = (payload: Raw): Read => inbound(payload, SELF, NOW);

describe('times', () => {
  it.each<[unknown, number | null]>([
    [1_763_349_993, 1_763_349_993_000],
    ['1763349993', 1_763_349_993_000],
    ['1763349993123', 1_763_349_993_123],
    [1_763_349_993_123, 1_763_349_993_123],
    ['1763349993123456', 1_763_349_993_123],
    ['', null],
    ['0', null],
    [-1, null],
    [Number.NaN, null],
    ['1e12', null],
    [' 1763349993', null],
    ['176334999312345678', null],
    [1e18, null],
    [null, null],
    [{}, null],
  ])('%j', (value, ms) => {
    expect(instant(value)).toBe(ms);
  });
});

describe('any JSON', () => {
  const TYPES = [
    'im.message.receive_v1',
    'im.message.recalled_v1',
    'im.message.reaction.created_v1',
    'im.message.reaction.deleted_v1',
    'card.action.trigger',
    'im.chat.member.bot.added_v1',
    'im.chat.disbanded_v1',
    'application.bot.menu_v6',
    'im.chat.access_event.bot_p2p_chat_entered_v1',
    'contact.user.updated_v3',
  ];

  const MESSAGES = ['text', 'post', 'interactive', 'image', 'file', 'todo', 'vote', 'system', 'merge_forward', 'x'];

  /** A payload of a known shape with one branch replaced by anything. */
  const replaced = (payload: Raw, path: readonly string[], value: unknown): Raw => {
    const [key, ...rest] = path;
    if (key === undefined) return isRaw(value) ? value : payload;
    const inner = payload[key];
    return { ...payload, [key]: rest.length === 0 || !isRaw(inner) ? value : replaced(inner, rest, value) };
  };

  const known = fc.constantFrom(
    posted({ mentions: [mention(1, 'ou_wei')] }),
    posted({ message_type: 'post', content: JSON.stringify(POST) }),
    reacted('created'),
    touched({ value: { a: 'claim', v: '42' } }),
    touched({ value: { f: 'new', c: '' }, form_value: { title: 'x' } }),
  );
  const path = fc.constantFrom(
    ...[
      'header',
      'event',
      'event.sender',
      'event.sender.sender_id',
      'event.message',
      'event.message.mentions',
      'event.message.content',
      'event.message.create_time',
      'event.action',
      'event.action.value',
      'event.action.form_value',
      'event.context',
      'event.operator',
      'event.user_id',
      'event.reaction_type',
    ].map((name) => name.split('.')),
  );

  it('is read without a throw', () => {
    fc.assert(
      fc.property(known, path, fc.jsonValue(), (payload, where, value) => {
        expect(() => read(replaced(payload, where, value))).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.jsonValue(), fc.jsonValue(), (type, inner, whole) => {
        expect(() => read({ header: { event_type: type, event_id: 'e' }, event: inner })).not.toThrow();
        if (isRaw(whole)) expect(() => read(whole)).not.toThrow();
      }),
    );
  });

  it('never says a placeholder', () => {
    const word = fc.constantFrom('@_user_1', '@_user_12', '@_all', '<at id=@_user_3></at>', ' ', 'x', '\u0000', '@');
    const said = fc.array(word, { maxLength: 6 }).map((words) => words.join(''));
    const content = fc.oneof(
      said,
      said.map((text) =>
        JSON.stringify({
          text,
          title: text,
          content: [
            [
              { tag: 'md', text },
              { tag: 'at', user_id: text },
            ],
          ],
        }),
      ),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...MESSAGES), content, said, (message_type, text, name) => {
        const found = read(
          posted({ message_type, content: text, mentions: [mention(1, '', name), mention(2, 'ou_bot')] }),
        );
        expect(found?.event).toMatchObject({ type: 'message', message: 'om_1' });
        expect((found?.event as { text: string }).text).not.toContain('@_user_');
      }),
    );
  });
});
