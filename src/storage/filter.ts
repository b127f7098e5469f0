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

/** So many of the newest tickets are looked through for a word before the index of titles is asked: a word that fills no page among them is none of the frequent ones. */
const NEAR = 2_000;

/** At most `limit` tickets, the highest numbers first, all below `before`. */
export async function newest(
  sql: Sql,
  dialect: Dialect,
  filter: TicketFilter,
  limit: number,
  before?: number,
): Promise<readonly Ticket[]> {
  const { conditions, values, word } = where(filter);
  if (before !== undefined) {
    conditions.push('number < ?');
    values.push(before);
  }
  const all = conditions.join(' AND ');
  if (word === null)
    return numbered(sql, `SELECT number FROM tickets WHERE ${all} ORDER BY number DESC LIMIT ?`, [...values, limit]);
  const title = titled(word, dialect);
  const some = `FROM tickets WHERE ${all} ORDER BY number DESC LIMIT ?`;
  // Only an index that begins with number or status has the title in it; else the numbers are sorted first, and then as many rows are read as are looked at.
  const isCovered = COLUMNS.every((column) => filter[column] === undefined) && filter.assignee === undefined;
  const near = await sql.all(
    `WITH near AS MATERIALIZED (
       SELECT number, title ${isCovered ? some : `FROM tickets WHERE number IN (SELECT number ${some})`})
     SELECT * FROM (SELECT number FROM near WHERE ${title.condition} ORDER BY number DESC LIMIT ?) AS hits
     UNION ALL SELECT -COUNT(*) FROM near`,
    [...values, NEAR, ...title.values, limit],
  );
  const numbers = near.map(([number]) => number as number).filter((number) => number > 0);
  // The one that is no number of a ticket.
  const isAll = near.some(([looked]) => (looked as number) <= 0 && -(looked as number) < NEAR);
  if (numbers.length === limit || isAll) return byNumber(sql, numbers);
  const found = indexed(word, dialect);
  return numbered(sql, `SELECT number FROM tickets WHERE ${all} AND ${found.condition} ORDER BY number DESC LIMIT ?`, [
    ...values,
    ...found.values,
    limit,
  ]);
}

/** The numbers first, from the indexes alone: rows are long, and a list may have to sort many. */
async function numbered(sql: Sql, query: string, values: readonly Value[]): Promise<readonly Ticket[]> {
  const rows = await sql.all(
    `SELECT state FROM tickets WHERE number IN (SELECT number FROM (${query}) AS page) ORDER BY number DESC`,
    values,
  );
  return rows.map(([state]) => ticketOf(state));
}

async function byNumber(sql: Sql, numbers: readonly number[]): Promise<readonly Ticket[]> {
  if (numbers.length === 0) return [];
  // A power of two of them, so that there are few statements to prepare.
  const filled = 2 ** Math.ceil(Math.log2(numbers.length));
  const marks = Array.from({ length: filled }, (_, i) => numbers[i] ?? null);
  const rows = await sql.all(
    `SELECT state FROM tickets WHERE number IN (${marks.map(() => '?').join(', ')}) ORDER BY number DESC`,
    marks,
  );
  return rows.map(([state]) => ticketOf(state));
}

/** How many tickets of each status that has some. */
export async function counted(sql: Sql, dialect: Dialect, filter: TicketFilter): Promise<ReadonlyMap<Status, number>> {
  if (filter.status?.length === 0) return new Map();
  const { conditions, values, word } = where(filter);
  if (word !== null) {
    // Open tickets are few enough to be looked at one by one, in the index on (status, number, title).
    const isOpen = filter.status?.every((status) => OPEN.includes(status)) ?? false;
    const { condition, values: more } = isOpen ? titled(word, dialect) : indexed(word, dialect);
    conditions.push(condition);
    values.push(...more);
  }
  const rows = await sql.all(
    `SELECT status, COUNT(*) FROM tickets WHERE ${conditions.join(' AND ')} GROUP BY status`,
    values,
  );
  return new Map(rows as unknown as [Status, number][]);
}

const COLUMNS = ['requester', 'team', 'project', 'customer'] as const;

/** The filter but for its word, as conditions on `tickets`. */
function where(filter: TicketFilter): {
  readonly conditions: string[];
  readonly values: Value[];
  /** null: none is asked for. */
  readonly word: string | null;
} {
  const conditions = ['TRUE'];
  const values: Value[] = [];
  const add = (condition: string, ...more: readonly Value[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  for (const column of COLUMNS) {
    const value = filter[column];
    if (value !== undefined) add(`${column} = ?`, value);
  }
  if (filter.assignee === null) add('assignee IS NULL');
  else if (filter.assignee !== undefined) add('assignee = ?', filter.assignee);
  if (filter.status !== undefined) add(`status IN (${filter.status.map(() => '?').join(', ')})`, ...filter.status);
  const q = filter.q?.trim() ?? '';
  return { conditions, values, word: q === '' ? null : q };
}

/** LIKE's pattern for a text that has the word in it. */
export const part = (word: string): string => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`;

/** `42`, `ITR-42` */
const numberIn = (word: string): string | undefined => /^(?:itr-)?(\d{1,9})$/i.exec(word)?.[1];

interface Condition {
  readonly condition: string;
  readonly values: readonly Value[];
}

/** By looking at each title. */
function titled(word: string, dialect: Dialect): Condition {
  const title = `title ${dialect.like} ? ESCAPE '\\'`;
  const number = numberIn(word);
  return number === undefined
    ? { condition: title, values: [part(word)] }
    : { condition: `(number = ? OR ${title})`, values: [Number(number), part(word)] };
}

/** By the index of titles, whose hits are looked at. */
function indexed(word: string, dialect: Dialect): Condition {
  const { query, values } = dialect.titlesWith(word);
  const look = titled(word, dialect);
  const number = numberIn(word);
  const itself = number === undefined ? '' : 'UNION ALL SELECT CAST(? AS INTEGER)';
  return {
    condition: `number IN (${query} UNION ALL SELECT ticket FROM title_waiting ${itself}) AND ${look.condition}`,
    values: [...values, ...(number === undefined ? [] : [Number(number)]), ...look.values],
  };
}
