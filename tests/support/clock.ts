import type { RunningClock } from '../../src/clock.ts';

/** Time that stands still until a test moves it. */
export class HandClock implements RunningClock {
  #now: number;
  /** What a test has added to the machine's own clocks, which run: a database has one, too. */
  #passed = 0;
  #set = 0;
  readonly #listeners: (() => void)[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  readonly now = (): number => this.#now;

  readonly advance = (ms: number): void => {
    this.#now += ms;
    for (const moved of this.#listeners) moved();
  };

  readonly onMove = (moved: () => void): void => {
    this.#listeners.push(moved);
  };

  readonly machine = {
    wall: (): number => Date.now() + this.#passed + this.#set,
    monotonic: (): number => performance.now() + this.#passed,
  };

  /** Time passes, for the machine and the product alike; `advance` is what a visitor of the playground does. */
  pass(ms: number): void {
    this.#now += ms;
    this.#passed += ms;
  }

  /** Somebody sets the machine's clock. */
  set(ms: number): void {
    this.#now += ms;
    this.#set += ms;
  }
}

/** Time that runs on from an instant of the test's choosing. */
export const clockFrom = (startMs: number): RunningClock => {
  let offset = startMs - Date.now();
  const listeners: (() => void)[] = [];
  return {
    now: () => Date.now() + offset,
    advance(ms) {
      offset += ms;
      for (const moved of listeners) moved();
    },
    onMove: (moved) => void listeners.push(moved),
    machine: { wall: () => Date.now(), monotonic: () => performance.now() },
  };
};
