import { Connection } from '../src/storage/sqlite/driver.ts';
import { configOf } from './support/config.ts';
import { copy, oneQueued, openRaw } from './support/crowd.ts';
import { TEAMS } from './support/desk.ts';
import { percentile, sleep } from './support/numbers.ts';
import { postgresIsMissing, startPostgres } from './support/postgres.ts';
import { databaseIn, inFolder, startProgram } from './support/process.ts';
import type { Running } from './support/process.ts';
import { below, exactly, notRun } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { startSlackStub } from './support/slack-stub.ts';

const DUE = 10_000;
const WINDOW_MS = 20_000;
/** Three timers each. */
const PENDING_TICKETS = 33_334;
/** `response` in config.ts. */
export const TARGET_MS = 30 * 60_000;
/** For copying the tickets that fall due, and for starting the program. */
const PREPARATION_MS = 8_000;
/** After the window, for those that are late, and for any that would fire twice. */
const PATIENCE_MS = 6_000;

export interface Fired {
  readonly ticket: number;
  /** When it was due, was decided on, and was committed. */
  readonly dueAt: number;
  readonly decidedAt: number;
  readonly committedAt: number;
}

/** 10,000 points fall due within 20 s while 100,000 timers wait: each is a decision, new events, new timers and a notice, in a durable transaction. */
export async function timers(): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    const slack = await startSlackStub();
    const file = databaseIn(folder);
    const startAt = await prepare(`file:${file}`);
    const program = await startProgram(folder, { env: slack.env, config: configOf(TEAMS) });
    try {
      inTime(startAt);
      const fired = await watchFile(file, startAt + WINDOW_MS, DUE);
      const notices = new Connection(file, 'read');
      const [[count] = []] = notices.all(`SELECT COUNT(*) FROM outbox WHERE key LIKE 'ITR-%/point/%'`);
      notices.close();
      return [...figures('timers: SQLite', fired), exactly('timers: SQLite, notices', count as number, DUE)];
    } finally {
      await program.stop();
      slack.stop();
    }
  });
}

/** The same on PostgreSQL, by two processes. */
export async function timersPostgres(): Promise<readonly Figure[]> {
  const missing = postgresIsMissing();
  if (missing !== null) return [notRun('timers: PostgreSQL', missing)];
  return inFolder(async (folder) => {
    const server = await startPostgres({ durable: true });
    const slack = await startSlackStub();
    const programs: Running[] = [];
    try {
      const url = await server.database();
      const settings = await openRaw(url);
      // Then the database itself knows when each was committed, and nobody has to look again and again.
      await settings.run('ALTER SYSTEM SET track_commit_timestamp = on');
      await settings.close();
      await server.kill();
      await server.start();
      const startAt = await prepare(url);
      const env = { ...slack.env, DATABASE_URL: url };
      programs.push(
        ...(await Promise.all([
          startProgram(folder, { env, config: configOf(TEAMS) }),
          startProgram(folder, { env, config: configOf(TEAMS) }),
        ])),
      );
      inTime(startAt);
      await sleep(startAt + WINDOW_MS - Date.now());
      const raw = await openRaw(url);
      const count = async (sql: string): Promise<number> => Number((await raw.all(sql))[0]?.[0]);
      const reached = `SELECT COUNT(*) FROM events WHERE type = 'point_reached'`;
      const end = Date.now() + PATIENCE_MS;
      while (Date.now() < end && (await count(reached)) < DUE) await sleep(250);
      await sleep(1_000);
      const rows = await raw.all(
        `SELECT ticket, (extract(epoch FROM at) * 1000)::float8, (body->>'dueAt')::float8, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8
           FROM events WHERE type = 'point_reached'`,
      );
      const fired = (rows as [number, number, number, number][]).map(
        ([ticket, decidedAt, dueAt, committedAt]): Fired => ({ ticket, decidedAt, dueAt, committedAt }),
      );
      const notices = await count(`SELECT COUNT(*) FROM outbox WHERE key LIKE 'ITR-%/point/%'`);
      await raw.close();
      return [
        ...figures('timers: PostgreSQL, two processes', fired),
        exactly('timers: PostgreSQL, two processes, notices', notices, DUE),
      ];
    } finally {
      await Promise.all(programs.map((program) => program.stop()));
      slack.stop();
      await server.stop();
    }
  });
}

/** Fills the database; when the first is due. */
async function prepare(url: string): Promise<number> {
  const model = await oneQueued(url);
  const raw = await openRaw(url);
  await copy(raw, { models: [model], count: PENDING_TICKETS, firstMessage: { at: Date.now(), everyMs: 1 } });
  const startAt = Date.now() + PREPARATION_MS;
  const firstMessage = { at: startAt - TARGET_MS, everyMs: WINDOW_MS / DUE };
  await copy(raw, { models: [model], count: DUE, firstMessage });
  const [[pending] = []] = await raw.all('SELECT COUNT(*) FROM timers');
  console.log(`  ${Number(pending).toLocaleString('en')} timers, ${DUE.toLocaleString('en')} of them due soon`);
  // As autovacuum would have done while they came in one by one.
  if (raw.isPostgres) await raw.run('ANALYZE');
  await raw.close();
  return startAt;
}

function inTime(startAt: number): void {
  const late = Date.now() - startAt;
  if (late > 0) throw new Error(`not ready in time, by ${late} ms: this machine is too busy to measure on`);
}

function figures(name: string, fired: readonly Fired[]): readonly Figure[] {
  const decided = fired.map(({ decidedAt, dueAt }) => decidedAt - dueAt);
  const committed = fired.map(({ committedAt, dueAt }) => committedAt - dueAt);
  for (const [what, ms] of [
    ['decided', decided],
    ['committed', committed],
  ] as const) {
    const shown = [0.5, 0.99, 1].map((share) => percentile(ms, share).toFixed(0)).join(' / ');
    console.log(`  ${what}: ms late p50 / p99 / max ${shown}`);
  }
  const tickets = new Set(fired.map(({ ticket }) => ticket)).size;
  return [
    below(`${name}, p99 late`, percentile(committed, 0.99), { name: 'limit', value: 100 }, 'ms'),
    below(`${name}, max late`, percentile(committed, 1), { name: 'limit', value: 250 }, 'ms'),
    exactly(`${name}, early`, decided.filter((ms) => ms < 0).length, 0),
    exactly(`${name}, fired`, tickets, DUE),
    exactly(`${name}, twice`, fired.length - tickets, 0),
  ];
}

/** Looks into the file every few milliseconds, as another process: what it sees is committed. Until `untilAt`, and a little longer for what is missing. */
export async function watchFile(file: string, untilAt: number, wanted: number): Promise<readonly Fired[]> {
  const database = new Connection(file, 'read');
  const fired: Fired[] = [];
  let last = 0;
  const look = (): void => {
    const rows = database.all(
      `SELECT rowid, ticket, at, body ->> 'dueAt' FROM events WHERE rowid > ? AND type = 'point_reached' ORDER BY rowid`,
      [last],
    );
    const committedAt = Date.now();
    for (const [rowid, ticket, decidedAt, dueAt] of rows as [number, number, number, number][]) {
      fired.push({ ticket, dueAt, decidedAt, committedAt });
      last = rowid;
    }
  };
  const end = untilAt + PATIENCE_MS;
  while (Date.now() < end && (Date.now() < untilAt + 1_000 || fired.length < wanted)) {
    look();
    await sleep(3);
  }
  look();
  database.close();
  return fired;
}
