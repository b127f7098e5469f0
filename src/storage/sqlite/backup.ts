import { StorageUnusable } from '../errors.ts';
import { inOneSentence, patiently } from './database.ts';
import { Connection, isBusy, sqliteCode } from './driver.ts';
import { contentsOf, refuseDamage, refuseOthers } from './examine.ts';
import type { Contents } from './examine.ts';

const DAMAGED = 11;

/**
 * Writes a copy of the database `from`, as it is at one moment, to the new file `to`, and reads the copy through. A server may write meanwhile: it is not
 * kept waiting (docs/adr/0009-backup.md). The event loop stands for the whole time, so this is for a process of its own.
 * @param shown how `to` is called in what is thrown
 * @throws StorageUnusable
 */
export async function copyDatabase(from: string, to: string, shown: string): Promise<Contents> {
  try {
    await refuseUnread(from);
    const source = await patiently(() => new Connection(from, 'write'));
    try {
      await vacuumInto(source, to, shown);
    } finally {
      source.close();
    }
  } catch (error) {
    if (isBusy(error))
      throw new StorageUnusable(`another program keeps ${from} locked; end it, then try again`, { cause: error });
    throw inOneSentence(error, from);
  }
  // Damage is copied like anything else, and nobody should learn of it on the day of the restore.
  const copy = new Connection(to, 'read');
  try {
    refuseDamage(copy, shown);
    return await contentsOf(copy, shown);
  } catch (error) {
    throw inOneSentence(error, shown);
  } finally {
    copy.close();
  }
}

/** Read first: the connection that copies is one that writes, and would turn any database to WAL. */
async function refuseUnread(file: string): Promise<void> {
  const looking = await patiently(() => new Connection(file, 'read'));
  try {
    await refuseOthers(looking, file);
  } finally {
    looking.close();
  }
}

async function vacuumInto(source: Connection, to: string, shown: string): Promise<void> {
  try {
    await patiently(() => source.run('VACUUM INTO ?', [to]));
  } catch (error) {
    const code = sqliteCode(error);
    if (code === null || isBusy(error) || (code & 0xff) === DAMAGED) throw error;
    throw new StorageUnusable(`${shown} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
