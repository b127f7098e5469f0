import type { SkippedTier, Ticket } from '../domain/ticket.ts';
import type { SolvedTicket } from '../domain/tiers.ts';
import type { Status, Tier } from '../domain/words.ts';
import { STATUSES } from '../domain/words.ts';
import { StoredWatchQueries } from './audit-queries.ts';
import type { WatchQueries } from './audit-queries.ts';
import { OPEN } from './convert.ts';
import { counted, newest } from './filter.ts';
import type { TicketFilter } from './filter.ts';
import type { Database, Dialect, Source } from './sql.ts';

export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** For the next page; null: this is the last one. */
  readonly cursor: string | null;
}

export interface TierFigures {
  readonly solved: readonly SolvedTicket[];
  readonly skipped: readonly (SkippedTier & { readonly number: number })[];
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
  /** The numbers of open tickets above one, ascending, at most `limit`: a walk over all of them that costs the same at its end as at its beginning. */
  openNumbers(above: number, limit: number): Promise<readonly number[]>;
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
  /** A counter that only grows (`Tx.count`); 0 where nothing was counted. */
  counter(name: string): Promise<number>;
  /** For the 9-9-1 figures: what was solved in [from, to), and every ticket that passed over a line in that time. */
  tierFigures(from: number, to: number): Promise<TierFigures>;
  /** Newest first. */
  buriedEvents(limit: number): Promise<readonly BuriedEvent[]>;
  readonly watch: WatchQueries;
}

export class StoredQueries implements Queries {
  readonly watch: WatchQueries;
  readonly #source: Source;
  readonly #dialect: Dialect;

  constructor(database: Database) {
    this.#source = database.reading;
    this.watch = new StoredWatchQueries(database.reading);
    this.#dialect = database.dialect;
  }

  async listTickets(
    filter: TicketFilter & { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<TicketPage> {
    const before = filter.cursor === undefined ? undefined : numberOf(filter.cursor);
    const tickets = await newest(this.#source, this.#dialect, filter, filter.limit + 1, before);
    const page = tickets.slice(0, filter.limit);
    const last = tickets.length > filter.limit ? page.at(-1) : undefined;
    return { tickets: page, cursor: last === undefined ? null : cursorOf(last.number) };
  }

  async openNumbers(above: number, limit: number): Promise<readonly number[]> {
    // One ordered stretch of the index on (status, number) each: a single condition on all of them would sort every open ticket, every time.
    const each = OPEN.map(
      () =>
        'SELECT * FROM (SELECT number FROM tickets WHERE status = ? AND number > ? ORDER BY number LIMIT ?) AS open_ones',
    );
    const rows = await this.#source.all(`${each.join(' UNION ALL ')} ORDER BY number LIMIT ?`, [
      ...OPEN.flatMap((status) => [status, above, limit]),
      limit,
    ]);
    return rows.map(([number]) => number as number);
  }

  async countByStatus(filter: TicketFilter = {}): Promise<Readonly<Record<Status, number>>> {
    const { status: wanted = STATUSES, ...others } = filter;
    const open = wanted.filter((status) => OPEN.includes(status));
    const ended = wanted.filter((status) => !OPEN.includes(status));
    const isAll = Object.keys(others).length === 0;
    const counts = await Promise.all([
      // Those that have ended are many, so where all of them are asked for their count is kept: `ended_tickets`.
      isAll && ended.length > 0 ? this.#ended() : new Map<Status, number>(),
      isAll
        ? counted(this.#source, this.#dialect, { status: open })
        : counted(this.#source, this.#dialect, { ...others, status: wanted }),
    ]);
    const byStatus = new Map(counts.flatMap((some) => [...some]));
    return Object.fromEntries(
      STATUSES.map((status) => [status, wanted.includes(status) ? (byStatus.get(status) ?? 0) : 0]),
    ) as Record<Status, number>;
  }

  async #ended(): Promise<ReadonlyMap<Status, number>> {
    const rows = await this.#source.all('SELECT status, SUM(added) FROM ended_tickets GROUP BY status');
    return new Map(rows as unknown as [Status, number][]);
  }

  async board({ statuses, limit, ...filter }: Parameters<Queries['board']>[0]): ReturnType<Queries['board']> {
    return Promise.all(
      statuses.map(async (status) => {
        const { tickets, cursor } = await this.listTickets({ ...filter, status: [status], limit });
        // What is shown whole needs not to be counted.
        const counts = cursor === null ? null : await this.countByStatus({ ...filter, status: [status] });
        return { status, count: counts?.[status] ?? tickets.length, tickets };
      }),
    );
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

  async counter(name: string): Promise<number> {
    const [row] = await this.#source.all('SELECT value FROM counters WHERE name = ?', [name]);
    return (row?.[0] as number | undefined) ?? 0;
  }

  async tierFigures(from: number, to: number): Promise<TierFigures> {
    const [resolvedField, skippedField] = ['resolvedAt', 'skippedTiers'].map((key) =>
      this.#dialect.field('state', key),
    );
    // What was solved or escalated in that time was changed then or later, so the rows before need not be opened.
    const rows = await this.#source.all(
      `SELECT number, tier, team, product, ${resolvedField}, ${skippedField}
         FROM tickets WHERE updated_at >= ? AND tier IS NOT NULL
          AND (status IN ('resolved', 'closed') OR ${skippedField} IS NOT NULL)
        ORDER BY number`,
      [new Date(from)],
    );
    const isIn = (at: number): boolean => at >= from && at < to;
    const solved: SolvedTicket[] = [];
    const skipped: (SkippedTier & { readonly number: number })[] = [];
    for (const [number, tier, team, product, resolved, passed] of rows as unknown as [
      number,
      Tier,
      string | null,
      string | null,
      number | string | null,
      string | null,
    ][]) {
      const resolvedAt = resolved === null ? null : Number(resolved);
      if (resolvedAt !== null && isIn(resolvedAt)) solved.push({ number, tier, team, product, resolvedAt });
      for (const one of passed === null ? [] : (JSON.parse(passed) as SkippedTier[]))
        if (isIn(one.at)) skipped.push({ ...one, number });
    }
    return { solved, skipped };
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

const cursorOf = (number: number): string => Buffer.from(`before:${number}`).toString('base64url');

function numberOf(cursor: string): number {
  const number = /^before:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (number === undefined) throw new RangeError('that cursor is none of ours');
  return Number(number);
}
