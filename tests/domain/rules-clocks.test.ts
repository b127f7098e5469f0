/** docs/domain.md: "Clocks", its points and its arithmetic, line by line, where no other file of this folder proves them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCalendar, parseHours } from '../../src/domain/calendar.ts';
import { buildYearTable, instantWhenUsed, openBefore } from '../../src/domain/calendar-year.ts';
import { clockView } from '../../src/domain/clocks.ts';
import type { ClockView } from '../../src/domain/clocks.ts';
import { SYSTEM } from '../../src/domain/commands.ts';
import type { Actor, Command } from '../../src/domain/commands.ts';
import type { EventOf } from '../../src/domain/events.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { PEND_REASONS, SEVERITIES } from '../../src/domain/words.ts';
import type { World } from '../../src/domain/world.ts';
import { zoneOf } from '../../src/domain/zone.ts';
import { Life, at, lin, person, worldWith } from '../support/world.ts';

const world = worldWith();
const T0 = at('2026-11-19T15:00+08:00');
const LI = { id: 'li', name: '李丽', teams: ['db-l1'] };
const ZHAO = { id: 'zhao', name: '赵', teams: ['db-l2'] };
/** Every severity around the clock, so that minutes can be read off. */
const always = worldWith(
  ['S2: { response: 30m, restore: 8h', 'S2: { calendar: 24x7, response: 30m, restore: 8h'],
  ['lead: zhao, assign: duty', 'lead: zhao, ola: standard, assign: duty'],
);

type Deed = readonly [Command, Actor | string, number];
/** What was done, with the minutes after which it was done. */
const live = (of: World, severity: Ticket['severity'], ...deeds: readonly Deed[]): Life => {
  const life = new Life(of, { severity, severityGuessed: false }, T0);
  for (const [command, by, minutes] of deeds) life.do(command, by, T0 + minutes * MINUTE);
  return life;
};
const CLAIM: Deed = [{ type: 'claim' }, 'wei', 1];
const viewOf = (life: Life, id: string, minutes: number): ClockView => {
  const clock = life.ticket.clocks.find((one) => one.id === id);
  if (clock === undefined) throw new Error(`no clock ${id}; ${life.ticket.clocks.map((one) => one.id).join(', ')}`);
  return clockView(clock, life.world.policy, T0 + minutes * MINUTE);
};
const said = (role: 'origin' | 'work', by: Actor, minutes: number, internal = false): Deed => [
  {
    type: 'message',
    message: {
      key: { platform: 'slack', chat: role === 'origin' ? 'C0ACME' : 'C0DUTY', message: `${minutes}` },
      author: { id: by.id, name: by.name },
      side: by.side === 'service' ? 'service' : 'customer',
      at: T0 + minutes * MINUTE,
      text: '在看',
      attachments: [],
    },
    role,
    internal,
  },
  by,
  minutes,
];
const wei = person('wei', world);

describe('Clocks: response', () => {
  it.each<readonly [string, Deed, boolean]>([
    ['the first claim', CLAIM, true],
    ['the first word of an engineer in the origin thread', said('origin', wei, 3), true],
    ['the first word of a lead in the origin thread', said('origin', person('mei', world), 3), true],
    ['not an internal word there', said('origin', wei, 3, true), false],
    ['not a word in the work thread', said('work', wei, 3), false],
    ['not a word of the requester', said('origin', lin, 3), false],
    ['not a note', [{ type: 'note', text: '在看' }, 'wei', 3], false],
    ['not an acknowledgement by the lead', [{ type: 'acknowledge' }, 'mei', 3], false],
  ])('stops at %s', (_what, deed, stops) => {
    const life = live(world, 'S2', deed);
    expect(viewOf(life, 'response', 10)).toMatchObject(
      stops ? { state: 'met', elapsedMs: deed[2] * MINUTE } : { state: 'running', elapsedMs: 10 * MINUTE },
    );
  });

  it('a second claim or word is no second response', () => {
    const life = live(world, 'S2', CLAIM, [{ type: 'release' }, 'wei', 5], [{ type: 'claim' }, 'li', 20]);
    life.do(said('origin', wei, 25)[0], wei, T0 + 25 * MINUTE);
    expect(viewOf(life, 'response', 60)).toMatchObject({ state: 'met', elapsedMs: MINUTE });
  });

  it('what an engineer answered before anybody made a ticket of it is the response, from the first message on', () => {
    const message = said('origin', wei, -4)[0];
    if (message.type !== 'message') throw new Error('no message');
    const life = new Life(world, { firstMessageAt: T0 - 9 * MINUTE, messages: [message.message] }, T0);
    expect(viewOf(life, 'response', 60)).toMatchObject({ state: 'met', elapsedMs: 5 * MINUTE });
  });
});

