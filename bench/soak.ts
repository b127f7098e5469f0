/**
 * Does the memory grow? 50 events a second for a quarter of an hour: 2.5 tickets a second, their cards and clocks. Outside of `npm run bench`, since it
 * takes so long: `npx tsx bench/soak.ts [MINUTES]`, after `npm run build`.
 */
import { configOf } from './support/config.ts';
import type { LoadOrder, LoadResult } from './support/load.ts';
import { inFolder, runScript, startProgram } from './support/process.ts';
import { startSlackStub } from './support/slack-stub.ts';

const PER_SECOND = 50;
/** Slack takes one message a second in a channel. */
const TEAMS = 10;
const EVERY_MS = 10_000;
/** What the program loads and compiles at first is no growth. */
const WARM_UP_MS = 180_000;

const minutes = Number(process.argv[2] ?? 15);

await inFolder(async (folder) => {
  const slack = await startSlackStub();
  const program = await startProgram(folder, { env: slack.env, config: configOf(TEAMS) });
  const startedAt = performance.now();
  const samples: { readonly ms: number; readonly mb: number }[] = [];
  const sampling = setInterval(() => {
    const sample = { ms: performance.now() - startedAt, mb: program.rss() };
    samples.push(sample);
    if (samples.length % 6 === 0) console.log(`  ${Math.round(sample.ms / 60_000)} min: ${Math.round(sample.mb)} MB`);
  }, EVERY_MS);
  const order: LoadOrder = {
    url: program.url,
    connections: 10,
    seconds: minutes * 60,
    warmUpSeconds: 1,
    perSecond: PER_SECOND,
    channels: TEAMS,
  };
  const result = await runScript<LoadResult>('load.ts', order);
  clearInterval(sampling);
  const settled = samples.filter(({ ms }) => ms > Math.min(WARM_UP_MS, (minutes * 60_000) / 3));
  console.log(
    `${result.acknowledged} events acknowledged, ${result.others} not; ms p99 / max ${result.p99.toFixed(0)} / ${result.max.toFixed(0)}`,
  );
  console.log(
    `memory: ${Math.round(settled[0]?.mb ?? NaN)} MB at first, ${Math.round(samples.at(-1)?.mb ?? NaN)} MB at last, slope ${slope(settled).toFixed(2)} MB an hour`,
  );
  await program.stop();
  slack.stop();
});

/** Of the straight line that fits best, per hour. */
function slope(points: readonly { readonly ms: number; readonly mb: number }[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ms, mb] = [mean(points.map((point) => point.ms)), mean(points.map((point) => point.mb))];
  const over = points.reduce((sum, point) => sum + (point.ms - ms) * (point.mb - mb), 0);
  const under = points.reduce((sum, point) => sum + (point.ms - ms) ** 2, 0);
  return (over / under) * 3_600_000;
}
