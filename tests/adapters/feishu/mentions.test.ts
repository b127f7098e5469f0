import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNames, mentionsOf, type Mention } from '../../../src/adapters/feishu/mentions.ts';
import type { Raw } from '../../../src/adapters/raw.ts';
import { listedMention, mention, SELF } from './fixtures.ts';

const read = (said: string, raw: readonly Raw[] = [], self = SELF) => {
  const names = createNames(mentionsOf(raw), self);
  return names.done(names.typed(said));
};

describe('whom a message names', () => {
  it('1.3: @_user_1 is not found within @_user_10', () => {
    const raw = Array.from({ length: 12 }, (_, n) => mention(n + 1, `ou_${n + 1}`));
    const named = read('@_user_10 and @_user_1, @_user_11 and @_user_12', raw);
    expect(named.text).toBe('@ou_10 and @ou_1, @ou_11 and @ou_12');
    expect(named.mentions).toEqual(['ou_10', 'ou_1', 'ou_11', 'ou_12']);
  });

  it('3.1: the id is an object in an event and a string in an answer of the API', () => {
    const wanted: Mention[] = [{ key: '@_user_1', id: 'ou_wei', name: 'Tom' }];
    expect(mentionsOf([mention(1, 'ou_wei')])).toEqual(wanted);
    expect(mentionsOf([listedMention(1, 'ou_wei')])).toEqual(wanted);
  });

  it('an id of another kind is none of ours: he is shown by name, and not mentioned', () => {
    const raw = { ...listedMention(1, 'e33ggbyz', '魏伟'), id_type: 'user_id' };
    expect(read('@_user_1 请看', [raw])).toEqual({ text: '@魏伟 请看', mentions: [], addressed: false });
  });

  it('somebody without an open_id is shown by name', () => {
    expect(read('@_user_1 hello', [mention(1, '', 'Guest')])).toMatchObject({ text: '@Guest hello', mentions: [] });
  });

  it('names whom it mentions once, and not the bot', () => {
    const raw = [mention(1, 'ou_bot'), mention(2, 'ou_wei'), mention(3, 'ou_mei')];
    const named = read('@_user_1 @_user_2 @_user_3 @_user_2', raw);
    expect(named).toEqual({ text: '@ou_wei @ou_mei @ou_wei', mentions: ['ou_wei', 'ou_mei'], addressed: true });
  });

  it('the bot named by its app is the bot', () => {
    const raw = { ...listedMention(1, SELF.appId), id_type: 'app_id' };
    expect(read('@_user_1 认领', [raw])).toEqual({ text: '认领', mentions: [], addressed: true });
  });

  it('another bot is not this one, nor is anybody before Feishu has said who this one is', () => {
    expect(read('@_user_1 claim', [mention(1, 'ou_other')])).toMatchObject({ addressed: false });
    expect(read('@_user_1 claim', [mention(1, 'ou_bot')], { ...SELF, openId: null })).toMatchObject({
      text: '@ou_bot claim',
      addressed: false,
    });
  });
});

describe('text', () => {
  it.each([
    ['@_user_1 认领', '认领'],
    ['@_user_1 ', ''],
    ['@_user_1', ''],
    ['@_user_1：认领', '认领'],
    ['@_user_1,转派 @_user_2', '转派 @ou_wei'],
    ['please @_user_1 help', 'please help'],
    ['标题\n@_user_1 建单', '标题\n建单'],
    ['@_user_1 @_user_1 认领', '认领'],
    ['@_all 大家看一下', '@all 大家看一下'],
    ['@_all大家', '@all大家'],
    ['the column @_allow', 'the column @_allow'],
    ['@_user_7 unknown', '@user_7 unknown'],
    ['@_us@_user_1er_2', '@user_2'],
    ['a\u0000b', 'ab'],
  ])('%s reads %s', (wire, shown) => {
    expect(read(wire, [mention(1, 'ou_bot'), mention(2, 'ou_wei')]).text).toBe(shown);
  });

  it('3.1: @_all is often not among the mentions; it is shown, and addresses nobody', () => {
    const all = { text: '@all 请注意', mentions: [], addressed: false };
    expect(read('@_all 请注意')).toEqual(all);
    expect(read('@_all 请注意', [{ key: '@_all', id: '', name: '所有人' }])).toEqual(all);
  });

  it('never holds a placeholder, whatever is typed and whoever is called what', () => {
    const odd = fc.oneof(
      fc.constantFrom(
        '@_user_1',
        '@_user_10',
        '@_user_',
        '@_us',
        '@',
        '_user_1',
        'er_1',
        '@_all',
        ' ',
        '\n',
        '\0',
        ':',
      ),
      fc.string(),
    );
    const text = fc.array(odd, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, text, (said, id, name) => {
        const names = createNames([{ key: '@_user_1', id: id === '' ? null : id, name }], SELF);
        const parts = [names.typed(said), names.markdown(said), names.person(id, name), names.person('@_user_1', null)];
        const shown = names.done(parts.join('')).text;
        expect(shown).not.toContain('@_user_');
        expect(shown).not.toContain('\0');
      }),
    );
  });
});

describe('a person of a rich text', () => {
  const at = (id: string, name: string | null, raw: readonly Raw[] = [mention(1, 'ou_wei')]) => {
    const names = createNames(mentionsOf(raw), SELF);
    return names.done(names.person(id, name));
  };

  it('is known by the key of a mention, or by an open_id', () => {
    expect(at('@_user_1', '')).toMatchObject({ text: '@ou_wei', mentions: ['ou_wei'] });
    expect(at('ou_mei', 'Mei')).toMatchObject({ text: '@ou_mei', mentions: ['ou_mei'] });
    expect(at('ou_bot', 'ITR')).toEqual({ text: '', mentions: [], addressed: true });
  });

  it('1.3: has one @ before the name, not two', () => {
    expect(at('@_user_1', 'Tom', [mention(1, '', 'Tom')]).text).toBe('@Tom');
    expect(at('@_user_1', 'Tom', []).text).toBe('@Tom');
    expect(at('e33ggbyz', 'Tom').text).toBe('@Tom');
  });

  it('whom nobody named is shown by what is known', () => {
    expect(at('@_user_9', '').text).toBe('@user_9');
    expect(at('e33ggbyz', null).text).toBe('@e33ggbyz');
    expect(at('', null).text).toBe('@');
  });

  it.each(['all', '@_all', 'all_members'])('everybody is @all: %s', (id) => {
    expect(at(id, '所有人')).toEqual({ text: '@all', mentions: [], addressed: false });
  });
});
