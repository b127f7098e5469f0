import { existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve, basename } from 'node:path';
import { flush, flushFolder, whyUnwritable } from '../storage/durable-files.ts';
import { Refused } from './verb.ts';

/** Where a verb writes what was asked for. */
export interface NewFile {
  /** As the caller wrote it. */
  readonly shown: string;
  /**
   * Has the file made under a temporary name beside it, and gives it its own only when it is whole and on the disk: nobody ever finds half of one.
   * Where `make` throws, nothing is left of it.
   */
  make<T>(make: (temporary: string) => Promise<T>): Promise<T>;
}

/**
 * @param options.force an existing file is replaced
 * @param options.database the file of the database, which is never replaced; null: it is none
 * @throws Refused where it is there already, or cannot be made
 */
export function newFile(
  shown: string,
  cwd: string,
  options: { readonly force: boolean; readonly database: string | null },
): NewFile {
  const file = resolve(cwd, shown);
  const folder = dirname(file);
  if (!existsSync(folder)) throw new Refused(`there is no folder ${folder}; make it first`);
  const there = statSync(file, { throwIfNoEntry: false });
  if (options.database !== null && belongsTo(options.database, file))
    throw new Refused(`${shown} is the database itself; choose another name`);
  if (there?.isDirectory() === true) throw new Refused(`${shown} is a folder; write the name of a file`);
  if (there !== undefined && !options.force)
    throw new Refused(`${shown} is there already; choose another name, or replace it with --force`);
  const temporary = `${file}.partial-${process.pid}`;
  return {
    shown,
    async make(make) {
      rmSync(temporary, { force: true });
      try {
        const made = await make(temporary);
        flush(temporary);
        renameSync(temporary, file);
        flushFolder(folder);
        return made;
      } catch (error) {
        rmSync(temporary, { force: true });
        throw asRefusal(error, shown);
      }
    },
  };
}

function belongsTo(database: string, file: string): boolean {
  const real = (path: string): string =>
    existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  if (!existsSync(database)) return false;
  const [one, other] = [realpathSync(database), real(file)];
  return ['', '-wal', '-shm', '-journal', '-server'].some((end) => other === `${one}${end}`);
}

/** About our file only: errors of the database have sentences of their own. */
function asRefusal(error: unknown, shown: string): unknown {
  const reason = whyUnwritable(error);
  return reason === null ? error : new Refused(`${shown} cannot be written: ${reason}`, { cause: error });
}
