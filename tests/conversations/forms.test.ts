import { describe, expect, it } from 'vitest';
import { FORM_NAMES } from '../../src/conversations/actions.ts';
import { commandFromForm, formFor, parseUntil, readFormContext } from '../../src/conversations/forms/index.ts';
import { createDirectory } from '../../src/desk/directory.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { LANGUAGES } from '../../src/domain/words.ts';
import { Life, at, worldWith } from '../support/world.ts';

const world = worldWith();
const { policy } = world;
const directory = createDirectory(
  () => policy,
  () => world.platforms,
);
const T0 = at('2026-11-20T09:41+08:00');
const ZONE = 'Asia/Shanghai';

const draft = new Life(world, { fields: { title: '连不上', product: 'db', since: '2026-11-20T09:40:00+08:00' } }, T0)
  .ticket;
const queuedLife = new Life(world, {}, T0);
const queued = queuedLife.ticket;
queuedLife.do({ type: 'claim' }, 'wei', T0 + 60_000);
const claimed = queuedLife.ticket;

const submit = (form: string, ticket: Ticket | null, values: Readonly<Record<string, string>>) =>
  commandFromForm(form, formFor(form, ticket, policy, 'zh-CN')?.context ?? '', values, {
    ticket,
    policy,
    directory,
    platform: 'slack',
    language: 'zh-CN',
    now: T0,
    timezone: ZONE,
  });
const command = (form: string, ticket: Ticket, values: Readonly<Record<string, string>>) => {
  const outcome = submit(form, ticket, values);
  if (outcome.kind !== 'command') throw new Error(JSON.stringify(outcome));
  return outcome.command;
};
const errors = (form: string, ticket: Ticket | null, values: Readonly<Record<string, string>>) => {
  const outcome = submit(form, ticket, values);
  if (outcome.kind !== 'errors') throw new Error(JSON.stringify(outcome));
  return outcome.errors;
};

describe('a form', () => {
  it.each(FORM_NAMES)('%s is complete in both languages, and its context comes back', (name) => {
    for (const language of LANGUAGES) {
      const form = formFor(`form:${name}`, claimed, policy, language, { chat: 'C0ACME', thread: '1.1' });
      expect(form).not.toBeNull();
      if (form === null) return;
      expect(form.title.length).toBeLessThanOrEqual(24);
      expect(form.submit).not.toBe('');
      expect(form.inputs.length).toBeGreaterThan(0);
      for (const input of form.inputs) {
        expect(input.label).not.toBe('');
        if (input.kind === 'choice') expect(input.options?.length).toBeGreaterThan(0);
      }
      expect(readFormContext(form.context)).toEqual({
        ticket: name === 'new' ? null : 1,
        chat: 'C0ACME',
        thread: '1.1',
      });
    }
  });

  it('needs its ticket, and a name that exists', () => {
    expect(formFor('form:resolve', null, policy, 'en')).toBeNull();
    expect(formFor('form:nothing', queued, policy, 'en')).toBeNull();
    expect(formFor('claim', queued, policy, 'en')).toBeNull();
    expect(readFormContext('{"ticket":"7"}')).toBeNull();
    expect(readFormContext('nonsense')).toBeNull();
  });

  it('asks what the configuration asks, with what is known filled in', () => {
    const form = formFor('intake', draft, policy, 'zh-CN');
    expect(form?.inputs.map(({ name, kind, required, value }) => [name, kind, required, value])).toEqual([
      ['title', 'text', true, '连不上'],
      ['product', 'choice', true, 'db'],
      ['version', 'text', false, undefined],
      ['environment', 'choice', false, undefined],
      ['impact', 'long_text', true, undefined],
      ['since', 'text', false, '2026-11-20 09:40'],
    ]);
  });
});

