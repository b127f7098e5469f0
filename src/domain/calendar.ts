/**
 * A service calendar: when time counts. Business time is the length of the intersection with the calendar's open
 * intervals, in elapsed UTC milliseconds (domain page, "Arithmetic, exactly").
 *
 * Decided, where two readings were possible:
 * - An interval belongs to the date it begins on. On a holiday none begins; one that began the evening before stays open past midnight to its end.
 * - An entry in `open` gives that date's hours INSTEAD of its ordinary ones and wins over `closed` and over holidays; without hours of
 *   its own it has its weekday's, or the make-up hours where the weekday has none. `closed` wins over everything else.
 * - A wall time that daylight saving skips is moved forward, one that comes twice is the first (Temporal's `compatible`).
 *
 * Year tables are built when first asked for and kept: a memo, invisible from outside.
 */
import { planDays } from './calendar-days.ts';
import type { DayPlan, ExclusionReason, HolidaySource } from './calendar-days.ts';
import type { WeekHours } from './calendar-hours.ts';
import { buildYearTable, instantWhenUsed, lastStartedBy, openBefore } from './calendar-year.ts';
import type { YearTable } from './calendar-year.ts';
import { DAY, toIsoUtc } from './instant.ts';
import { yearOf } from './local-date.ts';
import { zoneOf } from './zone.ts';
import type { Zone } from './zone.ts';

export { expandWeekdays, ordinaryDayMs, parseHours, parseOpenHours } from './calendar-hours.ts';
export type { ExclusionReason, HolidaySource, HolidayYear } from './calendar-days.ts';
export type { WeekHours } from './calendar-hours.ts';

export interface CalendarSpec {
  readonly timezone: string;
  /** Keys `mon`…`sun`; ranges such as `mon-fri` are expanded by {@link parseHours} before. */
  readonly hours: 'always' | WeekHours;
  readonly holidays: HolidaySource | null;
  /** Hours of make-up days; left out, those of Monday, or of the first weekday that has any. */
  readonly makeupHours?: readonly string[] | undefined;
  readonly closed: readonly string[];
  /** Date → its hours, or null for the ordinary ones. */
  readonly open: ReadonlyMap<string, readonly string[] | null>;
}

/** Half-open: [from, to), UTC ms. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface Exclusion extends Interval {
  readonly reason: ExclusionReason;
  /** The holiday's name in the language of its data. */
  readonly name?: string;
}

export interface Calendar {
  readonly id: string;
  readonly timezone: string;
  /**
   * The first instant by which `durationMs` of open time have passed since `fromMs`; used up exactly at the end of an
   * interval, it is that end. 0 gives `fromMs` itself. Throws a RangeError for a negative duration, and for a calendar
   * without open time in the next 30 years.
   */
  addOpenTime(fromMs: number, durationMs: number): number;
  /** Open ms in [fromMs, toMs); 0 when `toMs` is not after `fromMs`. */
  openTimeBetween(fromMs: number, toMs: number): number;
  isOpen(ms: number): boolean;
  /** The first open instant at or after `ms`: `ms` itself while open. Throws like addOpenTime. */
  nextOpening(ms: number): number;
  /** What counts between two instants, ascending, disjoint, clipped to them. */
  intervals(fromMs: number, toMs: number): Interval[];
  /** What does not count between them, with the reason; split where the reason changes (at local midnight). Costs a step per day. */
  excluded(fromMs: number, toMs: number): Exclusion[];
  /** The local years between the two instants whose official holidays are not known, so that weekends are assumed. */
  unofficialYears(fromMs: number, toMs: number): number[];
}

/** Throws a RangeError for an unknown time zone, and for an interval or date that cannot be read. */
export function buildCalendar(id: string, spec: CalendarSpec): Calendar {
  const zone = zoneOf(spec.timezone);
  const plainAlways =
    spec.hours === 'always' && spec.holidays === null && spec.closed.length === 0 && spec.open.size === 0;
  return plainAlways ? alwaysOpen(id, spec.timezone) : new ScheduledCalendar(id, zone, spec);
}

function alwaysOpen(id: string, timezone: string): Calendar {
  return {
    id,
    timezone,
    addOpenTime: (fromMs, durationMs) => fromMs + checkedDuration(durationMs),
    openTimeBetween: (fromMs, toMs) => Math.max(0, toMs - fromMs),
    isOpen: () => true,
    nextOpening: (ms) => ms,
    intervals: (fromMs, toMs) => (toMs > fromMs ? [{ from: fromMs, to: toMs }] : []),
    excluded: () => [],
    unofficialYears: () => [],
  };
}

