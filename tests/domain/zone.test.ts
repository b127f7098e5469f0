import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { zoneOf } from '../../src/domain/zone.ts';

/** A change of the clocks of each zone: the remembered stretches are right or wrong around these. */
const CHANGES: Record<string, number[]> = {
  'Europe/Berlin': [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)],
  'America/New_York': [Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6)],
  'Australia/Lord_Howe': [Date.UTC(2026, 3, 4, 15), Date.UTC(2026, 9, 3, 15, 30)],
  'Africa/Casablanca': [Date.UTC(2026, 1, 15, 2), Date.UTC(2026, 2, 22, 2)],
  'Asia/Beirut': [Date.UTC(2026, 2, 28, 22), Date.UTC(2026, 9, 24, 21)],
  'Pacific/Apia': [Date.UTC(2011, 11, 30, 10)],
  'Pacific/Kiritimati': [Date.UTC(1994, 11, 31, 10)],
  'Asia/Shanghai': [Date.UTC(1986, 4, 3, 18), Date.UTC(2026, 0, 1)],
  'Asia/Pyongyang': [Date.UTC(2018, 4, 4, 15)],
  UTC: [Date.UTC(2026, 0, 1)],
  '+05:30': [Date.UTC(2026, 0, 1)],
};

const moment = fc
  .constantFrom(...Object.entries(CHANGES))
  .chain(([zone, changes]) =>
    fc
      .tuple(
        fc.constantFrom(...changes),
        fc.oneof(fc.integer({ min: -60 * 60, max: 60 * 60 }), fc.integer({ min: -3 * 525_600, max: 3 * 525_600 })),
      )
      .map(([change, minutes]) => ({ zone, ms: change + minutes * MINUTE })),
  );

test('the remembered stretches say what Temporal says, around every kind of change and years away from it', () => {
  fc.assert(
    fc.property(moment, ({ zone, ms }) => {
      const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
      expect(zoneOf(zone).toWall(ms)).toBe(ms + local.offsetNanoseconds / 1e6);
      const wall = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('UTC').toPlainDateTime();
      expect(zoneOf(zone).toInstant(ms)).toBe(wall.toZonedDateTime(zone).epochMilliseconds);
    }),
    { numRuns: 3000 },
  );
});

test('a wall time that is skipped moves forward by the gap, one that comes twice is the first', () => {
  const berlin = zoneOf('Europe/Berlin');
  expect(berlin.toInstant(Date.UTC(2026, 2, 29, 2, 30))).toBe(Date.UTC(2026, 2, 29, 1, 30));
  expect(berlin.toInstant(Date.UTC(2026, 9, 25, 2, 30))).toBe(Date.UTC(2026, 9, 25, 0, 30));
  expect(berlin.toWall(Date.UTC(2026, 9, 25, 1, 30))).toBe(Date.UTC(2026, 9, 25, 2, 30));
});

test('Samoa went from 29 to 31 December 2011', () => {
  const apia = zoneOf('Pacific/Apia');
  expect(apia.toInstant(Date.UTC(2011, 11, 31)) - apia.toInstant(Date.UTC(2011, 11, 29))).toBe(DAY);
  expect(apia.toInstant(Date.UTC(2011, 11, 30, 12))).toBe(apia.toInstant(Date.UTC(2011, 11, 31)) + 12 * HOUR);
});

test('a zone that does not exist is named', () => {
  expect(() => zoneOf('Asia/Peking')).toThrow(
    /"Asia\/Peking" is not a time zone; write an IANA name such as Asia\/Shanghai/,
  );
});
