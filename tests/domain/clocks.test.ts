/** The table "Clocks" of the domain page, row by row, the rules under it, and what its last section decides about clocks. */
import { describe, expect, it, test } from 'vitest';
import { tierBudget } from '../../src/domain/budget.ts';
import { clockView } from '../../src/domain/clocks.ts';
import type { ClockView } from '../../src/domain/clocks.ts';
import { SYSTEM } from '../../src/domain/commands.ts';
import type { EventOf, EventType } from '../../src/domain/events.ts';
import { replay } from '../../src/domain/evolve.ts';
import { explainClock, summaryOf } from '../../src/domain/explain.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { World } from '../../src/domain/world.ts';
import { Life, at, lin, stranger, worldWith } from '../support/world.ts';

const world = worldWith();
const T0 = at('2026-11-19T15:00+08:00');

const viewOf = (life: Life, id: string, now: number, of: World = life.world): ClockView => {
  const clock = life.ticket.clocks.find((one) => one.id === id);
  if (clock === undefined) throw new Error(`no clock ${id}; ${life.ticket.clocks.map((one) => one.id).join(', ')}`);
  return clockView(clock, of.policy, now);
};
const claimed = (of: World = world, severity: Ticket['severity'] = 'S2'): Life => {
  const life = new Life(of, { severity }, T0);
  life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
  return life;
};
const told = <T extends EventType>(life: Life, type: T): readonly EventOf<T>[] =>
  life.history.filter((event): event is EventOf<T> => event.type === type);
const say = (life: Life, text: string, now: number, by = lin): void => {
  const message = {
    key: { platform: 'slack', chat: 'C0ACME', message: String(now) },
    author: { id: by.id, name: by.name },
    side: 'customer' as const,
    at: now,
    text,
    attachments: [],
  };
  life.do({ type: 'message', message, role: 'origin', internal: false }, by, now);
};

describe('the table of clocks: starts, stops, pauses', () => {
  it('response starts with the first message, stops at the first claim, never pauses', () => {
    const life = new Life(world, { firstMessageAt: T0 - 5 * MINUTE }, T0);
    expect(viewOf(life, 'response', T0)).toMatchObject({ state: 'running', elapsedMs: 5 * MINUTE });
    life.do({ type: 'claim' }, 'wei', T0 + MINUTE);
    expect(viewOf(life, 'response', T0 + HOUR)).toMatchObject({ state: 'met', elapsedMs: 6 * MINUTE });
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 2 * MINUTE);
    expect(viewOf(life, 'response', T0).clock.pauses).toEqual([]);
  });

  it('restore is for incidents only, stops when service is back, pauses for the customer', () => {
    expect(new Life(world, { kind: 'request' }, T0).ticket.clocks.map((clock) => clock.id)).not.toContain('restore');
    const life = claimed();
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MINUTE);
    expect(viewOf(life, 'restore', T0 + HOUR)).toMatchObject({ state: 'paused', elapsedMs: 10 * MINUTE, dueAt: null });
    life.do({ type: 'resume' }, 'wei', T0 + HOUR);
    life.do({ type: 'restore' }, 'wei', T0 + HOUR + 5 * MINUTE);
    expect(viewOf(life, 'restore', T0 + 2 * HOUR)).toMatchObject({ state: 'met', elapsedMs: 15 * MINUTE });
  });

  it('resolve stops when resolved, runs on with what had elapsed when reopened', () => {
    const life = claimed();
    life.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', T0 + 20 * MINUTE);
    expect(viewOf(life, 'resolve', T0 + HOUR)).toMatchObject({ state: 'met', elapsedMs: 20 * MINUTE });
    life.do({ type: 'reopen' }, lin, T0 + 60 * MINUTE);
    expect(viewOf(life, 'resolve', T0 + 70 * MINUTE)).toMatchObject({ state: 'running', elapsedMs: 30 * MINUTE });
  });

  it('what stopped before the resolution does not run on with it: the clock of the tier it had left', () => {
    const life = claimed();
    life.do({ type: 'escalate' }, 'wei', T0 + 10 * MINUTE);
    life.do({ type: 'claim' }, 'zhao', T0 + 11 * MINUTE);
    life.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'zhao', T0 + 20 * MINUTE);
    life.do({ type: 'reopen' }, lin, T0 + 30 * MINUTE);
    expect(viewOf(life, 'tier:L1#1', T0 + HOUR)).toMatchObject({ state: 'met', elapsedMs: 10 * MINUTE });
    expect(viewOf(life, 'update', T0 + HOUR).state).toBe('met');
    expect(viewOf(life, 'update#2', T0 + HOUR).state).toBe('running');
  });

  it('update starts with the claim, pauses as resolve does, and each word to the customer starts it anew', () => {
    const life = claimed();
    expect(viewOf(life, 'update', T0 + 31 * MINUTE).elapsedMs).toBe(30 * MINUTE);
    life.do({ type: 'comment', text: '正在切换备库' }, 'wei', T0 + 40 * MINUTE);
    expect(viewOf(life, 'update', T0 + 45 * MINUTE)).toMatchObject({ elapsedMs: 5 * MINUTE, clock: { round: 1 } });
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 50 * MINUTE);
    expect(viewOf(life, 'update', T0 + HOUR)).toMatchObject({ state: 'paused', elapsedMs: 10 * MINUTE });
  });

  it('claim runs from the dispatch to the claim, per team, and never pauses', () => {
    const life = claimed();
    expect(viewOf(life, 'claim#1', T0 + HOUR)).toMatchObject({ state: 'met', elapsedMs: MINUTE });
    life.do({ type: 'release' }, 'wei', T0 + 10 * MINUTE);
    expect(viewOf(life, 'claim#2', T0 + 12 * MINUTE)).toMatchObject({ state: 'running', elapsedMs: 2 * MINUTE });
  });

  it('tier runs from entering the tier to leaving it, and pauses as resolve does', () => {
    const life = claimed();
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MINUTE);
    expect(viewOf(life, 'tier:L1#1', T0 + HOUR).state).toBe('paused');
    life.do({ type: 'escalate' }, 'wei', T0 + 20 * MINUTE);
    expect(viewOf(life, 'tier:L1#1', T0 + HOUR)).toMatchObject({ state: 'met', elapsedMs: 10 * MINUTE });
  });
});

