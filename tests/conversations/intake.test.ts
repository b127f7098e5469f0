import { describe, expect, it } from 'vitest';
import { answer, graver, languageOf, understand, type IntakeMessage } from '../../src/conversations/intake.ts';
import type { Field } from '../../src/domain/words.ts';
import { at, worldWith } from '../support/world.ts';

const { policy } = worldWith();
const NOW = at('2026-11-23T09:41+08:00');

const said = (...texts: readonly string[]): readonly IntakeMessage[] =>
  texts.map((text, index) => ({ text, at: NOW + index * 60_000, side: 'customer' }));
const read = (...texts: readonly string[]) => understand(said(...texts), policy);
const field = (name: Field, ...texts: readonly string[]) => read(...texts).fields[name] ?? null;

describe('a thread', () => {
  it('says what it says, and the rest stays open', () => {
    const understood = read('生产环境数据库时断时续,下单很慢', '版本好像是3.2.1');
    expect(understood).toMatchObject({ kind: 'incident', severity: 'S2', severityGuessed: true, language: 'zh-CN' });
    expect(understood.fields).toMatchObject({
      title: '生产环境数据库时断时续,下单很慢',
      product: 'db',
      version: '3.2.1',
      environment: 'production',
    });
    expect(understood.fields.impact).toBeUndefined();
  });

  it('an engineer’s question is no answer', () => {
    const understood = understand(
      [...said('数据库连不上了'), { text: '是 V9.9.9 吗?测试环境?', at: NOW, side: 'service' }],
      policy,
    );
    expect(understood.fields.version).toBeUndefined();
    expect(understood.fields.environment).toBeUndefined();
  });
});

describe('titles', () => {
  it.each([
    [['各位早,在吗', '数据库写入超时'], '数据库写入超时'],
    [['您好,主库磁盘写满了。麻烦尽快'], '主库磁盘写满了'],
    [['[图片]', '登录页一直转圈'], '登录页一直转圈'],
    [['hi team, the pool is exhausted after the upgrade. logs below'], 'the pool is exhausted after the upgrade'],
    [['ERROR 1045 access denied', '应用连不上库了'], '应用连不上库了'],
  ])('%j', (texts, title) => {
    expect(field('title', ...texts)).toBe(title);
  });

  it('are at most 100 characters', () => {
    expect(field('title', '慢'.repeat(300))).toHaveLength(100);
  });
});

describe('versions', () => {
  it.each([
    ['版本好像是3.2.1', '3.2.1'],
    ['V3.2', '3.2'],
    ['我们是 v4.0.2-SP1,JDK 17.0.2', '4.0.2-SP1'],
    ['3.2.1... 不对,是3.2.4', '3.2.4'],
    ['running 5.1 LTS here', '5.1 LTS'],
    ['响应要 2.5 秒', null],
    ['占了 97.5% 的空间', null],
    ['地址是 10.0.3.17', null],
    ['python 3.11.4 的脚本报错', null],
  ])('%s: %s', (text, version) => {
    expect(field('version', text)).toBe(version);
  });
});

describe('environments', () => {
  it.each([
    ['现网数据库', 'production'],
    ['线上很慢', 'production'],
    ['prod is slow', 'production'],
    ['预发环境的库', 'staging'],
    ['on staging only', 'staging'],
    ['UAT 上复现', 'test'],
    ['测试环境挂了,不影响线上', 'test'],
    ['库很慢', null],
    ['生产日报没出来', null],
  ])('%s: %s', (text, environment) => {
    expect(field('environment', text)).toBe(environment);
  });
});

describe('since when', () => {
  it.each([
    ['今天 09:20 起数据库就连不上', '2026-11-23T09:20:00+08:00'],
    ['昨晚11点左右开始的', '2026-11-22T23:00:00+08:00'],
    ['大概二十分钟前开始报错', '2026-11-23T09:21:00+08:00'],
    ['down since 08:15', '2026-11-23T08:15:00+08:00'],
    ['今晚8点要上线', null],
    ['今天早上开始的', null],
  ])('%s: %s', (text, since) => {
    expect(field('since', text)).toBe(since);
  });
});

