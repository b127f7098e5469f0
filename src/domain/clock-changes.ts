import type { Clock, ClockTarget, Pause } from './ticket.ts';
import { isRunning } from './clocks.ts';
import type { Metric } from './words.ts';

/** Changes of a ticket's set of clocks. Spans are only ever added to or closed: what has elapsed stays. */
type Clocks = readonly Clock[];

/** They stand still together: which of them a pause stops, `decide` says. */
const PAUSING: readonly Metric[] = ['resolve', 'restore', 'update', 'tier'];

/**
 * Starts the clocks that are new, gives the others their new target. A clock that has stopped keeps the target it was measured against;
 * a cancelled one comes back with what it had.
 */
export function withTargets(clocks: Clocks, targets: readonly ClockTarget[]): Clocks {
  const known = clocks.map((clock) => {
    const target = targets.find((candidate) => candidate.id === clock.id);
    if (target === undefined || clock.stoppedAt !== null) return clock;
    const { targetMs, calendar, policy, source } = target;
    // What it would have paused for while it was cancelled does not count either.
    const pauses =
      clock.cancelledAt === null
        ? clock.pauses
        : [...clock.pauses, ...pausesSince(clock.cancelledAt, clock.metric, clocks)];
    return { ...clock, targetMs, calendar, policy, source, cancelledAt: null, pauses };
  });
  const added = targets
    .filter((target) => !clocks.some((clock) => clock.id === target.id))
    .map((target) => startClock(target, clocks));
  return [...known, ...added];
}

/** The targets are all that the ticket is promised now: a running clock that is not among them is cancelled. */
export const retargeted = (clocks: Clocks, targets: readonly ClockTarget[], at: number): Clocks =>
  targets.length === 0
    ? clocks
    : withTargets(
        cancel(clocks, (clock) => !targets.some((target) => target.id === clock.id), at),
        targets,
      );

function startClock(target: ClockTarget, clocks: Clocks): Clock {
  return {
    stoppedAt: null,
    cancelledAt: null,
    // A clock that appears late (the severity was raised) starts in the past, so it must have paused when its siblings did.
    pauses: pausesSince(target.startedAt, target.metric, clocks),
    reached: [],
    breachedAt: null,
    acknowledgedAt: null,
    round: 0,
    ...target,
  };
}

function pausesSince(at: number, metric: Metric, clocks: Clocks): readonly Pause[] {
  if (!PAUSING.includes(metric)) return [];
  const siblings = clocks.filter((clock) => clock.metric !== metric && isRunning(clock));
  const sibling = PAUSING.map((one) => siblings.find((clock) => clock.metric === one)).find((one) => one !== undefined);
  return (sibling?.pauses ?? [])
    .filter((span) => span.to === null || span.to > at)
    .map((span) => ({ ...span, from: Math.max(span.from, at) }));
}

export const stop = (clocks: Clocks, metrics: readonly Metric[], at: number): Clocks =>
  clocks.map((clock) =>
    metrics.includes(clock.metric) && isRunning(clock)
      ? { ...clock, stoppedAt: at, pauses: endPause(clock, at) }
      : clock,
  );

export const cancel = (clocks: Clocks, which: (clock: Clock) => boolean, at: number): Clocks =>
  clocks.map((clock) =>
    which(clock) && isRunning(clock) ? { ...clock, cancelledAt: at, pauses: endPause(clock, at) } : clock,
  );

export const pause = (clocks: Clocks, ids: readonly string[], why: Omit<Pause, 'from' | 'to'>, at: number): Clocks =>
  clocks.map((clock) =>
    ids.includes(clock.id) && isRunning(clock)
      ? { ...clock, pauses: [...clock.pauses, { from: at, to: null, ...why }] }
      : clock,
  );

/** The wait is over: what stood still runs, and the vendor is not waited for any more. */
export const unpause = (clocks: Clocks, at: number): Clocks =>
  stop(clocks, ['vendor'], at).map((clock) => (isRunning(clock) ? { ...clock, pauses: endPause(clock, at) } : clock));

/**
 * Runs on with what had elapsed: the time it stood stopped becomes a pause.
 * @param resolvedAt only what stopped with the resolution runs on: the clocks of tiers and owners it had left before do not.
 */
export const runOn = (clocks: Clocks, metrics: readonly Metric[], resolvedAt: number | null, at: number): Clocks =>
  clocks.map((clock) =>
    metrics.includes(clock.metric) &&
    clock.stoppedAt !== null &&
    (clock.stoppedAt === resolvedAt || (clock.metric !== 'tier' && clock.metric !== 'update'))
      ? {
          ...clock,
          stoppedAt: null,
          pauses: [...clock.pauses, { from: clock.stoppedAt, to: at, reason: 'resolved' as const }],
        }
      : clock,
  );

/** The next round of a repeating clock begins. */
export const restart = (clocks: Clocks, metric: Metric, at: number): Clocks =>
  clocks.map((clock) =>
    // What was said before it started, and is only told now, is no later news.
    clock.metric === metric && isRunning(clock) && at > clock.startedAt
      ? {
          ...clock,
          startedAt: at,
          // A pause that lasts goes on in the new round.
          pauses: clock.pauses.filter((span) => span.to === null).map((span) => ({ ...span, from: at })),
          reached: [],
          breachedAt: null,
          acknowledgedAt: null,
          round: clock.round + 1,
        }
      : clock,
  );

const endPause = (clock: Clock, at: number): Clock['pauses'] =>
  clock.pauses.map((span) => (span.to === null ? { ...span, to: at } : span));
