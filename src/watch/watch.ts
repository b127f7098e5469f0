import type { Store, Tx } from '../desk/ports.ts';
import type { Step } from '../scheduler/loop.ts';
import type { Queries } from '../storage/queries.ts';
import type { AuditResult } from './auditor.ts';
import { recall, record } from './record.ts';
import { NOTHING_SEEN, changes, symptoms } from './symptoms.ts';
import type { Facts, Seen, Symptom } from './symptoms.ts';

/** The machine's own clocks, ms; nobody moves them but the machine's administrator. */
export interface Machine {
  readonly wall: () => number;
  /** Counts on, whatever is done to the clock on the wall. */
  readonly monotonic: () => number;
}

/** What begins or ends with a symptom, and what makes it different from others of its name. */
export interface Turn {
  readonly what: 'begun' | 'over';
  readonly symptom: Symptom;
  /** `symptom:late_timer:3:begun`. */
  readonly key: string;
}

export interface WatchDeps {
  readonly store: Store;
  readonly queries: Pick<Queries, 'watch'>;
  readonly platforms: () => Facts['platforms'];
  readonly now: () => number;
  readonly machine: Machine;
  readonly audit: () => AuditResult | null;
  /** Says it to the administrators, inside the transaction that remembers that it was said. */
  readonly tell: (tx: Tx, turn: Turn) => Promise<void>;
  readonly log: (turn: Turn) => void;
  /** That the database takes no writes, and why; null: that it does again. */
  readonly logWrites: (problem: string | null) => void;
}

export interface Watch {
  readonly step: Step;
  /** Looks once, and says what has begun or ended since. */
  readonly look: () => Promise<void>;
  /** The product's clock was moved by somebody: that is no fault, and nothing is late because of it. */
  readonly moved: () => void;
  symptoms(): readonly Symptom[];
  /** Why nothing could be written to the database when it was last tried; null: it could. No symptom, since none could be told. */
  readonly unwritable: () => string | null;
  /** The same, tried anew where it could not: whoever mends it sees at once that it is mended. */
  readonly stillUnwritable: () => Promise<string | null>;
  /** How long ago it looked, ms; null: never yet. */
  readonly idleMs: () => number | null;
}

const EVERY_MS = 10_000;

/** Looks at the program itself every ten seconds. It keeps time by the machine's monotonic clock, so that a moved clock moves no look. */
export function createWatch(deps: WatchDeps): Watch {
  const { machine, queries } = deps;
  let seen: Seen = NOTHING_SEEN;
  let steadyFrom = machine.monotonic();
  let lookedAt: number | null = null;
  let unwritable: string | null = null;
  let underWay: Promise<void> = Promise.resolve();

  /** One after the other: each is compared with the one before it. */
  function look(): Promise<void> {
    underWay = underWay.then(lookOnce, lookOnce);
    return underWay;
  }

  async function facts(): Promise<Facts> {
    const asked = machine.wall();
    const databaseAt = await queries.watch.clock();
    const answered = machine.wall();
    const at = deps.now();
    return {
      at,
      wall: answered,
      monotonic: machine.monotonic(),
      steadyFrom,
      // It answered at some moment between the two.
      databaseAheadMs: databaseAt === null ? null : databaseAt - Math.min(Math.max(databaseAt, asked), answered),
      ...(await queries.watch.waiting(at)),
      platforms: deps.platforms(),
      audit: deps.audit(),
    };
  }

  /** A full disk is read from as if nothing were wrong. */
  async function writes(): Promise<void> {
    const before = unwritable;
    try {
      await deps.store.write((tx) => tx.setKeyValue('watched-at', String(deps.now())));
      unwritable = null;
    } catch (error) {
      unwritable = error instanceof Error ? error.message : String(error);
    }
    if ((before === null) !== (unwritable === null)) deps.logWrites(unwritable);
  }

  async function lookOnce(): Promise<void> {
    await writes();
    const now = machine.monotonic();
    const before = lookedAt === null ? { ...NOTHING_SEEN, symptoms: await recall(queries, now) } : seen;
    const after = symptoms(await facts(), before);
    const { begun, over } = changes(before, after);
    // Said first: what could not be written is found again by the next look.
    for (const symptom of begun) await say('begun', symptom);
    for (const symptom of over) await say('over', symptom);
    seen = after;
    lookedAt = now;
  }

  async function say(what: Turn['what'], symptom: Symptom): Promise<void> {
    const turn = await deps.store.write(async (tx) => {
      const key = await record(tx, what, symptom, deps.now());
      if (key === null) return null;
      const said = { what, symptom, key };
      await deps.tell(tx, said);
      return said;
    });
    if (turn !== null) deps.log(turn);
  }

  return {
    async step() {
      await look();
      return { again: false, nextAt: machine.monotonic() + EVERY_MS };
    },
    look,
    moved() {
      steadyFrom = machine.monotonic();
    },
    symptoms: () => seen.symptoms,
    unwritable: () => unwritable,
    async stillUnwritable() {
      if (unwritable !== null) await writes();
      return unwritable;
    },
    idleMs: () => (lookedAt === null ? null : machine.monotonic() - lookedAt),
  };
}
