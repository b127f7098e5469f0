/** Several processes on one PostgreSQL. Here they are several storages, each with its own connections and session, which is all they share in life. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { createDesk } from '../../src/desk/perform.ts';
import { createInboxStep } from '../../src/scheduler/inbox.ts';
import { createLoop } from '../../src/scheduler/loop.ts';
import type { Loop } from '../../src/scheduler/loop.ts';
import { createOutboxStep } from '../../src/scheduler/outbox.ts';
import { createTimersStep } from '../../src/scheduler/timers.ts';
import { openStorage } from '../../src/storage/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { aNote, aTicket, aTimer, claimed, saying, T0 } from '../contract/storage-builders.ts';
import { postgresIsMissing, startPostgres } from '../support/postgres.ts';
import type { PostgresServer } from '../support/postgres.ts';
import { CAPTURE, lin, worldWith } from '../support/world.ts';

const missing = postgresIsMissing();
const until = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 20_000, interval: 20 });

/** One process: its storage, its loops, and what it did. */
interface Process {
  readonly name: string;
  readonly storage: Storage;
  readonly loops: Partial<Record<'inbox' | 'timers' | 'outbox', Loop>>;
  readonly heard: string[];
  stop(): Promise<void>;
}

describe.skipIf(missing !== null)(
  `several processes on PostgreSQL${missing === null ? '' : `: NOT tested: ${missing}`}`,
  () => {
    let server: PostgresServer;
    let url: string;
    const processes: Process[] = [];
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());
    beforeEach(async () => {
      url = await server.database();
    });
    afterEach(async () => {
      await Promise.all(processes.splice(0).map((process) => process.stop()));
    });

    const start = async (name: string): Promise<Process> => {
      const loops: Process['loops'] = {};
      const heard: string[] = [];
      const storage = await openStorage({
        url,
        use: 'server',
        now: () => T0,
        wake: (loop, dueAt) => {
          heard.push(dueAt === undefined ? loop : `${loop}@${dueAt}`);
          loops[loop]?.nudge(dueAt);
        },
        changedElsewhere: (what) => heard.push(String(what)),
      });
      const process: Process = {
        name,
        storage,
        loops,
        heard,
        async stop() {
          await Promise.all(Object.values(loops).map((loop) => loop.stop()));
          await storage.close();
        },
      };
      processes.push(process);
      return process;
    };
    const both = (): Promise<[Process, Process]> => Promise.all([start('A'), start('B')]);
    const failed = (error: unknown): never => {
      throw error;
    };
    const run = (
      process: Process,
      which: 'inbox' | 'timers' | 'outbox',
      step: Parameters<typeof createLoop>[0]['step'],
    ) => {
      const loop = (process.loops[which] = createLoop({ step, now: () => T0, failed }));
      loop.start();
    };
    const clock = { now: () => T0 };
    const common = { clock, chance: () => 0.5 };

    it('handle each event once, those of a lane in the order they came', async () => {
      const [a, b] = await both();
      const handled: string[] = [];
      const busy = new Set<string>();
      for (const process of [a, b]) {
        const { step } = createInboxStep({
          isEarly: () => false,
          isAway: () => false,
          ...common,
          inbox: process.storage.queues.inbox,
          failed: (_row, error) => failed(error),
          nudge: () => process.loops.inbox?.nudge(),
          handle: async (row) => {
            expect(busy.has(row.lane)).toBe(false);
            busy.add(row.lane);
            await process.storage.store.write(async (tx) => {
              if (await tx.finishInbox(row.id)) handled.push(row.id);
            });
            busy.delete(row.lane);
          },
        });
        run(process, 'inbox', step);
      }
      const lanes = Array.from({ length: 12 }, (_, lane) => `slack:C${lane}`);
      await Promise.all(
        lanes.map(async (lane) => {
          for (let n = 0; n < 20; n++) {
            const event = { id: `${lane}/${n}`, lane, platform: 'slack', payload: '{}', receivedAt: T0 };
            // A platform may send an event again, to another process.
            await Promise.all([
              (n % 2 ? a : b).storage.inbox.accept(event),
              (n % 3 ? a : b).storage.inbox.accept(event),
            ]);
          }
        }),
      );
      await until(() => {
        expect(handled).toHaveLength(12 * 20);
      });
      for (const lane of lanes)
        expect(handled.filter((id) => id.startsWith(`${lane}/`))).toEqual(
          Array.from({ length: 20 }, (_, n) => `${lane}/${n}`),
        );
    });

    it('ring each timer once', async () => {
      const [a, b] = await both();
      const rung: string[] = [];
      await a.storage.store.write(async (tx) => {
        for (let n = 1; n <= 150; n++)
          await tx.saveTicket({
            ticket: aTicket(n, 1),
            expectedSeq: 0,
            events: [],
            timers: [aTimer('x', T0), aTimer('y', T0)],
          });
      });
      for (const process of [a, b])
        run(
          process,
          'timers',
          createTimersStep({
            timers: process.storage.queues.timers,
            clock,
            failed: (_row, error) => failed(error),
            fired: () => undefined,
            fire: (rows) =>
              process.storage.store.write(async (tx) => {
                const claims = await tx.finishTimers(rows);
                for (const [i, { ticket, timer }] of rows.entries()) {
                  if (claims[i] !== 'ours') continue;
                  // What it causes changes the ticket, whose other timer another process may be at.
                  const before = await tx.ticket(ticket);
                  const seq = (before?.seq ?? 0) + 1;
                  const timers = (await tx.timersOf(ticket)).filter(({ clock: one }) => one !== timer.clock);
                  await tx.saveTicket({
                    ticket: aTicket(ticket, seq),
                    expectedSeq: seq - 1,
                    events: [aNote(seq)],
                    timers,
                  });
                  rung.push(`${ticket}/${timer.clock}`);
                }
                return claims;
              }),
          }),
        );
      await until(() => {
        expect(rung).toHaveLength(300);
      });
      expect(new Set(rung).size).toBe(300);
      expect(await a.storage.queues.timers.nextDue()).toBeNull();
    });

    it('bring the rows of a lane outside from one process at a time, in order', async () => {
      const [a, b] = await both();
      const sent: string[] = [];
      const busy = new Set<string>();
      for (const process of [a, b]) {
        const { step } = createOutboxStep({
          ...common,
          outbox: process.storage.queues.outbox,
          deliver: async (row) => {
            expect(busy.has(row.lane)).toBe(false);
            busy.add(row.lane);
            await new Promise((resolve) => setImmediate(resolve));
            sent.push(row.key);
            busy.delete(row.lane);
            return 'sent';
          },
          failureOf: () => null,
          isAway: () => false,
          gapOf: () => 0,
          done: () => undefined,
          failed: (_row, error) => failed(error),
          nudge: (dueAt) => process.loops.outbox?.nudge(dueAt),
        });
        run(process, 'outbox', step);
      }
      const lanes = Array.from({ length: 10 }, (_, lane) => `slack:C${lane}`);
      for (let n = 0; n < 15; n++)
        await (n % 2 ? a : b).storage.store.write((tx) =>
          tx.enqueue(lanes.map((lane) => saying(`${lane}/${String(n).padStart(2, '0')}`, { lane }))),
        );
      await until(() => {
        expect(sent).toHaveLength(150);
      });
      for (const lane of lanes) {
        const own = sent.filter((key) => key.startsWith(`${lane}/`));
        expect(own).toEqual([...own].sort());
      }
    });

    it('give each of 1,000 tickets that two claim at once one owner', async () => {
      const [a, b] = await both();
      await a.storage.store.write(async (tx) => {
        for (let n = 1; n <= 1_000; n++)
          await tx.saveTicket({ ticket: aTicket(n, 1), expectedSeq: 0, events: [aNote(1)], timers: [] });
      });
      const claim = (process: Process, number: number): Promise<boolean> =>
        process.storage.store.write(async (tx) => {
          const ticket = await tx.ticket(number);
          if (ticket?.status !== 'draft') return false;
          const next = claimed({ ...ticket, seq: 2 });
          await tx.saveTicket({ ticket: next, expectedSeq: 1, events: [aNote(2, process.name)], timers: [] });
          return true;
        });
      const owners: number[] = [];
      const numbers = Array.from({ length: 1_000 }, (_, i) => i + 1);
      await Promise.all(
        [a, b].map((process) =>
          Promise.all(numbers.map(async (number) => (await claim(process, number)) && owners.push(number))),
        ),
      );
      expect(owners.sort((x, y) => x - y)).toEqual(numbers);
    });

    it.each(['round_robin', 'least_loaded'])('share the tickets of a team out as one would: %s', async (how) => {
      const at = Date.parse('2026-11-20T10:00:00+08:00');
      const shared = worldWith(['ola: standard, assign: duty', `ola: standard, assign: ${how}`]);
      const owners: string[] = [];
      const desks = (await both()).map(({ storage }) => {
        const world = { current: () => shared, policy: () => shared.policy, refresh: () => Promise.resolve() };
        const desk = createDesk({ clock: { now: () => at }, world, addresses: () => [] });
        return async () => {
          const { ticket } = await storage.store.write((tx) =>
            desk.capture(tx, { ...CAPTURE, thread: null, firstMessageAt: at }, lin),
          );
          owners.push('assignee' in ticket ? ticket.assignee.id : 'nobody');
        };
      });
      await Promise.all(Array.from({ length: 9 }, () => desks.map((raise) => raise())).flat());
      expect(owners.sort()).toEqual(['li', 'mei', 'wei'].flatMap((owner) => Array.from({ length: 6 }, () => owner)));
    });

    it('that wait for each other are both served', async () => {
      const [a, b] = await both();
      await a.storage.store.write(async (tx) => {
        for (const n of [1, 2]) await tx.saveTicket({ ticket: aTicket(n, 1), expectedSeq: 0, events: [], timers: [] });
      });
      let met = 0;
      let meet = (): void => undefined;
      const meeting = new Promise<void>((resolve) => (meet = resolve));
      const change = (process: Process, order: readonly number[]): Promise<void> =>
        process.storage.store.write(async (tx) => {
          for (const number of order) {
            const before = await tx.ticket(number);
            const seq = (before?.seq ?? 0) + 1;
            await tx.saveTicket({
              ticket: aTicket(number, seq),
              expectedSeq: seq - 1,
              events: [aNote(seq)],
              timers: [],
            });
            // Each has its first ticket before either asks for its second.
            met += 1;
            if (met >= 2) meet();
            await meeting;
          }
        });
      await Promise.all([change(a, [1, 2]), change(b, [2, 1])]);
      for (const number of [1, 2]) expect((await a.storage.store.read.ticket(number))?.seq).toBe(3);
    });

    it('tell each other what became due and what was bound', async () => {
      const [a, b] = await both();
      await a.storage.store.write(async (tx) => {
        await tx.saveTicket({ ticket: aTicket(7, 1), expectedSeq: 0, events: [], timers: [aTimer('x', T0 + 5)] });
        await tx.enqueue([saying('hello')]);
        await tx.saveOverride({ team: 'db', person: 'li', from: T0, until: T0 + 1, by: 'mei' });
      });
      await a.storage.inbox.accept({ id: 'e', lane: 'l', platform: 'slack', payload: '{}', receivedAt: T0 });
      await until(() => {
        expect(b.heard).toEqual(expect.arrayContaining([`timers@${T0 + 5}`, `outbox@${T0}`, 'inbox', 'world', '7']));
      });
      // Its own words are not told to itself: it has only looked, as it does every few seconds.
      const often = (word: string): number => a.heard.filter((heard) => heard === word).length;
      expect(often('world')).toBe(often('timers'));
    });

    it('tell each other who somebody has confirmed to be, and ask him in one place only', async () => {
      const [a, b] = await both();
      const asked = { platform: 'slack', user: 'U1', person: 'wei', by: 'email', askedAt: T0 } as const;
      const ask = (one: typeof a): Promise<boolean> => one.storage.store.write((tx) => tx.askPerson(asked));
      expect([await ask(a), await ask(b)]).toEqual([true, false]);
      b.heard.length = 0;
      const answer = { platform: 'slack', user: 'U1', person: 'wei', state: 'confirmed', at: T0 + 1 } as const;
      await a.storage.store.write((tx) => tx.answerPerson(answer));
      await until(() => {
        expect(b.heard).toContain('world');
      });
      expect(await b.storage.store.read.personLink('slack', 'U1')).toMatchObject({ person: 'wei', state: 'confirmed' });
    });

    it('have one leader, and another when that one is gone', async () => {
      const [a, b] = await both();
      expect(await a.storage.leads('digest')).toBe(true);
      expect(await b.storage.leads('digest')).toBe(false);
      expect(await b.storage.leads('wecom')).toBe(true);
      expect(await a.storage.leads('digest')).toBe(true);
      processes.splice(processes.indexOf(a), 1);
      await a.stop();
      expect(await b.storage.leads('digest')).toBe(true);
    });

    it('take over the lanes of one whose connection broke, and it comes back', async () => {
      const [a, b] = await both();
      const nobody: ReadonlySet<string> = new Set();
      await a.storage.inbox.accept({ id: 'e', lane: 'l', platform: 'slack', payload: '{}', receivedAt: T0 });
      expect(await a.storage.queues.inbox.due(T0, 9, nobody)).toHaveLength(1);
      expect(await b.storage.queues.inbox.due(T0, 9, nobody)).toHaveLength(0);
      // It is not asked in a circle whether the other is done.
      expect(await b.storage.queues.inbox.nextDue()).toBeGreaterThan(T0);
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'`,
      );
      await admin.end();
      await until(() => {
        // Woken when its session is there again.
        expect(a.heard.filter((word) => word === 'timers').length).toBeGreaterThan(0);
      });
      expect(await b.storage.queues.inbox.due(T0, 9, nobody)).toHaveLength(1);
      expect(await a.storage.queues.inbox.due(T0, 9, nobody)).toHaveLength(0);
    });
  },
);

