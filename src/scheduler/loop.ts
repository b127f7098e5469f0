/**
 * A step does what is due and says when to come back: `again` at once, or the next due instant (null: only when nudged).
 * It is called, not scheduled: tests call it; only this file sleeps.
 */
export interface Step {
  (): Promise<{ readonly again: true } | { readonly again: false; readonly nextAt: number | null }>;
}

export interface Loop {
  start(): void;
  /** There may be something earlier than what it sleeps for. */
  nudge(dueAt?: number): void;
  /** Lets the step under way finish; no other begins. */
  stop(): Promise<void>;
}

/** `setTimeout` beyond 24.8 days fires at once (32-bit overflow); and a clock that jumped is noticed within this. */
const LONGEST_SLEEP_MS = 60_000;
/** After a step that threw. */
const RECOVERY_MS = 1_000;

export function createLoop(options: {
  readonly step: Step;
  readonly now: () => number;
  readonly failed: (error: unknown) => void;
}): Loop {
  let running = false;
  const nudge = { pending: false };
  let timer: NodeJS.Timeout | null = null;
  let sleepsUntil: number | null = null;
  let cycle: Promise<void> = Promise.resolve();

  const wasNudged = (): boolean => nudge.pending;

  async function run(): Promise<void> {
    while (running) {
      nudge.pending = false;
      let nextAt: number | null;
      try {
        const result = await options.step();
        if (result.again) continue;
        nextAt = result.nextAt;
      } catch (error) {
        options.failed(error);
        nextAt = options.now() + RECOVERY_MS;
      }
      // A nudge during the step may concern a row that the step did not see.
      if (wasNudged()) continue;
      sleep(nextAt);
      return;
    }
  }

  function sleep(until: number | null): void {
    if (!running) return;
    sleepsUntil = until;
    const wait = until === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, Math.max(0, until - options.now()));
    timer = setTimeout(wakeUp, wait);
  }

  function wakeUp(): void {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    cycle = run();
  }

  return {
    start() {
      if (running) return;
      running = true;
      cycle = run();
    },
    nudge(dueAt) {
      nudge.pending = true;
      if (dueAt === undefined || sleepsUntil === null || dueAt < sleepsUntil) wakeUp();
    },
    async stop() {
      running = false;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await cycle;
    },
  };
}
