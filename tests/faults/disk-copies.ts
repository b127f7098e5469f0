import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { configOf } from '../../bench/support/config.ts';
import { sleep } from '../../bench/support/numbers.ts';
import { exactly } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import { ItrProcess } from '../support/process.ts';
import { integrityOf, raise, TEAMS, titlesIn } from './disk.ts';
import type { Thread } from './disk.ts';
import { environment, openWorkspace } from './program.ts';
import type { Form } from './scenario.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const THREADS = { short: 40, full: 400 };
/** A page of the database with its header in the WAL. */
const FRAME = 4096 + 24;

/** The power goes while the WAL is written: what stands behind the last commit is rubbish. Then the last frame of a commit is spoiled as well. */
export async function tornWal(form: Form, folder: string): Promise<readonly Figure[]> {
  const place = join(folder, 'torn');
  mkdirSync(place);
  const file = join(place, 'itr.db');
  const wal = `${file}-wal`;
  const slack = await openWorkspace(TEAMS);
  slack.setRetryDelays([]);
  const env = { ...environment(slack, place, configOf(TEAMS)), DATABASE_URL: `file:${file}` };
  const start = async (): Promise<ItrProcess> => {
    const itr = await ItrProcess.start(place, env);
    slack.setRequestUrl(`${itr.url}/slack/events`);
    return itr;
  };
  try {
    const first = await start();
    const threads = await raise(slack, 'Torn', THREADS[form]);
    await first.kill();
    const left = statSync(wal).size;
    appendFileSync(wal, randomBytes(FRAME * 2 + 1_000));
    const second = await start();
    const kept = titlesIn(file);
    const acked = threads.filter((one) => one.acked);
    const ready = await fetch(`${second.url}/readyz`);
    await raise(slack, 'Between', 10);
    await second.kill();

    const handle = openSync(wal, 'r+');
    writeSync(handle, randomBytes(64), 0, 64, statSync(wal).size - 1_000);
    closeSync(handle);
    const third = await start();
    const after = await raise(slack, 'After', 10);
    const stored = titlesIn(file);
    await third.stop();
    return [
      exactly('torn WAL: there was one', Math.min(1, left), 1),
      exactly(
        `torn WAL: acknowledged and gone, of ${acked.length}`,
        acked.filter(({ title }) => !kept.has(title)).length,
        0,
      ),
      exactly('torn WAL: ready (HTTP status)', ready.status, 200),
      exactly('torn WAL: a spoiled frame: acknowledged afterwards and not stored', lostOf(after, stored), 0),
      exactly('torn WAL: a spoiled frame: the database is sound', Number(integrityOf(file) === 'ok'), 1),
    ];
  } finally {
    await slack.stop();
  }
}

const lostOf = (threads: readonly Thread[], stored: ReadonlySet<string>): number =>
  threads.filter(({ title, acked }) => acked && !stored.has(title)).length;

/** A backup is taken while people raise tickets; the machine is lost a moment later, and another one goes on with that backup. */
export async function backupUnderLoad(form: Form, folder: string): Promise<readonly Figure[]> {
  const [place, other] = [join(folder, 'saved'), join(folder, 'elsewhere')];
  for (const made of [place, other]) mkdirSync(made);
  const copy = join(folder, 'backup.db');
  const slack = await openWorkspace(TEAMS);
  slack.setRetryDelays([]);
  const env = environment(slack, place, configOf(TEAMS));
  const itr = await ItrProcess.start(place, env);
  slack.setRequestUrl(`${itr.url}/slack/events`);
  try {
    const before = await raise(slack, 'Before', THREADS[form]);
    const backup = spawn(process.execPath, ['--import', 'tsx', `${ROOT}src/cli/main.ts`, 'backup', copy], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', HOME: place, DATABASE_URL: `file:${place}/itr.db` },
      stdio: 'ignore',
    });
    const ended = once(backup, 'exit') as Promise<[number | null]>;
    const during: Thread[] = [];
    let isDone = false;
    void ended.then(() => (isDone = true));
    while (!isDone) {
      during.push(...(await raise(slack, `During ${during.length}.`, 10)));
      await sleep(20);
    }
    const [code] = await ended;
    await itr.kill();

    const file = join(other, 'itr.db');
    const restore = spawnSync(process.execPath, ['--import', 'tsx', `${ROOT}src/cli/main.ts`, 'restore', copy], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', HOME: other, DATABASE_URL: `file:${file}` },
    });
    const again = await ItrProcess.start(other, { ...env, DATABASE_URL: `file:${file}` });
    slack.setRequestUrl(`${again.url}/slack/events`);
    const ready = await fetch(`${again.url}/readyz`);
    const after = await raise(slack, 'After', 10);
    const stored = titlesIn(file);
    await again.stop();
    return [
      exactly('backup: `itr backup` under load (exit code)', code ?? -1, 0),
      exactly('backup: events refused because of it', during.filter(({ acked }) => !acked).length, 0),
      exactly('restore: `itr restore` (exit code)', restore.status ?? -1, 0),
      exactly(`restore: acknowledged before the backup and gone, of ${before.length}`, lostOf(before, stored), 0),
      exactly('restore: ready (HTTP status)', ready.status, 200),
      exactly('restore: acknowledged afterwards and not stored', lostOf(after, stored), 0),
      exactly('restore: the database is sound', Number(integrityOf(file) === 'ok'), 1),
    ];
  } finally {
    await itr.kill();
    await slack.stop();
  }
}
