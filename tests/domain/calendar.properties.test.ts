/**
 * The calendar against a reference that walks minute by minute over a wall clock read from Intl, and knows nothing of
 * Temporal, of tables, or of merging. Interval ends keep away from the hours that daylight saving skips or repeats, where
 * "compatible" and a walker differ by definition; calendar.test.ts holds those as a table.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCalendar } from '../../src/domain/calendar.ts';
import type { Calendar, CalendarSpec } from '../../src/domain/calendar.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';

const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe', // half an hour of daylight saving
  'Asia/Beirut', // clocks change at midnight
  'Africa/Casablanca', // back for Ramadan, and forth again
  'Asia/Kathmandu', // +05:45
  'UTC',
];
const QUARTER = 15 * MINUTE;
const FIRST = Date.UTC(2025, 10, 1);
const DAYS = 500;
const WEEKDAY_NAMES = ['thu', 'fri', 'sat', 'sun', 'mon', 'tue', 'wed'] as const; // 1970-01-01 was a Thursday

/** The wall clock of a zone at every quarter of an hour: offsets only change at those. */
const walls = new Map<string, Float64Array>();
function wallsOf(zone: string): Float64Array {
  let wall = walls.get(zone);
  if (wall === undefined) {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    wall = Float64Array.from({ length: (DAYS * DAY) / QUARTER }, (_, i) => {
      const part: Record<string, number> = {};
      for (const { type, value } of format.formatToParts(FIRST + i * QUARTER)) part[type] = Number(value);
      const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = part;
      return Date.UTC(year, month - 1, day, hour, minute);
    });
    walls.set(zone, wall);
  }
  return wall;
}

const isoOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

interface World {
  spec: CalendarSpec;
  week: Record<string, string[]>;
  feasts: Set<string>;
  makeups: Set<string>;
  closed: Set<string>;
  open: Map<string, string[]>;
}

function hoursOfDate(world: World, day: number): string[] {
  const date = isoOf(day);
  const ordinary = world.week[WEEKDAY_NAMES[((day % 7) + 7) % 7] ?? ''] ?? [];
  if (world.open.has(date)) return world.open.get(date) ?? [];
  if (world.closed.has(date)) return [];
  if (world.makeups.has(date)) return [...(world.spec.makeupHours ?? [])];
  if (world.feasts.has(date)) return [];
  return ordinary;
}

function minutesOf(interval: string): [number, number] {
  const [h1 = 0, m1 = 0, h2 = 0, m2 = 0] = interval.split(/[-:]/).map(Number);
  const start = h1 * 60 + m1;
  const end = h2 * 60 + m2;
  return [start, end > start ? end : end + 1440];
}

/** Minute by minute, whether the minute that begins there is open. */
function reference(world: World): (ms: number) => boolean {
  const wall = wallsOf(world.spec.timezone);
  const openMinutes = new Map<number, boolean[]>();
  const minutesOfDay = (day: number): boolean[] => {
    let minutes = openMinutes.get(day);
    if (minutes === undefined) {
      const today = hoursOfDate(world, day).map(minutesOf);
      const lastNight = hoursOfDate(world, day - 1).map(minutesOf);
      minutes = Array.from(
        { length: 1440 },
        (_, m) => today.some(([s, e]) => s <= m && m < e) || lastNight.some(([s, e]) => s <= m + 1440 && m + 1440 < e),
      );
      openMinutes.set(day, minutes);
    }
    return minutes;
  };
  return (ms) => {
    const quarter = Math.floor((ms - FIRST) / QUARTER);
    const local = (wall[quarter] ?? NaN) + (ms - FIRST - quarter * QUARTER);
    const day = Math.floor(local / DAY);
    return minutesOfDay(day)[Math.floor((local - day * DAY) / MINUTE)] ?? false;
  };
}

function walkBetween(isOpen: (ms: number) => boolean, from: number, to: number): number {
  let open = 0;
  for (let t = from; t < to;) {
    const next = Math.min(to, (Math.floor(t / MINUTE) + 1) * MINUTE);
    if (isOpen(t)) open += next - t;
    t = next;
  }
  return open;
}

function walkAdd(isOpen: (ms: number) => boolean, from: number, duration: number, limit: number): number | undefined {
  let left = duration;
  for (let t = from; t < limit;) {
    if (left === 0) return t;
    const next = (Math.floor(t / MINUTE) + 1) * MINUTE;
    if (isOpen(t)) {
      if (left <= next - t) return t + left;
      left -= next - t;
    }
    t = next;
  }
  return undefined;
}

// 5:00 to 22:00, and midnight: never in the hours that the zones above skip or repeat.
const time = fc.oneof(
  fc.tuple(fc.integer({ min: 5, max: 21 }), fc.constantFrom(0, 1, 15, 30, 59)).map(([h, m]) => `${pad(h)}:${pad(m)}`),
  fc.constantFrom('22:00', '00:00'),
);
const pad = (n: number): string => String(n).padStart(2, '0');
const interval = fc
  .tuple(time, time)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => `${a}-${b}`);
const intervals = fc.array(interval, { minLength: 1, maxLength: 3 });
const date = fc.integer({ min: 0, max: DAYS }).map((n) => isoOf(FIRST / DAY + n));
const dates = (maxLength: number): fc.Arbitrary<string[]> => fc.array(date, { maxLength });

