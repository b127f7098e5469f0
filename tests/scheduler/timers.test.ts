import { describe, expect, it } from 'vitest';

import type { TimerRow } from '../../src/scheduler/ports.ts';
import { createTimersStep } from '../../src/scheduler/timers.ts';
import { aTimer, T0 } from '../contract/storage-builders.ts';

const row = (ticket: number, clock = 'a'): TimerRow => ({ ticket, timer: aTimer(clock, T0) });
const nameOf = ({ ticket, timer }: TimerRow): string => `${ticket}${timer.clock}`;

function bench(rows: readonly TimerRow[], fire: (rows: readonly TimerRow[]) => ReturnType<Fire>, together = 3) {
  const fired: string[][] = [];
  const postponed: string[] = [];
  const failed: string[] = [];
  const lateness: number[] = [];
  const step = createTimersStep({
    clock: { now: () => T0 + 7 },
    together: () => together,
    timers: {
      together,
      due: () => Promise.resolve(rows),
      nextDue: () => Promise.resolve(T0 + 1_000),
      postpone: (ticket, clock, retryAt) => {
        postponed.push(`${ticket}${clock} until ${retryAt - T0}`);
        return Promise.resolve();
      },
    },
    fire: (some) => {
      fired.push(some.map(nameOf));
      return fire(some);
    },
    failed: (some) => failed.push(nameOf(some)),
    fired: (ms) => lateness.push(ms),
  });
  return { step, fired, postponed, failed, lateness };
}

type Fire = Parameters<typeof createTimersStep>[0]['fire'];
const allOurs: Fire = (rows) => Promise.resolve(rows.map(() => 'ours'));

describe('timers that are due', () => {
  it('ring together, so many at a time, and no ticket twice in one transaction', async () => {
    const { step, fired, lateness } = bench([row(1), row(2), row(1, 'b'), row(3), row(4)], allOurs);
    expect(await step()).toEqual({ again: false, nextAt: T0 + 7 });
    expect(fired).toEqual([
      ['1a', '2a', '3a'],
      ['1b', '4a'],
    ]);
    expect(lateness).toEqual([7, 7, 7, 7, 7]);
  });

  it('ring each alone where one of them spoils it for all; only that one waits', async () => {
    const { step, fired, postponed, failed, lateness } = bench([row(1), row(2), row(3)], (rows) =>
      rows.some(({ ticket }) => ticket === 2) ? Promise.reject(new Error('a bug')) : allOurs(rows),
    );
    await step();
    expect(fired).toEqual([['1a', '2a', '3a'], ['1a'], ['2a'], ['3a']]);
    expect(failed).toEqual(['2a']);
    expect(postponed).toEqual(['2a until 5007']);
    expect(lateness).toHaveLength(2);
  });

  it('ring alone where they want a transaction of their own', async () => {
    const { step, fired, lateness } = bench([row(1), row(2)], (rows) =>
      Promise.resolve(rows.map(({ ticket }) => (ticket === 2 && rows.length > 1 ? 'alone' : 'ours'))),
    );
    await step();
    expect(fired).toEqual([['1a', '2a'], ['2a']]);
    expect(lateness).toHaveLength(2);
  });

  it('are left to the process that has them all in hand, and looked at again a little later', async () => {
    const { step, lateness } = bench([row(1), row(2)], (rows) => Promise.resolve(rows.map(() => 'others')));
    expect(await step()).toEqual({ again: false, nextAt: T0 + 32 });
    expect(lateness).toEqual([]);
  });

  it('that are none yet say when the next one is', async () => {
    const { step, fired } = bench([], allOurs);
    expect(await step()).toEqual({ again: false, nextAt: T0 + 1_000 });
    expect(fired).toEqual([]);
  });
});
