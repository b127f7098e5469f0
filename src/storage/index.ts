import { StoredInboxQueue } from './inbox.ts';
import { StoredOutbox } from './outbox.ts';
import { SqliteDatabase } from './sqlite/database.ts';
import { SqliteDoor } from './sqlite/door.ts';
import { common } from './storage.ts';
import type { Storage, StorageOptions } from './storage.ts';
import { StoredTimers } from './timers.ts';

export { StorageBusy, StorageUnusable } from './errors.ts';
export { newestMigrationAt } from './migrations.ts';
export type { Queries } from './queries.ts';
export type { Storage } from './storage.ts';

/**
 * Opens the database, creating (SQLite) and migrating it where needed.
 * @throws StorageUnusable (a MigrationError among them), StorageBusy
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  if (/^postgres(?:ql)?:/i.test(options.url)) {
    // Loaded only where it is used: its client is half of the program's memory again.
    const { openPostgres } = await import('./postgres/index.ts');
    return openPostgres(options);
  }
  const { url, now, wake, use = 'tool' } = options;
  const database = await SqliteDatabase.open(url, use);
  return {
    ...common(database, now, wake, () => undefined),
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
    leads: () => Promise.resolve(true),
    close: () => database.close(),
  };
}
