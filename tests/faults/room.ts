import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A place for a database whose room can be taken away from the process that uses it, and given back. */
export interface Room {
  readonly how: string;
  readonly file: string;
  /** What that process has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  take(pid: number): void;
  give(pid: number): void;
  close(): void;
}

const DISK_MB = 8;
const CHUNK = 64 * 1024;

/** A disk of its own, which takes root; a text: why there is none. */
export function smallDisk(folder: string): Room | string {
  const why = mountAt(folder, `size=${DISK_MB}m`);
  if (why !== null) return why;
  const others = join(folder, 'others');
  return {
    how: 'disk full',
    file: join(folder, 'itr.db'),
    env: {},
    take() {
      const handle = openSync(others, 'w');
      try {
        // Not as much as is said to be left: the database may be growing at this moment.
        for (;;) writeSync(handle, Buffer.alloc(CHUNK));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(handle);
      }
    },
    give: () => rmSync(others),
    close: () => unmount(folder),
  };
}

/** No file may grow any more: nearly the same, for whoever may not mount. A text: why that cannot be. */
export function sizeLimit(folder: string): Room | string {
  if (spawnSync('prlimit', ['--version']).status !== 0) return 'there is no `prlimit` here';
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'itr.db');
  const limit = (pid: number, bytes: number | 'unlimited'): void => {
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  };
  return {
    how: 'files may not grow',
    file,
    // A write beyond the limit ends a process that does not listen to this signal; a full disk sends none.
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent("process.on('SIGXFSZ', () => undefined)")}`,
    },
    take: (pid) => limit(pid, statSync(`${file}-wal`).size),
    give: (pid) => limit(pid, 'unlimited'),
    close: () => undefined,
  };
}

/** Null: it is a small disk of its own now; else why it is not. */
export function mountAt(folder: string, options: string): string | null {
  mkdirSync(folder, { recursive: true });
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], {
    encoding: 'utf8',
  });
  if (status === 0) return null;
  return error === undefined ? `no small disk can be mounted here: ${stderr.trim()}` : 'there is no `mount` here';
}

/** Lazily: SQLite's files are closed a moment after the database is. */
export const unmount = (folder: string): void => void spawnSync('umount', ['-l', folder], { stdio: 'ignore' });
