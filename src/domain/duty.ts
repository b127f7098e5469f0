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

/**
 * A change of the rota for [from, until), UTC ms. Of two that overlap, the later in the list was made later and wins.
 * Without `away` this person takes over. With it he is out of the rota: every slot that he would have had there is a hole, unless somebody takes it
 * over. What he takes over himself after that is his all the same.
 */
export interface DutyOverride {
  readonly team: string;
  readonly person: string;
  readonly from: number;
  readonly until: number;
  readonly away?: boolean;
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
  const turn = team.rotation === null ? { person: null, from: null, until: null } : turnsOf(team.rotation).at(atMs);
  const own = overrides.filter((o) => o.team === team.id && o.until > o.from);
  const winner = winnerAt(own, turn.person, atMs);
  const span =
    typeof winner === 'object'
      ? { first: winner.from, last: winner.until }
      : { first: turn.from ?? -Infinity, last: turn.until ?? Infinity };
  // Years of old overrides must not make the answer of today slow.
  const near = own.filter((o) => o.from < span.last && o.until > span.first);
  const { from, until } = around(near, turn.person, winner, span, atMs);
  if (typeof winner === 'object') return { person: winner.person, from, until, source: 'override' };
  return winner === 'turn' && turn.person !== null
    ? { person: turn.person, from, until, source: 'rotation' }
    : { person: team.lead, from, until, source: 'fallback' };
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

const covers = (override: DutyOverride, at: number): boolean => override.from <= at && at < override.until;

/** `turn`: the rotation's own turn stands. `away`: whose turn it is, is on leave. */
type Winner = DutyOverride | 'turn' | 'away';

/** The latest that was made has the word; somebody on leave is passed over in favour of what was there before. */
function winnerAt(overrides: readonly DutyOverride[], turnOf: string | null, at: number): Winner {
  const away = new Set<string>();
  for (let index = overrides.length - 1; index >= 0; index -= 1) {
    const override = overrides[index];
    if (override === undefined || !covers(override, at)) continue;
    if (override.away === true) away.add(override.person);
    else if (!away.has(override.person)) return override;
  }
  return turnOf !== null && away.has(turnOf) ? 'away' : 'turn';
}

/** How far around `at`, within `span`, the same one has the word: it can only change where an override begins or ends. */
function around(
  overrides: readonly DutyOverride[],
  turnOf: string | null,
  winner: Winner,
  { first, last }: { readonly first: number; readonly last: number },
  at: number,
): { readonly from: number | null; readonly until: number | null } {
  const edges = overrides
    .flatMap((o) => [o.from, o.until])
    .filter((edge) => first < edge && edge < last)
    .sort((a, b) => a - b);
  const same = (instant: number): boolean => winnerAt(overrides, turnOf, instant) === winner;
  const until = edges.find((edge) => edge > at && !same(edge)) ?? last;
  const from = edges.findLast((edge) => edge <= at && !same(edge - 1)) ?? first;
  return { from: from === -Infinity ? null : from, until: until === Infinity ? null : until };
}
