import type { Clock, ClockTarget } from './ticket.ts';
import { isRunning } from './clocks.ts';
import type { Metric } from './words.ts';

/** Changes of a ticket's set of clocks. Spans are only ever added to or closed: what has elapsed stays. */
type Clocks = readonly Clock[];

/**
 * Starts the clocks that are new, gives the others their new target. A clock that has stopped keeps the target it was measured against;
 * a cancelled one comes back with what it had.
 */
export function withTargets(clocks: Clocks, targets: readonly ClockTarget[]): Clocks {
  const known = clocks.map((clock) => {
    const target = targets.find((candidate) => candidate.id === clock.id);
    if (target === undefined || clock.stoppedAt !== null) return clock;
    const { targetMs, calendar, policy, source } = target;
    return { ...clock, targetMs, calendar, policy, source, cancelledAt: null };
  });
  const added = targets
    .filter((target) => !clocks.some((clock) => clock.id === target.id))
    .map((target) => startClock(target, clocks));
  return [...known, ...added];
}

function startClock(target: ClockTarget, clocks: Clocks): Clock {
  // A restore clock that appears late (the severity was raised) starts at the first message, so it must have paused when its sibling did.
  const sibling = target.metric === 'restore' ? clocks.find((clock) => clock.metric === 'resolve') : undefined;
  return {
    ...target,
    stoppedAt: null,
    cancelledAt: null,
    pauses: sibling?.pauses ?? [],
    reached: [],
    breachedAt: null,
    acknowledgedAt: null,
    round: 0,
  };
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

export const pause = (
  clocks: Clocks,
  ids: readonly string[],
  reason: Clock['pauses'][number]['reason'],
  at: number,
): Clocks =>
  clocks.map((clock) =>
    ids.includes(clock.id) && isRunning(clock)
      ? { ...clock, pauses: [...clock.pauses, { from: at, to: null, reason }] }
      : clock,
  );

export const unpause = (clocks: Clocks, at: number): Clocks =>
  clocks.map((clock) => (isRunning(clock) ? { ...clock, pauses: endPause(clock, at) } : clock));

/** Runs on with what had elapsed: the time it stood stopped becomes a pause. */
export const runOn = (clocks: Clocks, metrics: readonly Metric[], at: number): Clocks =>
  clocks.map((clock) =>
    metrics.includes(clock.metric) && clock.stoppedAt !== null
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
    clock.metric === metric && isRunning(clock)
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
