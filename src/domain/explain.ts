import type { ExclusionReason, Interval } from './calendar.ts';
import { calendarOf, elapsedMs, instantOf, isRunning, runSpans } from './clocks.ts';
import { DAY, HOUR } from './instant.ts';
import type { Policy } from './policy.ts';
import type { Clock, Pause, PersonRef } from './ticket.ts';
import { zoneOf } from './zone.ts';

/** Why a clock stands where it stands: what of the time counted, what did not and for which reason, and by whose promise. */
export interface ClockExplanation {
  readonly from: number;
  /** Now, or when it stopped. */
  readonly until: number;
  /** Null while it stands still (nobody can know), and once it was cancelled. */
  readonly dueAt: number | null;
  /** From the start until now, or until it stopped: added up, exactly `elapsedMs`. */
  readonly counted: readonly Interval[];
  readonly elapsedMs: number;
  /** What will count (or would have) from there to the due instant: with `counted`, exactly the target, unless `cut`. */
  readonly toCome: readonly Interval[];
  /** The gaps in between, to the due instant or to `until`, whichever is later. */
  readonly excluded: readonly NotCounted[];
  /** The time to come is too long to be told in full: only its beginning is. */
  readonly cut: boolean;
  readonly timezone: string;
}

export interface NotCounted extends Interval {
  readonly reason: ExclusionReason | 'paused';
  /** The holiday's name, or what the ticket waited for. */
  readonly name: string | null;
  /** Who had it wait, and how the requester's side agreed, where that was needed. */
  readonly by: PersonRef | null;
  readonly consent: NonNullable<Pause['consent']> | null;
}

/** The answer is read by people: half a year of single days explains no more than two months of them. */
const MOST_DAYS = 190;

export function explainClock(clock: Clock, policy: Policy, now: number): ClockExplanation {
  const calendar = calendarOf(clock, policy);
  const { startedAt: from } = clock;
  const until = Math.max(from, Math.min(now, clock.stoppedAt ?? clock.cancelledAt ?? now));
  const dueAt = clock.cancelledAt === null ? instantOf({ ...clock, stoppedAt: null }, calendar, clock.targetMs) : null;
  const end = Math.max(until, dueAt ?? until);
  const told = Math.min(end, until + MOST_DAYS * DAY);
  const excluded: NotCounted[] = [];
  const ran = (a: number, b: number): void => {
    for (const { reason, name, ...gap } of calendar.excluded(a, b))
      excluded.push({ from: gap.from, to: gap.to, reason, name: name ?? null, by: null, consent: null });
  };
  let at = from;
  for (const pause of clock.pauses) {
    const begun = Math.max(at, pause.from);
    const over = Math.min(pause.to ?? until, until);
    if (begun >= until || over <= begun) continue;
    ran(at, begun);
    const { reason, by = null, consent = null } = pause;
    excluded.push({ from: begun, to: over, reason: 'paused', name: reason, by, consent });
    at = over;
  }
  ran(at, told);
  return {
    from,
    until,
    dueAt,
    counted: runSpans(clock, until).flatMap((span) => calendar.intervals(span.from, span.to)),
    elapsedMs: elapsedMs(clock, calendar, until),
    toCome: told > until ? calendar.intervals(until, told) : [],
    excluded,
    cut: told < end,
    timezone: calendar.timezone,
  };
}

export type LeftOut = 'night' | 'lunch' | 'break' | Exclude<ExclusionReason, 'closed_hours'>;

/** The same in the few words that people use: hours by day, and each kind of gap once. */
export interface ExplanationSummary {
  /** Up to the due instant, else until now. `day` counts from 1970-01-01 on the reader's wall. */
  readonly days: readonly { readonly day: number; readonly ms: number }[];
  readonly left: readonly { readonly kind: LeftOut; readonly name: string | null }[];
  /** `openMs`: how much of it would have counted. */
  readonly waits: readonly (NotCounted & { readonly openMs: number; readonly lasts: boolean })[];
}

export function summaryOf(clock: Clock, policy: Policy, told: ClockExplanation, timezone: string): ExplanationSummary {
  const calendar = calendarOf(clock, policy);
  const all = [...told.counted, ...told.toCome];
  const paused = isRunning(clock) && clock.pauses.some((span) => span.to === null);
  return {
    days: daysOf(all, told.dueAt ?? told.until, timezone),
    left: kindsOf(told, all),
    waits: told.excluded
      .filter((span) => span.reason === 'paused')
      .map((span) => ({
        ...span,
        openMs: calendar.openTimeBetween(span.from, span.to),
        lasts: paused && span.to === told.until,
      })),
  };
}

function daysOf(spans: readonly Interval[], end: number, timezone: string): ExplanationSummary['days'] {
  const zone = zoneOf(timezone);
  const days = new Map<number, number>();
  for (const span of spans) {
    const to = Math.min(span.to, end);
    for (let from = span.from; from < to;) {
      const day = Math.floor(zone.toWall(from) / DAY);
      const midnight = zone.toInstant((day + 1) * DAY);
      // Where clocks are set back over midnight it comes twice.
      const next = Math.min(to, midnight > from ? midnight : from + HOUR);
      days.set(day, (days.get(day) ?? 0) + next - from);
      from = next;
    }
  }
  return [...days].map(([day, ms]) => ({ day, ms }));
}

function kindsOf({ excluded, timezone }: ClockExplanation, counted: readonly Interval[]): ExplanationSummary['left'] {
  const zone = zoneOf(timezone);
  const starts = new Set(counted.map(({ from }) => from));
  const ends = new Set(counted.map(({ to }) => to));
  const closedKind = ({ from, to }: Interval): LeftOut => {
    const wall = zone.toWall(from);
    const within = ends.has(from) && starts.has(to) && Math.floor(wall / DAY) === Math.floor(zone.toWall(to) / DAY);
    if (!within) return 'night';
    const hour = (wall % DAY) / HOUR;
    return hour >= 11 && hour < 14 ? 'lunch' : 'break';
  };
  const kinds = new Map<string, ExplanationSummary['left'][number]>();
  for (const span of excluded) {
    if (span.reason === 'paused') continue;
    const kind = span.reason === 'closed_hours' ? closedKind(span) : span.reason;
    const name = span.reason === 'holiday' ? span.name : null;
    kinds.set(`${kind} ${name}`, { kind, name });
  }
  return [...kinds.values()];
}
