import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { Connection, isBusy } from './driver.ts';
import type { Row, Value } from './driver.ts';
import { PrismaClient } from './generated/client.ts';
import { migrate } from './migrate.ts';
import { prismaOn } from './sqlite-adapter.ts';
import { Writer } from './writer.ts';

/** Where statements go: inside the open transaction, or outside of any. */
export interface Source {
  /** For the hot path, by hand; placeholders are `?`. Columns come in the order of the SELECT. */
  all(sql: string, parameters?: readonly Value[]): Promise<readonly Row[]>;
  /** For everything else. */
  readonly prisma: PrismaClient;
}

/** The two connections: one writes, inside the queue's transactions; the other reads what is committed, and never waits for it. */
export class Database {
  readonly writer: Writer;
  readonly reading: Source;
  readonly inTransaction: Source;
  /** Migrations applied by this opening. */
  migrated: readonly string[] = [];
  readonly #write: Connection;
  readonly #read: Connection;
  readonly #temporary: string | null;

  private constructor(write: Connection, read: Connection, temporary: string | null) {
    this.#write = write;
    this.#read = read;
    this.#temporary = temporary;
    this.writer = new Writer(write);
    this.reading = {
      all: (sql, parameters) => patiently(() => read.all(sql, parameters)),
      prisma: new PrismaClient({ adapter: prismaOn(read, 'reading') }),
    };
    this.inTransaction = {
      all: async (sql, parameters) => write.all(sql, parameters),
      prisma: new PrismaClient({ adapter: prismaOn(write, 'inTransaction') }),
    };
  }

  /** Opens, creates and migrates. `file::memory:` is a file in the temp folder that goes with `close`: two connections share no memory. */
  static async open(url: string): Promise<Database> {
    const { file, temporary } = locate(url);
    const write = await patiently(() => new Connection(file, 'write'));
    const database = new Database(write, await patiently(() => new Connection(file, 'read')), temporary);
    try {
      database.migrated = await migrate(write, database.writer);
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  }

  /** For code that runs inside `writer.transaction`: statements by hand, without a promise for each. */
  get connection(): Connection {
    return this.#write;
  }

  /** What is wrong with the file or the connections; empty: nothing. Reads the whole file and stops the event loop meanwhile. */
  integrity(): readonly string[] {
    const problems = this.#read
      .all('PRAGMA integrity_check')
      .map(([line]) => String(line))
      .filter((line) => line !== 'ok');
    for (const [name, connection] of [['writing', this.#write] as const, ['reading', this.#read] as const]) {
      const [[synchronous] = []] = connection.all('PRAGMA synchronous');
      if (synchronous !== 2)
        problems.push(`the ${name} connection has synchronous=${String(synchronous)} instead of 2 (FULL)`);
      const [[journal] = []] = connection.all('PRAGMA journal_mode');
      if (journal !== 'wal') problems.push(`the ${name} connection has journal_mode=${String(journal)} instead of wal`);
    }
    return problems;
  }

  /** After everything that waits was written. */
  async close(): Promise<void> {
    await this.writer.close();
    await this.reading.prisma.$disconnect();
    await this.inTransaction.prisma.$disconnect();
    this.#read.close();
    this.#write.close();
    if (this.#temporary !== null) rmSync(this.#temporary, { recursive: true, force: true });
  }
}

function locate(url: string): { file: string; temporary: string | null } {
  const path = /^file:(?:\/\/(?=\/))?([^?]+)/.exec(url)?.[1];
  if (path === undefined) throw new Error(`DATABASE_URL must look like file:./data/itr.db, not ${url}`);
  if (path === ':memory:') {
    const temporary = mkdtempSync(join(tmpdir(), 'itr-'));
    return { file: join(temporary, 'itr.db'), temporary };
  }
  mkdirSync(dirname(path), { recursive: true });
  return { file: path, temporary: null };
}

/** A reader meets a lock only while another process recovers, or closes, the file: for an instant. */
async function patiently<T>(action: () => T): Promise<T> {
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
