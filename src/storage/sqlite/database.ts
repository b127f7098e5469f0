import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { StorageUnusable } from '../errors.ts';
import { PrismaClient } from '../generated/sqlite/client.ts';
import { databaseFile } from '../locate.ts';
import type { Database, Dialect, MaybePromise, Source, Sql, TransactionOptions, Use } from '../sql.ts';
import { SMALL_WRITES } from '../writes.ts';
import { Connection, isBusy, sqliteCode } from './driver.ts';
import { migrate, pendingMigrations, refuseForeign } from './migrate.ts';
import { prismaOn } from './prisma-adapter.ts';
import { lockForServer } from './server-lock.ts';
import type { ServerLock } from './server-lock.ts';
import { Writer } from './writer.ts';

/** Characters that the index of titles knows a title by. */
const GRAM = 3;

/** One writer at a time: nothing has to be locked row by row. */
const SQLITE: Dialect = {
  forUpdate: '',
  skipLocked: '',
  lockLane: null,
  lockTurns: null,
  like: 'LIKE',
  takeWaiting:
    'DELETE FROM title_waiting WHERE rowid IN (SELECT rowid FROM title_waiting ORDER BY rowid LIMIT ?) RETURNING ticket',
  indexTitles: `INSERT OR REPLACE INTO title_search (rowid, title)
    SELECT number, title || '  ' FROM tickets WHERE number IN (SELECT value FROM json_each(?))`,
  titlesWith(word) {
    const characters = [...word.replaceAll('\0', '\ufffd')];
    if (characters.length < GRAM) {
      // No three characters of its own, but the beginning of some.
      const begins = characters.join('').toLowerCase();
      return {
        query: 'SELECT doc FROM title_terms WHERE term >= ? AND term < ?',
        values: [begins, `${begins}\u{10ffff}`],
      };
    }
    const grams = characters.slice(GRAM - 1).map((_, i) => characters.slice(i, i + GRAM).join(''));
    return {
      query: 'SELECT rowid FROM title_search WHERE title_search MATCH ?',
      values: [[...new Set(grams)].map((gram) => `"${gram.replaceAll('"', '""')}"`).join(' AND ')],
    };
  },
  // `+` keeps SQLite from the index on that column.
  unindexed: (column) => `+${column}`,
  noneOf: (column) => `${column} NOT IN (SELECT value FROM json_each(?))`,
  oneOf: (column) => `${column} IN (SELECT value FROM json_each(?))`,
  field: (column, key) => `json_extract(${column}, '$.${key}')`,
};

/** The two connections: one writes, inside the queue's transactions; the other reads what is committed, and never waits for it. */
export class SqliteDatabase implements Database {
  readonly dialect = SQLITE;
  readonly writes = SMALL_WRITES;
  readonly reading: Source;
  migrated: readonly string[] = [];
  pending: readonly string[] = [];
  readonly #writer: Writer;
  readonly #write: Connection;
  readonly #read: Connection;
  readonly #release: () => void;

  private constructor(write: Connection, read: Connection, release: () => void) {
    this.#write = write;
    this.#read = read;
    this.#release = release;
    this.#writer = new Writer(write);
    this.reading = {
      all: (sql, values) => patiently(() => read.all(sql, values)),
      run: (sql, values) => read.run(sql, values),
      prisma: new PrismaClient({ adapter: prismaOn(read) }),
    };
  }

