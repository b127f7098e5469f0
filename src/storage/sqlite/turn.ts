/** For so long SQLite may keep one turn of the event loop before the next statement waits for another. */
const LONG_MS = 8;

/**
 * SQLite's calls are synchronous, and what waits for them goes on in the same turn of the event loop: the queries of a page and a commit behind them would
 * keep it from timers and sockets for the sum of their times. So all that keeps it is added up here, and whoever comes when that is long waits for the
 * next turn.
 */
export class Turn {
  #ms = 0;
  #next: Promise<void> | null = null;

  /** So long it was just kept. */
  spent(ms: number): void {
    this.#ms += ms;
    // A timer, as those are looked at once a turn: what `setImmediate` calls may still belong to this one.
    this.#next ??= new Promise((resolve) => {
      setTimeout(() => {
        this.#ms = 0;
        this.#next = null;
        resolve();
      }, 0);
    });
  }

  /** Resolves in a turn that has time; null: this one has. */
  get room(): Promise<void> | null {
    return this.#ms > LONG_MS ? this.#next : null;
  }

  /** Runs something synchronous in a turn that has time for it. */
  async run<T>(work: () => T): Promise<T> {
    await this.room;
    const startedAt = performance.now();
    try {
      return work();
    } finally {
      this.spent(performance.now() - startedAt);
    }
  }
}
