import type { Delivery, OutboxDraft } from '../desk/ports.ts';
import type { DeadLetter, OutboxQueue, OutboxRow } from '../scheduler/ports.ts';
import { at } from './convert.ts';
import type { Database } from './database.ts';
import type { Connection } from './driver.ts';
import { claimable, nextDue } from './outbox-lanes.ts';

/**
 * Adds a row inside the caller's transaction; false: its key was there already.
 *
 * A stale card is one row. While it waits, it keeps its place and the earlier due instant, so that further edits do not put it off; once it
 * has been sent, it lines up again behind what was said since.
 */
export function enqueue(connection: Connection, draft: OutboxDraft, now: number): boolean {
  const { delivery } = draft;
  if (delivery.kind !== 'card') return insert(connection, draft, draft.key, 1, now);
  const key = `card:${delivery.platform}:${delivery.chat}:${delivery.thread}`;
  const marked = connection.run(
    `UPDATE outbox SET version = version + 1, due_at = CASE WHEN attempts > 0 OR due_at < ? THEN due_at ELSE ? END
     WHERE key = ? AND state IN ('waiting', 'leased')`,
    [at(draft.dueAt), at(draft.dueAt), key],
  );
  if (marked === 1) return true;
  const [old] = connection.all('DELETE FROM outbox WHERE key = ? RETURNING version', [key]);
  return insert(connection, draft, key, ((old?.[0] ?? 0) as number) + 1, now);
}

function insert(connection: Connection, draft: OutboxDraft, key: string, version: number, now: number): boolean {
  const { lane, ticket, delivery, dueAt } = draft;
  return (
    connection.run(
      `INSERT INTO outbox (key, lane, ticket, kind, delivery, state, due_at, version, created_at)
       VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
      [key, lane, ticket, delivery.kind, JSON.stringify(delivery), at(dueAt), version, at(now)],
    ) === 1
  );
}

/** The sender's side. */
export class StoredOutbox implements OutboxQueue {
  readonly #database: Database;
  readonly #wake: (dueAt: number) => void;

  constructor(database: Database, wake: (dueAt: number) => void) {
    this.#database = database;
    this.#wake = wake;
  }

  async claim(
    now: number,
    leaseUntil: number,
    limit: number,
    busy: ReadonlySet<string>,
  ): Promise<readonly OutboxRow[]> {
    // Looked for outside of the queue: an idle sender writes nothing. What another one took meanwhile, the condition below leaves alone.
    const found = await claimable(this.#database.reading, now, limit, busy);
    if (found.length === 0) return [];
    return this.#change((connection) =>
      found.flatMap(({ id, lost }) => {
        const [row] = connection.all(
          `UPDATE outbox SET state = 'leased', lease_until = ?, unknown = CASE WHEN state = 'leased' THEN 1 ELSE unknown END
           WHERE id = ? AND ${lost ? `state = 'leased' AND lease_until <= ?` : `state IN ('waiting', 'retrying') AND due_at <= ?`}
           RETURNING id, key, lane, ticket, delivery, attempts, created_at, unknown, version`,
          [at(leaseUntil), id, at(now)],
        );
        if (row === undefined) return [];
        const [, key, lane, ticket, delivery, attempts, createdAt, unknown, version] = row as [
          number,
          string,
          string,
          number | null,
          string,
          number,
          number,
          number,
          number,
        ];
        return [
          {
            id,
            key,
            lane,
            ticket,
            delivery: JSON.parse(delivery) as Delivery,
            attempts,
            createdAt,
            unknown: unknown === 1,
            version,
          },
        ];
      }),
    );
  }

  async endLeases(): Promise<void> {
    await this.#change((connection) =>
      connection.run(`UPDATE outbox SET lease_until = ? WHERE state = 'leased'`, [at(0)]),
    );
  }

  nextDue(busy: ReadonlySet<string>): Promise<number | null> {
    return nextDue(this.#database.reading, busy);
  }

  async sent(row: OutboxRow, now: number): Promise<void> {
    await this.#change((connection) => {
      const done = connection.run(
        `UPDATE outbox SET state = 'sent', ended_at = ?, lease_until = NULL, unknown = 0, error = NULL
         WHERE id = ? AND version = ?`,
        [at(now), row.id, row.version],
      );
      if (done === 1) return;
      connection.run(
        `UPDATE outbox SET state = 'waiting', attempts = 0, lease_until = NULL, unknown = 0, error = NULL
         WHERE id = ? AND state = 'leased'`,
        [row.id],
      );
    });
  }

  async retry(row: OutboxRow, retryAt: number, error: string, unknown: boolean): Promise<void> {
    await this.#change((connection) =>
      connection.run(
        `UPDATE outbox SET state = ?, due_at = ?, attempts = attempts + 1, error = ?, unknown = ?, lease_until = NULL
         WHERE id = ? AND state NOT IN ('sent', 'dead')`,
        [
          // What was put off, not refused, keeps nobody in its lane waiting: an answer must not stand behind a reminder that waits for its turn.
          row.delivery.kind === 'card' || (error === '' && !unknown) ? 'waiting' : 'retrying',
          at(retryAt),
          error,
          unknown,
          row.id,
        ],
      ),
    );
  }

  async bury(row: OutboxRow, now: number, error: string): Promise<void> {
    await this.#change((connection) =>
      connection.run(
        `UPDATE outbox SET state = 'dead', ended_at = ?, attempts = attempts + 1, error = ?, lease_until = NULL
         WHERE id = ? AND state NOT IN ('sent', 'dead')`,
        [at(now), error, row.id],
      ),
    );
  }

  async deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    const rows = await this.#database.reading.prisma.outboxRow.findMany({
      where: { state: 'dead' },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map((row) => ({
      id: row.id,
      key: row.key,
      lane: row.lane,
      ticket: row.ticket,
      kind: row.kind as Delivery['kind'],
      attempts: row.attempts,
      createdAt: row.createdAt.getTime(),
      diedAt: row.endedAt?.getTime() ?? 0,
      error: row.error ?? '',
    }));
  }

  async revive(id: number, now: number): Promise<boolean> {
    return (await this.#reviveWhere('id = ?', [id], now)) > 0;
  }

  reviveAll(now: number): Promise<number> {
    return this.#reviveWhere('TRUE', [], now);
  }

  async depth(now: number): Promise<{ readonly waiting: number; readonly oldestMs: number; readonly dead: number }> {
    const [row] = await this.#database.reading.all(
      `SELECT (SELECT COUNT(*) FROM outbox WHERE state IN ('waiting', 'retrying', 'leased')),
              (SELECT COUNT(*) FROM outbox WHERE state = 'dead'),
              (SELECT created_at FROM outbox WHERE id = (SELECT MIN(id) FROM outbox WHERE state IN ('waiting', 'retrying', 'leased')))`,
    );
    const [waiting, dead, oldest] = (row ?? [0, 0, null]) as [number, number, number | null];
    return { waiting, dead, oldestMs: oldest === null ? 0 : Math.max(0, now - oldest) };
  }

  async #reviveWhere(condition: string, values: readonly number[], now: number): Promise<number> {
    const revived = await this.#change((connection) =>
      connection.run(
        `UPDATE outbox SET state = 'waiting', due_at = ?, attempts = 0, ended_at = NULL WHERE state = 'dead' AND ${condition}`,
        [at(now), ...values],
      ),
    );
    if (revived > 0) this.#wake(now);
    return revived;
  }

  #change<T>(work: (connection: Connection) => T): Promise<T> {
    return this.#database.writer.transaction(() => work(this.#database.connection));
  }
}
