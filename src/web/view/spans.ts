import { calendarOf, instantOf } from '../../domain/clocks.ts';
import type { Interval } from '../../domain/calendar.ts';
import { DAY } from '../../domain/instant.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Clock } from '../../domain/ticket.ts';

export interface NotCounted extends Interval {
  readonly reason: 'closed_hours' | 'weekend' | 'holiday' | 'closed_by_company' | 'paused';
  /** The holiday's name, or what the ticket waited for. */
  readonly name: string | null;
}

export interface ClockSpans {
  readonly from: number;
  /** To the due instant; while nobody can know it, to now. */
  readonly to: number;
  readonly counted: readonly Interval[];
  readonly excluded: readonly NotCounted[];
  /** The time from `from` to `to` was too long to be told in full: only its beginning is. */
  readonly cut: boolean;
}

/** The answer is read by people: half a year of single days explains no more than two months of them. */
const MOST_DAYS = 190;

/**
 * What counted and what did not, from the start of a clock to the instant at which it is due: added up, the counted part is the target.
 * A clock that stands still is told up to now.
 */
export function clockSpans(clock: Clock, policy: Policy, now: number): ClockSpans {
  const calendar = calendarOf(clock, policy);
  const due = instantOf({ ...clock, stoppedAt: null, cancelledAt: null }, calendar, clock.targetMs);
  const end = due ?? Math.max(now, clock.startedAt);
  const to = Math.min(end, clock.startedAt + MOST_DAYS * DAY);
  const counted: Interval[] = [];
  const excluded: NotCounted[] = [];
  const run = (from: number, until: number): void => {
    if (until <= from) return;
    counted.push(...calendar.intervals(from, until));
    for (const { reason, name, ...gap } of calendar.excluded(from, until)) {
      excluded.push({ from: gap.from, to: gap.to, reason, name: name ?? null });
    }
  };
  let at = clock.startedAt;
  for (const pause of clock.pauses) {
    if (pause.from >= to) break;
    const over = Math.min(pause.to ?? to, to);
    run(at, Math.max(at, pause.from));
    if (over > Math.max(at, pause.from)) {
      excluded.push({ from: Math.max(at, pause.from), to: over, reason: 'paused', name: pause.reason });
    }
    at = Math.max(at, over);
  }
  run(at, to);
  return { from: clock.startedAt, to, counted, excluded, cut: to < end };
}
