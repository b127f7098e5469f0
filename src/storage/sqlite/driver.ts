import Libsql from 'libsql';
import type { Row, Sql, Value } from '../sql.ts';

interface Statement {
  raw(on: boolean): Statement;
  all(parameters: unknown[]): unknown[][];
  run(parameters: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  columns(): readonly { readonly name: string; readonly type: string | null }[];
  readonly reader: boolean;
}

const KEPT_STATEMENTS = 200;
const INT32 = 0x7fff_ffff;

/**
 * One connection to one SQLite file. Every call is synchronous and ends its statement, so a connection never keeps a snapshot open
 * between calls. It never waits for a lock in SQLite (that would stop the event loop): a busy database throws, see {@link isBusy}.
 */
export class Connection implements Sql {
  readonly #db: Libsql.Database;
  readonly #statements = new Map<string, Statement>();

  constructor(file: string, mode: 'write' | 'read') {
    this.#db = new Libsql(file);
    // The driver has no read-only mode of its own: `query_only` is the lock against a write that would escape the queue.
    // FULL, because in WAL the default (NORMAL) loses the last commits with the power.
    const pragmas = ['busy_timeout = 0', 'foreign_keys = ON'];
    if (mode === 'write') pragmas.push('journal_mode = WAL');
    pragmas.push('synchronous = FULL');
    if (mode === 'read') pragmas.push('query_only = ON');
    try {
      for (const pragma of pragmas) this.#db.exec(`PRAGMA ${pragma}`);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  /** Runs a statement for its rows; `INSERT … RETURNING` included. */
  all(sql: string, parameters: readonly Value[] = []): Row[] {
    return this.#prepare(sql).all(parameters.map(bindable));
  }

  /** Runs a statement for its effect; returns the number of rows changed. */
  run(sql: string, parameters: readonly Value[] = []): number {
    return this.#prepare(sql).run(parameters.map(bindable)).changes;
  }

  /** The names and declared types of what a statement returns. */
  columns(sql: string): readonly { readonly name: string; readonly type: string | null }[] {
    const statement = this.#prepare(sql);
    return statement.reader ? statement.columns() : [];
  }

  /** Several statements, separated by semicolons. */
  script(sql: string): void {
    this.#db.exec(sql);
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql) as unknown as Statement;
    if (statement.reader) statement.raw(true);
    if (this.#statements.size >= KEPT_STATEMENTS) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest);
        break;
      }
    }
    this.#statements.set(sql, statement);
    return statement;
  }
}

/**
 * The driver's own conversions are dangerous: a boolean aborts the whole process, NaN becomes NULL, a text ends at its first NUL
 * character, and an integer beyond 32 bits is bound as a floating-point number.
 */
function bindable(value: Value): unknown {
  switch (typeof value) {
    case 'string':
      return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
    case 'number':
      if (Number.isNaN(value)) throw new TypeError('NaN cannot be stored');
      return Number.isInteger(value) && Math.abs(value) > INT32 ? BigInt(value) : value;
    case 'boolean':
      return value ? 1 : 0;
    case 'bigint':
      return value;
    case 'object':
      if (Array.isArray(value)) throw new TypeError('a list cannot be stored; bind it as JSON');
      return value instanceof Date ? bindable(value.getTime()) : value;
    default:
      throw new TypeError(`cannot be stored: ${typeof value}`);
  }
}

/** SQLite's result code, extended; null: not an error of SQLite. */
export function sqliteCode(error: unknown): number | null {
  return error instanceof Error && 'rawCode' in error && typeof error.rawCode === 'number' ? error.rawCode : null;
}

const SQLITE_BUSY = 5;

/** Another process holds the lock: nothing was done, trying again is right. */
export const isBusy = (error: unknown): boolean => ((sqliteCode(error) ?? 0) & 0xff) === SQLITE_BUSY;
