import { median, sum } from './support/numbers.ts';
import { postgresIsMissing, startPostgres } from './support/postgres.ts';
import { runScript } from './support/process.ts';
import { atLeast, notRun } from './support/report.ts';
import type { Figure } from './support/report.ts';
import type { RaiseOrder, RaiseResult } from './support/raise.ts';

const ROUNDS = 2;
/** A process needs less than that until its code is compiled and its connections are open. */
const PREPARATION_MS = 7_000;
const SECONDS = 3;

/** Tickets raised on one PostgreSQL by two processes, against one. Reported only: on two cores the database shares them with both. */
export async function scaleout(): Promise<readonly Figure[]> {
  const name = 'scaleout: two processes on PostgreSQL';
  const missing = postgresIsMissing();
  if (missing !== null) return [notRun(name, missing)];
  const server = await startPostgres({ durable: true });
  try {
    const url = await server.database();
    let begun = 0;
    const raisedBy = async (processes: number): Promise<number> => {
      const startAt = Date.now() + PREPARATION_MS;
      const results = await Promise.all(
        Array.from({ length: processes }, () => {
          // Each in threads of its own.
          const order: RaiseOrder = { url, startAt, seconds: SECONDS, firstThread: begun++ * 100_000 };
          return runScript<RaiseResult>('raise.ts', order);
        }),
      );
      const perSecond = sum(results.map((result) => result.perSecond));
      console.log(`  ${processes}: ${Math.round(perSecond)}/s`);
      return perSecond;
    };
    const rates: { one: number[]; two: number[] } = { one: [], two: [] };
    for (let round = 0; round < ROUNDS; round++) {
      rates.one.push(await raisedBy(1));
      rates.two.push(await raisedBy(2));
    }
    return [atLeast(name, median(rates.two), { name: 'one process', perSecond: median(rates.one) }, null)];
  } finally {
    await server.stop();
  }
}
