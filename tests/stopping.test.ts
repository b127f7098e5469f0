import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockForServer } from '../src/storage/sqlite/server-lock.ts';
import { startApp } from './support/app.ts';
import { byHand } from './support/by-hand.ts';

it('a platform that cannot save its last words keeps nothing else from stopping: the port is shut, the database free', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'itr-stop-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const app = await startApp({ folder, database: 'sqlite' });
  expect([...app.platforms.keys()]).toEqual(['playground']);
  // Where the playground keeps its chats.
  await byHand(app, 'DROP TABLE key_values');
  await app.stop();
  expect(app.logged.filter((line) => line.includes('a part did not stop in order'))).toEqual([
    expect.stringContaining('"part":"playground"'),
  ]);
  await expect(fetch(`${app.url}/healthz`)).rejects.toThrow('fetch failed');
  lockForServer(join(folder, 'itr.db')).release();
});
