import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

import { PrismaClient } from '../generated/postgresql/client.ts';
import type { PrismaClient as SqliteClient } from '../generated/sqlite/client.ts';
import type { Database, Dialect, MaybePromise, Row, Source, Sql, TransactionOptions, Use, Value } from '../sql.ts';
import { withinTime } from '../within.ts';
import { atStart, duringWork, isAway, isCollision } from './errors.ts';
import { part } from '../filter.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { LOCKS } from './session.ts';
import { bindable, inTurn, statement, TYPES } from './values.ts';
import type { Ask } from './values.ts';
import { LONG_WRITES } from './writes.ts';

const POSTGRESQL: Dialect = {
  forUpdate: ' FOR UPDATE',
  skipLocked: ' FOR UPDATE SKIP LOCKED',
  lockLane: `SELECT pg_advisory_xact_lock(${LOCKS.lane}, hashtext((SELECT lane FROM inbox WHERE id = ?)))`,
  lockTurns: `SELECT pg_advisory_xact_lock(${LOCKS.turns}, 0)`,
  like: 'ILIKE',
  takeWaiting:
    'DELETE FROM title_waiting WHERE ctid = ANY (ARRAY(SELECT ctid FROM title_waiting LIMIT ?)) RETURNING ticket',
  indexTitles: `INSERT INTO title_search (number, title)
    SELECT number, lower(title) FROM tickets WHERE number IN (SELECT jsonb_array_elements_text(?::jsonb)::integer)
    ON CONFLICT (number) DO UPDATE SET title = excluded.title`,
  titlesWith: (word) => ({
    query: `SELECT number FROM title_search WHERE title_grams(title) @@ title_question(?) AND title LIKE lower(?) ESCAPE '\\'`,
    values: [word, part(word)],
  }),
  unindexed: (column) => column,
  noneOf: (column) => `${column} NOT IN (SELECT jsonb_array_elements_text(?::jsonb))`,
  oneOf: (column) => `${column} IN (SELECT jsonb_array_elements_text(?::jsonb))`,
  field: (column, key) => `${column}->'${key}'`,
};

/** As many transactions at once; more would only wait for each other's locks, and for the processors of the database. */
const CONNECTIONS = 16;
/** Of a transaction that met another one. */
const TRIES = 6;
/**
 * A server that answers nothing for so long, and does not even refuse, is gone with its machine or behind a network that was cut; the system would wait for
 * it for a quarter of an hour. Longer than any statement of ours takes, and than a transaction may.
 */
const LONGEST_ANSWER_MS = 15_000;

/** Several processes share the database: rows are locked, not the whole. */
export class PostgresDatabase implements Database {
  readonly dialect = POSTGRESQL;
  readonly writes = LONG_WRITES;
  readonly reading: Source;
  migrated: readonly string[] = [];
  pending: readonly string[] = [];
  readonly #pool: pg.Pool;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  private constructor(pool: pg.Pool) {
    this.#pool = pool;
    const asked = statements(onAny(pool));
    this.reading = {
      ...asked,
      // Made from one schema, so their types agree in all that is used.
      prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) as unknown as SqliteClient,
    };
  }

  /**
   * Connects, and migrates unless it is opened just to look.
   * @throws StorageUnusable
   */
  static async open(url: string, use: Use, failed: (error: unknown) => void): Promise<PostgresDatabase> {
    const settings: pg.PoolConfig = {
      connectionString: url,
      max: use === 'server' ? CONNECTIONS : 4,
      // Also for those that wait in line for a connection: a burst is no fault.
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: `itr-bot ${use}`,
      // What nobody waits for any more must not hold its locks; longer than any transaction of ours may take.
      idle_in_transaction_session_timeout: 15_000,
    };
    const pool = new pg.Pool({ ...settings, ...(use === 'server' ? { query_timeout: LONGEST_ANSWER_MS } : {}) });
    // Of a connection that nobody uses at that moment: the next one is opened when it is needed.
    pool.on('error', failed);
    try {
      const database = new PostgresDatabase(pool);
      if (use === 'look') database.pending = await pendingMigrations(database.reading);
      else database.migrated = await migratedOn({ ...settings, max: 1 }, failed);
      return database;
    } catch (error) {
      await pool.end();
      throw atStart(error, url);
    }
  }

  async transaction<T>(work: (sql: Sql) => MaybePromise<T>, options: TransactionOptions = {}): Promise<T> {
    if (this.#closed) throw new Error('the database is closed');
    const running = this.#tried(work, options);
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  async integrity(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const setting of ['fsync', 'full_page_writes']) {
      const [[value] = []] = await this.reading.all(`SHOW ${setting}`);
      if (value !== 'on')
        problems.push(`${setting} is ${String(value)}: what was acknowledged may be lost with the power`);
    }
    const [[commit] = []] = await this.reading.all('SHOW synchronous_commit');
    if (commit === 'off') problems.push('synchronous_commit is off: what was acknowledged may be lost in a crash');
    return problems;
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await this.reading.prisma.$disconnect();
    if (!this.#pool.ended) await this.#pool.end();
  }

  async #tried<T>(work: (sql: Sql) => MaybePromise<T>, options: TransactionOptions): Promise<T> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#once(work, options);
      } catch (error) {
        if (!isCollision(error) || tried === TRIES) throw duringWork(error);
        // Not all at once again.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** tried));
      }
    }
  }

  async #once<T>(work: (sql: Sql) => MaybePromise<T>, options: TransactionOptions): Promise<T> {
    const client = await this.#pool.connect();
    // The connection may break between two statements; the next one then says so.
    const broken = (): void => undefined;
    client.on('error', broken);
    let fault: unknown = null;
    let ended = false;
    try {
      await client.query('BEGIN');
      let result: T;
      try {
        result = await withinTime(Promise.resolve(work(statements(inTurn(client, () => ended)))));
      } finally {
        await options.end?.();
        // What a work that took too long asks afterwards would be kept by itself, or become part of the next transaction.
        ended = true;
      }
      const { command } = await client.query('COMMIT');
      // Its answer where a statement had failed before, whatever became of the error.
      if (command !== 'COMMIT') throw new Error('nothing was written: a statement of the transaction had failed');
      return result;
    } catch (error) {
      fault = error;
      // Of a connection that does not answer, an answer to this would be waited for, too.
      if (!isAway(error)) await client.query('ROLLBACK').catch((failed: unknown) => (fault = failed));
      throw error;
    } finally {
      client.off('error', broken);
      // One that cannot even roll back is not used again.
      client.release(fault !== null && duringWork(fault) !== fault);
    }
  }
}

/** On a connection of its own: a migration may take its time, and so may the one that another process is at. */
async function migratedOn(settings: pg.PoolConfig, failed: (error: unknown) => void): Promise<readonly string[]> {
  const pool = new pg.Pool(settings);
  pool.on('error', failed);
  try {
    return await migrate(pool);
  } finally {
    await pool.end();
  }
}

interface Statements extends Sql {
  all(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
  run(sql: string, values?: readonly Value[]): Promise<number>;
}

const statements = (ask: Ask): Statements => ({
  all: async (sql, values = []) => (await ask(sql, values.map(bindable))).rows,
  run: async (sql, values = []) => (await ask(sql, values.map(bindable))).count,
});

/** Each on whatever connection is free. */
const onAny =
  (pool: pg.Pool): Ask =>
  async (sql, values = []) => {
    const { rows, rowCount } = await pool.query<unknown[]>({
      ...statement(sql),
      values: [...values],
      rowMode: 'array',
      types: TYPES,
    });
    return { rows, count: rowCount ?? 0 };
  };
