import type { Inbox, Store, Wake } from '../desk/ports.ts';
import type { Queues, Retention } from '../scheduler/ports.ts';
import { StoredInboxQueue } from './inbox.ts';
import { StoredOutbox } from './outbox.ts';
import { StoredQueries } from './queries.ts';
import type { Queries } from './queries.ts';
import { StoredRetention } from './retention.ts';
import { StoredTickets } from './store.ts';
import { SqliteDatabase } from './sqlite/database.ts';
import { SqliteDoor } from './sqlite/door.ts';
import type { Use } from './sql.ts';
import { StoredTimers } from './timers.ts';

export { StorageBusy, StorageUnusable } from './errors.ts';
export { newestMigrationAt } from './migrations.ts';
export type { Queries } from './queries.ts';

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
  /** What is wrong with the file; empty: nothing. For `itr doctor`: it stops the event loop while it reads the whole file. */
  integrity(): Promise<readonly string[]>;
  /** Writes what waits, then closes; whatever is asked for later is rejected. */
  close(): Promise<void>;
}

/**
 * Opens the database, creating and migrating it where needed.
 * @param options.use `server`: one at a time; `look`: it is not migrated; left out: beside a server or without one
 * @param options.url `file:./data/itr.db`, or `file::memory:` for one that is gone when closed
 * @param options.wake told after each commit what became due
 * @throws StorageUnusable (a MigrationError among them), StorageBusy
 */
export async function openStorage(options: {
  readonly url: string;
  readonly now: () => number;
  readonly wake: Wake;
  readonly use?: Use;
}): Promise<Storage> {
  const { url, now, wake, use = 'tool' } = options;
  const database = await SqliteDatabase.open(url, use);
  return {
    store: new StoredTickets(database, now, wake),
    inbox: new SqliteDoor(database, () => {
      wake('inbox');
    }),
    queues: {
      inbox: new StoredInboxQueue(database, now),
      timers: new StoredTimers(database),
      outbox: new StoredOutbox(database, (dueAt) => {
        wake('outbox', dueAt);
      }),
    },
    retention: new StoredRetention(database),
    queries: new StoredQueries(database),
    migrated: database.migrated,
    pending: database.pending,
    integrity: () => database.integrity(),
    close: () => database.close(),
  };
}
