import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('a configuration that is not there has no line', async () => {
    const { code, err } = await itr(['duty', 'who', '--team', 'x', '--config', 'nowhere.yaml']);
    expect([code, err]).toEqual([
      1,
      'nowhere.yaml: error: cannot read nowhere.yaml: no such file; wanted the path of a readable YAML file\n',
    ]);
  });
});
