/**
 * Calendar dates as a count of days since 1970-01-01, so that a year of them is walked by integer arithmetic.
 * A wall time is such a day times 24 h plus the time on the clock: local time read as though it were UTC.
 */
import { DAY } from './instant.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `YYYY-MM-DD` → days since 1970-01-01. Throws a RangeError for anything else, 2026-02-30 included. */
export function epochDayOf(isoDate: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(isoDate) ? Date.parse(`${isoDate}T00:00:00Z`) : NaN;
  // Date.parse lets 02-30 roll over into March, so the way back must give the same text.
  if (Number.isNaN(ms) || isoDateOf(ms / DAY) !== isoDate) {
    throw new RangeError(`"${isoDate}" is not a date; write it as 2026-10-01`);
  }
  return ms / DAY;
}

/** Days since 1970-01-01 → `YYYY-MM-DD`. */
export function isoDateOf(epochDay: number): string {
  return new Date(epochDay * DAY).toISOString().slice(0, 10);
}

/** 0 = Monday … 6 = Sunday; an index of {@link WEEKDAYS}. */
export function weekdayIndexOf(epochDay: number): number {
  return (((epochDay + 3) % 7) + 7) % 7;
}

/** The year of a wall time, or of an instant in UTC. */
export function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear();
}

/** Days since 1970-01-01 of 1 January. */
export function firstDayOf(year: number): number {
  return Date.UTC(year, 0, 1) / DAY;
}

/** `09:00` → minutes since midnight; `24:00` is 1440. Throws a RangeError for anything else. */
export function parseTimeOfDay(text: string): number {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  const minutes = match === null ? NaN : Number(match[1]) * 60 + Number(match[2]);
  if (match === null || Number(match[2]) > 59 || minutes > 24 * 60) {
    throw new RangeError(`"${text}" is not a time of day; write it as 09:00, at the latest 24:00`);
  }
  return minutes;
}
