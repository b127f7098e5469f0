/** Quiet hours: when a person is not to be reminded directly. Pure. */
import { parseOpenHours } from './calendar-hours.ts';
import { DAY, MINUTE } from './instant.ts';
import { isBuzz } from './notices.ts';
import type { NoticeBody } from './notices.ts';
import type { Policy } from './policy.ts';
import type { Ticket } from './ticket.ts';
import type { Severity } from './words.ts';
import { zoneOf } from './zone.ts';

/**
 * When the quiet hours that `at` lies in are over; `at` itself outside of them. Laid out on the wall clock of `timezone`; intervals that follow one another
 * are one.
 * @param quiet `22:00-07:00`, as written.
 */
export function quietUntil(quiet: readonly string[], timezone: string, at: number): number {
  const zone = zoneOf(timezone);
  let until = at;
  for (let joined = 0; joined <= quiet.length; joined += 1) {
    const today = Math.floor(zone.toWall(until) / DAY);
    const spans = quiet.map(parseOpenHours).flatMap(({ start, end }) =>
      // An interval that passes midnight belongs to the day it starts on.
      [today - 1, today].map((day) => ({
        from: zone.toInstant(day * DAY + start * MINUTE),
        to: zone.toInstant(day * DAY + end * MINUTE),
      })),
    );
    const now = until;
    const ends = spans.filter(({ from, to }) => from <= now && now < to).map(({ to }) => to);
    if (ends.length === 0) return until;
    until = Math.max(...ends);
  }
  return until;
}

/** Pages of a ladder wake people for these, whatever the file says; an urgent push does for all. */
const WAKES: readonly Severity[] = ['S1', 'S2'];
/** They call somebody to take it; without a duty chat they come directly. */
const CALLS: ReadonlySet<NoticeBody['type']> = new Set(['ladder', 'work_card', 'queued_again']);

/**
 * When this may be said to a person directly: now, or when his quiet hours are over. Nothing is lost by that: it waits in the outbox, and is dropped only if
 * it has lost its point by then.
 */
export function mayDisturbAt(
  person: string,
  ticket: Pick<Ticket, 'severity'>,
  body: NoticeBody,
  policy: Policy,
  now: number,
): number {
  const quiet = policy.people.get(person)?.quiet ?? [];
  if (quiet.length === 0 || policy.quietOverride.includes(ticket.severity)) return now;
  if (isBuzz(body) || (CALLS.has(body.type) && WAKES.includes(ticket.severity))) return now;
  return quietUntil(quiet, policy.people.get(person)?.timezone ?? policy.timezone, now);
}
