import { describe, expect, it } from 'vitest';
import { builtInPolicy } from '../../src/config/builtin.ts';
import { parseConfig } from '../../src/config/load.ts';
import { DAY, EXAMPLE, HOUR, MINUTE, NOW, WORLD, policyOf } from './helpers.ts';

describe('the example', () => {
  const policy = policyOf(EXAMPLE);

  it('is accepted, and all of it is acted on', () => {
    expect(parseConfig(EXAMPLE, { now: NOW })).toMatchObject({ ok: true, notYet: [] });
  });

  it('raises no warning but of a year that China has not published', () => {
    const { warnings } = parseConfig(EXAMPLE, { now: Date.parse('2026-11-21T00:00:00Z') });
    expect(warnings.filter((warning) => warning.path !== 'calendars.cn.holidays')).toEqual([]);
  });

  it('inherits: gold is standard with a faster response to S2', () => {
    const gold = policy.slaPolicies.get('gold');
    expect(gold?.targets.S2).toEqual({
      response: { ms: 15 * MINUTE, calendar: 'cn' },
      restore: { ms: 8 * HOUR, calendar: 'cn' },
      resolve: { ms: 24 * HOUR, calendar: 'cn' },
      update: { ms: 4 * HOUR, calendar: 'cn' },
    });
    expect(gold?.targets.S1.response).toEqual({ ms: 15 * MINUTE, calendar: '24x7' });
    expect(gold?.points.map((point) => point.id)).toEqual(['50%', '75%', '90%', '100%']);
    expect(gold?.points[3]).toMatchObject({ ping: ['manager'], escalate: 'ladder', repeatMs: HOUR });
  });

  it('counts days of close in business days of 7.5 hours, and the reopen window on the wall', () => {
    expect(policy.close).toMatchObject({
      reminderMs: 7.5 * HOUR,
      autoCloseMs: 3 * 7.5 * HOUR,
      reopenWindowMs: 14 * DAY,
      calendar: 'cn',
    });
  });

  it('knows teams with their members, routes, contracts by instant', () => {
    expect(policy.teams.get('db-l2')).toMatchObject({ members: ['zhao', 'sun'], ladder: 'default', ola: null });
    expect(policy.routing.map((rule) => rule.name)).toEqual(['rule 1', 'rule 2', 'rule 3']);
    expect(policy.contracts[0]).toMatchObject({
      fromMs: Date.parse('2026-01-01T00:00:00+08:00'),
      untilMs: Date.parse('2027-01-01T00:00:00+08:00'),
    });
    expect(policy.people.get('wei')?.identities).toEqual({ slack: 'U0WEI', feishu: 'ou_wei', wecom: 'wei' });
    expect(policy.chats.map((chat) => [chat.role, chat.source])).toContainEqual(['escalation', 'file']);
  });

  it('is frozen, and has the same revision for the same text', () => {
    expect(Object.isFrozen(policy.teams.get('db-l1')?.members)).toBe(true);
    expect(policyOf(EXAMPLE).revision).toBe(policy.revision);
    expect(policyOf(`${EXAMPLE}\n# more`).revision).not.toBe(policy.revision);
  });

  it.each([
    ['cn', '2026-09-30T17:00:00+08:00', 8 * HOUR, '2026-10-08T17:30:00+08:00'],
    ['cn', '2026-10-09T17:30:00+08:00', 2 * HOUR, '2026-10-10T10:30:00+08:00'],
    ['cn', '2026-12-30T17:00:00+08:00', 2 * HOUR, '2027-01-01T10:00:00+08:00'],
    ['night-desk', '2026-03-28T23:00:00+01:00', 5 * HOUR, '2026-03-29T05:00:00+02:00'],
  ])('counts on %s from %s', (calendar, from, ms, due) => {
    expect(policy.calendars.get(calendar)?.addOpenTime(Date.parse(from), ms)).toBe(Date.parse(due));
  });
});

describe('an empty file', () => {
  const policy = policyOf('');

  it.each(['', '\n', '# nothing\n', 'version: 1\n', 'teams:\npeople:\nclose:\n'])(
    '%j is valid, without warnings',
    (text) => {
      expect(parseConfig(text, { now: NOW })).toMatchObject({ ok: true, warnings: [], notYet: [] });
    },
  );

  it('has one team, a promise around the clock, and asks for no product', () => {
    expect([...policy.teams.keys()]).toEqual(['support']);
    expect(policy).toMatchObject({
      defaultTeam: 'support',
      defaultSla: 'standard',
      locale: 'en',
      timezone: 'UTC',
      entitlement: 'open',
    });
    expect(policy.slaPolicies.get('standard')?.targets.S1.response).toEqual({ ms: 15 * MINUTE, calendar: '24x7' });
    expect(policy.forms.get('incident')).toMatchObject({ required: ['title', 'impact'] });
    expect(policy.gestures.claim).toEqual(['eyes', '👀', 'raising_hand', '🙋']);
    expect(policy.close).toMatchObject({ reminderMs: DAY, autoCloseMs: 3 * DAY });
  });

  it('with people in it, those who work are the team', () => {
    const { teams, people } = policyOf('people: { ann: {}, bob: { roles: [lead] }, eve: { roles: [manager] } }');
    expect(teams.get('support')?.members).toEqual(['ann', 'bob']);
    expect(people.get('ann')?.roles).toEqual(['engineer']);
  });
});

