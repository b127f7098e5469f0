import { json } from '../convert.ts';
import type { Value } from '../sql.ts';
import type { Kind, Table } from './tables.ts';

type Column = Table['columns'][string];

/** From how both databases give it (src/storage/sql.ts) to how it stands in an export. */
export function exported(column: Column, value: unknown): unknown {
  if (value === null) return null;
  switch (kindOf(column)) {
    case 'instant':
      return new Date(value as number).toISOString();
    case 'flag':
      return value === 1;
    case 'json':
      return JSON.parse(value as string);
    case 'int':
    case 'text':
      return value;
  }
}

/** Back; undefined: the column cannot hold it. SQLite itself would take anything. */
export function bindable(column: Column, value: unknown): Value | undefined {
  if (value === null && column.endsWith('?')) return null;
  switch (kindOf(column)) {
    case 'instant': {
      const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      return Number.isNaN(ms) ? undefined : new Date(ms);
    }
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'json':
      return json(value);
    case 'int':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'text':
      return typeof value === 'string' ? value : undefined;
  }
}

const kindOf = (column: Column): Kind => column.replace('?', '') as Kind;
