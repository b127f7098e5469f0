import type { Delivery } from '../desk/ports.ts';
import type { DeadLetter, OutboxQueue, OutboxRow } from '../scheduler/ports.ts';
import { at } from './convert.ts';
import { claimable, nextDue } from './outbox-lanes.ts';
import { PLANNED_ANEW } from './sql.ts';
import type { Database, MaybePromise, Row, Sql } from './sql.ts';

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
    const found = await claimable(this.#database.reading, this.#database.dialect, now, limit, busy);
    return found.length === 0
      ? []
      : this.lease(
          found.map(({ id }) => id),
          now,
          leaseUntil,
        );
  }

  /**
   * Those of them whose turn it still is. They were found by several statements, perhaps while another process was at their lanes, which it has given back
   * since: what it left waiting for another try is not passed.
   */
  protected async lease(ids: readonly number[], now: number, leaseUntil: number): Promise<readonly OutboxRow[]> {
    const ahead = `SELECT 1 FROM outbox AS ahead WHERE ahead.state IN ('leased', 'retrying') AND ahead.lane = mine.lane AND ahead.id <> mine.id
      AND (ahead.id < mine.id OR (ahead.state = 'leased' AND ahead.lease_until > ?))`;
    const mine = `SELECT id FROM outbox AS mine WHERE id IN (${ids.map(() => '?').join(', ')})
      AND ((state IN ('waiting', 'retrying') AND due_at <= ?) OR (state = 'leased' AND lease_until <= ?))
      AND NOT EXISTS (${ahead})${this.#database.dialect.skipLocked}`;
    const rows = await this.#change((sql) =>
      sql.all(
        `${PLANNED_ANEW} UPDATE outbox SET state = 'leased', lease_until = ?, unknown = CASE WHEN state = 'leased' THEN TRUE ELSE unknown END
         WHERE id IN (${mine}) RETURNING id, key, lane, ticket, delivery, attempts, created_at, unknown, version`,
        [at(leaseUntil), ...ids, at(now), at(now), at(now)],
      ),
    );
    return rows.map(rowOf).sort((a, b) => a.id - b.id);
  }

  async endLeases(): Promise<void> {
    await this.#change((sql) => sql.run(`UPDATE outbox SET lease_until = ? WHERE state = 'leased'`, [at(0)]));
  }

  nextDue(busy: ReadonlySet<string>): Promise<number | null> {
    return nextDue(this.#database.reading, busy);
  }

  async sent(row: OutboxRow, now: number): Promise<void> {
    await this.#change(async (sql) => {
      const done = await sql.run(
        `UPDATE outbox SET state = 'sent', ended_at = ?, lease_until = NULL, unknown = FALSE, error = NULL
         WHERE id = ? AND version = ?`,
        [at(now), row.id, row.version],
      );
      if (done === 1) return;
      await sql.run(
        `UPDATE outbox SET state = 'waiting', attempts = 0, lease_until = NULL, unknown = FALSE, error = NULL
         WHERE id = ? AND state = 'leased'`,
        [row.id],
      );
    });
  }

  async retry(row: OutboxRow, retryAt: number, error: string, unknown: boolean): Promise<void> {
    await this.#change((sql) =>
      sql.run(
        `UPDATE outbox SET state = ?, due_at = ?, attempts = attempts + 1, error = ?,
           unknown = CASE WHEN unknown THEN TRUE ELSE ? END, lease_until = NULL
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

  async putBack(row: OutboxRow, retryAt: number, why: string): Promise<void> {
    await this.#change((sql) =>
      sql.run(
        `UPDATE outbox SET state = ?, due_at = ?, error = ?, lease_until = NULL WHERE id = ? AND state = 'leased'`,
        [row.delivery.kind === 'card' ? 'waiting' : 'retrying', at(retryAt), why, row.id],
      ),
    );
  }

  async bury(row: OutboxRow, now: number, error: string): Promise<void> {
    await this.#change((sql) =>
      sql.run(
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
              (SELECT MIN(due_at) FROM outbox WHERE state IN ('waiting', 'leased')),
              (SELECT MIN(created_at) FROM outbox WHERE state = 'retrying')`,
    );
    const [waiting, dead, due, tried] = (row ?? [0, 0, null, null]) as [number, number, number | null, number | null];
    return { waiting, dead, oldestMs: Math.max(0, now - Math.min(due ?? now, tried ?? now)) };
  }

  async #reviveWhere(condition: string, values: readonly number[], now: number): Promise<number> {
    const revived = await this.#change((sql) =>
      sql.run(
        `UPDATE outbox SET state = 'waiting', due_at = ?, attempts = 0, ended_at = NULL WHERE state = 'dead' AND ${condition}`,
        [at(now), ...values],
      ),
    );
    if (revived > 0) this.#wake(now);
    return revived;
  }

  #change<T>(work: (sql: Sql) => MaybePromise<T>): Promise<T> {
    return this.#database.transaction(work);
  }
}

const rowOf = ([id, key, lane, ticket, delivery, attempts, createdAt, unknown, version]: Row): OutboxRow => ({
  id: id as number,
  key: key as string,
  lane: lane as string,
  ticket: ticket as number | null,
  delivery: JSON.parse(delivery as string) as Delivery,
  attempts: attempts as number,
  createdAt: createdAt as number,
  unknown: unknown === 1,
  version: version as number,
});
