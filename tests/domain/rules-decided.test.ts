/** docs/domain.md: "Decided, where two readings were possible", line by line. What chat decides of it: tests/conversations/rules.test.ts. */
import { describe, expect, it } from 'vitest';
import { clockView, isRunning } from '../../src/domain/clocks.ts';
import type { ClockView } from '../../src/domain/clocks.ts';
import { SYSTEM } from '../../src/domain/commands.ts';
import type { Actor, Command } from '../../src/domain/commands.ts';
import type { EventOf, EventType } from '../../src/domain/events.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { contractOf } from '../../src/domain/sla.ts';
import type { World } from '../../src/domain/world.ts';
import { Life, at, lin, person, policyOf, stranger, worldWith } from '../support/world.ts';

const world = worldWith();
const T0 = at('2026-11-20T10:00+08:00'); // wei is on duty for db-l1
const told = <T extends EventType>(life: Life, type: T): readonly EventOf<T>[] =>
  life.history.filter((event): event is EventOf<T> => event.type === type);
const viewOf = (life: Life, id: string, now: number): ClockView => {
  const clock = life.ticket.clocks.find((one) => one.id === id);
  if (clock === undefined) throw new Error(`no clock ${id}; ${life.ticket.clocks.map((one) => one.id).join(', ')}`);
  return clockView(clock, life.world.policy, now);
};
const s1 = (of: World = world): Life => new Life(of, { severity: 'S1', severityGuessed: false }, T0);

describe('Requester', () => {
  const far: Actor = { ...lin, id: 'slack:U0FAR', name: 'Far' };
  const life = (): Life => {
    const one = new Life(world, {}, T0, person('wei', world));
    one.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    one.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', T0 + 2 * MINUTE);
    return one;
  };

  it('is who wrote first, whoever captures it', () => {
    expect(life().ticket.requester).toEqual({ id: lin.id, name: lin.name });
    expect(life().history[0]?.actor.id).toBe('wei');
  });

  it.each<readonly [string, Command, string]>([
    ['confirm', { type: 'confirm' }, 'closed'],
    ['reopen', { type: 'reopen' }, 'in_progress'],
  ])(
    'somebody of the chat’s project whom the directory does not know may %s; of another project not',
    (_, command, to) => {
      const one = life();
      expect(one.refusal(command, stranger, T0 + HOUR).kind).toBe('role');
      one.do(command, far, T0 + HOUR);
      expect(one.ticket.status).toBe(to);
    },
  );
});

describe('Register means "as it is"', () => {
  const known = worldWith(['roles: [manager] }', 'roles: [requester] }']);
  const draft = (of: World, thread = true): Life =>
    new Life(of, { fields: { title: 'x' }, ...(thread ? {} : { thread: null }) }, T0);

  it.each(['wei', 'mei', 'zhao', 'chen', 'admin'])('%s registers with fields missing', (by) => {
    const life = draft(world);
    life.do({ type: 'register' }, by, T0 + MINUTE);
    expect(life.ticket.status).toBe('queued');
    expect(told(life, 'registered')).toMatchObject([{ asItIs: true, missing: ['product', 'impact'] }]);
  });

  it('who is merely a requester does not, also where the file knows him', () => {
    expect(draft(known).refusal({ type: 'register' }, 'chen', T0 + MINUTE).kind).toBe('role');
  });

  it('the requester does where the bot has asked him, and not before', () => {
    expect(draft(world, false).refusal({ type: 'register' }, lin, T0 + MINUTE).kind).toBe('role');
    const asked = draft(world);
    expect(asked.ticket.asked).toEqual(['product']);
    asked.do({ type: 'register' }, lin, T0 + MINUTE);
    expect(asked.ticket.status).toBe('queued');
  });
});

describe('Ladder', () => {
  const named = worldWith(
    ['ladders:\n', 'ladders:\n  quick: [{ after: 5m, whom: lead, how: direct }]\n'],
    ['lead: mei, ola: standard', 'lead: mei, ladder: quick, ola: standard'],
  );

  it('is the team’s, else `default`', () => {
    expect(s1(named).ticket.ladder?.ladder).toBe('quick');
    expect(s1().ticket.ladder?.ladder).toBe('default');
    const elsewhere = s1(named);
    elsewhere.do({ type: 'escalate' }, 'mei', T0 + MINUTE);
    expect(elsewhere.ticket.ladder?.ladder).toBe('default');
  });

  it('`after` counts from the dispatch, not from the first message or the ticket', () => {
    const life = new Life(world, { firstMessageAt: T0 - HOUR, fields: { title: 'x', product: 'db' } }, T0);
    expect(life.ticket.ladder).toBeNull();
    life.do({ type: 'set', fields: { impact: '全部' } }, lin, T0 + 30 * MINUTE);
    expect(life.timer('ladder')).toMatchObject({ dueAt: T0 + 45 * MINUTE, occurrence: 1 });
  });

  it('acknowledged, it starts again from its first step at a point with escalate: ladder', () => {
    const life = s1();
    life.do({ type: 'acknowledge' }, 'mei', T0 + MINUTE);
    expect(life.timer('ladder')).toBeUndefined();
    life.runUntil(T0 + 15 * MINUTE, SYSTEM);
    expect(told(life, 'escalated')).toMatchObject([
      { kind: 'management', because: 'response 100%', at: T0 + 15 * MINUTE },
    ]);
    const called = told(life, 'reminded').map((event) => event.told.map((one) => one.person?.id));
    expect(called).toEqual([['wei']]);
    expect(life.timer('ladder')).toMatchObject({ point: 'step:1', occurrence: 2, dueAt: T0 + 30 * MINUTE });
  });
});

