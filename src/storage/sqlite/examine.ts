import { StorageUnusable } from '../errors.ts';
import { patiently } from './database.ts';
import type { Connection } from './driver.ts';

/** What lies in a database, for people. */
export interface Contents {
  readonly tickets: number;
  /** When a ticket was last changed, in ms UTC; null: there is none. */
  readonly changedAt: number | null;
}

/** @throws StorageUnusable where it is a database of something else */
export async function contentsOf(connection: Connection, file: string): Promise<Contents> {
  await refuseOthers(connection, file);
  const [[tickets, changedAt] = []] = connection.all('SELECT COUNT(*), MAX(updated_at) FROM tickets');
  return { tickets: tickets as number, changedAt: changedAt as number | null };
}

/** @throws StorageUnusable where it is a database of something else */
export async function refuseOthers(connection: Connection, file: string): Promise<void> {
  const [[found] = []] = await patiently(() =>
    connection.all(
      `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('_prisma_migrations', 'tickets')`,
    ),
  );
  if (found !== 2) throw new StorageUnusable(`${file} is no database of itr-bot`);
}

/** @throws StorageUnusable */
export function refuseDamage(connection: Connection, file: string): void {
  const problems = connection
    .all('PRAGMA integrity_check(3)')
    .map(([line]) => String(line).replaceAll('\n', ', '))
    .filter((line) => line !== 'ok');
  if (problems.length > 0) throw new StorageUnusable(`${file} is damaged: ${problems.join('; ')}`);
}
