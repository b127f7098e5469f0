/** The steps of inbox and outbox on a real, embedded database, where what fails is not the platform. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createInboxStep } from '../../src/scheduler/inbox.ts';
import { createOutboxStep, LEASE_MS } from '../../src/scheduler/outbox.ts';
import type { Failure, OutboxDeps } from '../../src/scheduler/outbox.ts';
import type { OutboxRow } from '../../src/scheduler/ports.ts';
import { StorageBusy } from '../../src/storage/errors.ts';
import { openStorage } from '../../src/storage/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { isTrouble } from '../../src/storage/trouble.ts';
import { saying, T0 } from '../contract/storage-builders.ts';

let storage: Storage;
let now = T0;
const clock = { now: () => now };
beforeEach(async () => {
  now = T0;
  storage = await openStorage({ url: 'file::memory:', use: 'server', now: clock.now, wake: () => undefined });
});
afterEach(() => storage.close());

describe('the outbox', () => {
  const bench = (deliver: OutboxDeps['deliver'], failureOf: OutboxDeps['failureOf'] = () => null) =>
    createOutboxStep({
      outbox: storage.queues.outbox,
      clock,
      chance: () => 0.5,
      deliver,
      failureOf,
      isAway: isTrouble,
      gapOf: () => 0,
      done: () => undefined,
      failed: () => undefined,
      nudge: () => undefined,
    });

  it('has a message looked for whose sending could not be remembered, instead of sent again', async () => {
    await storage.store.write((tx) => tx.enqueue([saying('a1')]));
    const tried: Pick<OutboxRow, 'unknown'>[] = [];
    const sender = bench((row) => {
      tried.push({ unknown: row.unknown });
      // It is out; the database was locked when that was to be written down.
      return tried.length === 1 ? Promise.reject(new StorageBusy()) : Promise.resolve('sent');
    });
    for (let tries = 0; tries < 2; tries++) {
      await sender.step();
      await sender.idle();
      now += 10_000;
    }
    expect(tried).toEqual([{ unknown: false }, { unknown: true }]);
  });

  it('counts a rest that the platform asked for as no attempt of those that were not tried', async () => {
    const limited: Failure = { permanent: false, retryAfterMs: 1_000, unknown: false, scope: 'platform' };
    await storage.store.write((tx) => tx.enqueue([saying('a1'), saying('b1', { lane: 'slack:C2', dueAt: T0 + 500 })]));
    const tried: string[] = [];
    const sender = bench(
      ({ key, attempts }) => {
        tried.push(`${key} at ${now - T0} after ${attempts}`);
        return now < T0 + 1_000 ? Promise.reject(new Error('429')) : Promise.resolve('sent');
      },
      () => limited,
    );
    for (; now <= T0 + 1_000; now += 500) {
      await sender.step();
      await sender.idle();
    }
    expect(tried).toEqual(['a1 at 0 after 0', 'a1 at 1000 after 1', 'b1 at 1000 after 0']);
  });

  it('gives a message up after ten failures of ours, and not because of the database', async () => {
    await storage.store.write((tx) => tx.enqueue([saying('a1')]));
    let tries = 0;
    const sender = bench(() => Promise.reject(++tries <= 20 ? new StorageBusy() : new Error('a bug')));
    for (let next: number | null = now; next !== null; next = await storage.queues.outbox.nextDue(new Set())) {
      now = Math.max(now, next);
      await sender.step();
      await sender.idle();
    }
    expect(tries).toBe(21);
    expect(await storage.queues.outbox.deadLetters(9)).toMatchObject([{ key: 'a1' }]);
  });

  it('comes to rest also where nothing can be written any more', async () => {
    await storage.store.write((tx) => tx.enqueue([saying('a1')]));
    const full = (): Promise<never> => Promise.reject(new Error('database or disk is full'));
    const { outbox } = storage.queues;
    Object.assign(outbox, { sent: full, retry: full });
    const sender = bench(() => Promise.resolve('sent'));
    await sender.step();
    await sender.idle();
    expect(await outbox.nextDue(new Set())).toBe(T0 + LEASE_MS);
  });
});

describe('the inbox', () => {
  it('waits a second with an event whose failure could not even be written down', async () => {
    await storage.inbox.accept({ id: 'e', lane: 'l', platform: 'slack', payload: '{}', receivedAt: T0 });
    const full = (): Promise<never> => Promise.reject(new Error('database or disk is full'));
    const tried: number[] = [];
    const told: string[] = [];
    const receiver = createInboxStep({
      inbox: {
        due: (...which) => storage.queues.inbox.due(...which),
        nextDue: () => storage.queues.inbox.nextDue(),
        retry: full,
        wait: full,
        bury: full,
      },
      clock,
      chance: () => 0.5,
      handle: () => {
        tried.push(now - T0);
        return full();
      },
      failed: (_row, error) => told.push((error as Error).message),
      isEarly: () => false,
      isAway: () => false,
      nudge: () => undefined,
    });
    for (let ms = 0; ms <= 2_000; ms += 250) {
      now = T0 + ms;
      await receiver.step();
      await receiver.idle();
    }
    expect(tried).toEqual([0, 1_000, 2_000]);
    expect(told).toHaveLength(2 * tried.length);
    expect(await receiver.step()).toEqual({ again: false, nextAt: now + 1_000 });
    // A clock that is set back makes no longer rest of it.
    now = T0 - 3_600_000;
    await receiver.step();
    await receiver.idle();
    expect(tried).toHaveLength(4);
  });

  /** Handles one event again and again, as soon as it may be, until it is handled or out of the way; what became of each try. */
  async function tried(
    receivedAt: number,
    outcomes: (tries: number) => 'early' | 'broken' | 'locked' | 'fine',
  ): Promise<string[]> {
    await storage.inbox.accept({ id: 'e', lane: 'l', platform: 'slack', payload: '{}', receivedAt });
    const said: string[] = [];
    const receiver = createInboxStep({
      inbox: storage.queues.inbox,
      clock,
      chance: () => 0.5,
      handle: async (row) => {
        const outcome = outcomes(said.length + 1);
        if (outcome === 'locked') throw new StorageBusy(outcome);
        if (outcome !== 'fine') throw new Error(outcome);
        await storage.store.write((tx) => tx.finishInbox(row.id));
        said.push('handled');
      },
      failed: (_row, error, buried) => said.push(`${(error as Error).message}${buried ? ', buried' : ''}`),
      isEarly: (error) => (error as Error).message === 'early',
      isAway: isTrouble,
      nudge: () => undefined,
    });
    for (let next: number | null = now; next !== null; next = await storage.queues.inbox.nextDue()) {
      now = Math.max(now, next);
      await receiver.step();
      await receiver.idle();
    }
    return said;
  }

  it('takes it for no failure of an event that it had to wait for its turn', async () => {
    const said = await tried(T0, (tries) => (tries <= 30 ? 'early' : tries === 31 ? 'broken' : 'fine'));
    expect(said.slice(30)).toEqual(['broken', 'handled']);
  });

  it('asks for half an hour for what has to come first, also where the event is older than that', async () => {
    const said = await tried(T0 - 3_600_000, () => 'early');
    expect(said.at(-1)).toBe('early, buried');
    expect(said.slice(0, -1)).not.toContain('early, buried');
    expect(Math.round((now - T0) / 60_000)).toBe(30);
  });

  it('waits for a database that is away now and then as long as it takes, and counts it against no event', async () => {
    const said = await tried(T0, (tries) => (tries <= 1_000 ? 'locked' : tries === 1_001 ? 'broken' : 'fine'));
    expect(said.slice(999)).toEqual(['locked', 'broken', 'handled']);
  });

  it('buries an event that fails twelve times', async () => {
    const said = await tried(T0, () => 'broken');
    expect(said).toHaveLength(12);
    expect(said.at(-1)).toBe('broken, buried');
  });
});
