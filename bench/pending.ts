import { readFileSync, readdirSync } from 'node:fs';
import { configOf } from './support/config.ts';
import { copy, oneQueued, openRaw } from './support/crowd.ts';
import { TEAMS } from './support/desk.ts';
import { median, sleep } from './support/numbers.ts';
import { databaseIn, inFolder, startProgram } from './support/process.ts';
import type { Running } from './support/process.ts';
import { below, exactly } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { startSlackStub } from './support/slack-stub.ts';

const ROUNDS = 4;
/** As long as it takes the self-watch to look again: one look in each round, with many and with none. */
const ROUND_MS = 10_000;
/** After which a start has calmed down; the first audit comes after a minute, when this has ended. */
const CALM_MS = 5_000;
/** Three timers each. */
const TICKETS = 66_667;
const MOST = 1.3;

/** What 200,000 timers that wait cost a program with nothing to do, against one with none, at the same time. */
export async function pending(): Promise<readonly Figure[]> {
  return inFolder(async (folder) =>
    inFolder(async (other) => {
      const slack = await startSlackStub();
      const url = `file:${databaseIn(folder)}`;
      const raw = { model: await oneQueued(url), database: await openRaw(url, { flushes: false }) };
      const firstMessage = { at: Date.now(), everyMs: 1 };
      await copy(raw.database, { models: [raw.model], count: TICKETS, firstMessage });
      const [[timers] = []] = await raw.database.all('SELECT COUNT(*) FROM timers');
      await raw.database.close();
      const options = { env: slack.env, config: configOf(TEAMS) };
      const [many, none] = await Promise.all([startProgram(folder, options), startProgram(other, options)]);
      try {
        await sleep(CALM_MS);
        const spent: { readonly many: number; readonly none: number }[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          const before = { many: processorMs(many), none: processorMs(none) };
          await sleep(ROUND_MS);
          spent.push({ many: processorMs(many) - before.many, none: processorMs(none) - before.none });
        }
        for (const one of spent)
          console.log(`  of ${ROUND_MS / 1000} s: ${one.many.toFixed(0)} ms, none pending ${one.none.toFixed(0)} ms`);
        const without = median(spent.map(({ none: ms }) => ms));
        return [
          below(
            `pending: idle, processor in ${ROUND_MS / 1000} s`,
            median(spent.map(({ many: ms }) => ms)),
            { name: `${MOST} × ${without.toFixed(0)} ms with none:`, value: Math.round(without * MOST) },
            'ms',
          ),
          exactly('pending: timers that waited', Math.min(Number(timers), 200_000), 200_000),
        ];
      } finally {
        await Promise.all([many.stop(), none.stop()]);
        slack.stop();
      }
    }),
  );
}

/** Of all its threads, as the kernel counts it: in nanoseconds, where `/proc/PID/stat` counts in hundredths of a second. */
function processorMs({ pid }: Running): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const spent = tasks.map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]));
  return spent.reduce((all, ns) => all + ns, 0) / 1e6;
}
