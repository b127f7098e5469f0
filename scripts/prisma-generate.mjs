/**
 * Makes the Prisma clients (src/storage/generated) from prisma/schema.prisma, without the network: one for SQLite, and one for PostgreSQL from the
 * schema that is derived from it.
 *
 * The Prisma CLI looks for its native schema engine before any command and downloads it, although `generate` never runs it (the client
 * is WebAssembly). An engine named by the environment is not looked for; any executable will do.
 * `--if-needed`: only where schema, generator or client has changed since.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { POSTGRESQL_SCHEMA, SCHEMA, postgresqlSchema } from './postgresql-schema.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = `${root}src/storage/generated`;
const stamp = `${output}/.stamp`;
const prisma = createRequire(import.meta.url).resolve('prisma/package.json');

const fingerprint = createHash('sha256')
  .update(readFileSync(SCHEMA))
  .update(readFileSync(prisma))
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .update(readFileSync(fileURLToPath(new URL('postgresql-schema.mjs', import.meta.url))))
  .digest('hex');

const upToDate = existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
if (!(process.argv.includes('--if-needed') && upToDate)) {
  rmSync(output, { recursive: true, force: true });
  const derived = postgresqlSchema();
  if (!existsSync(POSTGRESQL_SCHEMA) || readFileSync(POSTGRESQL_SCHEMA, 'utf8') !== derived) {
    mkdirSync(fileURLToPath(new URL('.', `file://${POSTGRESQL_SCHEMA}`)), { recursive: true });
    writeFileSync(POSTGRESQL_SCHEMA, derived);
  }
  for (const schema of [SCHEMA, POSTGRESQL_SCHEMA]) generate(schema);
  writeFileSync(stamp, fingerprint);
}

/** @param {string} schema its path */
function generate(schema) {
  const cli = new URL('build/index.js', `file://${prisma}`).pathname;
  execFileSync(process.execPath, [cli, 'generate', '--no-hints', '--schema', schema], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
      PRISMA_ENGINES_CHECKSUM_IGNORE_MISSING: '1',
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  });
}
