import { describe, expect, test } from 'vitest';
import { loadHolidaySource } from '../../src/config/holidays.ts';
import { buildCalendar, expandWeekdays, ordinaryDayMs, parseHours, parseOpenHours } from '../../src/domain/calendar.ts';
import type { Calendar, CalendarSpec, HolidaySource } from '../../src/domain/calendar.ts';
import { parseDuration } from '../../src/domain/duration.ts';
import { DAY, HOUR, MINUTE, parseInstant, toIsoWithOffset } from '../../src/domain/instant.ts';

const OFFICE = ['09:00-12:00', '13:30-18:00'];

function calendar(
  spec: Partial<Omit<CalendarSpec, 'hours'>> & { hours: 'always' | Record<string, string[]> },
): Calendar {
  return buildCalendar('test', {
    timezone: 'Asia/Shanghai',
    holidays: null,
    closed: [],
    open: new Map(),
    ...spec,
    hours: parseHours(spec.hours),
  });
}

const CN: HolidaySource = loadHolidaySource('CN');
const cn = calendar({ hours: { 'mon-fri': OFFICE }, holidays: CN, makeupHours: OFFICE });
const newYork = calendar({
  timezone: 'America/New_York',
  hours: { 'mon-fri': ['09:00-17:00'] },
  closed: ['2026-11-26'],
});
const always = calendar({ timezone: 'UTC', hours: 'always' });
const nightDesk = calendar({ timezone: 'Europe/Berlin', hours: { sat: ['22:00-06:00'] } });

const at = parseInstant;
const local = (ms: number, c: Calendar): string => toIsoWithOffset(ms, c.timezone);

describe('worked cases of the domain page: from + business time = due', () => {
  test.each([
    ['cn over National Day', cn, '2026-09-30T17:00+08:00', '8h', '2026-10-08T17:30:00+08:00'],
    ['cn into a Saturday that is worked', cn, '2026-10-09T17:30+08:00', '2h', '2026-10-10T10:30:00+08:00'],
    ['cn over a weekend', cn, '2026-11-20T17:59+08:00', '30m', '2026-11-23T09:29:00+08:00'],
    ['cn from a worked Saturday over Spring Festival', cn, '2026-02-14T17:00+08:00', '8h', '2026-02-24T17:30:00+08:00'],
    ['New York over a closed Thanksgiving', newYork, '2026-11-25T16:00-05:00', '3h', '2026-11-27T11:00:00-05:00'],
    ['24x7 over the last Saturday of March', always, '2026-03-28T20:00Z', '4h', '2026-03-29T00:00:00+00:00'],
    ['Berlin nights, spring forward', nightDesk, '2026-03-28T23:00+01:00', '5h', '2026-03-29T05:00:00+02:00'],
    ['cn unpaused', cn, '2026-11-19T15:00+08:00', '8h', '2026-11-20T15:30:00+08:00'],
    [
      'cn unpaused, its 75 % point (the end of an interval)',
      cn,
      '2026-11-19T15:00+08:00',
      '6h',
      '2026-11-20T12:00:00+08:00',
    ],
  ])('%s', (_, c, from, duration, due) => {
    expect(local(c.addOpenTime(at(from), parseDuration(duration)), c)).toBe(due);
    expect(c.openTimeBetween(at(from), at(due))).toBe(parseDuration(duration));
  });

  test('cn, 8 h, paused 2026-11-19 16:30 → 2026-11-20 14:00', () => {
    const elapsed = cn.openTimeBetween(at('2026-11-19T15:00+08:00'), at('2026-11-19T16:30+08:00'));
    const due = cn.addOpenTime(at('2026-11-20T14:00+08:00'), 8 * HOUR - elapsed);
    expect(local(due, cn)).toBe('2026-11-23T11:30:00+08:00');
  });

  test.each([
    ['spring forward', '2026-03-28', 7],
    ['fall back', '2026-10-24', 9],
    ['an ordinary night', '2026-11-21', 8],
  ])('a Berlin Saturday night, %s', (_, date, hours) => {
    const [night, ...rest] = nightDesk.intervals(at(`${date}T12:00Z`), at(`${date}T12:00Z`) + DAY);
    expect(rest).toEqual([]);
    expect(((night?.to ?? 0) - (night?.from ?? 0)) / HOUR).toBe(hours);
  });
});

