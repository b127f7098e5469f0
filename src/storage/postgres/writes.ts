import type { OutboxDraft } from '../../desk/ports.ts';
import { eventValues, json, TICKET_COLUMNS, ticketOf, ticketValues } from '../convert.ts';
import { timerKey } from '../timers.ts';
import { keyOf } from '../writes.ts';
import type { Writes } from '../writes.ts';

/** Types of TICKET_COLUMNS, for values that no column is there to tell. */
const TICKET_TYPES: Readonly<Partial<Record<(typeof TICKET_COLUMNS)[number], string>>> = {
  seq: 'integer',
  number: 'integer',
  opened_at: 'timestamp',
  updated_at: 'timestamp',
  state: 'jsonb',
};
const COLUMNS = TICKET_COLUMNS.join(', ');
const MARKS = TICKET_COLUMNS.map((column) => `?::${TICKET_TYPES[column] ?? 'text'}`).join(', ');

/** The row: as new, in the place of the one with that seq, or left as it is. */
const ROW = {
  new: `INSERT INTO tickets (${COLUMNS}) VALUES (${MARKS}) ON CONFLICT DO NOTHING RETURNING number`,
  changed: `UPDATE tickets SET (${TICKET_COLUMNS.slice(0, -1).join(', ')}) = (${TICKET_COLUMNS.slice(0, -1)
    .map((column) => `?::${TICKET_TYPES[column] ?? 'text'}`)
    .join(', ')}) WHERE number = ? AND seq = ? RETURNING number`,
  same: 'SELECT number FROM tickets WHERE number = ? AND seq = ?',
} as const;

/** Everything in one statement: nothing of it is done where the row is not. */
const saveWith = (row: string): string => `WITH row AS (${row}),
  added AS (
    INSERT INTO events (ticket, seq, type, at, actor_id, actor_name, body)
    SELECT row.number, new.seq, new.type, new.at, new.actor_id, new.actor_name, new.body
      FROM row, unnest(?::integer[], ?::text[], ?::timestamp[], ?::text[], ?::text[], ?::jsonb[])
        AS new (seq, type, at, actor_id, actor_name, body)),
  gone AS (DELETE FROM timers USING row WHERE timers.ticket = row.number AND timers.clock <> ALL (?::text[])),
  planned AS (
    INSERT INTO timers AS old (ticket, clock, point, occurrence, due_at, try_at)
    SELECT row.number, new.clock, new.point, new.occurrence, new.due_at, new.due_at
      FROM row, unnest(?::text[], ?::text[], ?::integer[], ?::timestamp[]) AS new (clock, point, occurrence, due_at)
    ON CONFLICT (ticket, clock) DO UPDATE
      SET point = excluded.point, occurrence = excluded.occurrence, due_at = excluded.due_at, try_at = excluded.try_at
      WHERE (old.point, old.occurrence, old.due_at) <> (excluded.point, excluded.occurrence, excluded.due_at)
    RETURNING due_at),
  linked AS (
    INSERT INTO thread_links AS old (platform, chat, thread, ticket, role, team)
    SELECT new.platform, new.chat, new.thread, row.number, new.role, new.team
      FROM row, unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[]) AS new (platform, chat, thread, role, team)
    ON CONFLICT (platform, chat, thread) DO UPDATE SET ticket = old.ticket WHERE old.ticket = excluded.ticket
    RETURNING 1)
  SELECT (SELECT COUNT(*) FROM row), (SELECT MIN(due_at) FROM planned), (SELECT COUNT(*) FROM linked)`;

const SAVE = { new: saveWith(ROW.new), changed: saveWith(ROW.changed), same: saveWith(ROW.same) } as const;

/** A card that still waits keeps its place; one that was sent begins anew. */
const STANDS = `(old.state IN ('waiting', 'leased'))`;