describe('what a form gives', () => {
  it('intake: only what was changed', () => {
    const filled = { title: '连不上', product: 'db', version: ' 3.2 ', impact: '全部用户', since: '2026-11-20 09:40' };
    expect(command('intake', draft, filled)).toEqual({ type: 'set', fields: { version: '3.2', impact: '全部用户' } });
    expect(errors('intake', draft, { title: '', product: 'oss', impact: 'x' })).toEqual({
      title: '这一项要填',
      product: '请从列表里选',
    });
  });

  it('intake: since when, as people say it', () => {
    const filled = { title: '连不上', product: 'db', impact: '全部', since: '昨晚10点' };
    expect(command('intake', draft, filled)).toMatchObject({ fields: { since: '2026-11-19T22:00:00+08:00' } });
    expect(command('intake', draft, { ...filled, since: '2026-11-19 21:30' })).toMatchObject({
      fields: { since: '2026-11-19T21:30:00+08:00' },
    });
    expect(command('intake', draft, { ...filled, since: '升级之后' })).toMatchObject({ fields: { since: '升级之后' } });
  });

  it('resolve: solution, cause and closure', () => {
    expect(
      command('resolve', claimed, { solution: '调大连接池', cause: 'configuration', closure: 'workaround' }),
    ).toEqual({
      type: 'resolve',
      solution: '调大连接池',
      cause: 'configuration',
      closure: 'workaround',
    });
    expect(errors('resolve', claimed, { solution: ' ', cause: 'gremlins', closure: 'solved' })).toEqual({
      solution: '这一项要填',
      cause: '请从列表里选',
    });
  });

  it('pend: until when', () => {
    expect(command('pend', claimed, { reason: 'vendor', until: '2h', note: '等补丁' })).toEqual({
      type: 'pend',
      reason: 'vendor',
      until: T0 + 2 * 3_600_000,
      note: '等补丁',
    });
    expect(command('pend', claimed, { reason: 'customer' })).toEqual({ type: 'pend', reason: 'customer' });
    expect(Object.keys(errors('pend', claimed, { reason: 'customer', until: '回头' }))).toEqual(['until']);
    expect(errors('pend', claimed, { reason: 'customer', until: '2026-11-19 09:00' })).toEqual({
      until: '这个时间已经过去了',
    });
  });

  it('transfer: hands over what somebody has, assigns what nobody has', () => {
    expect(command('transfer', claimed, { to: '李丽', note: '交给你' })).toMatchObject({
      type: 'transfer',
      to: { person: { id: 'li', name: '李丽' } },
      note: '交给你',
    });
    expect(command('transfer', queued, { to: 'li' })).toMatchObject({ type: 'assign', to: { id: 'li' } });
    expect(command('transfer', claimed, { to: '数据库二线' })).toEqual({ type: 'transfer', to: { team: 'db-l2' } });
    expect(command('transfer', queued, { to: '数据库二线' })).toEqual({ type: 'escalate', to: 'db-l2' });
    expect(errors('transfer', claimed, { to: '王大锤' })['to']).toMatch(/没有叫“王大锤”的人或团队/);
  });

  it('the small ones', () => {
    expect(command('set_severity', claimed, { severity: 'S1' })).toEqual({ type: 'set_severity', severity: 'S1' });
    expect(command('return', claimed, { note: '不是数据库的问题' })).toEqual({
      type: 'return',
      note: '不是数据库的问题',
    });
    expect(command('progress', claimed, { text: '正在切换备库' })).toEqual({ type: 'comment', text: '正在切换备库' });
    expect(command('reject', queued, { reason: 'duplicate', of: 'ITR-87' })).toEqual({
      type: 'reject',
      reason: 'duplicate',
      of: 87,
    });
    expect(errors('reject', queued, { reason: 'duplicate' })).toHaveProperty('of');
    expect(errors('reject', queued, { reason: 'duplicate', of: '那个' })).toHaveProperty('of');
    expect(command('authorize', queued, { reason: '续签中' })).toEqual({ type: 'authorize', reason: '续签中' });
    expect(command('rate', claimed, { score: '4', comment: '快' })).toEqual({ type: 'rate', score: 4, text: '快' });
  });

  it('new: a draft of a ticket', () => {
    const outcome = submit('new', null, { kind: 'request', title: '扩容', product: 'db', impact: '无' });
    expect(outcome).toMatchObject({
      kind: 'new',
      draft: { kind: 'request', fields: { title: '扩容', product: 'db', impact: '无' } },
    });
  });

  it('is unknown of another release, or about another ticket', () => {
    expect(submit('gone', claimed, {}).kind).toBe('unknown');
    const other = { ...claimed, number: 2 } as Ticket;
    const outcome = commandFromForm(
      'return',
      formFor('return', claimed, policy, 'en')?.context ?? '',
      { note: 'x' },
      {
        ticket: other,
        policy,
        directory,
        platform: 'slack',
        language: 'en',
        now: T0,
        timezone: ZONE,
      },
    );
    expect(outcome.kind).toBe('unknown');
  });
});

describe('until when', () => {
  it.each([
    ['2h', '2026-11-20T11:41+08:00'],
    ['1小时30分钟', '2026-11-20T11:11+08:00'],
    ['14:00', '2026-11-20T14:00+08:00'],
    ['9：00', '2026-11-21T09:00+08:00'],
    ['明天 9:00', '2026-11-21T09:00+08:00'],
    ['tomorrow', '2026-11-21T18:00+08:00'],
    ['11-23 09:30', '2026-11-23T09:30+08:00'],
    ['11-19', '2027-11-19T18:00+08:00'],
    ['2026-12-01 08:00', '2026-12-01T08:00+08:00'],
    ['2026-11-20T12:00:00Z', '2026-11-20T20:00+08:00'],
    ['明天下午', '2026-11-21T18:00+08:00'],
  ])('%s', (said, iso) => {
    expect(parseUntil(said, T0, ZONE)).toBe(at(iso));
  });

  it.each(['', '回头', '25:00', '13-45', '2026-02-30'])('"%s" cannot be read', (said) => {
    expect(parseUntil(said, T0, ZONE)).toBeNull();
  });
});