describe('edges', () => {
  test('nothing to add is the instant itself, also while closed', () => {
    expect(cn.addOpenTime(at('2026-10-01T03:00+08:00'), 0)).toBe(at('2026-10-01T03:00+08:00'));
  });

  test('used up exactly at the end of an interval is due at that end, one millisecond more at the next opening', () => {
    const from = at('2026-11-20T17:00+08:00');
    expect(local(cn.addOpenTime(from, HOUR), cn)).toBe('2026-11-20T18:00:00+08:00');
    expect(local(cn.addOpenTime(from, HOUR + 1), cn)).toBe('2026-11-23T09:00:00.001+08:00');
  });

  test('open at the first instant of an interval, closed at its end', () => {
    expect(cn.isOpen(at('2026-11-20T09:00+08:00'))).toBe(true);
    expect(cn.isOpen(at('2026-11-20T12:00+08:00'))).toBe(false);
    expect(cn.isOpen(at('2026-11-20T09:00+08:00') - 1)).toBe(false);
  });

  test('the next opening is now while open, else the next interval, over years too', () => {
    expect(cn.nextOpening(at('2026-11-20T10:00+08:00'))).toBe(at('2026-11-20T10:00+08:00'));
    expect(local(cn.nextOpening(at('2026-09-30T18:00+08:00')), cn)).toBe('2026-10-08T09:00:00+08:00');
    const once = calendar({ hours: {}, open: new Map([['2031-05-05', ['10:00-11:00']]]) });
    expect(local(once.nextOpening(at('2026-01-01T00:00Z')), once)).toBe('2031-05-05T10:00:00+08:00');
    expect(local(once.addOpenTime(at('2026-01-01T00:00Z'), HOUR), once)).toBe('2031-05-05T11:00:00+08:00');
  });

  test('a calendar without open time says so instead of looking for ever', () => {
    const never = calendar({ hours: {} });
    expect(() => never.addOpenTime(at('2026-01-01T00:00Z'), 1)).toThrow(
      /"test" has no open time in the 30 years after 2026-01-01/,
    );
    expect(() => never.nextOpening(at('2026-01-01T00:00Z'))).toThrow(/no open time/);
    expect(never.openTimeBetween(at('2026-01-01T00:00Z'), at('2027-01-01T00:00Z'))).toBe(0);
    const over = calendar({ hours: {}, open: new Map([['2026-05-05', ['10:00-11:00']]]) });
    expect(() => over.addOpenTime(at('2026-01-01T00:00Z'), 2 * HOUR)).toThrow(/no open time/);
  });

  test('what is not a number of milliseconds is refused, by 24x7 too', () => {
    for (const c of [cn, always]) {
      expect(() => c.addOpenTime(0, -1)).toThrow(/-1/);
      expect(() => c.addOpenTime(0, NaN)).toThrow(/NaN/);
    }
    expect(() => cn.isOpen(NaN)).toThrow(RangeError);
    expect(() => cn.isOpen(8e15)).toThrow(/from 1900 to 2400/);
  });

  test('time between instants in the wrong order is none', () => {
    expect(cn.openTimeBetween(at('2026-11-20T18:00+08:00'), at('2026-11-20T09:00+08:00'))).toBe(0);
    expect(cn.intervals(at('2026-11-20T18:00+08:00'), at('2026-11-20T09:00+08:00'))).toEqual([]);
    expect(cn.excluded(at('2026-11-20T18:00+08:00'), at('2026-11-20T09:00+08:00'))).toEqual([]);
  });

  test('a night over New Year is one interval, and counted once', () => {
    const nights = calendar({ hours: { 'mon-sun': ['22:00-06:00'] } });
    const [from, to] = [at('2026-12-31T12:00+08:00'), at('2027-01-01T12:00+08:00')];
    expect(nights.intervals(from, to)).toEqual([
      { from: at('2026-12-31T22:00+08:00'), to: at('2027-01-01T06:00+08:00') },
    ]);
    expect(nights.openTimeBetween(from, to)).toBe(8 * HOUR);
    expect(nights.addOpenTime(from, 8 * HOUR)).toBe(at('2027-01-01T06:00+08:00'));
    expect(nights.addOpenTime(from, 2 * HOUR)).toBe(at('2027-01-01T00:00+08:00'));
  });

  test("the last hours of New York's year are already the next in UTC, the first of Shanghai's still the last", () => {
    for (const [timezone, offset] of [
      ['America/New_York', '-05:00'],
      ['Asia/Shanghai', '+08:00'],
    ] as const) {
      const c = calendar({ timezone, hours: { thu: ['20:00-23:00'], fri: ['01:00-02:00'] } }); // 2026-12-31 is a Thursday
      for (const fresh of ['2026-12-31T22:00', '2027-01-01T01:30'])
        expect(c.isOpen(at(`${fresh}${offset}`))).toBe(true);
      const again = calendar({ timezone, hours: { thu: ['20:00-23:00'], fri: ['01:00-02:00'] } });
      expect(again.openTimeBetween(at(`2026-12-31T22:00${offset}`), at(`2027-01-01T01:30${offset}`))).toBe(1.5 * HOUR);
      expect(local(again.addOpenTime(at(`2026-12-31T22:00${offset}`), 1.5 * HOUR), c)).toBe(
        `2027-01-01T01:30:00${offset}`,
      );
    }
  });

  test('ten years are the sum of their years', () => {
    const whole = cn.openTimeBetween(at('2015-06-01T00:00Z'), at('2025-06-01T00:00Z'));
    let sum = 0;
    for (let y = 2015; y < 2025; y += 1)
      sum += cn.openTimeBetween(at(`${y}-06-01T00:00Z`), at(`${y + 1}-06-01T00:00Z`));
    expect(whole).toBe(sum);
    expect(cn.addOpenTime(at('2015-06-01T00:00Z'), whole)).toBeLessThanOrEqual(at('2025-06-01T00:00Z'));
  });

  test('overlapping and touching intervals count once', () => {
    const c = calendar({ hours: { mon: ['09:00-12:00', '11:00-13:00', '13:00-14:00'], sun: ['22:00-10:00'] } });
    expect(c.intervals(at('2026-11-22T12:00+08:00'), at('2026-11-23T23:00+08:00'))).toEqual([
      { from: at('2026-11-22T22:00+08:00'), to: at('2026-11-23T14:00+08:00') },
    ]);
  });
});