describe('UC: the vendor clock', () => {
  const uc = worldWith(
    ['teams:\n  db-l1', 'uc_policies:\n  hw: { calendar: 24x7, vendor: { S1: 1h, S2: 4h } }\n\nteams:\n  db-l1'],
    ['storage: {} }, team: db-l1 }', 'storage: {} }, team: db-l1, uc: hw }'],
  );
  const waiting = (): Life => {
    const life = claimed(uc);
    life.do({ type: 'pend', reason: 'vendor' }, 'wei', T0 + 10 * MINUTE);
    return life;
  };

  it('starts when pended for the vendor with the target of the product’s UC, says whose', () => {
    expect(viewOf(waiting(), 'vendor', T0 + HOUR)).toMatchObject({
      state: 'running',
      elapsedMs: 50 * MINUTE,
      clock: { kind: 'UC', targetMs: 4 * HOUR, policy: 'hw', source: 'product db', startedAt: T0 + 10 * MINUTE },
    });
  });

  test.each([
    ['resumed', (life: Life) => life.do({ type: 'resume' }, 'wei', T0 + HOUR)],
    ['resolved', (life: Life) => life.do({ type: 'resolve', solution: 'x', cause: 'defect' }, 'wei', T0 + HOUR)],
    ['escalated', (life: Life) => life.do({ type: 'escalate' }, 'wei', T0 + HOUR)],
    ['released', (life: Life) => life.do({ type: 'release' }, 'wei', T0 + HOUR)],
  ])('stops when %s', (_how, leave) => {
    const life = waiting();
    leave(life);
    expect(viewOf(life, 'vendor', T0 + 3 * HOUR)).toMatchObject({ state: 'met', elapsedMs: 50 * MINUTE });
  });

  it('its 100 % reminds the team’s duty and lead', () => {
    const life = waiting();
    life.runUntil(T0 + 4 * HOUR + 10 * MINUTE, SYSTEM);
    const [point] = told(life, 'point_reached').filter((event) => event.clock === 'vendor');
    expect(point).toMatchObject({ point: '100%', remind: [{ whom: 'duty' }, { whom: 'lead' }] });
    expect(viewOf(life, 'vendor', T0 + 5 * HOUR).state).toBe('breached');
  });

  it('waited for twice, it is two clocks; a change of severity turns the one that runs', () => {
    const life = waiting();
    life.do({ type: 'resume' }, 'wei', T0 + HOUR);
    life.do({ type: 'pend', reason: 'vendor' }, 'wei', T0 + 2 * HOUR);
    life.do({ type: 'set_severity', severity: 'S1' }, 'wei', T0 + 2 * HOUR + MINUTE);
    expect(viewOf(life, 'vendor', T0 + 3 * HOUR).clock.targetMs).toBe(4 * HOUR);
    expect(viewOf(life, 'vendor#2', T0 + 3 * HOUR).clock.targetMs).toBe(HOUR);
  });

  it('a product without a UC has no vendor clock', () => {
    const life = claimed();
    life.do({ type: 'pend', reason: 'vendor' }, 'wei', T0 + 10 * MINUTE);
    expect(life.ticket.clocks.some((clock) => clock.metric === 'vendor')).toBe(false);
  });
});

