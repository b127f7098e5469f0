import { calendarOf, elapsedMs, isRunning } from './clocks.ts';
import type { Policy, Target } from './policy.ts';
import type { Clock, Ticket } from './ticket.ts';
import type { Tier } from './words.ts';

/** What is left for the tier that has the ticket now, of the time in which it has to be resolved. */
export interface TierBudget {
  readonly tier: Tier;
  /** Open time of its own calendar; 0: nothing is left for it. */
  readonly remainingMs: number;
  /** What its OLA allows; null: it has none. */
  readonly olaMs: number | null;
  /** The tiers before it that took longer than their OLA. */
  readonly overrun: readonly { readonly tier: Tier; readonly byMs: number }[];
  /** The tiers that would follow, and what their OLAs need. */
  readonly following: readonly Tier[];
}

/**
 * The budget tree as it stands: once a tier has overrun its OLA, its successors have to make do with what the promise to the customer still holds, less
 * what the tiers after them need. Null: nobody has overrun, or nothing is promised.
 */
export function tierBudget(ticket: Ticket, policy: Policy, now: number): TierBudget | null {
  const { team, tier } = ticket;
  const resolve = ticket.clocks.find((clock) => clock.metric === 'resolve' && isRunning(clock));
  if (team === null || tier === null || resolve === undefined) return null;
  const overrun = ticket.clocks.flatMap((clock) => {
    const of = tierOf(clock);
    if (of === null || isRunning(clock) || clock.cancelledAt !== null) return [];
    const byMs = elapsedMs(clock, calendarOf(clock, policy), now) - clock.targetMs;
    return byMs > 0 ? [{ tier: of, byMs }] : [];
  });
  if (overrun.length === 0) return null;

  const own = ticket.clocks.findLast((clock) => clock.metric === 'tier' && isRunning(clock));
  const following = after(team, tier, ticket, policy);
  const calendar = calendarOf(resolve, policy);
  const left = resolve.targetMs - elapsedMs(resolve, calendar, now);
  // While it stands still: what would be left if it went on now.
  const due = left > 0 ? calendar.addOpenTime(now, left) : now;
  const latest = latestStart(
    now,
    due,
    following.map(({ target }) => target),
    policy,
  );
  const counting = own === undefined ? calendar : calendarOf(own, policy);
  return {
    tier,
    remainingMs: counting.openTimeBetween(now, latest),
    olaMs: own?.targetMs ?? null,
    overrun,
    following: following.map((one) => one.tier),
  };
}

const tierOf = (clock: Clock): Tier | null =>
  clock.metric !== 'tier' ? null : ((/^tier:(L[123])/.exec(clock.id)?.[1] as Tier | undefined) ?? null);

/** The tiers up the line from a team, each once, with what its OLA gives it for this severity. */
function after(
  team: string,
  tier: Tier,
  { severity }: Ticket,
  policy: Policy,
): readonly { readonly tier: Tier; readonly target: Target }[] {
  const seen = new Set([team]);
  const found: { tier: Tier; target: Target }[] = [];
  for (let next = policy.teams.get(team)?.escalatesTo; next != null && !seen.has(next);) {
    seen.add(next);
    const one = policy.teams.get(next);
    if (one === undefined) break;
    const target = one.ola === null ? undefined : policy.olaPolicies.get(one.ola)?.tier[one.tier]?.[severity];
    if (target !== undefined && one.tier > tier && !found.some((known) => known.tier === one.tier))
      found.push({ tier: one.tier, target });
    next = one.escalatesTo;
  }
  return found;
}

/**
 * The last instant from which the targets, one after the other, still end by `due`. They may count on other calendars, so it is searched for, not
 * subtracted; `from` where even that is too late.
 */
function latestStart(from: number, due: number, targets: readonly Target[], policy: Policy): number {
  const ends = (at: number): number =>
    targets.reduce((end, { ms, calendar }) => calendarOf({ calendar }, policy).addOpenTime(end, ms), at);
  if (ends(from) > due) return from;
  let fits = from;
  let late = due + 1;
  while (late - fits > 1) {
    const middle = Math.floor((fits + late) / 2);
    if (ends(middle) <= due) fits = middle;
    else late = middle;
  }
  return fits;
}
