import { buildCalendar, parseHours } from '../../domain/calendar.ts';
import type { Calendar, HolidaySource, HolidayYear, WeekHours } from '../../domain/calendar.ts';
import { parseOpenHours } from '../../domain/calendar-hours.ts';
import { DAY, MINUTE } from '../../domain/instant.ts';
import { WEEKDAYS } from '../../domain/local-date.ts';
import type { CompleteFile } from '../defaults.ts';
import { loadHolidaySource } from '../holidays.ts';

type CalendarFile = CompleteFile['calendars'][string];

export const resolveCalendar = (id: string, file: CalendarFile, timezone: string): Calendar =>
  buildCalendar(id, {
    timezone: file.timezone ?? timezone,
    hours: weekOf(file),
    holidays: holidaysOf(file.holidays ?? []),
    makeupHours: file.makeup_hours,
    closed: file.closed ?? [],
    open: new Map(
      Array.isArray(file.open) ? file.open.map((date) => [date, null] as const) : Object.entries(file.open ?? {}),
    ),
  });

const weekOf = (file: CalendarFile): 'always' | WeekHours => parseHours(file.hours);

/** Several countries: a day is off when it is off in any of them; it is worked as a make-up day only where no other has it off. */
const holidaysOf = (countries: readonly string[]): HolidaySource | null => {
  const sources = countries.map(loadHolidaySource);
  if (sources.length <= 1) return sources[0] ?? null;
  return (year): HolidayYear => {
    const years = sources.map((source) => source(year));
    const closed = new Map(years.flatMap((one) => [...one.closed]));
    const makeup = new Map(years.flatMap((one) => [...one.makeup]).filter(([date]) => !closed.has(date)));
    return { closed, makeup, official: years.every((one) => one.official) };
  };
};

/**
 * How long a business day is: the open time that most weekdays with hours have (of equally common ones the longest);
 * 24 h where it is always open. A short Friday does not make business days short.
 */
export const businessDayMs = (file: CalendarFile): number => {
  const week = weekOf(file);
  if (week === 'always') return DAY;
  const counts = new Map<number, number>();
  for (const day of WEEKDAYS) {
    const minutes = (week[day] ?? []).map(parseOpenHours).reduce((sum, { start, end }) => sum + end - start, 0);
    if (minutes > 0) counts.set(minutes, (counts.get(minutes) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort(([a, m], [b, n]) => n - m || b - a);
  return (commonest?.[0] ?? 1440) * MINUTE;
};

/** Weekdays with hours: how many business days a week has. */
export const businessDaysPerWeek = (file: CalendarFile): number => {
  const week = weekOf(file);
  return week === 'always' ? 7 : Math.max(1, WEEKDAYS.filter((day) => (week[day] ?? []).length > 0).length);
};
