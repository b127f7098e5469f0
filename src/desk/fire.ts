import { SYSTEM } from '../domain/commands.ts';
import type { Timer } from '../domain/timers.ts';
import type { Desk } from './desk.ts';
import type { Store } from './ports.ts';

/**
 * A timer rings: taken out and acted on in one transaction. The decision looks at the ticket as it is now; what is not due any more is planned anew.
 * False: somebody else was at it.
 */
export const createFire =
  (store: Store, desk: Desk) =>
  async ({ ticket, timer }: { readonly ticket: number; readonly timer: Timer }): Promise<boolean> =>
    store.write(async (tx) => {
      // Moved or fired meanwhile: whoever did it has planned what comes next.
      if (!(await tx.finishTimer(ticket, timer))) return false;
      const { clock, point, occurrence } = timer;
      await desk.perform(tx, ticket, { type: 'timer_due', clock, point, occurrence }, SYSTEM);
      return true;
    });
