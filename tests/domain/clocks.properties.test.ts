/** Random lives: whatever people do in whatever order, the clocks add up. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarOf, clockView, isPaused, isRunning } from '../../src/domain/clocks.ts';
import { SYSTEM } from '../../src/domain/commands.ts';
import type { Command } from '../../src/domain/commands.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { replay } from '../../src/domain/evolve.ts';
import { explainClock } from '../../src/domain/explain.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import type { Clock } from '../../src/domain/ticket.ts';
import { PEND_REASONS, SEVERITIES } from '../../src/domain/words.ts';
import type { World } from '../../src/domain/world.ts';
import { Life, at, lin, worldWith } from '../support/world.ts';

const T0 = at('2026-09-29T10:00+08:00'); // before National Day, so that holidays take part
const UC: readonly [string, string][] = [
  ['teams:\n  db-l1', 'uc_policies:\n  hw: { calendar: cn, vendor: { S1: 1h, S2: 4h } }\n\nteams:\n  db-l1'],
  ['storage: {} }, team: db-l1 }', 'storage: {} }, team: db-l1, uc: hw }'],
];
/** One calendar for every severity, so that a change of severity cannot change what has elapsed. */
const ONE: readonly [string, string] = ['update: 1h, calendar: 24x7 }', 'update: 1h }'];
const worlds: readonly World[] = [
  worldWith(...UC, ONE),
  worldWith(...UC, ONE, ['pause_needs_consent: false', 'pause_needs_consent: true']),
  worldWith(...UC, ONE, ['pause_on: [customer]', 'pause_on: [customer, vendor, observation]']),
];

type Step = { readonly after: number; readonly by: string; readonly command: Command };

const reply = (text: string): Command => ({
  type: 'message',
  role: 'origin',
  internal: false,
  message: {
    key: { platform: 'slack', chat: 'C0ACME', message: text },
    author: { id: lin.id, name: lin.name },
    side: 'customer',
    at: T0,
    text,
    attachments: [],
  },
});

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    { type: 'claim' },
    { type: 'release' },
    { type: 'resume' },
    { type: 'consent' },
    { type: 'restore' },
    { type: 'escalate' },
    { type: 'acknowledge' },
    { type: 'resolve', solution: 'x', cause: 'defect' },
    { type: 'reopen' },
    { type: 'confirm' },
    { type: 'replan' },
    { type: 'comment', text: '在看' },
    { type: 'set', fields: {}, kind: 'request' },
    { type: 'set', fields: {}, kind: 'incident' },
    { type: 'transfer', to: { person: { id: 'li', name: '李丽', teams: ['db-l1'] } } },
    { type: 'cancel' },
    reply('同意'),
    reply('日志在附件'),
  ),
  fc.constantFrom(...SEVERITIES).map((severity): Command => ({ type: 'set_severity', severity })),
  fc.constantFrom(...PEND_REASONS).map((reason): Command => ({ type: 'pend', reason })),
  fc.constantFrom(...PEND_REASONS).map((reason): Command => ({ type: 'pend', reason })),
);
const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof(
    fc.integer({ min: 0, max: 40 }).map((n) => n * MINUTE),
    fc.integer({ min: 1, max: 60 }).map((n) => n * HOUR),
  ),
  by: fc.constantFrom('chen', 'chen', 'wei', 'zhao', 'lin'),
  command,
});
const history = fc.record({
  // By number, so that a counterexample can be read.
  world: fc.nat({ max: worlds.length - 1 }),
  severity: fc.constantFrom(...SEVERITIES),
  steps: fc.array(step, { minLength: 3, maxLength: 14 }),
  timers: fc.boolean(),
});

type Watch = (life: Life, now: number, before: readonly Clock[], did: Step) => void;

