import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dutySlots, whoIsOnDuty } from '../../src/domain/duty.ts';
import type { DutyOverride, DutySlot, DutyTeam, RotationSpec } from '../../src/domain/duty.ts';
import { DAY, HOUR, parseInstant, toIsoWithOffset } from '../../src/domain/instant.ts';

const at = parseInstant;

const weekly: RotationSpec = {
  timezone: 'Asia/Shanghai',
  starts: '2026-11-02',
  every: '1w',
  handover: 'mon 09:00',
  people: ['wei', 'li'],
};

const team = (rotation: Partial<RotationSpec> | null, lead: string | null = 'mei'): DutyTeam => ({
  id: 'db-l1',
  lead,
  rotation: rotation === null ? null : { ...weekly, ...rotation },
});

/** `wei 2026-11-02T09:00+08:00 → 2026-11-09T09:00+08:00 rotation` */
function told(slot: DutySlot, timezone = 'Asia/Shanghai'): string {
  const text = (ms: number | null): string =>
    ms === null ? '…' : toIsoWithOffset(ms, timezone).replace(':00+', '+').replace(':00-', '-');
  return `${slot.person ?? 'nobody'} ${text(slot.from)} → ${text(slot.until)} ${slot.source}`;
}

const who = (t: DutyTeam, instant: string, overrides: DutyOverride[] = []): string =>
  told(whoIsOnDuty(t, overrides, at(instant)), t.rotation?.timezone);

describe('rotations', () => {
  test.each([
    ['the first week', '2026-11-04T12:00+08:00', 'wei 2026-11-02T09:00+08:00 → 2026-11-09T09:00+08:00 rotation'],
    ['a week later', '2026-11-10T12:00+08:00', 'li 2026-11-09T09:00+08:00 → 2026-11-16T09:00+08:00 rotation'],
    ['and round again', '2026-11-16T09:00+08:00', 'wei 2026-11-16T09:00+08:00 → 2026-11-23T09:00+08:00 rotation'],
    [
      'the last millisecond of a turn',
      '2026-11-09T08:59:59.999+08:00',
      'wei 2026-11-02T09:00+08:00 → 2026-11-09T09:00+08:00 rotation',
    ],
    ['the hand-over itself', '2026-11-09T09:00+08:00', 'li 2026-11-09T09:00+08:00 → 2026-11-16T09:00+08:00 rotation'],
    ['before the first hand-over', '2026-11-02T08:59+08:00', 'mei … → 2026-11-02T09:00+08:00 fallback'],
  ])('weekly: %s', (_, instant, answer) => expect(who(team({}), instant)).toBe(answer));

  test('a start in the middle of the week waits for the first hand-over', () => {
    const t = team({ starts: '2026-11-04' });
    expect(who(t, '2026-11-05T12:00+08:00')).toBe('mei … → 2026-11-09T09:00+08:00 fallback');
    expect(who(t, '2026-11-09T12:00+08:00')).toBe('wei 2026-11-09T09:00+08:00 → 2026-11-16T09:00+08:00 rotation');
  });

  test('daily', () => {
    const t = team({ starts: '2026-11-01', every: '1d', handover: '09:00', people: ['zhao', 'sun'] });
    expect(who(t, '2026-11-21T08:00+08:00')).toBe('sun 2026-11-20T09:00+08:00 → 2026-11-21T09:00+08:00 rotation');
    expect(who(t, '2026-11-21T10:00+08:00')).toBe('zhao 2026-11-21T09:00+08:00 → 2026-11-22T09:00+08:00 rotation');
  });

  test('every twelve hours', () => {
    const t = team({ every: '12h', handover: '08:00', people: ['a', 'b', 'c'] });
    expect(who(t, '2026-11-02T21:00+08:00')).toBe('b 2026-11-02T20:00+08:00 → 2026-11-03T08:00+08:00 rotation');
    expect(who(t, '2026-11-03T21:00+08:00')).toBe('a 2026-11-03T20:00+08:00 → 2026-11-04T08:00+08:00 rotation');
  });

  test('the hand-over stays at 09:00 on the wall when the clocks change', () => {
    const berlin = { timezone: 'Europe/Berlin', starts: '2026-03-23', people: ['wei', 'li'] };
    expect(who(team(berlin), '2026-03-29T12:00+02:00')).toBe(
      'wei 2026-03-23T09:00+01:00 → 2026-03-30T09:00+02:00 rotation',
    );
    const daily = team({ ...berlin, every: '1d', handover: '09:00' });
    expect(who(daily, '2026-03-29T08:59+02:00')).toBe('li 2026-03-28T09:00+01:00 → 2026-03-29T09:00+02:00 rotation');
    expect(who(daily, '2026-10-25T08:30+01:00')).toBe('li 2026-10-24T09:00+02:00 → 2026-10-25T09:00+01:00 rotation');
  });

  test('a hand-over in the hour that comes twice happens the first time', () => {
    const t = team({ timezone: 'Europe/Berlin', starts: '2026-10-24', every: '1d', handover: '02:30' });
    expect(who(t, '2026-10-25T02:10+01:00')).toBe('li 2026-10-25T02:30+02:00 → 2026-10-26T02:30+01:00 rotation');
  });

  test('a hand-over in the hour that is skipped happens when the clocks have moved on', () => {
    const t = team({ timezone: 'Europe/Berlin', starts: '2026-03-28', every: '1d', handover: '02:30' });
    expect(who(t, '2026-03-29T03:10+02:00')).toBe('wei 2026-03-28T02:30+01:00 → 2026-03-29T03:30+02:00 rotation');
    expect(who(t, '2026-03-29T03:30+02:00')).toBe('li 2026-03-29T03:30+02:00 → 2026-03-30T02:30+02:00 rotation');
  });
});

