import type { OutboxDraft } from '../../desk/ports.ts';
import { json, TICKET_COLUMNS, ticketCells, ticketOf } from '../convert.ts';
import { earlier, keyOf } from '../writes.ts';
import type { Save, Writes } from '../writes.ts';

/** Types of TICKET_COLUMNS. */
const TICKET_TYPES: Readonly<Partial<Record<(typeof TICKET_COLUMNS)[number], string>>> = {
  seq: 'integer',
  number: 'integer',
  opened_at: 'timestamp',
  updated_at: 'timestamp',
  state: 'jsonb',
};
const COLUMNS = TICKET_COLUMNS.join(', ');
const KEPT = TICKET_COLUMNS.slice(0, -1);
const given = (columns: readonly string[]): string => columns.map((column) => `given.${column}`).join(', ');

/** The rows: as new ones, in the place of those with that seq, or left as they are. */
const ROWS = {
  new: `INSERT INTO tickets (${COLUMNS}) SELECT ${given(TICKET_COLUMNS)} FROM given ON CONFLICT DO NOTHING RETURNING number`,
  changed: `UPDATE tickets SET (${KEPT.join(', ')}) = ROW(${given(KEPT)}) FROM given
    WHERE tickets.number = given.number AND tickets.seq = given.expected RETURNING tickets.number`,
  same: 'SELECT tickets.number FROM tickets JOIN given ON tickets.number = given.number AND tickets.seq = given.expected',
} as const;

/** Of those that had timers: not those that are planned again. */
const GONE = `gone AS (
    DELETE FROM timers USING saved JOIN given USING (number)
      WHERE timers.ticket = saved.number AND NOT given.clocks @> to_jsonb(timers.clock)),`;

/** Everything in one statement: nothing of it is done where the row is not. */
const saveWith = (rows: string, gone: string): string => `WITH given AS (
    SELECT * FROM jsonb_to_recordset(?::jsonb) AS given (${TICKET_COLUMNS.map((column) => `${column} ${TICKET_TYPES[column] ?? 'text'}`).join(', ')},
      expected integer, events jsonb, clocks jsonb, timers jsonb, threads jsonb)),
  saved AS (${rows}),
  added AS (
    INSERT INTO events (ticket, seq, type, at, actor_id, actor_name, body)
    SELECT saved.number, new.* FROM saved JOIN given USING (number),
      jsonb_to_recordset(given.events) AS new (seq integer, type text, at timestamp, actor_id text, actor_name text, body jsonb)),
  ${gone}
  planned AS (
    INSERT INTO timers AS old (ticket, clock, point, occurrence, due_at, try_at)
    SELECT saved.number, new.clock, new.point, new.occurrence, new.due_at, new.due_at FROM saved JOIN given USING (number),
      jsonb_to_recordset(given.timers) AS new (clock text, point text, occurrence integer, due_at timestamp)
    ON CONFLICT (ticket, clock) DO UPDATE
      SET point = excluded.point, occurrence = excluded.occurrence, due_at = excluded.due_at, try_at = excluded.try_at
      WHERE (old.point, old.occurrence, old.due_at) <> (excluded.point, excluded.occurrence, excluded.due_at)
    RETURNING due_at),
  linked AS (
    INSERT INTO thread_links AS old (platform, chat, thread, ticket, role, team)
    SELECT new.platform, new.chat, new.thread, saved.number, new.role, new.team FROM saved JOIN given USING (number),
      jsonb_to_recordset(given.threads) AS new (platform text, chat text, thread text, role text, team text)
    ON CONFLICT (platform, chat, thread) DO UPDATE SET ticket = old.ticket WHERE old.ticket = excluded.ticket
    RETURNING ticket)
  SELECT saved.number, (SELECT MIN(due_at) FROM planned), (SELECT COUNT(*) FROM linked WHERE linked.ticket = saved.number) FROM saved`;

const SAVE = {
  new: saveWith(ROWS.new, ''),
  changed: saveWith(ROWS.changed, GONE),
  same: saveWith(ROWS.same, GONE),
} as const;

