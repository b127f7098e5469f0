import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { OutboxRow } from '../../src/scheduler/ports.ts';
import type { WatchQueries } from '../../src/storage/audit-queries.ts';
import type { Storage } from '../../src/storage/index.ts';
import { recall, record } from '../../src/watch/record.ts';
import type { Symptom } from '../../src/watch/symptoms.ts';
import { aTicket, aTimer, saying, T0 } from './storage-builders.ts';
import type { Bench } from './storage.ts';

const nobody: ReadonlySet<string> = new Set();

const SYMPTOM: Symptom = {
  name: 'late_timer',
  since: T0,
  about: { kind: 'late_timer', ticket: 7, ms: 9_000 },
  mark: 0,
  saidAt: 5,
  wellFrom: null,
};

/** What every database must tell the self-watch. */
export function watchContract(name: string, open: () => Promise<Bench>): void {
  describe(`what the self-watch asks of ${name}`, () => {
    let bench: Bench;
    const write: Storage['store']['write'] = (work) => bench.storage.store.write(work);
    const watch = (): WatchQueries => bench.storage.queries.watch;
    beforeEach(async () => {
      bench = await open();
      bench.setClock(T0);
    });
    afterEach(() => bench.close());

    const enqueue = (key: string, dueAt = T0): Promise<void> =>
      write((tx) => tx.enqueue([saying(key, { lane: `slack:${key}`, dueAt })]));
    async function claimed(key: string): Promise<OutboxRow> {
      const row = (await bench.storage.queues.outbox.claim(T0, T0 + 30_000, 9, nobody)).find((one) => one.key === key);
      if (row === undefined) throw new Error(`${key} is not due`);
      return row;
    }

    it('an empty database has nothing to tell', async () => {
      expect(await watch().waiting(T0)).toEqual({
        timers: { overdueMs: 0, ticket: null },
        inbox: { waiting: 0, oldestMs: 0 },
        outbox: { due: 0, oldestMs: 0, failing: null },
        deadLetters: { count: 0, newestAt: null },
        buriedEvents: { count: 0, newestAt: null },
      });
    });

    it('the timer that is overdue the longest, also where it was put off after a failure', async () => {
      for (const [number, dueAt] of [
        [1, T0 + 5_000],
        [2, T0 + 1_000],
        [3, T0 + 60_000],
      ] as const) {
        const timers = [aTimer('a', dueAt)];
        await write((tx) => tx.saveTicket({ ticket: aTicket(number, 1), expectedSeq: 0, events: [], timers }));
      }
      expect((await watch().waiting(T0)).timers).toEqual({ overdueMs: 0, ticket: null });
      const late = { overdueMs: 9_000, ticket: 2 };
      expect((await watch().waiting(T0 + 10_000)).timers).toEqual(late);
      await bench.storage.queues.timers.postpone(2, 'a', T0 + 15_000);
      expect((await watch().waiting(T0 + 10_000)).timers).toEqual(late);
    });

    it('events that wait, and those that were given up', async () => {
      for (const [id, receivedAt] of [
        ['a', T0],
        ['b', T0 + 4_000],
        ['c', T0 + 6_000],
      ] as const)
        await bench.storage.inbox.accept({ id, lane: id, platform: 'slack', payload: '{}', receivedAt });
      bench.setClock(T0 + 5_000);
      await bench.storage.queues.inbox.bury('a', 'a bug');
      const { inbox, buriedEvents } = await watch().waiting(T0 + 10_000);
      expect(inbox).toEqual({ waiting: 2, oldestMs: 6_000 });
      expect(buriedEvents).toEqual({ count: 1, newestAt: T0 + 5_000 });
    });

    it('messages that are due, not those of later; one that fails stays known while it waits for its next try', async () => {
      await enqueue('now');
      await enqueue('later', T0 + 3_600_000);
      expect((await watch().waiting(T0 + 7_000)).outbox).toEqual({ due: 1, oldestMs: 7_000, failing: null });
      const row = await claimed('now');
      expect((await watch().waiting(T0)).outbox).toMatchObject({ due: 1, failing: null });
      await bench.storage.queues.outbox.retry(row, T0 + 300_000, 'HTTP 500', false);
      expect((await watch().waiting(T0 + 60_000)).outbox).toEqual({ due: 1, oldestMs: 0, failing: row.id });
    });

    it('a message that was put off by ourselves neither waits nor fails', async () => {
      await enqueue('digest');
      await bench.storage.queues.outbox.retry(await claimed('digest'), T0 + 3_600_000, '', false);
      expect((await watch().waiting(T0 + 60_000)).outbox).toEqual({ due: 0, oldestMs: 0, failing: null });
    });

    it('dead letters, but not those that would have told of one', async () => {
      await enqueue('lost');
      await enqueue('symptom:dead_letters:1:begun:slack:C1');
      const rows = await bench.storage.queues.outbox.claim(T0, T0 + 30_000, 9, nobody);
      for (const row of rows) await bench.storage.queues.outbox.bury(row, T0 + row.id, 'channel_not_found');
      const lost = rows.find(({ key }) => key === 'lost');
      expect((await watch().waiting(T0)).deadLetters).toEqual({ count: 1, newestAt: T0 + (lost?.id ?? 0) });
    });

    it('its own clock, where it has one: near that of this machine, which is the same', async () => {
      const clock = await watch().clock();
      expect(Math.abs((clock ?? Date.now()) - Date.now())).toBeLessThan(60_000);
    });

    it('key-values by how their keys begin', async () => {
      await write(async (tx) => {
        await tx.setKeyValue('gone:slack:C2', '2');
        await tx.setKeyValue('gone:slack:C1', '1');
        await tx.setKeyValue('trouble:slack', '{}');
      });
      expect(await watch().noted('gone:')).toEqual([
        { key: 'gone:slack:C1', value: '1' },
        { key: 'gone:slack:C2', value: '2' },
      ]);
    });

    describe('what was said of a symptom', () => {
      const begin = (symptom = SYMPTOM): Promise<string | null> => write((tx) => record(tx, 'begun', symptom, T0));
      const end = (): Promise<string | null> => write((tx) => record(tx, 'over', SYMPTOM, T0 + 60_000));

      it('is said once, also where two processes see it at the same moment; so is its end', async () => {
        const keys = await Promise.all([begin(), begin()]);
        expect(keys.filter((key) => key !== null)).toEqual(['symptom:late_timer:1:begun']);
        expect(await begin()).toBeNull();
        const ends = await Promise.all([end(), end()]);
        expect(ends.filter((key) => key !== null)).toEqual(['symptom:late_timer:1:over']);
        expect(await end()).toBeNull();
      });

      it('is said again when it begins again, or has something new to say', async () => {
        await begin();
        await end();
        expect(await begin()).toBe('symptom:late_timer:2:begun');
        expect(await begin({ ...SYMPTOM, mark: 1 })).toBe('symptom:late_timer:3:begun');
      });

      it('is known after a restart for as long as it lasts', async () => {
        await begin();
        await bench.restart();
        expect(await recall(bench.storage.queries, 42)).toEqual([{ ...SYMPTOM, saidAt: 42 }]);
        await end();
        expect(await recall(bench.storage.queries, 42)).toEqual([]);
      });
    });
  });
}
