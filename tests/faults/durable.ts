import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Libsql from 'libsql';

import { intakeOf, REQUESTER } from '../../bench/support/config.ts';
import { exactly, notRun } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import { openStorage } from '../../src/storage/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { postgresIsMissing, startPostgres } from '../support/postgres.ts';
import { withProgram } from './program.ts';
import type { Form, Scenario } from './scenario.ts';
import { trace } from './strace.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EVENTS = { short: 20, full: 200 };
const ROUNDS = { short: 30, full: 300 };

/** What was acknowledged is on the disk: asked of the connections, seen in the system calls, and tried with transactions that fail beside it. */
export const durable: Scenario = async (form) => [
  ...(await connections()),
  ...(await flushes(form)),
  ...(await rollbacks(form)),
  // Two servers are made for it, which takes longer than all the rest.
  ...(form === 'full' ? await postgres() : []),
];

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'itr-durable-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const open = (folder: string): Promise<Storage> =>
  openStorage({ url: `file:${folder}/itr.db`, now: () => Date.now(), wake: () => undefined, use: 'server' });

/** Each connection tells its own settings; that there are no others is seen in the files that a real process holds open. */
async function connections(): Promise<readonly Figure[]> {
  const wrong = await inFolder(async (folder) => {
    const storage = await open(folder);
    try {
      return (await storage.integrity()).length;
    } finally {
      await storage.close();
    }
  });
  const figures = [exactly('durable: connections without synchronous=FULL or without WAL', wrong, 0)];
  if (process.platform !== 'linux')
    return [...figures, notRun('durable: open connections', 'this system has no /proc')];
  const held = await withProgram(1, async ({ folder, itr }) => {
    const files = `/proc/${itr.pid}/fd`;
    return readdirSync(files).filter((fd) => isOpen(join(files, fd), join(folder, 'itr.db'))).length;
  });
  return [...figures, exactly('durable: connections that a server has, all of them asked', held, 2)];
}

/** A file may be closed while the folder is read. */
function isOpen(link: string, file: string): boolean {
  try {
    return readlinkSync(link) === file;
  } catch {
    return false;
  }
}

/** Events one after the other, to a real server whose system calls are written down. */
async function flushes(form: Form): Promise<readonly Figure[]> {
  const name = 'durable: from the arrival of an event to its 200';
  return withProgram(1, async ({ slack, itr }) => {
    const traced = await trace(itr.pid);
    if (typeof traced === 'string') return [notRun(name, traced)];
    const titles = Array.from({ length: EVENTS[form] }, (_, n) => `Durable event ${n}.`);
    for (const title of titles) await slack.post(REQUESTER.user, intakeOf(0), title);
    await slack.settled();
    const ways = await traced.ways(titles);
    const count = (is: (way: (typeof ways)[number]) => boolean): number => ways.filter(is).length;
    const of = ways.length;
    return [
      exactly(
        `${name}: seen, of ${of}`,
        count(({ answered }) => answered),
        of,
      ),
      exactly(
        `${name}: written to the WAL before it, of ${of}`,
        count(({ written }) => written),
        of,
      ),
      exactly(
        `${name}: and flushed (fdatasync or fsync), of ${of}`,
        count(({ flushed }) => flushed),
        of,
      ),
    ];
  });
}

/** An event is stored beside an interactive transaction, before, amid or after its statements, and that transaction fails. */
async function rollbacks(form: Form): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    const storage = await open(folder);
    const wrong = { early: 0, lost: 0, kept: 0 };
    try {
      for (let round = 0; round < ROUNDS[form]; round++) await besideFailure(storage, folder, round, wrong);
    } finally {
      await storage.close();
    }
    const rounds = ROUNDS[form];
    return [
      exactly(`durable: acknowledged and not committed at that moment, of ${rounds}`, wrong.early, 0),
      exactly(`durable: acknowledged and gone with the rollback beside it, of ${rounds}`, wrong.lost, 0),
      exactly(`durable: writes that stayed of a transaction that failed, of ${rounds}`, wrong.kept, 0),
    ];
  });
}

async function besideFailure(
  storage: Storage,
  folder: string,
  round: number,
  wrong: { early: number; lost: number; kept: number },
): Promise<void> {
  const id = `event-${round}`;
  const isThere = (): boolean => countIn(folder, 'SELECT COUNT(*) FROM inbox WHERE id = ?', id) === 1;
  const accept = (): Promise<boolean> =>
    storage.inbox
      .accept({ id, lane: id, platform: 'slack', payload: '{}', receivedAt: Date.now() })
      .then(() => isThere());
  const asked: Promise<boolean>[] = round % 3 === 0 ? [accept()] : [];
  const failing = storage.store.write(async (tx) => {
    await tx.setKeyValue(`round-${round}`, 'of a transaction that fails');
    if (round % 3 === 1) asked.push(accept());
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error('it fails');
  });
  if (round % 3 === 2) asked.push(accept());
  await failing.catch(() => undefined);
  const outcomes = await Promise.all(asked);
  if (outcomes.includes(false)) wrong.early += 1;
  if (!isThere()) wrong.lost += 1;
  if (countIn(folder, 'SELECT COUNT(*) FROM key_values WHERE key = ?', `round-${round}`) > 0) wrong.kept += 1;
}

/** As another process sees it: what is committed. */
function countIn(folder: string, sql: string, value: string): number {
  const database = new Libsql(join(folder, 'itr.db'), { timeout: 5_000 });
  try {
    return Number((database.prepare(sql).raw(true).all(value) as unknown as unknown[][])[0]?.[0]);
  } finally {
    database.close();
  }
}

/** A server that flushes, and one that was told not to: `itr doctor` knows them apart. */
async function postgres(): Promise<readonly Figure[]> {
  const missing = postgresIsMissing();
  if (missing !== null) return [notRun('durable: PostgreSQL', missing)];
  const doctor = async (isDurable: boolean): Promise<{ readonly code: number | null; readonly said: string }> => {
    const server = await startPostgres({ durable: isDurable });
    try {
      const url = await server.database();
      await (await openStorage({ url, now: () => Date.now(), wake: () => undefined })).close();
      const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', `${ROOT}src/cli/main.ts`, 'doctor'], {
        cwd: ROOT,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), DATABASE_URL: url },
      });
      return { code: status, said: stdout };
    } finally {
      await server.stop();
    }
  };
  const [good, bad] = [await doctor(true), await doctor(false)];
  const named = ['fsync is off', 'full_page_writes is off', 'synchronous_commit is off'];
  return [
    exactly('durable: PostgreSQL: `itr doctor` finds nothing where it flushes (exit code)', good.code ?? -1, 0),
    exactly('durable: PostgreSQL: `itr doctor` where it does not (exit code)', bad.code ?? -1, 1),
    exactly(
      'durable: PostgreSQL: settings that it names then',
      named.filter((words) => bad.said.includes(words)).length,
      named.length,
    ),
  ];
}
