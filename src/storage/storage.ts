import type { Inbox, Store, Wake } from '../desk/ports.ts';
import type { Queues, Retention } from '../scheduler/ports.ts';
import { StoredQueries } from './queries.ts';
import type { Queries } from './queries.ts';
import { StoredRetention } from './retention.ts';
import type { Database, Use } from './sql.ts';
import { StoredTickets } from './store.ts';

export interface Storage {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly queues: Queues;
  readonly retention: Retention;
  readonly queries: Queries;
  /** Names of the migrations that this opening applied. */
  readonly migrated: readonly string[];
  /** Opened to `look`, it is not migrated: names of the migrations that it lacks. */
  readonly pending: readonly string[];
  /**
   * Of what only one process may do at a time: whether it is this one, now. A leader that dies is followed by another within seconds; with the embedded
   * database it is always this one.
   */
  leads(name: string): Promise<boolean>;
  /** What is wrong with the database; empty: nothing. For `itr doctor`: of SQLite's file all is read, and the event loop stands meanwhile. */
  integrity(): Promise<readonly string[]>;
  /** Writes what waits, then closes; whatever is asked for later is rejected. */
  close(): Promise<void>;
}

export interface StorageOptions {
  /** `file:./data/itr.db`, `file::memory:` for one that is gone when closed, or `postgresql://…` */
  readonly url: string;
  readonly now: () => number;
  /** Told after each commit what became due; with PostgreSQL also of those of other processes. */
  readonly wake: Wake;
  /** `server` runs the loops (SQLite: one at a time); `look`: it is not migrated; left out: beside a server or without one. */
  readonly use?: Use;
  /** What another process changed: `world` (what was bound or taken over in chat), or a ticket's number. */
  readonly changedElsewhere?: (what: 'world' | number) => void;
  /** What goes wrong where nobody waits for an answer: a connection breaks, say. */
  readonly failed?: (error: unknown) => void;
}

/** @param tell a word for the other processes on this database */
export const common = (database: Database, now: () => number, wake: Wake, tell: (word: string) => void) => ({
  store: new StoredTickets(database, now, wake, tell),
  retention: new StoredRetention(database),
  queries: new StoredQueries(database),
  migrated: database.migrated,
  pending: database.pending,
  integrity: () => database.integrity(),
});
