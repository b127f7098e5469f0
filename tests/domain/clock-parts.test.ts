/** The small parts that clocks are made of, each with the cases at its edges. */
import { describe, expect, it } from 'vitest';
import {
  cancel,
  pause,
  restart,
  retargeted,
  runOn,
  stop,
  unpause,
  withTargets,
} from '../../src/domain/clock-changes.ts';
import { clockView, instantOf, isShouting, openPoints, pointsOf, runSpans } from '../../src/domain/clocks.ts';
import { buildCalendar } from '../../src/domain/calendar.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import type { PointRule, Policy } from '../../src/domain/policy.ts';
import type { Clock, ClockTarget, Pause } from '../../src/domain/ticket.ts';
import { worldWith } from '../support/world.ts';

const T0 = Date.UTC(2026, 10, 19, 2);
const t = (minutes: number): number => T0 + minutes * MINUTE;
const always = buildCalendar('24x7', { timezone: 'UTC', hours: 'always', holidays: null, closed: [], open: new Map() });
const { policy } = worldWith();

const aClock = (more: Partial<Clock> = {}): Clock => ({
  id: 'resolve',
  metric: 'resolve',
  kind: 'SLA',
  startedAt: T0,
  stoppedAt: null,
  cancelledAt: null,
  pauses: [],
  targetMs: 60 * MINUTE,
  calendar: '24x7',
  policy: 'standard',
  source: 'default',
  reached: [],
  breachedAt: null,
  acknowledgedAt: null,
  round: 0,
  ...more,
});
const wait = (from: number, to: number | null): Pause => ({
  from: t(from),
  to: to === null ? null : t(to),
  reason: 'customer',
});
const target = (more: Partial<ClockTarget> = {}): ClockTarget => ({
  id: 'resolve',
  metric: 'resolve',
  kind: 'SLA',
  startedAt: T0,
  targetMs: 90 * MINUTE,
  calendar: 'cn',
  policy: 'gold',
  source: 'contract A',
  ...more,
});
const reached = (point: string, minute: number, occurrence = 0) => ({ point, at: t(minute), occurrence });

describe('runSpans: when a clock ran', () => {
  it.each<[string, Partial<Clock>, number, [number, number][]]>([
    ['without a pause', {}, 10, [[0, 10]]],
    ['not before it started', {}, -5, []],
    ['not at the instant it starts', {}, 0, []],
    [
      'around a pause',
      { pauses: [wait(2, 4)] },
      10,
      [
        [0, 2],
        [4, 10],
      ],
    ],
    ['not while a pause lasts', { pauses: [wait(2, null)] }, 10, [[0, 2]]],
    ['not when paused from the start', { pauses: [wait(0, 4)] }, 10, [[4, 10]]],
    ['up to the start of a pause', { pauses: [wait(10, 12)] }, 10, [[0, 10]]],
    ['with a pause that is still to come', { pauses: [wait(20, 22)] }, 10, [[0, 10]]],
    [
      'two pauses, one after the other',
      { pauses: [wait(2, 4), wait(4, 6)] },
      10,
      [
        [0, 2],
        [6, 10],
      ],
    ],
    ['up to its stop', { stoppedAt: t(5) }, 10, [[0, 5]]],
    ['up to its cancellation', { cancelledAt: t(6) }, 10, [[0, 6]]],
    ['paused when it was stopped', { stoppedAt: t(5), pauses: [wait(3, 5)] }, 10, [[0, 3]]],
  ])('%s', (_what, more, until, spans) =>
    expect(runSpans(aClock(more), t(until))).toEqual(spans.map(([from, to]) => ({ from: t(from), to: t(to) }))),
  );
});

describe('instantOf: when so much is used up', () => {
  it.each<[string, Partial<Clock>, number, number | null]>([
    ['without a pause', {}, 10, 10],
    ['nothing is used up at the start', {}, 0, 0],
    ['a pause puts it off', { pauses: [wait(2, 5)] }, 10, 13],
    ['used up exactly when a pause begins, it is then', { pauses: [wait(10, 30)] }, 10, 10],
    ['before a pause that lasts', { pauses: [wait(12, null)] }, 10, 10],
    ['nobody knows while it is paused', { pauses: [wait(2, null)] }, 10, null],
    ['paused from the start', { pauses: [wait(0, 3)] }, 10, 13],
    ['stopped before', { stoppedAt: t(5) }, 10, null],
    ['stopped just then', { stoppedAt: t(10) }, 10, 10],
    ['stopped after', { stoppedAt: t(11) }, 10, 10],
    ['cancelled before', { cancelledAt: t(5) }, 10, null],
  ])('%s', (_what, more, minutes, due) =>
    expect(instantOf(aClock(more), always, minutes * MINUTE)).toBe(due === null ? null : t(due)),
  );
});

