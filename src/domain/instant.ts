/** Instants are UTC milliseconds everywhere in the domain; these helpers are the only way in from text and out to it. */
import { Temporal } from 'temporal-polyfill';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `2026-10-08T09:30:00Z`; milliseconds appear only where they are not zero. Throws a RangeError on NaN or an instant no Date can hold. */
export function toIsoUtc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** The same instant on a zone's clock: `2026-10-08T17:30:00+08:00`. Throws a RangeError for an unknown zone. */
export function toIsoWithOffset(ms: number, timezone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone).toString({ timeZoneName: 'never' });
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * ISO 8601 with an offset or Z → UTC milliseconds. An instant without an offset is an error, not local time: the
 * server's zone must never decide when a target is due.
 */
export function parseInstant(text: string): number {
  const trimmed = text.trim();
  const match = INSTANT.exec(trimmed);
  if (match === null) throw new RangeError(`"${text}" is not an instant; write it as 2026-09-30T17:00:00+08:00`);
  const [, date, time, offset] = match;
  if (offset === undefined) {
    throw new RangeError(
      `"${text}" has no offset; write ${date}T${time}+08:00 (with your own offset) or ${date}T${time}Z`,
    );
  }
  try {
    return Temporal.Instant.from(trimmed).epochMilliseconds;
  } catch {
    throw new RangeError(`"${text}" is not an instant: there is no such date or time of day`);
  }
}
