import type { InboxQueue, InboxRow } from '../scheduler/ports.ts';
import { at } from './convert.ts';
import type { Database, Dialect, Row, Sql } from './sql.ts';

/** `head_at` of a row that may be handled at once. Not its time of arrival: a clock set back would hide it. */
export const AT_ONCE = new Date(0);

/**
 * Ends a waiting row inside the caller's transaction, and lets the next of its lane forward. False: it was not waiting.
 */
export async function finishInbox(
  sql: Sql,
  dialect: Dialect,
  id: string,
  end: { readonly state: 'done' | 'dead'; readonly now: number; readonly error?: string },
): Promise<boolean> {
  if (dialect.lockLane !== null) await sql.all(dialect.lockLane, [id]);
  const [row] = await sql.all(
    `UPDATE inbox SET state = ?, head_at = NULL, ended_at = ?, error = COALESCE(?, error)
     WHERE id = ? AND state = 'waiting' RETURNING lane`,
    [end.state, at(end.now), end.error ?? null, id],
  );
  if (row === undefined) return false;
  await sql.run(
    `UPDATE inbox SET head_at = ?
     WHERE position = (SELECT MIN(position) FROM inbox WHERE state = 'waiting' AND lane = ?) AND head_at IS NULL`,
    [AT_ONCE, row[0] as string],
  );
  return true;
}

const COLUMNS = 'position, id, lane, platform, payload, received_at, attempts';

/** The loop's side. Only the oldest waiting row of each lane has a `head_at`, so a backlog of any length costs nothing. */
export class StoredInboxQueue implements InboxQueue {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async due(now: number, limit: number, busy: ReadonlySet<string>): Promise<readonly InboxRow[]> {
    const { reading, dialect } = this.#database;
    // Left out by the query, since payloads are long and would be read in vain.
    const free = dialect.noneOf('lane');
    const lanes = JSON.stringify([...busy]);
    const [fresh, tried] = await Promise.all([
      reading.all(`SELECT ${COLUMNS} FROM inbox WHERE head_at = ? AND ${free} ORDER BY position LIMIT ?`, [
        AT_ONCE,
        lanes,
        limit,
      ]),
      reading.all(
        `SELECT ${COLUMNS} FROM inbox WHERE head_at > ? AND head_at <= ? AND ${free} ORDER BY head_at LIMIT ?`,
        [AT_ONCE, at(now), lanes, limit],
      ),
    ]);
    return [...fresh, ...tried]
      .sort((a, b) => (a[0] as number) - (b[0] as number))
      .slice(0, limit)
      .map(rowOf);
  }

  async nextDue(): Promise<number | null> {
    const [row] = await this.#database.reading.all('SELECT MIN(head_at) FROM inbox');
    return (row?.[0] ?? null) as number | null;
  }

  async retry(id: string, retryAt: number, error: string): Promise<void> {
    await this.#database.transaction((sql) =>
      sql.run(`UPDATE inbox SET head_at = ?, attempts = attempts + 1, error = ? WHERE id = ? AND state = 'waiting'`, [
        at(retryAt),
        error,
        id,
      ]),
    );
  }

  async wait(id: string, until: number, why: string): Promise<void> {
    await this.#database.transaction((sql) =>
      sql.run(`UPDATE inbox SET head_at = ?, error = ? WHERE id = ? AND state = 'waiting'`, [at(until), why, id]),
    );
  }

  async bury(id: string, error: string): Promise<void> {
    await this.#database.transaction((sql) =>
      finishInbox(sql, this.#database.dialect, id, { state: 'dead', now: this.#now(), error }),
    );
  }
}

const rowOf = ([, id, lane, platform, payload, receivedAt, attempts]: Row): InboxRow => ({
  id: id as string,
  lane: lane as string,
  platform: platform as string,
  payload: payload as string,
  receivedAt: receivedAt as number,
  attempts: attempts as number,
});