/** How long a calendar may be without any open time before it is called empty. */
const LOOK_AHEAD_YEARS = 30;
/** Outside these a question is a mistake (seconds for milliseconds, say), and each year asked for would stay in memory. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2400;

class ScheduledCalendar implements Calendar {
  readonly id: string;
  readonly timezone: string;
  readonly #zone: Zone;
  readonly #holidays: HolidaySource | null;
  readonly #planOf: (epochDay: number) => DayPlan;
  readonly #tables = new Map<number, YearTable>();
  #latest: YearTable | undefined;

  constructor(id: string, zone: Zone, spec: CalendarSpec) {
    this.id = id;
    this.timezone = zone.id;
    this.#zone = zone;
    this.#holidays = spec.holidays;
    this.#planOf = planDays(spec);
  }

  addOpenTime(fromMs: number, durationMs: number): number {
    if (checkedDuration(durationMs) === 0) return fromMs;
    let table = this.#tableAt(fromMs);
    let wanted = openBefore(table, fromMs) + durationMs;
    for (let barren = 0; wanted > table.total; table = this.#tableOf(table.year + 1)) {
      wanted -= table.total;
      barren = table.total === 0 ? barren + 1 : 0;
      if (barren > LOOK_AHEAD_YEARS) throw this.#noOpenTime(fromMs);
    }
    return instantWhenUsed(table, wanted);
  }

  openTimeBetween(fromMs: number, toMs: number): number {
    if (toMs <= fromMs) return 0;
    const last = this.#tableAt(toMs);
    let table = this.#tableAt(fromMs);
    let open = -openBefore(table, fromMs);
    for (; table.year < last.year; table = this.#tableOf(table.year + 1)) open += table.total;
    return open + openBefore(last, toMs);
  }

  isOpen(ms: number): boolean {
    const table = this.#tableAt(ms);
    const i = lastStartedBy(table, ms);
    return i >= 0 && ms < (table.ends[i] ?? ms);
  }

  nextOpening(ms: number): number {
    if (this.isOpen(ms)) return ms;
    let table = this.#tableAt(ms);
    for (let i = lastStartedBy(table, ms) + 1, barren = 0; ; table = this.#tableOf(table.year + 1), i = 0) {
      const start = table.starts[i];
      if (start !== undefined) return start;
      barren += 1;
      if (barren > LOOK_AHEAD_YEARS) throw this.#noOpenTime(ms);
    }
  }

  intervals(fromMs: number, toMs: number): Interval[] {
    const found: { from: number; to: number }[] = [];
    if (toMs <= fromMs) return found;
    const lastYear = this.#tableAt(toMs).year;
    for (let table = this.#tableAt(fromMs); ; table = this.#tableOf(table.year + 1)) {
      for (let i = Math.max(0, lastStartedBy(table, fromMs)); i < table.starts.length; i += 1) {
        const from = Math.max(fromMs, table.starts[i] ?? NaN);
        const to = Math.min(toMs, table.ends[i] ?? NaN);
        if (from >= toMs) break;
        if (to <= from) continue;
        const previous = found.at(-1);
        // A night over New Year is two pieces in the tables, and one interval for people.
        if (previous?.to === from) previous.to = to;
        else found.push({ from, to });
      }
      if (table.year >= lastYear) return found;
    }
  }

  excluded(fromMs: number, toMs: number): Exclusion[] {
    const found: { from: number; to: number; reason: ExclusionReason; name?: string }[] = [];
    let gapFrom = fromMs;
    for (const open of [...this.intervals(fromMs, toMs), { from: toMs, to: toMs }]) {
      for (let from = gapFrom; from < open.from;) {
        const day = Math.floor(this.#zone.toWall(from) / DAY);
        const to = Math.min(open.from, this.#endOfDay(day, from));
        const { reason, name } = this.#planOf(day);
        const previous = found.at(-1);
        if (previous?.to === from && previous.reason === reason && previous.name === name) previous.to = to;
        else found.push({ from, to, reason, ...(name === undefined ? {} : { name }) });
        from = to;
      }
      gapFrom = open.to;
    }
    return found;
  }

  unofficialYears(fromMs: number, toMs: number): number[] {
    const years: number[] = [];
    if (this.#holidays === null) return years;
    const last = this.#tableAt(Math.max(fromMs, toMs - 1)).year;
    for (let { year } = this.#tableAt(fromMs); year <= last; year += 1) {
      if (!this.#holidays(year).official) years.push(year);
    }
    return years;
  }

  /** The next local midnight after `ms`, which lies on `day`. */
  #endOfDay(day: number, ms: number): number {
    const end = this.#zone.toInstant((day + 1) * DAY);
    // Clocks set back from just after midnight (St. John's, 00:01 until 2011) pass it twice; in between the first is over,
    // and a piece that ended before it began would never let `excluded` get on.
    return end > ms ? end : ms + (day + 1) * DAY - this.#zone.toWall(ms);
  }

  #tableAt(ms: number): YearTable {
    const latest = this.#latest;
    if (latest !== undefined && ms >= latest.from && ms < latest.until) return latest;
    const guess = yearOf(ms);
    let table = this.#tableOf(guess);
    // Local and UTC year differ for some hours around New Year.
    if (ms < table.from) table = this.#tableOf(guess - 1);
    else if (ms >= table.until) table = this.#tableOf(guess + 1);
    this.#latest = table;
    return table;
  }

  #tableOf(year: number): YearTable {
    let table = this.#tables.get(year);
    if (table === undefined) {
      if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) {
        throw new RangeError(`calendar "${this.id}" counts from ${FIRST_YEAR} to ${LAST_YEAR}, not in ${year}`);
      }
      table = buildYearTable(year, this.#zone, (day) => this.#planOf(day).hours);
      this.#tables.set(year, table);
    }
    return table;
  }

  #noOpenTime(afterMs: number): RangeError {
    return new RangeError(
      `calendar "${this.id}" has no open time in the ${LOOK_AHEAD_YEARS} years after ${toIsoUtc(afterMs)}; give it hours`,
    );
  }
}

function checkedDuration(ms: number): number {
  if (!(ms >= 0 && ms < Infinity))
    throw new RangeError(`open time to add must be zero or more milliseconds, not ${ms}`);
  return ms;
}