describe('pause_needs_consent', () => {
  const strict = worldWith(['pause_needs_consent: false', 'pause_needs_consent: true']);
  const pended = (): Life => {
    const life = claimed(strict);
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MINUTE);
    return life;
  };
  // 2 h of `cn` from Thursday 15:10.
  const SILENT = at('2026-11-19T17:10+08:00');

  it('pending stops no clock; the requester is asked, and told when silence counts', () => {
    const life = pended();
    expect(viewOf(life, 'resolve', T0 + HOUR)).toMatchObject({ state: 'running', elapsedMs: HOUR });
    expect(life.ticket).toMatchObject({ status: 'pending', consented: false, consentBy: SILENT });
    expect(life.notices.map(({ body }) => body)).toContainEqual({
      type: 'ask_consent',
      requester: { id: lin.id, name: lin.name },
      reason: 'customer',
      by: SILENT,
    });
    expect(life.timer('consent')).toMatchObject({ point: 'silence', dueAt: SILENT });
  });

  it('counts from the consent on, with who had it wait', () => {
    const life = pended();
    life.do({ type: 'consent' }, lin, T0 + 30 * MINUTE);
    expect(viewOf(life, 'resolve', T0 + HOUR)).toMatchObject({ state: 'paused', elapsedMs: 30 * MINUTE });
    expect(viewOf(life, 'resolve', T0).clock.pauses).toEqual([
      { from: T0 + 30 * MINUTE, to: null, reason: 'customer', by: { id: 'wei', name: '魏伟' }, consent: 'given' },
    ]);
    expect(life.ticket).toMatchObject({ status: 'pending', consented: true, consentBy: null, since: T0 + 10 * MINUTE });
    expect(life.timer('consent')).toBeUndefined();
    expect(told(life, 'pended').map((event) => event.consent)).toEqual([null, 'given']);
  });

  it('silence until the instant that was told is consent, from that instant', () => {
    const life = pended();
    life.runUntil(SILENT, SYSTEM);
    expect(viewOf(life, 'resolve', SILENT + HOUR)).toMatchObject({ state: 'paused', elapsedMs: SILENT - T0 });
    expect(told(life, 'pended').at(-1)).toMatchObject({ consent: 'silence', actor: { id: 'itr' } });
  });

  test.each(['同意', '好的，同意', 'ok', 'OK.', '可以', '我们同意先暂停', 'Agreed', '👌'])(
    '“%s” in the thread is consent, and no answer to what it waits for',
    (text) => {
      const life = pended();
      say(life, text, T0 + 30 * MINUTE);
      expect(life.ticket).toMatchObject({ status: 'pending', consented: true });
      say(life, text, T0 + 31 * MINUTE);
      expect(life.ticket.status).toBe('pending');
    },
  );

  test.each(['同意，日志在附件', 'ok here is the log', '不同意', '可以了，已经好了'])(
    '“%s” is an answer: it goes on',
    (text) => {
      const life = pended();
      say(life, text, T0 + 30 * MINUTE);
      expect(life.ticket.status).toBe('in_progress');
      expect(viewOf(life, 'resolve', T0 + HOUR).elapsedMs).toBe(HOUR);
    },
  );

  it('a yes of somebody who does not speak for the project is none', () => {
    const life = pended();
    expect(life.refusal({ type: 'consent' }, stranger, T0 + 30 * MINUTE).kind).toBe('role');
  });

  it('consent where none is needed, or was given, changes nothing', () => {
    const free = claimed();
    free.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MINUTE);
    expect(free.do({ type: 'consent' }, lin, T0 + 11 * MINUTE)).toEqual([]);
    const life = pended();
    life.do({ type: 'consent' }, lin, T0 + 30 * MINUTE);
    expect(life.do({ type: 'consent' }, lin, T0 + 31 * MINUTE)).toEqual([]);
  });

  it('a reason that pauses nothing needs nobody’s consent', () => {
    const life = claimed(strict);
    life.do({ type: 'pend', reason: 'vendor' }, 'wei', T0 + 10 * MINUTE);
    expect(life.ticket).toMatchObject({ status: 'pending', consentBy: null });
  });

  it('consent_after is the team’s to say', () => {
    const soon = worldWith(['pause_needs_consent: false', 'pause_needs_consent: true\n    consent_after: 30m']);
    const life = claimed(soon);
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MINUTE);
    expect(life.ticket).toMatchObject({ consentBy: T0 + 40 * MINUTE });
  });
});

