import { StorageBusy } from './errors.ts';
import { sqliteCode } from './sqlite/driver.ts';

/** SQLite's primary result codes: may not be written, the disk fails, is full, cannot be opened. */
const SQLITE: ReadonlySet<number> = new Set([8, 10, 13, 14]);
/** PostgreSQL's: the disk is full, no memory, a standby. */
const POSTGRESQL: ReadonlySet<unknown> = new Set(['53100', '53200', '25006']);

/** It is the database that fails, and not what was asked of it: it is away, locked, full, or takes no writes. Somebody mends that, and then it works. */
export const isTrouble = (error: unknown): boolean =>
  error instanceof StorageBusy ||
  SQLITE.has((sqliteCode(error) ?? 0) & 0xff) ||
  (error instanceof Error && 'code' in error && POSTGRESQL.has(error.code));
