/** The hours of a calendar as configuration writes them: weekday keys and `09:00-12:00` intervals. */
import { DAY, MINUTE } from './instant.ts';
import { parseTimeOfDay, WEEKDAYS } from './local-date.ts';
import type { Weekday } from './local-date.ts';

/** Minutes since the midnight of the day it starts on; `end` is beyond 1440 when it passes the next midnight. */
export interface OpenHours {
  readonly start: number;
  readonly end: number;
}

export type WeekHours = Partial<Record<Weekday, readonly string[]>>;

/**
 * `09:00-12:00`. An end at or before the start lies on the next day: `22:00-06:00` belongs to the day it starts on.
 * The whole day is `00:00-24:00`; equal ends are an error, because they could mean nothing or everything.
 */
export function parseOpenHours(text: string): OpenHours {
  const [from, until, ...rest] = text.split('-');
  if (from === undefined || until === undefined || rest.length > 0) {
    throw new RangeError(`"${text}" is not an interval; write it as 09:00-12:00`);
  }
  const start = parseTimeOfDay(from);
  const end = parseTimeOfDay(until);
  if (start === 24 * 60) throw new RangeError(`"${text}" starts at 24:00; write 00:00 on the next day`);
  if (start === end) throw new RangeError(`"${text}" is empty; the whole day is 00:00-24:00`);
  return { start, end: end > start ? end : end + 24 * 60 };
}

/** `mon`, `mon-fri`, `fri-mon` (over the weekend), `tue,thu` → the weekdays meant, in order. Throws a RangeError for anything else. */
export function expandWeekdays(key: string): Weekday[] {
  return key.split(',').flatMap((range) => {
    const [first = '', last = first, ...rest] = range.trim().toLowerCase().split('-');
    const from = (WEEKDAYS as readonly string[]).indexOf(first.trim());
    const until = (WEEKDAYS as readonly string[]).indexOf(last.trim());
    if (from < 0 || until < 0 || rest.length > 0) {
      throw new RangeError(
        `"${key}" is not a weekday; write mon, tue, wed, thu, fri, sat or sun, or a range such as mon-fri`,
      );
    }
    const count = ((until - from + 7) % 7) + 1;
    return Array.from({ length: count }, (_, i) => WEEKDAYS[(from + i) % 7] ?? 'mon');
  });
}

/**
 * Hours with range keys → hours for each weekday. Where two keys name the same day the narrower one wins
 * (`{ mon-fri: …, fri: ["09:00-15:00"] }` has a short Friday), of two equally narrow ones the later.
 */
export function parseHours(hours: 'always' | Readonly<Record<string, readonly string[]>>): 'always' | WeekHours {
  if (hours === 'always') return 'always';
  const keys = Object.entries(hours).map(([key, intervals]) => ({ days: expandWeekdays(key), intervals }));
  const week: WeekHours = {};
  for (const { days, intervals } of keys.sort((a, b) => b.days.length - a.days.length)) {
    for (const interval of intervals) parseOpenHours(interval);
    for (const day of days) week[day] = intervals;
  }
  return week;
}

/** Open ms of an ordinary day (Monday, or the first weekday with hours): how long one "business day" is. 0 without any hours. */
export function ordinaryDayMs(hours: 'always' | WeekHours): number {
  if (hours === 'always') return DAY;
  const first = WEEKDAYS.map((day) => hours[day] ?? []).find((intervals) => intervals.length > 0) ?? [];
  return first.map(parseOpenHours).reduce((sum, { start, end }) => sum + (end - start) * MINUTE, 0);
}
