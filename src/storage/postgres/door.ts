import type { Inbox } from '../../desk/ports.ts';
import { AT_ONCE } from '../inbox.ts';
import type { Database } from '../sql.ts';
import { LOCKS } from './session.ts';

type Arriving = Parameters<Inbox['accept']>[0];
type Outcome = 'stored' | 'duplicate';

interface Waiting {
  readonly event: Arriving;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

const LARGEST_GROUP = 250;
/** Groups under way at one time: while one is flushed to the disk, the next is already collected and sent. */
const GROUPS = 2;

/**
 * The first waiting row of a lane is the one with `head_at`. Two processes that looked at a lane at the same time would make two of it, or none, so each
 * takes the lane's lock for the length of its transaction.
 */
const LOCK_LANES = `SELECT pg_advisory_xact_lock(${LOCKS.lane}, lane)
  FROM (SELECT DISTINCT hashtext(lane) AS lane FROM unnest(?::text[]) AS lane ORDER BY 1) AS lanes`;

const INSERT = `INSERT INTO inbox (id, lane, platform, payload, received_at, state)
  SELECT id, lane, platform, payload, received_at, 'waiting'
  FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamp[]) WITH ORDINALITY
    AS arriving (id, lane, platform, payload, received_at, place) ORDER BY place
  ON CONFLICT (id) DO NOTHING RETURNING id`;

const PROMOTE = `UPDATE inbox SET head_at = ?
  WHERE head_at IS NULL AND position IN
    (SELECT (SELECT MIN(position) FROM inbox WHERE state = 'waiting' AND inbox.lane = lanes.lane) FROM unnest(?::text[]) AS lanes (lane))`;

/** The door: all events that wait at a moment share one commit. */
export class PostgresDoor implements Inbox {
  readonly #database: Database;
  readonly #wake: () => void;
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(database: Database, wake: () => void) {
    this.#database = database;
    this.#wake = wake;
  }

  accept(event: Arriving): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, resolve, reject });
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    if (this.#underWay >= GROUPS || this.#waiting.length === 0) return;
    this.#underWay += 1;
    // All sockets that can be read are read first: else the first event would be committed alone.
    await new Promise((resolve) => setImmediate(resolve));
    const group = this.#waiting.splice(0, LARGEST_GROUP);
    try {
      const stored = await this.#store(group.map(({ event }) => event));
      for (const { event, resolve } of group) resolve(stored.delete(event.id) ? 'stored' : 'duplicate');
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    this.#underWay -= 1;
    void this.#next();
  }

  /** The ids of those that were not there yet. */
  async #store(events: readonly Arriving[]): Promise<Set<string>> {
    if (events.length === 0) return new Set();
    const lanes = [...new Set(events.map(({ lane }) => lane))];
    const stored = await this.#database.transaction(async (sql) => {
      await sql.all(LOCK_LANES, [lanes]);
      const rows = await sql.all(INSERT, [
        events.map(({ id }) => id),
        events.map(({ lane }) => lane),
        events.map(({ platform }) => platform),
        events.map(({ payload }) => payload.replaceAll('\0', '\ufffd')),
        events.map(({ receivedAt }) => new Date(receivedAt).toISOString().slice(0, -1)),
      ]);
      if (rows.length > 0) await sql.run(PROMOTE, [AT_ONCE, lanes]);
      return new Set(rows.map(([id]) => id as string));
    });
    if (stored.size > 0) this.#wake();
    return stored;
  }
}
