import type { Retention } from '../scheduler/ports.ts';
import { at, OPEN } from './convert.ts';
import type { Database, Sql, Value } from './sql.ts';

/** Rows a slice looks at: a few milliseconds, and everybody else's turn in between. */
const SLICE = 500;

/** What was said in the thread of a ticket that is not over stays, however old. */
const OPEN_TICKET_HAS = `EXISTS (
  SELECT 1 FROM thread_links JOIN tickets ON tickets.number = thread_links.ticket
  WHERE thread_links.platform = old.platform AND thread_links.chat = old.chat AND thread_links.thread = old.thread
    AND tickets.status IN (${OPEN.map((status) => `'${status}'`).join(', ')}))`;

/** Of the tickets that ended since the last time: one row for each status again. */
async function addUpEnded(sql: Sql): Promise<void> {
  const sums = new Map<string, number>();
  for (const [status, added] of await sql.all('DELETE FROM ended_tickets RETURNING status, added'))
    sums.set(status as string, (sums.get(status as string) ?? 0) + (added as number));
  for (const [status, added] of sums)
    await sql.run('INSERT INTO ended_tickets (status, added) VALUES (?, ?)', [status, added]);
}

/** Tables are walked from their oldest row on, and only as far as old rows go: no index is kept for this. */
export class StoredRetention implements Retention {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async prune(limits: Parameters<Retention['prune']>[0]): Promise<number> {
    const { inboxBefore, outboxBefore, messagesBefore } = limits;
    await this.#database.transaction((sql) => addUpEnded(sql));
    return (
      (await this.#walk('inbox', 'position', 'received_at', inboxBefore, `state = 'done'`)) +
      (await this.#walk('outbox', 'id', 'created_at', outboxBefore, `state = 'sent'`)) +
      (await this.#walk('remembered_keys', 'at', 'at', inboxBefore, 'TRUE')) +
      (await this.#walk('messages', 'at', 'at', messagesBefore, `NOT ${OPEN_TICKET_HAS}`)) +
      (await this.#walk('sent_messages', 'at', 'at', messagesBefore, `NOT ${OPEN_TICKET_HAS}`))
    );
  }

  async indexTitles(): Promise<void> {
    // After an import, say.
    const [[ended] = []] = await this.#database.reading.all('SELECT COUNT(*) FROM ended_tickets');
    if ((ended as number) > SLICE) await this.#database.transaction((sql) => addUpEnded(sql));
    const { takeWaiting, indexTitles } = this.#database.dialect;
    for (let taken = SLICE; taken === SLICE;)
      taken = await this.#database.transaction(async (sql) => {
        // Taken first, then looked up as they are now: whose title is being changed leaves another row.
        const numbers = (await sql.all(takeWaiting, [SLICE])).map(([ticket]) => ticket as number);
        if (numbers.length > 0) await sql.run(indexTitles, [JSON.stringify(numbers)]);
        return numbers.length;
      });
  }

  /** Goes up `order`, slice by slice, and deletes what is older than `before` and may go. */
  async #walk(table: string, order: string, time: string, before: number, mayGo: string): Promise<number> {
    // Some tables are walked by time.
    const place = (value: number): Value => (order === time ? at(value) : value);
    let gone = 0;
    for (let from = -1; ;) {
      const rows = await this.#database.reading.all(
        `SELECT ${order}, ${time} FROM ${table} WHERE ${order} > ? ORDER BY ${order} LIMIT ${SLICE}`,
        [place(from)],
      );
      const old = rows.filter((row) => (row[1] as number) < before);
      const last = rows.at(-1);
      if (last === undefined || old.length === 0) return gone;
      const to = last[0] as number;
      gone += await this.#database.transaction((sql) =>
        sql.run(`DELETE FROM ${table} AS old WHERE ${order} > ? AND ${order} <= ? AND ${time} < ? AND ${mayGo}`, [
          place(from),
          place(to),
          at(before),
        ]),
      );
      if (rows.length < SLICE) return gone;
      from = to;
    }
  }
}
