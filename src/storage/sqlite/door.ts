import type { Inbox } from '../../desk/ports.ts';
import { at } from '../convert.ts';
import { AT_ONCE } from '../inbox.ts';
import type { SqliteDatabase } from './database.ts';
import type { Connection } from './driver.ts';

type Arriving = Parameters<Inbox['accept']>[0];
type Outcome = 'stored' | 'duplicate';

interface Waiting {
  readonly event: Arriving;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** One commit takes about 10 ms for as many; the event loop waits meanwhile. */
const LARGEST_GROUP = 250;

const INSERT = `INSERT INTO inbox (id, lane, platform, payload, received_at, state, head_at)
  VALUES (?, ?, ?, ?, ?, 'waiting',
    CASE WHEN EXISTS (SELECT 1 FROM inbox WHERE state = 'waiting' AND lane = ?) THEN NULL ELSE ? END)
  ON CONFLICT (id) DO NOTHING`;

/** The door. A commit costs a write to the disk whatever is in it, so all events that wait at that moment share one. */
export class SqliteDoor implements Inbox {
  readonly #database: SqliteDatabase;
  readonly #wake: () => void;
  #waiting: Waiting[] = [];
  #asked = false;

  constructor(database: SqliteDatabase, wake: () => void) {
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
      await this.#database.atOnce(
        (connection) => {
          // Taken only now, under the lock: whoever came while it was awaited is in it, too.
          group = this.#waiting.splice(0, LARGEST_GROUP);
          for (const { event } of group) outcomes.push(insert(connection, event));
        },
        { line: 'urgent', serves: () => group.length },
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
}

function insert(connection: Connection, { id, lane, platform, payload, receivedAt }: Arriving): Outcome {
  const values = [id, lane, platform, payload, at(receivedAt), lane, AT_ONCE];
  return connection.run(INSERT, values) === 1 ? 'stored' : 'duplicate';
}
