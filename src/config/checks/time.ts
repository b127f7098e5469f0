import { expandWeekdays, parseOpenHours } from '../../domain/calendar-hours.ts';
import { turnsOf } from '../../domain/duty.ts';
import { DAY, MINUTE } from '../../domain/instant.ts';
import { WEEKDAYS } from '../../domain/local-date.ts';
import { loadHolidaySource } from '../holidays.ts';
import type { Path } from '../issue.ts';
import { rotationSpec } from '../rotation.ts';
import type { CheckContext } from './context.ts';

export const checkTime = (ctx: CheckContext): void => {
  for (const id of Object.keys(ctx.file.calendars)) checkCalendar(ctx, id);
  for (const id of Object.keys(ctx.file.rotations)) checkRotation(ctx, id);
};

const checkCalendar = (ctx: CheckContext, id: string): void => {
  const calendar = ctx.file.calendars[id];
  if (calendar === undefined) return;
  const path = ['calendars', id] as const;
  if (calendar.hours !== 'always') checkWeek(ctx, [...path, 'hours'], calendar.hours);
  checkDay(ctx, [...path, 'makeup_hours'], calendar.makeup_hours ?? []);
  for (const [index, country] of (calendar.holidays ?? []).entries()) {
    const reason = failure(() => loadHolidaySource(country));
    if (reason === null) continue;
    const wanted = 'a country code that the holiday data knows, such as CN, DE or DE-BY';
    ctx.error({ path: [...path, 'holidays', index], found: `"${country}"`, wanted, message: reason });
  }
  const open = calendar.open ?? [];
  const dates = Array.isArray(open) ? open : Object.keys(open);
  if (!Array.isArray(open)) {
    for (const [date, intervals] of Object.entries(open)) checkDay(ctx, [...path, 'open', date], intervals);
  }
  for (const [index, date] of (calendar.closed ?? []).entries()) {
    if (!dates.includes(date)) continue;
    const wanted = 'a date either in closed or in open';
    ctx.error({ path: [...path, 'closed', index], found: `${date}, which is in open too`, wanted });
  }
};

interface Span {
  /** Minutes since Monday 00:00. */
  readonly from: number;
  readonly to: number;
  readonly path: Path;
  readonly written: string;
}

const WEEK = (7 * DAY) / MINUTE;

/** Overlaps over midnight and over the end of the week included; an overlap would not count twice, so it is a slip of the pen. */
const checkWeek = (ctx: CheckContext, path: Path, hours: Readonly<Record<string, readonly string[]>>): void => {
  // As in `parseHours`: of two keys for one day the narrower wins, so only that one's intervals are compared.
  const keys = Object.keys(hours).sort((a, b) => expandWeekdays(b).length - expandWeekdays(a).length);
  const keyOf = new Map(keys.flatMap((key) => expandWeekdays(key).map((day) => [day, key] as const)));
  const spans = WEEKDAYS.flatMap((day, index) => {
    const key = keyOf.get(day);
    if (key === undefined) return [];
    return (hours[key] ?? []).map((written, i): Span => {
      const { start, end } = parseOpenHours(written);
      return { from: index * 1440 + start, to: index * 1440 + end, path: [...path, key, i], written };
    });
  });
  if (spans.length === 0) {
    const wanted = 'at least one interval, such as { mon-fri: ["09:00-18:00"] }, or always';
    ctx.error({ path, found: 'no open hours', wanted, message: `this calendar is never open; wanted ${wanted}` });
  }
  reportOverlaps(ctx, spans, WEEK);
};

const checkDay = (ctx: CheckContext, path: Path, intervals: readonly string[]): void => {
  const spans = intervals.map((written, i): Span => {
    const { start, end } = parseOpenHours(written);
    return { from: start, to: end, path: [...path, i], written };
  });
  reportOverlaps(ctx, spans, Infinity);
};

const reportOverlaps = (ctx: CheckContext, spans: readonly Span[], cycle: number): void => {
  const sorted = [...spans].sort((a, b) => a.from - b.from);
  const reported = new Set<string>();
  for (const [i, span] of sorted.entries()) {
    const first = sorted[0];
    const next = sorted[i + 1] ?? (first && { ...first, from: first.from + cycle });
    if (next === undefined || span.to <= next.from || next.path === span.path) continue;
    const key = `${next.path.join('\0')}\0${span.written}`;
    if (reported.has(key)) continue;
    reported.add(key);
    const found = `"${next.written}", which overlaps "${span.written}"`;
    ctx.error({ path: next.path, found, wanted: 'intervals that do not overlap' });
  }
};

const checkRotation = (ctx: CheckContext, id: string): void => {
  const written = ctx.file.rotations[id];
  if (written === undefined) return;
  const spec = rotationSpec(written, ctx.file.timezone);
  const path = ['rotations', id] as const;
  const reason = failure(() => turnsOf({ ...spec, people: ['x'] }));
  if (reason !== null) {
    ctx.error({
      path: [...path, 'every'],
      found: `"${spec.every}"`,
      wanted: 'whole days, for shifts',
      message: reason,
    });
  }
  const people = [...spec.people, ...(spec.shifts ?? []).flatMap((shift) => shift.people ?? [])];
  const isLeftOfMore =
    ctx.written([...path, 'people']) && spec.people.length === 0 && !ctx.writtenEmpty([...path, 'people']);
  if (people.some((person) => person !== null) || isLeftOfMore) return;
  const at = ctx.written([...path, 'people']) ? [...path, 'people'] : path;
  const wanted = 'at least one person, such as people: [wei, li]';
  ctx.error({ path: at, found: 'nobody', wanted, message: `a rotation without people; wanted ${wanted}` });
};

const failure = (attempt: () => unknown): string | null => {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message.replace(/^[a-z]+: (?=")/, '');
    throw error;
  }
};