const world: fc.Arbitrary<World> = fc
  .record({
    timezone: fc.constantFrom(...ZONES),
    week: fc.dictionary(fc.constantFrom(...WEEKDAY_NAMES), intervals, { minKeys: 1, maxKeys: 7 }),
    feasts: dates(60),
    makeups: dates(20),
    makeupHours: intervals,
    closed: dates(20),
    open: fc.array(fc.tuple(date, intervals), { maxLength: 20 }),
  })
  .map(({ timezone, week, feasts, makeups, makeupHours, closed, open }) => ({
    week,
    feasts: new Set(feasts),
    makeups: new Set(makeups),
    closed: new Set(closed),
    open: new Map(open),
    spec: {
      timezone,
      hours: week,
      makeupHours,
      closed,
      open: new Map(open),
      holidays: () => ({
        closed: new Map(feasts.map((d) => [d, 'feast'])),
        makeup: new Map(makeups.map((d) => [d, 'make-up'])),
        official: true,
      }),
    },
  }));

/** Anywhere in fourteen months, both changes of the clocks and a change of the year among them. */
const instant = fc.integer({ min: 2 * DAY, max: (DAYS - 62) * DAY }).map((n) => FIRST + n);
const near = fc.constantFrom(
  // Around each change of the clocks in 2026 and around New Year, where mistakes live.
  Date.UTC(2026, 2, 8, 7),
  Date.UTC(2026, 2, 29, 1),
  Date.UTC(2026, 2, 28, 22),
  Date.UTC(2026, 9, 25, 1),
  Date.UTC(2026, 9, 24, 21),
  Date.UTC(2026, 10, 1, 6),
  Date.UTC(2026, 3, 4, 15),
  Date.UTC(2026, 1, 15, 2),
  Date.UTC(2026, 0, 1),
);
const start = fc.oneof(
  instant,
  fc.tuple(near, fc.integer({ min: -36 * 60, max: 36 * 60 })).map(([ms, minutes]) => ms + minutes * MINUTE),
);
const span = fc.oneof(
  fc.integer({ min: 0, max: 3 * DAY }),
  fc.integer({ min: 0, max: 20 * 24 * 60 }).map((m) => m * MINUTE),
);
const build = (w: World): Calendar => buildCalendar('property', w.spec);

describe('against the minute-walking reference', () => {
  test('openTimeBetween', () => {
    fc.assert(
      fc.property(world, start, span, (w, from, length) => {
        expect(build(w).openTimeBetween(from, from + length)).toBe(walkBetween(reference(w), from, from + length));
      }),
      { numRuns: 400 },
    );
  });

  test('addOpenTime', () => {
    fc.assert(
      fc.property(world, start, span, (w, from, duration) => {
        const due = walkAdd(reference(w), from, duration / 4, from + 60 * DAY);
        fc.pre(due !== undefined);
        expect(build(w).addOpenTime(from, duration / 4)).toBe(due);
      }),
      { numRuns: 400 },
    );
  });

  test('isOpen and nextOpening', () => {
    fc.assert(
      fc.property(world, start, (w, from) => {
        const calendar = build(w);
        const isOpen = reference(w);
        expect(calendar.isOpen(from)).toBe(isOpen(from));
        const next = calendar.nextOpening(from);
        fc.pre(next < from + 60 * DAY);
        expect(isOpen(next)).toBe(true);
        expect(walkBetween(isOpen, from, next)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

describe('laws', () => {
  test('adding and measuring are inverse, and the due instant is the first one', () => {
    fc.assert(
      fc.property(world, start, span, (w, from, duration) => {
        const calendar = build(w);
        const due = calendar.addOpenTime(from, duration);
        expect(calendar.openTimeBetween(from, due)).toBe(duration);
        if (duration > 0) expect(calendar.openTimeBetween(from, due - 1)).toBe(duration - 1);
      }),
    );
  });

  test('a target is reached in one step or in two', () => {
    fc.assert(
      fc.property(world, start, span, span, (w, from, a, b) => {
        const calendar = build(w);
        expect(calendar.addOpenTime(calendar.addOpenTime(from, a), b)).toBe(calendar.addOpenTime(from, a + b));
        const [x, y] = [from + a, from + a + b];
        expect(calendar.openTimeBetween(from, x) + calendar.openTimeBetween(x, y)).toBe(
          calendar.openTimeBetween(from, y),
        );
      }),
    );
  });

  test('a later start or a longer target is never due earlier, nor before its start', () => {
    fc.assert(
      fc.property(world, start, span, span, fc.nat(DAY), (w, from, a, b, later) => {
        const calendar = build(w);
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        expect(calendar.addOpenTime(from, long)).toBeGreaterThanOrEqual(calendar.addOpenTime(from, short));
        expect(calendar.addOpenTime(from + later, a)).toBeGreaterThanOrEqual(calendar.addOpenTime(from, a));
        expect(calendar.addOpenTime(from, a)).toBeGreaterThanOrEqual(from + a);
      }),
    );
  });

  test('what counts and what does not are the whole time, without overlap, and sum up', () => {
    fc.assert(
      fc.property(world, start, span, (w, from, length) => {
        const calendar = build(w);
        const to = from + length;
        const counted = calendar.intervals(from, to);
        const all = [...counted, ...calendar.excluded(from, to)].sort((p, q) => p.from - q.from);
        let reached = from;
        for (const piece of all) {
          expect(piece.from).toBe(reached);
          expect(piece.to).toBeGreaterThan(piece.from);
          reached = piece.to;
        }
        expect(reached).toBe(to);
        expect(counted.reduce((sum, i) => sum + i.to - i.from, 0)).toBe(calendar.openTimeBetween(from, to));
      }),
    );
  });

  test('the order of the questions does not change the answers', () => {
    fc.assert(
      fc.property(world, fc.array(fc.tuple(start, span), { minLength: 2, maxLength: 6 }), (w, questions) => {
        const shared = build(w);
        for (const [from, duration] of questions) {
          expect(shared.addOpenTime(from, duration)).toBe(build(w).addOpenTime(from, duration));
        }
      }),
      { numRuns: 30 },
    );
  });
});
