import { randomUUID } from 'node:crypto';

import { StorageUnusable } from '../errors.ts';
import { APPLIED, lacking, MIGRATIONS, readMigrations } from '../migrations.ts';
import type { AppliedMigration, Migration } from '../migrations.ts';
import type { Connection } from './driver.ts';
import type { Writer } from './writer.ts';

const BOOKKEEPING = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/**
 * Brings the database to the newest migration, each in a transaction of its own. Returns the names of those applied now.
 * @throws MigrationError
 */
export async function migrate(
  connection: Connection,
  writer: Writer,
  folder: string = MIGRATIONS.sqlite,
): Promise<readonly string[]> {
  const known = readMigrations(folder);
  // An up-to-date database is only read: it may be in use by another process, or on a disk that is full.
  if (hasBookkeeping(connection) && pending(connection, known, folder).length === 0) return [];
  const applied: string[] = [];
  for (;;) {
    const name = await writer.transaction(() => {
      connection.script(BOOKKEEPING);
      // Looked up again under the lock: another process may have been first.
      const [next] = pending(connection, known, folder);
      if (next === undefined) return null;
      apply(connection, next);
      return next.name;
    });
    if (name === null) return applied;
    applied.push(name);
  }
}

/** What the database lacks, for who only looks. */
export function pendingMigrations(connection: Connection, folder: string = MIGRATIONS.sqlite): readonly string[] {
  const known = readMigrations(folder);
  return (hasBookkeeping(connection) ? pending(connection, known, folder) : known).map(({ name }) => name);
}

/**
 * A wrong path must not put our tables among those of another program. An empty database is anybody's.
 * @throws StorageUnusable
 */
export function refuseForeign(connection: Connection, file: string): void {
  const tables = connection
    .all(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
    .map(([name]) => name);
  // Ours come with the first migration, both in one transaction.
  if (tables.length === 0 || ['_prisma_migrations', 'tickets'].every((ours) => tables.includes(ours))) return;
  throw new StorageUnusable(`${file} is the database of another program; set DATABASE_URL to another path`);
}

function hasBookkeeping(connection: Connection): boolean {
  return connection.all(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'`).length > 0;
}

const pending = (connection: Connection, known: readonly Migration[], folder: string): readonly Migration[] =>
  lacking(connection.all(APPLIED) as unknown as AppliedMigration[], known, folder);

function apply(connection: Connection, migration: Migration): void {
  const startedAt = new Date();
  connection.script(migration.sql);
  connection.run(
    `INSERT INTO "_prisma_migrations" (id, checksum, started_at, finished_at, migration_name, applied_steps_count)
     VALUES (?, ?, ?, ?, ?, 1)`,
    [randomUUID(), migration.checksum, startedAt, new Date(), migration.name],
  );
}