describe('Clocks: restore', () => {
  it.each<readonly [string, Command]>([
    ['restored', { type: 'restore' }],
    ['resolved', { type: 'resolve', solution: 'x', cause: 'defect' }],
  ])('stops when it is %s', (_how, command) => {
    expect(viewOf(live(always, 'S2', CLAIM, [command, 'wei', 30]), 'restore', 90)).toMatchObject({
      state: 'met',
      elapsedMs: 30 * MINUTE,
    });
  });
});

describe('Clocks: what pauses', () => {
  const wide = worldWith(
    ['pause_on: [customer]', 'pause_on: [vendor, observation]'],
    ['teams:\n  db-l1', 'uc_policies:\n  hw: { calendar: 24x7, vendor: { S2: 4h } }\n\nteams:\n  db-l1'],
    ['storage: {} }, team: db-l1 }', 'storage: {} }, team: db-l1, uc: hw }'],
  );
  it.each(PEND_REASONS.flatMap((reason) => [[reason, world] as const, [reason, wide] as const]))(
    'for %s, if pause_on names it: restore, resolve, update and tier; never response, claim and vendor',
    (reason, of) => {
      const life = live(of, 'S2', CLAIM, [{ type: 'pend', reason }, 'wei', 5]);
      const named = of === world ? reason === 'customer' : reason === 'vendor' || reason === 'observation';
      const paused = life.ticket.clocks.filter(({ id }) => viewOf(life, id, 10).paused).map(({ metric }) => metric);
      expect(paused.sort()).toEqual(named ? ['resolve', 'restore', 'tier', 'update'] : []);
    },
  );

  it('what the program gave to somebody is not answered yet: response runs on while the rest stands still', () => {
    const turns = worldWith(['ola: standard, assign: duty', 'ola: standard, assign: round_robin']);
    const life = live(turns, 'S2', [{ type: 'pend', reason: 'customer' }, 'wei', 5]);
    expect(viewOf(life, 'response', 10)).toMatchObject({ paused: false, elapsedMs: 10 * MINUTE });
    expect(viewOf(life, 'resolve', 10)).toMatchObject({ paused: true, elapsedMs: 5 * MINUTE });
  });
});

