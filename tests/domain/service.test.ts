/** domain.md: "Routing", "Entitlement", tiers and closing of "The life of a ticket", as tables. */
import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/domain/commands.ts';
import { callsBack } from '../../src/domain/decide/closing.ts';
import { childOf } from '../../src/domain/decide/child.ts';
import { capture } from '../../src/domain/decide/index.ts';
import { replay } from '../../src/domain/evolve.ts';
import type { Refusal } from '../../src/domain/errors.ts';
import { noticesFor } from '../../src/domain/notices.ts';
import { route } from '../../src/domain/routing.ts';
import { slaPolicyOf, contractOf } from '../../src/domain/sla.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { skippedBetween, tierShares, weekOf } from '../../src/domain/tiers.ts';
import type { SolvedTicket } from '../../src/domain/tiers.ts';
import type { World } from '../../src/domain/world.ts';
import { Life, at, lin, person, policyOf, worldWith } from '../support/world.ts';

const T0 = at('2026-11-19T15:00+08:00');
const MIN = 60_000;
const types = (events: readonly { readonly type: string }[]): string[] => events.map((event) => event.type);

describe('Routing: rules in order, the first match wins', () => {
  const policy = policyOf(`
teams: { a: {}, b: {}, c: {}, d: {} }
default_team: d
products: { db: { team: c, components: [proxy] }, net: {}, mail: { team: c } }
customers: { acme: {} }
projects: { core: { customer: acme } }
routing:
  - { name: whole, when: { product: net, severity: S1, kind: incident, language: en, project: core, customer: acme }, team: b }
  - { name: part, when: { product: db, component: proxy }, team: b }
  - { name: words, when: { keywords: [连接池, connection pool, db] }, team: a }
`);
  const about = { kind: 'incident', severity: 'S3', language: 'zh-CN', project: null, customer: null } as const;
  const cases: readonly [string, Partial<Parameters<typeof route>[0]>, string, boolean][] = [
    [
      'every condition holds: the rule',
      { fields: { product: 'net' }, severity: 'S1', language: 'en', project: 'core', customer: 'acme' },
      'whole',
      true,
    ],
    [
      'one condition does not: not the rule',
      { fields: { product: 'net' }, severity: 'S1', language: 'zh-CN', project: 'core', customer: 'acme' },
      'default',
      false,
    ],
    ['product and component', { fields: { product: 'db', component: 'proxy' } }, 'part', true],
    ['Chinese words stand anywhere', { fields: { title: '线上连接池满了' } }, 'words', true],
    ['English words, capitals and two spaces', { fields: { title: 'The Connection  Pools are full' } }, 'words', true],
    ['full-width letters are letters', { fields: { title: 'ＤＢ 挂了' } }, 'words', true],
    ['a short word is no part of a longer one', { fields: { title: 'dbus and sandbox, feedback' } }, 'default', false],
    ['beside Chinese a word ends', { fields: { title: '重启db之后' } }, 'words', true],
    [
      'words in the description count too',
      { fields: { description: '日志里有 connection pool exhausted' } },
      'words',
      true,
    ],
    ['no rule, but the product has a team', { fields: { product: 'mail' } }, 'product mail', true],
    ['no match: the default team, and it is told that nothing matched', { fields: { title: 'x' } }, 'default', false],
  ];
  it.each(cases)('%s', (_name, ticket, rule, matched) => {
    expect(route({ ...about, fields: {}, ...ticket }, policy)).toMatchObject({ rule, matched });
  });
});

