import { z } from 'zod';
import { expandWeekdays } from '../../domain/calendar-hours.ts';
import { turnsOf } from '../../domain/duty.ts';
import type { RotationSpec } from '../../domain/duty.ts';
import { choice, date, duration, idKey, interval, listOf, mapOf, readable, section, text, timezone } from './basics.ts';
import { SEVERITIES } from '../../domain/words.ts';

const HOURS_WANTED = 'always, or hours by weekday such as { mon-fri: ["09:00-12:00", "13:30-18:00"] }';
const intervals = listOf(interval);

const isWeekdays = (key: string): boolean => {
  try {
    return expandWeekdays(key).length > 0;
  } catch {
    return false;
  }
};

const weekdays = z.string().refine(isWeekdays, { error: 'a weekday or several: mon, sat-sun, mon-fri, tue,thu' });
const weekHours = z.record(weekdays, intervals, { error: HOURS_WANTED });

const OPEN_WANTED = 'dates such as ["2026-10-03"], or dates with hours such as { "2026-10-03": ["09:00-12:00"] }';

export const calendar = section({
  /** Left out: the file's. */
  timezone: timezone.optional(),
  hours: z.union([z.literal('always', { error: HOURS_WANTED }), weekHours], { error: HOURS_WANTED }),
  holidays: listOf(text('a country code such as CN or DE')).optional(),
  makeup_hours: intervals.optional(),
  closed: listOf(date).optional(),
  open: z.union([listOf(date), z.record(date, intervals)], { error: OPEN_WANTED }).optional(),
});

/** A specification that can be read, to try one field at a time in. */
const SOUND: RotationSpec = { timezone: 'UTC', starts: '2026-01-05', every: '1w', handover: '09:00', people: ['x'] };

const readInRotation = (field: 'every' | 'handover') => (written: string) => {
  turnsOf({ ...SOUND, [field]: written });
  return written;
};

const every = readable({ wanted: 'a duration of at least 1h, such as 12h, 1d or 1w', read: readInRotation('every') });
const handover = readable({ wanted: '"09:00" or "mon 09:00"', read: readInRotation('handover') });

const member = z.union([text(), z.null()], { error: 'the id of a person, or null for a turn that nobody has' });

const shift = section({ name: text().optional(), hours: interval, people: z.array(member).optional() });

export const rotation = section({
  timezone: timezone.optional(),
  starts: date,
  every: every.optional(),
  handover: handover.optional(),
  people: z.array(member, { error: 'a list of people' }).optional(),
  shifts: z.union([z.array(shift), z.record(idKey, shift.omit({ name: true }))]).optional(),
});

const HOWS = ['mention', 'direct', 'buzz'] as const;

const step = section({
  after: duration,
  whom: text('duty, lead, manager, or the id of a person'),
  how: listOf(choice(HOWS)).optional(),
  severity: listOf(choice(SEVERITIES)).optional(),
});

export const ladders = mapOf(
  z.array(step, { error: 'a list of steps such as { after: 15m, whom: lead, how: direct }' }),
);
