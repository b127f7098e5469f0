import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

  it('a database with another program’s tables is refused in one sentence, and nothing is put into it', async () => {
    const url = await server.database();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('CREATE TABLE tickets (a int)');
    await expect(openStorage({ url, use: 'server', now: () => T0, wake: () => undefined })).rejects.toThrow(
      /has tables of another program, .*; set DATABASE_URL to an empty database/,
    );
    const { rows } = await other.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
    await other.end();
    expect(rows).toEqual([{ tablename: 'tickets' }]);
  });

  storeContract('PostgreSQL', bench, 'ascending');
  queuesContract('PostgreSQL', bench);
  watchContract('PostgreSQL', bench);
}
