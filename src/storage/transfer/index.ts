import { databaseFile } from '../locate.ts';
import { StorageUnusable } from '../errors.ts';
import { exportLines, survey } from './export.ts';
import type { Snapshot } from './export.ts';
import { importLines } from './import.ts';
import type { Target } from './import.ts';
import type { Header } from './lines.ts';

/** What an export is about to hold; its first line. */
export interface Export {
  readonly first: Header;
  readonly lines: AsyncIterable<string>;
  close(): Promise<void>;
}

/**
 * All data of a database as it is now, some lines at a time.
 * @throws StorageUnusable
 */
export async function openExport(url: string, now: number): Promise<Export> {
  const snapshot = await snapshotOf(url);
  try {
    const first = await survey(snapshot, now);
    return { first, lines: exportLines(snapshot, first), close: () => snapshot.close() };
  } catch (error) {
    await snapshot.close();
    throw error;
  }
}

/**
 * Fills an empty database, making it where that is possible, with what was exported.
 * @throws StorageUnusable; nothing of the file is in the database then.
 */
export async function importAll(url: string, lines: AsyncIterable<string>): Promise<Header> {
  const target = await targetOf(url);
  try {
    return await importLines(target, lines);
  } finally {
    await target.close();
  }
}

const isPostgres = (url: string): boolean => /^postgres(?:ql)?:/i.test(url);

async function snapshotOf(url: string): Promise<Snapshot> {
  if (isPostgres(url)) return (await import('./postgres.ts')).postgresSnapshot(url);
  return (await import('./sqlite.ts')).sqliteSnapshot(kept(url));
}

async function targetOf(url: string): Promise<Target> {
  if (isPostgres(url)) return (await import('./postgres.ts')).postgresTarget(url);
  return (await import('./sqlite.ts')).sqliteTarget(url, kept(url));
}

function kept(url: string): string {
  const file = databaseFile(url);
  if (file === null)
    throw new StorageUnusable('this database is gone when the program ends; set DATABASE_URL to one that is kept');
  return file;
}