describe('changes are recomputed from history', () => {
  it('severity raised: original start, new target, elapsed and pauses kept; a clock that was cancelled meanwhile has paused too', () => {
    const life = claimed();
    life.do({ type: 'set_severity', severity: 'S3' }, 'wei', T0 + 5 * MINUTE);
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MINUTE);
    life.do({ type: 'resume' }, 'wei', T0 + 40 * MINUTE);
    life.do({ type: 'set_severity', severity: 'S2' }, 'wei', T0 + 50 * MINUTE);
    expect(viewOf(life, 'restore', T0 + HOUR)).toMatchObject({ state: 'running', elapsedMs: 30 * MINUTE });
    expect(viewOf(life, 'resolve', T0 + HOUR)).toMatchObject({ elapsedMs: 30 * MINUTE, clock: { startedAt: T0 } });
  });

  it('severity raised to one with progress reports: they count from the last word', () => {
    const life = claimed(world, 'S3');
    expect(life.ticket.clocks.some((clock) => clock.metric === 'update')).toBe(false);
    life.do({ type: 'comment', text: '在看' }, 'wei', T0 + 20 * MINUTE);
    life.do({ type: 'set_severity', severity: 'S2' }, 'wei', T0 + 30 * MINUTE);
    expect(viewOf(life, 'update', T0 + HOUR)).toMatchObject({ state: 'running', elapsedMs: 40 * MINUTE });
  });

  it('lowered: the same; what was breached stays breached', () => {
    const life = claimed(world, 'S1');
    life.runUntil(T0 + 4 * HOUR, SYSTEM);
    expect(viewOf(life, 'restore', T0 + 4 * HOUR).state).toBe('breached');
    life.do({ type: 'set_severity', severity: 'S2' }, 'wei', T0 + 4 * HOUR);
    expect(viewOf(life, 'restore', T0 + 4 * HOUR)).toMatchObject({ state: 'breached', clock: { targetMs: 8 * HOUR } });
  });

  it('a kind without a restore target takes that clock back', () => {
    const life = claimed();
    life.do({ type: 'set', fields: {}, kind: 'request' }, 'wei', T0 + 5 * MINUTE);
    expect(viewOf(life, 'restore', T0 + HOUR).state).toBe('cancelled');
  });

  it('fields set on a ticket that has ended bring no clock back', () => {
    const life = new Life(world, {}, T0);
    life.do({ type: 'cancel' }, lin, T0 + MINUTE);
    life.do({ type: 'set', fields: { product: 'other' } }, 'wei', T0 + 2 * MINUTE);
    expect(life.ticket.clocks.every((clock) => clock.cancelledAt !== null)).toBe(true);
    expect(life.timers).toEqual([]);
  });
});

