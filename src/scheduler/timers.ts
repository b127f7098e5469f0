import type { Clock } from '../desk/ports.ts';
import type { Step } from './loop.ts';
import type { Queues, TimerRow } from './ports.ts';

const BATCH = 100;
const RETRY_MS = 5_000;
const OTHERS_MS = 25;

export interface TimersDeps {
  readonly timers: Queues['timers'];
  readonly clock: Clock;
  /** Asks the domain whether it is really due, and acts, in one transaction. */
  /** False: somebody else is at it, or was. */
  readonly fire: (row: TimerRow) => Promise<boolean>;
  readonly failed: (row: TimerRow, error: unknown) => void;
  /** How late it was, ms: for the metrics. */
  readonly fired: (latenessMs: number) => void;
}

/** Rings what is due, the earliest first. A timer that fails by a bug waits a little, and holds up no other. */
export function createTimersStep(deps: TimersDeps): Step {
  async function ring(row: TimerRow): Promise<boolean> {
    try {
      const rang = await deps.fire(row);
      if (rang) deps.fired(Math.max(0, deps.clock.now() - row.timer.dueAt));
      return rang;
    } catch (error) {
      deps.failed(row, error);
      await deps.timers.postpone(row.ticket, row.timer.clock, deps.clock.now() + RETRY_MS);
      return true;
    }
  }

  return async () => {
    const rows = await deps.timers.due(deps.clock.now(), BATCH);
    // All at once: they take their turns in the storage's queue, in this order, and share its commits.
    const rang = await Promise.all(rows.map(ring));
    // Another process has them all in hand: it is not asked again and again whether it is done.
    if (rows.length > 0 && !rang.includes(true)) return { again: false, nextAt: deps.clock.now() + OTHERS_MS };
    return rows.length > 0 ? { again: true } : { again: false, nextAt: await deps.timers.nextDue() };
  };
}
