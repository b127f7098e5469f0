import { SYSTEM } from '../domain/commands.ts';
import type { Desk } from './desk.ts';
import type { DueTimer, Store, TimerClaim } from './ports.ts';

/**
 * Timers ring: taken out and acted on in one transaction, those of different tickets together. The decision looks at each ticket as it is now; what is not
 * due any more is planned anew. If it throws, none has rung.
 */
export const createFire =
  (store: Store, desk: Desk) =>
  (rows: readonly DueTimer[]): Promise<readonly TimerClaim[]> =>
    store.write(async (tx) => {
      const claims = await tx.finishTimers(rows);
      for (const [i, { ticket, timer }] of rows.entries()) {
        // Moved or fired meanwhile: whoever did it has planned what comes next.
        if (claims[i] !== 'ours') continue;
        const { clock, point, occurrence } = timer;
        await desk.perform(tx, ticket, { type: 'timer_due', clock, point, occurrence }, SYSTEM);
      }
      return claims;
    });