describe('Assignment', () => {
  const turns = (how: string): World => worldWith(['ola: standard, assign: duty', `ola: standard, assign: ${how}`]);
  const give = (world: World, staffing?: World['staffing']): Life =>
    new Life({ ...world, ...(staffing === undefined ? {} : { staffing }) }, {}, T0);
  const staff = (load: Record<string, number>, last?: string) => ({
    load: new Map(Object.entries(load)),
    last: new Map(last === undefined ? [] : [['db-l1', last]]),
  });
  const owner = (life: Life): string | null => ('assignee' in life.ticket ? life.ticket.assignee.id : null);

  const cases: readonly [string, string, World['staffing'], string | null][] = [
    ['duty: whoever is on duty is called, nobody is given it', 'duty', undefined, null],
    ['manual: nobody is given it', 'manual', undefined, null],
    ['round_robin: the first of the file to begin with', 'round_robin', undefined, 'wei'],
    ['round_robin: then the next', 'round_robin', staff({}, 'wei'), 'li'],
    ['round_robin: after the last the first again', 'round_robin', staff({}, 'mei'), 'wei'],
    ['round_robin: somebody who left the team ends nothing', 'round_robin', staff({}, 'gone'), 'wei'],
    ['least_loaded: the fewest in hand', 'least_loaded', staff({ wei: 2, li: 1, mei: 3 }), 'li'],
    ['least_loaded: of equals the first of the file', 'least_loaded', staff({ wei: 1, li: 1, mei: 1 }), 'wei'],
    ['least_loaded: who has none has the fewest', 'least_loaded', staff({ wei: 1, li: 1 }), 'mei'],
  ];
  it.each(cases)('%s', (_name, how, staffing, expected) => {
    const life = give(turns(how), staffing);
    expect(owner(life)).toBe(expected);
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  it('passes over whom no platform reaches; nobody reachable: it waits in the queue', () => {
    const mute = worldWith(
      ['ola: standard, assign: duty', 'ola: standard, assign: round_robin'],
      ['slack: U0WEI, feishu: ou_wei, wecom: wei, ', ''],
    );
    expect(owner(new Life(mute, {}, T0))).toBe('li');
    const nobody = new Life({ ...turns('round_robin'), platforms: new Set(['playground']) }, {}, T0);
    expect(nobody.ticket.status).toBe('queued');
  });

  it('the program gave it: the system is the actor, nobody has answered the customer, the claim is settled', () => {
    const life = give(turns('round_robin'));
    const assigned = life.history.find((event) => event.type === 'assigned');
    expect(assigned).toMatchObject({ actor: { id: 'itr' }, how: 'round_robin' });
    const clock = (metric: string) => life.ticket.clocks.find((one) => one.metric === metric);
    expect(clock('response')?.stoppedAt).toBeNull();
    expect(clock('claim')?.stoppedAt).toBe(T0);
    expect(life.notices.map((notice) => notice.body.type)).toContain('handover');
  });

  it('the ticket knows to whom it was given and how, until another team shares it out', () => {
    const life = give(turns('least_loaded'));
    expect(life.ticket.shared).toEqual({ how: 'least_loaded', to: { id: 'wei', name: '魏伟' }, team: 'db-l1' });
    life.do({ type: 'assign', to: { id: 'li', name: '李丽', teams: ['db-l1'] } }, 'mei', T0 + MIN);
    expect(life.ticket.shared?.to.id).toBe('wei');
    expect(new Life(worldWith(), {}, T0).ticket.shared).toBeUndefined();
  });

  it('a rule’s assignment goes before the team’s', () => {
    const rule = worldWith(['- { when: {}, team: db-l1 }', '- { when: {}, team: db-l1, assign: round_robin }']);
    expect(owner(new Life(rule, {}, T0))).toBe('wei');
  });

  it('what is escalated or transferred to such a team has an owner at once, and one brief', () => {
    const l2 = worldWith(['lead: zhao, assign: duty', 'lead: zhao, assign: round_robin']);
    const life = new Life(l2, {}, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    life.do({ type: 'escalate', note: 'x' }, 'wei', T0 + 2 * MIN);
    expect(owner(life)).toBe('zhao');
    expect(life.notices.filter((notice) => notice.body.type === 'handover')).toHaveLength(1);
  });
});

describe('Tiers', () => {
  const claimed = (world = worldWith()): Life => {
    const life = new Life(world, {}, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    return life;
  };

  it('what L2 gives back lies in the queue of the team it came from, with the reason', () => {
    const life = claimed();
    life.do({ type: 'escalate', note: 'needs a DBA' }, 'wei', T0 + 2 * MIN);
    life.do({ type: 'claim' }, 'zhao', T0 + 3 * MIN);
    const [event] = life.do({ type: 'return', note: 'restart the proxy first' }, 'zhao', T0 + 4 * MIN);
    expect(event).toMatchObject({
      type: 'transferred',
      returned: true,
      note: 'restart the proxy first',
      team: 'db-l1',
    });
    expect(life.ticket).toMatchObject({ status: 'queued', team: 'db-l1', tier: 'L1' });
    expect(life.ticket.clocks.find((clock) => clock.id === 'tier:L2#2')?.stoppedAt ?? T0 + 4 * MIN).toBe(T0 + 4 * MIN);
    expect(life.timer('ladder')).toBeDefined();
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  it('what a person gives back goes to the person it came from', () => {
    const life = claimed();
    life.do({ type: 'transfer', to: { person: { id: 'li', name: '李丽', teams: ['db-l1'] } } }, 'wei', T0 + 2 * MIN);
    life.do({ type: 'return' }, 'li', T0 + 3 * MIN);
    expect(life.ticket).toMatchObject({ status: 'in_progress', assignee: { id: 'wei' } });
  });

  it.each([
    [null, 'L3', []],
    ['L1', 'L2', []],
    ['L1', 'L3', ['L2']],
    ['L2', 'L3', []],
    ['L3', 'L1', []],
    ['L1', 'L1', []],
  ] as const)('from %s to %s passes over %j', (from, to, skipped) => {
    expect(skippedBetween(from, to)).toEqual(skipped);
  });

  it('a skipped line is on the timeline and on the ticket', () => {
    const life = claimed();
    const [event] = life.do({ type: 'escalate', to: 'db-rd', note: 'x' }, 'wei', T0 + 2 * MIN);
    expect(event).toMatchObject({ skipped: ['L2'] });
    expect(life.ticket.skippedTiers).toEqual([{ at: T0 + 2 * MIN, from: 'L1', to: 'L3' }]);
  });

  it('9-9-1: shares by week, product and team; the ratio decides what is on target', () => {
    const one = (number: number, tier: SolvedTicket['tier'], product: string | null, day: string): SolvedTicket => ({
      number,
      tier,
      team: 'x',
      product,
      resolvedAt: at(`${day}T10:00+08:00`),
    });
    const tickets = [
      ...Array.from({ length: 9 }, (_, i) => one(i, 'L1', 'db', '2026-11-16')),
      one(10, 'L2', 'db', '2026-11-22'),
      one(11, 'L3', null, '2026-11-23'),
    ];
    const shares = (by: 'week' | 'product' | 'all', ratio: [number, number, number] = [90, 9, 1]) =>
      tierShares(tickets, by, ratio, 'Asia/Shanghai').map(({ key, shares: s, onTarget }) => [
        key,
        s.L1,
        s.L2,
        s.L3,
        onTarget,
      ]);
    expect(shares('week')).toEqual([
      ['2026-W47', 90, 10, 0, true],
      ['2026-W48', 0, 0, 100, false],
    ]);
    expect(shares('product')).toEqual([
      ['db', 90, 10, 0, true],
      [null, 0, 0, 100, false],
    ]);
    expect(shares('all')).toEqual([['all', 81.8, 9.1, 9.1, false]]);
    expect(shares('all', [80, 15, 5])[0]?.[4]).toBe(true);
    expect(tierShares([], 'week', [90, 9, 1], 'UTC')).toEqual([]);
  });

  it.each([
    ['2026-01-01', '2026-W01'],
    ['2027-01-03', '2026-W53'],
    ['2024-12-30', '2025-W01'],
    ['2026-11-22', '2026-W47'],
  ])('%s lies in %s', (day, week) => {
    expect(weekOf(at(`${day}T12:00Z`), 'UTC')).toBe(week);
  });
});

describe('Which policy: contract → project → customer → product → kind → default', () => {
  const levels = ['contract', 'project', 'customer', 'product', 'kind', 'default'] as const;
  const yaml = (without: readonly string[]): string => {
    const sla = (level: string): string => (without.includes(level) ? '' : `, sla: of-${level}`);
    return `
sla_policies: { ${levels.map((level) => `of-${level}: { targets: { S2: { response: 1h } } }`).join(', ')} }
products: { db: { name: db${sla('product')} } }
customers: { acme: { name: acme${sla('customer')} } }
projects: { core: { customer: acme${sla('project')} } }
contracts: [{ id: C1, project: core, from: "2026-01-01", until: "2026-12-31"${sla('contract')} }]
${without.includes('kind') ? '' : 'sla_by_kind: { incident: of-kind }'}
${without.includes('default') ? '' : 'default_sla: of-default'}
`;
  };
  const ticket = { project: 'core', customer: 'acme', fields: { product: 'db' }, kind: 'incident' } as const;
  levels.forEach((level, index) => {
    it(`without ${levels.slice(0, index).join(', ') || 'any gap'}: the ${level}'s`, () => {
      const policy = policyOf(yaml(levels.slice(0, index)));
      expect(slaPolicyOf(ticket, contractOf(ticket, policy, T0), policy)?.policy.id).toBe(`of-${level}`);
    });
  });
  it('nothing anywhere: no promise is made', () => {
    const policy = policyOf(yaml(levels));
    expect(slaPolicyOf(ticket, contractOf(ticket, policy, T0), policy)).toBeNull();
  });

  it('500 projects with their own SLA are 500 short entries, checked in under a second', () => {
    const many = Array.from({ length: 500 }, (_, i) => i);
    const file = `
calendars: { cn: { timezone: Asia/Shanghai, hours: { mon-fri: ["09:00-12:00", "13:30-18:00"] }, holidays: CN } }
sla_policies:
  standard: { calendar: cn, targets: { S1: { response: 15m, resolve: 24h }, S2: { response: 30m, resolve: 40h } } }
${many.map((i) => `  p${i}: { extends: standard, targets: { S2: { response: ${10 + (i % 50)}m } } }`).join('\n')}
projects:
${many.map((i) => `  proj${i}: { sla: p${i} }`).join('\n')}
`;
    const started = performance.now();
    const policy = policyOf(file);
    const ms = performance.now() - started;
    console.log(`500 projects with their own SLA: ${Math.round(ms)} ms`);
    expect(policy.slaPolicies.get('p7')?.targets.S2.response?.ms).toBe(17 * MIN);
    expect(policy.slaPolicies.get('p7')?.targets.S1.response?.ms).toBe(15 * MIN);
    expect(ms).toBeLessThan(3000);
  });
});

describe('Entitlement', () => {
  const mode = (entitlement: string, ...changes: (readonly [string, string])[]): World =>
    worldWith(['entitlement: open', `entitlement: ${entitlement}`], ...changes);
  const NONE = ['contracts:\n  - { id: A-2026-01', 'contracts:\n  - { id: A-2026-01'] as const;
  const expired = ['until: "2026-12-31"', 'until: "2026-06-30"'] as const;
  const later = ['from: "2026-01-01", until: "2026-12-31"', 'from: "2027-01-01", until: "2027-12-31"'] as const;
  const other = ['project: acme-core, products: [db]', 'project: acme-core, products: [net]'] as const;
  const net = ['team: db-l1 }\n', 'team: db-l1 }\n  net: { name: 网络 }\n'] as const;
  const gone = ['project: acme-core, products: [db], from', 'project: other, products: [db], from'] as const;
  const more = ['projects: { acme-core', 'projects: { other: {}, acme-core'] as const;
  const outcome = (life: Life) => {
    const event = life.history.find((one) => one.type === 'entitled');
    return event?.type === 'entitled' ? [event.outcome, event.gap ?? null, event.targets.length > 0] : null;
  };

  // mode, what is wrong, outcome, why, is anything promised
  const cases: readonly [string, string, World, string | null, readonly unknown[]][] = [
    ['open', 'covered', mode('open'), 'acme-core', ['entitled', null, true]],
    ['open', 'expired', mode('open', expired), 'acme-core', ['open', null, true]],
    ['open', 'unknown project', mode('open'), null, ['open', null, true]],
    ['warn', 'covered', mode('warn'), 'acme-core', ['entitled', null, true]],
    ['warn', 'expired', mode('warn', expired), 'acme-core', ['warned', 'expired', true]],
    ['warn', 'unknown project', mode('warn'), null, ['warned', 'no_project', true]],
    ['enforce', 'covered', mode('enforce', NONE), 'acme-core', ['entitled', null, true]],
    ['enforce', 'unknown project', mode('enforce'), null, ['no_data', 'no_project', false]],
    ['enforce', 'no contract', mode('enforce', gone, more), 'acme-core', ['waiting', 'no_contract', false]],
    ['enforce', 'expired', mode('enforce', expired), 'acme-core', ['waiting', 'expired', false]],
    ['enforce', 'not begun', mode('enforce', later), 'acme-core', ['waiting', 'not_yet', false]],
    ['enforce', 'product not covered', mode('enforce', net, other), 'acme-core', ['waiting', 'product', false]],
  ];
  it.each(cases)('%s, %s', (_mode, _what, world, project, expected) => {
    const life = new Life(world, { project }, T0);
    expect(outcome(life)).toEqual(expected);
    expect(life.ticket.status).toBe('queued');
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  const waiting = (severity: 'S1' | 'S2' = 'S2'): Life =>
    new Life(mode('enforce', expired), { severity, severityGuessed: false }, T0);
  const bodies = (life: Life): string[] => life.notices.map((notice) => notice.body.type);
  const code = (refusal: Refusal): string => refusal.reason.code;

  it('it is recorded; the project’s manager is asked once, the requester is told, nobody is called and no clock runs', () => {
    const life = waiting();
    expect(life.notices.find((notice) => notice.body.type === 'authorize_request')).toMatchObject({
      to: { to: 'person', person: 'chen' },
      body: { asked: { id: 'chen' }, gap: 'expired', emergency: false },
    });
    expect(bodies(life).filter((type) => type === 'authorize_request')).toHaveLength(1);
    expect(life.notices.find((notice) => notice.body.type === 'uncovered')?.to).toEqual({ to: 'origin' });
    expect(life.notices.find((notice) => notice.body.type === 'work_card')?.body).toMatchObject({
      call: null,
      because: 'held',
    });
    expect(life.ticket.clocks).toEqual([]);
    expect(life.timers).toEqual([]);
  });

  it('without a manager the team’s lead is asked', () => {
    const life = new Life(mode('enforce', expired, ['manager: chen, ', '']), {}, T0);
    expect(life.ticket.authorizer).toBe('mei');
  });

  it('nobody begins with it before somebody has said yes', () => {
    const life = waiting();
    for (const command of [
      { type: 'claim' },
      { type: 'assign', to: { id: 'li', name: '李丽', teams: ['db-l1'] } },
      { type: 'escalate' },
    ] as const)
      expect(code(life.refusal(command, 'mei', T0 + MIN))).toBe('not_entitled');
  });

  it('only a lead, a manager, or whoever was asked may authorize or reject', () => {
    expect(code(waiting().refusal({ type: 'authorize', reason: 'x' }, 'wei', T0 + MIN))).toBe('not_yours');
    expect(code(waiting().refusal({ type: 'reject', reason: 'not_entitled' }, 'wei', T0 + MIN))).toBe('not_yours');
    expect(code(waiting().refusal({ type: 'authorize', reason: 'x' }, lin, T0 + MIN))).toBe('not_yours');
    const asked = new Life(mode('enforce', expired, ['manager: chen', 'manager: wei']), {}, T0);
    asked.do({ type: 'authorize', reason: '老客户' }, 'wei', T0 + MIN);
    expect(asked.ticket.entitlement).toBe('authorized');
  });

  it('authorized: with a reason on the timeline, promised from the first message, the team is called', () => {
    const life = waiting();
    expect(code(life.refusal({ type: 'authorize', reason: ' ' }, 'chen', T0 + 9 * MIN))).toBe('invalid');
    const events = life.do({ type: 'authorize', reason: '老客户，先处理' }, 'chen', T0 + 10 * MIN);
    expect(types(events)).toEqual(['authorized', 'entitled', 'dispatched']);
    expect(events[0]).toMatchObject({ reason: '老客户，先处理', actor: { id: 'chen' } });
    expect(life.ticket.clocks.find((clock) => clock.metric === 'response')).toMatchObject({ startedAt: T0 });
    expect(life.ticket.clocks.find((clock) => clock.metric === 'claim')).toMatchObject({ startedAt: T0 + 10 * MIN });
    expect(life.timer('ladder')).toBeDefined();
    life.do({ type: 'claim' }, 'wei', T0 + 11 * MIN);
    expect(life.do({ type: 'note', text: 'x' }, 'wei', T0 + 12 * MIN)).toHaveLength(1);
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  it('authorized twice is authorized once', () => {
    const life = new Life(mode('open'), {}, T0);
    life.do({ type: 'authorize', reason: 'x' }, 'mei', T0 + MIN);
    expect(life.do({ type: 'authorize', reason: 'y' }, 'mei', T0 + 2 * MIN)).toEqual([]);
  });

  it('rejected: the requester is told', () => {
    const life = waiting();
    life.do({ type: 'reject', reason: 'not_entitled', note: '合同续签后再提' }, 'chen', T0 + MIN);
    expect(life.ticket.status).toBe('rejected');
    expect(bodies(life)).toContain('rejected');
  });

  it('business down: emergency recovery only — the team is called, service is restored, the cause waits for a yes', () => {
    const life = waiting('S1');
    expect(life.notices.find((notice) => notice.body.type === 'work_card')?.body).toMatchObject({
      call: { id: 'wei' },
    });
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    expect(code(life.refusal({ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', T0 + 2 * MIN))).toBe(
      'not_entitled',
    );
    life.do({ type: 'restore' }, 'wei', T0 + 3 * MIN);
    expect(life.ticket.clocks.filter((clock) => clock.kind === 'SLA')).toEqual([]);
    life.do({ type: 'authorize', reason: 'ok' }, 'chen', T0 + 4 * MIN);
    life.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', T0 + 5 * MIN);
    expect(life.ticket.status).toBe('resolved');
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  it('what becomes an emergency while it waits is begun with at once', () => {
    const life = waiting();
    life.do({ type: 'set_severity', severity: 'S1' }, 'wei', T0 + MIN);
    expect(life.notices.find((notice) => notice.body.type === 'work_card')?.body).toMatchObject({
      call: { id: 'wei' },
    });
    life.do({ type: 'claim' }, 'wei', T0 + 2 * MIN);
  });

  it('no data: served without a promise, and a task to complete the data', () => {
    const life = new Life(mode('enforce'), { project: null }, T0);
    expect(life.ticket.tasks).toMatchObject([{ activity: 'entitle', doneAt: null }]);
    expect(bodies(life)).toContain('entitlement_gap');
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    life.do({ type: 'checkpoint', activity: 'entitle', note: '已补' }, 'wei', T0 + 2 * MIN);
    expect(life.ticket.tasks).toMatchObject([{ doneAt: T0 + 2 * MIN, doneBy: { id: 'wei' } }]);
  });

  it('what is said of the contract stands below the card it is about', () => {
    const life = new Life(mode('warn', expired), {}, T0);
    expect(bodies(life).indexOf('work_card')).toBeLessThan(bodies(life).indexOf('entitlement_gap'));
  });
});

describe('A cross-product ticket has one owner team and child tickets for the others', () => {
  const world = worldWith();
  const parent = (): Life => {
    const life = new Life(world, {}, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    return life;
  };
  const childFor = (life: Life, wanted = { team: 'db-l2', title: '查存储' }, by = 'wei') => {
    const command = childOf(life.ticket, wanted, person(by, world), world, T0 + 2 * MIN);
    return capture(2, command, person(by, world), world, T0 + 2 * MIN);
  };
  const state = (status: Ticket['status']) => ({ status, team: 'db-l2', title: '查存储' });

  it('the child knows what the parent knows, goes to its team, and holds no promise of its own', () => {
    const { ticket, events } = childFor(parent());
    expect(types(events)).toEqual(['captured', 'linked', 'registered', 'entitled', 'dispatched']);
    expect(ticket).toMatchObject({
      status: 'queued',
      team: 'db-l2',
      parent: 1,
      project: 'acme-core',
      contract: 'A-2026-01',
      routedBy: 'child of ITR-1',
      requester: { id: 'wei' },
      fields: { title: '查存储', product: 'db' },
      links: [{ to: 1, as: 'parent' }],
    });
    expect(ticket.clocks.filter((clock) => clock.kind === 'SLA')).toEqual([]);
    expect(noticesFor(null, events, ticket, world).map((notice) => notice.body.type)).toContain('work_card');
    expect({ ...replay(2, events) }).toEqual(ticket);
  });

  it('a customer raises no child, and what is over has none', () => {
    const life = parent();
    expect(() => childOf(life.ticket, { team: 'db-l2' }, lin, world, T0)).toThrow(/engineers/);
    life.do({ type: 'cancel' }, lin, T0 + 2 * MIN);
    expect(() => childOf(life.ticket, { team: 'db-l2' }, person('wei', world), world, T0)).toThrow(/cancelled/);
  });

  it('the parent shows how its children stand, and says when the last one is solved', () => {
    const life = parent();
    const tell = (child: number, status: Ticket['status'], minute: number) =>
      life.do({ type: 'child_changed', child, state: state(status) }, { ...person('wei', world) }, T0 + minute * MIN);
    tell(2, 'queued', 3);
    tell(3, 'queued', 3);
    expect(tell(2, 'queued', 4)).toEqual([]);
    tell(2, 'resolved', 5);
    expect(life.notices.map((notice) => notice.body.type)).not.toContain('children_done');
    tell(3, 'closed', 6);
    expect(life.notices.find((notice) => notice.body.type === 'children_done')).toMatchObject({
      to: { to: 'work', team: 'db-l1' },
      body: { owner: { id: 'wei' }, child: 'ITR-3' },
    });
    expect(life.ticket.links.map((link) => link.state?.status)).toEqual(['resolved', 'closed']);
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  it('a parent is not closed silently while a child is open: it is obeyed, and said', () => {
    const life = parent();
    life.do({ type: 'child_changed', child: 2, state: state('queued') }, 'wei', T0 + 3 * MIN);
    life.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', T0 + 4 * MIN);
    expect(life.notices.find((notice) => notice.body.type === 'children_open')?.body).toMatchObject({
      children: ['ITR-2'],
    });
    life.do({ type: 'confirm' }, lin, T0 + 5 * MIN);
    expect(life.notices.map((notice) => notice.body.type)).toContain('children_open');
  });

  it('one ticket has one parent, and is not its own grandchild', () => {
    const life = parent();
    life.do({ type: 'link', to: 7, as: 'parent' }, 'wei', T0 + 2 * MIN);
    expect(life.refusal({ type: 'link', to: 8, as: 'parent' }, 'wei', T0 + 3 * MIN).reason).toMatchObject({
      because: 'has_parent',
    });
    expect(life.refusal({ type: 'link', to: 7, as: 'child' }, 'wei', T0 + 3 * MIN).reason).toMatchObject({
      because: 'circle',
    });
  });
});

describe('Closing: the call-back (回访)', () => {
  const close = (callback: string): World => worldWith(['close: { ', `close: { callback: ${callback}, `]);
  const closed = (world: World, severity: 'S1' | 'S2' = 'S2'): Life => {
    const life = new Life(world, { severity, severityGuessed: false }, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    life.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', T0 + 2 * MIN);
    life.do({ type: 'confirm' }, lin, T0 + 3 * MIN);
    return life;
  };

  it('by rule: the lead is reminded, and a word ends it', () => {
    const life = closed(close('{ when: { severity: [S1] } }'), 'S1');
    expect(life.notices.find((notice) => notice.body.type === 'call_back')).toMatchObject({
      to: { to: 'person', person: 'mei' },
      body: { who: { id: 'mei' }, requester: { id: lin.id } },
    });
    life.do({ type: 'checkpoint', activity: 'call_back', note: '客户满意' }, 'mei', T0 + 60 * MIN);
    expect(life.ticket.tasks).toMatchObject([{ activity: 'call_back', doneBy: { id: 'mei' } }]);
    expect(replay(1, life.history)).toEqual(life.ticket);
  });

  it('is reminded of after two business days, three times at most, until somebody has done it', () => {
    const reminders = (life: Life, until: number): string[] =>
      life
        .runUntil(until, SYSTEM)
        .flatMap((event) =>
          event.type === 'reminded' && event.what === 'call_back'
            ? [`${new Date(event.at).toISOString().slice(5, 10)} ${event.told[0]?.person?.id ?? 'nobody'}`]
            : [],
        );
    const life = closed(close('{ when: { severity: [S1] } }'), 'S1');
    // Closed on a Thursday: two days of the calendar of `close` end on Monday, and so on.
    expect(reminders(life, T0 + 60 * 24 * 60 * MIN)).toEqual(['11-23 mei', '11-25 mei', '11-27 mei']);
    expect(life.notices).toMatchObject([
      { to: { to: 'person', person: 'mei' }, body: { type: 'call_back', again: true } },
    ]);
    expect(life.timer('call_back')).toBeUndefined();
    expect(replay(1, life.history)).toEqual(life.ticket);

    const done = closed(close('{ when: { severity: [S1] } }'), 'S1');
    expect(reminders(done, T0 + 5 * 24 * 60 * MIN)).toHaveLength(1);
    done.do({ type: 'checkpoint', activity: 'call_back' }, 'mei', T0 + 5 * 24 * 60 * MIN);
    expect(done.timer('call_back')).toBeUndefined();

    const reopened = closed(close('{ when: { severity: [S1] } }'), 'S1');
    reopened.do({ type: 'reopen' }, lin, T0 + 5 * MIN);
    expect(reopened.timer('call_back')).toBeUndefined();
  });

  it('what the rule does not fit, and no rule at all, has none', () => {
    expect(closed(close('{ when: { severity: [S1] } }')).ticket.tasks).toBeUndefined();
    expect(closed(worldWith()).ticket.tasks).toBeUndefined();
  });

  it('by sample: the same tickets every time, as many as asked for', () => {
    const { ticket } = closed(worldWith());
    const rules = { sample: 10, when: null };
    const drawn = Array.from({ length: 1000 }, (_, i) => i + 1).filter((number) =>
      callsBack({ ...ticket, number }, rules),
    );
    expect(drawn.length).toBeGreaterThanOrEqual(95);
    expect(drawn.length).toBeLessThanOrEqual(105);
    expect(callsBack({ ...ticket, number: 1 }, { sample: 100, when: null })).toBe(true);
    expect(callsBack({ ...ticket, number: 1 }, { sample: 0, when: null })).toBe(false);
    expect(callsBack({ ...ticket, parent: 9 }, { sample: 100, when: null })).toBe(false);
  });
});
