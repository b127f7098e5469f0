import { join } from 'node:path';
import Libsql from 'libsql';
import pg from 'pg';
import { patiently } from '../../src/storage/sqlite/database.ts';
import type { App } from './app.ts';

/** An instant (UTC ms), as a literal of the app's database. */
export const instantFor = (app: App, ms: number): string =>
  isPostgres(app) ? `'${new Date(ms).toISOString()}'` : String(ms);

/** What an administrator does to the database beside the program: a statement, without its knowledge. */
export async function byHand(app: App, statement: string): Promise<void> {
  if (isPostgres(app)) {
    const client = new pg.Client({ connectionString: app.databaseUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
    return;
  }
  // The program may be amid a transaction, and can end it only while nothing waits here.
  await patiently(() => {
    const database = new Libsql(join(app.folder, 'itr.db'));
    try {
      database.exec('PRAGMA busy_timeout = 0');
      database.exec(statement);
    } finally {
      database.close();
    }
  });
}

const isPostgres = ({ databaseUrl }: App): boolean => databaseUrl.startsWith('postgres');
