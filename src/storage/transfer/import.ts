import { StorageUnusable } from '../errors.ts';
import type { Sql, Value } from '../sql.ts';
import { bindable } from './cells.ts';
import { NEWEST_MIGRATION, readHeader, readRow } from './lines.ts';
import type { Header } from './lines.ts';
import { dataOf, quoted, TABLES } from './tables.ts';
import type { Table } from './tables.ts';

/** An up-to-date database that nobody else uses, in one transaction: either all is imported, or nothing, also when the machine dies. */
export interface Target {
  readonly sql: Sql;
  /** The next number that the database gives in this table by itself is the one after `last`. */
  numberFrom(table: string, column: string, last: number): Promise<void>;
  commit(): Promise<void>;
  /** Without `commit` before, nothing stays. */
  close(): Promise<void>;
}

/** Rows of one INSERT. */
const SLICE = 200;

interface Slice {
  readonly table: Table;
  readonly columns: readonly string[];
  readonly values: Value[];
  rows: number;
}

/**
 * Reads a whole export and keeps it.
 * @throws StorageUnusable where a table has rows already, the file is damaged or cut off, or the rows are not as many as its first line says; nothing
 * of it stays then.
 */
export async function importLines(target: Target, lines: AsyncIterable<string>): Promise<Header> {
  const { sql } = target;
  await refuseRows(sql);
  let first: Header | null = null;
  let slice: Slice | null = null;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (first === null) {
      first = readHeader(line);
      await refuseNewer(sql, first);
      continue;
    }
    const { table, columns, values } = readCells(line, number);
    if (slice !== null && (slice.rows === SLICE || slice.table !== table || !same(slice.columns, columns))) {
      await insert(sql, slice);
      slice = null;
    }
    slice ??= { table, columns, values: [], rows: 0 };
    slice.values.push(...values);
    slice.rows += 1;
  }
  if (first === null) throw new StorageUnusable('this file is empty: it is no file of `itr export`');
  if (slice !== null) await insert(sql, slice);
  await compare(sql, first);
  for (const { name, numbered } of TABLES)
    if (numbered !== undefined) await target.numberFrom(name, numbered, await lastNumber(sql, name, numbered, first));
  await target.commit();
  return first;
}

async function refuseRows(sql: Sql): Promise<void> {
  for (const { name } of TABLES) {
    const [[count] = []] = await sql.all(`SELECT COUNT(*) FROM ${quoted(name)}`);
    if (count !== 0)
      throw new StorageUnusable(
        `the database is not empty: its table ${name} has ${String(count)} row${count === 1 ? '' : 's'}; set DATABASE_URL to a new, empty one`,
      );
  }
}

/** Also where every table and column is known: what stands in them may mean something else by then. */
async function refuseNewer(sql: Sql, { migration }: Header): Promise<void> {
  const [[own] = []] = await sql.all(NEWEST_MIGRATION);
  if (migration > String(own)) throw new StorageUnusable(`${NEWER} (it has the migration ${migration})`);
}

const NEWER = 'this export was made by a newer version of itr-bot; import it with that version';

function readCells(line: string, number: number): Pick<Slice, 'table' | 'columns' | 'values'> {
  const { table: name, row } = readRow(line, number);
  const table = TABLES.find((one) => one.name === name);
  if (table === undefined)
    throw new StorageUnusable(`line ${number} is of a table "${name}" that is not known: ${NEWER}`);
  // A column that an older version did not have is left to its default.
  const columns = Object.keys(row);
  const values = columns.map((column) => {
    const kind = Object.hasOwn(table.columns, column) ? table.columns[column] : undefined;
    if (kind === undefined)
      throw new StorageUnusable(`line ${number} has a column ${name}.${column} that is not known: ${NEWER}`);
    const value = bindable(kind, row[column]);
    if (value === undefined)
      throw new StorageUnusable(
        `line ${number} of this export is damaged: ${name}.${column} is no ${kind}; export again`,
      );
    return value;
  });
  return { table, columns, values };
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, i) => name === b[i]);

async function insert(sql: Sql, { table, columns, values, rows }: Slice): Promise<void> {
  const marks = `(${columns.map(() => '?').join(', ')})`;
  const all = Array.from({ length: rows }, () => marks).join(', ');
  try {
    await sql.run(`INSERT INTO ${quoted(table.name)} (${columns.map(quoted).join(', ')}) VALUES ${all}`, values);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StorageUnusable(`rows of ${table.name} cannot be stored: ${why}; nothing was imported`, { cause: error });
  }
}

async function compare(sql: Sql, { counts }: Header): Promise<void> {
  for (const table of TABLES) {
    const { name } = table;
    const [[count] = []] = await sql.all(`SELECT COUNT(*) ${dataOf(table)}`);
    const wanted = counts[name] ?? 0;
    if (count !== wanted)
      throw new StorageUnusable(
        `${name} has ${String(count)} rows in this file, and its first line says ${wanted}: it is cut off or was changed; export again`,
      );
  }
}

async function lastNumber(sql: Sql, table: string, column: string, { numbered }: Header): Promise<number> {
  const [[highest] = []] = await sql.all(`SELECT COALESCE(MAX(${quoted(column)}), 0) FROM ${quoted(table)}`);
  return Math.max(highest as number, numbered[table] ?? 0);
}
