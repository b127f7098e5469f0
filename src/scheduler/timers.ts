import type { Clock, TimerClaim } from '../desk/ports.ts';
import type { Step } from './loop.ts';
import type { Queues, TimerRow } from './ports.ts';

const BATCH = 100;
const RETRY_MS = 5_000;
const OTHERS_MS = 25;

export interface TimersDeps {
  readonly timers: Queues['timers'];
  readonly clock: Clock;
  /** So many are acted on in one transaction; left out: as many as the queue has it. */
  readonly together?: () => number;
  /** Asks the domain whether they are really due, and acts, in one transaction. Of different tickets; what became of each. */
  readonly fire: (rows: readonly TimerRow[]) => Promise<readonly TimerClaim[]>;
  readonly failed: (row: TimerRow, error: unknown) => void;
  /** How late it was, ms: for the metrics. */
  readonly fired: (latenessMs: number) => void;
}

/** Rings what is due, the earliest first. A timer that fails by a bug waits a little, and holds up no other. */
export function createTimersStep(deps: TimersDeps): Step {
  /** Whether any of them was ours. */
  async function ring(rows: readonly TimerRow[]): Promise<boolean> {
    try {
      const claims = await deps.fire(rows);
      const now = deps.clock.now();
      for (const [i, { timer }] of rows.entries()) if (claims[i] === 'ours') deps.fired(Math.max(0, now - timer.dueAt));
      const alone = await each(rows.filter((_, i) => claims[i] === 'alone'));
      return alone || claims.includes('ours');
    } catch (error) {
      const [row, ...more] = rows;
      // One of them spoils it for all; which one, they have to show.
      if (row === undefined || more.length > 0) return each(rows);
      deps.failed(row, error);
      await deps.timers.postpone(row.ticket, row.timer.clock, deps.clock.now() + RETRY_MS);
      return true;
    }
  }

  const each = async (rows: readonly TimerRow[]): Promise<boolean> =>
    (await Promise.all(rows.map((row) => ring([row])))).includes(true);

  return async () => {
    const rows = await deps.timers.due(deps.clock.now(), BATCH);
    // All at once: they take their turns in the storage's queue, in this order, and share its commits.
    const rang = await Promise.all(inGroups(rows, deps.together?.() ?? deps.timers.together).map(ring));
    // Another process has them all in hand: it is not asked again and again whether it is done.
    if (rows.length > 0 && !rang.includes(true)) return { again: false, nextAt: deps.clock.now() + OTHERS_MS };
    if (rows.length === BATCH) return { again: true };
    return { again: false, nextAt: rows.length > 0 ? deps.clock.now() : await deps.timers.nextDue() };
  };
}

/** In the order given, with no ticket twice in a group. */
function inGroups(rows: readonly TimerRow[], size: number): readonly (readonly TimerRow[])[] {
  const groups: { readonly rows: TimerRow[]; readonly tickets: Set<number> }[] = [];
  for (const row of rows) {
    let group = groups.find(({ tickets }) => tickets.size < size && !tickets.has(row.ticket));
    if (group === undefined) groups.push((group = { rows: [], tickets: new Set() }));
    group.rows.push(row);
    group.tickets.add(row.ticket);
  }
  return groups.map((group) => group.rows);
}
