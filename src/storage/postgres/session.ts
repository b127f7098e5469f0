import pg from 'pg';

import { isUnknownToEngine } from './errors.ts';
import { inTurn } from './values.ts';
import type { Ask } from './values.ts';

/** Of advisory locks: what a number stands for. The second number is the hash of a name. */
export const LOCKS = {
  migration: 7_401,
  leader: 7_402,
  inbox: 7_403,
  outbox: 7_404,
  lane: 7_405,
  turns: 7_406,
} as const;

const CHANNEL = 'itr';
/** Words that are to be told are collected: a NOTIFY costs a commit, and all the others look when they hear it. */
const COLLECTING_MS = 3;
/** From one to the next. */
const TELLING_EVERY_MS = 25;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** PostgreSQL takes 8000 bytes. */
const LONGEST_PAYLOAD = 7_000;
/** How often the connection is asked whether it is there, and how long it may take to answer anything. */
const BEAT_MS = 5_000;
const LONGEST_ANSWER_MS = 5_000;
/**
 * A process that hangs, or whose network is cut, must not hold its locks for the two hours of TCP. The system answers for a process that hangs as if it
 * were well, so the server also ends a session from which nothing is asked any more: the beat above is what it hears of a process that does nothing.
 */
const GIVEN_UP = [
  'SET tcp_keepalives_idle = 5',
  'SET tcp_keepalives_interval = 5',
  'SET tcp_keepalives_count = 3',
  `SET idle_session_timeout = '20s'`,
];

/**
 * The one connection that a process keeps: the locks that it holds die with it, in an instant, and what the other processes tell comes in by it. It is
 * opened again when it breaks; until then no lock is given.
 */
export class Session {
  readonly #url: string;
  readonly #heard: (word: string) => void;
  readonly #lost: () => void;
  readonly #back: () => void;
  readonly #failed: (error: unknown) => void;
  #client: pg.Client | null = null;
  /** Null while the connection is broken. */
  #ask: Ask | null = null;
  #toTell = new Set<string>();
  #telling: NodeJS.Timeout | null = null;
  #toldAt = -Infinity;
  /** Whether the engine has LISTEN and NOTIFY; without, everybody looks for himself. */
  #notifies = true;
  #beating: NodeJS.Timeout | null = null;
  #closed = false;
  #opening: Promise<void> | null = null;

  /**
   * @param on.heard a word that another process told
   * @param on.lost the connection broke, and the locks are gone with it; the others may have them already
   * @param on.back it is there again, so that what was not heard meanwhile can be looked up
   */
  constructor(
    url: string,
    on: {
      readonly heard: (word: string) => void;
      readonly lost: () => void;
      readonly back: () => void;
      readonly failed: (error: unknown) => void;
    },
  ) {
    this.#url = url;
    this.#heard = on.heard;
    this.#lost = on.lost;
    this.#back = on.back;
    this.#failed = on.failed;
  }

  async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: LONGEST_ANSWER_MS,
      application_name: 'itr-bot session',
    });
    client.on('error', (error) => {
      this.#failed(error);
    });
    client.on('end', () => {
      if (this.#client !== client) return;
      this.#client = null;
      this.#ask = null;
      this.#stopBeating();
      this.#lost();
      if (!this.#closed) this.#opening ??= this.#openAgain();
    });
    client.on('notification', ({ processId, payload }) => {
      // Its own words come back, too: they were acted on when they were said.
      if (payload === undefined || processId === (client as unknown as { readonly processID: number }).processID)
        return;
      for (const word of payload.split(' ')) this.#heard(word);
    });
    await client.connect();
    try {
      for (const setting of GIVEN_UP) await known(client.query(setting));
      this.#notifies = await known(client.query(`LISTEN ${CHANNEL}`));
    } catch (error) {
      // It is opened again and again, and each of them would stay.
      await client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
    this.#ask = this.#answering(client);
    this.#beating = setInterval(() => void this.#ask?.('SELECT 1').catch(this.#failed), BEAT_MS).unref();
  }

  /** A connection that does not answer is a broken one: what waits behind it in the loops must not wait for the system to find that out. */
  #answering(client: pg.Client): Ask {
    const ask = inTurn(client);
    return async (sql, values) => {
      try {
        return await ask(sql, values);
      } catch (error) {
        if (error instanceof Error && error.message === 'Query read timeout') client.end().catch(this.#failed);
        throw error;
      }
    };
  }

  #stopBeating(): void {
    if (this.#beating !== null) clearInterval(this.#beating);
    this.#beating = null;
  }

  /** Those of `names` that nobody else holds are held by this process from now on. */
  async tryLock(kind: number, names: readonly string[]): Promise<ReadonlySet<string>> {
    const ask = this.#ask;
    if (ask === null || names.length === 0) return new Set();
    try {
      const { rows } = await ask(
        'SELECT name, pg_try_advisory_lock(?, hashtext(name)) FROM unnest(?::text[]) AS name',
        [kind, names],
      );
      // The connection may have broken with the answer under way.
      return new Set(this.#ask === ask ? rows.filter(([, got]) => got === 1).map(([name]) => name as string) : []);
    } catch (error) {
      this.#failed(error);
      return new Set();
    }
  }

  async unlock(kind: number, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await this.#ask?.('SELECT pg_advisory_unlock(?, hashtext(name)) FROM unnest(?::text[]) AS name', [
      kind,
      names,
    ]).catch(this.#failed);
  }

  /** To the other processes, soon. A word has no spaces. */
  tell(word: string): void {
    this.#toTell.add(word);
    const pause = Math.max(COLLECTING_MS, this.#toldAt + TELLING_EVERY_MS - performance.now());
    this.#telling ??= setTimeout(() => void this.#tellNow(), pause);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopBeating();
    if (this.#telling !== null) clearTimeout(this.#telling);
    await this.#tellNow();
    const client = this.#client;
    this.#client = null;
    this.#ask = null;
    await client?.end().catch(() => undefined);
    await this.#opening;
  }

  async #tellNow(): Promise<void> {
    this.#telling = null;
    this.#toldAt = performance.now();
    const words = [...this.#toTell];
    this.#toTell = new Set();
    // What cannot be told now is found by the others when they look next.
    if (!this.#notifies) return;
    for (let payload = ''; words.length > 0; payload = '') {
      while (words.length > 0 && payload.length < LONGEST_PAYLOAD)
        payload += `${payload === '' ? '' : ' '}${words.shift() ?? ''}`;
      await this.#ask?.('SELECT pg_notify(?, ?)', [CHANNEL, payload]).catch(this.#failed);
    }
  }

  async #openAgain(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !this.#closed; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
      try {
        if (!this.#isClosed()) await this.open();
        break;
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#opening = null;
    if (!this.#closed) this.#back();
  }

  /** It may have been closed during a pause. */
  #isClosed(): boolean {
    return this.#closed;
  }
}

/** False: the engine does not know this. */
async function known(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (isUnknownToEngine(error)) return false;
    throw error;
  }
}
