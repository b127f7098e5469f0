import { describe, expect, it } from 'vitest';
import { nearest, parse, type GrammarContext } from '../../src/conversations/grammar.ts';
import { inboundTexts } from '../../src/conversations/texts/inbound.ts';
import { at, worldWith } from '../support/world.ts';

const { policy } = worldWith();
const CONTEXT: GrammarContext = {
  policy,
  ticket: 7,
  status: 'in_progress',
  side: 'service',
  now: at('2026-11-23T10:00+08:00'),
  timezone: 'Asia/Shanghai',
};

const read = (text: string, context: Partial<GrammarContext> = {}) => parse(text, { ...CONTEXT, ...context });

describe('commands in Chinese and English', () => {
  it.each([
    ['建单', 'capture'],
    ['帮忙开个单', 'capture'],
    ['new', 'capture'],
    ['log this please', 'capture'],
    ['认领', 'claim'],
    ['接单', 'claim'],
    ['我来吧', 'claim'],
    ['claim', 'claim'],
    ["I'll take this", 'claim'],
    ['释放', 'release'],
    ['put it back', 'release'],
    ['继续处理', 'resume'],
    ['unpause', 'resume'],
    ['作战室', 'war_room'],
    ['开个作战室', 'war_room'],
    ['open a war room', 'war_room'],
    ['war room', 'war_room'],
    ['升级', 'escalate'],
    ['升级到二线', 'escalate'],
    ['escalate', 'escalate'],
    ['知悉', 'acknowledge'],
    ['ack', 'acknowledge'],
    ['业务恢复', 'restore'],
    ['restored', 'restore'],
    ['确认', 'confirm'],
    ['验证通过', 'confirm'],
    ['confirmed', 'confirm'],
    ['重新打开', 'reopen'],
    ['没解决', 'reopen'],
    ['reopen', 'reopen'],
    ['关闭', 'close'],
    ['close it', 'close'],
    ['取消', 'cancel'],
    ['撤单', 'cancel'],
    ['子单 数据库二线', 'child'],
    ['child network', 'child'],
    ['回访 客户满意', 'call_back'],
    ['called back, all fine', 'call_back'],
    ['资料已补全', 'complete_data'],
    ['data complete', 'complete_data'],
    ['withdraw', 'cancel'],
    ['按现状登记', 'register'],
    ['register as is', 'register'],
    ['接手', 'accept_handover'],
    ['我的', 'mine'],
    ['mine', 'mine'],
    ['值班', 'duty'],
    ['今天谁值班?', 'duty'],
    ['看板', 'board'],
    ['board', 'board'],
    ['为什么是这个时间', 'explain'],
    ['explain', 'explain'],
    ['帮助', 'help'],
    ['怎么用', 'help'],
    ['help', 'help'],
    ['查看', 'show'],
  ])('%s: %s', (text, command) => {
    expect(read(text)).toMatchObject({ command });
  });

  it.each(['zh-CN', 'en'] as const)('every word the bot offers is understood (%s)', (language) => {
    for (const [command, word] of Object.entries(inboundTexts(language).word)) {
      const words = word === inboundTexts(language).word.set_severity ? `${word} S2` : `${word} x`;
      const one = read(word, { status: 'pending' }) ?? read(words);
      expect([word, one?.command]).toEqual([word, command]);
    }
  });
});

