/** One local year of open intervals in flat arrays with prefix sums: every question is a binary search. */
import type { OpenHours } from './calendar-hours.ts';
import { DAY, MINUTE } from './instant.ts';
import { firstDayOf } from './local-date.ts';
import type { Zone } from './zone.ts';

export interface YearTable {
  readonly year: number;
  /** The local year, [from, until), in UTC ms. */
  readonly from: number;
  readonly until: number;
  /** Disjoint, ascending, not empty, clipped to the year: interval i is [starts[i], ends[i]). */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Open ms of the year before interval i. */
  readonly before: Float64Array;
  /** Open ms of the whole year. */
  readonly total: number;
}

/**
 * Intervals that touch or overlap are merged, so time is never counted twice. One that passes the year's end is split
 * there: the year before keeps its part, and neither year needs to know the other's.
 */
export function buildYearTable(
  year: number,
  zone: Zone,
  hoursOn: (epochDay: number) => readonly OpenHours[],
): YearTable {
  const first = firstDayOf(year);
  const next = firstDayOf(year + 1);
  const from = zone.toInstant(first * DAY);
  const until = zone.toInstant(next * DAY);

  const found: { start: number; end: number }[] = [];
  let midnight = zone.toInstant((first - 1) * DAY);
  for (let day = first - 1; day < next; day += 1) {
    const lastMidnight = midnight;
    midnight = zone.toInstant((day + 1) * DAY);
    // A date that a zone has skipped (Samoa, 2011-12-30) would otherwise open its hours on the day after.
    if (midnight === lastMidnight) continue;
    for (const hours of hoursOn(day)) {
      const start = Math.max(from, zone.toInstant(day * DAY + hours.start * MINUTE));
      const end = Math.min(until, zone.toInstant(day * DAY + hours.end * MINUTE));
      if (end > start) found.push({ start, end });
    }
  }
  found.sort((a, b) => a.start - b.start);

  const merged: { start: number; end: number }[] = [];
  for (const interval of found) {
    const last = merged.at(-1);
    if (last !== undefined && interval.start <= last.end) last.end = Math.max(last.end, interval.end);
    else merged.push(interval);
  }

  const before = new Float64Array(merged.length);
  let total = 0;
  merged.forEach((interval, i) => {
    before[i] = total;
    total += interval.end - interval.start;
  });
  return {
    year,
    from,
    until,
    starts: Float64Array.from(merged, (interval) => interval.start),
    ends: Float64Array.from(merged, (interval) => interval.end),
    before,
    total,
  };
}

/** The index of the last interval that starts at or before `ms`; −1 when none does. */
export function lastStartedBy(table: YearTable, ms: number): number {
  return countWhere(table.starts, (start) => start <= ms) - 1;
}

/** Open ms from the beginning of the year to `ms`. */
export function openBefore(table: YearTable, ms: number): number {
  const i = lastStartedBy(table, ms);
  if (i < 0) return 0;
  return at(table.before, i) + Math.min(ms, at(table.ends, i)) - at(table.starts, i);
}

/** The first instant by which `open` ms of the year are used up (0 < open ≤ total): an interval's end, never the next opening. */
export function instantWhenUsed(table: YearTable, open: number): number {
  const i = countWhere(table.before, (before) => before < open) - 1;
  return at(table.starts, i) + open - at(table.before, i);
}

/** How many of the ascending values satisfy a condition that holds for a prefix of them. */
function countWhere(values: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(at(values, middle))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An index outside would be a bug here; NaN makes it visible instead of plausible. */
function at(values: Float64Array, i: number): number {
  return values[i] ?? NaN;
}