describe('holidays, make-up days and what the company adds', () => {
  const holidays: HolidaySource = (year) => ({
    closed: new Map([
      [`${year}-07-01`, 'Feast'],
      [`${year}-07-02`, 'Feast'],
    ]),
    makeup: new Map([[`${year}-07-04`, 'Make-up']]),
    official: year < 2027,
  });
  const openOn = (c: Calendar, date: string): string[] =>
    c
      .intervals(at(`${date}T00:00+08:00`), at(`${date}T00:00+08:00`) + DAY)
      .map(({ from, to }) => [from, to].map((ms) => local(ms, c).slice(11, 16)).join('-'));

  test('no interval begins on a holiday; one of the evening before stays open to its end', () => {
    const nights = calendar({ hours: { 'mon-sun': ['22:00-06:00'] }, holidays });
    // Wednesday 1 July and Thursday 2 July 2026 are the feast.
    expect(openOn(nights, '2026-07-01')).toEqual(['00:00-06:00']);
    expect(openOn(nights, '2026-07-02')).toEqual([]);
    expect(openOn(nights, '2026-07-03')).toEqual(['22:00-00:00']);
  });

  test('a make-up Saturday has the make-up hours, or else those of the first weekday with hours', () => {
    const hours = { 'tue-thu': ['08:00-16:00'], fri: ['08:00-12:00'] };
    expect(openOn(calendar({ hours, holidays, makeupHours: ['10:00-15:00'] }), '2026-07-04')).toEqual(['10:00-15:00']);
    expect(openOn(calendar({ hours, holidays }), '2026-07-04')).toEqual(['08:00-16:00']);
    expect(openOn(calendar({ hours, holidays, makeupHours: [] }), '2026-07-04')).toEqual([]);
  });

  test('24 hours a day, but not on holidays', () => {
    const c = calendar({ hours: 'always', holidays, closed: ['2026-12-31'] });
    expect(openOn(c, '2026-07-01')).toEqual([]);
    expect(openOn(c, '2026-12-31')).toEqual([]);
    expect(c.addOpenTime(at('2026-06-30T23:00+08:00'), 2 * HOUR)).toBe(at('2026-07-03T01:00+08:00'));
  });

  test('company closed wins over weekday and make-up day, company open over everything', () => {
    const c = calendar({
      hours: { 'mon-fri': OFFICE },
      makeupHours: ['10:00-15:00'],
      holidays,
      closed: ['2026-07-03', '2026-07-04', '2026-07-06'],
      open: new Map([
        ['2026-07-01', null],
        ['2026-07-05', null],
        ['2026-07-02', ['20:00-24:00']],
        ['2026-07-06', ['09:00-10:00']],
      ]),
    });
    expect(openOn(c, '2026-07-01')).toEqual(OFFICE); // a holiday on a Wednesday, opened
    expect(openOn(c, '2026-07-02')).toEqual(['20:00-00:00']); // with hours of its own
    expect(openOn(c, '2026-07-03')).toEqual([]);
    expect(openOn(c, '2026-07-04')).toEqual([]); // make-up day, closed
    expect(openOn(c, '2026-07-05')).toEqual(['10:00-15:00']); // a Sunday has no hours of its own: the make-up ones
    expect(openOn(c, '2026-07-06')).toEqual(['09:00-10:00']); // both: open wins
  });

  test('what does not count is named, day by day', () => {
    const c = calendar({ hours: { 'mon-fri': ['09:00-18:00'] }, holidays, closed: ['2026-07-03'] });
    const reasons = c.excluded(at('2026-06-30T17:00+08:00'), at('2026-07-06T09:00+08:00'));
    expect(reasons.map((e) => [local(e.from, c).slice(5, 16), local(e.to, c).slice(5, 16), e.reason, e.name])).toEqual([
      ['06-30T18:00', '07-01T00:00', 'closed_hours', undefined],
      ['07-01T00:00', '07-03T00:00', 'holiday', 'Feast'],
      ['07-03T00:00', '07-04T00:00', 'closed_by_company', undefined],
      ['07-04T00:00', '07-04T09:00', 'closed_hours', undefined],
      ['07-04T18:00', '07-05T00:00', 'closed_hours', undefined],
      ['07-05T00:00', '07-06T00:00', 'weekend', undefined],
      ['07-06T00:00', '07-06T09:00', 'closed_hours', undefined],
    ]);
  });

  test('National Day is explained by its name', () => {
    const names = cn
      .excluded(at('2026-09-30T17:00+08:00'), at('2026-10-08T17:30+08:00'))
      .filter((e) => e.reason === 'holiday');
    expect(names).toEqual([
      { from: at('2026-10-01T00:00+08:00'), to: at('2026-10-08T00:00+08:00'), reason: 'holiday', name: '国庆节' },
    ]);
  });

  test('years without an official schedule are named, by the local year', () => {
    const c = calendar({ hours: { 'mon-fri': OFFICE }, holidays });
    expect(c.unofficialYears(at('2026-12-31T10:00+08:00'), at('2027-01-01T00:00+08:00'))).toEqual([]);
    expect(c.unofficialYears(at('2026-12-31T10:00+08:00'), at('2028-02-01T00:00+08:00'))).toEqual([2027, 2028]);
    expect(newYork.unofficialYears(at('2026-01-01T00:00Z'), at('2030-01-01T00:00Z'))).toEqual([]);
  });
});