describe('impact, kind and severity', () => {
  it.each([
    ['全部线上下单都失败', 'high'],
    ['部分用户登录不了', 'medium'],
    ['个别用户打不开', 'low'],
  ])('%s: %s', (text, level) => {
    expect(read(text).fields).toMatchObject({ impact: text, impact_level: level });
  });

  it.each([
    ['全部线上下单都失败了', 'S1'],
    ['production is down, all orders fail', 'S1'],
    ['all users: every order fails', 'S1'],
    ['Every order fails since 9:40', 'S1'],
    ['all of our customers are unable to pay', 'S1'],
    ['none of our users can log in', 'S1'],
    ['Each login request times out', 'S1'],
    ['Checkout is down for all stores', 'S1'],
    ['The API is unavailable for everyone', 'S1'],
    ['No payments go through', 'S1'],
    ['100% of requests get errors', 'S1'],
    ['all new sessions are rejected', 'S1'],
    ['every few orders one fails', 'S3'],
    ['every other request fails', 'S3'],
    ['not all users are affected', 'S3'],
    ['all users can log in, only the export fails', 'S3'],
    ['it fails every time I click export', 'S3'],
    ['all of a sudden my export fails', 'S3'],
    ['all orders failed yesterday, it has recovered, please find the cause', 'S3'],
    ['an order fails for one customer', 'S3'],
    ['大面积超时,一半订单失败', 'S2'],
    ['导出报错,别的功能正常', 'S3'],
    ['急急急!!!!数据库有告警', 'S3'],
    ['测试环境全部挂了', 'S3'],
    ['请问这个参数怎么配?', 'S4'],
    ['级别 S2:备库延迟', 'S2'],
  ])('%s: %s', (text, severity) => {
    expect(read(text).severity).toBe(severity);
  });

  it.each([
    ['数据库连接超时', 'incident'],
    ['请问怎么配置连接池大小?', 'request'],
    ['发票抬头开错了', 'non_technical'],
    ['两天没人回复,我要投诉', 'complaint'],
    ['阵列坏了一块硬盘,申请备件', 'spare_part'],
  ])('%s: %s', (text, kind) => {
    expect(read(text).kind).toBe(kind);
  });

  it('what was named is no guess', () => {
    expect(read('S1 故障,数据库全停').severityGuessed).toBe(false);
  });
});

describe('languages', () => {
  it.each([
    ['数据库 connection pool 满了', 'zh-CN'],
    ['the database is slow', 'en'],
    ['👍', null],
    ['```\n数据\n```', null],
  ])('%s: %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
});

describe('an answer to the bot’s question', () => {
  const reply = (asked: Field, text: string) =>
    answer(asked, text, policy, { at: NOW, project: 'acme-core', language: 'zh-CN', product: 'db' });

  it.each<[Field, string, Partial<Record<Field, string>>]>([
    ['version', 'V3.2, 客户机房', { version: '3.2' }],
    ['version', '3.2.1', { version: '3.2.1' }],
    ['version', '12', { version: '12' }],
    ['environment', '生产', { environment: 'production' }],
    ['product', '数据库,生产环境', { product: 'db', environment: 'production' }],
    ['product', '自研网关', { product: '自研网关' }],
    ['impact', '全部门店', { impact: '全部门店', impact_level: 'high' }],
    ['since', '昨天下午3点', { since: '2026-11-22T15:00:00+08:00' }],
    ['since', '上线之后', { since: '上线之后' }],
    ['version', '不清楚', { version: '不清楚' }],
    ['impact', "don't know", { impact: '不清楚' }],
  ])('%s: %s', (asked, text, fields) => {
    expect(reply(asked, text)).toMatchObject(fields);
  });

  it('fills another field without taking that for what was asked', () => {
    expect(reply('impact', '版本是3.2.1')).toEqual({ version: '3.2.1' });
  });

  it.each(['在哪里看版本?', '好的,稍等', '我问下', 'ok', 'which version do you mean?', '// 内部'])(
    '%s is none',
    (text) => {
      expect(reply('version', text)).toBeNull();
    },
  );
});

describe('a graver word', () => {
  it('raises a guess, and never lowers it', () => {
    expect(graver('刚刚开始全部线上下单都失败了', 'S2', null)?.severity).toBe('S1');
    expect(graver('还是有点慢', 'S2', null)).toBeNull();
    expect(graver('全部都挂了', 'S3', 'test')).toBeNull();
    expect(graver('按 S2 故障处理吧', 'S3', null)?.severity).toBe('S2');
  });
});
