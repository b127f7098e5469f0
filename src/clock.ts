/** Milliseconds UTC, by the machine's clock plus what a visitor of the playground has moved it by. */
export interface RunningClock {
  readonly now: () => number;
  /** Never backwards: what has been told cannot be taken back. */
  readonly advance: (ms: number) => void;
  readonly onMove: (moved: () => void) => void;
  /** The machine's own clocks, which no visitor moves. */
  readonly machine: Machine;
}

export interface Machine {
  /** UTC ms, as the clock on the wall is set. */
  readonly wall: () => number;
  /** Milliseconds that only count on, however that clock is set. */
  readonly monotonic: () => number;
}

export function createClock(): RunningClock {
  let offset = 0;
  const listeners: (() => void)[] = [];
  return {
    now: () => Date.now() + offset,
    advance(ms) {
      offset += Math.max(0, ms);
      for (const moved of listeners) moved();
    },
    onMove: (moved) => void listeners.push(moved),
    machine: { wall: () => Date.now(), monotonic: () => performance.now() },
  };
}
