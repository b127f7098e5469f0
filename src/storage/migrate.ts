import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Connection } from './driver.ts';
import { StorageUnusable } from './errors.ts';
import type { Writer } from './writer.ts';

/** As seen from src/storage and from dist/storage. */
export const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

/** The database and this program do not belong together. The message says what to do. */
export class MigrationError extends StorageUnusable {
  override readonly name = 'MigrationError';
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Prisma's own bookkeeping, so that `prisma migrate deploy` and `status` go on from here, and we from there. */
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
 * @throws MigrationError where the database knows a migration that this program does not, or knows it with another content.
 */
export async function migrate(connection: Connection, writer: Writer, folder = MIGRATIONS): Promise<readonly string[]> {
  const known = readMigrations(folder);
  // An up-to-date database is only read: it may be in use by another process, or on a disk that is full.
  if (hasBookkeeping(connection) && pending(connection, known).length === 0) return [];
  const applied: string[] = [];
  for (;;) {
    const name = await writer.transaction(() => {
      connection.script(BOOKKEEPING);
      // Looked up again under the lock: another process may have been first.
      const [next] = pending(connection, known);
      if (next === undefined) return null;
      apply(connection, next);
      return next.name;
    });
    if (name === null) return applied;
    applied.push(name);
  }
}

/** What the database lacks, for who only looks. */
export function pendingMigrations(connection: Connection, folder = MIGRATIONS): readonly string[] {
  const known = readMigrations(folder);
  return (hasBookkeeping(connection) ? pending(connection, known) : known).map(({ name }) => name);
}

/** When the newest migration was written, as its name says: this program is no older, so a clock before it is wrong. */
export function newestMigrationAt(folder = MIGRATIONS): number {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(readMigrations(folder).at(-1)?.name ?? '') ?? [];
  return Date.UTC(Number(year ?? 1970), Number(month ?? 1) - 1, Number(day ?? 1));
}

function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(`${folder}/${name}/migration.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function hasBookkeeping(connection: Connection): boolean {
  return connection.all(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'`).length > 0;
}

function pending(connection: Connection, known: readonly Migration[]): readonly Migration[] {
  const rows = connection.all(
    'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
  ) as [name: string, checksum: string, finishedAt: number | string | null][];
  const done = new Set<string>();
  for (const [name, checksum, finishedAt] of rows) {
    const migration = known.find((one) => one.name === name);
    if (migration === undefined) {
      throw new MigrationError(
        `The database was used by a newer version of itr-bot: it has the migration ${name}, which this version does not know. ` +
          'Start that version again, or restore a backup that is older than the upgrade.',
      );
    }
    if (finishedAt === null) {
      throw new MigrationError(
        `The migration ${name} was begun by another tool and did not end. Settle it with "npx prisma migrate resolve".`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        `The file of the migration ${name} was changed after it had been applied. ` +
          `Put back prisma/migrations/${name}/migration.sql as it was; changes belong into a new migration.`,
      );
    }
    done.add(name);
  }
  return known.filter((migration) => !done.has(migration.name));
}

function apply(connection: Connection, migration: Migration): void {
  const startedAt = new Date();
  connection.script(migration.sql);
  connection.run(
    `INSERT INTO "_prisma_migrations" (id, checksum, started_at, finished_at, migration_name, applied_steps_count)
     VALUES (?, ?, ?, ?, ?, 1)`,
    [randomUUID(), migration.checksum, startedAt, new Date(), migration.name],
  );
}
