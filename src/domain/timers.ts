import { calendarOf, openPoints } from './clocks.ts';
import type { Policy } from './policy.ts';
import type { Ticket } from './ticket.ts';

/** The next moment at which something is due on one clock of one ticket. At most one per clock. */
export interface Timer {
  /** A clock's id, or one of the pseudo clocks `ladder`, `close`, `pend`. */
  readonly clock: string;
  readonly point: string;
  readonly occurrence: number;
  /** UTC ms. */
  readonly dueAt: number;
}

/** The complete set a ticket should have now: derived each time, never edited. A point that has passed is due at once. */
export function timersFor(ticket: Ticket, policy: Policy): readonly Timer[] {
  const timers: Timer[] = [];
  for (const clock of ticket.clocks) {
    const next = openPoints(clock, policy)[0];
    if (next === undefined) continue;
    // The round is part of the key: a restarted clock may say its point again.
    timers.push({ clock: clock.id, point: next.rule.id, occurrence: clock.round + next.occurrence, dueAt: next.dueAt });
  }
  for (const timer of [ladderTimer(ticket), pendTimer(ticket), closeTimer(ticket, policy)]) {
    if (timer !== null) timers.push(timer);
  }
  return timers;
}

export function ladderTimer({ ladder }: Ticket): Timer | null {
  if (ladder === null || ladder.stoppedAt !== null) return null;
  const step = ladder.steps[ladder.next];
  if (step === undefined) return null;
  return {
    clock: 'ladder',
    point: `step:${ladder.next}`,
    occurrence: ladder.run,
    dueAt: ladder.startedAt + step.afterMs,
  };
}

export const pendTimer = (ticket: Ticket): Timer | null =>
  ticket.status === 'pending' && ticket.until !== null
    ? { clock: 'pend', point: 'until', occurrence: 0, dueAt: ticket.until }
    : null;

/** A resolved ticket is reminded of, then closed, after business days without a word. */
export function closeTimer(ticket: Ticket, policy: Policy): Timer | null {
  if (ticket.status !== 'resolved') return null;
  const { close } = policy;
  const after = (ms: number): number =>
    close.calendar === null
      ? ticket.resolvedAt + ms
      : calendarOf({ calendar: close.calendar }, policy).addOpenTime(ticket.resolvedAt, ms);
  const occurrence = ticket.resolutions;
  return ticket.reminded || close.reminderMs >= close.autoCloseMs
    ? { clock: 'close', point: 'auto_close', occurrence, dueAt: after(close.autoCloseMs) }
    : { clock: 'close', point: 'reminder', occurrence, dueAt: after(close.reminderMs) };
}
