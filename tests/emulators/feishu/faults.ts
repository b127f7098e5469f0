import type { Fault, JsonObject } from './types.ts';

type Armed = { fault: Fault; left: number; skip: number };

/** The faults a test has ordered, in order; the first that matches a call is used up by it. */
export class Faults {
  private armed: Armed[] = [];

  add(fault: Fault): void {
    this.armed.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
  }

  clear(): void {
    this.armed = [];
  }

  take(name: string, path: string, body: JsonObject): Fault | undefined {
    for (const entry of this.armed) {
      const { fault } = entry;
      if (entry.left <= 0 || (fault.call !== '*' && fault.call !== name)) continue;
      if (fault.when && !fault.when({ path, body })) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return fault;
    }
    return undefined;
  }
}
