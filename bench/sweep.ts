import { createTimersStep } from '../src/scheduler/timers.ts';
import { timersFor } from '../src/domain/timers.ts';
import { createAuditor } from '../src/watch/auditor.ts';
import { openDesk } from './support/desk.ts';
import type { BenchDesk } from './support/desk.ts';
import { median, percentile } from './support/numbers.ts';
import { databaseIn, inFolder } from './support/process.ts';
import { below, exactly, toldMs } from './support/report.ts';
import type { Figure } from './support/report.ts';

const TICKETS = 100_000;
/** Raised at one time: they share their commits. */
const AT_ONCE = 500;
const PASSES = 500;
/** What a pass may cost of a look at all open tickets. */
const PART = 50;
const LIMIT = { name: 'limit', value: 5 };

/**
 * Targets with 100,000 open tickets. What is due is found by the index of timers; that is what the program does each time, held against a look at each
 * open ticket. The audit is that look, once an hour and in slices: for how long one keeps the event loop.
 */
export const sweep = (): Promise<readonly Figure[]> =>
  inFolder(async (folder) => {
    const desk = await openDesk(`file:${databaseIn(folder)}`);
    try {
      // With their histories, which the audit reads.
      for (let from = 1; from <= TICKETS; from += AT_ONCE)
        await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => desk.raise(from + i)));
      const [pass, all] = [await onePass(desk), await lookAtAll(desk)];
      const part = { name: `1/${PART} of ${all.toFixed(0)} ms for all open tickets:`, value: all / PART };
      return [
        below('sweep: what is due, found by its index', pass, { ...part, value: round(part.value) }, 'ms'),
        ...(await audited(desk)),
      ];
    } finally {
      await desk.storage.close();
    }
  });

const round = (ms: number): number => Math.round(ms * 100) / 100;

/** The loop's step where nothing is due yet, as it is nearly always; ms. */
async function onePass({ storage }: BenchDesk): Promise<number> {
  const unexpected = (): never => {
    throw new Error('a timer was due, too early for this benchmark');
  };
  // Before all of them were raised.
  const step = createTimersStep({
    timers: storage.queues.timers,
    clock: { now: () => 0 },
    fire: unexpected,
    failed: unexpected,
    fired: unexpected,
  });
  const times: number[] = [];
  for (let i = 0; i < PASSES; i++) {
    const at = performance.now();
    await step();
    times.push(performance.now() - at);
  }
  return median(times);
}

/** Each open ticket read, and asked for what it is due next; ms. */
async function lookAtAll({ storage, policy }: BenchDesk): Promise<number> {
  const at = performance.now();
  let earliest = Infinity;
  for (let above = 0; ;) {
    const numbers = await storage.queries.openNumbers(above, 1_000);
    for (const number of numbers) {
      const ticket = await storage.store.read.ticket(number);
      if (ticket !== null) for (const { dueAt } of timersFor(ticket, policy)) earliest = Math.min(earliest, dueAt);
    }
    const last = numbers.at(-1);
    if (last === undefined) break;
    above = last;
  }
  if (!Number.isFinite(earliest)) throw new Error('no ticket has a timer');
  return performance.now() - at;
}

async function audited({ storage, policy }: BenchDesk): Promise<readonly Figure[]> {
  const wrong: number[] = [];
  const audit = createAuditor({
    store: storage.store,
    openTickets: (above, limit) => storage.queries.openNumbers(above, limit),
    policy: () => policy,
    now: Date.now,
    busy: () => false,
    isOurs: () => Promise.resolve(true),
    found: ({ ticket }) => wrong.push(ticket),
    foundRow: (ticket) => wrong.push(ticket),
    failed: (ticket) => wrong.push(ticket),
  });
  const turns = watchTurns();
  const startedAt = performance.now();
  const result = await audit();
  const ms = performance.now() - startedAt;
  const lengths = turns();
  console.log(`  the audit: ${(ms / 1000).toFixed(1)} s in ${lengths.length} slices`);
  return [
    exactly('sweep: tickets audited', result?.looked ?? 0, TICKETS),
    exactly('sweep: found wrong', wrong.length, 0),
    below('sweep: a slice of the audit, p99', percentile(lengths, 0.99), LIMIT, 'ms'),
    toldMs('sweep: a slice of the audit, longest', Math.max(...lengths)),
  ];
}

/** From one turn of the event loop to the next, ms: by a callback in each, so no resolution of a timer is in it. Asked once, which ends it. */
function watchTurns(): () => readonly number[] {
  const lengths: number[] = [];
  let last = performance.now();
  let isOver = false;
  const turn = (): void => {
    const now = performance.now();
    lengths.push(now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
    return lengths;
  };
}