  /** Opens, creates and migrates. `file::memory:` is a file in the temp folder that goes with `close`: two connections share no memory. */
  static async open(url: string, use: Use): Promise<SqliteDatabase> {
    const { file, temporary } = locate(url);
    const held: { lock?: ServerLock; read?: Connection; write?: Connection; database?: SqliteDatabase } = {};
    const release = (): void => {
      held.lock?.release();
      if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
    };
    try {
      if (use === 'server' && temporary === null) held.lock = lockForServer(file);
      const read = (held.read = await patiently(() => new Connection(file, 'read')));
      // Before the writing connection: that one would turn it to WAL.
      await patiently(() => {
        refuseForeign(read, file);
      });
      const write = (held.write = await patiently(() => new Connection(file, 'write')));
      const database = (held.database = new SqliteDatabase(write, read, release));
      if (use === 'look') database.pending = pendingMigrations(write);
      else database.migrated = await migrate(write, database.#writer);
      return database;
    } catch (error) {
      if (held.database !== undefined) await held.database.close();
      else {
        held.read?.close();
        held.write?.close();
        release();
      }
      throw inOneSentence(error, file);
    }
  }

  transaction<T>(work: (sql: Sql) => MaybePromise<T>, options?: TransactionOptions): Promise<T> {
    return this.#writer.transaction(() => work(this.#write), options);
  }

  /** The same, for statements whose answers are needed without a promise for each. */
  atOnce<T>(work: (connection: Connection) => T, options?: TransactionOptions): Promise<T> {
    return this.#writer.transaction(() => work(this.#write), options);
  }

  /** Of the file and the connections. Reads the whole file and stops the event loop meanwhile. */
  async integrity(): Promise<readonly string[]> {
    const problems = this.#examined().filter((line) => line !== 'ok');
    for (const [name, connection] of [['writing', this.#write] as const, ['reading', this.#read] as const]) {
      const [[synchronous] = []] = connection.all('PRAGMA synchronous');
      if (synchronous !== 2)
        problems.push(`the ${name} connection has synchronous=${String(synchronous)} instead of 2 (FULL)`);
      const [[journal] = []] = connection.all('PRAGMA journal_mode');
      if (journal !== 'wal') problems.push(`the ${name} connection has journal_mode=${String(journal)} instead of wal`);
    }
    return problems;
  }

  #examined(): string[] {
    try {
      return this.#read.all('PRAGMA integrity_check').map(([line]) => String(line));
    } catch (error) {
      // Damage can stop the check itself, and is what was asked for.
      if (((sqliteCode(error) ?? 0) & 0xff) !== DAMAGED) throw error;
      return [(error as Error).message];
    }
  }

  /** After everything that waits was written. */
  async close(): Promise<void> {
    await this.#writer.close();
    await this.reading.prisma.$disconnect();
    this.#read.close();
    this.#write.close();
    this.#release();
  }
}

function locate(url: string): { file: string; temporary: string | null } {
  const file = databaseFile(url);
  if (file === null) {
    const temporary = mkdtempSync(join(tmpdir(), 'itr-'));
    return { file: join(temporary, 'itr.db'), temporary };
  }
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StorageUnusable(`the folder ${dirname(file)} of the database cannot be made (${code}); ${ELSEWHERE}`);
  }
  return { file, temporary: null };
}

const ELSEWHERE = 'let this user write there, or set DATABASE_URL to another path';

/** SQLite's primary result code for a file whose pages contradict each other. */
const DAMAGED = 11;

/** SQLite's primary result codes that are about the file and not about us. */
const SENTENCES: Readonly<Record<number, (file: string) => string>> = {
  8: (file) => `the database ${file} may not be written by this user; ${ELSEWHERE}`,
  10: (file) => `the disk of the database ${file} failed to read or write; look after the disk, then start again`,
  [DAMAGED]: (file) => `the database ${file} is damaged; restore a backup`,
  13: (file) => `the disk of the database ${file} is full; make room, then start again`,
  14: (file) => `the database ${file} cannot be opened: it is a folder, or this user may not write there; ${ELSEWHERE}`,
  26: (file) => `${file} is not a database but some other file; set DATABASE_URL to another path`,
};

/** What SQLite says of a file, for who called: what is wrong and what to do. Any other error as it is. */
export function inOneSentence(error: unknown, file: string): unknown {
  // The driver tells why a file could not be opened at the end of its text only.
  const opening = error instanceof Error ? /Unable to open connection.*: (\d+)/.exec(error.message)?.[1] : undefined;
  const sentence = SENTENCES[(sqliteCode(error) ?? Number(opening ?? 0)) & 0xff];
  return sentence === undefined ? error : new StorageUnusable(sentence(file), { cause: error });
}

/** A reader meets a lock only while another process recovers, or closes, the file: for an instant. */
export async function patiently<T>(action: () => T): Promise<T> {
  const until = performance.now() + 2_000;
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
