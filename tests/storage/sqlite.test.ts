import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Connection } from '../../src/storage/sqlite/driver.ts';
import { Writer } from '../../src/storage/sqlite/writer.ts';
import { StorageBusy, StorageUnusable, openStorage } from '../../src/storage/index.ts';
import { sqliteBench } from './bench.ts';

describe('the lock of the server', () => {
  const open = (url: string, use: 'server' | 'tool' | 'look') =>
    openStorage({ url, now: Date.now, wake: () => undefined, use });

  it('keeps a second server away, not the verbs beside it, and ends with the first', async () => {
    const bench = await sqliteBench();
    const url = `file:${bench.file}`;
    const first = await open(url, 'server');
    const refusal = `another itr-bot (pid ${process.pid}) runs on this database; stop it or use another DATABASE_URL`;
    await expect(open(url, 'server')).rejects.toThrow(new StorageUnusable(refusal));
    symlinkSync(bench.file, `${bench.file}.link`);
    await expect(open(`${url}.link`, 'server')).rejects.toThrow('another itr-bot');
    for (const use of ['tool', 'look'] as const) await (await open(url, use)).close();
    await first.close();
    await (await open(url, 'server')).close();
    await bench.close();
  });

  it('ends with a process that was killed', async () => {
    const bench = await sqliteBench();
    const url = `file:${bench.file}`;
    const script = fileURLToPath(new URL('holds-lock.mjs', import.meta.url));
    const holder = spawn(process.execPath, [script, `${bench.file}-server`, '60000']);
    await once(holder.stdout, 'data');
    await expect(open(url, 'server')).rejects.toThrow('another itr-bot');
    const killed = once(holder, 'exit');
    holder.kill('SIGKILL');
    await killed;
    await (await open(url, 'server')).close();
    await bench.close();
  });
});

describe('a SQLite connection', () => {
  it.each(['write', 'read'] as const)('to %s flushes each commit to the disk', async (mode) => {
    const bench = await sqliteBench();
    const connection = new Connection(bench.file, mode);
    expect(connection.all('PRAGMA synchronous')).toEqual([[2]]);
    expect(connection.all('PRAGMA journal_mode')).toEqual([['wal']]);
    expect(connection.all('PRAGMA busy_timeout')).toEqual([[0]]);
    expect(connection.all('PRAGMA foreign_keys')).toEqual([[1]]);
    connection.close();
    expect(await bench.storage.integrity()).toEqual([]);
    await bench.close();
  });

  it('to read refuses to write', async () => {
    const bench = await sqliteBench();
    const connection = new Connection(bench.file, 'read');
    expect(() => connection.run(`INSERT INTO key_values VALUES ('a', 'b')`)).toThrow('readonly');
    connection.close();
    await bench.close();
  });

  it('stores each kind of value as it is', () => {
    const connection = new Connection(':memory:', 'write');
    const values = [true, false, null, 1.5, -1, 2 ** 40, 7n, new Date(2 ** 41), 'a\0b', '👀中'];
    expect(connection.all(`SELECT ${values.map(() => '?').join(', ')}`, values)).toEqual([
      [1, 0, null, 1.5, -1, 2 ** 40, 7, 2 ** 41, 'a\ufffdb', '👀中'],
    ]);
    expect(connection.all('SELECT typeof(?)', [2 ** 40])).toEqual([['integer']]);
    expect(() => connection.all('SELECT ?', [Number.NaN])).toThrow(TypeError);
    connection.close();
  });
});

