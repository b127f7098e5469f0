import { Connection } from '../../src/storage/sqlite/driver.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import { runScript } from './process.ts';
import type { Running } from './process.ts';

/** One server under 50 connections for 4 s, with the others off the processor. */
export async function loadOnly(
  server: Running & { readonly url: string },
  all: readonly Running[],
  name: string,
  platform?: LoadOrder['platform'],
): Promise<LoadResult> {
  for (const other of all) if (other !== server) other.pause();
  server.resume();
  const order: LoadOrder = {
    url: server.url,
    connections: 50,
    seconds: 4,
    warmUpSeconds: 0.7,
    ...(platform === undefined ? {} : { platform }),
  };
  const result = await runScript<LoadResult>('load.ts', order);
  const { perSecond, p50, p99, max } = result;
  const [fast, ms] = [Math.round(perSecond), [p50, p99, max].map((value) => value.toFixed(1)).join(' / ')];
  console.log(`  ${name.padEnd(4)} ${String(fast).padStart(6)}/s, ms p50 / p99 / max: ${ms}`);
  for (const other of all) other.resume();
  return result;
}

/** Asked of the file itself, after the program has ended. */
export function inDatabase(file: string): { readonly stored: number; readonly handled: number } {
  const database = new Connection(file, 'read');
  const [row] = database.all(`SELECT COUNT(*), COALESCE(SUM(state = 'done'), 0) FROM inbox`);
  database.close();
  const [stored, handled] = row as [number, number];
  return { stored, handled };
}
