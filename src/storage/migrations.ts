import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { StorageUnusable } from './errors.ts';

/** As seen from src/storage and from dist/storage. */
export const MIGRATIONS = {
  sqlite: fileURLToPath(new URL('../../prisma/migrations', import.meta.url)),
  postgresql: fileURLToPath(new URL('../../prisma/postgresql/migrations', import.meta.url)),
} as const;

/** The database and this program do not belong together. The message says what to do. */
export class MigrationError extends StorageUnusable {
  override readonly name = 'MigrationError';
}

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Of Prisma's own bookkeeping, so that `prisma migrate deploy` and `status` go on from here, and we from there. */
export type AppliedMigration = readonly [name: string, checksum: string, finishedAt: unknown];

/** Those not rolled back, as {@link AppliedMigration}. */
export const APPLIED =
  'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL';

/** When the newest migration was written, as its name says: this program is no older, so a clock before it is wrong. */
export function newestMigrationAt(folder: string = MIGRATIONS.sqlite): number {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(readMigrations(folder).at(-1)?.name ?? '') ?? [];
  return Date.UTC(Number(year ?? 1970), Number(month ?? 1) - 1, Number(day ?? 1));
}

export function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(`${folder}/${name}/migration.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Those that the database lacks, in order.
 * @throws MigrationError where the database knows a migration that this program does not, or knows it with another content.
 */
export function lacking(
  applied: readonly AppliedMigration[],
  known: readonly Migration[],
  folder: string,
): readonly Migration[] {
  const done = new Set<string>();
  for (const [name, checksum, finishedAt] of applied) {
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
          `Put back ${folder.slice(folder.lastIndexOf('prisma/'))}/${name}/migration.sql as it was; changes belong into a new migration.`,
      );
    }
    done.add(name);
  }
  return known.filter((migration) => !done.has(migration.name));
}