describe('the configuration is reloaded', () => {
  const reloaded = (life: Life, to: World, now: number): Life => {
    const after = new Life(to, {}, now);
    after.ticket = life.ticket;
    after.history.splice(0, after.history.length, ...life.history);
    after.do({ type: 'replan' }, SYSTEM, now);
    return after;
  };

  it('the same promises: nothing is told', () => {
    const life = claimed();
    expect(reloaded(life, worldWith(), T0 + HOUR).ticket.seq).toBe(life.ticket.seq);
  });

  it('another target: told once, the clock goes on with what had elapsed and paused', () => {
    const shorter = worldWith(['S2: { response: 30m, restore: 8h', 'S2: { response: 30m, restore: 2h']);
    const life = claimed();
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MINUTE);
    life.do({ type: 'resume' }, 'wei', T0 + 40 * MINUTE);
    const after = reloaded(life, shorter, T0 + HOUR);
    expect(told(after, 'entitled').at(-1)).toMatchObject({ because: 'configuration', contract: 'A-2026-01' });
    expect(viewOf(after, 'restore', T0 + HOUR)).toMatchObject({
      elapsedMs: 30 * MINUTE,
      dueAt: T0 + 150 * MINUTE,
      clock: { targetMs: 2 * HOUR, startedAt: T0 },
    });
    expect(viewOf(after, 'response', T0).clock.targetMs).toBe(15 * MINUTE);
    expect(after.do({ type: 'replan' }, SYSTEM, T0 + HOUR)).toEqual([]);
  });

  it('another policy of the contract: told, with the new policy on the clock', () => {
    const silver = worldWith(['until: "2026-12-31", sla: gold', 'until: "2026-12-31", sla: standard']);
    const after = reloaded(claimed(), silver, T0 + HOUR);
    expect(viewOf(after, 'resolve', T0 + HOUR).clock).toMatchObject({
      policy: 'standard',
      source: 'contract A-2026-01',
    });
  });

  it('another calendar: what has elapsed is counted anew from the same spans', () => {
    const always = worldWith([
      'S2: { response: 30m, restore: 8h, resolve: 24h, update: 4h }',
      'S2: { response: 30m, restore: 8h, resolve: 24h, update: 4h, calendar: 24x7 }',
    ]);
    const after = reloaded(claimed(), always, at('2026-11-20T15:00+08:00'));
    expect(viewOf(after, 'resolve', at('2026-11-20T15:00+08:00'))).toMatchObject({ elapsedMs: 24 * HOUR });
  });

  it('hours of the calendar changed: no event, but the next points move', () => {
    const life = claimed();
    const before = life.timer('resolve')?.dueAt ?? 0;
    const longer = worldWith([
      'hours: { mon-fri: ["09:00-12:00", "13:30-18:00"] }',
      'hours: { mon-fri: ["09:00-18:00"] }',
    ]);
    expect(reloaded(life, longer, T0 + HOUR).timer('resolve')?.dueAt).toBeLessThan(before);
  });
});

