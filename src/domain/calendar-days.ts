/** Which hours a date has, and why it has none: weekday, holiday, make-up day, and what the company adds. */
import { parseOpenHours } from './calendar-hours.ts';
import type { OpenHours, WeekHours } from './calendar-hours.ts';
import { epochDayOf, isoDateOf, weekdayIndexOf, WEEKDAYS, yearOf } from './local-date.ts';
import { DAY } from './instant.ts';

/** One year of a country. `official` is false where the data does not hold the year's schedule yet. */
export interface HolidayYear {
  readonly closed: ReadonlyMap<string, string>;
  readonly makeup: ReadonlyMap<string, string>;
  readonly official: boolean;
}

/** A pure look-up, injected because the domain loads no data packages: year → dates (`YYYY-MM-DD`) with their names. */
export type HolidaySource = (year: number) => HolidayYear;

export type ExclusionReason = 'closed_hours' | 'weekend' | 'holiday' | 'closed_by_company';

export interface DayPlan {
  /** The hours that BEGIN on this date; empty when none do. */
  readonly hours: readonly OpenHours[];
  /** Why the rest of the date does not count. */
  readonly reason: ExclusionReason;
  readonly name?: string;
}

interface DaysSpec {
  readonly hours: 'always' | WeekHours;
  readonly holidays: HolidaySource | null;
  readonly makeupHours?: readonly string[] | undefined;
  readonly closed: readonly string[];
  readonly open: ReadonlyMap<string, readonly string[] | null>;
}

/**
 * The rules, first match wins: company `open` (the more deliberate of two company entries for one date), company
 * `closed`, make-up day, holiday, weekday. Parses everything at once, so a wrong interval or date throws here.
 */
export function planDays(spec: DaysSpec): (epochDay: number) => DayPlan {
  const week = WEEKDAYS.map((day) =>
    (spec.hours === 'always' ? ['00:00-24:00'] : (spec.hours[day] ?? [])).map(parseOpenHours),
  );
  // A make-up day stands in for a weekday, so without hours of its own it has those of Monday, or of the first day with any.
  const makeup = spec.makeupHours?.map(parseOpenHours) ?? week.find((hours) => hours.length > 0) ?? [];
  const closed = new Set(spec.closed.map(epochDayOf));
  const open = new Map([...spec.open].map(([date, hours]) => [epochDayOf(date), hours?.map(parseOpenHours) ?? null]));

  return (epochDay) => {
    const weekday = weekdayIndexOf(epochDay);
    const ordinary = week[weekday] ?? [];
    const opened = open.get(epochDay);
    if (opened !== undefined) return worked(opened ?? (ordinary.length > 0 ? ordinary : makeup));
    if (closed.has(epochDay)) return { hours: [], reason: 'closed_by_company' };
    if (spec.holidays !== null) {
      const date = isoDateOf(epochDay);
      const year = spec.holidays(yearOf(epochDay * DAY));
      if (year.makeup.has(date)) return worked(makeup);
      const name = year.closed.get(date);
      if (name !== undefined) return { hours: [], reason: 'holiday', name };
    }
    return ordinary.length > 0 ? worked(ordinary) : { hours: [], reason: weekday >= 5 ? 'weekend' : 'closed_hours' };
  };
}

function worked(hours: readonly OpenHours[]): DayPlan {
  return { hours, reason: 'closed_hours' };
}
