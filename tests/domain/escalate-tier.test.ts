/** `escalate: tier` of a point: the clock takes the ticket to the next team. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/domain/commands.ts';
import type { CaptureCommand, Command } from '../../src/domain/commands.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { replay } from '../../src/domain/evolve.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { simulate, simulatedWorld } from '../../src/domain/simulate.ts';
import { PEND_REASONS } from '../../src/domain/words.ts';
import type { World } from '../../src/domain/world.ts';
import { Life, at, lin, worldWith } from '../support/world.ts';

const NOW = at('2026-11-20T10:00+08:00'); // Friday; wei is on duty for db-l1
const UP: readonly [string, string] = [
  '- { at: 75%, remind: assignee }',
  '- { at: 75%, remind: assignee, escalate: tier }',
];
/** S1 has 4 h to restore, around the clock: 75 % are 3 h. */
const claimed = (world: World, by = 'wei'): Life => {
  const life = new Life(world, { severity: 'S1', severityGuessed: false }, NOW);
  life.do({ type: 'claim' }, by, NOW + MINUTE);
  return life;
};
const quietOwner: readonly [string, string] = ['entitlement: open', 'silent_owner: off\nentitlement: open'];
const ring = (life: Life, clock: string, now: number) => {
  const timer = life.timer(clock);
  if (timer === undefined) throw new Error(`there is no timer ${clock}`);
  return life.do({ ...timer, type: 'timer_due' }, SYSTEM, now);
};
const until75 = NOW + 3 * HOUR;
const CAPTURE: CaptureCommand = {
  type: 'capture',
  kind: 'incident',
  severity: 'S1',
  severityGuessed: false,
  fields: { title: 'it stutters', product: 'db' },
  language: 'zh-CN',
  requester: { id: 'requester', name: 'requester' },
  project: 'acme-core',
  firstMessageAt: NOW,
  thread: null,
  messages: [],
};

describe('A point with escalate: tier', () => {
  it('hands the ticket to the next team, with the clock and the point as the reason, a call and a brief', () => {
    const life = claimed(worldWith(UP, quietOwner));
    const told = life.runUntil(until75, SYSTEM);
    const escalated = told.filter((event) => event.type === 'escalated');
    expect(escalated).toMatchObject([
      {
        at: until75,
        actor: { id: 'itr' },
        kind: 'functional',
        fromTeam: 'db-l1',
        team: 'db-l2',
        tier: 'L2',
        because: { clock: 'restore', point: '75%' },
        duty: { id: expect.any(String) as string },
      },
    ]);
    expect(told.find((event) => event.type === 'point_reached' && event.point === '75%')).toMatchObject({
      escalates: { to: 'db-l2' },
    });
    expect(life.ticket).toMatchObject({
      status: 'queued',
      team: 'db-l2',
      tier: 'L2',
      handover: { from: { id: 'wei' } },
    });
    const inWork = (team: string) =>
      life.notices.flatMap(({ to, body }) => (to.to === 'work' && to.team === team ? [body] : []));
    expect(inWork('db-l2').map(({ type }) => type)).toEqual(['card', 'work_card', 'handover']);
    expect(inWork('db-l2').at(-1)).toMatchObject({ because: { clock: 'restore', point: '75%' }, fromTeam: 'db-l1' });
    // Whoever loses it reads it where he worked on it.
    expect(inWork('db-l1')).toMatchObject([
      { type: 'card' },
      { type: 'point', point: '75%', mention: [{ id: 'wei' }], escalates: { to: 'db-l2' } },
    ]);
  });

  it('to a team that shares its tickets out: the brief of whoever gets it has the reason too', () => {
    const life = claimed(worldWith(UP, quietOwner, ['lead: zhao, assign: duty', 'lead: zhao, assign: round_robin']));
    life.runUntil(until75 - 1, SYSTEM);
    ring(life, 'restore', until75);
    expect(life.ticket).toMatchObject({ status: 'in_progress', team: 'db-l2', assignee: { id: 'zhao' } });
    expect(life.notices.filter(({ body }) => body.type === 'handover')).toMatchObject([
      { body: { to: { id: 'zhao' }, because: { clock: 'restore', point: '75%' } } },
    ]);
  });

  it('does it once per point: the ladder of the new team, its claims and later points leave it there', () => {
    const life = claimed(worldWith(UP, quietOwner));
    life.runUntil(until75 + 10 * MINUTE, SYSTEM);
    life.do({ type: 'claim' }, 'zhao', until75 + 11 * MINUTE);
    life.runUntil(NOW + 12 * HOUR, SYSTEM);
    expect(life.history.filter((event) => event.type === 'escalated' && event.kind === 'functional')).toHaveLength(1);
    expect(life.ticket.team).toBe('db-l2');
  });

  it('without a next tier it is said, on the timeline and to whom the point reminds, and the ladder is climbed', () => {
    const life = claimed(worldWith(UP, quietOwner, [', escalates_to: db-l2', '']));
    life.runUntil(until75 - 1, SYSTEM);
    const told = ring(life, 'restore', until75);
    expect(told).toMatchObject([
      { type: 'point_reached', point: '75%', escalates: { to: null, ladder: 'default' } },
      { type: 'escalated', kind: 'management', because: 'restore 75%', ladder: { id: 'default', next: 0 } },
    ]);
    expect(life.ticket).toMatchObject({ status: 'in_progress', team: 'db-l1', assignee: { id: 'wei' } });
    const [reminder] = life.notices.filter(({ body }) => body.type === 'point');
    expect(reminder).toMatchObject({
      to: { to: 'work', team: 'db-l1' },
      body: { mention: [{ id: 'wei' }], escalates: { to: null, ladder: 'default' } },
    });
    expect(life.timer('ladder')?.dueAt).toBe(until75);
  });

  it('what no process saw is done all the same: a louder point speaks, the lower one has still escalated', () => {
    const life = claimed(worldWith(UP, quietOwner));
    const late = NOW + 3 * HOUR + 50 * MINUTE;
    const told = ring(life, 'restore', late);
    expect(told.map((event) => event.type)).toEqual(['point_reached', 'escalated']);
    expect(told).toMatchObject([
      { point: '90%', skipped: ['50%', '75%'], escalates: { to: 'db-l2' } },
      { because: { clock: 'restore', point: '75%' } },
    ]);
  });

  const states: readonly (readonly [string, readonly Command[], string | null])[] = [
    ['queued', [{ type: 'release' }], 'db-l2'],
    ['restored: its resolve clock runs on', [{ type: 'restore' }], 'db-l2'],
    ['pending, with a clock that runs on', [{ type: 'pend', reason: 'vendor' }], 'db-l2'],
    ['pending, with its clocks standing still', [{ type: 'pend', reason: 'customer' }], null],
    ['resolved', [{ type: 'resolve', solution: 'x', cause: 'defect' }], null],
    ['cancelled', [{ type: 'cancel' }], null],
  ];
  it.each(states)('of a ticket that is %s', (_, commands, team) => {
    // Without restore every status has the one clock in common: 24 h to resolve, 75 % are 18 h.
    const life = claimed(worldWith(UP, quietOwner, ['restore: 4h, resolve: 24h', 'resolve: 24h']));
    for (const command of commands) life.do(command, command.type === 'cancel' ? lin : 'mei', NOW + 2 * MINUTE);
    const before = life.ticket.status;
    life.runUntil(NOW + 17 * HOUR, SYSTEM);
    expect(life.ticket.team).toBe('db-l1');
    const told = life.runUntil(NOW + 18 * HOUR, SYSTEM).filter((event) => event.type === 'escalated');
    expect(
      told.map((event) => (event.type === 'escalated' && event.kind === 'functional' ? event.team : null)),
    ).toEqual(team === null ? [] : [team]);
    expect(life.ticket.status).toBe(team === null ? before : 'queued');
  });

  it('what waits for a contract is not escalated: nobody may begin with it', () => {
    const life = new Life(
      worldWith(UP, ['entitlement: open', 'entitlement: enforce'], ['until: "2026-12-31"', 'until: "2026-06-30"']),
      { severity: 'S2', severityGuessed: false },
      NOW,
    );
    expect(life.ticket.entitlement).toBe('waiting');
    life.runUntil(NOW + 48 * HOUR, SYSTEM);
    expect(life.history.some((event) => event.type === 'escalated')).toBe(false);
  });

  it('the simulator lists it', () => {
    const world = simulatedWorld(worldWith(UP, quietOwner).policy);
    const ticket = {
      ref: 'T',
      at: NOW,
      command: CAPTURE,
      deeds: [{ at: NOW + MINUTE, command: { type: 'claim' as const }, by: null }],
    };
    const found = [...simulate(world, [ticket], { from: NOW, until: NOW + 4 * HOUR })];
    expect(found.filter(({ type }) => type === 'escalation')).toEqual([
      { type: 'escalation', at: until75, ticket: 'T', clock: 'restore', point: '75%', from: 'db-l1', to: 'db-l2' },
    ]);
  });
});

