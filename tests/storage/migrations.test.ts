import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { missingMigration } from '../../scripts/migration.ts';
import { Connection } from '../../src/storage/sqlite/driver.ts';
import { MIGRATIONS } from '../../src/storage/migrations.ts';
import { migrate } from '../../src/storage/sqlite/migrate.ts';
import { Writer } from '../../src/storage/sqlite/writer.ts';

let folder: string;
let connection: Connection;
const names = readdirSync(MIGRATIONS.sqlite).filter((name) => !name.endsWith('.toml'));
const run = (migrations: string): Promise<readonly string[]> => migrate(connection, new Writer(connection), migrations);
const add = (migrations: string, name: string, sql: string): void => {
  mkdirSync(join(migrations, name));
  writeFileSync(join(migrations, name, 'migration.sql'), sql);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-test-'));
  cpSync(MIGRATIONS.sqlite, join(folder, 'migrations'), { recursive: true });
  connection = new Connection(join(folder, 'itr.db'), 'write');
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

it('the migrations make what the schema says', async () => {
  expect(await missingMigration()).toBe('');
});

it('applies what is missing, once and in order', async () => {
  const migrations = join(folder, 'migrations');
  expect(await run(migrations)).toEqual(names);
  expect(await run(migrations)).toEqual([]);
  add(migrations, '29990101000000_more', 'CREATE TABLE "more" ("a" INTEGER);');
  expect(await run(migrations)).toEqual(['29990101000000_more']);
  expect(connection.all('SELECT COUNT(*) FROM "_prisma_migrations" WHERE finished_at IS NOT NULL')).toEqual([
    [names.length + 1],
  ]);
});

it('leaves nothing of a migration that fails', async () => {
  const migrations = join(folder, 'migrations');
  await run(migrations);
  add(migrations, '29990101000000_bad', 'CREATE TABLE "half" ("a" INTEGER); CREATE TABLE "half" ("a" INTEGER);');
  await expect(run(migrations)).rejects.toThrow('already exists');
  expect(connection.all(`SELECT name FROM sqlite_master WHERE name = 'half'`)).toEqual([]);
  rmSync(join(migrations, '29990101000000_bad'), { recursive: true });
  expect(await run(migrations)).toEqual([]);
});

it('refuses the database of a newer version', async () => {
  const migrations = join(folder, 'migrations');
  add(migrations, '29990101000000_newer', 'CREATE TABLE "newer" ("a" INTEGER);');
  await run(migrations);
  await expect(run(MIGRATIONS.sqlite)).rejects.toThrow(/used by a newer version.*29990101000000_newer/);
});

it('refuses a migration that was changed after it had been applied', async () => {
  const migrations = join(folder, 'migrations');
  await run(migrations);
  appendFileSync(join(migrations, names[0] ?? '', 'migration.sql'), '-- changed');
  await expect(run(migrations)).rejects.toThrow('was changed after it had been applied');
});
