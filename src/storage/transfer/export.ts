import type { Sql, Value } from '../sql.ts';
import { exported } from './cells.ts';
import { header, NEWEST_MIGRATION } from './lines.ts';
import type { ExportedRow, Header } from './lines.ts';
import { dataOf, quoted, TABLES } from './tables.ts';
import type { Table } from './tables.ts';

/** The database as it was at one moment, for as long as it is open. */
export interface Snapshot {
  readonly sql: Sql;
  /** The last number that the database gave in this table by itself. */
  lastNumber(table: string, column: string): Promise<number>;
  close(): Promise<void>;
}

/** Its tables are not those that are asked for. */
export const PENDING = 'the database is that of an older version; run `itr migrate` first';

/** Rows that are read, and held in memory, at one time. */
const PAGE = 200;

/** What stands in the first line. */
export async function survey(snapshot: Snapshot, now: number): Promise<Header> {
  const { sql } = snapshot;
  const counts: Record<string, number> = {};
  const numbered: Record<string, number> = {};
  for (const table of TABLES) {
    const [[count] = []] = await sql.all(`SELECT COUNT(*) ${dataOf(table)}`);
    counts[table.name] = count as number;
    if (table.numbered !== undefined) numbered[table.name] = await snapshot.lastNumber(table.name, table.numbered);
  }
  const [[migration] = []] = await sql.all(NEWEST_MIGRATION);
  return header({ migration: migration as string, exportedAt: new Date(now).toISOString(), counts, numbered });
}

/** The whole export, some lines at a time. */
export async function* exportLines(snapshot: Snapshot, first: Header): AsyncGenerator<string> {
  yield `${JSON.stringify(first)}\n`;
  for (const table of TABLES) {
    for await (const page of pages(snapshot.sql, table)) {
      yield page.map((row) => `${JSON.stringify(row)}\n`).join('');
    }
  }
}

/** In the order of its key, each page from where the last one ended: no page costs more than another. */
async function* pages(sql: Sql, table: Table): AsyncGenerator<readonly ExportedRow[]> {
  const { name, key, columns } = table;
  const names = Object.keys(columns);
  const list = names.map(quoted).join(', ');
  const order = key.map(quoted).join(', ');
  const marks = key.map(() => '?').join(', ');
  let last: readonly Value[] | null = null;
  for (;;) {
    const after = last === null ? '' : `AND (${order}) > (${marks})`;
    const rows = await sql.all(`SELECT ${list} ${dataOf(table)} ${after} ORDER BY ${order} LIMIT ${PAGE}`, last ?? []);
    yield rows.map((row) => ({
      table: name,
      row: Object.fromEntries(names.map((column, i) => [column, exported(columns[column] ?? 'text', row[i])])),
    }));
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = key.map((column) => end[names.indexOf(column)] as Value);
  }
}
