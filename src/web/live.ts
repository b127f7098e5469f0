/** What an open page is told: look again at this ticket. */
export interface TicketChange {
  readonly number: number;
}

export interface Live {
  /**
   * Called for each change, from inside the transaction or after it. Listeners hear of it a moment later, so that they read what was committed;
   * five quick changes of one ticket are told once.
   */
  readonly changed: (number: number) => void;
  subscribe(listener: (change: TicketChange) => void): () => void;
  /** Ends every open stream: one would hold the server's `stop` for ever. */
  closeAll(): void;
  onClose(close: () => void): () => void;
  readonly listeners: number;
}

const SETTLE_MS = 100;

export function createLive(): Live {
  const listeners = new Set<(change: TicketChange) => void>();
  const closers = new Set<() => void>();
  const waiting = new Set<number>();
  let timer: NodeJS.Timeout | null = null;

  const tell = (): void => {
    timer = null;
    const numbers = [...waiting];
    waiting.clear();
    for (const number of numbers) for (const listener of listeners) listener({ number });
  };

  return {
    changed(number) {
      if (listeners.size === 0) return;
      waiting.add(number);
      timer ??= setTimeout(tell, SETTLE_MS).unref();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClose(close) {
      closers.add(close);
      return () => closers.delete(close);
    },
    closeAll() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      for (const close of [...closers]) close();
    },
    get listeners() {
      return listeners.size;
    },
  };
}
