import type { InboxQueue, InboxRow, OutboxRow, TimerRow } from '../../scheduler/ports.ts';
import { StoredInboxQueue } from '../inbox.ts';
import { StoredOutbox } from '../outbox.ts';
import { claimable, nextDue } from '../outbox-lanes.ts';
import type { Database } from '../sql.ts';
import { StoredTimers } from '../timers.ts';
import type { HeldLanes } from './lanes.ts';

/** When what others have in hand is looked at again. They say when they are done; this is for those that died. */
const LOOK_AGAIN_MS = 500;
/** Lanes that others hold are among what is due, so more is looked at than is wanted. */
const MORE = 4;

/** The inbox of several processes: what is handled of a lane is handled by one of them at a time. */
export class SharedInboxQueue extends StoredInboxQueue implements InboxQueue {
  readonly #lanes: HeldLanes;
  readonly #now: () => number;

  constructor(database: Database, now: () => number, lanes: HeldLanes) {
    super(database, now);
    this.#lanes = lanes;
    this.#now = now;
  }

  override async due(now: number, limit: number, busy: ReadonlySet<string>): Promise<readonly InboxRow[]> {
    const candidates = await super.due(now, limit * MORE, busy);
    const first = candidates.filter(({ lane }) => !this.#lanes.foreign.has(lane));
    // Where only others' lanes are due, they are asked for all the same: their holders may be gone.
    const wanted = (first.length > 0 ? first : candidates).slice(0, limit);
    const ours = await this.#lanes.take(
      wanted.map(({ lane }) => lane),
      busy,
    );
    return wanted.filter(({ lane }) => ours.has(lane));
  }

  override async nextDue(): Promise<number | null> {
    const next = await super.nextDue();
    return next === null || this.#lanes.foreign.size === 0 ? next : Math.max(next, this.#now() + LOOK_AGAIN_MS);
  }
}

/** The outbox of several processes: a lane is one process's as long as it has something to bring there, or must rest, so order and rate limits hold. */
export class SharedOutbox extends StoredOutbox {
  readonly #lanes: HeldLanes;
  readonly #shared: Database;
  readonly #now: () => number;

  constructor(database: Database, wake: (dueAt: number) => void, now: () => number, lanes: HeldLanes) {
    super(database, wake);
    this.#shared = database;
    this.#lanes = lanes;
    this.#now = now;
  }

  override async claim(
    now: number,
    leaseUntil: number,
    limit: number,
    busy: ReadonlySet<string>,
  ): Promise<readonly OutboxRow[]> {
    const { reading, dialect } = this.#shared;
    const candidates = await claimable(reading, dialect, now, limit * MORE, busy);
    const first = candidates.filter(({ lane }) => !this.#lanes.foreign.has(lane));
    const found = (first.length > 0 ? first : candidates).slice(0, limit);
    const ours = await this.#lanes.take(
      found.map(({ lane }) => lane),
      busy,
    );
    const ids = found.filter(({ lane }) => ours.has(lane)).map(({ id }) => id);
    return ids.length === 0 ? [] : this.lease(ids, now, leaseUntil);
  }

  /** The others are alive: their leases are theirs. */
  override endLeases(): Promise<void> {
    return Promise.resolve();
  }

  override async nextDue(busy: ReadonlySet<string>): Promise<number | null> {
    const { foreign } = this.#lanes;
    if (foreign.size === 0) return nextDue(this.#shared.reading, busy);
    const next = await nextDue(this.#shared.reading, new Set([...busy, ...foreign]));
    const again = this.#now() + LOOK_AGAIN_MS;
    return next === null ? again : Math.min(next, again);
  }
}

/** Each statement is a round trip, and each commit a flush; more would keep the first of them waiting for the last. */
const TOGETHER = 25;
/** As many begin at different ends of what is due. */
const ENDS = 4;

/** The timers of several processes: all see the same rows due, so each begins with others of them, and meets fewer that somebody has in hand. */
export class SharedTimers extends StoredTimers {
  override readonly together = TOGETHER;
  readonly #end = Math.floor(Math.random() * ENDS);

  override async due(now: number, limit: number): Promise<readonly TimerRow[]> {
    const rows = await super.due(now, limit);
    const turn = ({ ticket }: TimerRow): number => (ticket + this.#end) % ENDS;
    return [...rows].sort((a, b) => turn(a) - turn(b));
  }
}
