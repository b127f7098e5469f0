import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './numbers.ts';
import { postgresIsMissing, startPostgres } from './postgres.ts';
import { openRaw } from './crowd.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  /** Null: there is none here. */
  readonly postgres: string | null;
  /** The median of 200 flushes of 8 KB, where the databases of the benchmarks lie. */
  readonly fdatasyncMs: number;
  /** Processes that wanted a core in the last minute: what ran beside it is in every figure. */
  readonly loadBefore: number;
}

export const machine = async (): Promise<Machine> => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  node: process.versions.node,
  postgres: await postgresVersion(),
  fdatasyncMs: Number(flushMs().toFixed(2)),
  loadBefore: Number((loadavg()[0] ?? NaN).toFixed(1)),
});

async function postgresVersion(): Promise<string | null> {
  if (postgresIsMissing() !== null) return null;
  const server = await startPostgres();
  const raw = await openRaw(await server.database());
  const [[version] = []] = await raw.all('SHOW server_version');
  await raw.close();
  await server.stop();
  return String(version);
}

/** What a commit has to wait for. */
export function flushMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'itr-bench-'));
  const file = openSync(join(folder, 'flush'), 'w');
  const page = Buffer.alloc(8_192);
  const times = Array.from({ length: 200 }, () => {
    writeSync(file, page);
    const startedAt = performance.now();
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  rmSync(folder, { recursive: true, force: true });
  return median(times);
}