describe('in every history', () => {
  const command: fc.Arbitrary<Command> = fc.oneof(
    fc.constantFrom<Command>(
      { type: 'claim' },
      { type: 'release' },
      { type: 'resume' },
      { type: 'restore' },
      { type: 'return' },
      { type: 'acknowledge' },
      { type: 'resolve', solution: 'x', cause: 'defect' },
      { type: 'reopen' },
      { type: 'comment', text: '在看' },
    ),
    fc.constantFrom(...PEND_REASONS).map((reason): Command => ({ type: 'pend', reason })),
  );
  const step = fc.record({ after: fc.integer({ min: 0, max: 300 }).map((n) => n * MINUTE), command });
  const worlds = [
    worldWith(UP),
    worldWith(UP, [', escalates_to: db-rd', '']),
    worldWith(UP, ['ping: manager, escalate: ladder', 'ping: manager, escalate: tier']),
  ];

  it('a point escalates at most once, and what it says it did is what happened', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: worlds.length - 1 }),
        fc.array(step, { minLength: 3, maxLength: 14 }),
        fc.boolean(),
        (world, steps, timers) => {
          const life = new Life(worlds[world] ?? worldWith(), { severity: 'S1', severityGuessed: false }, NOW);
          let now = NOW;
          for (const { after, command: next } of steps) {
            now += after;
            if (timers) life.runUntil(now, SYSTEM);
            try {
              life.do(next, 'chen', now);
            } catch (error) {
              if (!(error instanceof Refusal)) throw error;
            }
          }
          life.runUntil(now + 48 * HOUR, SYSTEM);

          const done = life.history.flatMap((event) =>
            event.type === 'escalated' && event.kind === 'functional' && event.because !== undefined
              ? [`${event.because.clock} ${event.because.point}`]
              : [],
          );
          expect(new Set(done).size).toBe(done.length);
          for (const [index, event] of life.history.entries()) {
            if (event.type !== 'point_reached' || event.escalates === undefined) continue;
            const { to } = event.escalates;
            const next = life.history
              .slice(index + 1)
              .find((one) => one.type === 'escalated' && (to !== null ? one.kind === 'functional' : true));
            if (to !== null) expect(next).toMatchObject({ kind: 'functional', team: to, at: event.at });
          }
          expect(replay(1, life.history)).toEqual(life.ticket);
        },
      ),
      { numRuns: 150 },
    );
  });
});
