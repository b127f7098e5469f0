import pg from 'pg';
import { openStorage } from '../src/storage/index.ts';
import { Connection } from '../src/storage/sqlite/driver.ts';
import { openDesk } from './support/desk.ts';
import type { BenchDesk } from './support/desk.ts';
import { median } from './support/numbers.ts';
import { postgresIsMissing, startPostgres } from './support/postgres.ts';
import { inFolder } from './support/process.ts';
import { atLeast, notRun } from './support/report.ts';
import type { Figure } from './support/report.ts';

const ROUND_MS = 2_500;
const ROUNDS = 3;
/** Transactions under way at one time. */
const AT_ONCE = 16;

/** What came in becomes a ticket with its events, timers and rows of the outbox, in one durable transaction: against the driver alone, writing as many rows. */
export async function pipeline(): Promise<readonly Figure[]> {
  return [await onSqlite(), await onPostgres()];
}

const onSqlite = (): Promise<Figure> =>
  inFolder(async (folder) => {
    const rawFile = `${folder}/raw.db`;
    // Its tables are the program's.
    await (await openStorage({ url: `file:${rawFile}`, now: Date.now, wake: () => undefined })).close();
    const raw = new Connection(rawFile, 'write');
    let number = 0;
    const rates = await compared(`file:${folder}/itr.db`, async (untilAt) => {
      let done = 0;
      for (; performance.now() < untilAt; done++) {
        number += 1;
        raw.run('BEGIN IMMEDIATE');
        for (const { sql, values } of rowsOf(number, '?')) raw.run(sql, values);
        raw.run('COMMIT');
        if (done % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return done;
    });
    raw.close();
    return atLeast('pipeline: SQLite', rates.ours, { name: 'driver', perSecond: rates.raw }, 0.35);
  });

async function onPostgres(): Promise<Figure> {
  const missing = postgresIsMissing();
  if (missing !== null) return notRun('pipeline: PostgreSQL', missing);
  const server = await startPostgres({ durable: true });
  const rawUrl = await server.database();
  await (await openStorage({ url: rawUrl, now: Date.now, wake: () => undefined })).close();
  const pool = new pg.Pool({ connectionString: rawUrl, max: AT_ONCE });
  let number = 0;
  const rates = await compared(await server.database(), async (untilAt) => {
    let done = 0;
    const one = async (): Promise<void> => {
      const client = await pool.connect();
      for (; performance.now() < untilAt; done++) {
        const rows = rowsOf(++number, '$');
        await client.query('BEGIN');
        for (const [i, { sql, values }] of rows.entries())
          await client.query({
            name: `raw_${i}`,
            text: sql,
            values: values.map((value) => (value instanceof Date ? value.toISOString() : value)),
          });
        await client.query('COMMIT');
      }
      client.release();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    return done;
  });
  await pool.end();
  await server.stop();
  return atLeast('pipeline: PostgreSQL', rates.ours, { name: 'driver', perSecond: rates.raw }, 0.35);
}

/** In turns, so that both meet the same machine. */
async function compared(
  url: string,
  raw: (untilAt: number) => Promise<number>,
): Promise<{ readonly ours: number; readonly raw: number }> {
  const desk = await openDesk(url, 'server');
  let n = 0;
  const rates: { ours: number[]; raw: number[] } = { ours: [], raw: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of [
      ['ours', (untilAt: number) => raise(desk, () => ++n, untilAt)],
      ['raw', raw],
    ] as const) {
      const startedAt = performance.now();
      const done = await run(startedAt + ROUND_MS);
      rates[name].push((done * 1000) / (performance.now() - startedAt));
    }
  }
  await desk.storage.close();
  return { ours: median(rates.ours), raw: median(rates.raw) };
}

/** Raises tickets until then, several at once; how many. */
async function raise(desk: BenchDesk, next: () => number, untilAt: number): Promise<number> {
  let done = 0;
  const one = async (): Promise<void> => {
    for (; performance.now() < untilAt; done++) await desk.raise(next());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return done;
}

/** As many rows as a captured ticket has, of the same size: three statements. */
function rowsOf(
  number: number,
  mark: '?' | '$',
): readonly { readonly sql: string; readonly values: (string | number | Date)[] }[] {
  const now = new Date();
  const insert = (table: string, columns: readonly string[], rows: readonly (string | number | Date)[][]) => {
    let place = 0;
    const marks = rows.map((row) => `(${row.map(() => (mark === '?' ? '?' : `$${++place}`)).join(', ')})`);
    return { sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${marks.join(', ')}`, values: rows.flat() };
  };
  return [
    insert(
      'tickets',
      [
        'number',
        'seq',
        'status',
        'severity',
        'kind',
        'priority',
        'title',
        'requester',
        'opened_at',
        'updated_at',
        'state',
      ],
      [[number, 4, 'queued', 'S2', 'incident', 'P2', `Trouble number ${number}`, 'slack:U0LIN', now, now, STATE]],
    ),
    insert(
      'timers',
      ['ticket', 'clock', 'point', 'occurrence', 'due_at', 'try_at'],
      ['response', 'resolve', 'ladder'].map((clock) => [number, clock, '100%', 0, now, now]),
    ),
    insert(
      'outbox',
      ['key', 'lane', 'ticket', 'kind', 'delivery', 'state', 'due_at', 'created_at'],
      ['origin', 'work'].map((place) => [
        `card:${place}:${number}`,
        `slack:${place}`,
        number,
        'card',
        '{"kind":"card"}',
        'waiting',
        now,
        now,
      ]),
    ),
  ];
}

const STATE = JSON.stringify({ text: 'x'.repeat(1_800) });
