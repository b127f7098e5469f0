/**
 * A time zone's wall clock. Temporal decides what a wall time means; this only remembers the stretches in which the
 * offset is constant, because asking Temporal for each of a year's 1,500 opening hours costs 20 ms, arithmetic 0.1 ms.
 */
import { Temporal } from 'temporal-polyfill';
import { DAY } from './instant.ts';
import { firstDayOf, yearOf } from './local-date.ts';

export interface Zone {
  readonly id: string;
  /**
   * Wall time (see local-date.ts) → instant. A wall time that does not exist is moved forward by the length of the gap,
   * one that comes twice means the first (Temporal's `compatible`).
   */
  toInstant(wall: number): number;
  /** Instant → wall time. */
  toWall(ms: number): number;
}

/** [from, until) with one offset. */
interface Stretch {
  from: number;
  until: number;
  offset: number;
}

/** What is known of a zone for one calendar year, [from, until) in UTC or on the wall: the stretches reach farther than both. */
interface Year {
  from: number;
  until: number;
  stretches: Stretch[];
}

const zones = new Map<string, Zone>();

/** The zone of an IANA name (or `+08:00`). Throws a RangeError that names it when there is none. */
export function zoneOf(timezone: string): Zone {
  let zone = zones.get(timezone);
  if (zone === undefined) {
    zone = makeZone(timezone);
    zones.set(timezone, zone);
  }
  return zone;
}

function makeZone(id: string): Zone {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(id);
  } catch {
    throw new RangeError(`"${id}" is not a time zone; write an IANA name such as Asia/Shanghai, Europe/Berlin or UTC`);
  }
  const years = new Map<number, Year>();
  let latest: Year | undefined;
  const stretchesAround = (ms: number): Stretch[] => {
    if (latest !== undefined && ms >= latest.from && ms < latest.until) return latest.stretches;
    const year = yearOf(ms);
    latest = years.get(year) ?? readYear(id, year);
    years.set(year, latest);
    return latest.stretches;
  };
  return {
    id,
    toInstant(wall) {
      // Ascending, so of two stretches that show this wall time the first is meant. In a gap none does, and Temporal decides.
      for (const { from, until, offset } of stretchesAround(wall)) {
        const ms = wall - offset;
        if (ms >= from && ms < until) return ms;
      }
      return Temporal.Instant.fromEpochMilliseconds(wall)
        .toZonedDateTimeISO('UTC')
        .toPlainDateTime()
        .toZonedDateTime(id, { disambiguation: 'compatible' }).epochMilliseconds;
    },
    toWall(ms) {
      for (const { from, until, offset } of stretchesAround(ms)) {
        if (ms >= from && ms < until) return ms + offset;
      }
      throw new RangeError(`no offset is known in ${id} at ${ms}`);
    },
  };
}

function readYear(id: string, year: number): Year {
  const from = firstDayOf(year) * DAY;
  const until = firstDayOf(year + 1) * DAY;
  // A wall time lies within a day or so of the same instant in UTC; four days are enough for any zone.
  return { from, until, stretches: findStretches(id, from - 4 * DAY, until + 4 * DAY) };
}

/**
 * The stretches of constant offset that cover [from, until), ascending. Only forward look-ups: Temporal's backward search
 * can take 10 ms.
 */
function findStretches(id: string, from: number, until: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = from; at < until;) {
    const here = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(id);
    const next = here.getTimeZoneTransition('next')?.epochMilliseconds ?? until;
    stretches.push({ from: at, until: Math.min(next, until), offset: here.offsetNanoseconds / 1e6 });
    at = next;
  }
  return stretches;
}
