import { clockView, isRunning } from '../../domain/clocks.ts';
import type { ClockView } from '../../domain/clocks.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Ticket } from '../../domain/ticket.ts';

export type Tone = 'fine' | 'warning' | 'breached' | 'paused' | 'met' | 'cancelled';

/** From here on a clock asks to be looked at, whatever points its policy has. */
const WARN_AT = 0.75;

/** How a clock is to be read: colour only repeats what the words say. */
export function toneOf(view: ClockView): Tone {
  if (view.state === 'cancelled') return 'cancelled';
  if (view.state === 'met') return 'met';
  if (view.state === 'breached') return 'breached';
  if (view.paused) return 'paused';
  return view.elapsedMs >= view.clock.targetMs * WARN_AT ? 'warning' : 'fine';
}

/** The clock that needs somebody first: the one with the least time left; one that stands still only where no other runs. */
export function mostUrgent(ticket: Ticket, policy: Policy, now: number): ClockView | null {
  const views = ticket.clocks.filter(isRunning).map((clock) => clockView(clock, policy, now));
  const weight = (view: ClockView): number => (view.paused ? 1e15 : 0) + (view.remainingMs ?? 0);
  return views.sort((a, b) => weight(a) - weight(b))[0] ?? null;
}

/** A promise that is being broken now. */
export const isOver = (ticket: Ticket, policy: Policy, now: number): boolean =>
  ticket.clocks.some((clock) => isRunning(clock) && clockView(clock, policy, now).state === 'breached');
