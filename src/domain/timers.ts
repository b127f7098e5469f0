import { calendarOf, isPaused, isRunning, openPoints } from './clocks.ts';
import type { Policy } from './policy.ts';
import { isOpenCallBack } from './ticket.ts';
import type { Clock, Ticket } from './ticket.ts';

/** The next moment at which something is due on one clock of one ticket. At most one per clock. */
export interface Timer {
  /** A clock's id, or one of the pseudo clocks `ladder`, `close`, `call_back`, `pend`, `consent`, `silent`. */
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
    const timer = clockTimer(clock, policy);
    if (timer !== null) timers.push(timer);
  }
  for (const timer of otherTimers(ticket, policy)) if (timer !== null) timers.push(timer);
  return timers;
}

export function clockTimer(clock: Clock, policy: Policy): Timer | null {
  const next = openPoints(clock, policy)[0];
  if (next === undefined) return null;
  // The round is part of the key: a restarted clock may say its point again.
  return { clock: clock.id, point: next.rule.id, occurrence: clock.round + next.occurrence, dueAt: next.dueAt };
}

/** Those of the pseudo clocks. */
export const otherTimers = (ticket: Ticket, policy: Policy): readonly (Timer | null)[] => [
  ladderTimer(ticket),
  pendTimer(ticket),
  consentTimer(ticket),
  silentTimer(ticket, policy),
  closeTimer(ticket, policy),
  callBackTimer(ticket, policy),
];

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

/** Silence for so long is consent to the pause. */
export const consentTimer = (ticket: Ticket): Timer | null =>
  ticket.status === 'pending' && ticket.consentBy !== null
    ? { clock: 'consent', point: 'silence', occurrence: 0, dueAt: ticket.consentBy }
    : null;

/**
 * When a claimed ticket whose owner is silent goes back to the queue: so long after the warning (the 100 % point of its `update` clock). Anything that its owner
 * has done on it since, an internal note included, counts from there anew: he has not forgotten it. Null: nobody was warned, or it is not done here.
 */
export function silentTimer(ticket: Ticket, policy: Policy): Timer | null {
  const rule = policy.silentOwner;
  if (rule === null || ticket.status !== 'in_progress') return null;
  const clock = ticket.clocks.find((one) => one.metric === 'update' && isRunning(one) && !isPaused(one));
  const warned = clock?.reached.find((reached) => reached.point === WARNING)?.at;
  if (clock === undefined || warned === undefined) return null;
  const grace =
    'ms' in rule.returnAfter ? rule.returnAfter.ms : Math.round((clock.targetMs * rule.returnAfter.percent) / 100);
  const from = Math.max(warned, ticket.ownerSeenAt ?? 0, ...clock.pauses.map((pause) => pause.to ?? 0));
  return {
    clock: 'silent',
    point: 'return',
    // Another round, another owner: another occasion.
    occurrence: ticket.dispatches * 10_000 + clock.round,
    dueAt: calendarOf(clock, policy).addOpenTime(from, grace),
  };
}

const WARNING = '100%';

/** Of the calendar of `close`; wall time where it has none. */
const businessTimeAfter = (from: number, ms: number, policy: Policy): number =>
  policy.close.calendar === null
    ? from + ms
    : calendarOf({ calendar: policy.close.calendar }, policy).addOpenTime(from, ms);

/** A resolved ticket is reminded of, then closed, after business days without a word: since the solution, or since the last one. */
export function closeTimer(ticket: Ticket, policy: Policy): Timer | null {
  if (ticket.status !== 'resolved') return null;
  const { close } = policy;
  const after = (ms: number): number => businessTimeAfter(ticket.repliedAt ?? ticket.resolvedAt, ms, policy);
  const occurrence = ticket.resolutions;
  return ticket.reminded || close.reminderMs >= close.autoCloseMs
    ? { clock: 'close', point: 'auto_close', occurrence, dueAt: after(close.autoCloseMs) }
    : { clock: 'close', point: 'reminder', occurrence, dueAt: after(close.reminderMs) };
}

const MOST_REMINDERS = 3;

/** Whoever was to call the customer back and has not is reminded of it, a few times: then it is his lead's to look at the list of tasks. */
export function callBackTimer(ticket: Ticket, policy: Policy): Timer | null {
  const task = ticket.status === 'closed' ? ticket.tasks?.find(isOpenCallBack) : undefined;
  const times = task?.reminded?.times ?? 0;
  if (task === undefined || times >= MOST_REMINDERS) return null;
  const dueAt = businessTimeAfter(task.reminded?.at ?? task.since, policy.close.callBackReminderMs, policy);
  return { clock: 'call_back', point: 'reminder', occurrence: ticket.resolutions * 10 + times, dueAt };
}