describe('Who is meant', () => {
  it('remind: assignee goes to the one on duty while it is queued, and to the owner once it has one', () => {
    const life = s1();
    life.runUntil(T0 + 8 * MINUTE, SYSTEM);
    expect(told(life, 'point_reached').at(-1)?.remind).toMatchObject([{ whom: 'assignee', person: { id: 'wei' } }]);
    life.do({ type: 'claim' }, 'li', T0 + 9 * MINUTE);
    life.do({ type: 'timer_due', clock: 'restore', point: '50%', occurrence: 0 }, SYSTEM, T0 + 2 * HOUR);
    expect(told(life, 'point_reached').at(-1)?.remind).toMatchObject([{ whom: 'assignee', person: { id: 'li' } }]);
  });

  it('manager is the project’s manager, directly, and every chat bound as escalation', () => {
    const life = s1();
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do({ type: 'timer_due', clock: 'restore', point: '100%', occurrence: 0 }, SYSTEM, T0 + 4 * HOUR);
    const pinged = life.notices.filter(({ body }) => body.type === 'point' && body.level === 'ping');
    expect(pinged.map(({ to }) => to)).toEqual([{ to: 'escalation' }, { to: 'person', person: 'chen' }]);
  });

  it('without a manager of the project the escalation chats are told all the same', () => {
    const life = s1(worldWith(['manager: chen, ', '']));
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do({ type: 'timer_due', clock: 'restore', point: '100%', occurrence: 0 }, SYSTEM, T0 + 4 * HOUR);
    const pinged = life.notices.filter(({ body }) => body.type === 'point' && body.level === 'ping');
    expect(pinged.map(({ to }) => to)).toEqual([{ to: 'escalation' }]);
  });
});

describe('A team without `ola` has no OLA clocks', () => {
  it('neither at dispatch nor when it comes from a team that has them', () => {
    const without = worldWith(['lead: mei, ola: standard', 'lead: mei']);
    expect(s1(without).ticket.clocks.filter(({ kind }) => kind === 'OLA')).toEqual([]);
    const life = s1();
    expect(life.ticket.clocks.filter(({ kind }) => kind === 'OLA').map(({ id }) => id)).toEqual([
      'claim#1',
      'tier:L1#1',
    ]);
    life.do({ type: 'escalate' }, 'mei', T0 + MINUTE);
    expect(life.ticket.clocks.filter((clock) => clock.kind === 'OLA' && isRunning(clock))).toEqual([]);
  });

  it('OLA clocks have one point, 100 %, which reminds the team’s duty and lead', () => {
    const life = s1();
    life.runUntil(T0 + 30 * MINUTE, SYSTEM);
    const ola = told(life, 'point_reached').filter(({ clock }) => clock === 'claim#1' || clock === 'tier:L1#1');
    expect(
      ola.map((event) => [
        event.clock,
        event.point,
        (event.at - T0) / MINUTE,
        event.remind.map((one) => one.person?.id),
      ]),
    ).toEqual([
      ['claim#1', '100%', 5, ['wei', 'mei']],
      ['tier:L1#1', '100%', 30, ['wei', 'mei']],
    ]);
  });

  it('so has the update clock, which reminds the owner too', () => {
    const life = s1();
    life.do({ type: 'claim' }, 'li', T0 + MINUTE);
    life.runUntil(T0 + 62 * MINUTE, SYSTEM);
    const update = told(life, 'point_reached').filter(({ clock }) => clock === 'update');
    expect(update.map((event) => [event.point, event.remind.map((one) => one.person?.id)])).toEqual([
      ['100%', ['li', 'wei', 'mei']],
    ]);
  });
});

describe('Clock states', () => {
  const claimed = (): Life => {
    const life = s1();
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    return life;
  };

  it('met: stopped in time, to the last millisecond', () => {
    for (const [late, state] of [
      [0, 'met'],
      [1, 'breached'],
    ] as const) {
      const life = claimed();
      life.do({ type: 'restore' }, 'wei', T0 + 4 * HOUR + late);
      expect(viewOf(life, 'restore', T0 + 5 * HOUR).state).toBe(state);
    }
  });

  it('breached stays for ever, with stoppedAt once it stops', () => {
    const life = claimed();
    life.do({ type: 'timer_due', clock: 'restore', point: '100%', occurrence: 0 }, SYSTEM, T0 + 4 * HOUR);
    expect(viewOf(life, 'restore', T0 + 4 * HOUR)).toMatchObject({ state: 'breached', clock: { stoppedAt: null } });
    life.do({ type: 'restore' }, 'wei', T0 + 5 * HOUR);
    expect(viewOf(life, 'restore', T0 + 9 * DAY)).toMatchObject({
      state: 'breached',
      clock: { breachedAt: T0 + 4 * HOUR, stoppedAt: T0 + 5 * HOUR },
    });
  });

  it('a breached clock can still be paused, and says both', () => {
    const life = claimed();
    life.do({ type: 'timer_due', clock: 'restore', point: '100%', occurrence: 0 }, SYSTEM, T0 + 4 * HOUR);
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 5 * HOUR);
    expect(viewOf(life, 'restore', T0 + 6 * HOUR)).toMatchObject({
      state: 'breached',
      paused: true,
      elapsedMs: 5 * HOUR,
    });
    expect(life.timer('restore')).toBeUndefined();
  });
});

