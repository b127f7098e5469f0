import { feishuConfigOf } from './support/config.ts';
import { startFeishuStub } from './support/feishu-stub.ts';
import type { LoadResult } from './support/load.ts';
import { flushMs } from './support/machine.ts';
import { median, sum } from './support/numbers.ts';
import { databaseIn, inFolder, startProgram, startServer } from './support/process.ts';
import { atLeast, below, exactly } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { inDatabase, loadOnly } from './support/turns.ts';

const ROUNDS = 3;

/**
 * How fast Feishu's webhook is acknowledged: signature, decryption and the commit (SQLite, synchronous=FULL) come before it. Turn by turn with a server that
 * only looks at the signature. The program's loops work on what comes in meanwhile.
 */
export async function ackFeishu(): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    console.log(`  a flush to this disk (fdatasync): ${flushMs().toFixed(2)} ms; only the program needs any`);
    const feishu = await startFeishuStub();
    const itr = await startProgram(folder, { env: feishu.env, config: feishuConfigOf(1) });
    const servers = { itr, http: await startServer('bare-feishu.ts') };
    const results: Record<keyof typeof servers, LoadResult[]> = { itr: [], http: [] };
    try {
      for (let round = 0; round < ROUNDS; round++) {
        for (const name of ['itr', 'http'] as const) {
          results[name].push(await loadOnly(servers[name], Object.values(servers), name, 'feishu'));
        }
      }
    } finally {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
      feishu.stop();
    }
    const speed = (name: keyof typeof servers): number => median(results[name].map(({ perSecond }) => perSecond));
    const acknowledged = sum(results.itr.map((result) => result.acknowledged));
    const { stored, handled } = inDatabase(databaseIn(folder));
    console.log(`  while ${acknowledged} events were acknowledged, the loops handled ${handled} of them`);
    const anchor = { name: 'bare node:http', perSecond: speed('http') };
    const refused = sum(Object.values(results).flatMap((all) => all.map(({ others }) => others)));
    return [
      atLeast('ack-feishu: durable, 50 connections', speed('itr'), anchor, null),
      below('ack-feishu: p99', median(results.itr.map(({ p99 }) => p99)), { name: 'limit', value: 100 }, 'ms'),
      exactly('ack-feishu: not acknowledged', refused, 0),
      exactly('ack-feishu: acknowledged and stored', Math.min(stored, acknowledged), acknowledged),
    ];
  });
}
