import type { Clock } from '../desk/ports.ts';
import { backoffMs } from './backoff.ts';
import { createLanes } from './lanes.ts';
import type { InboxRow, Queues } from './ports.ts';
import type { Step } from './loop.ts';

/** Lanes handled side by side: a slow platform look-up in one thread must not hold up the others. */
const LANES = 16;
/** Then it is a bug in us, or a row that no version can read: it is shown, and its thread goes on. */
const TRIES = 12;
/** For what has to come first, a message of ours that is on its way, it is asked often, and waited for as long as a dead process and a slow chat may take. */
const WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 30 * 60_000;
/** After a failure that could not even be written down: the database is full, or away, or takes no writes. */
const RECOVERY_MS = 1_000;

export interface InboxDeps {
  readonly inbox: Queues['inbox'];
  readonly clock: Clock;
  readonly chance: () => number;
  /** Handles one event, and takes the row out of the queue in the same transaction. Throws: not handled, nothing of it stays. */
  readonly handle: (row: InboxRow) => Promise<void>;
  readonly failed: (row: InboxRow, error: unknown, buried: boolean) => void;
  /** Nothing is wrong: it only is not its turn yet. */
  readonly isEarly: (error: unknown) => boolean;
  /** A lane became free. */
  readonly nudge: () => void;
}

export function createInboxStep(deps: InboxDeps): { readonly step: Step; idle(): Promise<void> } {
  const lanes = createLanes(LANES, deps.nudge);
  /** Lanes whose row is still due in the database, and must not be tried at once again all the same. */
  const restUntil = new Map<string, number>();

  async function handle(row: InboxRow): Promise<void> {
    try {
      await deps.handle(row);
    } catch (error) {
      const isEarly = deps.isEarly(error);
      const now = deps.clock.now();
      const buried = isEarly ? now - row.receivedAt > LONGEST_WAIT_MS : row.attempts + 1 >= TRIES;
      deps.failed(row, error, buried);
      const wait = backoffMs(row.attempts, deps.chance());
      try {
        if (buried) await deps.inbox.bury(row.id, messageOf(error));
        else await deps.inbox.retry(row.id, now + (isEarly ? Math.min(wait, WAIT_MS) : wait), messageOf(error));
      } catch (unwritten) {
        deps.failed(row, unwritten, false);
        restUntil.set(row.lane, deps.clock.now() + RECOVERY_MS);
      }
    }
  }

  /** Lanes that must not be touched now. */
  function resting(): ReadonlySet<string> {
    const now = deps.clock.now();
    // A clock that was set back must not make a rest of an hour of it.
    for (const [lane, until] of restUntil) if (until <= now || until > now + RECOVERY_MS) restUntil.delete(lane);
    return new Set([...lanes.busy, ...restUntil.keys()]);
  }

  return {
    async step() {
      if (lanes.free === 0) return { again: false, nextAt: null };
      const rows = await deps.inbox.due(deps.clock.now(), lanes.free, resting());
      for (const row of rows) lanes.run(row.lane, () => handle(row));
      // `nextDue` would name what is resting, too.
      if (restUntil.size > 0) return { again: false, nextAt: Math.min(...restUntil.values()) };
      if (rows.length > 0 || lanes.busy.size > 0) return { again: false, nextAt: null };
      return { again: false, nextAt: await deps.inbox.nextDue() };
    },
    idle: () => lanes.idle(),
  };
}

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500);
