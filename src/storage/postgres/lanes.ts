import type { Session } from './session.ts';

/**
 * Lanes of which this process alone does the work, in order. A lane is taken when it has something to do and nobody else has it; it is given back when
 * the loop is done with it. The locks are the session's: those of a process that died are free at once.
 */
export class HeldLanes {
  readonly #session: Session;
  readonly #kind: number;
  #held = new Set<string>();
  /** Those that others held when they were last asked for. */
  foreign: ReadonlySet<string> = new Set();

  constructor(session: Session, kind: number) {
    this.#session = session;
    this.#kind = kind;
  }

  /** Gives back those that are neither `busy` nor `wanted`. Returns those of `wanted` that are ours. */
  async take(wanted: readonly string[], busy: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const keep = new Set([...busy, ...wanted]);
    const done = [...this.#held].filter((lane) => !keep.has(lane));
    for (const lane of done) this.#held.delete(lane);
    const asked = [...new Set(wanted)].filter((lane) => !this.#held.has(lane));
    // In this order on one connection: a lane given back may be another's before it is asked for again.
    const [, got] = await Promise.all([
      this.#session.unlock(this.#kind, done),
      this.#session.tryLock(this.#kind, asked),
    ]);
    for (const lane of got) this.#held.add(lane);
    this.foreign = new Set(asked.filter((lane) => !got.has(lane)));
    return this.#held;
  }

  /** The session broke, and its locks with it. */
  forget(): void {
    this.#held = new Set();
  }
}