/** All rows at once; a card that was sent lines up again, under a new id. */
const ENQUEUE = `INSERT INTO outbox AS old (key, lane, ticket, kind, delivery, state, due_at, version, created_at)
  SELECT key, lane, ticket, kind, delivery, 'waiting', due_at, 1, ?::timestamp
    FROM unnest(?::text[], ?::text[], ?::integer[], ?::text[], ?::jsonb[], ?::timestamp[]) WITH ORDINALITY
      AS new (key, lane, ticket, kind, delivery, due_at, place) ORDER BY place
  ON CONFLICT (key) DO UPDATE SET
    version = old.version + 1,
    due_at = CASE WHEN ${STANDS} AND (old.attempts > 0 OR old.due_at < excluded.due_at) THEN old.due_at ELSE excluded.due_at END,
    id = CASE WHEN ${STANDS} THEN old.id ELSE excluded.id END,
    state = CASE WHEN ${STANDS} THEN old.state ELSE 'waiting' END,
    attempts = CASE WHEN ${STANDS} THEN old.attempts ELSE 0 END,
    lease_until = CASE WHEN ${STANDS} THEN old.lease_until END,
    unknown = ${STANDS} AND old.unknown,
    error = CASE WHEN ${STANDS} THEN old.error END,
    created_at = CASE WHEN ${STANDS} THEN old.created_at ELSE excluded.created_at END,
    ended_at = CASE WHEN ${STANDS} THEN old.ended_at END
    WHERE old.kind = 'card'
  RETURNING due_at`;

/** The ticket is claimed before its timer, as whatever changes a ticket takes its row first; one that somebody else has in hand is left to him. */
const FINISH_TIMER = `WITH held AS MATERIALIZED (SELECT number, state FROM tickets WHERE number = ? FOR UPDATE SKIP LOCKED),
  gone AS (
    DELETE FROM timers USING held
      WHERE ticket = held.number AND ticket = ? AND clock = ? AND point = ? AND occurrence = ? AND due_at = ? RETURNING 1)
  SELECT (SELECT COUNT(*) FROM gone), (SELECT state FROM held)`;

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, -1);

/** Where a statement costs a round trip. */
export const LONG_WRITES: Writes = {
  /** A sequence, not a counter: a counter would hold everybody else's new tickets until this one is committed. So a number may be left out, after a collision. */
  async nextNumber(sql) {
    const [row] = await sql.all(`SELECT nextval('ticket_number')`);
    return row?.[0] as number;
  },

  async finishTimer(sql, number, timer) {
    const [row] = await sql.all(FINISH_TIMER, [number, ...timerKey(number, timer)]);
    const [gone, state] = row ?? [];
    return gone === 1 ? { isOurs: true, ticket: ticketOf(state) } : { isOurs: false };
  },

  async saveTicket(sql, { ticket, expectedSeq, events, timers, threads }) {
    const kind = expectedSeq === 0 ? 'new' : events.length > 0 ? 'changed' : 'same';
    const row = kind === 'same' ? [ticket.number] : ticketValues(ticket);
    const columns = events.map((event) => eventValues(ticket.number, event));
    const column = (index: number): string[] => columns.map((values) => String(values[index]));
    const [saved] = await sql.all(SAVE[kind], [
      ...row,
      ...(kind === 'new' ? [] : [expectedSeq]),
      column(1),
      column(2),
      events.map((event) => iso(event.at)),
      column(4),
      column(5),
      column(6),
      timers.map(({ clock }) => clock),
      timers.map(({ clock }) => clock),
      timers.map(({ point }) => point),
      timers.map(({ occurrence }) => String(occurrence)),
      timers.map(({ dueAt }) => iso(dueAt)),
      threads.map(({ platform }) => platform),
      threads.map(({ chat }) => chat),
      threads.map(({ thread }) => thread),
      threads.map(({ role }) => role),
      threads.map(({ team }) => team),
    ]);
    return {
      isSaved: saved?.[0] === 1 && saved[2] === threads.length,
      earliest: (saved?.[1] ?? null) as number | null,
    };
  },

  async enqueue(sql, rows, now) {
    const drafts = onePerKey(rows);
    if (drafts.length === 0) return null;
    const added = await sql.all(ENQUEUE, [
      iso(now),
      drafts.map(keyOf),
      drafts.map(({ lane }) => lane),
      drafts.map(({ ticket }) => (ticket === null ? null : String(ticket))),
      drafts.map(({ delivery }) => delivery.kind),
      drafts.map(({ delivery }) => json(delivery)),
      drafts.map(({ dueAt }) => iso(dueAt)),
    ]);
    return added.length === 0 ? null : Math.min(...added.map(([dueAt]) => dueAt as number));
  },
};

/** One statement changes a row once: of several marks of a card the earliest counts, of other rows with one key the first. */
function onePerKey(rows: readonly OutboxDraft[]): readonly OutboxDraft[] {
  const kept = new Map<string, OutboxDraft>();
  for (const row of rows) {
    const key = keyOf(row);
    const old = kept.get(key);
    if (old === undefined) kept.set(key, row);
    else if (row.delivery.kind === 'card' && row.dueAt < old.dueAt) kept.set(key, { ...old, dueAt: row.dueAt });
  }
  return [...kept.values()];
}
