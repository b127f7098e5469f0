/** Raises tickets on a database that others may share, from an instant on, for some seconds. A process of its own. Prints a `RaiseResult`. */
import { openDesk } from './desk.ts';
import { sleep } from './numbers.ts';

export interface RaiseOrder {
  readonly url: string;
  /** Wall clock, ms: so that several begin together. */
  readonly startAt: number;
  readonly seconds: number;
  /** Those from there on are its own. */
  readonly firstThread: number;
}

export interface RaiseResult {
  readonly perSecond: number;
}

/** Transactions under way at one time. */
const AT_ONCE = 16;

const { url, startAt, seconds, firstThread } = JSON.parse(process.argv[2]!) as RaiseOrder;
const desk = await openDesk(url, 'server');
let n = firstThread;
// The code is compiled and the connections are open before it counts.
await Promise.all(Array.from({ length: AT_ONCE * 4 }, () => desk.raise(++n)));
const late = Date.now() - startAt;
if (late > 0) throw new Error(`not ready in time, by ${late} ms: this machine is too busy to measure on`);
await sleep(-late);
const before = n;
const end = startAt + seconds * 1000;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (Date.now() < end) await desk.raise(++n);
  }),
);
const result: RaiseResult = { perSecond: ((n - before) * 1000) / (Date.now() - startAt) };
await desk.storage.close();
console.log(JSON.stringify(result));
