import { configOf } from './support/config.ts';
import { copy, oneQueued, openRaw } from './support/crowd.ts';
import { TEAMS } from './support/desk.ts';
import type { LoadOrder, LoadResult } from './support/load.ts';
import { percentile } from './support/numbers.ts';
import { databaseIn, inFolder, runScript, startProgram } from './support/process.ts';
import { atLeast, below, exactly } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { startSlackStub } from './support/slack-stub.ts';
import { TARGET_MS, watchFile } from './timers.ts';

const PER_SECOND = 1_000;
const SECONDS = 15;
const TIMERS = 10_000;
/** For copying the tickets and starting the program. */
const PREPARATION_MS = 7_000;

/** How long Slack waits for its 200 at a fixed rate, 120 times what Slack allows, while 10,000 timers fire and their notices go out. */
export async function ackLatency(): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    const slack = await startSlackStub();
    const file = databaseIn(folder);
    const model = await oneQueued(`file:${file}`);
    const raw = await openRaw(`file:${file}`);
    const startAt = Date.now() + PREPARATION_MS;
    const firstMessage = { at: startAt - TARGET_MS, everyMs: Math.floor((SECONDS * 1000) / TIMERS) };
    await copy(raw, { models: [model], count: TIMERS, firstMessage });
    await raw.close();
    const program = await startProgram(folder, { env: slack.env, config: configOf(TEAMS) });
    try {
      await new Promise((resolve) => setTimeout(resolve, startAt - Date.now()));
      const order: LoadOrder = {
        url: program.url,
        connections: 50,
        seconds: SECONDS,
        warmUpSeconds: 1,
        perSecond: PER_SECOND,
      };
      const [result, fired] = await Promise.all([
        runScript<LoadResult>('load.ts', order),
        watchFile(file, startAt + SECONDS * 1000, TIMERS),
      ]);
      const ms = [result.p50, result.p99, result.p999, result.max].map((value) => value.toFixed(1)).join(' / ');
      console.log(`  ms p50 / p99 / p99.9 / max: ${ms}`);
      const late = fired.map(({ committedAt, dueAt }) => committedAt - dueAt);
      console.log(`  the timers: ms late p50 / p99 ${percentile(late, 0.5)} / ${percentile(late, 0.99)}`);
      return [
        atLeast(
          'ack-latency: events, 50 connections',
          result.perSecond,
          { name: 'wanted', perSecond: PER_SECOND },
          0.99,
        ),
        below('ack-latency: p99', result.p99, { name: 'limit', value: 100 }, 'ms'),
        below('ack-latency: p99.9', result.p999, { name: 'limit', value: 500 }, 'ms'),
        below('ack-latency: max', result.max, { name: 'limit', value: 1_000 }, 'ms'),
        exactly('ack-latency: not acknowledged', result.others, 0),
        exactly('ack-latency: timers fired meanwhile', new Set(fired.map(({ ticket }) => ticket)).size, TIMERS),
      ];
    } finally {
      await program.stop();
      slack.stop();
    }
  });
}
