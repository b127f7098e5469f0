import { z } from 'zod';
import { parseDuration } from '../../domain/duration.ts';
import { epochDayOf } from '../../domain/local-date.ts';
import { parseOpenHours } from '../../domain/calendar-hours.ts';
import { zoneOf } from '../../domain/zone.ts';
import { oneOf } from '../issue.ts';

/*
 * The convention of these schemas: the `message` of a zod issue says only what is WANTED. What was found, where it
 * stands and "did you mean" are added by `validate.ts`, which alone knows the file.
 */

/** What a custom issue may carry besides its message; read by `validate.ts`. */
export interface IssueParams {
  /** A whole sentence that says it better than "found …, wanted …". */
  readonly sentence?: string;
  /** It is the key that is wrong, not its value. */
  readonly atKey?: boolean;
}

const LIST_SEPARATOR = ', ';

/** A map with known keys; any other key is an error, because a misspelt setting that is ignored is the worst kind. */
export const section = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(LIST_SEPARATOR) : 'a map'),
  });

/** The keys that `section` put into the message of an `unrecognized_keys` issue. */
export const knownKeys = (message: string): string[] => message.split(LIST_SEPARATOR);

export const text = (wanted = 'text') => z.string({ error: wanted }).trim().min(1, { error: wanted });

export const flag = z.boolean({ error: 'true or false' });

export const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: oneOf(values) });

/** One, or a list of them: `remind: duty` and `remind: [assignee, duty]`. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.union([item, z.array(item, { error: 'a list of them' })]).transform((value): z.output<T>[] => {
    const list: unknown = value;
    return (Array.isArray(list) ? list : [list]) as z.output<T>[];
  });

const ID = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u;

export const idKey = z
  .string()
  .regex(ID, { error: 'an id of letters, digits, "-", "_" and ".", without spaces, such as db-l1' });

/** A map from ids that the file chooses to entries of one shape. */
export const mapOf = <T extends z.ZodType>(entry: T) => z.record(idKey, entry, { error: 'a map' });

/** The id of something defined elsewhere in the file (or of a person, a product …); checked once all is read. */
export const ref = (what: string) => text(`the id of ${what}`);

interface Readable<T> {
  readonly wanted: string;
  readonly read: (written: string) => T;
  readonly pattern?: string;
  readonly examples?: readonly string[];
}

/** Text that a function of the domain can read; its RangeError says what would be right. */
export const readable = <T>({ wanted, read, pattern, examples }: Readable<T>) =>
  z
    .string({ error: wanted })
    .meta({
      ...(pattern === undefined ? {} : { pattern }),
      ...(examples === undefined ? {} : { examples: [...examples] }),
    })
    .transform((written, ctx): T => {
      try {
        return read(written);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        // The domain names the field where it reads several; here the path does.
        const params: IssueParams = { sentence: error.message.replace(/^[a-z]+: (?=")/, '') };
        ctx.addIssue({ code: 'custom', message: wanted, params: { ...params }, input: written });
        return z.NEVER;
      }
    });

const DURATION = { pattern: '^(\\d+[smhdw])+$', examples: ['30s', '15m', '8h', '3d'] };
const DURATION_WANTED = 'a duration such as 30s, 15m, 8h or 3d';

/** Milliseconds; zero is allowed (`after: 0m`). */
export const duration = readable({ wanted: DURATION_WANTED, read: parseDuration, ...DURATION });

/** Milliseconds, more than none: a target of nothing is broken before it starts. */
export const target = readable({
  wanted: 'a duration longer than nothing, such as 15m, 8h or 3d',
  ...DURATION,
  read: (written) => {
    const ms = parseDuration(written);
    if (ms === 0) throw new RangeError(`"${written}" is no time at all; write a duration such as 15m, 8h or 3d`);
    return ms;
  },
});

/** A duration kept as written, for those whose day has another length. */
export const durationText = readable({
  wanted: DURATION_WANTED,
  ...DURATION,
  read: (written) => {
    parseDuration(written);
    return written.trim();
  },
});

export const timezone = readable({
  wanted: 'an IANA time zone such as Asia/Shanghai, Europe/Berlin or UTC',
  read: (written) => zoneOf(written).id,
  examples: ['Asia/Shanghai', 'Europe/Berlin', 'UTC'],
});

export const date = readable({
  wanted: 'a date such as "2026-10-01"',
  read: (written) => {
    epochDayOf(written);
    return written;
  },
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
});

export const interval = readable({
  wanted: 'an interval such as "09:00-12:00"',
  read: (written) => {
    parseOpenHours(written);
    return written;
  },
  pattern: '^\\d{1,2}:\\d{2}-\\d{1,2}:\\d{2}$',
});
