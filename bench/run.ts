import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ackFeishu } from './ack-feishu.ts';
import { ackLatency } from './ack-latency.ts';
import { ack } from './ack.ts';
import { boot, start } from './boot.ts';
import { cardFeishu } from './card-feishu.ts';
import { card } from './card.ts';
import { domain } from './domain.ts';
import { load, loadPostgres } from './load.ts';
import { pending } from './pending.ts';
import { pipeline } from './pipeline.ts';
import { scaleout } from './scaleout.ts';
import { stall } from './stall.ts';
import { sweep } from './sweep.ts';
import { machine } from './support/machine.ts';
import { overRounds, table } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { timers, timersPostgres } from './timers.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  ack,
  'ack-feishu': ackFeishu,
  'ack-latency': ackLatency,
  card,
  'card-feishu': cardFeishu,
  boot,
  start,
  timers,
  'timers-postgres': timersPostgres,
  pending,
  domain,
  pipeline,
  scaleout,
  load,
  'load-postgres': loadPostgres,
  stall,
  sweep,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, rounds: { type: 'string', default: '1' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
const unknown = names.filter((name) => !(name in BENCHMARKS));
const rounds = Number(values.rounds);
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  const what = unknown.length > 0 ? `no benchmark called ${unknown.join(', ')}` : '--rounds wants a number';
  console.error(`${what}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

// What is measured is what users run.
const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.setMaxListeners(100);
const here = await machine();
console.log(
  `${here.cores} × ${here.cpu}, ${here.memoryGb} GB, Node ${here.node}, PostgreSQL ${here.postgres ?? 'missing'}`,
);
console.log(`a flush to this disk (fdatasync): ${here.fdatasyncMs} ms; load before: ${here.loadBefore}\n`);
const figures: Figure[] = [];
for (const name of names) {
  const all: (readonly Figure[])[] = [];
  for (let round = 1; round <= rounds; round++) {
    const startedAt = performance.now();
    console.log(`${name}${rounds > 1 ? ` ${round}/${rounds}` : ''} …`);
    all.push(await BENCHMARKS[name]!());
    console.log(`  ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  }
  figures.push(...overRounds(all));
}
console.log(table(figures));
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine: here, rounds, figures }, null, 2)}\n`);
if (figures.some(({ pass }) => pass === false)) process.exitCode = 1;
