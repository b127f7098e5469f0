import { join } from 'node:path';
import Libsql from 'libsql';
import pg from 'pg';
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
  const database = new Libsql(join(app.folder, 'itr.db'), { timeout: 5_000 });
  try {
    database.exec(statement);
  } finally {
    database.close();
  }
}

const isPostgres = ({ databaseUrl }: App): boolean => databaseUrl.startsWith('postgres');
