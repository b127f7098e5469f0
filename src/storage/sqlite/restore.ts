import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import Libsql from 'libsql';

import { flush, flushFolder, whyUnwritable } from '../durable-files.ts';
import { StorageUnusable } from '../errors.ts';
import { inOneSentence, patiently } from './database.ts';
import { Connection, isBusy, sqliteCode } from './driver.ts';
import { contentsOf, refuseDamage, refuseOthers } from './examine.ts';
import type { Contents } from './examine.ts';
import { migrate } from './migrate.ts';
import { lockForServer } from './server-lock.ts';
import type { ServerLock } from './server-lock.ts';
import { Writer } from './writer.ts';

export interface Restored extends Contents {
  readonly migrated: readonly string[];
  /** Where the database of before lies now; null: there was none. */
  readonly kept: string | null;
}

/**
 * Puts the copy `from` in the place of the database `file`. Everything is looked at and migrated on a copy of the copy: until that is good, nothing is
 * touched, and then the database of before stays beside it.
 * @param stamp for the name under which the database of before is kept
 * @throws StorageUnusable; both files are as they were then.
 */
export async function restoreDatabase(from: string, file: string, stamp: string): Promise<Restored> {
  const place = existsSync(file) ? realpathSync(file) : file;
  if (sizeOf(`${from}-wal`) > 0)
    throw new StorageUnusable(
      `${from} is a database in use, not a backup: what is newest lies in ${from}-wal; make a backup of it with: DATABASE_URL=file:${from} itr backup FILE`,
    );
  refuseUnreadable(from);
  const folder = dirname(place);
  const temporary = `${place}.restoring-${process.pid}`;
  let lock: ServerLock | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    lock = lockForServer(place);
    await copyFile(from, temporary);
    const checked = await check(temporary, from);
    const kept = existsSync(place) ? freeName(`${place}.before-restore-${stamp}`) : null;
    const old = kept === null ? null : settle(place, kept);
    try {
      swap(temporary, place, kept);
      return { ...checked, kept };
    } finally {
      old?.close();
    }
  } catch (error) {
    const reason = whyUnwritable(error);
    throw reason === null
      ? inOneSentence(error, place)
      : new StorageUnusable(`the folder ${folder} cannot be written: ${reason}`, { cause: error });
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${temporary}${end}`, { force: true });
    lock?.release();
  }
}

/** By itself, or it would be taken for the folder that is written to. */
function refuseUnreadable(from: string): void {
  try {
    accessSync(from, constants.R_OK);
  } catch (error) {
    throw new StorageUnusable(
      `${from} may not be read by this user; give it the right to, or call this as another user`,
      {
        cause: error,
      },
    );
  }
}

async function check(temporary: string, from: string): Promise<Omit<Restored, 'kept'>> {
  try {
    const reading = new Connection(temporary, 'read');
    try {
      await refuseOthers(reading, from);
      refuseDamage(reading, from);
    } finally {
      reading.close();
    }
    const connection = await patiently(() => new Connection(temporary, 'write'));
    try {
      const migrated = await migrate(connection, new Writer(connection));
      const contents = await contentsOf(connection, from);
      // It is moved without its -wal.
      const [[busy] = []] = connection.all('PRAGMA wal_checkpoint(TRUNCATE)');
      if (busy !== 0) throw new StorageUnusable(`another program has ${temporary} open; end it, then restore again`);
      return { ...contents, migrated };
    } finally {
      connection.close();
      flush(temporary);
    }
  } catch (error) {
    throw inOneSentence(error, from);
  }
}

/**
 * Makes one file of the database that is there, and keeps everybody else out: whoever went on with it after the swap would write into a file that is kept
 * aside, and at its end delete the new one's -wal. Null: it is damaged, and its -wal is kept, too.
 */
function settle(place: string, kept: string): { close(): void } | null {
  // SQLite itself deletes the -wal of a file that it cannot read.
  if (existsSync(`${place}-wal`)) copyFileSync(`${place}-wal`, `${kept}-wal`);
  const db = new Libsql(place);
  try {
    db.exec('PRAGMA busy_timeout = 0');
    // Left only by the last one that has it open.
    db.exec('PRAGMA journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    rmSync(`${kept}-wal`, { force: true });
    return db;
  } catch (error) {
    db.close();
    if (!isBusy(error) && sqliteCode(error) !== null) return null;
    rmSync(`${kept}-wal`, { force: true });
    if (isBusy(error))
      throw new StorageUnusable(`another program has ${place} open; end it, then restore again`, { cause: error });
    throw error;
  }
}

/** There is a whole database at `place` at every moment: a crash in between leaves the one or the other. */
function swap(temporary: string, place: string, kept: string | null): void {
  if (kept !== null) keep(place, kept);
  // Beside the new database they would be taken for that one's; only a damaged one still has them.
  for (const end of ['-wal', '-shm']) rmSync(`${place}${end}`, { force: true });
  renameSync(temporary, place);
  flushFolder(dirname(place));
}

function keep(place: string, kept: string): void {
  try {
    linkSync(place, kept);
  } catch {
    // Some file systems have no links.
    copyFileSync(place, kept, constants.COPYFILE_EXCL);
    flush(kept);
  }
}

function freeName(name: string): string {
  for (let i = 1; ; i++) {
    const tried = i === 1 ? name : `${name}-${i}`;
    if (!existsSync(tried)) return tried;
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
