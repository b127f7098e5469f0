import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { main } from '../../src/cli/main.ts';
import type { Io } from '../../src/cli/verb.ts';
import { openStorage } from '../../src/storage/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { Connection } from '../../src/storage/sqlite/driver.ts';
import { bindable } from '../../src/storage/transfer/cells.ts';
import { openExport } from '../../src/storage/transfer/index.ts';
import { quoted, TABLES } from '../../src/storage/transfer/tables.ts';
import type { Table } from '../../src/storage/transfer/tables.ts';
import { aNote, aTicket, ended, saying, T0 } from '../contract/storage-builders.ts';
import { postgresIsMissing, startPostgres } from '../support/postgres.ts';
import type { PostgresServer } from '../support/postgres.ts';

let folder: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'itr-export-'));
  env = { DATABASE_URL: sqlite('itr'), PORT: '1' };
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const sqlite = (name: string): string => `file:${folder}/${name}.db`;
const path = (name: string): string => join(folder, name);

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function itrOn(url: string, args: readonly string[], stdin: Buffer | string = ''): Promise<Answer> {
  let [out, err] = ['', ''];
  const io: Io = {
    out: async (text) => void (out += text),
    err: (text) => void (err += text),
    cwd: folder,
    env: { ...env, DATABASE_URL: url },
    now: () => T0,
    stdin: Readable.from([stdin]),
  };
  return { code: await main(args, io), out, err };
}

const itr = (...args: string[]): Promise<Answer> => itrOn(env['DATABASE_URL'] ?? '', args);

const open = (url: string, use: 'server' | 'tool' = 'tool'): Promise<Storage> =>
  openStorage({ url, now: () => T0, wake: () => undefined, use });

const TEXTS = ['问题到解决，数据库连不上', 'emoji 👀🧑‍🚒 and "quotes"', `a tab\t, a line\n, a \\ and a ' `, '', 'plain'];
const DATA: readonly unknown[] = [
  { 标题: '客户说：“慢”', list: [1, 2.5, -0.001, null, true, { deep: ['👀'] }], empty: {} },
  { long: '很长的文字 '.repeat(20) },
  [],
  { at: 1_763_625_600_000, none: null, text: 'back\\slash "quoted"' },
];

/** The i-th row of any table: each column that may be null is null in every third. */
function aRow({ columns, key }: Table, i: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([column, kind], place) => {
      if (kind.endsWith('?') && (i + place) % 3 === 0) return [column, null];
      if (key.includes(column)) return [column, kind === 'int' ? i + 1 : `${TEXTS[i % 5] ?? ''} ${i}`];
      switch (kind.replace('?', '')) {
        case 'int':
          return [column, i * 7];
        case 'flag':
          return [column, i % 2 === 0];
        case 'instant':
          return [column, new Date(i % 5 === 0 ? 0 : T0 + i * 1_001).toISOString()];
        case 'json':
          return [column, i === 7 ? { long: '很长的文字 '.repeat(50_000) } : DATA[i % 4]];
        default:
          // Unique in the tables that want it.
          return [column, `${TEXTS[(i + place) % 5] ?? ''}${i}`];
      }
    }),
  );
}

const ROWS: Readonly<Record<string, number>> = { tickets: 401, events: 650, inbox: 200, outbox: 199 };

