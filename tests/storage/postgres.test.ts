import { afterAll, beforeAll, describe, it } from 'vitest';

import { openStorage } from '../../src/storage/index.ts';
import { queuesContract } from '../contract/queues.ts';
import { storeContract } from '../contract/storage.ts';
import type { Bench } from '../contract/storage.ts';
import { T0 } from '../contract/storage-builders.ts';
import { watchContract } from '../contract/watch.ts';
import { postgresIsMissing, startPostgres } from '../support/postgres.ts';
import type { PostgresServer } from '../support/postgres.ts';

const missing = postgresIsMissing();
if (missing !== null) {
  describe('PostgreSQL', () => {
    it.skip(`was NOT tested: ${missing}`, () => undefined);
  });
} else {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  /** A database of its own for one test. */
  const bench = async (): Promise<Bench> => {
    const url = await server.database();
    const wakes: (readonly [string, number?])[] = [];
    let now = T0;
    const open = (): ReturnType<typeof openStorage> =>
      openStorage({
        url,
        use: 'server',
        now: () => now,
        wake: (loop, dueAt) => wakes.push(dueAt === undefined ? [loop] : [loop, dueAt]),
      });
    let storage = await open();
    return {
      wakes,
      get storage() {
        return storage;
      },
      setClock(to) {
        now = to;
      },
      async restart() {
        await storage.close();
        storage = await open();
      },
      close: () => storage.close(),
    };
  };

  storeContract('PostgreSQL', bench, 'ascending');
  queuesContract('PostgreSQL', bench);
  watchContract('PostgreSQL', bench);
}