describe('daylight saving', () => {
  test.each([
    ['a start that does not exist moves forward by the gap', '2026-03-29', ['02:30-10:00'], ['03:30-10:00']],
    ['an end that does not exist moves forward by the gap', '2026-03-29', ['00:00-02:30'], ['00:00-03:30']],
    ['an interval wholly inside the gap keeps its length', '2026-03-29', ['02:00-02:30'], ['03:00-03:30']],
    ['an end that comes twice is the first', '2026-10-25', ['00:00-02:30'], ['00:00-02:30']],
  ])('%s', (_, date, hours, seen) => {
    const c = calendar({ timezone: 'Europe/Berlin', hours: { sun: hours } });
    const [only, ...rest] = c.intervals(at(`${date}T00:00Z`) - 2 * HOUR, at(`${date}T22:00Z`));
    expect(rest).toEqual([]);
    expect([only?.from ?? 0, only?.to ?? 0].map((ms) => local(ms, c).slice(11, 16)).join('-')).toBe(seen[0]);
  });

  test('the first of two 02:30 on the day the clocks go back', () => {
    const c = calendar({ timezone: 'Europe/Berlin', hours: { sun: ['00:00-02:30'] } });
    expect(c.openTimeBetween(at('2026-10-24T22:00Z'), at('2026-10-25T12:00Z'))).toBe(2.5 * HOUR);
  });

  test('clocks set back over midnight: the repeated hour is still the old day', () => {
    // Beirut goes from 24:00 back to 23:00 on 24 October 2026; 24 October is closed, Sunday is not.
    const c = calendar({ timezone: 'Asia/Beirut', hours: { 'mon-sun': ['08:00-20:00'] }, closed: ['2026-10-24'] });
    const reasons = c.excluded(at('2026-10-24T00:00+03:00'), at('2026-10-25T08:00+02:00'));
    expect(reasons.map((e) => [(e.to - e.from) / HOUR, e.reason])).toEqual([
      [25, 'closed_by_company'],
      [8, 'closed_hours'],
    ]);
  });

  test('asked in an hour that repeats itself before a second midnight', () => {
    // St. John's went from 00:01 back to 23:01 on 29 October 2006.
    const c = calendar({ timezone: 'America/St_Johns', hours: { 'mon-sun': ['08:00-20:00'] }, closed: ['2006-10-28'] });
    const reasons = c.excluded(at('2006-10-28T23:30-03:30'), at('2006-10-29T08:00-03:30'));
    expect(reasons.map((e) => [(e.to - e.from) / HOUR, e.reason])).toEqual([
      [0.5, 'closed_by_company'],
      [8, 'closed_hours'],
    ]);
  });

  test('a date that a zone skipped has no hours', () => {
    const c = calendar({ timezone: 'Pacific/Apia', hours: { fri: ['08:00-12:00'] } });
    expect(c.openTimeBetween(at('2011-12-29T00:00Z'), at('2012-01-02T00:00Z'))).toBe(0);
  });
});