describe('points', () => {
  const before = worldWith(['- { at: 50%, remind: assignee }', '- { before: 30m, remind: assignee }']);

  it('as time before the target', () => {
    const life = claimed(before, 'S1');
    expect(life.timers.find((timer) => timer.clock === 'restore')).toMatchObject({
      point: '75%',
      dueAt: T0 + 3 * HOUR,
    });
    const events = life.runUntil(T0 + 4 * HOUR, SYSTEM);
    const said = events.flatMap((event) =>
      event.type === 'point_reached' && event.clock === 'restore' ? [event] : [],
    );
    expect(said.map(({ point, at: when }) => [point, when - T0])).toEqual([
      ['75%', 3 * HOUR],
      ['-1800s', 3.5 * HOUR],
      ['90%', 3.6 * HOUR],
      ['100%', 4 * HOUR],
    ]);
  });

  it('100 % several actions: pings the manager, starts the ladder, repeats every hour until acknowledged', () => {
    const life = claimed(world, 'S1');
    life.runUntil(T0 + 6 * HOUR, SYSTEM);
    const over = told(life, 'point_reached').filter((event) => event.clock === 'restore' && event.point === '100%');
    expect(over.map(({ occurrence, at: when }) => [occurrence, when - T0])).toEqual([
      [0, 4 * HOUR],
      [1, 5 * HOUR],
      [2, 6 * HOUR],
    ]);
    expect(over[0]?.ping.map(({ person }) => person?.id)).toEqual(['chen']);
    expect(told(life, 'breached').filter((event) => event.clock === 'restore')).toHaveLength(1);
    life.do({ type: 'acknowledge' }, 'chen', T0 + 6 * HOUR + MINUTE);
    expect(life.timer('restore')).toBeUndefined();
  });

  it('an acknowledged warning does not silence the breach that comes after it', () => {
    const life = claimed(world, 'S1');
    life.runUntil(T0 + 3 * HOUR, SYSTEM);
    life.do({ type: 'acknowledge' }, 'chen', T0 + 3 * HOUR + MINUTE);
    life.runUntil(T0 + 5 * HOUR, SYSTEM);
    const over = told(life, 'point_reached').filter((event) => event.clock === 'restore' && event.point === '100%');
    expect(over.map((event) => event.occurrence)).toEqual([0, 1]);
  });

  it('passed while the process was down: only the highest is said, with how late; then nothing of them twice', () => {
    const life = claimed(world, 'S1');
    const back = T0 + 4 * HOUR + 20 * MINUTE;
    life.do({ type: 'timer_due', clock: 'restore', point: '50%', occurrence: 0 }, SYSTEM, back);
    const said = told(life, 'point_reached').filter((event) => event.clock === 'restore');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ point: '100%', lateMs: 20 * MINUTE, skipped: ['50%', '75%', '90%'] });
    expect(told(life, 'breached')).toMatchObject([{ clock: 'restore', dueAt: T0 + 4 * HOUR }]);
    expect(life.timer('restore')).toMatchObject({ point: '100%', dueAt: back + HOUR });
  });

  it('a lower point that repeats is silent once the breach is said, and does not speak for it', () => {
    const nagging = worldWith(['- { at: 75%, remind: assignee }', '- { at: 75%, remind: assignee, repeat: 10m }']);
    const life = claimed(nagging, 'S1');
    life.runUntil(T0 + 3 * HOUR + 11 * MINUTE, SYSTEM);
    expect(
      told(life, 'point_reached').filter((event) => event.point === '75%' && event.clock === 'restore'),
    ).toHaveLength(2);
    life.do({ type: 'timer_due', clock: 'restore', point: '75%', occurrence: 2 }, SYSTEM, T0 + 5 * HOUR);
    expect(told(life, 'point_reached').at(-1)).toMatchObject({ point: '100%', lateMs: HOUR });
    const later = life.runUntil(T0 + 7 * HOUR, SYSTEM);
    expect(
      later.some((event) => event.type === 'point_reached' && event.point === '75%' && event.clock === 'restore'),
    ).toBe(false);
  });

  it('OLA has one point, 100 %, for duty and lead, unless it has points of its own', () => {
    const life = new Life(world, {}, T0);
    expect(life.timer('claim#1')).toMatchObject({ point: '100%' });
    const own = worldWith([
      'claim: { S1: 5m, S2: 15m',
      'points: [{ at: 80%, remind: lead }], claim: { S1: 5m, S2: 15m',
    ]);
    expect(new Life(own, {}, T0).timer('claim#1')).toMatchObject({ point: '80%', dueAt: T0 + 12 * MINUTE });
  });
});

