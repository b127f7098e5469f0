import { isDeepStrictEqual } from 'node:util';

import type { Reads, Store } from '../desk/ports.ts';
import type { TicketEvent } from '../domain/events.ts';
import { evolve } from '../domain/evolve.ts';
import type { Policy } from '../domain/policy.ts';
import type { Ticket } from '../domain/ticket.ts';
import { timersFor } from '../domain/timers.ts';
import type { Timer } from '../domain/timers.ts';

/** A ticket whose stored timers are not those it should have. */
export interface Difference {
  readonly ticket: number;
  readonly stored: readonly Timer[];
  readonly derived: readonly Timer[];
}

export interface AuditResult {
  /** When it ended; UTC ms, by the product's clock. */
  readonly at: number;
  /** How many open tickets were looked at. */
  readonly looked: number;
  /** Those where something was wrong: mended, or not to be read at all. */
  readonly tickets: readonly number[];
  /** Those whose row is not what their events make of them. Left as they are: which of the two is right, a person has to say. */
  readonly rows: readonly number[];
}

/** How long it goes on without letting others have their turn. */
const LONGEST_SLICE_MS = 2;
const PAGE = 100;

/**
 * Derives the ticket's timers from its state, and compares them with those that are stored. Null: no difference, or no such ticket.
 * Outside a transaction the two are read one after the other, so a difference may be that of a ticket which changes at this moment.
 */
export async function differenceOf(
  reads: Pick<Reads, 'ticket' | 'timersOf'>,
  number: number,
  policy: Policy,
): Promise<Difference | null> {
  const ticket = await reads.ticket(number);
  if (ticket === null) return null;
  const stored = await reads.timersOf(number);
  const derived = timersFor(ticket, policy);
  return isSame(stored, derived) ? null : { ticket: number, stored, derived };
}

/** Whether the ticket is what its events make of it. The same holds of the two reads as in {@link differenceOf}. */
export async function isFoldOfEvents(reads: Pick<Reads, 'ticket' | 'timeline'>, number: number): Promise<boolean> {
  const ticket = await reads.ticket(number);
  if (ticket === null) return true;
  const folded = (await reads.timeline(number)).reduce<Ticket | null>(
    (before: Ticket | null, event: TicketEvent) => evolve(before, event),
    null,
  );
  // What is stored went through JSON, which knows no `undefined`.
  return isDeepStrictEqual(ticket, JSON.parse(JSON.stringify(folded && { ...folded, number })));
}

function isSame(stored: readonly Timer[], derived: readonly Timer[]): boolean {
  if (stored.length !== derived.length) return false;
  const byClock = new Map(derived.map((timer) => [timer.clock, timer]));
  return stored.every(({ clock, point, occurrence, dueAt }) => {
    const other = byClock.get(clock);
    // What is stored is whole milliseconds.
    return other?.point === point && other.occurrence === occurrence && Math.trunc(other.dueAt) === dueAt;
  });
}

export interface AuditorDeps {
  readonly store: Store;
  /** The numbers of some open tickets above one, ascending; none: there are no more. */
  readonly openTickets: (above: number, limit: number) => Promise<readonly number[]>;
  readonly policy: () => Policy;
  readonly now: () => number;
  /** Timers are being planned for a new configuration, or the program stops: differences would mean nothing. */
  readonly busy: () => boolean;
  /** Whether what is stored was planned for this configuration; another process on the database may have begun with another one. */
  readonly isOurs: (reads: Pick<Reads, 'keyValue'>) => Promise<boolean>;
  readonly found: (difference: Difference) => void;
  readonly foundRow: (ticket: number) => void;
  readonly failed: (ticket: number, error: unknown) => void;
}

/**
 * Timers are the ticket's own, derived whenever it changes; a row that was lost or changed by hand would never be noticed, and nobody would be reminded.
 * So all open tickets are gone through, in slices, with nobody kept waiting; what differs is mended and told. Null: it was given up.
 */
export const createAuditor = (deps: AuditorDeps) => async (): Promise<AuditResult | null> => {
  const { revision } = deps.policy();
  const givesUp = (): boolean => deps.busy() || deps.policy().revision !== revision;
  const tickets: number[] = [];
  const rows: number[] = [];
  let looked = 0;
  // Over the pages' ends: with the embedded database an answer is awaited without letting anybody else have a turn.
  let startedAt = performance.now();
  for (let above = 0; ;) {
    const numbers = await deps.openTickets(above, PAGE);
    const last = numbers.at(-1);
    if (!(await deps.isOurs(deps.store.read))) return null;
    if (last === undefined) return { at: deps.now(), looked, tickets, rows };
    for (const number of numbers) {
      if (givesUp()) return null;
      // Of a row that is wrong the timers would be derived wrongly, too.
      if (await isOtherThanEvents(deps, number)) rows.push(number);
      else if (await isWrong(deps, number, givesUp)) tickets.push(number);
      looked++;
      if (performance.now() - startedAt < LONGEST_SLICE_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      startedAt = performance.now();
    }
    above = last;
  }
};

async function isOtherThanEvents({ store, foundRow }: AuditorDeps, number: number): Promise<boolean> {
  try {
    if (await isFoldOfEvents(store.read, number)) return false;
    // It may have changed between the two reads.
    if (await store.write((tx) => isFoldOfEvents(tx, number))) return false;
  } catch {
    // What cannot be read at all is told of by the audit of its timers.
    return false;
  }
  foundRow(number);
  return true;
}

async function isWrong(deps: AuditorDeps, number: number, givesUp: () => boolean): Promise<boolean> {
  try {
    // Almost always there is nothing to do: nobody's writing waits for that.
    if ((await differenceOf(deps.store.read, number, deps.policy())) === null) return false;
    const difference = await deps.store.write(async (tx) => {
      if (givesUp()) return null;
      const again = await differenceOf(tx, number, deps.policy());
      const ticket = again === null ? null : await tx.ticket(number);
      // Asked with the ticket in hand: whoever plans it anew has said before that he would.
      if (again === null || ticket === null || !(await deps.isOurs(tx))) return null;
      await tx.saveTicket({ ticket, expectedSeq: ticket.seq, events: [], timers: again.derived });
      return again;
    });
    if (difference === null) return false;
    deps.found(difference);
    return true;
  } catch (error) {
    deps.failed(number, error);
    return true;
  }
}
