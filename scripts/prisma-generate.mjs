/**
 * Makes the Prisma client (src/storage/generated) from prisma/schema.prisma, without the network.
 *
 * The Prisma CLI looks for its native schema engine before any command and downloads it, although `generate` never runs it (the client
 * is WebAssembly). An engine named by the environment is not looked for; any executable will do.
 * `--if-needed`: only where schema, generator or client has changed since.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = `${root}src/storage/generated`;
const stamp = `${output}/.stamp`;
const prisma = createRequire(import.meta.url).resolve('prisma/package.json');

const fingerprint = createHash('sha256')
  .update(readFileSync(`${root}prisma/schema.prisma`))
  .update(readFileSync(prisma))
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .digest('hex');

const upToDate = existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
if (!(process.argv.includes('--if-needed') && upToDate)) {
  rmSync(output, { recursive: true, force: true });
  execFileSync(process.execPath, [new URL('build/index.js', `file://${prisma}`).pathname, 'generate', '--no-hints'], {
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
  writeFileSync(stamp, fingerprint);
}