/** Some rows of every table, more than a page of some. */
async function fill(file: string): Promise<number> {
  await (await open(`file:${file}`)).close();
  const connection = new Connection(file, 'write');
  connection.script('BEGIN');
  let rows = 0;
  for (const table of TABLES)
    for (let i = 0; i < (ROWS[table.name] ?? 5); i++, rows++) {
      const row = aRow(table, i);
      const names = Object.keys(row);
      connection.run(
        `INSERT INTO ${quoted(table.name)} (${names.map(quoted).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        names.map((name) => bindable(table.columns[name] ?? 'text', row[name]) ?? null),
      );
    }
  connection.script('COMMIT');
  connection.close();
  return rows;
}

/** Every row, table by table. */
async function rowsOf(url: string): Promise<Record<string, unknown[]>> {
  const all = await openExport(url, T0);
  const found: Record<string, unknown[]> = Object.fromEntries(TABLES.map(({ name }) => [name, []]));
  let text = '';
  for await (const some of all.lines) text += some;
  await all.close();
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const { table, row } = JSON.parse(line) as { table: string; row: unknown };
    found[table]?.push(row);
  }
  return found;
}

const EMPTY = Object.fromEntries(TABLES.map(({ name }) => [name, []]));

describe('itr export and itr import', () => {
  it('carry every row of every table into a new database, compressed or not', async () => {
    const rows = await fill(path('itr.db'));
    const said = await itr('export', 'all.jsonl');
    expect(said).toEqual({ code: 0, out: `${rows} rows of ${TABLES.length} tables: all.jsonl\n`, err: '' });
    const packed = await itr('export', 'all.jsonl.gz', '--json');
    expect(JSON.parse(packed.out)).toMatchObject({ file: 'all.jsonl.gz', rows, counts: { events: 650, tickets: 401 } });
    expect(gunzipSync(readFileSync(path('all.jsonl.gz'))).equals(readFileSync(path('all.jsonl')))).toBe(true);
    expect(statSync(path('all.jsonl.gz')).size).toBeLessThan(statSync(path('all.jsonl')).size / 5);

    const before = await rowsOf(sqlite('itr'));
    expect(before['tickets']?.[0]).toEqual(aRow(TABLES[0]!, 0));
    for (const file of ['all.jsonl', 'all.jsonl.gz']) {
      const into = sqlite(`from-${file}`);
      expect(await itrOn(into, ['import', file])).toEqual({
        code: 0,
        out: `${rows} rows of ${TABLES.length} tables imported into ${into}\n`,
        err: '',
      });
      expect(await rowsOf(into)).toEqual(before);
    }
  });

  it('pass through a pipe: nothing but the data is on standard output', async () => {
    await fill(path('itr.db'));
    const { code, out, err } = await itr('export', '-');
    expect([code, err]).toEqual([0, expect.stringMatching(/^\d+ rows of 16 tables: -\n$/)]);
    expect((await itr('export', 'all.jsonl')).code).toBe(0);
    expect(readFileSync(path('all.jsonl'), 'utf8')).toBe(out);
    for (const [name, data] of [['plain', out] as const, ['packed', gzipSync(out)] as const]) {
      const answer = await itrOn(sqlite(name), ['import', '-', '--json'], data);
      expect(answer).toMatchObject({ code: 0, err: '' });
      expect(JSON.parse(answer.out)).toMatchObject({ counts: { inbox: 200 } });
      expect(await rowsOf(sqlite(name))).toEqual(await rowsOf(sqlite('itr')));
    }
  });

  it('take the file of an older version: a column that it did not have gets its default', async () => {
    await fill(path('itr.db'));
    await itr('export', 'all.jsonl');
    const older = readFileSync(path('all.jsonl'), 'utf8').replaceAll(/("by":"[^\n]*),"away":(?:true|false)/g, '$1');
    expect(older).not.toContain('"away"');
    writeFileSync(path('older.jsonl'), older);
    expect((await itrOn(sqlite('newer'), ['import', 'older.jsonl'])).code).toBe(0);
    const { duty_overrides: overrides } = await rowsOf(sqlite('newer'));
    expect(overrides).toHaveLength(5);
    expect(overrides).toEqual(overrides?.map(() => expect.objectContaining({ away: false }) as unknown));
  });

  it('read a page at a time', async () => {
    await fill(path('itr.db'));
    const all = await openExport(sqlite('itr'), T0);
    const pages: number[] = [];
    for await (const some of all.lines) pages.push(some.split('\n').length - 1);
    await all.close();
    expect(Math.max(...pages)).toBe(200);
    // The header; then tickets in three pages, events in four.
    expect(pages.slice(0, 8)).toEqual([1, 200, 200, 1, 200, 200, 200, 50]);
  });

  it('write over nothing, and leave no half of a file', async () => {
    await fill(path('itr.db'));
    writeFileSync(path('all.jsonl'), 'mine');
    expect((await itr('export', 'all.jsonl')).err).toContain('all.jsonl is there already');
    expect(readFileSync(path('all.jsonl'), 'utf8')).toBe('mine');
    expect((await itr('export', 'itr.db', '--force')).err).toContain('itr.db is the database itself');
    expect((await itr('export', 'all.jsonl', '--force')).code).toBe(0);
    expect((await itrOn(sqlite('none'), ['export', 'none.jsonl'])).err).toContain('no database at file:');
    const connection = new Connection(path('itr.db'), 'write');
    connection.run(`UPDATE tickets SET state = 'no json' WHERE number = 300`);
    connection.close();
    expect((await itr('export', 'bad.jsonl')).code).toBe(1);
    expect(readdirSync(folder).filter((name) => /none|bad|partial/.test(name))).toEqual([]);
  });

  it.each([
    ['export'],
    ['export', 'a', 'b'],
    ['export', '-', '--json'],
    ['import'],
    ['import', 'a', 'b'],
    ['import', 'a', '--force'],
  ])('%s %s %s is a wrong call', async (...args) => {
    const { code, out, err } = await itr(...args.filter((arg) => arg !== undefined));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`Usage:\n  itr ${args[0]} FILE`);
  });

  it.each(['contracts', 'people'])('import %s FILE.csv says that it is for later', async (what) => {
    for (const args of [
      ['import', what, 'list.csv'],
      ['import', what],
    ]) {
      const { code, out, err } = await itr(...args);
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(
        `\`itr import ${what} FILE.csv\` is not in this version yet; write them into itr.config.yaml`,
      );
    }
  });
});

