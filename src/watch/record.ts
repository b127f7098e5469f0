import type { Tx } from '../desk/ports.ts';
import type { Queries } from '../storage/queries.ts';
import type { Ailment, Symptom } from './symptoms.ts';

/** What is kept of a symptom, so that a restart or a second process says nothing twice. */
interface Kept {
  /** How often it has begun. */
  readonly n: number;
  readonly since: number;
  readonly about: Ailment;
  readonly mark: number;
  /** When it ended; null: it lasts. */
  readonly overAt: number | null;
}

const PREFIX = 'symptom:';

/** The symptoms that lasted when the process before this one ended. */
export async function recall(queries: Pick<Queries, 'watch'>, monotonic: number): Promise<readonly Symptom[]> {
  const kept = await queries.watch.noted(PREFIX);
  return kept.flatMap(({ key, value }) => {
    const { since, about, mark, overAt } = JSON.parse(value) as Kept;
    return overAt === null
      ? [{ name: key.slice(PREFIX.length), since, about, mark, saidAt: monotonic, wellFrom: null }]
      : [];
  });
}

/** Remembers that it began or ended. Returns the key of what has to be said; null: somebody has said it. */
export async function record(
  tx: Tx,
  what: 'begun' | 'over',
  { name, since, about, mark }: Symptom,
  now: number,
): Promise<string | null> {
  const stored = await tx.keyValue(PREFIX + name);
  const kept = stored === null ? null : (JSON.parse(stored) as Kept);
  const lasts = kept !== null && kept.overAt === null;
  if (what === 'over' ? !lasts : lasts && kept.mark >= mark) return null;
  const n = what === 'begun' ? (kept?.n ?? 0) + 1 : (kept?.n ?? 0);
  const key = `${PREFIX}${name}:${n}:${what}`;
  // Two processes may have read the same: only one of them is the first with this key.
  if (!(await tx.remember(key, String(now))).first) return null;
  const next: Kept = { n, since, about, mark, overAt: what === 'over' ? now : null };
  await tx.setKeyValue(PREFIX + name, JSON.stringify(next));
  return key;
}