describe('clockView', () => {
  const at = (more: Partial<Clock>, minute: number) => clockView(aClock(more), policy, t(minute));
  it('says what is left, and how much it is over', () => {
    expect(at({}, 20)).toMatchObject({
      state: 'running',
      elapsedMs: 20 * MINUTE,
      remainingMs: 40 * MINUTE,
      dueAt: t(60),
    });
    expect(at({}, 75)).toMatchObject({ state: 'breached', remainingMs: -15 * MINUTE });
  });
  it('a stopped one has nothing left, and tells when it would have been due', () =>
    expect(at({ stoppedAt: t(10) }, 20)).toMatchObject({ state: 'met', remainingMs: null, dueAt: t(60) }));
  it('a cancelled one is due never', () =>
    expect(at({ cancelledAt: t(10) }, 20)).toMatchObject({ state: 'cancelled', remainingMs: null, dueAt: null }));
  it('a paused one is due nobody knows when', () =>
    expect(at({ pauses: [wait(5, null)] }, 20)).toMatchObject({ state: 'paused', paused: true, dueAt: null }));
  it('whose calendar was removed runs around the clock', () =>
    expect(at({ calendar: 'gone' }, 20)).toMatchObject({ elapsedMs: 20 * MINUTE, dueAt: t(60) }));
});

describe('isShouting: something was said since it was last acknowledged', () => {
  it.each<[string, Partial<Clock>, boolean]>([
    ['nothing was said', {}, false],
    ['nobody has acknowledged it', { reached: [reached('75%', 5)] }, true],
    ['acknowledged after it', { reached: [reached('75%', 5)], acknowledgedAt: t(6) }, false],
    ['acknowledged at that instant', { reached: [reached('75%', 5)], acknowledgedAt: t(5) }, false],
    ['said again since', { reached: [reached('75%', 5), reached('100%', 9)], acknowledgedAt: t(6) }, true],
  ])('%s', (_what, more, shouts) => expect(isShouting(aClock(more))).toBe(shouts));
});

describe('pointsOf: the points of a clock', () => {
  const rule = (id: string, at: PointRule['at']): PointRule => ({
    id,
    at,
    remind: [],
    ping: [],
    buzz: [],
    escalate: null,
    repeatMs: null,
    warRoom: false,
  });
  const withPoints = (points: readonly PointRule[] | null): Policy => {
    const sla = policy.slaPolicies.get('standard');
    if (sla === undefined) throw new Error('no standard');
    return { ...policy, slaPolicies: new Map([['standard', { ...sla, points: points ?? [] }]]) };
  };
  const ids = (clock: Partial<Clock>, of: Policy = policy): string[] => pointsOf(aClock(clock), of).map(({ id }) => id);

  it('those of its policy, and a breach that nobody is told of where it names none', () => {
    expect(ids({})).toEqual(['50%', '75%', '90%', '100%']);
    const early = withPoints([rule('50%', { percent: 50 }), rule('10m', { beforeMs: 10 * MINUTE })]);
    expect(ids({}, early)).toEqual(['50%', '10m', '100%']);
    expect(pointsOf(aClock(), early).at(-1)).toMatchObject({ remind: [], ping: [], escalate: null });
    expect(ids({}, withPoints([rule('80%', { percent: 80 }), rule('100%', { percent: 100 })]))).toEqual([
      '80%',
      '100%',
    ]);
  });
  it.each(['update', 'claim', 'tier', 'vendor'] as const)('%s without points of its own has one, at 100 %%', (metric) =>
    expect(ids({ metric, id: metric })).toEqual(['100%']),
  );
  it('of update the owner is told, too', () => {
    expect(pointsOf(aClock({ metric: 'update' }), policy)[0]?.remind).toEqual(['assignee', 'duty', 'lead']);
    expect(pointsOf(aClock({ metric: 'claim' }), policy)[0]?.remind).toEqual(['duty', 'lead']);
  });
  it.each(['resolve', 'tier', 'vendor'] as const)('%s whose policy was removed has the breach alone', (metric) =>
    expect(ids({ metric, policy: 'gone' })).toEqual(['100%']),
  );

  it('openPoints: the earliest first, of several at one instant the highest last', () => {
    const both = withPoints([
      rule('5m', { beforeMs: 60 * MINUTE }),
      rule('0%', { percent: 0 }),
      rule('100%', { percent: 100 }),
    ]);
    expect(openPoints(aClock(), both).map(({ rule: { id }, dueAt }) => [id, dueAt])).toEqual([
      ['5m', T0],
      ['0%', T0],
      ['100%', t(60)],
    ]);
    const reversed = withPoints([
      rule('100%', { percent: 100 }),
      rule('last', { beforeMs: 1 }),
      rule('50%', { percent: 50 }),
    ]);
    expect(openPoints(aClock(), reversed).map(({ rule: { id } }) => id)).toEqual(['50%', 'last', '100%']);
    expect(openPoints(aClock({ pauses: [wait(1, null)] }), both)).toEqual([]);
    expect(openPoints(aClock({ stoppedAt: t(1) }), both)).toEqual([]);
  });

  it('a point that repeats counts from when it, or a higher one, was said last; and not once it is acknowledged or outdone', () => {
    const again = { repeatMs: 10 * MINUTE };
    const rules = withPoints([
      { ...rule('50%', { percent: 50 }), ...again },
      { ...rule('100%', { percent: 100 }), ...again },
      rule('120%', { percent: 120 }),
    ]);
    const next = (more: Partial<Clock>) =>
      openPoints(aClock(more), rules).map(({ rule: { id }, occurrence, dueAt }) => [
        id,
        occurrence,
        (dueAt - T0) / MINUTE,
      ]);
    expect(next({ reached: [reached('50%', 30)] })).toEqual([
      ['50%', 1, 40],
      ['100%', 0, 60],
      ['120%', 0, 72],
    ]);
    expect(next({ reached: [reached('50%', 30), reached('50%', 41, 1)] })[0]).toEqual(['50%', 2, 51]);
    // The order in which they were written down does not matter.
    expect(next({ reached: [reached('50%', 41, 1), reached('50%', 30)] })[0]).toEqual(['50%', 2, 51]);
    expect(next({ reached: [reached('50%', 30), reached('100%', 60)] })).toEqual([
      ['100%', 1, 70],
      ['120%', 0, 72],
    ]);
    expect(next({ reached: [reached('100%', 60), reached('120%', 72)] })).toContainEqual(['100%', 1, 82]);
    expect(next({ reached: [reached('100%', 60)], acknowledgedAt: t(60) })).not.toContainEqual(['100%', 1, 70]);
    expect(next({ reached: [reached('100%', 60)], acknowledgedAt: t(59) })).toContainEqual(['100%', 1, 70]);
  });
});

