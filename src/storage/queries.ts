import type { Ticket } from '../domain/ticket.ts';
import type { Status } from '../domain/words.ts';
import { STATUSES } from '../domain/words.ts';
import { ticketOf } from './convert.ts';
import type { Database, Source } from './database.ts';
import type { Value } from './driver.ts';

export interface TicketFilter {
  readonly status?: readonly Status[];
  /** A person's id; null: nobody's. */
  readonly assignee?: string | null;
  readonly requester?: string;
  readonly team?: string;
  readonly project?: string;
  readonly customer?: string;
  /** Part of the title, or a number: `42`, `ITR-42`. */
  readonly q?: string;
}

export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** For the next page; null: this is the last one. */
  readonly cursor: string | null;
}

/** An event that could never be handled. */
export interface BuriedEvent {
  readonly id: string;
  readonly platform: string;
  readonly receivedAt: number;
  readonly attempts: number;
  readonly error: string;
}

/** What the pages and the API ask; nothing here changes anything. */
export interface Queries {
  /** Newest first. @throws RangeError for a cursor that was not made here. */
  listTickets(
    filter: TicketFilter & { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<TicketPage>;
  countByStatus(filter?: TicketFilter): Promise<Readonly<Record<Status, number>>>;
  /** For each status at most `limit` tickets, newest first, and how many there are. */
  board(
    filter: Omit<TicketFilter, 'status'> & { readonly statuses: readonly Status[]; readonly limit: number },
  ): Promise<readonly { readonly status: Status; readonly count: number; readonly tickets: readonly Ticket[] }[]>;
  /** For `/readyz`, `/metrics` and `itr doctor`: what waits, and for how long. */
  backlog(now: number): Promise<{
    readonly inbox: { readonly waiting: number; readonly oldestMs: number; readonly dead: number };
    readonly timers: { readonly waiting: number; readonly overdueMs: number };
  }>;
  /** Newest first. */
  buriedEvents(limit: number): Promise<readonly BuriedEvent[]>;
}

export class StoredQueries implements Queries {
  readonly #source: Source;

  constructor(database: Database) {
    this.#source = database.reading;
  }

  async listTickets(
    filter: TicketFilter & { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<TicketPage> {
    const { sql, values } = where(filter, filter.cursor === undefined ? undefined : numberOf(filter.cursor));
    // The numbers first, from the indexes alone: rows are long, and a list may have to sort many.
    const rows = await this.#source.all(
      `SELECT state, number FROM tickets WHERE number IN
         (SELECT number FROM tickets WHERE ${sql} ORDER BY number DESC LIMIT ?) ORDER BY number DESC`,
      [...values, filter.limit + 1],
    );
    const page = rows.slice(0, filter.limit);
    const last = rows.length > filter.limit ? page.at(-1) : undefined;
    return {
      tickets: page.map(([state]) => ticketOf(state)),
      cursor: last === undefined ? null : cursorOf(last[1] as number),
    };
  }

  async countByStatus(filter: TicketFilter = {}): Promise<Readonly<Record<Status, number>>> {
    const { sql, values } = where(filter);
    const rows = await this.#source.all(`SELECT status, COUNT(*) FROM tickets WHERE ${sql} GROUP BY status`, values);
    const counts = new Map(rows as unknown as [Status, number][]);
    return Object.fromEntries(STATUSES.map((status) => [status, counts.get(status) ?? 0])) as Record<Status, number>;
  }

  async board({ statuses, limit, ...filter }: Parameters<Queries['board']>[0]): ReturnType<Queries['board']> {
    const counts = await this.countByStatus({ ...filter, status: statuses });
    const columns = [];
    for (const status of statuses) {
      const { tickets } = await this.listTickets({ ...filter, status: [status], limit });
      columns.push({ status, count: counts[status], tickets });
    }
    return columns;
  }

  async backlog(now: number): ReturnType<Queries['backlog']> {
    const [row] = await this.#source.all(
      `SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'waiting'), (SELECT COUNT(*) FROM inbox WHERE state = 'dead'),
              (SELECT received_at FROM inbox WHERE position = (SELECT MIN(position) FROM inbox WHERE state = 'waiting')),
              (SELECT COUNT(*) FROM timers), (SELECT MIN(try_at) FROM timers)`,
    );
    const [waiting, dead, received, timers, dueAt] = row as [number, number, number | null, number, number | null];
    return {
      inbox: { waiting, dead, oldestMs: Math.max(0, now - (received ?? now)) },
      timers: { waiting: timers, overdueMs: Math.max(0, now - (dueAt ?? now)) },
    };
  }

  async buriedEvents(limit: number): Promise<readonly BuriedEvent[]> {
    const rows = await this.#source.prisma.inboxEvent.findMany({
      where: { state: 'dead' },
      orderBy: { position: 'desc' },
      take: limit,
      select: { id: true, platform: true, receivedAt: true, attempts: true, error: true },
    });
    return rows.map((row) => ({ ...row, receivedAt: row.receivedAt.getTime(), error: row.error ?? '' }));
  }
}

function where(filter: TicketFilter, before?: number): { readonly sql: string; readonly values: readonly Value[] } {
  const conditions: string[] = [];
  const values: Value[] = [];
  const add = (condition: string, ...more: readonly Value[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  for (const column of ['requester', 'team', 'project', 'customer'] as const) {
    const value = filter[column];
    if (value !== undefined) add(`${column} = ?`, value);
  }
  if (filter.assignee === null) add('assignee IS NULL');
  else if (filter.assignee !== undefined) add('assignee = ?', filter.assignee);
  if (filter.status !== undefined) add(`status IN (${filter.status.map(() => '?').join(', ')})`, ...filter.status);
  if (before !== undefined) add('number < ?', before);
  const q = filter.q?.trim() ?? '';
  if (q !== '') {
    // A query of its own, so that it is answered from the index on (number, title).
    const inTitle = `number IN (SELECT number FROM tickets WHERE title LIKE ? ESCAPE '\\')`;
    const number = /^(?:itr-)?(\d{1,9})$/i.exec(q)?.[1];
    const part = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    if (number === undefined) add(inTitle, part);
    else add(`(number = ? OR ${inTitle})`, Number(number), part);
  }
  return { sql: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '), values };
}

const cursorOf = (number: number): string => Buffer.from(`before:${number}`).toString('base64url');

function numberOf(cursor: string): number {
  const number = /^before:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (number === undefined) throw new RangeError('that cursor is none of ours');
  return Number(number);
}
