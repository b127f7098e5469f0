import { StorageBusy } from '../errors.ts';
import type { TransactionOptions } from '../sql.ts';
import { withinTime } from '../within.ts';
import { isBusy } from './driver.ts';
import type { Connection } from './driver.ts';

interface Job extends TransactionOptions {
  readonly work: () => unknown;
  readonly askedAt: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Waits for the commit. */
interface Done {
  readonly job: Job;
  readonly result: unknown;
}

/** How long a job waits for a foreign lock. Platforms want their answer within three seconds; the loops would only ask again. */
const PATIENCE_MS = { urgent: 2_000, patient: 10_000 };
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 25;
/** Statements are synchronous, so a busy queue would never let the event loop on to sockets and timers. */
const LONGEST_STRETCH_MS = 8;
/** The door is busy when two come to it within this time. */
const BUSY_MS = 25;
/**
 * How long one commit collects patient jobs: only a few go with those of a busy door, one with those of a crowd, some more where it lets them wait
 * for it in vain.
 */
const COLLECTING_MS = { calm: 8, alone: 2, together: 0.5, crowd: 0 };
/** How often one goes with those of a crowd. */
const CROWD_EVERY_MS = 10;
/** More a second at the door are a crowd: handling one event takes the time of acknowledging three, and those outside count the milliseconds. */
const CROWD_PER_SECOND = 4_000;
/** Over which they are counted. */
const COUNTING_MS = 50;
/** For so long, patient jobs wait for a busy door's next commit, to go with it, before they have one of their own. */
const COMPANY_MS = 10;

/**
 * SQLite has one writer, so the process has one: whatever writes goes through this queue, one job after the other. A second writing
 * connection in the same process would stop the event loop in SQLite's busy wait, or fail.
 *
 * A commit costs a write to the disk, 0.1 to 4 ms, whatever is in it: jobs that wait at the same time share one. Each is a savepoint in
 * it, so one that throws takes nothing of the others with it; and none is told that it is done before the commit is.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #urgent: Job[] = [];
  readonly #jobs: Job[] = [];
  #running: Promise<void> | null = null;
  /** The event loop's next turn, once a job was done in this one; null: none was. */
  #turn: { readonly askedAt: number; readonly come: Promise<void> } | null = null;
  /** When somebody last came to the door, and until when it counts as busy; by `performance.now`. */
  #door = { lastAt: -Infinity, busyUntil: -Infinity };
  #crowd = { is: false, served: 0, countedFrom: -Infinity, tookAlongAt: -Infinity };
  /** Called when somebody comes to the door. */
  #bell: () => void = () => undefined;
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Runs `work` as one transaction; if it throws, or the commit fails, nothing of it stays. Must not wait for another transaction, which
   * may share its commit.
   * @throws StorageBusy
   */
  transaction<T>(work: () => Promise<T> | T, options: TransactionOptions = {}): Promise<T> {
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
      if (options.line === 'urgent') this.#ring(job.askedAt);
      this.#running ??= this.#run();
    });
  }

  /** Lets everything asked for so far end; what is asked for later is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    // The queue is looked at, and `#running` cleared, without an await in between: a job that comes meanwhile would be left lying.
    while (this.#waiting) {
      if (this.#urgent.length === 0 && this.#doorIsBusy) await this.#company();
      this.#turn ??= { askedAt: performance.now(), come: this.#nextTurn() };
      // After all sockets that can be read have been: else the first request would be committed alone, before the others are looked at.
      if (this.#urgent.length > 0 || performance.now() - this.#turn.askedAt > LONGEST_STRETCH_MS) await this.#turn.come;
      if (await this.#begun()) await this.#commitTogether();
    }
    this.#running = null;
  }

  #ring(now: number): void {
    if (now - this.#door.lastAt < BUSY_MS) this.#door.busyUntil = now + BUSY_MS;
    this.#door.lastAt = now;
    this.#bell();
  }

  #count(served: number): void {
    const { countedFrom } = this.#crowd;
    this.#crowd.served += served;
    const ms = performance.now() - countedFrom;
    if (ms < COUNTING_MS) return;
    this.#crowd = {
      ...this.#crowd,
      is: (this.#crowd.served * 1_000) / ms > CROWD_PER_SECOND,
      served: 0,
      countedFrom: performance.now(),
    };
  }

  /** However long the crowd stays, what else there is goes on. */
  #isNextInCrowd(): boolean {
    const now = performance.now();
    if (now - this.#crowd.tookAlongAt < CROWD_EVERY_MS) return false;
    this.#crowd.tookAlongAt = now;
    return true;
  }

  get #doorIsBusy(): boolean {
    return performance.now() < this.#door.busyUntil;
  }

  async #company(): Promise<void> {
    await new Promise<void>((resolve) => {
      const alone = setTimeout(resolve, COMPANY_MS);
      this.#bell = () => {
        clearTimeout(alone);
        resolve();
      };
    });
  }

  async #nextTurn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#turn = null;
  }

  get #waiting(): boolean {
    return this.#urgent.length + this.#jobs.length > 0;
  }

  /**
   * Begins a transaction for whoever is next; false: nobody waits any more. A lock is awaited asynchronously, as inside SQLite the wait
   * would stop the event loop.
   */
  async #begun(): Promise<boolean> {
    const startedAt = performance.now();
    for (let pause = FIRST_PAUSE_MS; this.#waiting; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        this.#connection.run('BEGIN IMMEDIATE');
        return true;
      } catch (error) {
        if (isBusy(error)) {
          const now = performance.now();
          rejectThose(
            this.#urgent,
            (job) => now - Math.max(startedAt, job.askedAt) > PATIENCE_MS.urgent,
            new StorageBusy(),
          );
          rejectThose(
            this.#jobs,
            (job) => now - Math.max(startedAt, job.askedAt) > PATIENCE_MS.patient,
            new StorageBusy(),
          );
          await new Promise((resolve) => setTimeout(resolve, pause));
        } else {
          for (const jobs of [this.#urgent, this.#jobs]) rejectThose(jobs, () => true, error);
        }
      }
    }
    return false;
  }

  /** In the transaction that has begun. */
  async #commitTogether(): Promise<void> {
    const done: Record<'urgent' | 'patient', Done[]> = { urgent: [], patient: [] };
    try {
      const company = this.#urgent.length === 0 ? 'alone' : this.#crowd.is ? 'crowd' : 'together';
      const until = performance.now() + COLLECTING_MS[this.#doorIsBusy ? company : 'calm'];
      let takes = company !== 'crowd' || this.#isNextInCrowd();
      while (takes && this.#jobs.length > 0) {
        const job = this.#jobs.shift();
        if (job !== undefined) await this.#attempt(job, done.patient);
        takes = performance.now() < until;
      }
      // Last, so that the door's group takes in whoever came meanwhile.
      for (const job of this.#urgent.splice(0)) {
        await this.#attempt(job, done.urgent);
        this.#count(job.serves?.() ?? 1);
      }
      this.#connection.run('COMMIT');
    } catch (error) {
      // Also after a failed COMMIT: the transaction would stay open, and swallow the next jobs. SQLite has ended it already after some errors.
      try {
        if (this.#connection.inTransaction) this.#connection.run('ROLLBACK');
      } catch {
        // Whoever comes next is told by his own BEGIN.
      }
      for (const { job } of [...done.urgent, ...done.patient]) job.reject(error);
      return;
    }
    for (const { job, result } of done.urgent) job.resolve(result);
    // What they were waited for, an answer to a platform, goes out before the others go on.
    if (done.urgent.length > 0) await new Promise<void>((resolve) => process.nextTick(resolve));
    for (const { job, result } of done.patient) job.resolve(result);
  }

  /** Runs one job; throws where the whole transaction is lost with it. */
  async #attempt(job: Job, done: Done[]): Promise<void> {
    try {
      this.#connection.run('SAVEPOINT job');
      const outcome = job.work();
      const result: unknown = outcome instanceof Promise ? await withinTime(outcome) : outcome;
      await job.end?.();
      this.#connection.run('RELEASE job');
      done.push({ job, result });
    } catch (error) {
      await job.end?.();
      job.reject(error);
      if (!this.#connection.inTransaction) throw error;
      this.#connection.run('ROLLBACK TO job');
      this.#connection.run('RELEASE job');
    }
  }
}

function rejectThose(jobs: Job[], which: (job: Job) => boolean, error: unknown): void {
  const [out, stay] = [jobs.filter(which), jobs.filter((job) => !which(job))];
  jobs.splice(0, jobs.length, ...stay);
  for (const job of out) job.reject(error);
}