describe.skipIf(missing !== null)('PostgreSQL that goes away', () => {
  it('costs the work of that moment an error, and nothing more', async () => {
    const server = await startPostgres({ durable: true });
    const storage = await openStorage({
      url: await server.database(),
      use: 'server',
      now: () => T0,
      wake: () => undefined,
    });
    const event = (id: string) => ({ id, lane: 'l', platform: 'slack', payload: '{}', receivedAt: T0 });
    expect(await storage.inbox.accept(event('before'))).toBe('stored');
    await server.kill();
    await expect(storage.inbox.accept(event('meanwhile'))).rejects.toThrow('the database cannot be reached');
    await expect(storage.store.write((tx) => tx.nextNumber())).rejects.toThrow('the database cannot be reached');
    await server.start();
    expect(await storage.inbox.accept(event('before'))).toBe('duplicate');
    expect(await storage.inbox.accept(event('after'))).toBe('stored');
    await vi.waitFor(
      async () => {
        expect(await storage.queues.inbox.due(T0, 9, new Set())).toMatchObject([{ id: 'before' }]);
      },
      { timeout: 20_000, interval: 100 },
    );
    await storage.close();
    await server.stop();
  });

  it.each([
    ['nobody listens', (url: URL) => ((url.port = '1'), url), /no PostgreSQL answers at 127\.0\.0\.1:1; start it/],
    [
      'there is no such database',
      (url: URL) => ((url.pathname = '/nothing'), url),
      /has no database nothing; make it with: createdb nothing/,
    ],
    ['there is no such user', (url: URL) => ((url.username = 'who'), url), /refuses the user who/],
  ])('%s: one sentence says what to do', async (_what, wrong, sentence) => {
    const server = await startPostgres();
    const url = wrong(new URL(await server.database())).href;
    await expect(openStorage({ url, use: 'server', now: () => T0, wake: () => undefined })).rejects.toThrow(sentence);
    await server.stop();
  });
});
