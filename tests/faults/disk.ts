import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, cpSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Libsql from 'libsql';

import { configOf, intakeOf, REQUESTER } from '../../bench/support/config.ts';
import { sleep, until } from '../../bench/support/numbers.ts';
import { exactly, notRun } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import type { SlackEmulator } from '../emulators/slack/index.ts';
import { ItrProcess } from '../support/process.ts';
import { backupUnderLoad, tornWal } from './disk-copies.ts';
import { environment, openWorkspace } from './program.ts';
import { mountAt, sizeLimit, smallDisk, unmount } from './room.ts';
import type { Room } from './room.ts';
import type { Form, Scenario } from './scenario.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const TEAMS = 20;
const THREADS = { short: 40, full: 400 };

/** The disk is full; the file may not be written; the file is damaged, in the middle and at the end of the WAL; a backup is all that is left. */
export const disk: Scenario = async (form) => {
  const folder = mkdtempSync(join(tmpdir(), 'itr-disk-'));
  try {
    const small = smallDisk(join(folder, 'small'));
    const figures = typeof small === 'string' ? [] : await fullDisk(form, small);
    if (form === 'full' || typeof small === 'string') {
      const limit = sizeLimit(join(folder, 'limited'));
      if (typeof small === 'string') figures.push(notRun('disk full', small));
      figures.push(
        ...(typeof limit === 'string' ? [notRun('files may not grow', limit)] : await fullDisk(form, limit)),
      );
    }
    return [
      ...figures,
      ...(await readOnly(folder)),
      ...(await damaged(form, folder)),
      ...(await tornWal(form, folder)),
      ...(await backupUnderLoad(form, folder)),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export interface Thread {
  readonly title: string;
  /** Slack was told "received" at the first attempt. */
  readonly acked: boolean;
}

/** So many threads, each a moment after the one before. */
export async function raise(slack: SlackEmulator, name: string, count: number): Promise<readonly Thread[]> {
  const raised: Promise<Thread>[] = [];
  for (let n = 0; n < count; n++) {
    const title = `${name} ${n}.`;
    raised.push(
      slack
        .post(REQUESTER.user, intakeOf(n % TEAMS), title)
        .then(({ deliveries }) => ({ title, acked: deliveries.some(({ attempts }) => attempts[0]?.acked === true) })),
    );
    await sleep(10);
  }
  return Promise.all(raised);
}

export const titlesIn = (file: string): ReadonlySet<string> => {
  const database = new Libsql(file, { timeout: 5_000 });
  try {
    const rows = database.prepare('SELECT payload FROM inbox').raw(true).all() as unknown as [string][];
    return new Set(rows.flatMap(([payload]) => /"text":"([^"]+)"/.exec(payload)?.[1] ?? []));
  } finally {
    database.close();
  }
};

export const integrityOf = (file: string): string => {
  const database = new Libsql(file, { timeout: 5_000 });
  try {
    return String((database.prepare('PRAGMA integrity_check(1)').raw(true).all() as unknown as unknown[][])[0]?.[0]);
  } finally {
    database.close();
  }
};

const ticketsAt = async (url: string, title: string): Promise<number> => {
  const response = await fetch(`${url}/api/v1/tickets?limit=1&q=${encodeURIComponent(title)}`);
  return ((await response.json()) as { items: readonly unknown[] }).items.length;
};

async function missingAt(url: string, threads: readonly Thread[]): Promise<number> {
  let missing = 0;
  for (const { title } of threads) if ((await ticketsAt(url, title)) === 0) missing += 1;
  return missing;
}

async function fullDisk(form: Form, room: Room): Promise<Figure[]> {
  const slack = await openWorkspace(TEAMS);
  const home = mkdtempSync(join(tmpdir(), 'itr-disk-home-'));
  const itr = await ItrProcess.start(home, {
    ...environment(slack, home, configOf(TEAMS)),
    ...room.env,
    DATABASE_URL: `file:${room.file}`,
  });
  try {
    slack.setRequestUrl(`${itr.url}/slack/events`);
    const before = await raise(slack, 'Before', 20);
    room.take(itr.pid);
    // Some may find room yet; what matters is that each is stored, or refused.
    const during = await raise(slack, 'During', THREADS[form]);
    const stored = titlesIn(room.file);
    const refused = during.filter(({ acked }) => !acked);
    const unstored = [...before, ...during].filter(({ title, acked }) => acked && !stored.has(title));
    const said = /disk is full|disk I\/O error/i.test(itr.output);
    room.give(itr.pid);
    await slack.settled();
    const after = await raise(slack, 'After', 20);
    const all = [...before, ...during, ...after];
    const reached = all.filter(
      ({ title }) => !slack.undelivered().some(({ payload }) => JSON.stringify(payload).includes(title)),
    );
    await until('every ticket', async () => (await missingAt(itr.url, reached)) === 0, {
      withinMs: 60_000,
      everyMs: 500,
    }).catch(() => undefined);
    const missing = await missingAt(itr.url, reached);
    const ready = await fetch(`${itr.url}/readyz`);
    return [
      exactly(`${room.how}: events were refused`, Math.min(1, refused.length), 1),
      exactly(`${room.how}: acknowledged and not stored, of ${during.length}`, unstored.length, 0),
      exactly(`${room.how}: said in the log`, Number(said), 1),
      exactly(`${room.how}: refused after there was room again`, after.filter(({ acked }) => !acked).length, 0),
      exactly(`${room.how}: threads without a ticket afterwards, of ${reached.length}`, missing, 0),
      exactly(`${room.how}: ready afterwards, not restarted (HTTP status)`, ready.status, 200),
      exactly(`${room.how}: the database is sound afterwards`, Number(integrityOf(room.file) === 'ok'), 1),
    ];
  } finally {
    await itr.stop();
    await slack.stop();
    room.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** What it says when it is started on that database, and its exit code. */
function startOn(file: string, home: string): { readonly code: number | null; readonly said: string } {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', `${ROOT}src/cli/main.ts`, 'start'], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 30_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, PORT: '0', DATABASE_URL: `file:${file}` },
  });
  return { code: status, said: stderr };
}

/** One sentence, and no stack. */
const isClear = (said: string, ...words: readonly string[]): boolean =>
  words.some((word) => said.includes(word)) && !/^\s+at /m.test(said);

async function readOnly(folder: string): Promise<readonly Figure[]> {
  const place = join(folder, 'sealed');
  mkdirSync(place);
  const file = join(place, 'itr.db');
  await madeBy(folder, file, 3);
  // Root may write whatever the file says, but not what lies on a disk mounted for reading.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const copy = join(folder, 'copy');
    cpSync(place, copy, { recursive: true });
    const why = mountAt(place, 'size=16m');
    if (why !== null) return [notRun('disk: read-only', why)];
    cpSync(copy, place, { recursive: true });
    execFileSync('mount', ['-o', 'remount,ro', place]);
  } else {
    chmodSync(file, 0o444);
    chmodSync(place, 0o555);
  }
  try {
    const { code, said } = startOn(file, folder);
    return [
      exactly('read-only: refuses to start (exit code)', code ?? -1, 1),
      exactly('read-only: says what to do', Number(isClear(said, 'may not write', 'may not be written')), 1),
    ];
  } finally {
    if (isRoot) unmount(place);
    else chmodSync(place, 0o755);
  }
}

/** A database with so many tickets, of a program that has ended. */
async function madeBy(home: string, file: string, tickets: number): Promise<void> {
  const itr = await ItrProcess.start(home, { DATABASE_URL: `file:${file}` });
  for (let n = 0; n < tickets; n++)
    await fetch(`${itr.url}/api/v1/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: `Ticket ${n}`, impact: 'one user', description: 'x'.repeat(2_000) }),
    });
  await itr.stop();
}

async function damaged(form: Form, folder: string): Promise<readonly Figure[]> {
  const place = join(folder, 'damaged');
  mkdirSync(place);
  const file = join(place, 'itr.db');
  await madeBy(folder, file, THREADS[form]);
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  // Whole pages in the middle; the first ones, which hold the schema, stay.
  for (let at = Math.floor(size / 2 / 4096) * 4096; at < (size * 3) / 4; at += 4096)
    writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, at);
  closeSync(handle);

  const slack = await openWorkspace(TEAMS);
  slack.setRetryDelays([]);
  try {
    const started = await startsOn(slack, folder, file);
    const threads = started === null ? [] : await raise(slack, 'Damaged', 40);
    const acked = threads.filter((one) => one.acked);
    const stored = started === null ? new Set<string>() : titlesIn(file);
    const said = started === null ? startOn(file, folder).said : started.output;
    await started?.stop();
    const doctor = spawnSync(process.execPath, ['--import', 'tsx', `${ROOT}src/cli/main.ts`, 'doctor'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, DATABASE_URL: `file:${file}` },
    });
    return [
      exactly('damaged: the damage is one', Number(integrityOf(file) !== 'ok'), 1),
      exactly(
        `damaged: acknowledged and not stored, of ${acked.length}`,
        acked.filter(({ title }) => !stored.has(title)).length,
        0,
      ),
      exactly('damaged: said in the log or at the start', Number(/damaged|malformed|corrupt/i.test(said)), 1),
      exactly(
        'damaged: `itr doctor` finds it',
        Number(doctor.status === 1 && /restore a backup/.test(doctor.stdout)),
        1,
      ),
    ];
  } finally {
    await slack.stop();
  }
}

/** Null: it refuses to. */
async function startsOn(slack: SlackEmulator, home: string, file: string): Promise<ItrProcess | null> {
  const env = { ...environment(slack, home, configOf(TEAMS)), DATABASE_URL: `file:${file}` };
  const itr = await ItrProcess.start(home, env).catch(() => null);
  if (itr !== null) slack.setRequestUrl(`${itr.url}/slack/events`);
  return itr;
}
