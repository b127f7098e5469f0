import type { RunningClock } from '../../src/clock.ts';

/** Time that stands still until a test moves it. */
export class HandClock implements RunningClock {
  #now: number;
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
  };
};
