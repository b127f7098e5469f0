import { DAY } from '../domain/instant.ts';
import { at } from './convert.ts';
import type { Sql } from './sql.ts';

/** What the self-watch asks; nothing here changes anything. Ages are ms. */
export interface WatchQueries {
  /** What waits, and for how long. */
  waiting(now: number): Promise<{
    /** The timer that is overdue the longest, also where it was put off after a failure. */
    readonly timers: { readonly overdueMs: number; readonly ticket: number | null };
    readonly inbox: { readonly waiting: number; readonly oldestMs: number };
    /** Rows that are due or were tried in vain; the oldest of those due for the first time, or left without a next try; and the oldest row tried in vain, by its id. */
    readonly outbox: { readonly due: number; readonly oldestMs: number; readonly failing: number | null };
    /** Without what the self-watch itself could not bring out: that would only tell of itself. */
    readonly deadLetters: { readonly count: number; readonly newestAt: number | null };
    readonly buriedEvents: { readonly count: number; readonly newestAt: number | null };
  }>;
  /** By the database's own clock, UTC ms; null: it has none, it is a library in this process. */
  clock(): Promise<number | null>;
  /** Key-values whose key begins so; `prefix` without `%` and `_`. */
  noted(prefix: string): Promise<readonly { readonly key: string; readonly value: string }[]>;
}

/** A timer whose decision failed is put off by less than this. */
const PUT_OFF_MS = 60_000;
/** No platform asks for a longer rest, and no back-off is longer: a row put off beyond it is never tried again, and its lane waits behind it. */
const LONGEST_WAIT_MS = DAY;

export class StoredWatchQueries implements WatchQueries {
  readonly #sql: Pick<Sql, 'all'>;

  constructor(sql: Pick<Sql, 'all'>) {
    this.#sql = sql;
  }

  async waiting(now: number): ReturnType<WatchQueries['waiting']> {
    const [[timer], [inbox], [outbox], [dead], [buried]] = await Promise.all([
      // By the index on try_at: there is none on due_at, and what is overdue was put off by a little at most.
      this.#sql.all(
        'SELECT ticket, due_at FROM timers WHERE try_at <= ? AND due_at <= ? ORDER BY due_at, ticket LIMIT 1',
        [at(now + PUT_OFF_MS), at(now)],
      ),
      this.#sql.all(`SELECT COUNT(*), MIN(received_at) FROM inbox WHERE state = 'waiting'`),
      this.#sql.all(
        `SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND due_at <= ?),
                (SELECT MIN(due_at) FROM outbox WHERE state = 'waiting' AND due_at <= ?),
                (SELECT COUNT(*) FROM outbox WHERE state IN ('retrying', 'leased')),
                (SELECT MIN(id) FROM outbox WHERE state IN ('waiting', 'retrying', 'leased') AND error <> ''),
                (SELECT MIN(created_at) FROM outbox
                 WHERE (state = 'leased' AND lease_until IS NULL) OR (state = 'retrying' AND due_at > ?))`,
        [at(now), at(now), at(now + LONGEST_WAIT_MS)],
      ),
      this.#sql.all(`SELECT COUNT(*), MAX(ended_at) FROM outbox WHERE state = 'dead' AND key NOT LIKE 'symptom:%'`),
      this.#sql.all(`SELECT COUNT(*), MAX(ended_at) FROM inbox WHERE state = 'dead'`),
    ]);
    const [ticket = null, dueAt = null] = (timer ?? []) as [number?, number?];
    const [events, receivedAt] = inbox as unknown as [number, number | null];
    const [due, oldest, tried, failing, stuck] = outbox as unknown as (number | null)[] as [
      number,
      number | null,
      number,
      number | null,
      number | null,
    ];
    const since = (ms: number | null): number => (ms === null ? 0 : Math.max(0, now - ms));
    return {
      timers: { overdueMs: since(dueAt), ticket },
      inbox: { waiting: events, oldestMs: since(receivedAt) },
      outbox: { due: due + tried, oldestMs: Math.max(since(oldest), since(stuck)), failing },
      deadLetters: givenOf(dead),
      buriedEvents: givenOf(buried),
    };
  }

  async clock(): Promise<number | null> {
    const [row] = await this.#sql.all('SELECT CURRENT_TIMESTAMP');
    // SQLite makes a text of the clock of this machine.
    return typeof row?.[0] === 'number' ? row[0] : null;
  }

  async noted(prefix: string): ReturnType<WatchQueries['noted']> {
    const rows = await this.#sql.all('SELECT key, value FROM key_values WHERE key LIKE ? ORDER BY key', [`${prefix}%`]);
    return rows.map(([key, value]) => ({ key: key as string, value: value as string }));
  }
}

const givenOf = (row: readonly unknown[] | undefined): { readonly count: number; readonly newestAt: number | null } => {
  const [count, newestAt] = row as [number, number | null];
  return { count, newestAt };
};
