/** Where the chats outlive a restart: one text under one key. The composition root wires it to the database. */
export interface PlaygroundStore {
  load(): Promise<string | null>;
  save(json: string): Promise<void>;
}

/**
 * Writes the newest state, one write at a time. Changes made while a write is under way share the next one, so a burst of messages costs two writes;
 * `saved()` resolves only after a write that BEGAN after the call, or it would promise something that is not on disk.
 */
export const createKeeper = (store: PlaygroundStore, snapshot: () => string) => {
  let running: Promise<void> | null = null;
  let queued: Promise<void> | null = null;
  let failing = false;

  const write = (): Promise<void> => {
    const task = store
      .save(snapshot())
      .then(
        () => (failing = false),
        (error: unknown) => {
          failing = true;
          throw error;
        },
      )
      .then(() => undefined)
      .finally(() => {
        if (running === task) running = null;
      });
    running = task;
    return task;
  };

  const saved = (): Promise<void> => {
    if (!running) return write();
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = null;
        return write();
      });
    return queued;
  };

  /** `failing`: the newest write did not succeed. */
  return { saved, failing: (): boolean => failing };
};
