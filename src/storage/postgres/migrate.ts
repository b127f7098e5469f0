import { randomUUID } from 'node:crypto';
import type pg from 'pg';

import { APPLIED, lacking, MIGRATIONS, readMigrations } from '../migrations.ts';
import type { AppliedMigration } from '../migrations.ts';
import type { Sql } from '../sql.ts';
import { LOCKS } from './session.ts';

const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"              VARCHAR(64) NOT NULL,
    "finished_at"           TIMESTAMPTZ,
    "migration_name"        VARCHAR(255) NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        TIMESTAMPTZ,
    "started_at"            TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count"   INTEGER NOT NULL DEFAULT 0
)`;

const EXISTS = `SELECT 1 FROM information_schema.tables
  WHERE table_schema = current_schema() AND table_name = '_prisma_migrations'`;

/**
 * Brings the database to the newest migration, each in a transaction of its own; of several processes that start at once one does it, and the others
 * wait. Returns the names of those applied now.
 * @throws MigrationError
 */
export async function migrate(pool: pg.Pool, folder: string = MIGRATIONS.postgresql): Promise<readonly string[]> {
  const known = readMigrations(folder);
  const client = await pool.connect();
  const applied: string[] = [];
  try {
    await client.query('SELECT pg_advisory_lock($1, 0)', [LOCKS.migration]);
    // A user who may not create tables needs not to, where nothing is to be done.
    const kept = (await client.query(EXISTS)).rows.length > 0;
    for (const migration of lacking(kept ? await appliedOf(client) : [], known, folder)) {
      await client.query('BEGIN');
      // With the first migration: nothing is left in a database that has no room for ours.
      if (!kept && applied.length === 0) await client.query(BOOKKEEPING);
      const startedAt = new Date();
      await client.query(migration.sql);
      await client.query(
        `INSERT INTO "_prisma_migrations" (id, checksum, started_at, finished_at, migration_name, applied_steps_count)
         VALUES ($1, $2, $3, $4, $5, 1)`,
        [randomUUID(), migration.checksum, startedAt, new Date(), migration.name],
      );
      await client.query('COMMIT');
      applied.push(migration.name);
    }
    await client.query('SELECT pg_advisory_unlock($1, 0)', [LOCKS.migration]);
  } catch (error) {
    // With the connection, the lock and the transaction end.
    client.release(true);
    throw error;
  }
  client.release();
  return applied;
}

async function appliedOf(client: pg.PoolClient): Promise<AppliedMigration[]> {
  const { rows } = await client.query<[string, string, unknown]>({ text: APPLIED, rowMode: 'array' });
  return rows;
}

/** What the database lacks, for who only looks. */
export async function pendingMigrations(sql: Sql, folder: string = MIGRATIONS.postgresql): Promise<readonly string[]> {
  const known = readMigrations(folder);
  if ((await sql.all(EXISTS)).length === 0) return known.map(({ name }) => name);
  return lacking((await sql.all(APPLIED)) as unknown as AppliedMigration[], known, folder).map(({ name }) => name);
}
