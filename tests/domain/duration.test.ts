import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/domain/duration.ts';
import { DAY, HOUR, MINUTE, parseInstant, SECOND, toIsoUtc, toIsoWithOffset } from '../../src/domain/instant.ts';

describe('durations as configuration writes them', () => {
  test.each([
    ['30s', 30 * SECOND],
    ['15m', 15 * MINUTE],
    ['8h', 8 * HOUR],
    ['3d', 3 * DAY],
    ['1w', 7 * DAY],
    ['1h30m', 90 * MINUTE],
    ['0m', 0],
    [' 5m ', 5 * MINUTE],
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each([
    ['8 hours', 'write 8h'],
    ['8 h', 'write 8h'],
    ['8H', 'write 8h'],
    ['30 min', 'write 30m'],
    ['8小时', 'write 8h'],
    ['3 天', 'write 3d'],
    ['1.5h', 'write 90m'],
    ['0.5 day', 'write 12h'],
    ['1 hour 30 minutes', 'write 1h30m'],
    ['15', 'write 15m for minutes or 15h for hours'],
    ['2 months', 'write a number and a unit'],
    ['soon', 'write a number and a unit'],
    ['-5m', 'write 5m'],
    ['', 'write a number and a unit'],
    ['99999999999999w', 'too long'],
    ['36526d', 'the longest is 100 years'],
  ])('"%s" is answered with "%s"', (text, right) => expect(() => parseDuration(text)).toThrow(right));
});

describe('durations as people read them', () => {
  test.each([
    [3 * HOUR + 55 * MINUTE, '3 h 55 m', '3 小时 55 分'],
    [3 * HOUR, '3 h', '3 小时'],
    [10 * MINUTE + 59 * SECOND, '10 m', '10 分'],
    [45 * SECOND, '45 s', '45 秒'],
    [0, '0 s', '0 秒'],
    [999, '0 s', '0 秒'],
    [2 * DAY + 3 * HOUR + MINUTE, '2 d 3 h', '2 天 3 小时'],
    [2 * DAY + MINUTE, '2 d', '2 天'],
    [-(HOUR + 5 * MINUTE), '-1 h 5 m', '-1 小时 5 分'],
    [-999, '0 s', '0 秒'],
  ])('%i ms', (ms, en, zh) => {
    expect(formatDuration(ms, 'en')).toBe(en);
    expect(formatDuration(ms, 'zh')).toBe(zh);
    expect(formatDuration(ms, 'zh-CN')).toBe(zh);
  });
});

describe('instants', () => {
  test.each([
    ['2026-09-30T17:00:00+08:00', '2026-09-30T09:00:00Z'],
    ['2026-09-30T17:00+08:00', '2026-09-30T09:00:00Z'],
    ['2026-09-30 17:00+0800', '2026-09-30T09:00:00Z'],
    ['2026-09-30T17:00-05', '2026-09-30T22:00:00Z'],
    ['2026-09-30T09:00:00Z', '2026-09-30T09:00:00Z'],
    ['2026-09-30T09:00:00.250Z', '2026-09-30T09:00:00.250Z'],
  ])('%s', (text, utc) => expect(toIsoUtc(parseInstant(text))).toBe(utc));

  test.each([
    ['2026-09-30T17:00', /has no offset; write 2026-09-30T17:00\+08:00 .* or 2026-09-30T17:00Z/],
    ['2026-09-30', /write it as 2026-09-30T17:00:00\+08:00/],
    ['2026-02-30T17:00Z', /no such date/],
    ['2026-02-20T25:00Z', /no such date or time/],
    ['tomorrow', /is not an instant/],
  ])('%s is refused', (text, message) => expect(() => parseInstant(text)).toThrow(message));

  test('on the clock of a zone, across a change of the clocks', () => {
    expect(toIsoWithOffset(Date.UTC(2026, 9, 8, 9, 30), 'Asia/Shanghai')).toBe('2026-10-08T17:30:00+08:00');
    expect(toIsoWithOffset(Date.UTC(2026, 2, 29, 0, 59), 'Europe/Berlin')).toBe('2026-03-29T01:59:00+01:00');
    expect(toIsoWithOffset(Date.UTC(2026, 2, 29, 1), 'Europe/Berlin')).toBe('2026-03-29T03:00:00+02:00');
    expect(toIsoWithOffset(Date.UTC(2026, 2, 29, 1), 'UTC')).toBe('2026-03-29T01:00:00+00:00');
  });

  test('what is written can be read back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York'),
        (ms, zone) => {
          expect(parseInstant(toIsoUtc(ms))).toBe(ms);
          expect(parseInstant(toIsoWithOffset(ms, zone))).toBe(ms);
        },
      ),
    );
  });
});