describe('Clocks: update', () => {
  it.each<readonly [string, Deed, boolean]>([
    ['a word in the origin thread starts it anew', said('origin', wei, 40), true],
    ['a word in the work thread, which is carried there, starts it anew', said('work', wei, 40), true],
    ['a comment starts it anew', [{ type: 'comment', text: '在切换' }, 'wei', 40], true],
    ['an internal word does not', said('work', wei, 40, true), false],
    ['a word of the requester does not', said('origin', lin, 40), false],
  ])('%s', (_what, deed, anew) => {
    const life = live(always, 'S2', CLAIM, deed);
    expect(viewOf(life, 'update', 61)).toMatchObject({ elapsedMs: (anew ? 21 : 60) * MINUTE });
  });

  it('repeats: each round says its 100 % once', () => {
    const life = live(always, 'S1', CLAIM);
    const told = (until: number) =>
      life
        .runUntil(T0 + until * MINUTE, SYSTEM)
        .flatMap((event) => (event.type === 'point_reached' && event.clock === 'update' ? [event.at - T0] : []));
    expect(told(70)).toEqual([61 * MINUTE]);
    life.do({ type: 'comment', text: '在切换' }, 'wei', T0 + 71 * MINUTE);
    expect(told(140)).toEqual([131 * MINUTE]);
  });

  it('ends with the resolution', () => {
    const life = live(always, 'S2', CLAIM, [{ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', 30]);
    expect(viewOf(life, 'update', 300)).toMatchObject({ state: 'met', elapsedMs: 29 * MINUTE });
  });
});

describe('A transfer keeps the resolve clock running; a tier clock restarts per tier', () => {
  const ids = (life: Life): string[] =>
    life.ticket.clocks.filter(({ metric }) => metric === 'tier').map(({ id }) => id);
  it.each<readonly [string, Deed, readonly string[]]>([
    ['to a person of the same tier', [{ type: 'transfer', to: { person: LI } }, 'wei', 10], ['tier:L1#1']],
    ['to a person of the next', [{ type: 'transfer', to: { person: ZHAO } }, 'wei', 10], ['tier:L1#1', 'tier:L2#2']],
    ['to the team of the next', [{ type: 'transfer', to: { team: 'db-l2' } }, 'wei', 10], ['tier:L1#1', 'tier:L2#2']],
    ['by escalation', [{ type: 'escalate' }, 'wei', 10], ['tier:L1#1', 'tier:L2#2']],
  ])('%s', (_how, deed, expected) => {
    const life = live(always, 'S2', CLAIM, deed);
    expect(ids(life)).toEqual(expected);
    expect(viewOf(life, 'resolve', 30)).toMatchObject({ state: 'running', elapsedMs: 30 * MINUTE });
    expect(viewOf(life, 'tier:L1#1', 30).elapsedMs).toBe((expected.length === 1 ? 30 : 10) * MINUTE);
    if (expected.length > 1) expect(viewOf(life, 'tier:L2#2', 30)).toMatchObject({ elapsedMs: 20 * MINUTE });
  });

  it('tier stops when it is resolved, and goes on when that was no solution', () => {
    const life = live(always, 'S2', CLAIM, [{ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', 10]);
    expect(viewOf(life, 'tier:L1#1', 60)).toMatchObject({ state: 'met', elapsedMs: 10 * MINUTE });
    life.do({ type: 'reopen' }, lin, T0 + 60 * MINUTE);
    expect(viewOf(life, 'tier:L1#1', 70)).toMatchObject({ state: 'running', elapsedMs: 20 * MINUTE });
  });

  it('a claim clock per team: the team that gives it away has stopped', () => {
    const life = live(always, 'S2', [{ type: 'escalate' }, 'mei', 4]);
    expect(viewOf(life, 'claim#1', 60)).toMatchObject({ state: 'met', elapsedMs: 4 * MINUTE });
    expect(viewOf(life, 'claim#2', 10)).toMatchObject({ state: 'running', elapsedMs: 6 * MINUTE });
  });
});

describe('Severity raised, or lowered: original start, new target, elapsed time stays, both on the timeline', () => {
  it.each(SEVERITIES.flatMap((from) => SEVERITIES.map((to) => [from, to] as const)).filter(([a, b]) => a !== b))(
    '%s to %s',
    (from, to) => {
      const life = live(world, from, CLAIM);
      const before = viewOf(life, 'resolve', 30);
      life.do({ type: 'set_severity', severity: to }, 'wei', T0 + 30 * MINUTE);
      const after = viewOf(life, 'resolve', 30);
      const fresh = viewOf(live(world, to), 'resolve', 30);
      expect(after.clock).toMatchObject({
        startedAt: T0,
        targetMs: fresh.clock.targetMs,
        calendar: fresh.clock.calendar,
      });
      expect([after.elapsedMs, after.dueAt]).toEqual([before.elapsedMs, fresh.dueAt]);
      expect(life.history.at(-1)).toMatchObject({ type: 'severity_changed', from, to, actor: { id: 'wei' } });
    },
  );
});

describe('Points: each says to the right people, until somebody acknowledges or the clock stops', () => {
  const points = (life: Life, clock: string, until: number): readonly EventOf<'point_reached'>[] =>
    life
      .runUntil(T0 + until * MINUTE, SYSTEM)
      .filter((event): event is EventOf<'point_reached'> => event.type === 'point_reached' && event.clock === clock);

  it('the assignee is reminded, the duty with him at 90 %, the manager pinged at 100 %', () => {
    const told = points(live(always, 'S2', CLAIM), 'restore', 8 * 60);
    expect(
      told.map(({ point, remind, ping }) => [point, remind.map((one) => one.person?.id), ping.map((one) => one.whom)]),
    ).toEqual([
      ['50%', ['wei'], []],
      ['75%', ['wei'], []],
      // wei is on duty too: nobody is told twice.
      ['90%', ['wei'], []],
      ['100%', [], ['manager']],
    ]);
  });

  it('the breach repeats until the clock stops, without an acknowledgement', () => {
    const life = live(world, 'S1');
    expect(points(life, 'response', 135).map(({ occurrence }) => occurrence)).toEqual([0, 0, 0, 0, 1, 2]);
    life.do({ type: 'claim' }, 'wei', T0 + 140 * MINUTE);
    expect(points(life, 'response', 300)).toEqual([]);
  });

  it('nothing is said while the clock stands still, and the pause moves what is to come', () => {
    const life = live(always, 'S2', CLAIM, [{ type: 'pend', reason: 'customer' }, 'wei', 60]);
    expect(points(life, 'restore', 600)).toEqual([]);
    life.do({ type: 'resume' }, 'wei', T0 + 660 * MINUTE);
    expect(life.timer('restore')).toMatchObject({ point: '50%', dueAt: T0 + (660 + 180) * MINUTE });
  });

  it('several ladder steps passed while the program was down: the highest speaks, once', () => {
    const life = live(world, 'S2');
    const [event] = life.do(
      { type: 'timer_due', clock: 'ladder', point: 'step:1', occurrence: 1 },
      SYSTEM,
      T0 + 90 * MINUTE,
    );
    expect(event).toMatchObject({ type: 'reminded', step: 2, told: [{ person: { id: 'chen' } }] });
    expect(life.timer('ladder')).toBeUndefined();
  });
});

describe('Arithmetic: the cost of a due instant', () => {
  it('is O(log n) of the intervals of the year: no walking', () => {
    // Each day in pieces: from a few hundred to tens of thousands of intervals a year.
    const reads = (piecesPerDay: number): number => {
      const length = Math.floor(1440 / piecesPerDay);
      const hours = Array.from({ length: piecesPerDay }, (_, i) => ({
        start: i * length,
        end: i * length + length / 2,
      }));
      const table = buildYearTable(2026, zoneOf('UTC'), () => hours);
      let count = 0;
      const counted = (values: Float64Array): Float64Array =>
        new Proxy(values, {
          get: (target, key) => {
            if (typeof key === 'string' && /^\d+$/.test(key)) count += 1;
            return Reflect.get(target, key, target) as unknown;
          },
        });
      const watched = {
        ...table,
        starts: counted(table.starts),
        ends: counted(table.ends),
        before: counted(table.before),
      };
      expect(table.starts.length).toBe(365 * piecesPerDay);
      const from = openBefore(watched, at('2026-03-01T00:00Z'));
      expect(instantWhenUsed(watched, from + table.total / 2)).toBeGreaterThan(at('2026-08-01T00:00Z'));
      return count;
    };
    expect(reads(1)).toBeGreaterThan(10);
    expect(reads(1)).toBeLessThan(30);
    // A hundred times as many intervals are seven more steps for each of the two searches.
    expect(reads(100) - reads(1)).toBeLessThanOrEqual(16);
  });

  it('asks for the holidays of a year once, however many due instants are wanted', () => {
    let asked = 0;
    const calendar = buildCalendar('counted', {
      timezone: 'Asia/Shanghai',
      hours: parseHours({ 'mon-fri': ['09:00-12:00', '13:30-18:00'] }),
      holidays: () => {
        asked += 1;
        return { closed: new Map(), makeup: new Map(), official: true };
      },
      closed: [],
      open: new Map(),
    });
    calendar.addOpenTime(T0, HOUR);
    const before = asked;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 * 24 * 60 }), fc.integer({ min: 0, max: 600 }), (start, minutes) => {
        calendar.addOpenTime(T0 + (start - 10 * 24 * 60) * MINUTE, minutes * MINUTE);
      }),
      { numRuns: 500 },
    );
    expect(asked).toBe(before);
  });
});