describe('changes of a set of clocks', () => {
  const response = aClock({ id: 'response', metric: 'response' });
  const vendor = aClock({ id: 'vendor', metric: 'vendor', kind: 'UC' });

  it('withTargets: a running clock gets its new target and keeps its past; a stopped one keeps what it was measured against', () => {
    const paused = aClock({ pauses: [wait(1, 2)], reached: [reached('50%', 30)] });
    expect(withTargets([paused, response], [target()])).toEqual([
      { ...paused, targetMs: 90 * MINUTE, calendar: 'cn', policy: 'gold', source: 'contract A' },
      response,
    ]);
    const stopped = aClock({ stoppedAt: t(5) });
    expect(withTargets([stopped], [target()])).toEqual([stopped]);
  });
  it('withTargets: a cancelled one comes back, paused when its siblings were', () => {
    const gone = aClock({ id: 'restore', metric: 'restore', cancelledAt: t(10), pauses: [wait(1, 2)] });
    const sibling = aClock({ pauses: [wait(1, 2), wait(8, 12), wait(20, null)] });
    const [back] = withTargets([gone, sibling], [target({ id: 'restore', metric: 'restore' })]);
    expect(back).toMatchObject({ cancelledAt: null, pauses: [wait(1, 2), { ...wait(10, 12) }, wait(20, null)] });
  });
  it('a clock that appears late starts in the past, and paused when its siblings did', () => {
    const sibling = aClock({ pauses: [wait(1, 4), wait(8, 9), wait(20, null)] });
    const late = (more: Partial<ClockTarget>): Clock | undefined =>
      withTargets([response, sibling, vendor], [target({ id: 'late', ...more })]).at(-1);
    expect(late({ metric: 'restore', startedAt: t(2) })).toMatchObject({
      startedAt: t(2),
      pauses: [wait(2, 4), wait(8, 9), wait(20, null)],
      stoppedAt: null,
      cancelledAt: null,
      reached: [],
      breachedAt: null,
      acknowledgedAt: null,
      round: 0,
    });
    // A pause that had ended by then is none of its own.
    expect(late({ metric: 'restore', startedAt: t(4) })?.pauses).toEqual([wait(8, 9), wait(20, null)]);
    for (const metric of ['response', 'claim', 'vendor'] as const) expect(late({ metric })?.pauses).toEqual([]);
    expect(withTargets([response], [target({ metric: 'restore' })]).at(-1)?.pauses).toEqual([]);
    // Of another clock of its kind, and of one that has ended, it takes nothing.
    const ended = aClock({ id: 'resolve', stoppedAt: t(30), pauses: [wait(1, 4)] });
    expect(withTargets([ended], [target({ id: 'late', metric: 'restore' })]).at(-1)?.pauses).toEqual([]);
    expect(withTargets([aClock({ id: 'old', pauses: [wait(1, 4)] })], [target({ id: 'late' })]).at(-1)?.pauses).toEqual(
      [],
    );
    // The resolve clock first: what stands still for it stands still for its siblings.
    const update = aClock({ id: 'update', metric: 'update', pauses: [wait(6, 7)] });
    expect(withTargets([update, sibling], [target({ id: 'late', metric: 'tier' })]).at(-1)?.pauses).toEqual(
      sibling.pauses,
    );
  });
  it('retargeted: what is not promised any more is cancelled; no target at all changes nothing', () => {
    const clocks = [aClock(), aClock({ id: 'restore', metric: 'restore' })];
    expect(retargeted(clocks, [], t(5))).toBe(clocks);
    expect(retargeted(clocks, [target()], t(5)).map(({ id, cancelledAt }) => [id, cancelledAt])).toEqual([
      ['resolve', null],
      ['restore', t(5)],
    ]);
  });
  it('stop and cancel end the pause that lasts, and touch only what runs', () => {
    const paused = aClock({ pauses: [wait(1, 2), wait(3, null)] });
    expect(stop([paused, response], ['resolve'], t(5))).toEqual([
      { ...paused, stoppedAt: t(5), pauses: [wait(1, 2), wait(3, 5)] },
      response,
    ]);
    expect(cancel([paused, response], ({ metric }) => metric === 'resolve', t(5))).toEqual([
      { ...paused, cancelledAt: t(5), pauses: [wait(1, 2), wait(3, 5)] },
      response,
    ]);
    const over = [aClock({ stoppedAt: t(1) }), aClock({ cancelledAt: t(1) })];
    expect(stop(over, ['resolve'], t(5))).toEqual(over);
    expect(cancel(over, () => true, t(5))).toEqual(over);
  });
  it('pause and unpause: those that are named and run; the vendor is waited for no more', () => {
    const both = pause([aClock(), response, aClock({ stoppedAt: t(1) })], ['resolve'], { reason: 'customer' }, t(3));
    expect(both.map(({ pauses }) => pauses)).toEqual([[wait(3, null)], [], []]);
    expect(unpause([...both, vendor], t(7)).map(({ pauses, stoppedAt }) => [pauses, stoppedAt])).toEqual([
      [[wait(3, 7)], null],
      [[], null],
      [[], t(1)],
      [[], t(7)],
    ]);
  });
  it('runOn: only what stopped with the resolution, and only the metrics meant; the time between is a pause', () => {
    const clocks = [
      aClock({ stoppedAt: t(9) }),
      aClock({ id: 'tier:L1#1', metric: 'tier', stoppedAt: t(4) }),
      aClock({ id: 'tier:L2#2', metric: 'tier', stoppedAt: t(9) }),
      aClock({ id: 'update', metric: 'update', stoppedAt: t(4) }),
      aClock({ id: 'restore', metric: 'restore', stoppedAt: t(6) }),
      aClock({ id: 'response', metric: 'response', stoppedAt: t(9) }),
      aClock({ id: 'running' }),
    ];
    const on = runOn(clocks, ['resolve', 'restore', 'update', 'tier'], t(9), t(20));
    expect(on.map(({ id, stoppedAt }) => [id, stoppedAt])).toEqual([
      ['resolve', null],
      ['tier:L1#1', t(4)],
      ['tier:L2#2', null],
      ['update', t(4)],
      ['restore', null],
      ['response', t(9)],
      ['running', null],
    ]);
    expect(on[0]?.pauses).toEqual([{ from: t(9), to: t(20), reason: 'resolved' }]);
    expect(on[6]?.pauses).toEqual([]);
  });
  it('restart: another round from then on, with the pause that lasts; nothing that ended, and nothing said before it began', () => {
    const update = aClock({
      id: 'update',
      metric: 'update',
      pauses: [wait(1, 2), wait(5, null)],
      reached: [reached('100%', 4)],
      breachedAt: t(4),
      acknowledgedAt: t(4),
    });
    expect(restart([update, aClock()], 'update', t(6))).toEqual([
      {
        ...update,
        startedAt: t(6),
        pauses: [wait(6, null)],
        reached: [],
        breachedAt: null,
        acknowledgedAt: null,
        round: 1,
      },
      aClock(),
    ]);
    expect(restart([update], 'update', T0)).toEqual([update]);
    expect(restart([update], 'update', t(-1))).toEqual([update]);
    const over = { ...update, stoppedAt: t(5) };
    expect(restart([over], 'update', t(6))).toEqual([over]);
  });
});
