import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ack } from './ack.ts';
import { boot } from './boot.ts';
import { card } from './card.ts';
import { domain } from './domain.ts';
import { pipeline } from './pipeline.ts';
import { table } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { timers } from './timers.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  ack,
  card,
  boot,
  timers,
  domain,
  pipeline,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { strict: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
const unknown = names.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(`no benchmark called ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

// What is measured is what users run.
const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.setMaxListeners(50);
const figures: Figure[] = [];
for (const name of names) {
  const startedAt = performance.now();
  console.log(`${name} …`);
  figures.push(...(await BENCHMARKS[name]!()));
  console.log(`  ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
}
console.log(table(figures));
if (values.strict && figures.some(({ pass }) => pass === false)) process.exitCode = 1;
