import type { Timer } from '../domain/timers.ts';
import type { TimerQueue, TimerRow } from '../scheduler/ports.ts';
import { at, timerOf } from './convert.ts';
import type { Database, Sql, Value } from './sql.ts';

/**
 * Makes `timers` the ticket's complete set, touching only what differs: most changes of a ticket move no timer. Returns the earliest
 * instant among those written; null: none was.
 */
export async function replaceTimers(sql: Sql, ticket: number, timers: readonly Timer[]): Promise<number | null> {
  const rows = await sql.all('SELECT clock, point, occurrence, due_at FROM timers WHERE ticket = ?', [ticket]);
  const standing = new Map(rows.map((row) => [row[0], timerOf(row)]));
  let earliest: number | null = null;
  for (const timer of timers) {
    const old = standing.get(timer.clock);
    standing.delete(timer.clock);
    if (old?.point === timer.point && old.occurrence === timer.occurrence && old.dueAt === timer.dueAt) continue;
    await sql.run(
      `INSERT INTO timers (ticket, clock, point, occurrence, due_at, try_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (ticket, clock) DO UPDATE SET point = excluded.point, occurrence = excluded.occurrence,
         due_at = excluded.due_at, try_at = excluded.try_at`,
      [ticket, timer.clock, timer.point, timer.occurrence, at(timer.dueAt), at(timer.dueAt)],
    );
    earliest = Math.min(earliest ?? timer.dueAt, timer.dueAt);
  }
  for (const clock of standing.keys()) {
    await sql.run('DELETE FROM timers WHERE ticket = ? AND clock = ?', [ticket, clock as string]);
  }
  return earliest;
}

const GONE = 'DELETE FROM timers WHERE ticket = ? AND clock = ? AND point = ? AND occurrence = ? AND due_at = ?';

/** See Tx.finishTimers. */
export async function finishTimer(sql: Sql, ticket: number, timer: Timer): Promise<boolean> {
  return (await sql.run(GONE, timerKey(ticket, timer))) === 1;
}

const timerKey = (ticket: number, { clock, point, occurrence, dueAt }: Timer): Value[] => [
  ticket,
  clock,
  point,
  occurrence,
  at(dueAt),
];

/** The loop's side: what is due, looked up by the index on `try_at`, however many wait. */
export class StoredTimers implements TimerQueue {
  readonly together: number = 1;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async due(now: number, limit: number): Promise<readonly TimerRow[]> {
    const rows = await this.#database.reading.all(
      'SELECT clock, point, occurrence, due_at, ticket FROM timers WHERE try_at <= ? ORDER BY try_at LIMIT ?',
      [at(now), limit],
    );
    return rows.map((row) => ({ ticket: row[4] as number, timer: timerOf(row) }));
  }

  async nextDue(): Promise<number | null> {
    const [row] = await this.#database.reading.all('SELECT MIN(try_at) FROM timers');
    return (row?.[0] ?? null) as number | null;
  }

  async postpone(ticket: number, clock: string, retryAt: number): Promise<void> {
    await this.#database.transaction((sql) =>
      sql.run('UPDATE timers SET try_at = ? WHERE ticket = ? AND clock = ?', [at(retryAt), ticket, clock]),
    );
  }
}
