import { parseArgs } from 'node:util';

import { table } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import { SCENARIOS } from './scenarios.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
const unknown = names.filter((name) => !Object.hasOwn(SCENARIOS, name));
if (unknown.length > 0) {
  console.error(`no scenario called ${unknown.join(', ')}; there are ${Object.keys(SCENARIOS).join(', ')}`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const name of names) {
  const startedAt = performance.now();
  console.log(`${name} …`);
  figures.push(...(await SCENARIOS[name]!(values.short ? 'short' : 'full')));
  console.log(`  ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
}
console.log(table(figures));
// Not exitCode alone: a database that was killed on purpose may leave a socket behind that nobody closes.
process.exit(figures.some(({ pass }) => pass === false) ? 1 : 0);