describe('the budget tree', () => {
  // L2 needs 8 h of 24x7 for S2 by its OLA.
  const tight = worldWith(
    ['lead: zhao, assign: duty', 'lead: zhao, ola: standard, assign: duty'],
    [
      'S2: { response: 30m, restore: 8h, resolve: 24h, update: 4h }',
      'S2: { response: 30m, restore: 8h, resolve: 9h, update: 4h, calendar: 24x7 }',
    ],
  );

  it('says nothing while every tier keeps to its OLA', () => {
    const life = claimed(tight);
    life.do({ type: 'escalate' }, 'wei', T0 + HOUR);
    expect(tierBudget(life.ticket, tight.policy, T0 + HOUR)).toBeNull();
  });

  it('L1 overran: L2 has what the promise still holds, and is told by how much', () => {
    const life = claimed(tight);
    life.do({ type: 'escalate' }, 'wei', T0 + 3 * HOUR);
    expect(tierBudget(life.ticket, tight.policy, T0 + 4 * HOUR)).toEqual({
      tier: 'L2',
      remainingMs: 5 * HOUR,
      olaMs: 8 * HOUR,
      overrun: [{ tier: 'L1', byMs: HOUR }],
      following: [],
    });
    expect(tierBudget(life.ticket, tight.policy, T0 + 20 * HOUR)?.remainingMs).toBe(0);
  });

  it('what the tiers after it need is kept free', () => {
    const three = worldWith(
      ['lead: zhao, assign: duty', 'lead: zhao, ola: standard, assign: duty'],
      ['lead: sun, assign: manual', 'lead: sun, ola: standard, assign: manual'],
      ['L2: { S1: 2h, S2: 8h, S3: 24h }', 'L2: { S1: 2h, S2: 8h, S3: 24h }, L3: { S2: 3h }'],
      [
        'S2: { response: 30m, restore: 8h, resolve: 24h, update: 4h }',
        'S2: { response: 30m, restore: 8h, resolve: 12h, update: 4h, calendar: 24x7 }',
      ],
    );
    const life = claimed(three);
    life.do({ type: 'escalate' }, 'wei', T0 + 3 * HOUR);
    expect(tierBudget(life.ticket, three.policy, T0 + 3 * HOUR)).toMatchObject({
      remainingMs: 6 * HOUR,
      following: ['L3'],
    });
  });
});

describe('explain', () => {
  it('the worked case: what counted until now, what will, and why the rest does not', () => {
    const eight = worldWith(['S3: { response: 2h, resolve: 40h }', 'S3: { response: 2h, resolve: 8h }']);
    const life = claimed(eight, 'S3');
    life.do({ type: 'pend', reason: 'customer' }, 'wei', at('2026-11-19T16:30+08:00'));
    life.do({ type: 'resume' }, 'wei', at('2026-11-20T14:00+08:00'));
    const clock = viewOf(life, 'resolve', T0).clock;
    const now = at('2026-11-20T15:00+08:00');
    const explained = explainClock(clock, eight.policy, now);
    const sum = (spans: readonly { from: number; to: number }[]) =>
      spans.reduce((all, one) => all + one.to - one.from, 0);
    expect(sum(explained.counted)).toBe(2.5 * HOUR);
    expect(explained.elapsedMs).toBe(2.5 * HOUR);
    expect(sum(explained.toCome)).toBe(5.5 * HOUR);
    expect(explained.dueAt).toBe(at('2026-11-23T11:30+08:00'));
    const summary = summaryOf(clock, eight.policy, explained, 'Asia/Shanghai');
    expect(summary.days.map(({ ms }) => ms / HOUR)).toEqual([1.5, 4, 2.5]);
    expect(summary.left.map(({ kind }) => kind)).toEqual(['night', 'weekend']);
    expect(summary.waits).toMatchObject([{ name: 'customer', by: { id: 'wei' }, openMs: 5 * HOUR, lasts: false }]);
  });

  it('names the holiday, lunch, and what the company closes', () => {
    const life = new Life(
      world,
      { severity: 'S3', firstMessageAt: at('2026-09-30T10:00+08:00') },
      at('2026-09-30T10:00+08:00'),
    );
    const clock = viewOf(life, 'resolve', 0).clock;
    const told = explainClock(clock, world.policy, at('2026-10-08T10:00+08:00'));
    const kinds = summaryOf(clock, world.policy, told, 'Asia/Shanghai').left;
    expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['lunch', 'night', 'holiday', 'weekend']));
    expect(kinds.find(({ kind }) => kind === 'holiday')?.name).toBeTruthy();
    const year = new Life(
      world,
      { severity: 'S3', firstMessageAt: at('2026-12-30T10:00+08:00') },
      at('2026-12-30T10:00+08:00'),
    );
    const end = explainClock(viewOf(year, 'resolve', 0).clock, world.policy, at('2027-01-04T10:00+08:00'));
    expect(end.excluded.map(({ reason }) => reason)).toContain('closed_by_company');
  });

  it('replay of all of it gives the ticket', () => {
    const life = claimed();
    life.runUntil(T0 + 30 * HOUR, SYSTEM);
    expect(replay(1, life.history)).toEqual(life.ticket);
  });
});
