/**
 * A time zone's wall clock. Temporal decides what a wall time means; this only remembers the stretches in which the
 * offset is constant, because asking Temporal for each of a year's 1,500 opening hours costs 20 ms, arithmetic 0.1 ms.
 */
import { Temporal } from 'temporal-polyfill';
import { DAY, HOUR } from './instant.ts';
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

interface Stretch {
  from: number;
  until: number;
  offset: number;
}

/** No zone has ever jumped by more than a day and a bit, so a wall time farther than this from a change is unambiguous. */
const MARGIN = 26 * HOUR;

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
  const years = new Map<number, Stretch[]>();
  const stretchesOf = (year: number): Stretch[] => {
    let stretches = years.get(year);
    if (stretches === undefined) {
      stretches = findStretches(id, (firstDayOf(year) - 4) * DAY, (firstDayOf(year + 1) + 4) * DAY);
      years.set(year, stretches);
    }
    return stretches;
  };
  return {
    id,
    toInstant(wall) {
      for (const { from, until, offset } of stretchesOf(yearOf(wall))) {
        const ms = wall - offset;
        if (ms >= from + MARGIN && ms < until - MARGIN) return ms;
      }
      return Temporal.Instant.fromEpochMilliseconds(wall)
        .toZonedDateTimeISO('UTC')
        .toPlainDateTime()
        .toZonedDateTime(id, { disambiguation: 'compatible' }).epochMilliseconds;
    },
    toWall(ms) {
      for (const { from, until, offset } of stretchesOf(yearOf(ms))) {
        if (ms >= from && ms < until) return ms + offset;
      }
      throw new RangeError(`no offset is known in ${id} at ${ms}`);
    },
  };
}

/** The stretches of constant offset that cover [from, until). Only forward look-ups: Temporal's backward search can take 10 ms. */
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
