import type { Ticket } from '../domain/ticket.ts';
import type { Status } from '../domain/words.ts';
import { OPEN, ticketOf } from './convert.ts';
import type { Dialect, Sql, Value } from './sql.ts';

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

/** At most `limit` tickets, the highest numbers first, all below `before`. */
export async function newest(
  sql: Sql,
  dialect: Dialect,
  filter: TicketFilter,
  limit: number,
  before?: number,
): Promise<readonly Ticket[]> {
  const { condition, values } = where(filter, dialect, { isWalked: true });
  const below = before === undefined ? [] : [before];
  // The numbers first, from the indexes alone: rows are long, and a list may have to sort many.
  const rows = await sql.all(
    `SELECT state FROM tickets WHERE number IN
       (SELECT number FROM tickets WHERE ${condition} ${below.length === 0 ? '' : 'AND number < ?'} ORDER BY number DESC LIMIT ?)
     ORDER BY number DESC`,
    [...values, ...below, limit],
  );
  return rows.map(([state]) => ticketOf(state));
}

/**
 * The filter as a condition on `tickets`.
 * @param how.isWalked the highest numbers are wanted, and only some of them
 */
export function where(
  filter: TicketFilter,
  dialect: Dialect,
  { isWalked = false }: { readonly isWalked?: boolean } = {},
): { readonly condition: string; readonly values: readonly Value[] } {
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
  const q = filter.q?.trim() ?? '';
  if (q !== '') {
    const title = `title ${dialect.like} ? ESCAPE '\\'`;
    // Open tickets are few enough to be looked at row by row; and where nothing else is asked, the index on (number, title) is walked until there are enough.
    const isDirect = filter.status?.every((status) => OPEN.includes(status)) ?? (isWalked && conditions.length === 0);
    // Else a query of its own, so that it is answered from that index: closed rows are many, and long.
    const inTitle = isDirect ? title : `number IN (SELECT number FROM tickets WHERE ${title})`;
    const number = /^(?:itr-)?(\d{1,9})$/i.exec(q)?.[1];
    const part = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    if (number === undefined) add(inTitle, part);
    else add(`(number = ? OR ${inTitle})`, Number(number), part);
  }
  return { condition: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '), values };
}
