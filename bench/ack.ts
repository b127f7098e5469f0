import { configOf } from './support/config.ts';
import type { LoadResult } from './support/load.ts';
import { flushMs } from './support/machine.ts';
import { median, sum } from './support/numbers.ts';
import { databaseIn, inFolder, startProgram, startServer } from './support/process.ts';
import { atLeast, below, exactly } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { startSlackStub } from './support/slack-stub.ts';
import { inDatabase, loadOnly } from './support/turns.ts';

const ROUNDS = 3;

/**
 * How fast signed Slack events are stored (SQLite, synchronous=FULL) and then acknowledged, against servers that only acknowledge. Turn by turn, with the
 * others off the processor. The program's loops work on what comes in meanwhile: they store messages, make tickets, set timers, send cards.
 */
export async function ack(): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    console.log(`  a flush to this disk (fdatasync): ${flushMs().toFixed(2)} ms; only the program needs any`);
    const slack = await startSlackStub();
    const itr = await startProgram(folder, { env: slack.env, config: configOf(1) });
    const servers = { itr, bolt: await startServer('bare-bolt.ts'), http: await startServer('bare-http.ts') };
    const results: Record<keyof typeof servers, LoadResult[]> = { itr: [], bolt: [], http: [] };
    try {
      for (let round = 0; round < ROUNDS; round++) {
        for (const name of ['bolt', 'itr', 'http'] as const) {
          results[name].push(await loadOnly(servers[name], Object.values(servers), name));
        }
      }
    } finally {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
      slack.stop();
    }
    const all = Object.values(results).flat();
    if (sum(all.map(({ others }) => others)) > 0) throw new Error('some events were not acknowledged');
    const speed = (name: keyof typeof servers): number => median(results[name].map(({ perSecond }) => perSecond));
    const acknowledged = sum(results.itr.map((result) => result.acknowledged));
    const { stored, handled } = inDatabase(databaseIn(folder));
    console.log(`  while ${acknowledged} events were acknowledged, the loops handled ${handled} of them`);
    return [
      atLeast('ack: durable, 50 connections', speed('itr'), { name: 'bare Bolt', perSecond: speed('bolt') }, 0.8),
      atLeast('ack: durable, 50 connections', speed('itr'), { name: 'bare node:http', perSecond: speed('http') }, 0.25),
      below('ack: p99', median(results.itr.map(({ p99 }) => p99)), { name: 'limit', value: 100 }, 'ms'),
      exactly('ack: acknowledged and stored', Math.min(stored, acknowledged), acknowledged),
    ];
  });
}