describe('under load and locks', () => {
  let bench: Awaited<ReturnType<typeof sqliteBench>>;
  beforeEach(async () => {
    bench = await sqliteBench();
  });
  afterEach(() => bench.close());

  const arriving = (id: string): Parameters<typeof bench.storage.inbox.accept>[0] => ({
    id,
    lane: id,
    platform: 'slack',
    payload: '{}',
    receivedAt: 0,
  });

  /** How often the event loop came round while `work` ran. Counted, not timed: a busy machine makes long gaps of its own. */
  async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
    let turns = 0;
    let running = true;
    const turn = (): void => {
      turns++;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    await work();
    running = false;
    return turns;
  }

  it('waits for a lock of another process without stopping the event loop', async () => {
    const holder = spawn(process.execPath, [
      fileURLToPath(new URL('holds-lock.mjs', import.meta.url)),
      bench.file,
      '3000',
    ]);
    const released = once(holder, 'exit');
    await once(holder.stdout, 'data');
    const patient = bench.storage.store.write((tx) => tx.setKeyValue('a', 'b'));
    const turns = await turnsDuring(async () => {
      // A platform that waits for its answer is told that nothing was stored, while the lock still lasts.
      await expect(bench.storage.inbox.accept(arriving('e1'))).rejects.toThrow(StorageBusy);
      expect(holder.exitCode).toBeNull();
      expect(await bench.storage.store.read.keyValue('a')).toBeNull();
      await patient;
    });
    // Blocked in the driver, it would come round once or twice in these seconds.
    expect(turns).toBeGreaterThan(100);
    expect(await bench.storage.store.read.keyValue('a')).toBe('b');
    expect(await bench.storage.inbox.accept(arriving('e1'))).toBe('stored');
    await released;
  });

  it('lets the event loop on while many transactions follow each other', async () => {
    const slow = (): void => {
      for (const end = performance.now() + 2; performance.now() < end;);
    };
    const turns = await turnsDuring(() =>
      Promise.all(Array.from({ length: 100 }, () => bench.storage.store.write(async () => slow()))),
    );
    // 200 ms of work; without a turn in between it would be two or three.
    expect(turns).toBeGreaterThan(5);
  });

  it('lets the door take turns with a long queue of other work', async () => {
    const order: string[] = [];
    const slow = (): void => {
      for (const end = performance.now() + 3; performance.now() < end;);
    };
    const work = Array.from({ length: 50 }, (_, i) =>
      bench.storage.store
        .write((tx) => {
          slow();
          return tx.nextNumber();
        })
        .then(() => order.push(`work ${i}`)),
    );
    const door = bench.storage.inbox.accept(arriving('e1')).then(() => order.push('door'));
    await Promise.all([...work, door]);
    expect(order.indexOf('door')).toBeLessThan(10);
  });

  it('takes one other work every ten milliseconds along with a crowd at the door, and all when it has gone', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const writer = new Writer(new Connection(bench.file, 'write'));
      const group = (): Promise<void> => writer.transaction(() => undefined, { line: 'urgent', serves: () => 250 });
      await group();
      vi.advanceTimersByTime(50);
      // 250 in 50 ms.
      await group();
      let done = 0;
      const work = Array.from({ length: 5 }, () => writer.transaction(() => (done += 1)));
      const counts: number[] = [];
      for (let ms = 0; ms < 30; ms += 5) {
        await group();
        counts.push(done);
        vi.advanceTimersByTime(5);
      }
      expect(counts).toEqual([1, 1, 2, 2, 3, 3]);
      vi.advanceTimersByTime(60);
      await Promise.all(work);
      expect(done).toBe(5);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps what others did whose commit is shared with a work that throws', async () => {
    const { store } = bench.storage;
    const set = (key: string, fails = false): Promise<void> =>
      store.write(async (tx) => {
        await tx.setKeyValue(key, 'x');
        if (fails) throw new Error('no');
      });
    const outcomes = await Promise.allSettled([set('a'), set('b', true), set('c'), set('d', true), set('e')]);
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false, true]);
    const kept = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => store.read.keyValue(key)));
    expect(kept).toEqual(['x', null, 'x', null, 'x']);
  });

  it('goes on after a commit that fails', async () => {
    const foreign = new Connection(bench.file, 'write');
    // A deferred constraint is only checked by the commit.
    foreign.script(
      `CREATE TABLE parent (a INTEGER PRIMARY KEY);
       CREATE TABLE child (a INTEGER REFERENCES parent (a) DEFERRABLE INITIALLY DEFERRED);
       CREATE TRIGGER breaks AFTER INSERT ON key_values WHEN NEW.key = 'bad' BEGIN INSERT INTO child VALUES (1); END;`,
    );
    foreign.close();
    const { store } = bench.storage;
    await expect(store.write((tx) => tx.setKeyValue('bad', 'x'))).rejects.toThrow('FOREIGN KEY');
    await store.write((tx) => tx.setKeyValue('good', 'y'));
    expect([await store.read.keyValue('bad'), await store.read.keyValue('good')]).toEqual([null, 'y']);
  });

  it('writes what was asked for before it closes, and refuses the rest', async () => {
    const asked = bench.storage.store.write((tx) => tx.setKeyValue('a', 'b'));
    const { storage } = bench;
    await bench.restart();
    await asked;
    expect(await bench.storage.store.read.keyValue('a')).toBe('b');
    await expect(storage.store.write((tx) => tx.setKeyValue('c', 'd'))).rejects.toThrow('closed');
    await expect(storage.inbox.accept(arriving('e1'))).rejects.toThrow('closed');
  });
});
