import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStorage } from '../../src/storage/index.ts';
import type { Bench } from '../contract/storage.ts';
import { T0 } from '../contract/storage-builders.ts';

/** A SQLite file of its own for one test. */
export async function sqliteBench(): Promise<Bench & { readonly file: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'itr-test-'));
  const file = join(folder, 'itr.db');
  const wakes: (readonly [string, number?])[] = [];
  let now = T0;
  const open = (): ReturnType<typeof openStorage> =>
    openStorage({
      url: `file:${file}`,
      now: () => now,
      wake: (loop, dueAt) => wakes.push(dueAt === undefined ? [loop] : [loop, dueAt]),
    });
  let storage = await open();
  return {
    file,
    wakes,
    get storage() {
      return storage;
    },
    setClock(to) {
      now = to;
    },
    async restart() {
      await storage.close();
      storage = await open();
    },
    async close() {
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