/** @param watch is told after each step. */
function live(
  { world, severity, steps, timers }: typeof history extends fc.Arbitrary<infer H> ? H : never,
  watch: Watch,
): Life {
  const life = new Life(worlds[world] ?? worldWith(), { severity }, T0);
  let now = T0;
  for (const one of steps) {
    now += one.after;
    // Half of the lives have no process that rings: what passed is then found by whoever comes next.
    if (timers) life.runUntil(now, SYSTEM);
    const before = life.ticket.clocks;
    const actor =
      one.command.type === 'replan' ? SYSTEM : one.command.type === 'message' ? lin : one.by === 'lin' ? lin : one.by;
    try {
      life.do(one.command, actor, now);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    watch(life, now, before, one);
  }
  return life;
}

const check = (watch: Watch): void =>
  fc.assert(
    fc.property(history, (h) => void live(h, watch)),
    { numRuns: 250 },
  );
const sum = (spans: readonly { readonly from: number; readonly to: number }[]): number =>
  spans.reduce((all, { from, to }) => all + to - from, 0);

describe('in every history', () => {
  it('the ticket is the fold of its events', () => {
    fc.assert(
      fc.property(history, (h) => {
        const life = live(h, () => undefined);
        expect(replay(1, life.history)).toEqual(life.ticket);
      }),
      { numRuns: 250 },
    );
  });

  it('the counted intervals add up to what has elapsed, with what is to come to the target; nothing is both', () => {
    check((life, now) => {
      for (const clock of life.ticket.clocks) {
        const told = explainClock(clock, life.world.policy, now);
        const { elapsedMs } = clockView(clock, life.world.policy, now);
        expect(told.elapsedMs).toBe(elapsedMs);
        expect(sum(told.counted)).toBe(elapsedMs);
        if (told.dueAt !== null && told.dueAt > told.until && !told.cut)
          expect(sum(told.counted) + sum(told.toCome)).toBe(clock.targetMs);
        // Together they are the whole time, each minute once.
        const all = [...told.counted, ...told.toCome, ...told.excluded].sort((a, b) => a.from - b.from || a.to - b.to);
        for (const [i, span] of all.entries()) expect(span.from).toBe(i === 0 ? told.from : all[i - 1]?.to);
        for (const span of told.excluded)
          expect(span.reason === 'paused').toBe(span.reason === 'paused' && span.name !== null);
      }
    });
  });

  it('what has elapsed never becomes less, but where an update starts the next round', () => {
    check((life, now, before) => {
      for (const old of before) {
        const clock = life.ticket.clocks.find(({ id }) => id === old.id);
        if (clock === undefined) throw new Error(`${old.id} is gone`);
        if (clock.round !== old.round) continue;
        const elapsed = (one: Clock): number => clockView(one, life.world.policy, now).elapsedMs;
        expect(elapsed(clock)).toBeGreaterThanOrEqual(elapsed(old));
      }
    });
  });

  it('time for which a clock was paused is never counted', () => {
    check((life, now) => {
      for (const clock of life.ticket.clocks) {
        const { counted } = explainClock(clock, life.world.policy, now);
        for (const pause of clock.pauses)
          for (const span of counted) expect(span.to <= pause.from || span.from >= (pause.to ?? Infinity)).toBe(true);
        const calendar = calendarOf(clock, life.world.policy);
        const end = clock.stoppedAt ?? clock.cancelledAt ?? now;
        const paused = clock.pauses.reduce(
          (all, { from, to }) => all + calendar.openTimeBetween(from, Math.min(to ?? end, end)),
          0,
        );
        expect(clockView(clock, life.world.policy, now).elapsedMs + paused).toBe(
          calendar.openTimeBetween(clock.startedAt, end),
        );
      }
    });
  });

  it('response, claim and vendor never pause', () => {
    check((life) => {
      for (const clock of life.ticket.clocks)
        if (['response', 'claim', 'vendor'].includes(clock.metric))
          expect(clock.pauses.filter(({ reason }) => reason !== 'resolved')).toEqual([]);
    });
  });

  it('met is in time, breached is not or was not, and breached stays', () => {
    check((life, now, before) => {
      for (const clock of life.ticket.clocks) {
        const { state, elapsedMs } = clockView(clock, life.world.policy, now);
        if (state === 'met') expect([clock.breachedAt, elapsedMs <= clock.targetMs]).toEqual([null, true]);
        if (state === 'breached') expect(clock.breachedAt !== null || elapsedMs > clock.targetMs).toBe(true);
        const old = before.find(({ id }) => id === clock.id);
        if (old?.breachedAt != null && old.round === clock.round) expect(clock.breachedAt).toBe(old.breachedAt);
      }
    });
  });

  it('timers are of clocks that run and do not stand still, one each, and of nothing once it is over', () => {
    check((life) => {
      const pseudo = new Set(['ladder', 'close', 'pend', 'consent', 'silent']);
      const ids = life.timers.map((timer) => timer.clock);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) {
        const clock = life.ticket.clocks.find((one) => one.id === id);
        if (clock === undefined) expect(pseudo).toContain(id);
        else expect([isRunning(clock), isPaused(clock)]).toEqual([true, false]);
      }
      if (life.ticket.status === 'cancelled' || life.ticket.status === 'rejected') expect(ids).toEqual([]);
    });
  });

  it('a reload of the same configuration tells nothing', () => {
    check((life, now) => {
      expect(life.do({ type: 'replan' }, SYSTEM, now)).toEqual([]);
    });
  });

  it('no point is said twice, each repetition once', () => {
    fc.assert(
      fc.property(history, (h) => {
        const life = live(h, () => undefined);
        const rounds = new Map<string, number>();
        const said = new Set<string>();
        for (const event of life.history) {
          if (event.type === 'message' && event.side === 'service')
            rounds.set('update', (rounds.get('update') ?? 0) + 1);
          if (event.type !== 'point_reached') continue;
          const round = event.clock.startsWith('update') ? rounds.get('update') : 0;
          const key = `${event.clock} ${event.point} ${event.occurrence} ${round}`;
          expect(said.has(key)).toBe(false);
          said.add(key);
        }
      }),
      { numRuns: 250 },
    );
  });

  it('an update clock runs only while somebody owns it, the vendor’s only while the vendor is waited for', () => {
    check((life) => {
      const { ticket } = life;
      for (const clock of ticket.clocks.filter(isRunning)) {
        if (clock.metric === 'update') expect('claim' in ticket).toBe(true);
        if (clock.metric === 'vendor') expect(ticket).toMatchObject({ status: 'pending', reason: 'vendor' });
      }
    });
  });
});
