/** Time that stands still until a test moves it. */
export class HandClock {
  #now: number;
  readonly #listeners: (() => void)[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const moved of this.#listeners) moved();
  }

  onMove(moved: () => void): void {
    this.#listeners.push(moved);
  }
}