/** An export as its lines. */
async function exportedLines(): Promise<string[]> {
  await fill(path('itr.db'));
  await itr('export', 'all.jsonl');
  return readFileSync(path('all.jsonl'), 'utf8').trimEnd().split('\n');
}

const BROKEN: readonly (readonly [string, (lines: string[]) => string | Buffer, RegExp])[] = [
  [
    'has lost its end',
    (lines) => lines.slice(0, -1).join('\n'),
    /counters has 4 rows in this file, and its first line says 5: it is cut off/,
  ],
  ['ends within a line', (lines) => lines.join('\n').slice(0, -9), /line \d+ of this export is damaged/],
  ['is compressed and ends too soon', (lines) => gzipSync(lines.join('\n')).subarray(0, -5_000), /damaged or cut off/],
  [
    'is no UTF-8',
    (lines) => Buffer.concat([Buffer.from(lines.join('\n')), Buffer.from([0xff, 0xfe])]),
    /damaged or cut off/,
  ],
  ['is empty', () => '', /this file is empty/],
  ['is something else', () => '{"hello": 1}\n', /this is no file of `itr export`/],
  ['is no JSON', () => 'number,title\n1,x\n', /this is no file of `itr export`/],
  [
    'is of a newer format',
    ([first = '', ...rest]) => [first.replace('"version":1', '"version":2'), ...rest].join('\n'),
    /newer version/,
  ],
  [
    'is of a newer version with the same tables',
    ([first = '', ...rest]) => [first.replace(/"migration":"/, '"migration":"2999'), ...rest].join('\n'),
    /this export was made by a newer version of itr-bot; import it with that version/,
  ],
  [
    'has a header without counts',
    ([first = '', ...rest]) => [first.replace('"counts"', '"count"'), ...rest].join('\n'),
    /the first line of this export is damaged/,
  ],
  [
    'has a table that is not known',
    (lines) => [...lines, '{"table":"moods","row":{}}'].join('\n'),
    /of a table "moods" that is not known: this export was made by a newer version/,
  ],
  [
    'has a column that is not known',
    (lines) => [...lines, '{"table":"counters","row":{"name":"x","value":1,"mood":1}}'].join('\n'),
    /column counters\.mood that is not known/,
  ],
  [
    'has a text for a number',
    (lines) => [...lines, '{"table":"counters","row":{"name":"x","value":"1"}}'].join('\n'),
    /counters\.value is no int/,
  ],
  [
    'has nothing where something must be',
    (lines) => [...lines, '{"table":"counters","row":{"name":null,"value":1}}'].join('\n'),
    /counters\.name is no text/,
  ],
  [
    'has a day that there is not',
    (lines) => [...lines, '{"table":"remembered_keys","row":{"key":"x","value":"","at":"soon"}}'].join('\n'),
    /remembered_keys\.at is no instant/,
  ],
  [
    'has a row twice',
    (lines) => [...lines, lines.at(-1) ?? ''].join('\n'),
    /rows of counters cannot be stored: .*; nothing was imported/,
  ],
  [
    'has a row too many',
    (lines) => [...lines, '{"table":"counters","row":{"name":"x","value":1}}'].join('\n'),
    /counters has 6 rows in this file, and its first line says 5/,
  ],
];

function refusals(name: string, target: () => Promise<string>): void {
  describe(`itr import into ${name}`, () => {
    it('keeps nothing of a file that cannot be imported whole, and says why', async () => {
      const lines = await exportedLines();
      const into = await target();
      for (const [what, breakIt, says] of BROKEN) {
        writeFileSync(path('broken'), breakIt(lines));
        const { code, out, err } = await itrOn(into, ['import', 'broken']);
        expect([what, code, out]).toEqual([what, 1, '']);
        expect(err).toMatch(says);
        expect(await rowsOf(into)).toEqual(EMPTY);
      }
      expect((await itrOn(into, ['import', 'all.jsonl'])).code).toBe(0);
    });

    it('takes only an empty database that no server runs on', async () => {
      await exportedLines();
      const into = await target();
      const server = await open(into, 'server');
      expect(await itrOn(into, ['import', 'all.jsonl'])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/itr-bot .*runs on this database; stop it/) as string,
      });
      await server.store.write((tx) => tx.setKeyValue('a', 'b'));
      await server.close();
      const { code, err } = await itrOn(into, ['import', 'all.jsonl']);
      expect([code, err]).toEqual([
        1,
        'itr import: the database is not empty: its table key_values has 1 row; set DATABASE_URL to a new, empty one\n',
      ]);
      expect(await rowsOf(into)).toEqual({ ...EMPTY, key_values: [{ key: 'a', value: 'b' }] });
    });

    it('goes on with the numbers where the old database was, also where its last rows are gone', async () => {
      await fill(path('itr.db'));
      const connection = new Connection(path('itr.db'), 'write');
      connection.run('DELETE FROM outbox WHERE id > 150');
      connection.run('DELETE FROM inbox');
      connection.run(`INSERT INTO counters (name, value) VALUES ('ticket', 907)`);
      connection.close();
      await itr('export', 'all.jsonl');
      const into = await target();
      expect((await itrOn(into, ['import', 'all.jsonl'])).code).toBe(0);
      const storage = await open(into);
      expect(await storage.store.write((tx) => tx.nextNumber())).toBe(908);
      await storage.store.write((tx) => tx.enqueue([saying('a new row')]));
      await storage.inbox.accept({ id: 'a new event', lane: 'l', platform: 'slack', payload: '{}', receivedAt: T0 });
      await storage.store.write((tx) =>
        tx.saveOverride({ team: 'db-l1', person: 'wei', from: T0, until: T0 + 1, by: 'mei' }),
      );
      await storage.close();
      // And once more from there: what the one keeps in a sequence, the other keeps in a row.
      await itrOn(into, ['export', 'again.jsonl']);
      expect((await itrOn(sqlite('again'), ['import', 'again.jsonl'])).code).toBe(0);
      const again = await open(sqlite('again'));
      expect(await again.store.write((tx) => tx.nextNumber())).toBe(909);
      await again.close();
      const rows = (await rowsOf(into)) as Record<string, Record<string, unknown>[]>;
      expect(rows['outbox']?.at(-1)).toMatchObject({ id: 200, key: 'a new row' });
      expect(rows['inbox']).toMatchObject([{ position: 201, id: 'a new event' }]);
      expect(rows['duty_overrides']?.at(-1)).toMatchObject({ id: 6 });
    });

    it('an export is of one moment, whatever is written while it runs', async () => {
      const url = await target();
      const storage = await open(url);
      const write = (number: number): Promise<void> =>
        storage.store.write((tx) =>
          tx.saveTicket({ ticket: aTicket(number, 1), expectedSeq: 0, events: [aNote(1)], timers: [] }),
        );
      let number = 0;
      while (number < 3) await write(++number);
      const all = await openExport(url, T0);
      await write(++number);
      let text = '';
      for await (const some of all.lines) {
        text += some;
        await write(++number);
      }
      await all.close();
      await storage.close();
      expect(all.first.counts).toMatchObject({ tickets: 3, events: 3 });
      expect(text.match(/"table":"tickets"/g)).toHaveLength(3);
      expect(text.match(/"table":"events"/g)).toHaveLength(3);
    });
  });
}