describe('nobody', () => {
  test.each([
    ['no rotation', team(null), 'mei … → … fallback'],
    ['no rotation and no lead', team(null, null), 'nobody … → … fallback'],
    ['an empty list', team({ people: [] }), 'mei … → … fallback'],
    ['an empty list of shifts', team({ people: [], shifts: [{ hours: '08:00-20:00' }] }), 'mei … → … fallback'],
    [
      'a turn without a person',
      team({ people: [null, 'li'] }),
      'mei 2026-11-02T09:00+08:00 → 2026-11-09T09:00+08:00 fallback',
    ],
    [
      'the same without a lead',
      team({ people: [null, 'li'] }, null),
      'nobody 2026-11-02T09:00+08:00 → 2026-11-09T09:00+08:00 fallback',
    ],
  ])('%s falls back to the lead', (_, t, answer) => expect(who(t, '2026-11-04T12:00+08:00')).toBe(answer));
});

describe('overrides', () => {
  const override = (person: string, from: string, until: string, of = 'db-l1'): DutyOverride => ({
    team: of,
    person,
    from: at(from),
    until: at(until),
  });
  const night = override('zhao', '2026-11-04T18:00+08:00', '2026-11-05T09:00+08:00');

  test('somebody takes over for an interval, and the turn is cut there', () => {
    expect(who(team({}), '2026-11-04T20:00+08:00', [night])).toBe(
      'zhao 2026-11-04T18:00+08:00 → 2026-11-05T09:00+08:00 override',
    );
    expect(who(team({}), '2026-11-04T17:59+08:00', [night])).toBe(
      'wei 2026-11-02T09:00+08:00 → 2026-11-04T18:00+08:00 rotation',
    );
    expect(who(team({}), '2026-11-05T09:00+08:00', [night])).toBe(
      'wei 2026-11-05T09:00+08:00 → 2026-11-09T09:00+08:00 rotation',
    );
  });

  test('of two that overlap the one made later wins, and cuts the other', () => {
    const inside = override('li', '2026-11-04T20:00+08:00', '2026-11-04T22:00+08:00');
    expect(who(team({}), '2026-11-04T19:00+08:00', [night, inside])).toBe(
      'zhao 2026-11-04T18:00+08:00 → 2026-11-04T20:00+08:00 override',
    );
    expect(who(team({}), '2026-11-04T21:00+08:00', [night, inside])).toBe(
      'li 2026-11-04T20:00+08:00 → 2026-11-04T22:00+08:00 override',
    );
    expect(who(team({}), '2026-11-04T23:00+08:00', [night, inside])).toBe(
      'zhao 2026-11-04T22:00+08:00 → 2026-11-05T09:00+08:00 override',
    );
    expect(who(team({}), '2026-11-04T21:00+08:00', [inside, night])).toBe(
      'zhao 2026-11-04T18:00+08:00 → 2026-11-05T09:00+08:00 override',
    );
  });

  test('other teams and empty intervals do not count', () => {
    const others = [
      { ...night, team: 'db-l2' },
      { ...night, until: night.from },
    ];
    expect(who(team({}), '2026-11-04T20:00+08:00', others)).toBe(
      'wei 2026-11-02T09:00+08:00 → 2026-11-09T09:00+08:00 rotation',
    );
  });

  test('an override fills a hole', () => {
    expect(who(team(null), '2026-11-04T20:00+08:00', [night])).toMatch(/^zhao .* override$/);
    expect(who(team(null), '2026-11-06T20:00+08:00', [night])).toBe('mei 2026-11-05T09:00+08:00 → … fallback');
  });
});

