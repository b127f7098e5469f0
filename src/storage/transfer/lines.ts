import { z } from 'zod';

import { StorageUnusable } from '../errors.ts';

const FORMAT = 'itr-export';
const VERSION = 1;

/** Its name begins with the moment it was written at. */
export const NEWEST_MIGRATION = `SELECT MAX(migration_name) FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`;

/** The first line of an export; each other line is one {@link ExportedRow}. */
export interface Header {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** The newest migration of the database it is from. */
  readonly migration: string;
  readonly exportedAt: string;
  /** Rows of each table. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of tables that the database numbers by itself: the last number it gave, which may be that of a row long gone. */
  readonly numbered: Readonly<Record<string, number>>;
}

export interface ExportedRow {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

export const header = (facts: Omit<Header, 'format' | 'version'>): Header => ({
  format: FORMAT,
  version: VERSION,
  ...facts,
});

const numbers = z.record(z.string(), z.int().min(0));

const headers = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  migration: z.string(),
  exportedAt: z.string(),
  counts: numbers,
  numbered: numbers,
});

const rows = z.object({ table: z.string(), row: z.record(z.string(), z.unknown()) });

/** @throws StorageUnusable where it is no export, or a newer version's. */
export function readHeader(line: string): Header {
  const data = parsed(line);
  if (typeof data !== 'object' || data === null || !('format' in data) || data.format !== FORMAT)
    throw new StorageUnusable('this is no file of `itr export`: its first line is not the one that begins an export');
  const read = headers.safeParse(data);
  if (read.success) return read.data;
  if ('version' in data && typeof data.version === 'number' && data.version > VERSION)
    throw new StorageUnusable('this export was made by a newer version of itr-bot; import it with that version');
  throw new StorageUnusable('the first line of this export is damaged; export again');
}

/** @throws StorageUnusable */
export function readRow(line: string, number: number): ExportedRow {
  const read = rows.safeParse(parsed(line));
  if (!read.success) throw new StorageUnusable(`line ${number} of this export is damaged; export again`);
  return read.data;
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
