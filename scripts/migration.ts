/**
 * SQL that brings databases of prisma/migrations (SQLite) and prisma/postgresql/migrations to prisma/schema.prisma, made without the network by the
 * schema engine as WebAssembly.
 *
 *   tsx scripts/migration.ts            prints it; nothing: they agree
 *   tsx scripts/migration.ts add_color  writes <stamp>_add_color/migration.sql for both
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';

import { MIGRATIONS } from '../src/storage/migrations.ts';
import { scratchDatabases } from '../src/storage/sqlite/prisma-adapter.ts';
import { POSTGRESQL_SCHEMA, SCHEMA } from './postgresql-schema.mjs';

/** What this file uses of a global that the types of Node 20 do not declare. */
declare const WebAssembly: {
  instantiate(
    code: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>;
};

/** Made by migrations and kept by triggers, of which the schema knows nothing: the index of titles, with the tables in which SQLite keeps it, and a count. */
const DERIVED = [
  ...['', '_config', '_data', '_docsize', '_idx'].map((part) => `title_search${part}`),
  'title_terms',
  'title_waiting',
  'ended_tickets',
];

/** The SQL from the end of SQLite's migrations to the schema; empty where they agree. */
export async function missingMigration(): Promise<string> {
  const migrations = MIGRATIONS.sqlite;
  return diff(SCHEMA, scratchDatabases(), {
    tag: 'migrations',
    baseDir: migrations,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(join(migrations, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: readdirSync(migrations)
      .filter((name) => existsSync(join(migrations, name, 'migration.sql')))
      .sort()
      .map((name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(join(migrations, name, 'migration.sql'), 'utf8') },
        },
      })),
  });
}

/** What PostgreSQL's migrations made when the last one was written: the engine cannot read it off a database here, so it is kept beside them. */
const MIGRATED = join(MIGRATIONS.postgresql, 'schema.prisma');

/**
 * The same for PostgreSQL.
 * @param from `empty`: the whole schema
 */
export async function missingPostgresqlMigration(from: 'migrated' | 'empty' = 'migrated'): Promise<string> {
  const sql = await diff(
    POSTGRESQL_SCHEMA,
    onPaper(),
    from === 'empty'
      ? { tag: 'empty' }
      : { tag: 'schemaDatamodel', files: [{ path: MIGRATED, content: readFileSync(MIGRATED, 'utf8') }] },
  );
  // It is there, and to ask for it takes a right that not every user of a database has.
  return sql.replace('-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS "public";\n\n', '');
}

/** A PostgreSQL that is asked for nothing but its version: the engine compares texts. */
function onPaper(): SqlMigrationAwareDriverAdapterFactory {
  const about = { provider: 'postgres', adapterName: 'paper' } as const;
  const unasked = (): Promise<never> =>
    Promise.reject(new Error('a comparison of schemas asks the database for nothing'));
  const adapter: SqlDriverAdapter = {
    ...about,
    queryRaw: () =>
      Promise.resolve({
        columnNames: ['exists', 'version', 'numeric_version'],
        columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
        rows: [[true, 'PostgreSQL 15.0', 150_000]],
      }),
    executeRaw: unasked,
    executeScript: unasked,
    startTransaction: unasked,
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose: () => Promise.resolve(),
  };
  const connect = (): Promise<SqlDriverAdapter> => Promise.resolve(adapter);
  return { ...about, connect, connectToShadowDb: connect };
}

async function diff(
  path: string,
  databases: SqlMigrationAwareDriverAdapterFactory,
  from: Parameters<wasm.SchemaEngine['diff']>[0]['from'],
): Promise<string> {
  const schema = { path, content: readFileSync(path, 'utf8') };
  const engine = await startEngine([schema.path, schema.content], databases);
  const { stdout } = await engine.diff({
    from,
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: null,
    // PostgreSQL's migrations are compared as texts, in which those tables never appear.
    filters: { externalTables: databases.provider === 'sqlite' ? DERIVED : [], externalEnums: [] },
  });
  const sql = stdout ?? '';
  return sql.includes('This is an empty migration') ? '' : sql;
}

async function startEngine(
  datamodel: [path: string, content: string],
  databases: SqlMigrationAwareDriverAdapterFactory,
): Promise<wasm.SchemaEngine> {
  await (started ??= startWasm());
  return wasm.SchemaEngine.new(
    { datamodels: [datamodel] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(databases),
  );
}

/** Once: started again, it forgets the engines that it has. */
let started: Promise<void> | null = null;

async function startWasm(): Promise<void> {
  const file = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': wasm });
  wasm.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const name = process.argv[2];
  const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const missing = [
    [MIGRATIONS.sqlite, await missingMigration()],
    [MIGRATIONS.postgresql, await missingPostgresqlMigration(existsSync(MIGRATED) ? 'migrated' : 'empty')],
  ] as const;
  for (const [folder, sql] of missing) {
    if (sql === '') continue;
    if (name === undefined) {
      console.log(sql);
      continue;
    }
    const path = join(folder, `${stamp}_${name}`);
    mkdirSync(path);
    writeFileSync(join(path, 'migration.sql'), sql);
    console.log(join(path, 'migration.sql'));
  }
  if (name !== undefined) copyFileSync(POSTGRESQL_SCHEMA, MIGRATED);
}