describe('what a command is about', () => {
  it.each([
    ['认领 128', 128],
    ['认领128', 128],
    ['claim ITR-128', 128],
    ['claim #128', 128],
    ['128', 128],
    ['#128', 128],
    ['ITR-128', 128],
    ['128号单现在啥情况', 128],
    ['重开ITR-128,又挂了', 128],
    ['claim', 7],
    ['解决 200 个连接不够,已扩容', 7],
    ['pend 128 customer', 128],
  ])('%s: ITR-%d', (text, ticket) => {
    expect(read(text)?.ticket).toBe(ticket);
  });

  it('a number with text after it names the ticket where no thread does', () => {
    expect(read('resolve 128 raised the pool to 200', { ticket: null })).toMatchObject({
      command: 'resolve',
      ticket: 128,
      text: 'raised the pool to 200',
    });
  });

  it.each([
    ['等客户', 'customer'],
    ['挂起 备件', 'spare_part'],
    ['挂起,等厂商回复', 'vendor'],
    ['pend change', 'change'],
    ['先观察', 'observation'],
    ['挂起', null],
  ])('%s waits for %s', (text, reason) => {
    expect(read(text)).toMatchObject({ command: 'pend', reason });
  });

  it.each([
    ['挂起 等客户 到明天10点', '2026-11-24T10:00+08:00'],
    ['pend customer until friday', '2026-11-27T18:00+08:00'],
    ['等客户,今天下午3点半再看', '2026-11-23T15:30+08:00'],
    ['on hold for 2 hours, waiting for the vendor', '2026-11-23T12:00+08:00'],
    ['观察两天', '2026-11-25T18:00+08:00'],
  ])('%s: until %s', (text, until) => {
    expect(read(text)?.until).toBe(at(until));
  });

  it.each([
    ['转派 @U0ZHAO', { kind: 'person', id: 'zhao' }],
    ['转派给赵,像存储的问题', { kind: 'person', id: 'zhao' }],
    ['指派 小魏', { kind: 'person', id: 'wei' }],
    ['hand over to Wei, end of my shift', { kind: 'person', id: 'wei' }],
    ['转派 数据库二线', { kind: 'team', id: 'db-l2' }],
    ['升级到数据库研发', { kind: 'team', id: 'db-rd' }],
    ['transfer 12 db-l2 wrong queue', { kind: 'team', id: 'db-l2' }],
    ['转派 @Somebody', { kind: 'unknown', said: 'Somebody' }],
    ['升级到二线', null],
    ['escalate, out of ideas', null],
  ])('%s', (text, to) => {
    const found = read(text)?.to ?? null;
    expect(found).toEqual(to === null ? null : expect.objectContaining(to));
  });

  it.each([
    ['级别 S1', 'S1'],
    ['级别改为S2,影响面变大', 'S2'],
    ['升级到 S2', 'S2'],
    ['降为S3', 'S3'],
    ['severity 128 S2', 'S2'],
    ['sev 4', 'S4'],
  ])('%s: severity %s', (text, severity) => {
    expect(read(text)).toMatchObject({ command: 'set_severity', severity });
  });

  it('keeps what else was said, as it was written', () => {
    expect(read('解决 连接池配置过小,已调整到200')?.text).toBe('连接池配置过小,已调整到200');
    expect(read('resolve: restarted the proxy #configuration')).toMatchObject({
      text: 'restarted the proxy',
      cause: 'configuration',
    });
    expect(read('// 别在群里说')).toMatchObject({ command: 'note', text: '别在群里说' });
    expect(read('驳回 和 ITR-3 重复')).toMatchObject({ command: 'reject', reason: 'duplicate', of: 3, ticket: 7 });
    expect(read('评分 4 很快')).toMatchObject({ command: 'rate', score: 4, text: '很快' });
    expect(read('bind project acme-core')).toMatchObject({ command: 'bind', text: 'project acme-core' });
  });

  it('"恢复" resumes what waits, and restores what does not; "关了吧" of a customer confirms, or withdraws', () => {
    expect(read('恢复', { status: 'pending' })?.command).toBe('resume');
    expect(read('恢复', { status: 'in_progress' })?.command).toBe('restore');
    expect(read('关了吧', { side: 'customer', status: 'resolved' })?.command).toBe('confirm');
    expect(read('关了吧', { side: 'customer', status: 'in_progress' })?.command).toBe('cancel');
  });

  it('tells a bare command from a sentence that begins with one', () => {
    expect(read('认领')?.form).toBe('whole');
    expect(read('等客户')?.form).toBe('whole');
    expect(read('转派 @U0ZHAO')?.form).toBe('whole');
    expect(read('认领,我在路上')?.form).toBe('start');
    expect(read('解决 换了网线')?.form).toBe('start');
  });
});

describe('talk is no command', () => {
  it.each([
    '先别关',
    '先不要升级',
    '别取消,我再看看',
    "don't close it yet",
    '怎么升级?',
    '这个能关闭吗',
    'can I close this?',
    '如果下午还不行就升级',
    'if it fails again, escalate',
    '关闭不了窗口',
    '取消按钮点不动',
    '解决方案下午发',
    '升级之后就变慢了',
    '他们昨天升级失败',
    'the socket is closed by the peer',
    '早上好',
    '谢谢',
    '看到了,在查',
    '',
  ])('%s', (text) => {
    expect(read(text)).toBeNull();
  });
});

describe('a misspelt command', () => {
  it.each([
    ['escalte', 'escalate'],
    ['clam', 'claim'],
    ['resovle it', 'resolve'],
    ['升及', 'escalate'],
  ])('%s is near %s', (text, command) => {
    expect(nearest(text, 'service')).toContain(command);
  });

  it('of what is near nothing, the usual ones', () => {
    expect(nearest('xyzzy', 'customer')).toEqual(['capture', 'mine', 'help']);
  });
});
