import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { main } from '../../src/cli/main.ts';
import type { Io } from '../../src/cli/verb.ts';
import { openStorage } from '../../src/storage/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { MIGRATIONS } from '../../src/storage/migrations.ts';
import { Connection } from '../../src/storage/sqlite/driver.ts';
import { migrate } from '../../src/storage/sqlite/migrate.ts';
import { lockForServer } from '../../src/storage/sqlite/server-lock.ts';
import { Writer } from '../../src/storage/sqlite/writer.ts';
import { aNote, aTicket, T0 } from '../contract/storage-builders.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
let env: Record<string, string>;
let writers: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-backup-'));
  env = { DATABASE_URL: `file:${folder}/itr.db`, PORT: '1' };
  writers = [];
});

afterEach(async () => {
  for (const writer of writers) await killed(writer);
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function itr(...args: string[]): Promise<Answer> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: async (text) => void (out += text),
    err: (text) => void (err += text),
    cwd: folder,
    env,
    now: () => Date.parse('2026-11-24T04:00:00Z'),
    stdin: process.stdin,
  };
  return { code: await main(args, io), out, err };
}

/** In a process of its own, as its users run it. */
async function program(...args: string[]): Promise<Answer> {
  const child = spawn(process.execPath, ['--import', 'tsx', `${ROOT}src/cli/main.ts`, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

/** A server that writes one ticket after the other. */
function startWriter(file: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', `${ROOT}tests/cli/writes-tickets.mjs`, file], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  writers.push(child);
  let last = 0;
  let heard: () => void = () => undefined;
  child.stdout.on('data', (data: Buffer) => {
    last = Number(data.toString().trimEnd().split('\n').at(-1));
    heard();
  });
  return {
    get committed() {
      return last;
    },
    async until(number: number) {
      while (last < number) await new Promise<void>((resolve) => (heard = resolve));
    },
    kill: () => killed(child),
  };
}

const open = (file: string): Promise<Storage> =>
  openStorage({ url: `file:${file}`, now: () => T0, wake: () => undefined });

/** A database with some tickets, as one file that nobody has open. */
async function aBackup(name: string, tickets: number): Promise<string> {
  const file = join(folder, name);
  const storage = await open(`${file}.making`);
  for (let n = 1; n <= tickets; n++)
    await storage.store.write((tx) =>
      tx.saveTicket({ ticket: aTicket(n, 1), expectedSeq: 0, events: [aNote(1)], timers: [] }),
    );
  const connection = new Connection(`${file}.making`, 'write');
  connection.run('VACUUM INTO ?', [file]);
  connection.close();
  await storage.close();
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}.making${end}`, { force: true });
  return file;
}

/** What lies in a file, read from a copy, so that looking changes nothing. */
function numbersIn(file: string): readonly number[] {
  const copy = join(mkdtempSync(join(folder, 'look-')), 'copy.db');
  for (const end of ['', '-wal']) if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, `${copy}${end}`);
  const connection = new Connection(copy, 'write');
  expect(connection.all('PRAGMA integrity_check')).toEqual([['ok']]);
  const numbers = connection.all('SELECT number FROM tickets ORDER BY number').map(([number]) => number as number);
  connection.close();
  return numbers;
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Every file of the folder and what is in it, but for the server's lock and SQLite's index of a -wal. */
function everything(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.endsWith('-server') && !name.endsWith('-shm') && !name.startsWith('look-'))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );
}

describe('itr backup', () => {
  it('copies the database while a server writes: whole transactions, without a gap, and the server goes on', async () => {
    const writer = startWriter(join(folder, 'itr.db'));
    await writer.until(300);
    for (const name of ['one.db', 'two.db', 'three.db']) {
      const before = writer.committed;
      const answer = await program('backup', join(folder, name), '--json');
      expect(answer).toMatchObject({ code: 0, err: '' });
      const { tickets, bytes } = JSON.parse(answer.out) as { tickets: number; bytes: number };
      expect(tickets).toBeGreaterThanOrEqual(before);
      expect(bytes).toBe(readFileSync(join(folder, name)).length);
      await writer.until(tickets + 1);

      const elsewhere = join(folder, `restored-${name}`);
      env['DATABASE_URL'] = `file:${elsewhere}`;
      const restored = await program('restore', join(folder, name));
      expect(restored).toMatchObject({ code: 0, err: '' });
      expect(restored.out).toContain(
        `${elsewhere} has ${tickets} tickets, the last one changed at 2026-11-20T08:00:00Z\n`,
      );
      env['DATABASE_URL'] = `file:${folder}/itr.db`;
      expect(numbersIn(elsewhere)).toEqual(upTo(tickets));
      const storage = await open(elsewhere);
      expect(await storage.integrity()).toEqual([]);
      expect(await storage.store.read.timeline(tickets)).toHaveLength(2);
      expect(await storage.store.read.timersOf(tickets)).toHaveLength(1);
      expect(await storage.queues.outbox.depth(T0)).toMatchObject({ waiting: tickets });
      await storage.close();
    }
    await writer.kill();
    expect(readdirSync(folder).filter((name) => name.includes('.partial-'))).toEqual([]);
  });

  it('says how much it copied', async () => {
    await aBackup('itr.db', 1);
    const { code, out } = await itr('backup', 'copy.db');
    expect(code).toBe(0);
    expect(out).toMatch(/^1 ticket, \d+\.\d MB in [\d.]+ s: copy\.db\n$/);
    expect(numbersIn(join(folder, 'copy.db'))).toEqual([1]);
  });

  it('writes over nothing, unless it is told to, and never over the database', async () => {
    await aBackup('itr.db', 2);
    writeFileSync(join(folder, 'copy.db'), 'mine');
    mkdirSync(join(folder, 'sub'));
    const refused = (name: string, ...more: string[]) =>
      itr('backup', name, ...more).then(({ code, out, err }) => [code, out, err]);
    expect(await refused('copy.db')).toEqual([
      1,
      '',
      'itr backup: copy.db is there already; choose another name, or replace it with --force\n',
    ]);
    expect(readFileSync(join(folder, 'copy.db'), 'utf8')).toBe('mine');
    expect((await refused('sub', '--force'))[2]).toContain('sub is a folder');
    expect((await refused('none/copy.db'))[2]).toContain(`there is no folder ${folder}/none`);
    for (const own of ['itr.db', 'itr.db-wal', 'sub/../itr.db-server'])
      expect((await refused(own, '--force'))[2]).toContain('is the database itself');
    expect((await itr('backup', 'copy.db', '--force')).code).toBe(0);
    expect(numbersIn(join(folder, 'copy.db'))).toEqual([1, 2]);
    expect(numbersIn(join(folder, 'itr.db'))).toEqual([1, 2]);
  });

  it('makes no copy of a database that is not there, is damaged, or is not ours', async () => {
    expect((await itr('backup', 'copy.db')).err).toContain('no database at file:');
    damage(await aBackup('itr.db', 50));
    const damaged = await itr('backup', 'copy.db');
    expect([damaged.code, damaged.out]).toEqual([1, '']);
    expect(damaged.err).toMatch(/^itr backup: .* is damaged/);
    rmSync(join(folder, 'itr.db'));
    const other = new Libsql(join(folder, 'itr.db'));
    other.exec('CREATE TABLE tickets (a)');
    other.close();
    const before = readFileSync(join(folder, 'itr.db'));
    expect((await itr('backup', 'copy.db')).err).toBe(`itr backup: ${folder}/itr.db is no database of itr-bot\n`);
    expect(readFileSync(join(folder, 'itr.db')).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith('copy.db'))).toEqual([]);
  });

  it('says so where another program keeps the database locked, and leaves nothing', async () => {
    const file = await aBackup('itr.db', 1);
    const other = new Libsql(file);
    other.exec('BEGIN EXCLUSIVE');
    const { code, out, err } = await itr('backup', 'copy.db');
    other.close();
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(`itr backup: another program keeps ${file} locked; end it, then try again\n`);
    expect(readdirSync(folder).filter((name) => name.startsWith('copy.db'))).toEqual([]);
  });

  it.each(['backup', 'restore'])('%s says what to call for PostgreSQL, without the password', async (verb) => {
    env['DATABASE_URL'] = 'postgresql://itr:hush@db.example.com/itr?sslmode=require';
    const { code, out, err } = await itr(verb, 'my copy.dump');
    expect([code, out]).toEqual([1, '']);
    expect(err).not.toContain('hush');
    expect(err).toContain(
      verb === 'backup'
        ? `run: pg_dump --format=custom --no-owner '--file=my copy.dump' 'postgresql://itr@db.example.com/itr?sslmode=require'\n`
        : `make the database anew, then run: pg_restore --no-owner --single-transaction '--dbname=postgresql://itr@db.example.com/itr?sslmode=require' 'my copy.dump'\n`,
    );
  });

  it.each([['backup'], ['backup', 'a', 'b'], ['backup', 'a', '--fast'], ['restore'], ['restore', 'a', '--force']])(
    '%s %s %s is a wrong call',
    async (...args) => {
      const { code, out, err } = await itr(...args.filter((arg) => arg !== undefined));
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`Usage:\n  itr ${args[0]} FILE`);
    },
  );
});

/** Writes over the middle of a file. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, Math.floor(bytes.length / 3), Math.floor((bytes.length * 2) / 3));
  writeFileSync(file, bytes);
}

describe('itr restore', () => {
  it('keeps the database of before beside, with what only its -wal had', async () => {
    const copy = await aBackup('copy.db', 3);
    const writer = startWriter(join(folder, 'itr.db'));
    await writer.until(20);
    await writer.kill();
    expect(existsSync(join(folder, 'itr.db-wal'))).toBe(true);
    const written = numbersIn(join(folder, 'itr.db')).length;
    expect(written).toBeGreaterThanOrEqual(20);

    const { code, out } = await itr('restore', copy, '--json');
    expect(code).toBe(0);
    const kept = join(folder, 'itr.db.before-restore-20261124T040000Z');
    expect(JSON.parse(out)).toEqual({
      database: `${folder}/itr.db`,
      tickets: 3,
      changedAt: '2026-11-20T08:00:00Z',
      applied: [],
      kept,
    });
    expect(numbersIn(join(folder, 'itr.db'))).toEqual([1, 2, 3]);
    expect(existsSync(`${kept}-wal`)).toBe(false);
    expect(numbersIn(kept)).toEqual(upTo(written));
    expect(numbersIn(copy)).toEqual([1, 2, 3]);
  });

  it('puts a copy where there was no database, and in the place of a damaged one, which is kept as it was', async () => {
    const copy = await aBackup('copy.db', 2);
    env['DATABASE_URL'] = `file:${folder}/new/itr.db`;
    expect(await itr('restore', copy)).toEqual({
      code: 0,
      out: `${folder}/new/itr.db has 2 tickets, the last one changed at 2026-11-20T08:00:00Z\n`,
      err: '',
    });
    expect(numbersIn(join(folder, 'new/itr.db'))).toEqual([1, 2]);

    env['DATABASE_URL'] = `file:${folder}/itr.db`;
    writeFileSync(join(folder, 'itr.db'), 'no database any more'.repeat(500));
    writeFileSync(join(folder, 'itr.db-wal'), 'its last changes');
    expect((await itr('restore', copy)).code).toBe(0);
    expect(numbersIn(join(folder, 'itr.db'))).toEqual([1, 2]);
    const kept = join(folder, 'itr.db.before-restore-20261124T040000Z');
    expect(readFileSync(kept, 'utf8')).toBe('no database any more'.repeat(500));
    expect(readFileSync(`${kept}-wal`, 'utf8')).toBe('its last changes');
  });

  it('brings the copy of an older version up to date, and leaves the copy as it is', async () => {
    const newest = readdirSync(MIGRATIONS.sqlite)
      .filter((name) => !name.endsWith('.toml'))
      .sort();
    const older = mkdtempSync(join(folder, 'look-'));
    cpSync(join(MIGRATIONS.sqlite, newest[0] ?? ''), join(older, newest[0] ?? ''), { recursive: true });
    const connection = new Connection(join(older, 'old.db'), 'write');
    await migrate(connection, new Writer(connection), older);
    connection.run('VACUUM INTO ?', [join(folder, 'copy.db')]);
    connection.close();
    const before = everything();
    const { code, out } = await itr('restore', 'copy.db');
    expect([code, out]).toEqual([0, `${folder}/itr.db has 0 tickets\napplied: ${newest.slice(1).join(', ')}\n`]);
    expect(everything()['copy.db']).toBe(before['copy.db']);
  });

  it.each<readonly [string, () => Promise<string> | string, RegExp]>([
    ['a file that is not there', () => 'none.db', /there is no file none\.db/],
    ['a folder', () => '.', /there is no file \./],
    ['the database itself', () => 'itr.db', /itr\.db is the database itself/],
    [
      'some other file',
      () => text('copy.db', 'hello '.repeat(1_000)),
      /copy\.db is not a database but some other file/,
    ],
    ['an empty file', () => text('copy.db', ''), /copy\.db is no database of itr-bot/],
    [
      'a database of something else',
      () => sql('CREATE TABLE other (a)', 'copy.db'),
      /copy\.db is no database of itr-bot/,
    ],
    [
      'a damaged copy',
      async () => {
        damage(await aBackup('copy.db', 50));
        return 'copy.db';
      },
      /copy\.db is damaged/,
    ],
    [
      'a copy of a newer version',
      async () => {
        await aBackup('copy.db', 1);
        return sql(
          `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES ('x', 'y', 1, '29990101000000_more')`,
          'copy.db',
        );
      },
      /used by a newer version of itr-bot: it has the migration 29990101000000_more/,
    ],
    [
      'a database in use',
      async () => {
        await aBackup('copy.db', 1);
        text('copy.db-wal', 'what is newest');
        return 'copy.db';
      },
      /copy\.db is a database in use, not a backup/,
    ],
  ])('refuses %s, and changes nothing', async (_, make, says) => {
    await aBackup('itr.db', 4);
    const copy = await make();
    const before = everything();
    const { code, out, err } = await itr('restore', copy);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(says);
    expect(err.trimEnd()).not.toContain('\n');
    expect(everything()).toEqual(before);
    expect(numbersIn(join(folder, 'itr.db'))).toEqual([1, 2, 3, 4]);
  });

  it('asks for no token of the API: in a container, HOST is reachable also where nothing listens', async () => {
    await aBackup('copy.db', 2);
    env['HOST'] = '0.0.0.0';
    expect(await itr('restore', 'copy.db')).toMatchObject({ code: 0, err: '' });
    expect(await itr('backup', 'again.db')).toMatchObject({ code: 0, err: '' });
    for (const verb of ['start', 'doctor'])
      expect(await itr(verb)).toMatchObject({ code: 1, err: expect.stringContaining('set ITR_API_TOKEN') as string });
  });

  it('refuses while a server runs on the database, or another program has it open', async () => {
    await aBackup('copy.db', 1);
    const file = await aBackup('itr.db', 4);
    const before = everything();
    const lock = lockForServer(file);
    expect(await itr('restore', 'copy.db')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/another itr-bot .*runs on this database; stop it/) as string,
    });
    expect(everything()).toEqual(before);
    lock.release();
    const other = new Libsql(file);
    other.exec('PRAGMA journal_mode = WAL; BEGIN; SELECT * FROM tickets');
    expect(await itr('restore', 'copy.db')).toMatchObject({
      code: 1,
      err: `itr restore: another program has ${file} open; end it, then restore again\n`,
    });
    expect(numbersIn(file)).toEqual([1, 2, 3, 4]);
    other.close();
    expect((await itr('restore', 'copy.db')).code).toBe(0);
    expect(numbersIn(file)).toEqual([1]);
  });
});

function text(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

function sql(script: string, name: string): string {
  const db = new Libsql(join(folder, name));
  db.exec(script);
  db.close();
  return name;
}
