/** docs/domain.md, what people read of its rules: lateness, who could not be reached, and the hand-over brief, in both languages. */
import { describe, expect, it } from 'vitest';
import { plain } from '../../src/conversations/card.ts';
import { briefCard } from '../../src/conversations/cards/brief.ts';
import { viewOf } from '../../src/conversations/cards/view.ts';
import { wordNotice, type NoticeContext, type Sentence } from '../../src/conversations/notices.ts';
import { SYSTEM, type Command } from '../../src/domain/commands.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { LANGUAGES, type Language } from '../../src/domain/words.ts';
import { Life, at, lin, worldWith } from '../support/world.ts';

describe('What is read of a rule, in both languages', () => {
  const world = worldWith();
  const DUTY = 'C0DUTY';
  const T0 = at('2026-11-20T09:41+08:00'); // wei is on duty for db-l1
  const context = (life: Life, now: number, language: Language): NoticeContext => ({
    view: viewOf(life.ticket, world, now, null, 'Asia/Shanghai'),
    language,
    mention: ({ name }) => `@${name}`,
    reader: 'work',
  });
  const worded = (life: Life, type: Sentence['type'], now: number, language: Language): string => {
    const body = life.notices.find((notice) => notice.body.type === type)?.body;
    if (body === undefined) throw new Error(`no ${type}`);
    return plain(wordNotice(body as Sentence, context(life, now, language)).text);
  };
  const ring = (clock: string, minutes: number): Life => {
    const life = new Life(world, { severity: 'S1', severityGuessed: false }, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do({ type: 'timer_due', clock, point: '50%', occurrence: 0 }, SYSTEM, T0 + minutes * MINUTE);
    return life;
  };

  // Points of restore, 4 h: 11:41, 12:41, 13:17, 13:41.
  it.each([
    ['zh-CN', 130, '@魏伟 ITR-1 恢复还剩 1 小时 50 分（13:41）。还没有进展记录。这条本应在 11:41 提醒，晚了 10 分。'],
    [
      'en',
      130,
      '@魏伟 ITR-1 restoration: 1 h 50 m left (13:41). No update on record yet. This was to be said at 11:41; it comes 10 m late.',
    ],
    // 50 % and 75 % passed while nothing ran: the highest alone is said.
    ['zh-CN', 200, '@魏伟 ITR-1 恢复还剩 40 分（13:41）。还没有进展记录。这条本应在 12:41 提醒，晚了 20 分。'],
    [
      'zh-CN',
      270,
      'ITR-1 恢复超时 30 分 · S1 · 阿克美 · 处理人 魏伟（数据库一线）。还没有进展记录。这条本应在 13:41 提醒，晚了 30 分。',
    ],
    [
      'en',
      270,
      'ITR-1 restoration overdue by 30 m · S1 · 阿克美 · with 魏伟 (数据库一线). No update on record yet. This was to be said at 13:41; it comes 30 m late.',
    ],
  ] as const)(
    'what passed while the program was down is said once, with how late (%s, minute %i)',
    (language, minutes, text) => {
      const life = ring('restore', minutes);
      expect(life.history.filter(({ type }) => type === 'point_reached')).toHaveLength(1);
      const said = worded(life, 'point', T0 + minutes * MINUTE, language);
      expect(said.replace(/^@陈 /, '')).toBe(text);
    },
  );

  it('in time says nothing of lateness', () => {
    for (const language of LANGUAGES)
      expect(worded(ring('restore', 121), 'point', T0 + 121 * MINUTE, language)).not.toMatch(/晚了|late/);
  });

  it.each([
    ['zh-CN', '梅联系不上，已直接升到这里。'],
    ['en', '梅 could not be reached, so it came straight here.'],
  ] as const)('a step of the ladder whose person cannot be reached says so (%s)', (language, text) => {
    const mute = worldWith([', slack: U0MEI', '']);
    const life = new Life(mute, {}, T0);
    life.do({ type: 'timer_due', clock: 'ladder', point: 'step:1', occurrence: 1 }, SYSTEM, T0 + 15 * MINUTE);
    expect(worded(life, 'ladder', T0 + 15 * MINUTE, language)).toContain(text);
  });

  const message = (by: 'wei' | 'lin', text: string, minutes: number, id = `${minutes}`): Command => ({
    type: 'message',
    message: {
      key: { platform: 'slack', chat: DUTY, message: id },
      author: by === 'wei' ? { id: 'wei', name: '魏伟' } : { id: lin.id, name: lin.name },
      side: by === 'wei' ? 'service' : 'customer',
      at: T0 + minutes * MINUTE,
      text,
      attachments: [{ name: 'awr.html', url: null }],
    },
    role: by === 'wei' ? 'work' : 'origin',
    internal: false,
  });
  const briefed = (language: Language, ...said: readonly (readonly ['wei' | 'lin', string, number])[]) => {
    const life = new Life(world, { severity: 'S1', severityGuessed: false }, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    for (const [by, text, minutes] of said)
      life.do(message(by, text, minutes), by === 'wei' ? 'wei' : lin, T0 + minutes * MINUTE);
    life.do({ type: 'note', text: '怀疑是交换机' }, 'wei', T0 + 50 * MINUTE);
    life.do({ type: 'evidence', message: { platform: 'slack', chat: DUTY, message: '10' } }, 'wei', T0 + 51 * MINUTE);
    life.do({ type: 'escalate' }, 'wei', T0 + 52 * MINUTE);
    const handover = life.notices.find(({ body }) => body.type === 'handover')?.body;
    if (handover?.type !== 'handover') throw new Error('no brief');
    const view = viewOf(life.ticket, world, T0 + 52 * MINUTE, null, 'Asia/Shanghai');
    return briefCard(view, handover, life.history, language).lines.map(plain);
  };

  it.each([
    [
      'zh-CN',
      [
        ['wei', '重启 proxy，无效', 10],
        ['wei', '请提供 10:00–10:30 的 AWR 报告。', 20],
        ['wei', '今晚8点前给结果', 30],
      ],
      [
        '已做：重启 proxy，无效 · 请提供 10:00–10:30 的 AWR 报告。 · 今晚8点前给结果 · 怀疑是交换机',
        '证据：📌 消息 09:51 重启 proxy，无效 awr.html',
        '未决：等客户回答“请提供 10:00–10:30 的 AWR 报告。”（魏伟 10:01 问） · 最近进展是 10:11 的“今晚8点前给结果”。',
        '承诺：“今晚8点前给结果”（魏伟 10:11）',
      ],
    ],
    [
      'en',
      [
        ['wei', 'restarted the proxy, no change', 10],
        ['wei', 'Which build is it?', 20],
        ['wei', "We'll send the fix by 18:00", 30],
      ],
      [
        "Done so far: restarted the proxy, no change · Which build is it? · We'll send the fix by 18:00 · 怀疑是交换机",
        'Evidence: 📌 message 09:51 restarted the proxy, no change awr.html',
        'Open: the customer has not answered “Which build is it?” (魏伟, 10:01) · Last update 10:11: "We\'ll send the fix by 18:00".',
        "Promised: “We'll send the fix by 18:00” (魏伟, 10:11)",
      ],
    ],
  ] as const)('the brief: tried, evidence, open questions, promises (%s)', (language, said, expected) => {
    expect(briefed(language, ...said)).toEqual(expect.arrayContaining([...expected]));
  });

  it('answered is not open, and without promises the brief has no such line', () => {
    const zh = briefed('zh-CN', ['wei', '版本是多少？', 10], ['lin', '3.2.1', 20]);
    expect(zh.filter((line) => /等客户回答|^承诺/.test(line))).toEqual([]);
    const en = briefed('en', ['wei', 'Which build is it?', 10], ['lin', '3.2.1', 20]);
    expect(en.filter((line) => /not answered|^Promised/.test(line))).toEqual([]);
  });
});
