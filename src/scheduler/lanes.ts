/** Work under way, one piece per lane: rows of one lane keep their order, lanes do not wait for each other. */
export interface Lanes {
  readonly busy: ReadonlySet<string>;
  /** Room for so many more. */
  readonly free: number;
  run(lane: string, work: () => Promise<void>): void;
  /** Resolves when nothing is under way, however it ended: at the end of the program the others are waited for, too. */
  idle(): Promise<void>;
}

export function createLanes(limit: number, done: () => void): Lanes {
  const busy = new Set<string>();
  const underWay = new Set<Promise<void>>();
  return {
    busy,
    get free() {
      return limit - busy.size;
    },
    run(lane, work) {
      busy.add(lane);
      const one = work().finally(() => {
        busy.delete(lane);
        underWay.delete(one);
        done();
      });
      underWay.add(one);
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
