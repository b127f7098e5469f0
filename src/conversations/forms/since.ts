import { parseInstant, toIsoWithOffset } from '../../domain/instant.ts';
import { zoneOf } from '../../domain/zone.ts';
import { readPast } from '../grammar/when.ts';
import { sinceField } from '../intake/since.ts';

/** When it began, as a form shows it: on the clock of the file's time zone, and as it was said where no instant is known. */
export const sinceShown = (field: string, timezone: string): string => {
  try {
    return toIsoWithOffset(parseInstant(field), timezone).slice(0, 16).replace('T', ' ');
  } catch {
    return field;
  }
};

/** The way back: what was typed, as an instant where it is one. */
export const sinceTyped = (typed: string, now: number, timezone: string): string => {
  const onTheClock = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})$/.exec(typed.trim());
  if (onTheClock !== null) {
    const wall = Date.parse(`${onTheClock[1]}T${onTheClock[2]}:00Z`);
    return Number.isNaN(wall) ? typed : sinceField(zoneOf(timezone).toInstant(wall), timezone);
  }
  const said = readPast(typed, now, timezone);
  return said === null || said.at > now ? typed : sinceField(said.at, timezone);
};
