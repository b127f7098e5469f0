import { describe, expect, test } from 'vitest';
import { fieldsAsked, openQuestions, promisesMade, saidBefore } from '../../src/domain/open-ends.ts';
import type { TicketEvent } from '../../src/domain/events.ts';

let seq = 0;
const message = (
  who: 'wei' | 'lin',
  text: string,
  more: { internal?: boolean; role?: 'origin' | 'work' } = {},
): TicketEvent => ({
  type: 'message',
  seq: (seq += 1),
  at: seq,
  actor: { id: who, name: who },
  key: { platform: 'slack', chat: 'C', message: String(seq) },
  role: more.role ?? (who === 'lin' ? 'origin' : 'work'),
  author: { id: who, name: who },
  side: who === 'lin' ? 'customer' : 'service',
  internal: more.internal ?? false,
  saidAt: seq,
  text,
  attachments: [],
});

describe('Hand-over: questions that are open, and who owes the answer', () => {
  const texts = (...timeline: TicketEvent[]): string[] => openQuestions(timeline).map(({ text }) => text);
  test('a question to the customer is open until he writes', () => {
    const asked = message('wei', '收到。请提供 10:00–10:30 的 AWR 报告。');
    expect(texts(asked)).toEqual(['请提供 10:00–10:30 的 AWR 报告。']);
    expect(texts(asked, message('wei', '// 怀疑是交换机?', { internal: true }))).toEqual([
      '请提供 10:00–10:30 的 AWR 报告。',
    ]);
    expect(texts(asked, message('lin', '发了'))).toEqual([]);
    expect(texts(asked, message('lin', '发了'), message('wei', 'Which build is it?'))).toEqual(['Which build is it?']);
  });
  test.each([['已经重启'], ['谢谢'], ['the pool was too small']])('no question: %s', (text) =>
    expect(texts(message('wei', text))).toEqual([]),
  );
  test('a deleted one is none, an edited one is what it became', () => {
    const asked = message('wei', '版本是多少？');
    const key = asked.type === 'message' ? asked.key : { platform: '', chat: '', message: '' };
    const head = { seq: 99, at: 99, actor: { id: 'wei', name: 'wei' }, key };
    expect(texts(asked, { ...head, type: 'message_deleted' })).toEqual([]);
    expect(texts(asked, { ...head, type: 'message_edited', text: '哪个环境？' })).toEqual(['哪个环境？']);
  });
});

describe('Hand-over: promises made', () => {
  test.each([
    ['今晚8点前给结果', true],
    ['我们 18:00 之前回复您', true],
    ['两小时没动静，2小时内给结论', true],
    ["We'll send the fix by 18:00", true],
    ['I will get back to you before tomorrow', true],
    ['请在今晚8点前提供日志', false],
    ['今晚8点前能给结果吗？', false],
    ['昨天18:00前已恢复', false],
    ['Could you send it by 18:00', false],
    ['重启后正常', false],
  ])('%s', (text, promised) => expect(promisesMade([message('wei', text)]).length === 1).toBe(promised));
  test('what the customer says, and what is internal, promises nothing', () => {
    expect(
      promisesMade([message('lin', '今晚8点前给结果'), message('wei', '今晚8点前给结果', { internal: true })]),
    ).toEqual([]);
  });
});

describe('A question asked again', () => {
  test.each([
    ['请问是什么版本？', ['version']],
    ['版本号是多少', []],
    ['麻烦提供一下版本号是多少', ['version']],
    ['Which version and what environment are you on?', ['version', 'environment']],
    ['影响了哪些业务？从什么时候开始的？', ['impact', 'since']],
    ['这个版本有已知问题', []],
    ['升级到新版本可以吗？', []],
  ])('%s', (text, fields) => expect(fieldsAsked(text)).toEqual(fields));

  test('is answered with when the customer said it', () => {
    const said = message('lin', '版本好像是3.2.1');
    expect(saidBefore('version', '3.2.1', [said])).toEqual({ at: said.at, byCustomer: true });
    expect(saidBefore('version', '4', [said])).toBeNull();
    expect(saidBefore('environment', 'production', [message('lin', '生产环境慢')], '生产')).toMatchObject({
      byCustomer: true,
    });
  });
});