refusals('SQLite', async () => sqlite('target'));

const missing = postgresIsMissing();
if (missing !== null) {
  describe('PostgreSQL', () => {
    it.skip(`was NOT tested: ${missing}`, () => undefined);
  });
} else {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  refusals('PostgreSQL', () => server.database());

  describe('from SQLite to PostgreSQL and back', () => {
    it('everything is the same, row by row', async () => {
      const rows = await fill(path('itr.db'));
      expect((await itr('export', 'there.jsonl.gz')).code).toBe(0);
      const postgres = await server.database();
      const { code, out, err } = await itrOn(postgres, ['import', 'there.jsonl.gz']);
      expect([code, err]).toEqual([0, '']);
      expect(out).toContain(`${rows} rows of ${TABLES.length} tables imported into postgresql://127.0.0.1:`);
      const before = await rowsOf(sqlite('itr'));
      const byKey = await rowsOf(postgres);
      expect(byKey).toEqual(before);
      expect((await itrOn(postgres, ['export', 'back.jsonl'])).code).toBe(0);
      expect((await itrOn(sqlite('back'), ['import', 'back.jsonl'])).code).toBe(0);
      expect(await rowsOf(sqlite('back'))).toEqual(before);
    });

    it('what the program wrote reads the same to it', async () => {
      const first = await open(sqlite('itr'));
      const ticket = aTicket(1, 2, { fields: { title: '数据库连不上 👀', impact: 'x'.repeat(50_000) } });
      const events = [aNote(1, '第一'), aNote(2, 'second "quoted"')];
      await first.store.write(async (tx) => {
        await tx.saveTicket({ ticket, expectedSeq: 0, events, timers: [] });
        await tx.saveTicket({ ticket: ended(aTicket(2, 1)), expectedSeq: 0, events: [], timers: [] });
      });
      await first.close();
      await itr('export', 'all.jsonl');
      const url = await server.database();
      await itrOn(url, ['import', 'all.jsonl']);
      const second = await open(url);
      expect(await second.store.read.ticket(1)).toEqual(ticket);
      expect(await second.store.read.timeline(1)).toEqual(events);
      // What is derived is not in the file.
      expect(await second.queries.countByStatus()).toMatchObject({ draft: 1, cancelled: 1 });
      const found = async (): Promise<number> => (await second.queries.countByStatus({ q: '据库' })).draft;
      expect(await found()).toBe(1);
      await second.retention.indexTitles();
      expect(await found()).toBe(1);
      await second.close();
    });
  });
}
