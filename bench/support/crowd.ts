import pg from 'pg';
import type { Ticket } from '../../src/domain/ticket.ts';
import { Connection } from '../../src/storage/sqlite/driver.ts';
import { TEAMS, openDesk } from './desk.ts';
import type { Model } from './desk.ts';

/** Tickets by the hundred thousand: made once by the desk, then copied by SQL under other numbers, with their threads and timers but without their histories. */
export interface Copies {
  /** They take their turns: the ticket numbered `i` from the first copy on is a copy of `models[i % models.length]`. */
  readonly models: readonly Model[];
  readonly count: number;
  /** Of the first copy and from one to the next, ms: their clocks count from there, so their timers move with it. Whole numbers. */
  readonly firstMessage: { readonly at: number; readonly everyMs: number };
  /** So many requesters and owners, in turns, titles of several words, and 200 customers; left out: the models' own. */
  readonly people?: number;
  /** False: in no thread of any chat. */
  readonly threads?: boolean;
}

/** Both databases, with nothing between. */
export interface Raw {
  all(sql: string): Promise<readonly (readonly unknown[])[]>;
  run(sql: string): Promise<void>;
  close(): Promise<void>;
  readonly isPostgres: boolean;
}

const BATCH = 50_000;

/** @param flushes false: a crash may damage the file; for filling one that is made for the occasion */
export async function openRaw(url: string, { flushes = true } = {}): Promise<Raw> {
  if (url.startsWith('file:')) {
    const connection = new Connection(url.slice('file:'.length), 'write');
    if (!flushes) connection.script('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000');
    return {
      isPostgres: false,
      all: (sql) => Promise.resolve(connection.all(sql)),
      run: (sql) => Promise.resolve(connection.script(sql)),
      close: () => Promise.resolve(connection.close()),
    };
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    isPostgres: true,
    all: async (sql) => (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows,
    run: async (sql) => void (await client.query(sql)),
    close: () => client.end(),
  };
}

/** In an empty database: one ticket that waits in its queue, raised by the desk, for {@link copy}. Its clocks began a second ago. */
export async function oneQueued(url: string): Promise<Model> {
  const desk = await openDesk(url);
  const model = await desk.model(await desk.raise(1, { firstMessageAt: Date.now() - 1_000 }));
  await desk.storage.close();
  return model;
}

/** Returns the number of the first copy. */
export async function copy(raw: Raw, copies: Copies): Promise<number> {
  const [[highest] = []] = await raw.all('SELECT MAX(number) FROM tickets');
  const first = ((highest as number | null) ?? 0) + 1;
  for (let from = 0; from < copies.count; from += BATCH) {
    const numbers = { first, from, until: Math.min(from + BATCH, copies.count) };
    for (const sql of statements(copies, numbers, raw.isPostgres)) await raw.run(sql);
  }
  const last = first + copies.count - 1;
  await raw.run(
    raw.isPostgres
      ? `SELECT setval('ticket_number', ${last})`
      : `UPDATE counters SET value = ${last} WHERE name = 'ticket'`,
  );
  return first;
}

function statements(
  { models, firstMessage, people, threads = true }: Copies,
  { first, from, until }: { readonly first: number; readonly from: number; readonly until: number },
  isPostgres: boolean,
): readonly string[] {
  const instant = (ms: string): string =>
    isPostgres ? `(to_timestamp((${ms}) / 1000.0) AT TIME ZONE 'UTC')` : `(${ms})`;
  const series = `n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${until})`;
  const begins = `(${firstMessage.at} + i * ${firstMessage.everyMs})`;
  const thread = `'1600000000.' || (${first} + i)`;
  const who = people === undefined ? `''` : `(i % ${people})`;
  const title = people === undefined ? `'Trouble number ' || i` : someWords('i');
  const state = Object.entries({
    number: `${first} + i`,
    title: 'title',
    first: begins,
    ...(threads ? { thread } : {}),
    team: `i % ${TEAMS}`,
    who,
  }).reduce((text, [name, value]) => `replace(${text}, '@${name}@', CAST(${value} AS TEXT))`, 'state');
  const rows = models.map(({ ticket }, k) =>
    row([
      k,
      ticket.seq,
      ticket.status,
      ticket.severity,
      ticket.kind,
      ticket.priority,
      ticket.tier,
      'assignee' in ticket ? ticket.assignee.id : null,
      ticket.openedAt,
      ticket.updatedAt,
      templateOf(ticket, threads),
    ]),
  );
  const timers = models.flatMap((model, k) =>
    model.timers.map(({ clock, point, occurrence, dueAt }) => {
      const moves = model.ticket.clocks.some(({ id }) => id === clock);
      const due = moves ? dueAt - model.ticket.firstMessageAt + firstMessage.at : dueAt;
      return row([k, clock, point, occurrence, due, moves ? firstMessage.everyMs : 0]);
    }),
  );
  const all = [
    `WITH RECURSIVE ${series}, models(k, seq, status, severity, kind, priority, tier, assignee, opened, updated, state) AS (VALUES ${rows.join(', ')})
     INSERT INTO tickets (number, seq, status, severity, kind, priority, title, team, tier, assignee, requester, project, customer, product,
                          opened_at, updated_at, state)
     SELECT ${first} + i, seq, status, severity, kind, priority, title, 'team' || (i % ${TEAMS}), tier, assignee || ${who}, 'slack:U0LIN' || ${who},
            'project' || (i % ${TEAMS}), ${people === undefined ? 'NULL' : `'customer' || (i % 200)`}, NULL,
            ${instant('opened')}, ${instant('updated')}, ${isPostgres ? `(${state})::jsonb` : state}
       FROM (SELECT i, ${title} AS title FROM n) AS copies CROSS JOIN models WHERE k = i % ${models.length}`,
  ];
  if (threads)
    all.push(`WITH RECURSIVE ${series}
     INSERT INTO thread_links (platform, chat, thread, ticket, role, team)
     SELECT 'slack', 'C0INTAKE' || (i % ${TEAMS}), ${thread}, ${first} + i, 'origin', NULL FROM n`);
  if (timers.length > 0)
    all.push(
      `WITH RECURSIVE ${series}, models(k, clock, point, occurrence, due, every_ms) AS (VALUES ${timers.join(', ')})
       INSERT INTO timers (ticket, clock, point, occurrence, due_at, try_at)
       SELECT ${first} + i, clock, point, occurrence, ${instant('due + i * every_ms')}, ${instant('due + i * every_ms')}
         FROM n CROSS JOIN models WHERE k = i % ${models.length}`,
    );
  return all;
}

/** The state with a mark wherever copies differ. The model was raised in the channel of team 1. */
function templateOf(ticket: Ticket, threads: boolean): string {
  const marked = { ...ticket, number: '@number@', fields: { ...ticket.fields, title: '@title@' } };
  return JSON.stringify(marked)
    .replaceAll('"@number@"', '@number@')
    .replaceAll(String(ticket.firstMessageAt), '@first@')
    .replaceAll(ticket.threads[0]?.thread ?? '@thread@', threads ? '@thread@' : 'none')
    .replaceAll('"team1"', '"team@team@"')
    .replaceAll('"project1"', '"project@team@"')
    .replaceAll('"C0INTAKE1"', '"C0INTAKE@team@"')
    .replaceAll('"slack:U0LIN"', '"slack:U0LIN@who@"')
    .replaceAll('"assignee":{"id":"wei"', '"assignee":{"id":"wei@who@"');
}

const row = (values: readonly (string | number | null)[]): string =>
  `(${values.map((value) => (typeof value === 'string' ? `'${value.replaceAll(`'`, `''`)}'` : String(value ?? 'NULL'))).join(', ')})`;

/** In columns of 12 characters, for `substr`. */
export const WORDS =
  'orders payments invoices login password database cluster network firewall storage backup restore printer scanner export import report chart timeout memory disk processor certificate domain mailbox calendar webhook gateway proxy cache queue worker'.split(
    ' ',
  );

/** Three words and a number, other ones for each: the third changes slowest. */
function someWords(i: string): string {
  const list = `'${WORDS.map((word) => word.padEnd(12)).join('')}'`;
  const word = (place: string): string => `trim(substr(${list}, (${place}) % ${WORDS.length} * 12 + 1, 12))`;
  return `${word(i)} || ' and ' || ${word(`${i} / 7`)} || ' fail after the ' || ${word(`${i} / 211`)} || ' was changed, number ' || ${i}`;
}
