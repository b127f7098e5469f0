import type { Clock } from '../desk/ports.ts';
import { backoffMs } from './backoff.ts';
import { createLanes } from './lanes.ts';
import type { InboxRow, Queues } from './ports.ts';
import type { Step } from './loop.ts';

/** Lanes handled side by side: a slow platform look-up in one thread must not hold up the others. */
const LANES = 16;
/** Then it is a bug in us, or a row that no version can read: it is shown, and its thread goes on. */
const TRIES = 12;
/**
 * For what has to come first, a message of ours that is on its way, it is asked often, and for half an hour: as long as a dead process and a slow chat may
 * take. Counted, not timed: an event that came while nothing ran, or before the clock was moved, has not been waited for yet.
 */
const WAIT_MS = 5_000;
const MOST_WAITS = (30 * 60_000) / WAIT_MS;
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
  /** It is the database that fails, and not the event: that is waited for as long as it lasts. */
  readonly isAway: (error: unknown) => boolean;
  /** A lane became free. */
  readonly nudge: () => void;
}

export function createInboxStep(deps: InboxDeps): { readonly step: Step; idle(): Promise<void> } {
  const lanes = createLanes(LANES, deps.nudge);
  /** Lanes whose row is still due in the database, and must not be tried at once again all the same. */
  const restUntil = new Map<string, number>();
  /** How often an event had to wait for its turn, which is no failure of it. */
  const waits = new Map<string, number>();

  async function handle(row: InboxRow): Promise<void> {
    try {
      await deps.handle(row);
      waits.delete(row.id);
    } catch (error) {
      const isEarly = deps.isEarly(error);
      const waited = isEarly || deps.isAway(error) ? (waits.get(row.id) ?? 0) + 1 : null;
      const buried = waited === null ? row.attempts + 1 >= TRIES : isEarly && waited > MOST_WAITS;
      deps.failed(row, error, buried);
      if (buried) waits.delete(row.id);
      else if (waited !== null) waits.set(row.id, waited);
      try {
        if (buried) await deps.inbox.bury(row.id, messageOf(error));
        else if (waited === null) await deps.inbox.retry(row.id, after(row.attempts), messageOf(error));
        else await deps.inbox.wait(row.id, after(waited - 1, WAIT_MS), messageOf(error));
      } catch (unwritten) {
        deps.failed(row, unwritten, false);
        restUntil.set(row.lane, deps.clock.now() + RECOVERY_MS);
      }
    }
  }

  const after = (attempts: number, longest = Infinity): number =>
    deps.clock.now() + Math.min(backoffMs(attempts, deps.chance()), longest);

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
      const nextAt = await deps.inbox.nextDue();
      // What another process has handled in the end.
      if (nextAt === null) waits.clear();
      return { again: false, nextAt };
    },
    idle: () => lanes.idle(),
  };
}

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500);
