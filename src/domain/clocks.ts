import { buildCalendar } from './calendar.ts';
import type { Calendar, Interval } from './calendar.ts';
import type { PointRule, Policy } from './policy.ts';
import type { Clock } from './ticket.ts';

export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled';

/** A clock as people and the API see it at one instant. Times are UTC ms; elapsed and remaining are open time of the clock's calendar. */
export interface ClockView {
  readonly clock: Clock;
  readonly state: ClockState;
  readonly paused: boolean;
  readonly elapsedMs: number;
  /** Null while it is paused (nobody can know), and once it was cancelled. */
  readonly dueAt: number | null;
  /** Negative when it is over; null when it has stopped. */
  readonly remainingMs: number | null;
}

export const isRunning = (clock: Clock): boolean => clock.stoppedAt === null && clock.cancelledAt === null;

export const isPaused = (clock: Clock): boolean => isRunning(clock) && clock.pauses.some((pause) => pause.to === null);

/** A point was said since the last acknowledgement. */
export const isShouting = (clock: Clock): boolean =>
  clock.reached.some(({ at }) => clock.acknowledgedAt === null || at > clock.acknowledgedAt);

/** The stretches in which it ran, up to `until` (or its stop); real time, closed hours included. */
export function runSpans(clock: Clock, until: number): readonly Interval[] {
  const end = Math.min(until, clock.stoppedAt ?? clock.cancelledAt ?? until);
  const spans: Interval[] = [];
  let from = clock.startedAt;
  for (const pause of clock.pauses) {
    if (pause.from >= end) break;
    if (pause.from > from) spans.push({ from, to: pause.from });
    if (pause.to === null) return spans;
    from = Math.max(from, pause.to);
  }
  if (end > from) spans.push({ from, to: end });
  return spans;
}

/** Open time used up at `at`, in ms. */
export function elapsedMs(clock: Clock, calendar: Calendar, at: number): number {
  return runSpans(clock, at).reduce((sum, span) => sum + calendar.openTimeBetween(span.from, span.to), 0);
}

/**
 * The instant at which `needMs` of open time are used up. It may lie in the past.
 * Null: it stands still (or stopped) before that, so nobody can say.
 */
export function instantOf(clock: Clock, calendar: Calendar, needMs: number): number | null {
  let need = needMs;
  let from = clock.startedAt;
  for (const pause of clock.pauses) {
    if (pause.from > from) {
      const open = calendar.openTimeBetween(from, pause.from);
      // `<=`: a target used up exactly at the end of a span is due there, not after the pause.
      if (need <= open) return calendar.addOpenTime(from, need);
      need -= open;
    }
    if (pause.to === null) return null;
    from = Math.max(from, pause.to);
  }
  const due = calendar.addOpenTime(from, need);
  const end = clock.stoppedAt ?? clock.cancelledAt;
  return end !== null && due > end ? null : due;
}

export function clockView(clock: Clock, policy: Policy, at: number): ClockView {
  const calendar = calendarOf(clock, policy);
  const elapsed = elapsedMs(clock, calendar, at);
  const paused = isPaused(clock);
  return {
    clock,
    state: stateOf(clock, elapsed, paused),
    paused,
    elapsedMs: elapsed,
    dueAt: clock.cancelledAt !== null ? null : dueAt(clock, calendar),
    remainingMs: isRunning(clock) ? clock.targetMs - elapsed : null,
  };
}

/** Due instant also of a clock that has stopped: when it would have been due. */
function dueAt(clock: Clock, calendar: Calendar): number | null {
  return instantOf({ ...clock, stoppedAt: null }, calendar, clock.targetMs);
}

function stateOf(clock: Clock, elapsed: number, paused: boolean): ClockState {
  if (clock.cancelledAt !== null) return 'cancelled';
  // `breached` stays for ever; and one that stopped too late while no process ran to notice is breached all the same.
  if (clock.breachedAt !== null || elapsed > clock.targetMs) return 'breached';
  if (clock.stoppedAt !== null) return 'met';
  return paused ? 'paused' : 'running';
}

/** A calendar that a reload removed must not stop a running clock: it runs around the clock until somebody mends the file. */
export function calendarOf(clock: Pick<Clock, 'calendar'>, policy: Policy): Calendar {
  return policy.calendars.get(clock.calendar) ?? ALWAYS;
}

const ALWAYS = buildCalendar('always', {
  timezone: 'UTC',
  hours: 'always',
  holidays: null,
  closed: [],
  open: new Map(),
});

