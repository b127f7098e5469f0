import type { Reads, Store, Tx, Wake } from '../desk/ports.ts';
import { SourceReads } from './reads.ts';
import type { Database } from './sql.ts';
import { noWakes, StorageTx } from './tx.ts';

/** The desk's store: reads on the reading connection, writes one after the other. */
export class StoredTickets implements Store {
  readonly read: Reads;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #wake: Wake;
  readonly #tell: (word: string) => void;

  constructor(database: Database, now: () => number, wake: Wake, tell: (word: string) => void) {
    this.read = new SourceReads(database.reading, database.dialect);
    this.#database = database;
    this.#now = now;
    this.#wake = wake;
    this.#tell = tell;
  }

  async write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const run: { tx?: StorageTx } = {};
    const result = await this.#database.transaction(
      async (sql) => {
        const tx = (run.tx = new StorageTx(sql, this.#database, this.#now));
        const done = await work(tx);
        await tx.flush();
        return done;
      },
      { end: async () => run.tx?.end() },
    );
    const { inbox, timers, outbox, world, tickets } = run.tx?.wakes ?? noWakes();
    if (inbox) this.#wake('inbox');
    if (timers !== null) this.#wake('timers', timers);
    if (outbox !== null) this.#wake('outbox', outbox);
    if (world) this.#tell('world');
    for (const ticket of tickets) this.#tell(`ticket@${ticket}`);
    return result;
  }
}
