import pg from 'pg';
import type { CustomTypesConfig } from 'pg';

import { PLANNED_ANEW } from '../sql.ts';
import type { Value } from '../sql.ts';

const { builtins } = pg.types;

/** Rows as SQLite's driver gives them: instants as ms UTC, booleans as 1 and 0, JSON as its text, counts as numbers. */
const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.BOOL]: (text) => (text === 't' ? 1 : 0),
  [builtins.INT2]: Number,
  [builtins.INT4]: Number,
  [builtins.INT8]: Number,
  [builtins.FLOAT8]: Number,
  [builtins.NUMERIC]: Number,
  [builtins.TIMESTAMP]: (text) => Date.parse(`${text.replace(' ', 'T')}Z`),
  [builtins.TIMESTAMPTZ]: (text) => Date.parse(text),
};

const asText = (text: string): string => text;

export const TYPES: CustomTypesConfig = {
  getTypeParser: ((oid: number) => PARSERS[oid] ?? asText) as CustomTypesConfig['getTypeParser'],
};

/** Texts without NUL, which PostgreSQL does not store; instants without a zone, as UTC. */
export function bindable(value: Value): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
  if (typeof value === 'number' && Number.isNaN(value)) throw new TypeError('NaN cannot be stored');
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString().slice(0, -1);
  return value;
}

/** What is asked in {@link inTurn}; rows are arrays. */
export type Ask = (
  sql: string,
  values?: readonly unknown[],
) => Promise<{ readonly rows: readonly (readonly unknown[])[]; readonly count: number }>;

/**
 * One statement after the other: a connection takes no second one while it is at the first.
 * @param ended whether the connection is somebody else's already: what was still to be asked is refused
 */
export function inTurn(client: pg.ClientBase, ended: () => boolean = () => false): Ask {
  let last: Promise<unknown> = Promise.resolve();
  return (sql, values = []) => {
    const next = last.then(async () => {
      if (ended()) throw new Error('the transaction has ended');
      const { rows, rowCount } = await client.query<unknown[]>({
        ...statement(sql),
        values: [...values],
        rowMode: 'array',
        types: TYPES,
      });
      return { rows, count: rowCount ?? 0 };
    });
    last = next.catch(() => undefined);
    return next;
  };
}

const KEPT_STATEMENTS = 300;
const numbered = new Map<string, { readonly text: string; readonly name?: string }>();

/** `?` → `$1`; with a name, under which a connection keeps the statement prepared: to parse and plan it costs more than to run it. */
export function statement(sql: string): { readonly text: string; readonly name?: string } {
  let known = numbered.get(sql);
  if (known === undefined) {
    let count = 0;
    const text = sql.replaceAll('?', () => `$${++count}`);
    // Beyond so many they are not the program's own few, but lists of every length.
    const isKept = numbered.size < KEPT_STATEMENTS && !sql.includes(PLANNED_ANEW);
    known = isKept ? { text, name: `itr_${numbered.size}` } : { text };
    if (known.name !== undefined) numbered.set(sql, known);
  }
  return known;
}
