import { DAY } from './instant.ts';
import { firstDayOf, weekdayIndexOf, yearOf } from './local-date.ts';
import { TIERS } from './words.ts';
import type { Tier } from './words.ts';
import { zoneOf } from './zone.ts';

/** The lines between two that a ticket did not see on its way up. Down, nothing is skipped: it was there before. */
export function skippedBetween(from: Tier | null, to: Tier): readonly Tier[] {
  if (from === null) return [];
  return TIERS.slice(TIERS.indexOf(from) + 1, Math.max(TIERS.indexOf(from) + 1, TIERS.indexOf(to)));
}

/** A solved ticket, as the 9-9-1 figures need it. */
export interface SolvedTicket {
  readonly number: number;
  /** Where it ended: the line of the team that had it when it was resolved. */
  readonly tier: Tier;
  readonly team: string | null;
  readonly product: string | null;
  readonly resolvedAt: number;
}

export const TIER_REPORT_BY = ['week', 'product', 'team', 'all'] as const;
export type TierReportBy = (typeof TIER_REPORT_BY)[number];

export interface TierShares {
  /** `2026-W47`, a product, a team; null: the ticket has none. */
  readonly key: string | null;
  readonly total: number;
  readonly counts: Readonly<Record<Tier, number>>;
  /** Percent, with one decimal. */
  readonly shares: Readonly<Record<Tier, number>>;
  /** L1 ended as many as is aimed at, or more. */
  readonly onTarget: boolean;
}

/**
 * The 9-9-1 rule, live: of all tickets solved, which share ended at each line. What was turned away or withdrawn ended at no line and is not counted; a
 * ticket that was reopened counts where it ended last.
 */
export function tierShares(
  tickets: readonly SolvedTicket[],
  by: TierReportBy,
  ratio: readonly [number, number, number],
  timezone: string,
): readonly TierShares[] {
  const groups = new Map<string | null, Record<Tier, number>>();
  for (const ticket of tickets) {
    const key = keyOf(ticket, by, timezone);
    const counts = groups.get(key) ?? { L1: 0, L2: 0, L3: 0 };
    counts[ticket.tier] += 1;
    groups.set(key, counts);
  }
  return [...groups]
    .map(([key, counts]) => sharesOf(key, counts, ratio))
    .sort((a, b) => (a.key ?? '\uffff').localeCompare(b.key ?? '\uffff', 'en'));
}

function keyOf(ticket: SolvedTicket, by: TierReportBy, timezone: string): string | null {
  switch (by) {
    case 'week':
      return weekOf(ticket.resolvedAt, timezone);
    case 'product':
      return ticket.product;
    case 'team':
      return ticket.team;
    case 'all':
      return 'all';
  }
}

function sharesOf(
  key: string | null,
  counts: Readonly<Record<Tier, number>>,
  ratio: readonly [number, number, number],
): TierShares {
  const total = counts.L1 + counts.L2 + counts.L3;
  const share = (tier: Tier): number => Math.round((counts[tier] / total) * 1000) / 10;
  const shares = { L1: share('L1'), L2: share('L2'), L3: share('L3') };
  const aim = ratio[0] / (ratio[0] + ratio[1] + ratio[2]);
  return { key, total, counts, shares, onTarget: counts.L1 / total >= aim };
}

/** ISO week of an instant, on the wall of a time zone: `2026-W47`. */
export function weekOf(ms: number, timezone: string): string {
  const day = Math.floor(zoneOf(timezone).toWall(ms) / DAY);
  // The week belongs to the year of its Thursday.
  const thursday = day - weekdayIndexOf(day) + 3;
  const year = yearOf(thursday * DAY);
  const week = Math.floor((thursday - firstDayOf(year)) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
