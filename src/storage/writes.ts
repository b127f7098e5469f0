import type { DueTimer, OutboxDraft, TimerClaim, Tx } from '../desk/ports.ts';
import type { ThreadLink, Ticket } from '../domain/ticket.ts';
import { at, eventValues, json, TICKET_COLUMNS, ticketValues } from './convert.ts';
import type { Sql } from './sql.ts';
import { finishTimer, replaceTimers } from './timers.ts';

export type Save = Parameters<Tx['saveTicket']>[0] & {
  /** Those to be linked now: each belongs to one ticket for ever. */
  readonly threads: readonly ThreadLink[];
};

/** The writes of the hot path, of which each change of a ticket has all. Where a statement costs a round trip, they are few and long. */
export interface Writes {
  nextNumber(sql: Sql): Promise<number>;
  /** See Tx.finishTimers. `tickets`: those of ours as they are now, locked, where they came with the answer. */
  finishTimers(sql: Sql, rows: readonly DueTimer[]): Promise<FinishedTimers>;
  /** Of each the row under its optimistic lock, its new events and its set of timers. No ticket is among them twice. */
  saveTickets(sql: Sql, saves: readonly Save[]): Promise<Saved>;
  /** See {@link enqueue}. The earliest instant at which one of those that were added is due; null: none was. */
  enqueue(sql: Sql, rows: readonly OutboxDraft[], now: number): Promise<number | null>;
}

export interface FinishedTimers {
  readonly claims: readonly TimerClaim[];
  readonly tickets: readonly Ticket[];
}

export interface Saved {
  /** The ticket whose seq was another, or one of whose threads is another ticket's: nothing may stay. Null: there was none. */
  readonly refused: number | null;
  /** Of the timers that were written, the earliest; null: none was. */
  readonly earliest: number | null;
}

const INSERT_TICKET = `INSERT INTO tickets (${TICKET_COLUMNS.join(', ')})
  VALUES (${TICKET_COLUMNS.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`;
const UPDATE_TICKET = `UPDATE tickets SET ${TICKET_COLUMNS.slice(0, -1)
  .map((column) => `${column} = ?`)
  .join(', ')} WHERE number = ? AND seq = ?`;
const INSERT_EVENT =
  'INSERT INTO events (ticket, seq, type, at, actor_id, actor_name, body) VALUES (?, ?, ?, ?, ?, ?, ?)';

/** Where a statement costs next to nothing: one for each row, prepared once. */
export const SMALL_WRITES: Writes = {
  async nextNumber(sql) {
    const [row] = await sql.all(
      `INSERT INTO counters (name, value) VALUES ('ticket', 1)
       ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value`,
    );
    return row?.[0] as number;
  },

  async finishTimers(sql, rows) {
    const claims: TimerClaim[] = [];
    for (const { ticket, timer } of rows) claims.push((await finishTimer(sql, ticket, timer)) ? 'ours' : 'others');
    return { claims, tickets: [] };
  },

  async saveTickets(sql, saves) {
    let earliest: number | null = null;
    for (const save of saves) {
      const { number } = save.ticket;
      if ((await saveRow(sql, save)) === 0) return { refused: number, earliest };
      for (const thread of save.threads) if (!(await link(sql, number, thread))) return { refused: number, earliest };
      for (const event of save.events) await sql.run(INSERT_EVENT, eventValues(number, event));
      earliest = earlier(earliest, await replaceTimers(sql, number, save.timers));
    }
    return { refused: null, earliest };
  },

  async enqueue(sql, rows, now) {
    let earliest: number | null = null;
    for (const row of rows) if (await enqueue(sql, row, now)) earliest = earlier(earliest, row.dueAt);
    return earliest;
  },
};

/** Null: none. */
export const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

/** The row is the fold of the events: without a new one only the lock is looked at. Returns how many rows there were. */
async function saveRow(sql: Sql, { ticket, expectedSeq, events }: Save): Promise<number> {
  if (expectedSeq === 0) return sql.run(INSERT_TICKET, ticketValues(ticket));
  if (events.length > 0) return sql.run(UPDATE_TICKET, [...ticketValues(ticket), expectedSeq]);
  const rows = await sql.all('SELECT 1 FROM tickets WHERE number = ? AND seq = ?', [ticket.number, expectedSeq]);
  return rows.length;
}

async function link(sql: Sql, ticket: number, { platform, chat, thread, role, team }: ThreadLink): Promise<boolean> {
  const added = await sql.run(
    'INSERT INTO thread_links (platform, chat, thread, ticket, role, team) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    [platform, chat, thread, ticket, role, team],
  );
  if (added === 1) return true;
  const [row] = await sql.all('SELECT ticket FROM thread_links WHERE platform = ? AND chat = ? AND thread = ?', [
    platform,
    chat,
    thread,
  ]);
  return row?.[0] === ticket;
}

/** The key of a row. A stale card has one row for its thread, whoever marks it. */
export const keyOf = ({ key, delivery }: OutboxDraft): string =>
  delivery.kind === 'card' ? `card:${delivery.platform}:${delivery.chat}:${delivery.thread}` : key;

/**
 * Adds a row inside the caller's transaction; false: its key was there already.
 *
 * A stale card is one row. While it waits, it keeps its place and the earlier due instant, so that further edits do not put it off; once it
 * has been sent, it lines up again behind what was said since.
 */
async function enqueue(sql: Sql, draft: OutboxDraft, now: number): Promise<boolean> {
  const key = keyOf(draft);
  if (draft.delivery.kind !== 'card') return insert(sql, draft, key, 1, now);
  const marked = await sql.run(
    `UPDATE outbox SET version = version + 1, due_at = CASE WHEN attempts > 0 OR due_at < ? THEN due_at ELSE ? END
     WHERE key = ? AND state IN ('waiting', 'leased')`,
    [at(draft.dueAt), at(draft.dueAt), key],
  );
  if (marked === 1) return true;
  const [old] = await sql.all('DELETE FROM outbox WHERE key = ? RETURNING version', [key]);
  return insert(sql, draft, key, ((old?.[0] ?? 0) as number) + 1, now);
}

async function insert(sql: Sql, draft: OutboxDraft, key: string, version: number, now: number): Promise<boolean> {
  const { lane, ticket, delivery, dueAt } = draft;
  const added = await sql.run(
    `INSERT INTO outbox (key, lane, ticket, kind, delivery, state, due_at, version, created_at)
     VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
    [key, lane, ticket, delivery.kind, json(delivery), at(dueAt), version, at(now)],
  );
  return added === 1;
}
