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
  /** From the beginning of one step to the next where nudges follow each other, ms of real time: each looks again at what most of them do not change. */
  readonly spacing?: number;
  readonly failed: (error: unknown) => void;
}): Loop {
  let running = false;
  /** The earliest instant that a nudge named during a step; null: there was none. */
  const nudged: { dueAt: number | null } = { dueAt: null };
  let stepBegan = -Infinity;
  let timer: NodeJS.Timeout | null = null;
  let sleepsUntil: number | null = null;
  let cycle: Promise<void> = Promise.resolve();

  const nudgedFor = (): number | null => nudged.dueAt;

  async function run(): Promise<void> {
    while (running) {
      nudged.dueAt = null;
      stepBegan = performance.now();
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
      const until = earlier(nextAt, nudgedFor());
      if (until !== null && until <= options.now() && untilNextStep() === 0) continue;
      sleep(until);
      return;
    }
  }

  function sleep(until: number | null): void {
    if (!running) return;
    sleepsUntil = until;
    const wait = until === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, until - options.now());
    timer = setTimeout(wakeUp, Math.max(wait, untilNextStep()));
  }

  function untilNextStep(): number {
    return Math.max(0, stepBegan + (options.spacing ?? 0) - performance.now());
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
      nudged.dueAt = Math.min(nudged.dueAt ?? Infinity, dueAt ?? -Infinity);
      if (timer === null || (dueAt !== undefined && sleepsUntil !== null && dueAt >= sleepsUntil)) return;
      if (untilNextStep() === 0 && (dueAt === undefined || dueAt <= options.now())) {
        wakeUp();
        return;
      }
      clearTimeout(timer);
      sleep(dueAt ?? -Infinity);
    },
    async stop() {
      running = false;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await cycle;
    },
  };
}

/** Null: never. */
const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