describe('hours as configuration writes them', () => {
  test.each([
    ['mon', 'mon'],
    ['mon-fri', 'mon tue wed thu fri'],
    ['Sat-Mon', 'sat sun mon'],
    ['tue, thu', 'tue thu'],
  ])('%s', (key, days) => expect(expandWeekdays(key).join(' ')).toBe(days));

  test('the narrower key wins', () => {
    expect(parseHours({ fri: ['09:00-15:00'], 'mon-fri': ['09:00-18:00'] })).toMatchObject({
      thu: ['09:00-18:00'],
      fri: ['09:00-15:00'],
    });
    expect(parseHours('always')).toBe('always');
  });

  test('past midnight and 24:00', () => {
    expect(parseOpenHours('22:00-06:00')).toEqual({ start: 22 * 60, end: 30 * 60 });
    expect(parseOpenHours('00:00-24:00')).toEqual({ start: 0, end: 24 * 60 });
    expect(parseOpenHours('22:00-00:00')).toEqual({ start: 22 * 60, end: 24 * 60 });
  });

  test('an ordinary day is as long as Monday, or the first day with hours', () => {
    expect(ordinaryDayMs({ mon: OFFICE, fri: ['09:00-10:00'] })).toBe(7 * HOUR + 30 * MINUTE);
    expect(ordinaryDayMs({ sat: ['22:00-06:00'] })).toBe(8 * HOUR);
    expect(ordinaryDayMs('always')).toBe(DAY);
    expect(ordinaryDayMs({})).toBe(0);
  });

  test.each([
    [() => parseOpenHours('9-12'), /"9" is not a time of day; write it as 09:00/],
    [() => parseOpenHours('09:00'), /write it as 09:00-12:00/],
    [() => parseOpenHours('09:00-25:00'), /"25:00"/],
    [() => parseOpenHours('09:00-12:60'), /"12:60"/],
    [() => parseOpenHours('09:00-09:00'), /the whole day is 00:00-24:00/],
    [() => parseOpenHours('24:00-06:00'), /on the next day/],
    [() => expandWeekdays('mo-fr'), /write mon, tue/],
    [() => parseHours({ 'mon-fri': ['9am-5pm'] }), /"9am"/],
    [() => calendar({ timezone: 'Mars/Olympus', hours: 'always' }), /"Mars\/Olympus" is not a time zone/],
    [() => calendar({ hours: 'always', closed: ['2026-02-30'] }), /"2026-02-30" is not a date/],
    [() => calendar({ hours: {}, open: new Map([['2026-1-1', null]]) }), /"2026-1-1" is not a date/],
  ])('mistake %# is answered with what would be right', (mistake, message) => expect(mistake).toThrow(message));
});
