import { median, sleep, until } from './support/numbers.ts';
import { freePort, inFolder, startProgram } from './support/process.ts';
import { below } from './support/report.ts';
import type { Figure } from './support/report.ts';

const TIMES = 5;
/** After which a start has calmed down. */
const IDLE_MS = 3_000;

/** A first start in an empty folder with nothing configured: the playground, a new database. */
export async function boot(): Promise<readonly Figure[]> {
  const starts: { readonly ms: number; readonly rss: number }[] = [];
  for (let i = 0; i < TIMES; i++) starts.push(await inFolder(startOnce));
  for (const { ms, rss } of starts) console.log(`  ${ms.toFixed(0)} ms, ${rss.toFixed(0)} MB`);
  return [
    below(
      'boot: to the first 200 of /healthz',
      median(starts.map(({ ms }) => ms)),
      { name: 'limit', value: 3_000 },
      'ms',
    ),
    below('boot: memory idle and empty', median(starts.map(({ rss }) => rss)), { name: 'limit', value: 150 }, 'MB'),
  ];
}

async function startOnce(folder: string): Promise<{ readonly ms: number; readonly rss: number }> {
  const port = await freePort();
  const startedAt = performance.now();
  const program = await startProgram(folder, { port });
  try {
    await until('health', () => isHealthy(program.url), { withinMs: 20_000 });
    const ms = performance.now() - startedAt;
    await sleep(IDLE_MS);
    return { ms, rss: program.rss() };
  } finally {
    await program.stop();
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`);
    await response.text();
    return response.status === 200;
  } catch {
    return false;
  }
}
