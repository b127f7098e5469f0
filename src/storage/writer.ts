import { isBusy } from './driver.ts';
import type { Connection } from './driver.ts';

/** Another process has held the database's lock for longer than we wait. Nothing was written; trying later is right. */
export class StorageBusy extends Error {
  constructor() {
    super('the database is locked by another process');
    this.name = 'StorageBusy';
  }
}

interface Options {
  /** `urgent` goes before the others, but takes turns with them, so that neither starves. */
  readonly line?: 'urgent' | 'patient';
  /** Called when the work has ended, or has been given up, before the commit or the rollback. */
  readonly end?: () => Promise<void>;
}

interface Job extends Options {
  readonly work: () => unknown;
  readonly askedAt: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How long one job waits for a foreign lock; a platform waits three seconds for its answer, and two such waits may follow each other. */
const LOCK_PATIENCE_MS = 1_200;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;
/** A work that has not ended by then waits for something that a transaction must not wait for. */
const LONGEST_WORK_MS = 10_000;

/**
 * SQLite has one writer, so the process has one: whatever writes goes through this queue, one transaction after the other. A second
 * writing connection in the same process would stop the event loop in SQLite's busy wait, or fail.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #urgent: Job[] = [];
  readonly #jobs: Job[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Runs `work` as one transaction; if it throws, or the commit fails, nothing of it stays.
   * @throws StorageBusy
   */
  transaction<T>(work: () => Promise<T> | T, options: Options = {}): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the database is closed'));
    return new Promise<T>((resolve, reject) => {
      const job = {
        ...options,
        work,
        askedAt: performance.now(),
        resolve: resolve as (value: unknown) => void,
        reject,
      };
      (options.line === 'urgent' ? this.#urgent : this.#jobs).push(job);
      this.#running ??= this.#run();
    });
  }

  /** Lets everything asked for so far end; what is asked for later is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let urgentTurn = true; ; urgentTurn = !urgentTurn) {
      const [first, second] = urgentTurn ? [this.#urgent, this.#jobs] : [this.#jobs, this.#urgent];
      const job = first.shift() ?? second.shift();
      if (job === undefined) break;
      try {
        job.resolve(await this.#one(job));
      } catch (error) {
        job.reject(error);
      }
    }
    this.#running = null;
  }

  async #one(job: Job): Promise<unknown> {
    await this.#begin(job);
    try {
      const outcome = job.work();
      const result = outcome instanceof Promise ? await withinTime(outcome) : outcome;
      await job.end?.();
      this.#connection.run('COMMIT');
      return result;
    } catch (error) {
      await job.end?.();
      // Also after a failed COMMIT: the transaction would stay open, and swallow the next job. SQLite has ended it already after some errors.
      if (this.#connection.inTransaction) this.#connection.run('ROLLBACK');
      throw error;
    }
  }

  /** Waits asynchronously: inside SQLite the wait would stop the event loop. */
  async #begin(job: Job): Promise<void> {
    const startedAt = performance.now();
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        this.#connection.run('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isBusy(error)) throw error;
        const now = performance.now();
        if (now - startedAt > LOCK_PATIENCE_MS || now - job.askedAt > 2 * LOCK_PATIENCE_MS) throw new StorageBusy();
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new Error(
          `a transaction took more than ${LONGEST_WORK_MS / 1000} s: does it wait for the network or for another one?`,
        ),
      );
    }, LONGEST_WORK_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
