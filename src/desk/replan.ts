import { SYSTEM } from '../domain/commands.ts';
import type { Desk } from './desk.ts';
import type { Store } from './ports.ts';

/** How long one transaction goes on: whoever claims a ticket meanwhile waits no longer than that, and the event loop stands no longer. */
const LONGEST_SLICE_MS = 16;

/**
 * After a change of the configuration, what is due when may be different on every open ticket: clocks and timers are planned anew, in slices, so that
 * reactions and reminders go on meanwhile. Returns how many tickets it looked at.
 * @param openTickets the numbers of some open tickets above one, ascending; none: there are no more
 */
export const createReplan =
  (store: Store, desk: Desk, openTickets: (above: number) => Promise<readonly number[]>) =>
  async (): Promise<number> => {
    let done = 0;
    for (let above = 0; ;) {
      const numbers = await openTickets(above);
      const last = numbers.at(-1);
      if (last === undefined) return done;
      for (let i = 0; i < numbers.length;) {
        i = await store.write(async (tx) => {
          const startedAt = performance.now();
          let next = i;
          do {
            const number = numbers[next++];
            if (number !== undefined) await desk.perform(tx, number, { type: 'replan' }, SYSTEM);
          } while (next < numbers.length && performance.now() - startedAt < LONGEST_SLICE_MS);
          return next;
        });
        await new Promise((resolve) => setImmediate(resolve));
      }
      done += numbers.length;
      above = last;
    }
  };
