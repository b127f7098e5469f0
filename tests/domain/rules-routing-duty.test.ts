/** docs/domain.md: "Routing", "Entitlement", "Duty", "Escalation", and who is told what where, where no other file of this folder proves them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/domain/commands.ts';
import type { Actor, Command } from '../../src/domain/commands.ts';
import { dutyOf } from '../../src/domain/escalation.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import type { NoticeBody } from '../../src/domain/notices.ts';
import { holesOf } from '../../src/domain/roster.ts';
import { route } from '../../src/domain/routing.ts';
import type { World } from '../../src/domain/world.ts';
import { Life, at, lin, person, policyOf, worldWith } from '../support/world.ts';

const world = worldWith();
const T0 = at('2026-11-20T10:00+08:00'); // wei is on duty for db-l1
const told = (life: Life, type: NoticeBody['type']): readonly string[] =>
  life.notices.flatMap(({ to, body }) =>
    body.type === type ? [to.to === 'person' ? `@${to.person}` : to.to === 'work' ? to.team : to.to] : [],
  );

describe('Routing: each condition of a rule has to hold', () => {
  const fits = {
    project: 'core',
    customer: 'acme',
    kind: 'incident',
    severity: 'S1',
    language: 'en',
    fields: { product: 'net', component: 'dns', title: 'the pool is empty' },
  } as const;
  const policyFor = (when: string) =>
    policyOf(`
teams: { a: {}, b: {} }
default_team: b
products: { net: { components: [dns, lb] }, db: {} }
customers: { acme: {}, globex: {} }
projects: { core: { customer: acme }, edge: { customer: globex } }
routing: [{ name: rule, when: { ${when} }, team: a }]
`);
  const ALL =
    'project: core, customer: acme, product: net, component: dns, kind: incident, severity: S1, language: en, keywords: [pool]';

  it('all of them hold', () => expect(route(fits, policyFor(ALL))).toMatchObject({ team: 'a', rule: 'rule' }));

  it.each([
    ['project', { project: 'edge' }],
    ['project (nobody knows which)', { project: null }],
    ['customer', { customer: 'globex' }],
    ['product', { fields: { ...fits.fields, product: 'db' } }],
    ['component', { fields: { ...fits.fields, component: 'lb' } }],
    ['component (nobody has said)', { fields: { product: 'net', title: fits.fields.title } }],
    ['kind', { kind: 'request' }],
    ['severity', { severity: 'S2' }],
    ['language', { language: 'zh-CN' }],
    ['keywords', { fields: { ...fits.fields, title: 'the pump is empty' } }],
  ] as const)('all but %s', (_which, other) =>
    expect(route({ ...fits, ...other }, policyFor(ALL))).toMatchObject({ team: 'b', matched: false }),
  );

  it('several values of one condition are "one of them"', () => {
    const policy = policyFor('severity: [S1, S2], language: [en]');
    expect(route({ ...fits, severity: 'S2' }, policy).rule).toBe('rule');
    expect(route({ ...fits, severity: 'S3' }, policy).rule).toBe('default');
  });

  it('in order: the first that fits wins, also over one that says more', () => {
    const order = (first: string, second: string) =>
      route(
        fits,
        policyOf(`
teams: { a: {}, b: {} }
products: { net: {} }
routing: [${first}, ${second}]
`),
      ).rule;
    const wide = '{ name: wide, when: {}, team: a }';
    const narrow = '{ name: narrow, when: { product: net, severity: S1 }, team: b }';
    expect([order(wide, narrow), order(narrow, wide)]).toEqual(['wide', 'narrow']);
  });

  it('a rule corrects nobody: what was said stays', () => {
    const life = new Life(world, { fields: { title: '连接池耗尽', product: 'db', impact: 'x', component: 'x' } }, T0);
    expect(life.ticket).toMatchObject({ routedBy: 'rule 2', fields: { component: 'x' } });
  });
});

describe('Entitlement: not lost, asked once, told kindly', () => {
  const enforced = worldWith(
    ['entitlement: open', 'entitlement: enforce'],
    ['until: "2026-12-31"', 'until: "2026-06-30"'],
  );

  it('a second authorization asks nobody again, and is no second entry', () => {
    const life = new Life(enforced, {}, T0);
    expect(told(life, 'authorize_request')).toEqual(['@chen']);
    expect(told(life, 'uncovered')).toEqual(['origin']);
    life.do({ type: 'authorize', reason: '老客户' }, 'chen', T0 + MINUTE);
    expect(life.do({ type: 'authorize', reason: '再说一次' }, 'mei', T0 + 2 * MINUTE)).toEqual([]);
    expect(life.history.filter(({ type }) => type === 'authorized')).toHaveLength(1);
  });

  it.each(['li', 'wei'])('only a lead or a manager overrides: %s does not', (by) => {
    const life = new Life(enforced, {}, T0);
    expect(life.refusal({ type: 'authorize', reason: '老客户' }, by, T0 + MINUTE).kind).toBe('role');
  });
});

describe('Duty: a pure function of configuration and overrides', () => {
  it('asked in any order, for the past or the future, the answers are the same', () => {
    const overrides = [{ team: 'db-l1', person: 'li', from: T0 + HOUR, until: T0 + 3 * HOUR }];
    const fresh = (): World => ({ ...worldWith(), overrides });
    const shared = fresh();
    fc.assert(
      fc.property(fc.integer({ min: -40 * 24, max: 400 * 24 }), fc.constantFrom('db-l1', 'db-l2'), (hours, team) => {
        const instant = T0 + hours * HOUR;
        expect(dutyOf(team, shared, instant)).toEqual(dutyOf(team, { ...fresh() }, instant));
      }),
      { numRuns: 60 },
    );
  });

  it('an override takes over for its interval, its end excluded', () => {
    const of: World = { ...world, overrides: [{ team: 'db-l1', person: 'li', from: T0, until: T0 + HOUR }] };
    const who = (ms: number) => [dutyOf('db-l1', of, ms).person, dutyOf('db-l1', of, ms).source];
    expect([T0 - 1, T0, T0 + HOUR - 1, T0 + HOUR].map(who)).toEqual([
      ['wei', 'rotation'],
      ['li', 'override'],
      ['li', 'override'],
      ['wei', 'rotation'],
    ]);
  });

  it('an empty slot is the lead’s, told directly with the page, and is found two weeks ahead', () => {
    const hole = worldWith(['people: [wei, li]', 'people: [wei, null]']);
    const empty = at('2026-11-24T10:00+08:00');
    expect(dutyOf('db-l1', hole, empty)).toMatchObject({ person: 'mei', source: 'fallback' });
    const life = new Life(hole, {}, empty);
    expect(told(life, 'ladder')).toEqual(['@mei']);
    expect(holesOf('db-l1', hole, T0, T0 + 14 * DAY)).toMatchObject([
      { from: at('2026-11-23T09:00+08:00'), until: at('2026-11-30T09:00+08:00') },
    ]);
  });
});

describe('Escalation: the hand-over brief for whoever takes it over', () => {
  const LI = { id: 'li', name: '李丽', teams: ['db-l1'] };
  const CLAIM = [{ type: 'claim' }, 'wei'] as const;
  const cases: readonly (readonly [
    string,
    readonly (readonly [Command, Actor | string])[],
    readonly (string | null)[],
  ])[] = [
    ['the first claim needs none', [CLAIM], []],
    ['the claim of a released one', [CLAIM, [{ type: 'release' }, 'wei'], [{ type: 'claim' }, 'li']], ['li']],
    ['a transfer to a person', [CLAIM, [{ type: 'transfer', to: { person: LI } }, 'wei']], ['li']],
    ['a transfer to a team', [CLAIM, [{ type: 'transfer', to: { team: 'db-l2' } }, 'wei']], [null]],
    ['a tier escalation', [CLAIM, [{ type: 'escalate' }, 'wei']], [null]],
    ['whose team was briefed already', [CLAIM, [{ type: 'escalate' }, 'wei'], [{ type: 'claim' }, 'zhao']], []],
    ['an assignment', [[{ type: 'assign', to: LI }, 'mei']], ['li']],
  ];
  it.each(cases)('%s', (_how, steps, expected) => {
    const life = new Life(world, {}, T0);
    steps.forEach(([command, by], i) => life.do(command, by, T0 + (i + 1) * MINUTE));
    expect(life.notices.flatMap(({ body }) => (body.type === 'handover' ? [body.to?.id ?? null] : []))).toEqual(
      expected,
    );
  });

  it.each([
    ['off duty is said', LI, true],
    ['on duty is not', { id: 'zhao', name: '赵', teams: ['db-l2'] }, false],
  ])('%s, and obeyed', (_what, to, offDuty) => {
    const saturday = at('2026-11-21T10:00+08:00'); // zhao is on duty for db-l2
    const life = new Life(world, {}, saturday);
    life.do({ type: 'claim' }, 'wei', saturday);
    life.do({ type: 'transfer', to: { person: to } }, 'wei', saturday + MINUTE);
    expect(life.notices.find(({ body }) => body.type === 'handover')?.body).toMatchObject({
      to: { id: to.id },
      offDuty,
    });
    expect(life.ticket).toMatchObject({ assignee: { id: to.id } });
  });
});

describe('Escalation ladder: whom, how and where', () => {
  const step = (text: string, after = '15m'): World =>
    worldWith(['- { after: 15m, whom: lead, how: direct }', `- { after: ${after}, ${text} }`]);
  it.each([
    ['duty, mention: in the work thread', 'whom: duty, how: mention', ['db-l1']],
    ['lead, mention: in the work thread', 'whom: lead, how: mention', ['db-l1']],
    ['lead, direct message: to him', 'whom: lead, how: direct', ['@mei']],
    ['lead, both', 'whom: lead, how: [mention, direct]', ['db-l1', '@mei']],
    ['manager: to him, and where management reads', 'whom: manager, how: direct', ['@chen', 'escalation']],
    ['a person who is named', 'whom: li, how: direct', ['@li']],
  ])('%s', (_what, text, expected) => {
    const life = new Life(step(text), {}, T0);
    life.do({ type: 'timer_due', clock: 'ladder', point: 'step:1', occurrence: 1 }, SYSTEM, T0 + 15 * MINUTE);
    expect(told(life, 'ladder')).toEqual(expected);
  });

  it('after: counts from the dispatch, around the clock', () => {
    const night = at('2026-11-20T23:50+08:00');
    expect(new Life(step('whom: lead, how: direct', '25m'), {}, night).timer('ladder')?.dueAt).toBe(
      night + 25 * MINUTE,
    );
  });

  it.each<readonly [string, Command, Actor | string]>([
    ['claimed', { type: 'claim' }, 'wei'],
    ['acknowledged', { type: 'acknowledge' }, 'wei'],
    ['assigned', { type: 'assign', to: { id: 'li', name: '李丽', teams: ['db-l1'] } }, 'mei'],
    ['rejected', { type: 'reject', reason: 'out_of_scope' }, 'mei'],
    ['cancelled', { type: 'cancel' }, lin],
  ])('is stopped when it is %s', (_how, command, by) => {
    const life = new Life(world, {}, T0);
    expect(life.timer('ladder')).toBeDefined();
    life.do(command, by, T0 + MINUTE);
    expect(life.timer('ladder')).toBeUndefined();
  });

  it('one that climbs again for a breach stops with the resolution', () => {
    const life = new Life(world, { severity: 'S1' }, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do({ type: 'comment', text: '在切换' }, 'wei', T0 + 200 * MINUTE);
    life.runUntil(T0 + 4 * HOUR, SYSTEM);
    expect(life.timer('ladder')).toBeDefined();
    life.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'mei', T0 + 4 * HOUR);
    expect(life.timer('ladder')).toBeUndefined();
  });
});

describe('Sync between threads: who reads what', () => {
  const wei = person('wei', world);
  const message = (by: Actor, role: 'origin' | 'work', text: string, internal = false): Command => ({
    type: 'message',
    message: {
      key: { platform: 'slack', chat: role === 'origin' ? 'C0ACME' : 'C0DUTY', message: '9' },
      author: { id: by.id, name: by.name },
      side: by.side === 'service' ? 'service' : 'customer',
      at: T0 + MINUTE,
      text,
      attachments: [{ name: 'slow.log', url: null }],
    },
    role,
    internal,
  });
  it.each<readonly [string, Actor, 'origin' | 'work', boolean, readonly string[]]>([
    ['the requester’s side, in the work thread', lin, 'origin', false, ['db-l1']],
    ['an engineer, in the origin thread', wei, 'work', false, ['origin']],
    ['an engineer who writes in the origin thread, in the work thread', wei, 'origin', false, ['db-l1']],
    ['an internal note, nowhere', wei, 'work', true, []],
  ])('%s, with author and attachments, once', (_what, by, role, internal, expected) => {
    const life = new Life(world, {}, T0);
    life.do(message(by, role, '见附件', internal), by, T0 + MINUTE);
    expect(told(life, 'carry')).toEqual(expected);
    for (const { body } of life.notices)
      if (body.type === 'carry')
        expect(body).toMatchObject({ author: { id: by.id }, text: '见附件', attachments: [{ name: 'slow.log' }] });
  });
});
