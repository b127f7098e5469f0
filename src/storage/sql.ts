import type { PrismaClient } from './generated/sqlite/client.ts';
import type { Writes } from './writes.ts';

/** What may be bound. Dates are UTC; both databases give them back as milliseconds. */
export type Value = string | number | bigint | boolean | null | Date | Uint8Array | readonly (string | null)[];
/** Columns in the order of the SELECT. Instants are ms, booleans 1 and 0, JSON is text. */
export type Row = readonly unknown[];
export type MaybePromise<T> = T | Promise<T>;

/**
 * In a statement whose best plan depends on what its table holds at the moment. PostgreSQL keeps the plan of a prepared one: made while the table was empty,
 * it reads all of it, until the table is analysed.
 */
export const PLANNED_ANEW = '/* planned anew */';

/** Statements by hand, for the hot path. Placeholders are `?`; only what both databases understand, the rest is in {@link Dialect}. */
export interface Sql {
  /** For its rows; `INSERT … RETURNING` included. */
  all(sql: string, values?: readonly Value[]): MaybePromise<readonly Row[]>;
  /** For its effect; how many rows changed. */
  run(sql: string, values?: readonly Value[]): MaybePromise<number>;
}

/** Where questions are asked outside of any transaction. */
export interface Source extends Sql {
  /** For what is asked rarely. Both databases' clients are made from one schema, so one type serves. */
  readonly prisma: PrismaClient;
}

/** Where the two databases do not say the same thing in the same words. */
export interface Dialect {
  /** After a SELECT of a row that will be changed: whoever comes second waits, and sees what the first one did. */
  readonly forUpdate: string;
  /** After a SELECT of rows to be claimed: those that somebody else is claiming are left out. */
  readonly skipLocked: string;
  /** LIKE that does not tell upper case from lower. */
  readonly like: string;
  /** Takes at most so many titles off those that wait for the index of titles; their tickets, some perhaps twice. */
  readonly takeWaiting: string;
  /** Puts the titles of tickets into that index, in the place of what is there; their numbers are bound as JSON. */
  readonly indexTitles: string;
  /**
   * A query by the index of titles, for the numbers of all tickets that have the word in their titles, and perhaps of some more: `docs/adr/0010-search.md`.
   * As dear as the word is frequent.
   */
  titlesWith(word: string): { readonly query: string; readonly values: readonly Value[] };
  /** Before the waiting rows of a lane of the inbox are looked at and changed: a statement with the id of one of its rows; null: there is but one writer. */
  readonly lockLane: string | null;
  /** Before whose turn it is, and who has how much, is looked at for good; null: there is but one writer. */
  readonly lockTurns: string | null;
  /** A column, in a comparison that shall not choose the index. */
  unindexed(column: string): string;
  /** A condition: the column is none, or one, of a list of texts, bound as JSON. */
  noneOf(column: string): string;
  oneOf(column: string): string;
  /** The value under a key of a JSON column; as JSON text, or as SQLite sees it. */
  field(column: string, key: string): string;
}

export interface TransactionOptions {
  /** `urgent` is in the next commit, whatever else waits: somebody at the door counts the milliseconds. */
  readonly line?: 'urgent' | 'patient';
  /** How many at the door the work has served, asked after it; left out: one. */
  readonly serves?: () => number;
  /** Called when the work has ended, or has been given up, before it is kept or undone. */
  readonly end?: () => Promise<void>;
}

export interface Database {
  readonly dialect: Dialect;
  readonly writes: Writes;
  readonly reading: Source;
  /**
   * Runs `work` as one transaction; if it throws, or the commit fails, nothing of it stays. Must not wait for another transaction. Where the database
   * refused only the order of events (a deadlock), it is run again.
   */
  transaction<T>(work: (sql: Sql) => MaybePromise<T>, options?: TransactionOptions): Promise<T>;
  /** Migrations applied by this opening. */
  readonly migrated: readonly string[];
  /** Migrations that it lacks; only where it was opened just to look. */
  readonly pending: readonly string[];
  /** What is wrong with it; empty: nothing. */
  integrity(): Promise<readonly string[]>;
  /** After everything that waits was written. */
  close(): Promise<void>;
}

/** `look` changes nothing; `server` runs the loops; `tool` is for what runs beside it. */
export type Use = 'server' | 'tool' | 'look';
