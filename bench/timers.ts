import { parseConfig } from '../src/config/load.ts';
import { createDirectory } from '../src/desk/directory.ts';
import { createDesk } from '../src/desk/perform.ts';
import type { CaptureCommand } from '../src/domain/commands.ts';
import type { World } from '../src/domain/world.ts';
import { Connection } from '../src/storage/sqlite/driver.ts';
import { openStorage } from '../src/storage/index.ts';
import { REQUESTER, configOf, intakeOf } from './support/config.ts';
import { percentile, sleep } from './support/numbers.ts';
import { databaseIn, inFolder, startProgram } from './support/process.ts';
import { below, exactly } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { startSlackStub } from './support/slack-stub.ts';

const TICKETS = 2_000;
const WINDOW_MS = 20_000;
const TEAMS = 10;
/** `response` in config.ts. */
const TARGET_MS = 30 * 60_000;
/** For raising the tickets and starting the program. */
const PREPARATION_MS = 12_000;

interface Fired {
  readonly ticket: number;
  /** When it was due, was decided on, and was seen in the database by another process: committed by then. */
  readonly dueAt: number;
  readonly decidedAt: number;
  readonly seenAt: number;
}

/** Tickets whose first point falls due within 20 s: each is a decision, new events, new timers and a notice, in a durable transaction. */
export async function timers(): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    const slack = await startSlackStub();
    const file = databaseIn(folder);
    const startAt = Date.now() + PREPARATION_MS;
    await raiseTickets(`file:${file}`, (i) => startAt + (i * WINDOW_MS) / TICKETS);
    const program = await startProgram(folder, { env: slack.env, config: configOf(TEAMS) });
    try {
      const early = Date.now() - startAt;
      if (early > 0) throw new Error(`not ready in time, by ${early} ms: this machine is too busy to measure on`);
      const fired = await watch(file, startAt + WINDOW_MS);
      const lateness = (at: (one: Fired) => number): readonly number[] => fired.map((one) => at(one) - one.dueAt);
      for (const [name, ms] of [
        ['decided', lateness(({ decidedAt }) => decidedAt)],
        ['committed', lateness(({ seenAt }) => seenAt)],
      ] as const) {
        const shown = [0.5, 0.99, 1].map((share) => percentile(ms, share).toFixed(0)).join(' / ');
        console.log(`  ${name}: ms late p50 / p99 / max ${shown}`);
      }
      const late = percentile(
        lateness(({ seenAt }) => seenAt),
        0.99,
      );
      return [
        below('timers: 2,000 in 20 s, p99 late', late, { name: 'limit', value: 250 }, 'ms'),
        exactly('timers: early', fired.filter(({ decidedAt, dueAt }) => decidedAt < dueAt).length, 0),
        exactly('timers: tickets changed', new Set(fired.map(({ ticket }) => ticket)).size, TICKETS),
        exactly('timers: changed twice', fired.length - new Set(fired.map(({ ticket }) => ticket)).size, 0),
        exactly('timers: notices', countNotices(file), TICKETS),
      ];
    } finally {
      await program.stop();
      slack.stop();
    }
  });
}

/** Through the desk, as a chat would; the program runs on the same file afterwards. */
async function raiseTickets(url: string, dueAt: (i: number) => number): Promise<void> {
  const config = parseConfig(configOf(TEAMS));
  if (!config.ok) throw new Error(JSON.stringify(config.errors));
  const { policy } = config;
  const world: World = { policy, overrides: [], platforms: new Set(['slack']) };
  const directory = createDirectory(
    () => policy,
    () => world.platforms,
  );
  const desk = createDesk({
    clock: { now: Date.now },
    world: { current: () => world, policy: () => policy, refresh: () => Promise.resolve() },
    addresses: (person) => directory.addresses(person),
  });
  const storage = await openStorage({ url, now: Date.now, wake: () => undefined });
  for (let from = 0; from < TICKETS; from += 50) {
    await storage.store.write(async (tx) => {
      for (let i = from; i < from + 50; i++) {
        const chat = intakeOf(i % TEAMS);
        const actor = directory.actor('slack', REQUESTER.user, REQUESTER.name, chat);
        const command: CaptureCommand = {
          type: 'capture',
          kind: 'incident',
          severity: 'S2',
          severityGuessed: true,
          fields: { title: `Trouble number ${i}` },
          language: 'en',
          requester: { id: actor.id, name: actor.name },
          project: `project${i % TEAMS}`,
          firstMessageAt: Math.round(dueAt(i)) - TARGET_MS,
          thread: {
            platform: 'slack',
            chat,
            thread: `1700000000.${String(i).padStart(6, '0')}`,
            role: 'origin',
            team: null,
          },
          messages: [],
        };
        await desk.capture(tx, command, actor);
      }
    });
  }
  await storage.close();
}

/** Looks into the file every few milliseconds, as another process: what it sees is committed. */
async function watch(file: string, untilAt: number): Promise<readonly Fired[]> {
  const database = new Connection(file, 'read');
  const fired: Fired[] = [];
  let last = 0;
  const look = (): void => {
    const rows = database.all(
      `SELECT rowid, ticket, at, body ->> 'dueAt' FROM events WHERE rowid > ? AND type = 'point_reached' ORDER BY rowid`,
      [last],
    );
    const seenAt = Date.now();
    for (const [rowid, ticket, decidedAt, dueAt] of rows as [number, number, number, number][]) {
      fired.push({ ticket, dueAt, decidedAt, seenAt });
      last = rowid;
    }
  };
  while (Date.now() < untilAt) {
    look();
    await sleep(3);
  }
  // A little longer for those that are late, and for any that would fire twice.
  for (let i = 0; i < 10 && (i < 3 || fired.length < TICKETS); i++) {
    await sleep(500);
    look();
  }
  database.close();
  return fired;
}

function countNotices(file: string): number {
  const database = new Connection(file, 'read');
  const [[count] = []] = database.all(`SELECT COUNT(*) FROM outbox WHERE key LIKE 'ITR-%/point/%'`);
  database.close();
  return count as number;
}
