/** Who is on duty for a team at an instant: a pure function of rotation and overrides (domain page, "Duty"). */
import { turnsOf } from './duty-turns.ts';
import type { RotationSpec } from './duty-turns.ts';

export { turnsOf } from './duty-turns.ts';
export type { RotationSpec, ShiftSpec } from './duty-turns.ts';

export interface DutyTeam {
  readonly id: string;
  readonly rotation: RotationSpec | null;
  readonly lead: string | null;
}

/** Somebody takes over for [from, until), UTC ms. Of two that overlap, the later in the list was made later and wins. */
export interface DutyOverride {
  readonly team: string;
  readonly person: string;
  readonly from: number;
  readonly until: number;
}

export interface DutySlot {
  /** Null: the slot is a hole and the team has no lead. */
  readonly person: string | null;
  /** The whole slot of this answer, [from, until), cut by overrides. UTC ms; null: it has no beginning or no end. */
  readonly from: number | null;
  readonly until: number | null;
  /** `fallback`: nobody's turn, so the lead's; to be reported as a hole. */
  readonly source: 'rotation' | 'override' | 'fallback';
}

/** Overrides of other teams are ignored. Throws a RangeError for a rotation that cannot be read (see {@link turnsOf}). */
export function whoIsOnDuty(team: DutyTeam, overrides: readonly DutyOverride[], atMs: number): DutySlot {
  const own = overrides.filter((o) => o.team === team.id && o.until > o.from);
  const index = own.findLastIndex((o) => o.from <= atMs && atMs < o.until);
  const override = own[index];
  if (override !== undefined) {
    const { person, from, until } = override;
    return { person, ...cutBy(own.slice(index + 1), { from, until }, atMs), source: 'override' };
  }
  const turn = team.rotation === null ? { person: null, from: null, until: null } : turnsOf(team.rotation).at(atMs);
  const slot = cutBy(own, turn, atMs);
  return turn.person === null
    ? { person: team.lead, ...slot, source: 'fallback' }
    : { person: turn.person, ...slot, source: 'rotation' };
}

/** The slots that meet [fromMs, untilMs), in order: for rosters, and for finding holes ahead of time (`source: 'fallback'`). */
export function dutySlots(
  team: DutyTeam,
  overrides: readonly DutyOverride[],
  fromMs: number,
  untilMs: number,
): DutySlot[] {
  const slots: DutySlot[] = [];
  for (let at: number | null = fromMs; at !== null && at < untilMs;) {
    const slot: DutySlot = whoIsOnDuty(team, overrides, at);
    slots.push(slot);
    at = slot.until;
  }
  return slots;
}

interface Span {
  from: number | null;
  until: number | null;
}

/** What is left around `atMs` of a slot when stronger overrides, none of which holds at `atMs`, take their part. */
function cutBy(stronger: readonly DutyOverride[], slot: Span, atMs: number): Span {
  const from = Math.max(slot.from ?? -Infinity, ...stronger.map((o) => o.until).filter((until) => until <= atMs));
  const until = Math.min(slot.until ?? Infinity, ...stronger.map((o) => o.from).filter((start) => start > atMs));
  return { from: from === -Infinity ? null : from, until: until === Infinity ? null : until };
}
