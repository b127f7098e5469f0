import pg from 'pg';

import { StorageUnusable } from '../errors.ts';
import { PostgresDatabase } from '../postgres/database.ts';
import { atStart } from '../postgres/errors.ts';
import { pendingMigrations } from '../postgres/migrate.ts';
import { LOCKS } from '../postgres/session.ts';
import { bindable, statement, TYPES } from '../postgres/values.ts';
import type { Sql } from '../sql.ts';
import { PENDING } from './export.ts';
import type { Snapshot } from './export.ts';
import type { Target } from './import.ts';
import { quoted, TABLES } from './tables.ts';

/** Where the server of a database is seen by others: the names of its connections. */
const SERVERS = `SELECT COUNT(*) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name IN ('itr-bot server', 'itr-bot session')`;

/** Beside running servers, too. */
export async function postgresSnapshot(url: string): Promise<Snapshot> {
  const client = await connect(url);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const sql = statements(client);
    if ((await pendingMigrations(sql)).length > 0) throw new StorageUnusable(PENDING);
    return {
      sql,
      async lastNumber(table, column) {
        const [[last] = []] = await sql.all(
          `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ${await sequenceOf(sql, table, column)}`,
        );
        return last as number;
      },
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** @throws StorageUnusable where a server runs on it */
export async function postgresTarget(url: string): Promise<Target> {
  const database = await PostgresDatabase.open(url, 'tool', () => undefined);
  await database.close();
  const client = await connect(url);
  try {
    // Whoever starts now waits for this lock before it looks at anything.
    await client.query('SELECT pg_advisory_lock($1, 0)', [LOCKS.migration]);
    const sql = statements(client);
    const [[servers] = []] = await sql.all(SERVERS);
    if (servers !== 0) throw new StorageUnusable('an itr-bot runs on this database; stop it, then import');
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${TABLES.map(({ name }) => quoted(name)).join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
    return {
      sql,
      async numberFrom(table, column, last) {
        await sql.all('SELECT setval(?::regclass, ?::bigint, ?::boolean)', [
          await sequenceOf(sql, table, column),
          Math.max(last, 1),
          last > 0,
        ]);
      },
      async commit() {
        await client.query('COMMIT');
      },
      // The server undoes what was not committed, and gives the locks free.
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    application_name: 'itr-bot transfer',
  });
  // The statement under way tells it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw atStart(error, url);
  }
}

function statements(client: pg.Client): Sql {
  const ask = (sql: string, values: Parameters<Sql['all']>[1] = []) =>
    client.query<unknown[]>({ ...statement(sql), values: values.map(bindable), rowMode: 'array', types: TYPES });
  return {
    all: async (sql, values) => (await ask(sql, values)).rows,
    run: async (sql, values) => (await ask(sql, values)).rowCount ?? 0,
  };
}

async function sequenceOf(sql: Sql, table: string, column: string): Promise<string> {
  if (table === 'tickets') return 'ticket_number';
  const [[name] = []] = await sql.all('SELECT pg_get_serial_sequence(?, ?)', [table, column]);
  return name as string;
}
