/**
 * Whose turn a rotation gives at an instant, before overrides and fallback. Turns are laid out on the wall clock: a
 * hand-over at 09:00 stays at 09:00 when daylight saving begins, and that day's turn is an hour shorter.
 */
import { expandWeekdays, parseOpenHours } from './calendar-hours.ts';
import { parseDuration } from './duration.ts';
import { DAY, HOUR, MINUTE } from './instant.ts';
import { epochDayOf, parseTimeOfDay, weekdayIndexOf, WEEKDAYS } from './local-date.ts';
import { zoneOf } from './zone.ts';
import type { Zone } from './zone.ts';

export interface ShiftSpec {
  readonly name?: string | undefined;
  /** `08:00-20:00`; `20:00-08:00` passes midnight and belongs to the day it starts on. */
  readonly hours: string;
  /** Those who rotate through this shift alone; left out, the rotation's people move through all such shifts. */
  readonly people?: readonly (string | null)[] | undefined;
}

export interface RotationSpec {
  readonly timezone: string;
  /** `YYYY-MM-DD`: people[0] takes over at the first hand-over on or after this date. */
  readonly starts: string;
  /** `1w`, `1d`, `12h`; whole days where there are shifts. */
  readonly every: string;
  /** `mon 09:00` or `09:00`. With shifts only its weekday counts: the shifts say when hands change. */
  readonly handover: string;
  /** In order; null is a turn that nobody has, to be reported as a hole. */
  readonly people: readonly (string | null)[];
  readonly shifts?: readonly ShiftSpec[] | undefined;
}

/** One turn, or one hole (`person: null`), [from, until) in UTC ms; null: without beginning or end. */
export interface Turn {
  readonly person: string | null;
  readonly from: number | null;
  readonly until: number | null;
}

export interface Turns {
  at(ms: number): Turn;
}

const compiled = new WeakMap<RotationSpec, Turns>();

/** Throws a RangeError for what cannot be read: zone, date, duration, hand-over, shift hours. A memo per specification object. */
export function turnsOf(spec: RotationSpec): Turns {
  let turns = compiled.get(spec);
  if (turns === undefined) {
    turns = spec.shifts === undefined || spec.shifts.length === 0 ? periodTurns(spec) : shiftTurns(spec, spec.shifts);
    compiled.set(spec, turns);
  }
  return turns;
}

const NOBODY_EVER: Turn = { person: null, from: null, until: null };

function periodTurns(spec: RotationSpec): Turns {
  const { zone, firstDay, handoverMinutes, every } = readRotation(spec);
  const first = firstDay * DAY + handoverMinutes * MINUTE;
  const handover = (k: number): number => zone.toInstant(first + k * every);
  const { people } = spec;
  if (people.length === 0) return { at: () => NOBODY_EVER };
  return {
    at(ms) {
      let k = Math.floor((zone.toWall(ms) - first) / every);
      // A hand-over inside the hour that the clocks repeat or skip does not lie where plain division looks.
      while (handover(k) > ms) k -= 1;
      while (handover(k + 1) <= ms) k += 1;
      if (k < 0) return { person: null, from: null, until: handover(0) };
      return { person: people[k % people.length] ?? null, from: handover(k), until: handover(k + 1) };
    },
  };
}

interface ShiftTurn {
  person: string | null;
  from: number;
  until: number;
}

/** A hole is looked for as far as this on either side; a daily pattern has no longer one. */
const NEIGHBOUR_DAYS = 2;

function shiftTurns(spec: RotationSpec, specs: readonly ShiftSpec[]): Turns {
  const { zone, firstDay, every } = readRotation(spec);
  if (every % DAY !== 0)
    throw new RangeError(`every: "${spec.every}" does not fit shifts; write whole days, such as 1d or 1w`);
  const periodDays = every / DAY;
  let shared = 0;
  const shifts = specs.map((shift) => ({
    ...parseOpenHours(shift.hours),
    people: shift.people ?? spec.people,
    // Shifts that share the people must not all get the same one, so each is a place further along.
    offset: shift.people === undefined ? shared++ : 0,
  }));
  if (shifts.every(({ people }) => people.length === 0)) return { at: () => NOBODY_EVER };
  const begin = Math.min(...shifts.map(({ start }) => zone.toInstant(firstDay * DAY + start * MINUTE)));

  const shiftsOn = (day: number): ShiftTurn[] => {
    const k = Math.floor((day - firstDay) / periodDays);
    return shifts.map(({ start, end, people, offset }) => ({
      person: people.length === 0 ? null : (people[(k + offset) % people.length] ?? null),
      from: zone.toInstant(day * DAY + start * MINUTE),
      until: zone.toInstant(day * DAY + end * MINUTE),
    }));
  };

  return {
    at(ms) {
      if (ms < begin) return { person: null, from: null, until: begin };
      const today = Math.floor(zone.toWall(ms) / DAY);
      const around: ShiftTurn[] = [];
      for (let day = Math.max(firstDay, today - NEIGHBOUR_DAYS); day <= today + NEIGHBOUR_DAYS; day += 1) {
        around.push(...shiftsOn(day).filter(({ from, until }) => until > from));
      }
      const turn = around.find(({ from, until }) => from <= ms && ms < until);
      // Where shifts overlap the one that began first has the word to its end, then the next.
      return cutToWhatIsHeard(turn, around, ms, begin);
    },
  };
}

/** Of overlapping shifts the one listed first (of the earlier day) is on duty; the answer lasts until that changes. */
function cutToWhatIsHeard(turn: ShiftTurn | undefined, around: ShiftTurn[], ms: number, begin: number): Turn {
  const rivals = turn === undefined ? around : around.slice(0, around.indexOf(turn));
  const ends = rivals.map(({ until }) => until).filter((until) => until <= ms);
  const starts = rivals.map(({ from }) => from).filter((from) => from > ms);
  return {
    person: turn?.person ?? null,
    from: Math.max(turn?.from ?? begin, ...ends),
    until: Math.min(turn?.until ?? Infinity, ...starts),
  };
}

function readRotation(spec: RotationSpec): { zone: Zone; firstDay: number; handoverMinutes: number; every: number } {
  const every = parseDuration(spec.every);
  if (every < HOUR) throw new RangeError(`every: "${spec.every}" is too short for a turn; the shortest is 1h`);
  const words = spec.handover.trim().split(/\s+/);
  const time = words.at(-1) ?? '';
  const [weekday] = words.length === 2 ? expandWeekdays(words[0] ?? '') : [];
  if (words.length > 2)
    throw new RangeError(`handover: "${spec.handover}" cannot be read; write "mon 09:00" or "09:00"`);
  const starts = epochDayOf(spec.starts);
  const wait = weekday === undefined ? 0 : (WEEKDAYS.indexOf(weekday) - weekdayIndexOf(starts) + 7) % 7;
  return { zone: zoneOf(spec.timezone), firstDay: starts + wait, handoverMinutes: parseTimeOfDay(time), every };
}
