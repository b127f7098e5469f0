/**
 * SQL that brings a database of prisma/migrations to prisma/schema.prisma, made without the network by the schema engine as WebAssembly.
 *
 *   tsx scripts/migration.ts            prints it; nothing: they agree
 *   tsx scripts/migration.ts add_color  writes prisma/migrations/<stamp>_add_color/migration.sql
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';

import { scratchDatabases } from '../src/storage/sqlite/prisma-adapter.ts';

/** What this file uses of a global that the types of Node 20 do not declare. */
declare const WebAssembly: {
  instantiate(
    code: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>;
};

const folder = fileURLToPath(new URL('../prisma', import.meta.url));
const migrations = join(folder, 'migrations');

/** The SQL from the end of the migrations to the schema; empty where they agree. */
export async function missingMigration(): Promise<string> {
  const schema = { path: join(folder, 'schema.prisma'), content: readFileSync(join(folder, 'schema.prisma'), 'utf8') };
  const engine = await startEngine([schema.path, schema.content]);
  const { stdout } = await engine.diff({
    from: {
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
    },
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  const sql = stdout ?? '';
  return sql.includes('This is an empty migration') ? '' : sql;
}

async function startEngine(datamodel: [path: string, content: string]): Promise<wasm.SchemaEngine> {
  const file = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': wasm });
  wasm.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return wasm.SchemaEngine.new(
    { datamodels: [datamodel] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(scratchDatabases()),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sql = await missingMigration();
  const name = process.argv[2];
  if (name !== undefined && sql !== '') {
    const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
    const path = join(migrations, `${stamp}_${name}`);
    mkdirSync(path);
    writeFileSync(join(path, 'migration.sql'), sql);
    console.log(join(path, 'migration.sql'));
  } else if (sql !== '') {
    console.log(sql);
  }
}
