import { afterEach, beforeEach, expect, it } from 'vitest';
import { plain } from '../../src/conversations/card.ts';
import { createDeliver, type Deliver } from '../../src/conversations/deliver.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { createDirectory } from '../../src/desk/directory.ts';
import { createDesk } from '../../src/desk/perform.ts';
import type { CaptureCommand } from '../../src/domain/commands.ts';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { HandClock } from '../support/clock.ts';
import { ORIGIN, at, lin, worldWith } from '../support/world.ts';
import { FakePlatform } from './fake-platform.ts';

const T0 = at('2026-11-20T09:41+08:00');
const MIN = 60_000;

const CAPTURE: CaptureCommand = {
  type: 'capture',
  kind: 'incident',
  severity: 'S3',
  severityGuessed: false,
  fields: { title: '全部线上下单失败', product: 'db', impact: '全部线上下单' },
  language: 'zh-CN',
  requester: { id: lin.id, name: lin.name },
  project: 'acme-core',
  firstMessageAt: T0,
  thread: ORIGIN,
  messages: [],
};

let world = worldWith();
let storage: Storage;
let clock: HandClock;
let slack: FakePlatform;
let desk: Desk;
let deliver: Deliver;
let dropped: string[];

beforeEach(async () => {
  world = worldWith();
  clock = new HandClock(T0);
  slack = new FakePlatform();
  dropped = [];
  storage = await openStorage({ url: 'file::memory:', now: () => clock.now(), wake: () => undefined });
  const directory = createDirectory(
    () => world.policy,
    () => world.platforms,
  );
  const source = { current: () => world, policy: () => world.policy, refresh: () => Promise.resolve() };
  desk = createDesk({ clock, world: source, addresses: (id) => directory.addresses(id) });
  deliver = createDeliver({
    store: storage.store,
    desk,
    world: source,
    platforms: new Map([['slack', slack]]),
    directory,
    publicUrl: null,
    now: () => clock.now(),
    log: { debug: (about, message) => dropped.push(`${message} ${JSON.stringify(about)}`) },
  });
});

afterEach(() => storage.close());

/** Tickets, each of which pings mei directly. */
const ping = (from: number, to: number, severity: 'S1' | 'S3' = 'S3', more: { buzz?: true } = {}): Promise<void> =>
  storage.store.write(async (tx) => {
    for (let number = from; number <= to; number += 1) {
      const thread = { ...ORIGIN, thread: `${number}.1` };
      await desk.capture(tx, { ...CAPTURE, severity, thread }, lin);
      const body = { type: 'ladder', step: 1, mention: [], whom: 'lead', unreachable: [], ...more } as const;
      const notice = { to: { to: 'person', person: 'mei' }, body, seq: 99 } as const;
      const place = { kind: 'direct', user: 'U0MEI' } as const;
      await tx.enqueue([
        {
          key: `ping-${number}`,
          lane: 'slack:@U0MEI',
          ticket: number,
          delivery: { kind: 'notice', platform: 'slack', place, notice },
          dueAt: clock.now(),
        },
      ]);
    }
  });

/** As the loop does it. */
const run = async (): Promise<void> => {
  for (;;) {
    const now = clock.now();
    const rows = await storage.queues.outbox.claim(now, now + 30_000, 50, new Set());
    if (rows.length === 0) return;
    for (const row of rows) {
      const done = await deliver(row);
      if (done === 'sent') await storage.queues.outbox.sent(row, clock.now());
      else await storage.queues.outbox.retry(row, done.postponeUntil, '', false);
    }
  }
};

const toMei = (): string[] =>
  slack.posted.filter(({ to }) => to.kind === 'direct').map(({ what }) => plain(what.text ?? []));
const named = (text: string | undefined): string[] => [...new Set((text ?? '').match(/ITR-\d+/g))].sort();

it('many notices at once become one message that lists them; none is lost, none is said twice', async () => {
  await ping(1, 12);
  await run();
  expect(toMei()).toHaveLength(1);
  expect(named(toMei()[0])).toHaveLength(12);
  await run();
  expect(toMei()).toHaveLength(1);
  expect((await storage.queues.outbox.depth(clock.now())).waiting).toBe(0);
});

it('a few are said one by one; what follows within ten minutes waits, and is said together', async () => {
  for (let number = 1; number <= 9; number += 1) {
    await ping(number, number);
    await run();
    clock.advance(10_000);
  }
  expect(toMei()).toHaveLength(5);
  // When the first of the five is ten minutes old.
  clock.advance(10 * MIN - 90_000);
  await run();
  expect(toMei()).toHaveLength(6);
  expect(toMei()[5]).toContain('另有 4 个工单需要你看');
  expect(named(toMei()[5])).toEqual(['ITR-6', 'ITR-7', 'ITR-8', 'ITR-9']);
});

it('S1 waits for nothing', async () => {
  for (let number = 1; number <= 7; number += 1) {
    await ping(number, number, 'S1');
    await run();
  }
  expect(toMei()).toHaveLength(7);
});

it('what waits for its turn keeps no answer waiting', async () => {
  for (let number = 1; number <= 6; number += 1) {
    await ping(number, number);
    await run();
  }
  const what = { text: ['你好'], language: 'zh-CN' };
  const delivery = {
    kind: 'private',
    platform: 'slack',
    chat: null,
    thread: null,
    user: 'U0MEI',
    reply: null,
    what,
  } as const;
  await storage.store.write((tx) =>
    tx.enqueue([{ key: 'answer', lane: 'slack:@U0MEI', ticket: null, delivery, dueAt: clock.now() }]),
  );
  await run();
  expect(toMei().at(-1)).toBe('你好');
});

it('storm: off says each by itself', async () => {
  world = worldWith(['entitlement: open', 'storm: off\nentitlement: open']);
  await ping(1, 8);
  await run();
  expect(toMei()).toHaveLength(8);
});

it('an urgent push is neither put off nor hidden among others, and does not hold them up', async () => {
  await ping(1, 12);
  await run();
  expect(toMei()).toHaveLength(1);
  for (let number = 13; number <= 17; number += 1) {
    await ping(number, number);
    await run();
  }
  const before = toMei().length;
  await ping(18, 18, 'S3', { buzz: true });
  await run();
  const said = toMei();
  expect(said).toHaveLength(before + 1);
  expect(named(said.at(-1))).toEqual(['ITR-18']);
  expect(said.at(-1)).toContain('加急');
  clock.advance(11 * MIN);
  await run();
  expect((await storage.queues.outbox.depth(clock.now())).waiting).toBe(0);
});

it('a platform with an urgent push is asked for it; the words say it in either case', async () => {
  slack.capabilities = { ...slack.capabilities, urgent: true };
  await ping(1, 1);
  await ping(2, 2, 'S3', { buzz: true });
  await run();
  const direct = slack.posted.filter(({ to }) => to.kind === 'direct');
  expect(direct.map(({ what }) => what.urgent)).toEqual([undefined, true]);
  expect(direct.map(({ what }) => plain(what.text ?? []).includes('🚨'))).toEqual([false, true]);
});
