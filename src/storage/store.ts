import type { Reads, Store, Tx, Wake } from '../desk/ports.ts';
import type { Database } from './database.ts';
import { SourceReads } from './reads.ts';
import { StorageTx } from './tx.ts';

/** The desk's store: reads on the reading connection, writes one after the other. */
export class StoredTickets implements Store {
  readonly read: Reads;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #wake: Wake;

  constructor(database: Database, now: () => number, wake: Wake) {
    this.read = new SourceReads(database.reading);
    this.#database = database;
    this.#now = now;
    this.#wake = wake;
  }

  async write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const { writer, connection, inTransaction } = this.#database;
    const tx = new StorageTx(inTransaction, connection, this.#now);
    const result = await writer.transaction(() => work(tx), { end: () => tx.end() });
    const { inbox, timers, outbox } = tx.wakes;
    if (inbox) this.#wake('inbox');
    if (timers !== null) this.#wake('timers', timers);
    if (outbox !== null) this.#wake('outbox', outbox);
    return result;
  }
}
