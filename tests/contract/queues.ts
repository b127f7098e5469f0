import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { OutboxRow } from '../../src/scheduler/ports.ts';
import type { Storage } from '../../src/storage/index.ts';
import { aNote, aTicket, aTimer, saying, staleCard, T0 } from './storage-builders.ts';
import type { Bench } from './storage.ts';

const nobody: ReadonlySet<string> = new Set();
const LEASE = 30_000;

/** What every database must do for the loops. */
export function queuesContract(name: string, open: () => Promise<Bench>): void {
  describe(`queues on ${name}`, () => {
    let bench: Bench;
    const write: Storage['store']['write'] = (work) => bench.storage.store.write(work);
    const inbox = (): Storage['queues']['inbox'] => bench.storage.queues.inbox;
    const timers = (): Storage['queues']['timers'] => bench.storage.queues.timers;
    const outbox = (): Storage['queues']['outbox'] => bench.storage.queues.outbox;
    beforeEach(async () => {
      bench = await open();
      bench.setClock(T0);
    });
    afterEach(() => bench.close());

    describe('inbox', () => {
      const accept = (id: string, lane = 'l1'): Promise<string> =>
        bench.storage.inbox.accept({ id, lane, platform: 'slack', payload: `{"id":"${id}"}`, receivedAt: T0 });
      const due = async (now = T0, busy = nobody, limit = 9): Promise<string[]> =>
        (await inbox().due(now, limit, busy)).map(({ id }) => id);
      const finish = (id: string): Promise<boolean> => write((tx) => tx.finishInbox(id));

      it('stores each event once, also where both come at the same moment or after it was handled', async () => {
        const outcomes = await Promise.all([accept('a'), accept('b'), accept('a')]);
        expect(outcomes).toEqual(['stored', 'stored', 'duplicate']);
        await finish('a');
        expect(await accept('a')).toBe('duplicate');
        await bench.restart();
        expect(await accept('b')).toBe('duplicate');
        expect(await inbox().due(T0, 9, nobody)).toEqual([
          { id: 'b', lane: 'l1', platform: 'slack', payload: '{"id":"b"}', receivedAt: T0, attempts: 0 },
        ]);
      });

      it('offers the oldest of each lane, and the next when that one has ended', async () => {
        for (const [id, lane] of [
          ['a1', 'a'],
          ['a2', 'a'],
          ['b1', 'b'],
          ['c1', 'c'],
          ['a3', 'a'],
        ] as const) {
          await accept(id, lane);
        }
        expect(await due()).toEqual(['a1', 'b1', 'c1']);
        expect(await due(T0, new Set(['a']), 1)).toEqual(['b1']);
        expect(await finish('a1')).toBe(true);
        expect(await finish('a1')).toBe(false);
        expect(await due()).toEqual(['a2', 'b1', 'c1']);
        await inbox().bury('a2', 'cannot be read');
        expect(await due()).toEqual(['b1', 'c1', 'a3']);
      });

      it('keeps a lane waiting with the row that failed', async () => {
        await accept('a1', 'a');
        await accept('a2', 'a');
        await accept('b1', 'b');
        await inbox().retry('a1', T0 + 100, 'later');
        expect(await due()).toEqual(['b1']);
        await finish('b1');
        expect(await inbox().nextDue()).toBe(T0 + 100);
        expect(await inbox().due(T0 + 100, 9, nobody)).toMatchObject([{ id: 'a1', attempts: 1 }]);
        await finish('a1');
        expect(await due()).toEqual(['a2']);
        await finish('a2');
        expect(await inbox().nextDue()).toBeNull();
      });

      it('handles an event although the clock was set back since it came', async () => {
        await accept('a1');
        expect(await due(T0 - 3_600_000)).toEqual(['a1']);
      });
    });

    describe('timers', () => {
      const plan = (...planned: ReturnType<typeof aTimer>[]): Promise<void> =>
        write(async (tx) => {
          const expectedSeq = (await tx.ticket(1)) === null ? 0 : 1;
          await tx.saveTicket({ ticket: aTicket(1, 1), expectedSeq, events: [], timers: planned });
        });

      it('offers what is due, earliest first', async () => {
        await plan(aTimer('late', T0 + 50), aTimer('b', T0), aTimer('a', T0 - 5));
        expect(await timers().due(T0, 9)).toEqual([
          { ticket: 1, timer: aTimer('a', T0 - 5) },
          { ticket: 1, timer: aTimer('b', T0) },
        ]);
        expect(await timers().nextDue()).toBe(T0 - 5);
      });

      it('takes a timer once, and not when it was moved meanwhile', async () => {
        const timer = aTimer('a', T0);
        await plan(timer);
        const fire = async (): Promise<boolean> =>
          (await write((tx) => tx.finishTimers([{ ticket: 1, timer }])))[0] === 'ours';
        await plan(aTimer('a', T0 + 9));
        expect(await fire()).toBe(false);
        await plan(aTimer('a', T0, { occurrence: 1 }));
        expect(await fire()).toBe(false);
        await plan(timer);
        expect(await Promise.all([fire(), fire()])).toEqual([true, false]);
        expect(await timers().nextDue()).toBeNull();
      });

      it('takes those of several tickets together, each that still stands, and of all or none', async () => {
        await write(async (tx) => {
          for (const number of [1, 2, 3])
            await tx.saveTicket({
              ticket: aTicket(number, 1),
              expectedSeq: 0,
              events: [aNote(1)],
              timers: [aTimer('a', T0 + number)],
            });
        });
        const rows = [1, 2, 3].map((ticket) => ({ ticket, timer: aTimer('a', T0 + (ticket === 2 ? 99 : ticket)) }));
        const fire = (fault?: Error): Promise<unknown> =>
          write(async (tx) => {
            const claims = await tx.finishTimers(rows);
            for (const [i, { ticket }] of rows.entries()) {
              if (claims[i] !== 'ours') continue;
              const seq = ((await tx.ticket(ticket))?.seq ?? 0) + 1;
              await tx.saveTicket({
                ticket: aTicket(ticket, seq),
                expectedSeq: seq - 1,
                events: [aNote(seq)],
                timers: [],
              });
              await tx.enqueue([saying(`rang/${ticket}`)]);
            }
            if (fault !== undefined) throw fault;
            return claims;
          });
        await expect(fire(new Error('no'))).rejects.toThrow('no');
        expect(await timers().due(T0 + 9, 9)).toHaveLength(3);
        expect(await fire()).toEqual(['ours', 'others', 'ours']);
        expect(await timers().due(T0 + 9, 9)).toEqual([{ ticket: 2, timer: aTimer('a', T0 + 2) }]);
        const { read } = bench.storage.store;
        for (const [number, seq] of [
          [1, 2],
          [2, 1],
          [3, 2],
        ] as const) {
          expect((await read.ticket(number))?.seq).toBe(seq);
          expect(await read.timeline(number)).toHaveLength(seq);
        }
        const said = await outbox().claim(T0, T0 + LEASE, 9, nobody);
        expect(said.map(({ key }) => key)).toEqual(['rang/1']);
      });

      it('postpones the try, not the timer', async () => {
        const timer = aTimer('a', T0);
        await plan(timer);
        await timers().postpone(1, 'a', T0 + 100);
        expect(await timers().due(T0 + 99, 9)).toEqual([]);
        await plan(timer);
        expect(await timers().nextDue()).toBe(T0 + 100);
        expect(await timers().due(T0 + 100, 9)).toEqual([{ ticket: 1, timer }]);
      });
    });

    describe('outbox', () => {
      const enqueue = (...rows: Parameters<typeof saying>[0][]): Promise<void> =>
        write((tx) => tx.enqueue(rows.map((key) => saying(key))));
      const claim = (now = T0, busy = nobody): Promise<readonly OutboxRow[]> =>
        outbox().claim(now, now + LEASE, 9, busy);
      const keys = (rows: readonly OutboxRow[]): string[] => rows.map(({ key }) => key);
      const one = async (now = T0): Promise<OutboxRow> => {
        const [row] = await claim(now);
        if (row === undefined) throw new Error('nothing to claim');
        return row;
      };

      it('says nothing twice, and tells the loop when it is due', async () => {
        await enqueue('a', 'a');
        await enqueue('a');
        expect(bench.wakes).toEqual([['outbox', T0]]);
        const row = await one();
        const { delivery, lane, ticket } = saying('a');
        expect(row).toMatchObject({ delivery, lane, ticket, attempts: 0, createdAt: T0, unknown: false, version: 1 });
        await outbox().sent(row, T0);
        await enqueue('a');
        expect(await outbox().nextDue(nobody)).toBeNull();
      });

      it('sends the rows of a lane one after the other, lanes beside each other', async () => {
        await write((tx) =>
          tx.enqueue([
            saying('a1'),
            saying('a2'),
            saying('b1', { lane: 'slack:C2' }),
            saying('c1', { lane: 'feishu:C' }),
          ]),
        );
        const rows = await claim(T0, new Set(['feishu:C']));
        expect(keys(rows)).toEqual(['a1', 'b1']);
        expect(keys(await claim())).toEqual(['c1']);
        expect(await outbox().nextDue(nobody)).toBe(T0 + LEASE);
        for (const row of rows) await outbox().sent(row, T0);
        expect(await outbox().nextDue(new Set(['slack:C1']))).toBe(T0 + LEASE);
        expect(await outbox().nextDue(nobody)).toBe(T0);
        expect(keys(await claim())).toEqual(['a2']);
      });

      it('keeps a lane waiting for a row that is tried again', async () => {
        await enqueue('a1', 'a2');
        await outbox().retry(await one(), T0 + 100, 'HTTP 500', true);
        expect(await claim()).toEqual([]);
        expect(await outbox().nextDue(nobody)).toBe(T0 + 100);
        const [again] = await claim(T0 + 100);
        expect(again).toMatchObject({ key: 'a1', attempts: 1, unknown: true });
      });

      it('lets others pass a row that is not due yet, and a card that is tried again', async () => {
        await write((tx) => tx.enqueue([staleCard('t1'), saying('a1', { dueAt: T0 + 50 }), saying('a2')]));
        await outbox().retry(await one(), T0 + 100, 'rate limited', false);
        const row = await one();
        expect(row.key).toBe('a2');
        await outbox().sent(row, T0);
        expect(await claim()).toEqual([]);
        expect(await outbox().nextDue(nobody)).toBe(T0 + 50);
      });

      it('counts how long a row waits from when it is due: one kept through quiet hours is no queue that stands still', async () => {
        const HOUR = 3_600_000;
        const waits = async (now: number): Promise<number> => (await outbox().depth(now)).oldestMs;
        await write((tx) => tx.enqueue([saying('a1', { dueAt: T0 + 8 * HOUR })]));
        expect(await outbox().depth(T0 + 7 * HOUR)).toEqual({ waiting: 1, oldestMs: 0, dead: 0 });
        expect(await waits(T0 + 8 * HOUR + 5)).toBe(5);
        await outbox().bury(await one(T0 + 8 * HOUR), T0 + 8 * HOUR, 'channel_not_found');
        await outbox().reviveAll(T0 + 9 * HOUR);
        expect(await waits(T0 + 9 * HOUR + 7)).toBe(7);
        await enqueue('b1');
        await outbox().retry(await one(), T0 + 9 * HOUR, 'rate limited', false);
        expect(await waits(T0 + HOUR)).toBe(HOUR);
      });

      it('is one row for a stale card, however often it is marked, due at the earliest of them', async () => {
        const mark = (dueAt: number): Promise<void> =>
          write((tx) => tx.enqueue([staleCard('t1', { key: `k${dueAt}`, dueAt })]));
        await mark(T0 + 10);
        await mark(T0 + 5);
        await mark(T0 + 50);
        expect(await outbox().nextDue(nobody)).toBe(T0 + 5);
        const row = await one(T0 + 5);
        expect(row.version).toBe(3);
        await mark(T0 + 60);
        await outbox().sent(row, T0 + 61);
        const again = await one(T0 + 61);
        expect(again).toMatchObject({ id: row.id, version: 4, attempts: 0 });
        await outbox().sent(again, T0 + 62);
        expect(await outbox().nextDue(nobody)).toBeNull();
        await enqueue('said meanwhile');
        await mark(T0 + 70);
        expect(keys(await claim(T0 + 70))).toEqual(['said meanwhile']);
      });

      it('does not try a card earlier because it was marked again', async () => {
        await write((tx) => tx.enqueue([staleCard('t1')]));
        await outbox().retry(await one(), T0 + 100, 'Retry-After', false);
        await write((tx) => tx.enqueue([staleCard('t1')]));
        expect(await outbox().nextDue(nobody)).toBe(T0 + 100);
      });

      it('gives the row of a dead process to another, marked as possibly sent', async () => {
        await enqueue('a1', 'a2');
        await one();
        await bench.restart();
        expect(await claim(T0 + LEASE - 1)).toEqual([]);
        expect(await outbox().nextDue(nobody)).toBe(T0 + LEASE);
        expect(await claim(T0 + LEASE)).toMatchObject([{ key: 'a1', unknown: true }]);
      });

      it('keeps the doubt about a row whose first holder, thought dead, puts it back after all', async () => {
        await enqueue('a1');
        const first = await one();
        expect(await one(T0 + LEASE)).toMatchObject({ unknown: true });
        await outbox().retry(first, T0 + LEASE + 1, 'HTTP 503', false);
        expect(await one(T0 + LEASE + 1)).toMatchObject({ key: 'a1', unknown: true });
      });

      it('shows dead letters, out of the way, and revives them', async () => {
        await enqueue('a1', 'a2');
        await outbox().bury(await one(), T0 + 7, 'channel_not_found');
        expect(await outbox().deadLetters(9)).toMatchObject([
          { key: 'a1', kind: 'say', attempts: 1, createdAt: T0, diedAt: T0 + 7, error: 'channel_not_found' },
        ]);
        const next = await one();
        expect(next.key).toBe('a2');
        expect(await outbox().depth(T0 + 10)).toEqual({ waiting: 1, oldestMs: 10, dead: 1 });
        await outbox().sent(next, T0);
        const [dead] = await outbox().deadLetters(9);
        expect(await outbox().revive(dead?.id ?? 0, T0)).toBe(true);
        expect(await outbox().revive(dead?.id ?? 0, T0)).toBe(false);
        expect(await outbox().reviveAll(T0)).toBe(0);
        expect(await one()).toMatchObject({ key: 'a1', attempts: 0 });
      });
    });
  });
}