const BREACH: PointRule = {
  id: '100%',
  at: { percent: 100 },
  remind: ['duty', 'lead'],
  ping: [],
  buzz: [],
  escalate: null,
  repeatMs: null,
  warRoom: false,
};
/** Nobody has said anything to the customer for so long: the owner is the first to know. */
const SILENT_OWNER: PointRule = { ...BREACH, remind: ['assignee', 'duty', 'lead'] };
/** Where a policy names no 100 % point, the breach is still recorded; nobody is told. */
const SILENT_BREACH: PointRule = { ...BREACH, remind: [] };

/** The points of a clock: those of its SLA policy for response, restore and resolve; one at 100 % for the others, unless their policy has its own. */
export function pointsOf(clock: Clock, policy: Policy): readonly PointRule[] {
  const points = configuredPoints(clock, policy);
  if (points == null) return clock.metric === 'update' ? [SILENT_OWNER] : [BREACH];
  let complete = completed.get(points);
  if (complete === undefined) {
    const breaches = points.some((point) => 'percent' in point.at && point.at.percent === 100);
    complete = breaches ? points : [...points, SILENT_BREACH];
    completed.set(points, complete);
  }
  return complete;
}

/** A memo per list of a policy, which never changes. */
const completed = new WeakMap<readonly PointRule[], readonly PointRule[]>();

function configuredPoints(clock: Clock, policy: Policy): readonly PointRule[] | null | undefined {
  switch (clock.metric) {
    case 'response':
    case 'restore':
    case 'resolve':
      return policy.slaPolicies.get(clock.policy)?.points;
    case 'update':
      return null;
    case 'claim':
    case 'tier':
      return policy.olaPolicies.get(clock.policy)?.points;
    case 'vendor':
      return policy.ucPolicies.get(clock.policy)?.points;
  }
}

/** Open time into the target at which a point lies. */
export const pointNeedMs = (rule: PointRule, targetMs: number): number =>
  'percent' in rule.at ? Math.round((targetMs * rule.at.percent) / 100) : Math.max(0, targetMs - rule.at.beforeMs);

export interface DuePoint {
  readonly rule: PointRule;
  /** Open time into the target at which it lies. */
  readonly needMs: number;
  /** 0 for the first time, then the repetitions. */
  readonly occurrence: number;
  readonly dueAt: number;
}

/**
 * Every point of a running clock that is still to come or was not said yet, the earliest first; of several at one instant the highest is the last.
 * Empty while it is paused.
 */
export function openPoints(clock: Clock, policy: Policy): readonly DuePoint[] {
  if (!isRunning(clock) || isPaused(clock)) return [];
  const calendar = calendarOf(clock, policy);
  const rules = pointsOf(clock, policy);
  const points: DuePoint[] = [];
  for (const rule of rules) {
    const needMs = pointNeedMs(rule, clock.targetMs);
    const said = saidOf(clock, rule);
    if (said === null) {
      const due = instantOf(clock, calendar, needMs);
      if (due !== null) points.push({ rule, needMs, occurrence: 0, dueAt: due });
      continue;
    }
    if (rule.repeatMs === null || (clock.acknowledgedAt !== null && clock.acknowledgedAt >= said.firstAt)) continue;
    let last = said.lastAt;
    let outdone = false;
    for (const other of rules) {
      const higher = pointNeedMs(other, clock.targetMs) > needMs ? saidOf(clock, other) : null;
      if (higher === null) continue;
      // "75 % is used" is no news once a higher point was said; a breach stays one.
      outdone ||= needMs < clock.targetMs;
      // A higher point said it again, and louder: the repetition counts from there.
      last = Math.max(last, higher.lastAt);
    }
    if (outdone) continue;
    const occurrence = said.occurrence + 1;
    points.push({ rule, needMs, occurrence, dueAt: calendar.addOpenTime(last, rule.repeatMs) });
  }
  return points.sort((a, b) => a.dueAt - b.dueAt || a.needMs - b.needMs);
}

/** When a point was said first and last, and how often again; null: never. A plain loop, as it runs for every point of every clock. */
function saidOf(
  { reached }: Clock,
  rule: PointRule,
): { readonly firstAt: number; readonly lastAt: number; readonly occurrence: number } | null {
  let said: { firstAt: number; lastAt: number; occurrence: number } | null = null;
  for (const { point, at, occurrence } of reached) {
    if (point !== rule.id) continue;
    if (said === null) said = { firstAt: at, lastAt: at, occurrence };
    else {
      said.lastAt = Math.max(said.lastAt, at);
      said.occurrence = Math.max(said.occurrence, occurrence);
    }
  }
  return said;
}