const kindOf = ({ expectedSeq, events }: Pick<Save, 'expectedSeq' | 'events'>): keyof typeof SAVE =>
  expectedSeq === 0 ? 'new' : events.length > 0 ? 'changed' : 'same';

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

/**
 * A ticket is claimed before its timer, as whatever changes a ticket takes its row first; one that somebody else has in hand is left to him, so nothing here
 * waits. Of several, those that are linked are left where they are.
 */
const FINISH_TIMERS = `WITH wanted AS (
    SELECT * FROM unnest(?::integer[], ?::text[], ?::text[], ?::integer[], ?::timestamp[]) AS wanted (ticket, clock, point, occurrence, due_at)),
  held AS MATERIALIZED (
    SELECT number, state, ? AND COALESCE(state->'links', '[]') <> '[]' AS alone
      FROM tickets WHERE number = ANY (?::integer[]) FOR UPDATE SKIP LOCKED),
  gone AS (
    DELETE FROM timers USING held, wanted
      WHERE NOT held.alone AND wanted.ticket = held.number AND timers.ticket = held.number AND timers.clock = wanted.clock
        AND (timers.point, timers.occurrence, timers.due_at) = (wanted.point, wanted.occurrence, wanted.due_at)
      RETURNING timers.ticket)
  SELECT held.number, held.alone, held.state FROM held LEFT JOIN gone ON gone.ticket = held.number
    WHERE held.alone OR gone.ticket IS NOT NULL`;

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, -1);

/** Where a statement costs a round trip. */
export const LONG_WRITES: Writes = {
  /** A sequence, not a counter: a counter would hold everybody else's new tickets until this one is committed. So a number may be left out, after a collision. */
  async nextNumber(sql) {
    const [row] = await sql.all(`SELECT nextval('ticket_number')`);
    return row?.[0] as number;
  },

  async finishTimers(sql, rows) {
    const numbers = rows.map(({ ticket }) => String(ticket));
    const found = await sql.all(FINISH_TIMERS, [
      numbers,
      rows.map(({ timer }) => timer.clock),
      rows.map(({ timer }) => timer.point),
      rows.map(({ timer }) => String(timer.occurrence)),
      rows.map(({ timer }) => iso(timer.dueAt)),
      rows.length > 1,
      numbers,
    ]);
    const claims = new Map(found.map(([number, alone]) => [number, alone === 1 ? 'alone' : 'ours'] as const));
    return {
      claims: rows.map(({ ticket }) => claims.get(ticket) ?? 'others'),
      tickets: found.filter(([, alone]) => alone !== 1).map(([, , state]) => ticketOf(state)),
    };
  },

  async saveTickets(sql, saves) {
    let earliest: number | null = null;
    for (const kind of ['new', 'changed', 'same'] as const) {
      const some = saves.filter((save) => kindOf(save) === kind);
      if (some.length === 0) continue;
      const rows = await sql.all(SAVE[kind], [json(some.map(recordOf))]);
      const linked = new Map(rows.map(([number, , threads]) => [number, threads]));
      const refused = some.find(({ ticket, threads }) => linked.get(ticket.number) !== threads.length);
      if (refused !== undefined) return { refused: refused.ticket.number, earliest };
      earliest = earlier(earliest, (rows[0]?.[1] ?? null) as number | null);
    }
    return { refused: null, earliest };
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

const recordOf = ({ ticket, expectedSeq, events, timers, threads }: Save): object => ({
  ...ticketCells(ticket),
  opened_at: iso(ticket.openedAt),
  updated_at: iso(ticket.updatedAt),
  state: kindOf({ expectedSeq, events }) === 'same' ? null : ticket,
  expected: expectedSeq,
  events: events.map(({ seq, at, actor, type, ...body }) => ({
    seq,
    at: iso(at),
    actor_id: actor.id,
    actor_name: actor.name,
    type,
    body,
  })),
  clocks: timers.map(({ clock }) => clock),
  timers: timers.map(({ clock, point, occurrence, dueAt }) => ({ clock, point, occurrence, due_at: iso(dueAt) })),
  threads,
});

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
