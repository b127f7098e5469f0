import { StorageUnusable } from '../errors.ts';
import { inOneSentence, patiently, SqliteDatabase } from '../sqlite/database.ts';
import { Connection, isBusy } from '../sqlite/driver.ts';
import { pendingMigrations, refuseForeign } from '../sqlite/migrate.ts';
import { PENDING } from './export.ts';
import type { Snapshot } from './export.ts';
import type { Target } from './import.ts';

const LAST_NUMBER = 'SELECT seq FROM sqlite_sequence WHERE name = ?';
const LAST_TICKET = `SELECT value FROM counters WHERE name = 'ticket'`;
const TICKETS_FROM = `INSERT INTO counters (name, value) VALUES ('ticket', ?)`;

/** Beside a running server, too: a reader in WAL neither waits for the writer nor keeps it waiting. */
export async function sqliteSnapshot(file: string): Promise<Snapshot> {
  const told = async <T>(work: () => Promise<T> | T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw inOneSentence(error, file);
    }
  };
  const connection = await told(() => patiently(() => new Connection(file, 'read')));
  try {
    await told(() =>
      patiently(() => {
        refuseForeign(connection, file);
      }),
    );
    const pending = await patiently(() => pendingMigrations(connection));
    if (pending.length > 0) throw new StorageUnusable(PENDING);
    connection.script('BEGIN');
  } catch (error) {
    connection.close();
    throw error;
  }
  return {
    sql: {
      all: (sql, values) => told(() => connection.all(sql, values)),
      run: (sql, values) => told(() => connection.run(sql, values)),
    },
    async lastNumber(table) {
      const [[last] = [0]] = table === 'tickets' ? connection.all(LAST_TICKET) : connection.all(LAST_NUMBER, [table]);
      return last as number;
    },
    async close() {
      connection.close();
    },
  };
}

/** @throws StorageUnusable where a server runs on it */
export async function sqliteTarget(url: string, file: string): Promise<Target> {
  // Opened as a server would: none can run on it until this ends.
  const held = await SqliteDatabase.open(url, 'server');
  const connection = new Connection(file, 'write');
  try {
    await patiently(() => connection.script('BEGIN IMMEDIATE'));
  } catch (error) {
    connection.close();
    await held.close();
    throw isBusy(error) ? new StorageUnusable('another program writes to this database; end it, then import') : error;
  }
  return {
    sql: connection,
    async numberFrom(table, _column, last) {
      // None given yet: the first one makes the row.
      if (table === 'tickets') return last === 0 ? undefined : void connection.run(TICKETS_FROM, [last]);
      connection.run('DELETE FROM sqlite_sequence WHERE name = ?', [table]);
      connection.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', [table, last]);
    },
    async commit() {
      connection.script('COMMIT');
    },
    async close() {
      if (connection.inTransaction) connection.script('ROLLBACK');
      connection.close();
      await held.close();
    },
  };
}
