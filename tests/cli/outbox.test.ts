import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Io } from '../../src/cli/verb.ts';
import { startApp } from '../support/app.ts';
import { HandClock } from '../support/clock.ts';

let folder: string;
let env: Record<string, string>;
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-outbox-'));
  env = { DATABASE_URL: `file:${folder}/itr.db`, PORT: '1' };
  now = Date.parse('2026-11-24T04:00:00Z');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function itr(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: async (text) => void (out += text),
    err: (text) => void (err += text),
    cwd: folder,
    env,
    now: () => now,
    stdin: process.stdin,
  };
  return { code: await main(args, io), out, err };
}

/** One row that no platform can take. */
async function withDeadLetter(
  work: (url: string) => Promise<void>,
  server: Readonly<Record<string, string>> = {},
): Promise<void> {
  const app = await startApp({ folder, clock: new HandClock(1_000), env: server });
  await app.storage.store.write((tx) =>
    tx.enqueue([
      {
        key: 'lost',
        lane: 'nowhere:C1',
        ticket: null,
        delivery: {
          kind: 'say',
          platform: 'playground',
          chat: 'no-such-chat',
          thread: null,
          what: { text: ['x'], language: 'en' },
        },
        // Not due yet by its clock, or the running loop might take it first.
        dueAt: 5_000,
      },
    ]),
  );
  const { outbox } = app.storage.queues;
  const [row] = await outbox.claim(5_000, 6_000, 1, new Set());
  if (row !== undefined) await outbox.bury(row, 1_000, 'no such chat');
  await work(app.url);
  await app.stop();
}

it('lists dead letters and revives them through the running server', async () => {
  await withDeadLetter(async (url) => {
    env['PORT'] = new URL(url).port;
    const letters = JSON.parse((await itr('outbox', 'list', '--json')).out) as {
      readonly id: number;
      readonly error: string;
    }[];
    expect(letters).toHaveLength(1);
    expect(await itr('outbox', 'retry', '999')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no dead letter 999') as string,
    });
    expect(await itr('outbox', 'retry', String(letters[0]?.id))).toMatchObject({
      code: 0,
      out: `${letters[0]?.id} is tried again\n`,
    });
  });
});

it('works on the database itself where no server runs', async () => {
  await withDeadLetter(async () => undefined);
  expect((await itr('outbox', 'list')).out).toContain('nowhere:C1');
  expect(await itr('outbox', 'retry', '--all')).toMatchObject({ code: 0, out: '1 tried again\n' });
  expect(await itr('outbox', 'list')).toMatchObject({ out: 'no dead letters\n' });
});

it('says what a wrong call should have been', async () => {
  expect(await itr('outbox', 'retry')).toMatchObject({ code: 2, err: expect.stringContaining('--all') as string });
  expect(await itr('outbox', 'retry', 'x')).toMatchObject({ code: 2 });
  expect(await itr('outbox')).toMatchObject({ code: 2 });
});

it('asks for the token of the server that runs', async () => {
  const token = 'the-token-of-the-server';
  await withDeadLetter(
    async (url) => {
      env['PORT'] = new URL(url).port;
      const fix = `set ITR_API_TOKEN to the server's token\n`;
      const none = await itr('outbox', 'list');
      expect(none).toMatchObject({
        code: 1,
        out: '',
        err: `itr outbox: the server at ${url} asks for its token; ${fix}`,
      });
      env['ITR_API_TOKEN'] = 'another';
      const wrong = await itr('outbox', 'retry', '--all');
      expect(wrong).toMatchObject({ code: 1, err: `itr outbox: the server at ${url} has another token; ${fix}` });
      env['ITR_API_TOKEN'] = token;
      expect((await itr('outbox', 'list')).out).toContain('nowhere:C1');
    },
    { ITR_API_TOKEN: token },
  );
});

it('doctor and outbox make no database where there is none', async () => {
  const doctor = await itr('doctor');
  expect(doctor.code).toBe(0);
  expect(doctor.out).toContain(`${env['DATABASE_URL']} is not there yet; \`itr start\` makes it`);
  const outbox = await itr('outbox', 'list');
  expect(outbox).toMatchObject({ code: 1, out: '' });
  expect(outbox.err).toBe(
    `itr outbox: no database at ${env['DATABASE_URL']}; set DATABASE_URL to that of the server\n`,
  );
  expect(readdirSync(folder)).toEqual([]);
});

it('doctor leaves a database that lacks migrations as it is, and says so', async () => {
  writeFileSync(join(folder, 'itr.db'), '');
  expect((await itr('doctor')).out).toMatch(/sound; `itr start` applies \d+ migrations/);
  expect((await itr('migrate')).out).toMatch(/^applied: \d+_init/);
});

it('doctor tells a clock that cannot be right', async () => {
  now = 1_000;
  const wrong = await itr('doctor');
  expect(wrong.code).toBe(1);
  expect(wrong.out).toMatch(/FAIL {2}clock {2}1970-01-01T00:00:01Z is before this version was written \(\d{4}-/);
  now = Date.parse('2026-11-24T04:00:00Z');
  env['TZ'] = 'Beijing';
  expect((await itr('doctor')).out).toContain('TZ="Beijing" is no time zone');
  env['TZ'] = 'Asia/Shanghai';
  expect((await itr('doctor')).out).toContain('ok    clock  2026-11-24T04:00:00Z, time zone Asia/Shanghai');
});

it('doctor counts in good English', async () => {
  writeFileSync(join(folder, 'itr.config.yaml'), 'close: { reminder: 3d, auto_close: 1d }\n');
  expect((await itr('doctor')).out).toContain('itr.config.yaml, 1 warning\n');
  writeFileSync(join(folder, 'itr.config.yaml'), 'locale: zh\n');
  expect((await itr('doctor')).out).toContain('itr.config.yaml: 1 mistake, the first in line 1: ');
});

it('migrate says what it did, doctor finds everything sound', async () => {
  expect((await itr('migrate')).out).toMatch(/^applied: \d+_init/);
  expect((await itr('migrate')).out).toBe('the database is up to date\n');
  const doctor = await itr('doctor', '--json');
  expect(doctor.code).toBe(0);
  const findings = JSON.parse(doctor.out) as { readonly what: string; readonly ok: boolean }[];
  expect(findings.map(({ what }) => what)).toEqual(['configuration', 'database', 'timers', 'slack', 'feishu', 'clock']);
});
