import type { AuditResult } from './auditor.ts';
import { verdictsOn } from './verdicts.ts';
import type { Verdict } from './verdicts.ts';

/** What is looked at, all at one moment. Ages are ms. */
export interface Facts {
  /** The product's clock, which a visitor of the playground may have moved; UTC ms. */
  readonly at: number;
  /** The machine's own clocks, ms: the one on the wall, and the one that only counts on. */
  readonly wall: number;
  readonly monotonic: number;
  /** By the monotonic clock: since when this process runs and nobody has moved the product's clock. */
  readonly steadyFrom: number;
  /** How far the database's clock is ahead of the wall's; null: it has none of its own. */
  readonly databaseAheadMs: number | null;
  readonly timers: { readonly overdueMs: number; readonly ticket: number | null };
  readonly inbox: { readonly waiting: number; readonly oldestMs: number };
  readonly outbox: {
    /** Rows that are due, or were tried in vain. */
    readonly due: number;
    /** How long the oldest of those that nobody has tried yet is due. */
    readonly oldestMs: number;
    /** The oldest row that was tried in vain; null: there is none. */
    readonly failing: number | null;
  };
  readonly deadLetters: Given;
  readonly buriedEvents: Given;
  readonly platforms: readonly { readonly name: string; readonly ok: boolean; readonly line: string }[];
  /** The last audit of this process; null: none has ended yet. */
  readonly audit: AuditResult | null;
}

/** What was given up: how much of it there is, and when the newest was (UTC ms). */
export interface Given {
  readonly count: number;
  readonly newestAt: number | null;
}

/** What is wrong, as meaning; the conversation words it. */
export type Ailment =
  | { readonly kind: 'late_timer'; readonly ticket: number | null; readonly ms: number }
  | { readonly kind: 'inbox'; readonly waiting: number; readonly ms: number }
  | { readonly kind: 'outbox'; readonly waiting: number; readonly ms: number }
  | { readonly kind: 'dead_letters'; readonly count: number }
  | { readonly kind: 'buried_events'; readonly count: number }
  | { readonly kind: 'adapter'; readonly platform: string; readonly line: string }
  | { readonly kind: 'clock'; readonly against: 'itself' | 'database'; readonly ms: number }
  | { readonly kind: 'audit'; readonly tickets: readonly number[] }
  | { readonly kind: 'rows'; readonly tickets: readonly number[] };

export interface Symptom {
  /** `late_timer`, `adapter:slack`: at most one of each name. */
  readonly name: string;
  /** When it began; UTC ms, by the product's clock. */
  readonly since: number;
  readonly about: Ailment;
  /** Grows where the same symptom has something new to say; see {@link AGAIN_MS}. */
  readonly mark: number;
  /** When it was said, and since when all has been well again; monotonic ms. */
  readonly saidAt: number;
  readonly wellFrom: number | null;
}

/** What one look hands to the next. */
export interface Seen {
  readonly symptoms: readonly Symptom[];
  readonly last: { readonly wall: number; readonly monotonic: number } | null;
  /** Since when each platform that is down has been down; monotonic ms. */
  readonly downFrom: ReadonlyMap<string, number>;
  /** The row of the outbox that fails, and since when it is known to; monotonic ms. */
  readonly failing: { readonly row: number; readonly from: number } | null;
  /** How many rows of the outbox were due at the last looks, oldest first. */
  readonly due: readonly number[];
  /** When the machine's clock jumped; monotonic ms. */
  readonly jumpedAt: number | null;
}

export const NOTHING_SEEN: Seen = {
  symptoms: [],
  last: null,
  downFrom: new Map(),
  failing: null,
  due: [],
  jumpedAt: null,
};

/** A dead letter a minute must not be a message a minute. */
export const AGAIN_MS = 60 * 60_000;

/**
 * What is wrong now, given what was seen before. Each symptom begins once and ends once: it begins above a threshold, goes on until it is well below, and
 * ends only after it has been so for a while. Pure.
 */
export function symptoms(facts: Facts, before: Seen): Seen {
  const { verdicts, ...seen } = verdictsOn(facts, before);
  const known = new Map(before.symptoms.map((symptom) => [symptom.name, symptom]));
  for (const verdict of verdicts) {
    const next = judge(verdict, known.get(verdict.name), facts);
    if (next === null) known.delete(verdict.name);
    else known.set(verdict.name, next);
  }
  return { ...seen, symptoms: [...known.values()] };
}

function judge(verdict: Verdict, was: Symptom | undefined, { at, monotonic }: Facts): Symptom | null {
  const { name, state, about, mark, forMs, calmMs } = verdict;
  if (was === undefined) {
    return state === 'wrong' ? { name, since: at - forMs, about, mark, saidAt: monotonic, wellFrom: null } : null;
  }
  switch (state) {
    case 'wrong':
      return mark > was.mark && monotonic - was.saidAt >= AGAIN_MS
        ? { name, since: at, about, mark, saidAt: monotonic, wellFrom: null }
        : { ...was, about, wellFrom: null };
    case 'unclear':
      return { ...was, wellFrom: null };
    case 'well': {
      const wellFrom = was.wellFrom ?? monotonic;
      return monotonic - wellFrom >= calmMs ? null : { ...was, wellFrom };
    }
  }
}

/** What has to be said after a look: each beginning and each end, once. */
export function changes(
  before: Seen,
  after: Seen,
): { readonly begun: readonly Symptom[]; readonly over: readonly Symptom[] } {
  const was = new Map(before.symptoms.map((symptom) => [symptom.name, symptom]));
  const is = new Set(after.symptoms.map(({ name }) => name));
  return {
    begun: after.symptoms.filter(({ name, saidAt }) => was.get(name)?.saidAt !== saidAt),
    over: before.symptoms.filter(({ name }) => !is.has(name)),
  };
}
