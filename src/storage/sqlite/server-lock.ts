import { existsSync, realpathSync } from 'node:fs';
import Libsql from 'libsql';

import { isBusy } from './driver.ts';
import { StorageUnusable } from '../errors.ts';

export interface ServerLock {
  release(): void;
}

/**
 * Only one server may run on a database: each would deliver what the other has queued. The lock is SQLite's own, held on a small file beside the
 * database for as long as the process lives. The system ends it however the process ends, so none is ever stale, and it holds between
 * containers, whose pids tell nothing. The file stays: were it removed, two could hold locks on different files of one name.
 * @throws StorageUnusable where another server holds it.
 */
export function lockForServer(file: string): ServerLock {
  // Through a link it is the same database.
  const db = new Libsql(`${existsSync(file) ? realpathSync(file) : file}-server`);
  try {
    db.exec('PRAGMA busy_timeout = 0');
    db.exec('BEGIN IMMEDIATE');
    // For the sentence of whoever comes second: a lock to write lets others read.
    db.exec(`PRAGMA user_version = ${process.pid}`);
    db.exec('COMMIT');
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    const refusal = isBusy(error) ? new StorageUnusable(heldBy(db)) : error;
    db.close();
    throw refusal;
  }
  return { release: () => void db.close() };
}

function heldBy(db: Libsql.Database): string {
  let pid = '';
  try {
    const row = db.prepare('PRAGMA user_version').get() as { readonly user_version?: number } | undefined;
    if (row?.user_version !== undefined && row.user_version > 0) pid = ` (pid ${row.user_version})`;
  } catch (error) {
    // In the instant of its commit the holder cannot be read.
    if (!isBusy(error)) throw error;
  }
  return `another itr-bot${pid} runs on this database; stop it or use another DATABASE_URL`;
}
