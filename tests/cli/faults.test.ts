import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import { itr } from './helpers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-faults-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const refused = (err: string) => ({ code: 1, out: '', err });

describe('a common fault is one sentence that says what to do', () => {
  it('a port that is taken; the database is closed again', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const env = { PORT: String(port), DATABASE_URL: `file:${folder}/itr.db`, LOG_LEVEL: 'silent' };
    const fix = `set PORT to a free one, such as PORT=${port + 1}`;
    expect(await itr(['start'], { env })).toEqual(
      refused(`itr start: port ${port} is taken by another program; ${fix}\n`),
    );
    other.close();
    // Closed, or the lock were not free.
    await (await startApp({ folder })).stop();
  });

  it('a database on which another server runs', async () => {
    const app = await startApp({ folder });
    const env = { PORT: '0', DATABASE_URL: `file:${folder}/itr.db`, LOG_LEVEL: 'silent' };
    const sentence = `another itr-bot (pid ${process.pid}) runs on this database; stop it or use another DATABASE_URL`;
    expect(await itr(['start'], { env })).toEqual(refused(`itr start: ${sentence}\n`));
    await app.stop();
  });

  it.each(['start', 'migrate'])('a file that is no database (%s)', async (verb) => {
    const file = join(folder, 'package.json');
    writeFileSync(file, '{"name":"x"}'.repeat(100));
    const { code, err } = await itr([verb], { env: { PORT: '0', DATABASE_URL: `file:${file}`, LOG_LEVEL: 'silent' } });
    const sentence = `${file} is not a database but some other file; set DATABASE_URL to another path`;
    expect([code, err]).toEqual([1, `itr ${verb}: ${sentence}\n`]);
  });

  it('a folder that cannot be made, and one in place of the file', async () => {
    writeFileSync(join(folder, 'file'), '');
    const under = await itr(['migrate'], { env: { DATABASE_URL: `file:${folder}/file/itr.db` } });
    expect(under.err).toMatch(
      /^itr migrate: the folder \S+ of the database cannot be made \(E\w+\); let this user .*\n$/,
    );
    const place = await itr(['migrate'], { env: { DATABASE_URL: `file:${folder}` } });
    expect(place.err).toMatch(/^itr migrate: the database \S+ cannot be opened: it is a folder, .*\n$/);
  });

  it.each([['start'], ['migrate'], ['outbox', 'list'], ['people', 'list'], ['doctor'], ['export', 'all.jsonl']])(
    'the database of another program, which is left as it is (%s)',
    async (...args) => {
      const file = join(folder, 'other.db');
      const other = new Libsql(file);
      other.exec('CREATE TABLE notes (a)');
      other.close();
      const before = readFileSync(file);
      const { code, out, err } = await itr(args, {
        env: { PORT: '1', DATABASE_URL: `file:${file}`, LOG_LEVEL: 'silent' },
      });
      expect(code).toBe(1);
      expect(out + err).toContain(`${file} is the database of another program; set DATABASE_URL to another path\n`);
      expect(readFileSync(file).equals(before)).toBe(true);
    },
  );

  it.each([
    ['export', 'all.jsonl'],
    ['restore', 'copy.db'],
  ])('a place where no database can be opened (%s)', async (verb, name) => {
    mkdirSync(join(folder, 'itr.db-server'));
    writeFileSync(join(folder, 'itr.db'), 'no database');
    const env = { DATABASE_URL: `file:${folder}/itr.db` };
    const { code, err } = await itr([verb, name], { files: { 'copy.db': '' }, env });
    expect([code, err.trimEnd().split('\n').length]).toEqual([1, 1]);
    expect(err).toContain('set DATABASE_URL to another path');
  });

  it('a database that could not be made: the doctor says so before the start does', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, out } = await itr(['doctor'], {
      env: { DATABASE_URL: `file:${folder}/file/sub/itr.db` },
    });
    expect(code).toBe(1);
    expect(out).toContain(`sub/itr.db is not there yet, and cannot be made in ${folder}/file\n`);
  });

  it('a configuration that is not there has no line', async () => {
    const { code, err } = await itr(['duty', 'who', '--team', 'x', '--config', 'nowhere.yaml']);
    expect([code, err]).toEqual([
      1,
      'nowhere.yaml: error: cannot read nowhere.yaml: no such file; wanted the path of a readable YAML file\n',
    ]);
  });
});