describe('`escalate` and `transfer`', () => {
  it.each<readonly [string, Command, Record<string, unknown>, string | null]>([
    ['escalate to a team', { type: 'escalate', to: 'db-rd' }, { status: 'queued', team: 'db-rd', tier: 'L3' }, null],
    ['transfer to a team', { type: 'transfer', to: { team: 'db-l2' } }, { status: 'queued', team: 'db-l2' }, null],
    [
      'transfer to a person',
      { type: 'transfer', to: { person: { id: 'zhao', name: '赵', teams: ['db-l2'] } } },
      { status: 'in_progress', team: 'db-l2', tier: 'L2' },
      'zhao',
    ],
  ])('%s', (_how, command, expected, owner) => {
    const life = s1();
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do(command, 'wei', T0 + 2 * MINUTE);
    expect(life.ticket).toMatchObject(expected);
    expect('assignee' in life.ticket ? life.ticket.assignee.id : null).toBe(owner);
  });

  it('an engineer of another team cannot claim it; transferred to him, it is his', () => {
    const life = s1();
    expect(life.refusal({ type: 'claim' }, 'zhao', T0 + MINUTE).reason).toEqual({ code: 'not_yours', needs: 'team' });
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do({ type: 'transfer', to: { person: { id: 'zhao', name: '赵', teams: ['db-l2'] } } }, 'wei', T0 + 2 * MINUTE);
    life.do({ type: 'accept_handover' }, 'zhao', T0 + 3 * MINUTE);
    expect(life.ticket).toMatchObject({ assignee: { id: 'zhao' }, handover: null });
  });

  it('above the last tier there is none', () => {
    const life = s1();
    life.do({ type: 'escalate', to: 'db-rd' }, 'mei', T0 + MINUTE);
    expect(life.refusal({ type: 'escalate' }, 'sun', T0 + 2 * MINUTE).reason.code).toBe('no_next_tier');
  });

  it('raising the severity re-routes nothing, also where a rule would now send it elsewhere', () => {
    const ruled = worldWith([
      '  - { when: {}, team: db-l1 }',
      '  - { when: { severity: S1 }, team: db-l2 }\n  - { when: {}, team: db-l1 }',
    ]);
    expect(s1(ruled).ticket.team).toBe('db-l2');
    const life = new Life(ruled, { severity: 'S2' }, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    life.do({ type: 'set_severity', severity: 'S1' }, 'wei', T0 + 2 * MINUTE);
    expect(life.ticket).toMatchObject({
      severity: 'S1',
      team: 'db-l1',
      status: 'in_progress',
      assignee: { id: 'wei' },
    });
    expect(told(life, 'dispatched')).toHaveLength(1);
  });
});

describe('A contract’s `until`', () => {
  it.each([
    ['Asia/Shanghai', '2026-12-31T00:00+08:00', true],
    ['Asia/Shanghai', '2026-12-31T23:59:59.999+08:00', true],
    ['Asia/Shanghai', '2027-01-01T00:00+08:00', false],
    ['America/New_York', '2027-01-01T04:59+00:00', true],
    ['America/New_York', '2027-01-01T05:00+00:00', false],
  ])('includes that day in the file’s time zone: %s at %s', (timezone, instant, covered) => {
    const policy = policyOf(`
timezone: ${timezone}
projects: { core: {} }
contracts: [{ id: C1, project: core, from: "2026-01-01", until: "2026-12-31" }]
`);
    expect(contractOf({ project: 'core', fields: {} }, policy, at(instant))?.id ?? null).toBe(covered ? 'C1' : null);
  });
});

describe('Timers', () => {
  it('one for each running clock, its next point, and the occurrence; at no time two of one clock', () => {
    const life = s1();
    for (let turn = 0; turn < 60; turn++) {
      const clocks = life.timers.map(({ clock }) => clock);
      expect(new Set(clocks).size).toBe(clocks.length);
      const next = [...life.timers].sort((a, b) => a.dueAt - b.dueAt)[0];
      if (next === undefined) throw new Error('nothing rings any more');
      const { clock, point, occurrence, dueAt } = next;
      life.do({ type: 'timer_due', clock, point, occurrence }, SYSTEM, dueAt);
    }
    expect(life.timers.map(({ clock }) => clock)).toEqual(['response', 'restore', 'resolve']);
  });
});
