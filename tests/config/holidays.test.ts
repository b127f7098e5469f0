import { describe, expect, test } from 'vitest';
import { loadHolidaySource } from '../../src/config/holidays.ts';

const cn = loadHolidaySource('CN');
const days = (from: string, to: string): string[] => {
  const found: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += 86_400_000)
    found.push(new Date(ms).toISOString().slice(0, 10));
  return found;
};

describe('China: the schedule of the State Council', () => {
  test('2026, day by day', () => {
    const { closed, makeup, official } = cn(2026);
    expect(official).toBe(true);
    expect([...closed.keys()].sort()).toEqual([
      ...days('2026-01-01', '2026-01-03'),
      ...days('2026-02-15', '2026-02-23'),
      ...days('2026-04-04', '2026-04-06'),
      ...days('2026-05-01', '2026-05-05'),
      ...days('2026-06-19', '2026-06-21'),
      ...days('2026-09-25', '2026-09-27'),
      ...days('2026-10-01', '2026-10-07'),
    ]);
    expect([...makeup.keys()].sort()).toEqual([
      '2026-01-04',
      '2026-02-14',
      '2026-02-28',
      '2026-05-09',
      '2026-09-20',
      '2026-10-10',
    ]);
    expect(closed.get('2026-02-17')).toBe('春节');
  });

  test("days that date-holidays would close for everybody: Women's, Children's and Army Day are not holidays", () => {
    for (const date of ['2026-03-08', '2026-06-01', '2026-08-01']) expect(cn(2026).closed.has(date)).toBe(false);
  });

  test('the last days of a year come from the schedule of the next', () => {
    expect([...cn(2018).closed.keys()]).toEqual(expect.arrayContaining(['2018-12-30', '2018-12-31']));
    expect(cn(2018).makeup.has('2018-12-29')).toBe(true);
    expect([...cn(2019).closed.keys()].every((date) => date.startsWith('2019-'))).toBe(true);
  });

  test('a year that nobody has published yet is not official, and has no holidays', () => {
    expect(cn(2099)).toEqual({ closed: new Map(), makeup: new Map(), official: false });
  });
});

describe('other countries', () => {
  test('Germany, and Bavaria', () => {
    const germany = loadHolidaySource('DE')(2026);
    expect(germany.official).toBe(true);
    expect([...germany.closed.keys()]).toEqual([
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-01',
      '2026-05-14',
      '2026-05-25',
      '2026-10-03',
      '2026-12-25',
      '2026-12-26',
    ]);
    expect(loadHolidaySource('de-by')(2026).closed.get('2026-01-06')).toBe('Heilige Drei Könige');
  });

  test('the United States, with the day that stands in for a holiday on a Saturday', () => {
    const { closed } = loadHolidaySource('US')(2026);
    expect(closed.get('2026-11-26')).toBe('Thanksgiving Day');
    expect(closed.has('2026-07-03')).toBe(true);
    expect(closed.has('2026-11-27')).toBe(false);
  });

  test('a feast of several days closes all of them, half a day closes none', () => {
    expect([...loadHolidaySource('AE')(2026).closed.keys()]).toEqual(
      expect.arrayContaining(days('2026-05-27', '2026-05-29')),
    );
    expect(loadHolidaySource('IS')(2026).closed.has('2026-12-24')).toBe(false);
  });

  test('a feast over New Year closes days of both years', () => {
    // Eswatini's Incwala begins on 28 December 2026 and lasts six days.
    expect([...loadHolidaySource('SZ')(2027).closed.keys()]).toEqual(
      expect.arrayContaining(['2027-01-01', '2027-01-02']),
    );
  });

  test.each([
    ['China', /"China" is not a country the holiday data knows; write an ISO code such as CN, DE or US/],
    ['XX', /"XX"/],
    ['', /""/],
    ['DE-QQ', /"DE-QQ" is not a part of DE .* DE-BB, .*DE-BY/],
    ['DE-BY-ZZ', /"DE-BY-ZZ" is not a region/],
    ['CN-BJ', /"CN-BJ"/],
  ])('%s is refused', (code, message) => expect(() => loadHolidaySource(code)).toThrow(message));
});