describe('a larger file', () => {
  const policy = policyOf(WORLD);

  it('is accepted; what is not acted on is named', () => {
    const result = parseConfig(WORLD, { now: NOW });
    expect(result.ok && result.notYet).toEqual(['chats on wecom']);
    expect(result.warnings).toEqual([]);
  });

  it('extends over two generations: maps merge, lists replace', () => {
    const gold = policy.slaPolicies.get('gold');
    expect(gold?.pauseOn).toEqual(['customer']);
    expect(gold?.targets).toMatchObject({
      S1: { response: { ms: 15 * MINUTE, calendar: '24x7' }, resolve: { ms: 8 * HOUR, calendar: '24x7' } },
      S2: { response: { ms: 2 * HOUR, calendar: 'office' }, resolve: { ms: 72 * HOUR, calendar: 'office' } },
      S3: { resolve: { ms: 9.5 * HOUR, calendar: 'office' } },
      S4: {},
    });
    expect(policy.olaPolicies.get('outer')).toEqual({
      id: 'outer',
      claim: { S1: { ms: 5 * MINUTE, calendar: '24x7' } },
      tier: {
        L1: { S1: { ms: HOUR, calendar: '24x7' }, S2: { ms: 4 * HOUR, calendar: '24x7' } },
        L2: { S1: { ms: 2 * HOUR, calendar: '24x7' } },
      },
      points: null,
    });
  });

  it('puts points in order, and tells parts from people', () => {
    const points = policy.slaPolicies.get('gold')?.points;
    expect(points?.map((point) => point.id)).toEqual(['50%', '-1800s', '100%']);
    expect(points?.[1]).toMatchObject({ at: { beforeMs: 30 * MINUTE }, remind: [{ person: 'anna' }] });
    expect(points?.[2]?.ping).toEqual(['manager', { person: 'bob' }]);
  });

  it('a business day is an ordinary one, whatever Friday is', () => {
    expect(policy.close).toMatchObject({ reminderMs: 8 * HOUR, autoCloseMs: 2 * 8 * HOUR + 4 * HOUR });
  });

  it('single values stand for lists, blanks for nothing, ids for names', () => {
    expect(policy.routing[0]).toMatchObject({
      name: 'payments first',
      when: { keywords: ['payment'], language: ['en'] },
      assign: 'duty',
    });
    expect(policy.products.get('site')?.components.get('search')).toEqual({
      id: 'search',
      name: 'search',
      aliases: [],
    });
    expect([...(policy.products.get('app')?.components.keys() ?? [])]).toEqual(['ios', 'android']);
    expect(policy.people.get('carol')).toMatchObject({ name: 'carol', roles: ['requester'], teams: [] });
    expect(policy.projects.get('shop')?.products).toEqual(['site', 'app']);
    expect(policy.contracts[0]?.products).toEqual(['site', 'app']);
  });

  it('contract days are days of the file, 23 or 25 hours long', () => {
    expect(policy.contracts[0]).toMatchObject({
      fromMs: Date.parse('2026-03-29T00:00:00+01:00'),
      untilMs: Date.parse('2026-10-26T00:00:00+01:00'),
    });
  });

  it('ladders by time, gestures without colons, what is required is asked for', () => {
    expect(policy.ladders.get('slow')?.steps.map((step) => [step.afterMs, step.how])).toEqual([
      [0, ['mention']],
      [HOUR, ['direct']],
    ]);
    expect(policy.gestures).toMatchObject({ claim: ['hand', '✋'], evidence: [], done: ['white_check_mark', '✅'] });
    expect(policy.platformGestures?.['feishu']).toMatchObject({ claim: ['OnIt'], done: ['DONE', 'CheckMark'] });
    expect(policy.forms.get('request')).toEqual({ required: ['title', 'site'], ask: ['title', 'product', 'site'] });
  });
});

it('the built-in configuration is the example with a playground; Lin and Zhou are strangers', () => {
  const policy = builtInPolicy(NOW);
  const chats = policy.chats.filter((chat) => chat.platform === 'playground');
  expect(chats.map((chat) => [chat.id, chat.role, chat.project, chat.team])).toEqual([
    ['proj-acme', 'intake', 'acme-core', null],
    ['duty-db', 'duty', null, 'db-l1'],
    ['duty-db2', 'duty', null, 'db-l2'],
    ['escalation', 'escalation', null, null],
  ]);
  expect([...policy.people.values()].map((person) => person.identities['playground'])).toEqual([
    ...policy.people.keys(),
  ]);
  expect(policy.people.has('lin')).toBe(false);
});
