import { describe, expect, it } from 'vitest';
import { plain, type RichText } from '../../src/conversations/card.ts';
import { refusalContext, texts, when, type Texts } from '../../src/conversations/texts/index.ts';
import { warRoomTexts } from '../../src/conversations/texts/war-room.ts';
import { Refusal, type RefusalReason } from '../../src/domain/errors.ts';
import { FIELDS, LANGUAGES, STATUSES } from '../../src/domain/words.ts';
import { Life, at, worldWith } from '../support/world.ts';

const world = worldWith();
const T0 = at('2026-11-20T09:41+08:00');
const MIN = 60_000;
const HOUR = 60 * MIN;

/** What a sentence reads like; rich text and plain strings alike. */
const read = (said: unknown): string => (typeof said === 'string' ? said : plain(said as RichText));

const WAYS = { capture: '🎫', claim: '👀', done: '✅', slash: true };

/** Arguments of the functions that do not take words. Everything else is called with words alone. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  duration: [HOUR],
  'card.missing': [['impact', 'version']],
  'card.promises': [[['x'], ['y']], 'A-2026-01'],
  'card.rating': [4],
  'card.consented': ['15:20', 'given'],
  'card.budget': [{ tier: 'L2', left: '3 h', ola: '4 h', overrun: [{ tier: 'L1', by: '18 m' }], following: ['L3'] }],
  'notice.offerRegister': ['ITR-7', ['impact']],
  'notice.unreachable': [['陈']],
  'notice.brief.escalatedAt': ['restore', '75%'],
  'answer.unboundChat': [['管理员'], WAYS],
  'answer.welcome': ['核心系统', '数据库一线', WAYS],
  'answer.bindHelp': [WAYS],
  'answer.didYouMean': ['Zhao Li', ['赵', '李丽']],
  'answer.unknownTarget': ['project', 'acme', ['acme-core']],
  'answer.help': [WAYS],
  'answer.digestCounts': [{ waiting: 1, mine: 2, over: 3 }],
  'answer.done': ['claim', 'ITR-7'],
  'answer.missingWord': ['resolve', 'x'],
  'form.title': ['resolve', 'ITR-7'],
  'form.submit': ['resolve'],
  'explain.state': ['running'],
  'explain.shared': ['round_robin', '李丽'],
  'explain.counted': [[{ days: ['11-19', '11-20'], each: '7 h' }]],
  'explain.leftOut': [
    [{ kind: 'lunch', name: null }],
    [{ reason: 'customer', forYou: true, open: '5 h', from: '16:30', to: null, by: 'wei', consent: 'given' }],
  ],
  'form.error.unknownPerson': ['Zhao Li', ['赵']],
  refusal: [
    new Refusal('state', { code: 'not_now', status: 'resolved' }, ['confirm', 'reopen'], ''),
    { id: 'ITR-7', command: 'claim', assignee: '魏伟', requester: '林', team: '数据库一线', lead: '梅' },
  ],
};
const WORDS = ['customer', 'customer', 'customer', 'customer', 'customer'];
const MEASURES: Readonly<Record<string, readonly unknown[]>> = Object.fromEntries(
  ['promise', 'left', 'over', 'paused', 'met', 'missed', 'soon'].flatMap((name) => [
    [`card.${name}`, ['response', '10 m', '09:56']],
    [`notice.${name}`, ['ITR-7', 'response', '10 m', '09:56']],
  ]),
);

const sentencesOf = (table: object, path = ''): readonly (readonly [string, string])[] =>
  Object.entries(table).flatMap(([name, value]: [string, unknown]): readonly (readonly [string, string])[] => {
    const here = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'string') return [[here, value]];
    if (typeof value === 'function') {
      const said: unknown = (value as (...args: readonly unknown[]) => unknown)(
        ...(ARGUMENTS[here] ?? MEASURES[here] ?? WORDS),
      );
      if (Array.isArray(said) && Array.isArray(said[0]))
        return said.map((line, index): readonly [string, string] => [`${here}[${index}]`, read(line)]);
      return [[here, read(said)]];
    }
    if (Array.isArray(value)) return [[here, read(value)]];
    return typeof value === 'object' && value !== null ? sentencesOf(value, here) : [];
  });

describe('both languages', () => {
  it.each(LANGUAGES)('%s has a sentence for everything, in the tone of the desk', (language) => {
    for (const [path, sentence] of sentencesOf(texts(language))) {
      expect(sentence.trim(), path).not.toBe('');
      expect(sentence, path).not.toMatch(/undefined|\[object|NaN|null/);
      expect(sentence, path).not.toMatch(/[!！]|please note|请注意/i);
    }
  });

  it('say the same things', () => {
    const names = (t: Texts): readonly string[] => sentencesOf(t).map(([path]) => path);
    expect(names(texts('en'))).toEqual(names(texts('zh-CN')));
  });

  it('Chinese is punctuated as Chinese', () => {
    for (const [path, sentence] of sentencesOf(texts('zh-CN')))
      expect(sentence, path).not.toMatch(/\p{Script=Han}[,;:?()]|[,;:?()]\p{Script=Han}/u);
  });

  it('English has no Chinese in it', () => {
    const said = sentencesOf(texts('en')).filter(([path]) => ARGUMENTS[path] === undefined);
    for (const [path, sentence] of said) expect(sentence, path).not.toMatch(/\p{Script=Han}/u);
  });
});

describe('the war room', () => {
  const TROUBLES = ['scope', 'forbidden', 'unsupported', 'no_chat', 'other'] as const;
  it.each(TROUBLES)('%s: what stopped it, and what to do, in both languages', (why) => {
    const [zh, en] = LANGUAGES.map((language) => plain(warRoomTexts(language).failed('ITR-7', why, 'groups:write')));
    expect(zh).toMatch(/^ITR-7 的作战室没有开成：.+(?:再说一次|手动).*。$/);
    expect(en).toMatch(/^ITR-7 has no war room: .+(?:again|once more|by hand).*\.$/);
    expect(en).not.toMatch(/\p{Script=Han}/u);
  });

  it('says who is not in it, and nothing of it where all are', () => {
    expect(plain(warRoomTexts('zh-CN').opened('ITR-7', 'itr-7', ['陈', '梅']))).toContain('陈、梅 没能拉进去');
    expect(plain(warRoomTexts('zh-CN').opened('ITR-7', 'itr-7', []))).not.toContain('没能拉进去');
    expect(plain(warRoomTexts('en').opened('ITR-7', null, ['Chen']))).toContain('Chen could not be let in');
  });
});

describe('a question', () => {
  it('asks one thing and says that not knowing is fine', () => {
    expect(plain(texts('zh-CN').ask.impact)).toBe(
      '影响到哪些业务或多少用户？直接回复这条就行，不清楚也可以说“不清楚”。',
    );
    expect(plain(texts('en').ask.version)).toBe(
      'Which build are you on? A reply here is enough; "don\'t know" is fine too.',
    );
    for (const field of FIELDS) expect(plain(texts('zh-CN').ask[field])).toMatch(/？/);
  });
});

describe('an instant', () => {
  const from = { now: T0, timezone: 'Asia/Shanghai' };
  it.each([
    ['2026-11-20T09:56+08:00', '09:56', '09:56'],
    ['2026-11-21T09:56+08:00', '明天 09:56', 'tomorrow 09:56'],
    ['2026-11-19T16:30+08:00', '昨天 16:30', 'yesterday 16:30'],
    ['2026-11-23T09:56+08:00', '11-23 09:56', 'Mon 23 Nov 09:56'],
    ['2027-01-04T09:56+08:00', '2027-01-04 09:56', 'Mon 4 Jan 2027 09:56'],
  ])('%s is said as %s, as %s', (iso, zh, en) => {
    expect(when(at(iso), from, 'zh-CN')).toBe(zh);
    expect(when(at(iso), from, 'en')).toBe(en);
  });

  it('says a date, not "tomorrow", where it is read for days', () => {
    expect(when(at('2026-11-21T09:56+08:00'), from, 'zh-CN', 'lasting')).toBe('11-21 09:56');
  });

  it('is told in the time zone of the reader', () => {
    expect(when(T0, { now: T0, timezone: 'America/New_York' }, 'en')).toBe('20:41');
  });
});

describe('a refusal', () => {
  const life = new Life(world, {}, T0);
  life.do({ type: 'claim' }, 'wei', T0 + MIN);
  const refused = (reason: RefusalReason, command: string, possible: Refusal['possible'] = []) =>
    (['zh-CN', 'en'] as const).map((language) =>
      plain(
        texts(language).refusal(
          new Refusal('state', reason, possible, ''),
          refusalContext(life.ticket, world.policy, command),
        ),
      ),
    );

  it('says who was first, and how to help', () => {
    const [zh, en] = refused({ code: 'already_claimed', by: { id: 'wei', name: '魏伟' } }, 'claim');
    expect(zh).toBe('魏伟刚刚认领了 ITR-1。需要的话可以在话题里协助，或请对方转派给你。');
    expect(en).toBe(
      '魏伟 claimed ITR-1 a moment before you. You can help in the thread, or ask for it to be handed to you.',
    );
  });

  it('names those who can', () => {
    const [zh, en] = refused({ code: 'not_yours', needs: 'team' }, 'claim');
    expect(zh).toBe('你不在 数据库一线，不能直接认领 ITR-1。可以请 魏伟 转派，或由组长 梅 指派给你。');
    expect(en).toBe(
      "You are not in 数据库一线, so you can't claim ITR-1 yourself. 魏伟 can hand it over, or 梅, the team's lead, can assign it to you.",
    );
  });

  it('says what works now, without what nearly always works', () => {
    const possible = ['set', 'reopen', 'confirm', 'comment', 'rate', 'link'] as const;
    const [zh, en] = refused({ code: 'not_now', status: 'resolved' }, 'pend', possible);
    expect(zh).toBe('ITR-1 已解决，等待林确认。现在可以：重新打开、确认。');
    expect(en).toBe('ITR-1 is resolved and waits for 林 to confirm. What works now: reopen it, confirm it.');
  });

  it('asks whether another name was meant', () => {
    const [zh, en] = refused({ code: 'unknown', what: 'person', found: 'Zhao Li', near: ['Zhao', 'Li'] }, 'transfer');
    expect(zh).toBe('没有找到“Zhao Li”这个人。是不是指 Zhao 或 Li？');
    expect(en).toBe('I don\'t know a person called "Zhao Li". Did you mean Zhao or Li?');
  });

  const REASONS: readonly RefusalReason[] = [
    ...STATUSES.map((status) => ({ code: 'not_now', status }) as const),
    { code: 'already_claimed', by: { id: 'wei', name: '魏伟' } },
    ...(['assignee', 'requester', 'team', 'lead', 'staff', 'reached'] as const).map(
      (needs) => ({ code: 'not_yours', needs }) as const,
    ),
    { code: 'not_entitled' },
    { code: 'nothing_to_acknowledge' },
    { code: 'reopen_window_over' },
    { code: 'no_next_tier', team: 'db-rd' },
    { code: 'no_handover' },
    ...(['person', 'team', 'cause', 'closure', 'message', 'ticket'] as const).map(
      (what) => ({ code: 'unknown', what, found: 'x', near: [] }) as const,
    ),
    { code: 'invalid', what: 'score', wanted: '1-5' },
  ];
  it.each(REASONS)('has one or two short sentences: $code $needs $status $what', (reason) => {
    for (const bare of [true, false]) {
      const about = refusalContext(bare ? null : life.ticket, world.policy, 'resolve');
      for (const language of LANGUAGES) {
        const sentence = plain(texts(language).refusal(new Refusal('state', reason, [], ''), about));
        expect(sentence).toMatch(/[。.？?]$/);
        expect(sentence.length).toBeLessThan(200);
        expect(sentence).not.toMatch(/undefined|null|!|！/);
      }
    }
  });
});
