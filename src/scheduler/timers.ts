import type { Clock } from '../desk/ports.ts';
import type { Step } from './loop.ts';
import type { Queues, TimerRow } from './ports.ts';

const BATCH = 100;
const RETRY_MS = 5_000;

export interface TimersDeps {
  readonly timers: Queues['timers'];
  readonly clock: Clock;
  /** Asks the domain whether it is really due, and acts, in one transaction. */
  readonly fire: (row: TimerRow) => Promise<void>;
  readonly failed: (row: TimerRow, error: unknown) => void;
  /** How late it was, ms: for the metrics. */
  readonly fired: (latenessMs: number) => void;
}

/** Rings what is due, the earliest first. A timer that fails by a bug waits a little, and holds up no other. */
export function createTimersStep(deps: TimersDeps): Step {
  async function ring(row: TimerRow): Promise<void> {
    try {
      await deps.fire(row);
      deps.fired(Math.max(0, deps.clock.now() - row.timer.dueAt));
    } catch (error) {
      deps.failed(row, error);
      await deps.timers.postpone(row.ticket, row.timer.clock, deps.clock.now() + RETRY_MS);
    }
  }

  return async () => {
    const rows = await deps.timers.due(deps.clock.now(), BATCH);
    // All at once: they take their turns in the storage's queue, in this order, and share its commits.
    await Promise.all(rows.map(ring));
    return rows.length > 0 ? { again: true } : { again: false, nextAt: await deps.timers.nextDue() };
  };
}