describe('shifts in a day', () => {
  const twoShifts = team({
    handover: 'mon 09:00',
    people: ['a', 'b', 'c'],
    shifts: [
      { name: 'day', hours: '08:00-20:00' },
      { name: 'night', hours: '20:00-08:00' },
    ],
  });

  test('people move through the shifts, a place further each period', () => {
    expect(who(twoShifts, '2026-11-02T08:00+08:00')).toBe('a 2026-11-02T08:00+08:00 → 2026-11-02T20:00+08:00 rotation');
    expect(who(twoShifts, '2026-11-02T23:00+08:00')).toBe('b 2026-11-02T20:00+08:00 → 2026-11-03T08:00+08:00 rotation');
    expect(who(twoShifts, '2026-11-09T12:00+08:00')).toMatch(/^b /);
    expect(who(twoShifts, '2026-11-09T22:00+08:00')).toMatch(/^c /);
  });

  test('a night is never cut by the hand-over of the week', () => {
    expect(who(twoShifts, '2026-11-09T07:00+08:00')).toBe('b 2026-11-08T20:00+08:00 → 2026-11-09T08:00+08:00 rotation');
  });

  test('before the first shift, and between shifts, it is the lead', () => {
    expect(who(twoShifts, '2026-11-02T07:00+08:00')).toBe('mei … → 2026-11-02T08:00+08:00 fallback');
    const t = team({
      every: '1d',
      shifts: [
        { hours: '09:00-12:00', people: ['x', 'y'] },
        { hours: '13:00-18:00', people: [] },
      ],
    });
    expect(who(t, '2026-11-03T10:00+08:00')).toBe('y 2026-11-03T09:00+08:00 → 2026-11-03T12:00+08:00 rotation');
    expect(who(t, '2026-11-03T12:30+08:00')).toBe('mei 2026-11-03T12:00+08:00 → 2026-11-03T13:00+08:00 fallback');
    expect(who(t, '2026-11-03T15:00+08:00')).toBe('mei 2026-11-03T13:00+08:00 → 2026-11-03T18:00+08:00 fallback');
    expect(who(t, '2026-11-03T22:00+08:00')).toBe('mei 2026-11-03T18:00+08:00 → 2026-11-04T09:00+08:00 fallback');
  });

  test('where shifts overlap the one listed first has the word', () => {
    const t = team({
      shifts: [
        { hours: '10:00-12:00', people: ['x'] },
        { hours: '08:00-20:00', people: ['y'] },
      ],
    });
    expect(who(t, '2026-11-03T09:00+08:00')).toBe('y 2026-11-03T08:00+08:00 → 2026-11-03T10:00+08:00 rotation');
    expect(who(t, '2026-11-03T11:00+08:00')).toBe('x 2026-11-03T10:00+08:00 → 2026-11-03T12:00+08:00 rotation');
    expect(who(t, '2026-11-03T13:00+08:00')).toBe('y 2026-11-03T12:00+08:00 → 2026-11-03T20:00+08:00 rotation');
  });
});

