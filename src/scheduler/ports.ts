import type { Delivery, DueTimer } from '../desk/ports.ts';

/** What the loops need of the durable tables. Times are UTC ms. */
export interface Queues {
  readonly inbox: InboxQueue;
  readonly timers: TimerQueue;
  readonly outbox: OutboxQueue;
}

export interface InboxRow {
  readonly id: string;
  readonly lane: string;
  readonly platform: string;
  readonly payload: string;
  readonly receivedAt: number;
  readonly attempts: number;
}

export interface InboxQueue {
  /** The oldest unhandled row of each lane, oldest first; lanes in `busy` and lanes whose oldest row waits for a retry are left out. */
  due(now: number, limit: number, busy: ReadonlySet<string>): Promise<readonly InboxRow[]>;
  /** When the next waiting row may be tried; null: none waits. */
  nextDue(): Promise<number | null>;
  /** It failed; its lane waits with it until `retryAt`. */
  retry(id: string, retryAt: number, error: string): Promise<void>;
  /** As `retry`, where nothing is wrong: it was not its turn yet, and that counts as no attempt. */
  wait(id: string, until: number, why: string): Promise<void>;
  /** It can never be handled: its lane goes on without it, and it is shown. */
  bury(id: string, error: string): Promise<void>;
}

export type TimerRow = DueTimer;

export interface TimerQueue {
  /** So many are best acted on in one transaction; 1 where transactions share their commits anyway. */
  readonly together: number;
  due(now: number, limit: number): Promise<readonly TimerRow[]>;
  nextDue(): Promise<number | null>;
  /** The decision failed by a bug or a busy database: not again before `retryAt`. */
  postpone(ticket: number, clock: string, retryAt: number): Promise<void>;
}

export interface OutboxRow {
  readonly id: number;
  readonly key: string;
  readonly lane: string;
  readonly ticket: number | null;
  readonly delivery: Delivery;
  readonly attempts: number;
  readonly createdAt: number;
  /** An earlier attempt may have reached the platform: look before sending again. */
  readonly unknown: boolean;
  /** Grows whenever a stale card is marked again; `sent` with an older one leaves the row due. */
  readonly version: number;
}

export interface DeadLetter {
  readonly id: number;
  readonly key: string;
  readonly lane: string;
  readonly ticket: number | null;
  readonly kind: Delivery['kind'];
  readonly attempts: number;
  readonly createdAt: number;
  readonly diedAt: number;
  readonly error: string;
}

export interface OutboxQueue {
  /**
   * Takes the oldest due row of each lane that is neither busy nor held, with a lease: a process that dies loses it at `leaseUntil`, and the row comes
   * back marked `unknown`.
   */
  claim(now: number, leaseUntil: number, limit: number, busy: ReadonlySet<string>): Promise<readonly OutboxRow[]>;
  /**
   * At the start of the only process on a database: what the process before it had under way is free at once, without waiting for its leases, and comes
   * back marked `unknown`. Where several share it, nothing: the others are alive.
   */
  endLeases(): Promise<void>;
  /** When the next row becomes due or a lease ends, lanes in `busy` left out; null: nothing waits. */
  nextDue(busy: ReadonlySet<string>): Promise<number | null>;
  sent(row: OutboxRow, now: number): Promise<void>;
  /** Not before `retryAt`; the rest of its lane waits behind it, except a stale card, which others may pass. */
  retry(row: OutboxRow, retryAt: number, error: string, unknown: boolean): Promise<void>;
  /** As `retry`, of a row that was not tried after all: that counts as no attempt. */
  putBack(row: OutboxRow, retryAt: number, why: string): Promise<void>;
  /** Dead letter: shown, never dropped, never in the way. */
  bury(row: OutboxRow, now: number, error: string): Promise<void>;
  deadLetters(limit: number): Promise<readonly DeadLetter[]>;
  /** True: there was such a dead letter, and it is due now. */
  revive(id: number, now: number): Promise<boolean>;
  reviveAll(now: number): Promise<number>;
  /** For `/readyz` and `/metrics`. What is kept until quiet hours end, or was a dead letter before, waits from when it is due. */
  depth(now: number): Promise<{ readonly waiting: number; readonly oldestMs: number; readonly dead: number }>;
}

/** What housekeeping removes. */
export interface Retention {
  /** Handled inbox rows and sent outbox rows older than these instants, in slices; returns how many went. */
  prune(limits: {
    readonly inboxBefore: number;
    readonly outboxBefore: number;
    readonly messagesBefore: number;
  }): Promise<number>;
  /** Puts the titles that wait into the index by which they are searched, in slices. A search finds them before, too, but has to look at each. Adds up the counts of what has ended, where they are many. */
  indexTitles(): Promise<void>;
}
