/** PostgreSQL where what is between it and the program fails, or what the engine should have is not there. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { openStorage } from '../../src/storage/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { PostgresDatabase } from '../../src/storage/postgres/database.ts';
import { StoredOutbox } from '../../src/storage/outbox.ts';
import type { OutboxRow } from '../../src/scheduler/ports.ts';
import { saying, T0 } from '../contract/storage-builders.ts';
import { postgresIsMissing, startPostgres } from '../support/postgres.ts';
import type { PostgresServer } from '../support/postgres.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';

const missing = postgresIsMissing();
const nobody: ReadonlySet<string> = new Set();
const until = (holds: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(holds, { timeout: 20_000, interval: 20 });

describe.skipIf(missing !== null)(`PostgreSQL, broken${missing === null ? '' : `: NOT tested: ${missing}`}`, () => {
  let server: PostgresServer;
  let url: string;
  const open: { close(): Promise<unknown> }[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    url = await server.database();
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const one of open.splice(0).reverse()) await one.close();
  });

  const start = async (at: string): Promise<{ readonly storage: Storage; readonly heard: string[] }> => {
    const heard: string[] = [];
    const storage = await openStorage({
      url: at,
      use: 'server',
      now: () => T0,
      wake: (loop) => heard.push(loop),
      changedElsewhere: (what) => heard.push(String(what)),
    });
    open.push(storage);
    return { storage, heard };
  };
  const through = async (replaced: Readonly<Record<string, string>> = {}): Promise<Proxy> => {
    const proxy = await startProxy(url, replaced);
    open.push(proxy);
    return proxy;
  };
  const event = (id: string, lane = 'l') => ({ id, lane, platform: 'slack', payload: '{}', receivedAt: T0 });
  const dueOf = async ({ storage }: Awaited<ReturnType<typeof start>>): Promise<string[]> =>
    (await storage.queues.inbox.due(T0, 9, nobody)).map(({ id }) => id);

  it('serves without LISTEN and NOTIFY: everybody looks for himself, also at what was bound in chat', async () => {
    const proxy = await through({ 'LISTEN itr': 'LISTEM itr', pg_notify: 'pg_notifx', idle_session: 'idle_sessiom' });
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const [a, b] = [await start(proxy.url), await start(proxy.url)];
    await a.storage.store.write((tx) =>
      tx.saveOverride({ team: 'db', person: 'li', from: T0, until: T0 + 1, by: 'mei' }),
    );
    await a.storage.inbox.accept(event('e'));
    expect(b.heard).toEqual([]);
    vi.advanceTimersByTime(5_000);
    expect(b.heard).toEqual(expect.arrayContaining(['inbox', 'timers', 'outbox', 'world']));
    expect(await dueOf(b)).toEqual(['e']);
  });

  it('takes lanes and lead from a process whose session broke, and that process knows it at once', async () => {
    const proxy = await through();
    const [a, b] = [await start(proxy.url), await start(url)];
    await a.storage.inbox.accept(event('e'));
    expect(await dueOf(a)).toEqual(['e']);
    expect(await a.storage.leads('digest')).toBe(true);
    proxy.refusing = true;
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'`,
    );
    await admin.end();
    await until(async () => {
      expect(await b.storage.leads('digest')).toBe(true);
      expect(await dueOf(b)).toEqual(['e']);
      // It can still read, and would go on with both.
      expect(await a.storage.leads('digest')).toBe(false);
      expect(await dueOf(a)).toEqual([]);
    });
  });

  it('takes them also from one that hangs or is cut off without a word', async () => {
    const proxy = await through({ "idle_session_timeout = '20s'": "idle_session_timeout = '01s'" });
    const [a, b] = [await start(proxy.url), await start(url)];
    await a.storage.inbox.accept(event('e'));
    expect(await dueOf(a)).toEqual(['e']);
    expect(await a.storage.leads('digest')).toBe(true);
    expect(await b.storage.leads('digest')).toBe(false);
    proxy.freeze();
    await until(async () => {
      expect(await b.storage.leads('digest')).toBe(true);
      expect(await dueOf(b)).toEqual(['e']);
    });
  });

  it('is back within seconds when connections were cut without a word', async () => {
    const proxy = await through();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const { storage, heard } = await start(proxy.url);
    expect(await storage.inbox.accept(event('e1'))).toBe('stored');
    proxy.freeze();
    heard.length = 0;
    const meanwhile = expect(storage.inbox.accept(event('e2'))).rejects.toThrow('the database cannot be reached');
    await vi.advanceTimersByTimeAsync(15_000);
    await meanwhile;
    expect(await storage.inbox.accept(event('e2'))).toBe('stored');
    await until(async () => {
      expect(heard).toContain('world');
      expect(await storage.leads('digest')).toBe(true);
    });
  });

  it('leaves no connection behind that was opened in vain', async () => {
    const proxy = await through({ 'LISTEN itr': 'SELECT 1/0' });
    await expect(start(proxy.url)).rejects.toThrow('division by zero');
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await until(async () => {
      const { rows } = await admin.query<{ count: string }>(
        `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'itr-bot%'`,
      );
      expect(rows).toEqual([{ count: '0' }]);
    });
    await admin.end();
  });

  describe('a transaction', () => {
    let database: PostgresDatabase;
    beforeEach(async () => {
      database = await PostgresDatabase.open(url, 'server', () => undefined);
      open.push(database);
    });
    const counted = async (): Promise<unknown> => (await database.reading.all('SELECT COUNT(*) FROM counters'))[0]?.[0];
    const COUNT = `INSERT INTO counters (name, value) VALUES ('x', 1)`;

    it('that took too long writes nothing afterwards', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      let goOn = (): void => undefined;
      const pause = new Promise<void>((resolve) => (goOn = resolve));
      let began = (): void => undefined;
      const beginning = new Promise<void>((resolve) => (began = resolve));
      let late: Promise<unknown> | null = null;
      const failed = database.transaction(async (sql) => {
        began();
        await pause;
        await (late = Promise.resolve(sql.run(COUNT)));
      });
      await beginning;
      const refused = expect(failed).rejects.toThrow('took more than 10 s');
      await vi.advanceTimersByTimeAsync(10_000);
      await refused;
      goOn();
      await vi.waitFor(() => expect(late).not.toBeNull());
      await expect(late).rejects.toThrow('has ended');
      expect(await counted()).toBe(0);
    });

    it('is not said to be done where a statement of it had failed', async () => {
      const done = database.transaction(async (sql) => {
        await sql.run(COUNT);
        await Promise.resolve(sql.all('SELECT 1 / 0')).catch(() => undefined);
      });
      await expect(done).rejects.toThrow('nothing was written');
      expect(await counted()).toBe(0);
    });
  });

  it('leases no row of a lane whose turn is past meanwhile, however it was found', async () => {
    const { storage } = await start(url);
    const database = await PostgresDatabase.open(url, 'tool', () => undefined);
    open.push(database);
    class Late extends StoredOutbox {
      /** As it would be when the lanes had been looked at before. */
      take({ id }: Pick<OutboxRow, 'id'>): Promise<readonly OutboxRow[]> {
        return this.lease([id], T0, T0 + 30_000);
      }
    }
    const late = new Late(database, () => undefined);
    const { outbox } = storage.queues;
    await storage.store.write((tx) => tx.enqueue([saying('a1'), saying('a2')]));
    const [first] = await outbox.claim(T0, T0 + 30_000, 9, nobody);
    if (first === undefined) throw new Error('nothing to claim');
    const second = { id: first.id + 1 };
    expect(await late.take(second)).toEqual([]);
    await outbox.retry(first, T0 + 100, 'HTTP 500', false);
    expect(await late.take(second)).toEqual([]);
    await outbox.sent(first, T0);
    expect(await late.take(second)).toMatchObject([{ key: 'a2' }]);
  });
});