describe('slots', () => {
  test('a roster of three weeks', () => {
    const slots = dutySlots(
      team({ people: ['wei', null] }),
      [],
      at('2026-10-30T00:00+08:00'),
      at('2026-11-17T00:00+08:00'),
    );
    expect(slots.map((slot) => `${slot.person} ${slot.source}`)).toEqual([
      'mei fallback',
      'wei rotation',
      'mei fallback',
      'wei rotation',
    ]);
  });

  const rotation = fc.record({
    timezone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
    starts: fc.constantFrom('2026-01-05', '2026-03-25', '2026-10-21', '2025-06-30'),
    every: fc.constantFrom('1w', '2w', '1d', '3d', '12h', '8h', '36h', '1h'),
    handover: fc.constantFrom('mon 09:00', '09:00', '02:30', 'sun 01:30', '00:00'),
    people: fc.array(fc.constantFrom('a', 'b', null), { maxLength: 4 }),
  });
  const shifts = fc.array(
    fc.record({
      hours: fc.constantFrom('08:00-20:00', '20:00-08:00', '00:00-24:00', '22:00-03:00', '02:00-02:30', '09:00-17:00'),
      people: fc.option(fc.array(fc.constantFrom('c', 'd'), { maxLength: 2 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const anyRotation = fc.oneof(
    rotation,
    fc.tuple(rotation, shifts, fc.constantFrom('1d', '1w')).map(([r, s, every]) => ({ ...r, every, shifts: s })),
  );
  const override = fc
    .tuple(fc.constantFrom('x', 'y'), fc.integer({ min: -100, max: 400 }), fc.integer({ min: 0, max: 72 }))
    .map(([person, from, hours]) => ({
      team: 'db-l1',
      person,
      from: Date.UTC(2026, 9, 20) + from * HOUR,
      until: Date.UTC(2026, 9, 20) + (from + hours) * HOUR,
    }));

  test('every instant of a slot gives the same slot, and slots follow each other without a gap', () => {
    fc.assert(
      fc.property(
        anyRotation,
        fc.array(override, { maxLength: 4 }),
        fc.constantFrom(Date.UTC(2026, 2, 27), Date.UTC(2026, 9, 20), Date.UTC(2026, 9, 30), Date.UTC(2026, 3, 3)),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (spec, overrides, from, fraction) => {
          const t = team(spec);
          let last: DutySlot | undefined;
          for (const slot of dutySlots(t, overrides, from, from + 8 * DAY)) {
            if (last !== undefined) expect(slot.from).toBe(last.until);
            const [begin, end] = [slot.from ?? from, slot.until ?? from + 8 * DAY];
            expect(end).toBeGreaterThan(begin);
            const inside = Math.min(end - 1, Math.floor(begin + fraction * (end - begin)));
            expect(whoIsOnDuty(t, overrides, inside)).toEqual(slot);
            last = slot;
          }
          expect(last?.until ?? Infinity).toBeGreaterThanOrEqual(from + 8 * DAY);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test.each([
  [{ every: '1 week' }, /write 1w/],
  [{ every: '10m' }, /the shortest is 1h/],
  [{ handover: 'monday 09:00' }, /"monday" is not a weekday/],
  [{ handover: 'mon at 09:00' }, /write "mon 09:00" or "09:00"/],
  [{ handover: '9 Uhr' }, /"9" is not a weekday/],
  [{ starts: '2026-13-01' }, /"2026-13-01" is not a date/],
  [{ timezone: 'Shanghai' }, /"Shanghai" is not a time zone/],
  [{ every: '12h', shifts: [{ hours: '08:00-20:00' }] }, /write whole days/],
])('a rotation that cannot be read says what would be right: %o', (mistake, message) => {
  expect(() => whoIsOnDuty(team(mistake), [], 0)).toThrow(message);
});
