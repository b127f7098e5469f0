import type { Clock } from '../desk/ports.ts';
import { MAX_ATTEMPTS, backoffMs } from './backoff.ts';
import { messageOf } from './inbox.ts';
import { createLanes } from './lanes.ts';
import type { Step } from './loop.ts';
import type { OutboxRow, Queues } from './ports.ts';

const LANES = 32;
/** A process that dies loses its rows after this; longer than any call to a platform may take. */
export const LEASE_MS = 30_000;

/** What the loop must know of a failed delivery; `DeliveryError` of the conversation layer has this shape. */
export interface Failure {
  readonly permanent: boolean;
  readonly retryAfterMs: number | null;
  readonly unknown: boolean;
  readonly scope: 'message' | 'chat' | 'platform';
}

export interface OutboxDeps {
  readonly outbox: Queues['outbox'];
  readonly clock: Clock;
  readonly chance: () => number;
  readonly deliver: (row: OutboxRow) => Promise<'sent' | { readonly postponeUntil: number }>;
  /** Null: no failure of the platform, but a bug. */
  readonly failureOf: (error: unknown) => Failure | null;
  /** It is the database that fails. */
  readonly isAway: (error: unknown) => boolean;
  /** Least time between two sends in one lane, ms: what the platform allows. */
  readonly gapOf: (lane: string) => number;
  readonly done: (row: OutboxRow, outcome: 'sent' | 'retried' | 'buried') => void;
  readonly failed: (row: OutboxRow, error: unknown, buried: boolean) => void;
  readonly nudge: (dueAt?: number) => void;
}

/** Brings rows outside: in order within a lane, never faster than the platform allows, never blindly twice. */
export function createOutboxStep(deps: OutboxDeps): { readonly step: Step; idle(): Promise<void> } {
  const { outbox, clock } = deps;
  const lanes = createLanes(LANES, () => deps.nudge());
  /** Lanes and platforms that must rest: `slack:C1`, or `slack` as a whole. In memory only: after a restart the platform says it again. */
  const restUntil = new Map<string, number>();

  async function bring(row: OutboxRow): Promise<void> {
    try {
      const result = await deps.deliver(row);
      if (result === 'sent') {
        await outbox.sent(row, clock.now());
        deps.done(row, 'sent');
        rest(row.lane, deps.gapOf(row.lane));
      } else {
        await outbox.retry(row, result.postponeUntil, '', row.unknown);
      }
    } catch (error) {
      await fail(row, error);
    }
  }

  async function fail(row: OutboxRow, error: unknown): Promise<void> {
    const failure = deps.failureOf(error);
    // A bug is tried again a few times only: it may be the data of a moment, but not a day of them.
    const most = failure === null && !deps.isAway(error) ? 10 : MAX_ATTEMPTS;
    const buried = failure?.permanent === true || row.attempts + 1 >= most;
    deps.failed(row, error, buried);
    deps.done(row, buried ? 'buried' : 'retried');
    if (buried) {
      await outbox.bury(row, clock.now(), messageOf(error));
      return;
    }
    const wait = Math.max(
      failure?.retryAfterMs ?? 0,
      failure?.retryAfterMs == null ? backoffMs(row.attempts, deps.chance()) : 0,
    );
    if (failure !== null && failure.scope !== 'message') {
      rest(failure.scope === 'chat' ? row.lane : platformOf(row.lane), wait);
    }
    // An earlier attempt may have succeeded, however this one failed: only sending ends the doubt. Where it was not the platform that failed, it may have been
    // the database, with what was to be remembered of a message that is out.
    await outbox.retry(row, clock.now() + wait, messageOf(error), row.unknown || (failure?.unknown ?? true));
  }

  function rest(lane: string, ms: number): void {
    if (ms > 0) restUntil.set(lane, Math.max(restUntil.get(lane) ?? 0, clock.now() + ms));
  }

  /** Lanes that must not be touched now. A resting platform cannot be listed lane by lane, so its rows are put back when they come. */
  function resting(): ReadonlySet<string> {
    const now = clock.now();
    for (const [lane, until] of restUntil) if (until <= now) restUntil.delete(lane);
    return new Set([...lanes.busy, ...restUntil.keys()]);
  }

  return {
    async step() {
      if (lanes.free === 0) return { again: false, nextAt: null };
      const now = clock.now();
      const busy = resting();
      const rows = await outbox.claim(now, now + LEASE_MS, lanes.free, busy);
      for (const row of rows) {
        const platformRests = restUntil.get(platformOf(row.lane));
        if (platformRests === undefined) lanes.run(row.lane, () => bring(row));
        else lanes.run(row.lane, () => outbox.putBack(row, platformRests, 'the platform asked for a rest'));
      }
      if (rows.length > 0) return { again: true };
      return { again: false, nextAt: earliest(await outbox.nextDue(busy), ...restUntil.values()) };
    },
    idle: () => lanes.idle(),
  };
}

const platformOf = (lane: string): string => lane.split(':')[0] ?? lane;

const earliest = (...instants: readonly (number | null)[]): number | null => {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
};
