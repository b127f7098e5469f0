import { SYSTEM } from '../domain/commands.ts';
import type { Desk } from './desk.ts';
import type { Store } from './ports.ts';

/** One slice of the open tickets' numbers, and where the next one begins; null: that was the last. */
export interface Slice {
  readonly numbers: readonly number[];
  readonly next: string | null;
}

/**
 * After a change of the configuration, what is due when may be different on every open ticket: all timers are planned anew, in slices, so that
 * reactions and reminders go on meanwhile. Returns how many tickets it looked at.
 */
export const createReplan =
  (store: Store, desk: Desk, openTickets: (cursor: string | null) => Promise<Slice>) => async (): Promise<number> => {
    let done = 0;
    let cursor: string | null = null;
    do {
      const slice: Slice = await openTickets(cursor);
      await store.write(async (tx) => {
        for (const number of slice.numbers) await desk.perform(tx, number, { type: 'replan' }, SYSTEM);
      });
      done += slice.numbers.length;
      cursor = slice.next;
    } while (cursor !== null);
    return done;
  };
