import type { Inbox } from '../desk/ports.ts';
import type { InboxQueue, InboxRow } from '../scheduler/ports.ts';
import { at } from './convert.ts';
import type { Database } from './database.ts';
import type { Connection, Row } from './driver.ts';

type Arriving = Parameters<Inbox['accept']>[0];
type Outcome = 'stored' | 'duplicate';

interface Waiting {
  readonly event: Arriving;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** `head_at` of a row that may be handled at once. Not its time of arrival: a clock set back would hide it. */
const AT_ONCE = new Date(0);

/** One commit takes about 10 ms for as many; the event loop waits meanwhile. */
const LARGEST_GROUP = 250;

const INSERT = `INSERT INTO inbox (id, lane, platform, payload, received_at, state, head_at)
  VALUES (?, ?, ?, ?, ?, 'waiting',
    CASE WHEN EXISTS (SELECT 1 FROM inbox WHERE state = 'waiting' AND lane = ?) THEN NULL ELSE ? END)
  ON CONFLICT (id) DO NOTHING`;

/** The door. A commit costs a write to the disk whatever is in it, so all events that wait at that moment share one. */
export class StoredInbox implements Inbox {
  readonly #database: Database;
  readonly #wake: () => void;
  #waiting: Waiting[] = [];
  #asked = false;

  constructor(database: Database, wake: () => void) {
    this.#database = database;
    this.#wake = wake;
  }

  accept(event: Arriving): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, resolve, reject });
      if (!this.#asked) void this.#commitGroup();
    });
  }

  async #commitGroup(): Promise<void> {
    this.#asked = true;
    let group: readonly Waiting[] = [];
    const outcomes: Outcome[] = [];
    try {
      await this.#database.writer.transaction(
        () => {
          // Taken only now, under the lock: whoever came while it was awaited is in it, too.
          group = this.#waiting.splice(0, LARGEST_GROUP);
          for (const { event } of group) outcomes.push(this.#insert(event));
        },
        { line: 'urgent' },
      );
      group.forEach(({ resolve }, i) => {
        resolve(outcomes[i] ?? 'duplicate');
      });
      if (outcomes.includes('stored')) this.#wake();
    } catch (error) {
      // Without the lock nobody was taken, and nobody is left waiting for a lock that may last.
      for (const { reject } of group.length > 0 ? group : this.#waiting.splice(0)) reject(error);
    }
    this.#asked = false;
    if (this.#waiting.length > 0) void this.#commitGroup();
  }

  #insert({ id, lane, platform, payload, receivedAt }: Arriving): Outcome {
    const values = [id, lane, platform, payload, at(receivedAt), lane, AT_ONCE];
    return this.#database.connection.run(INSERT, values) === 1 ? 'stored' : 'duplicate';
  }
}

/**
 * Ends a waiting row inside the caller's transaction, and lets the next of its lane forward. False: it was not waiting.
 */
export function finishInbox(
  connection: Connection,
  id: string,
  end: { readonly state: 'done' | 'dead'; readonly now: number; readonly error?: string },
): boolean {
  const [row] = connection.all(
    `UPDATE inbox SET state = ?, head_at = NULL, ended_at = ?, error = COALESCE(?, error)
     WHERE id = ? AND state = 'waiting' RETURNING lane`,
    [end.state, at(end.now), end.error ?? null, id],
  );
  if (row === undefined) return false;
  connection.run(
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
    const { reading } = this.#database;
    // Left out by the query, since payloads are long and would be read in vain.
    const free = `lane NOT IN (SELECT value FROM json_each(?))`;
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
    const { writer, connection } = this.#database;
    await writer.transaction(() =>
      connection.run(
        `UPDATE inbox SET head_at = ?, attempts = attempts + 1, error = ? WHERE id = ? AND state = 'waiting'`,
        [at(retryAt), error, id],
      ),
    );
  }

  async bury(id: string, error: string): Promise<void> {
    const { writer, connection } = this.#database;
    await writer.transaction(() => finishInbox(connection, id, { state: 'dead', now: this.#now(), error }));
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
