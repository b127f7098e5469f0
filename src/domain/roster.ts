/**
 * Changes of the rota by those it concerns: taking over, swapping by agreement of both, leave. Pure: what comes out are overrides to store, or why not.
 *
 * Leave makes holes on purpose: nobody is put on duty who has not agreed to it. The team's lead stands in for each of them (as for every hole), is told of
 * them at once, and anybody of the team may take one over.
 */
import type { Actor } from './commands.ts';
import { dutySlots } from './duty.ts';
import type { DutyOverride, DutySlot, DutyTeam } from './duty.ts';
import { DAY } from './instant.ts';
import type { Policy } from './policy.ts';
import type { PersonId } from './ticket.ts';
import type { World } from './world.ts';

/** How far ahead a rota is changed by words in a chat: beyond it, a slip of the pen is likelier than a plan. */
export const ROSTER_HORIZON_MS = 92 * DAY;
/** How far ahead holes are looked for and told. */
export const HOLES_AHEAD_MS = 14 * DAY;

export type RosterRefusal =
  | { readonly code: 'no_team' }
  /** For somebody else, or a team that is not his own: the lead's business. */
  | { readonly code: 'not_lead'; readonly team: string }
  | { readonly code: 'not_member'; readonly team: string; readonly person: PersonId }
  | { readonly code: 'past' }
  | { readonly code: 'too_far' }
  /** He has no slot there to give away. */
  | { readonly code: 'no_slot'; readonly team: string; readonly person: PersonId }
  | { readonly code: 'oneself' }
  /** The rota has changed since it was proposed. */
  | { readonly code: 'changed' }
  /** He is not the one who was asked. */
  | { readonly code: 'not_asked' };

/** A slot with both ends, as it is exchanged. */
export interface Stint {
  readonly person: PersonId;
  readonly from: number;
  readonly until: number;
}

export interface Swap {
  readonly team: string;
  /** The slot of whoever proposed it, and that of whoever was asked. */
  readonly mine: Stint;
  readonly theirs: Stint;
}

export const isRefused = (result: object): result is RosterRefusal => 'code' in result;

export const dutyTeam = (id: string, policy: Policy): DutyTeam => {
  const team = policy.teams.get(id);
  const rotation = team?.rotation == null ? null : (policy.rotations.get(team.rotation) ?? null);
  return { id, rotation, lead: team?.lead ?? null };
};

/** The teams whose rota is meant: the one named, else the duty chat's if it is his, else all his own that have a rota. */
export function teamsMeant(
  person: PersonId,
  named: string | null,
  here: string | null,
  policy: Policy,
): readonly string[] {
  if (named !== null) return [named];
  const own = [...policy.teams.values()].filter((team) => team.members.includes(person) || team.lead === person);
  if (here !== null && own.some((team) => team.id === here)) return [here];
  const rotated = own.filter((team) => team.rotation !== null);
  return (rotated.length > 0 ? rotated : own).map((team) => team.id);
}

/** Somebody takes over now (or from `from`) until then, in all these teams. */
export function takeOver(
  wish: { readonly person: PersonId; readonly teams: readonly string[]; readonly from: number; readonly until: number },
  actor: Actor,
  world: World,
  now: number,
): readonly DutyOverride[] | RosterRefusal {
  return changed(wish, actor, world, now, false);
}

/** Out of the rota of all these teams for that interval. `holes` are the slots he would have had. */
export function takeLeave(
  wish: { readonly person: PersonId; readonly teams: readonly string[]; readonly from: number; readonly until: number },
  actor: Actor,
  world: World,
  now: number,
): { readonly overrides: readonly DutyOverride[]; readonly holes: readonly Hole[] } | RosterRefusal {
  const overrides = changed(wish, actor, world, now, true);
  if (isRefused(overrides)) return overrides;
  const after = { ...world, overrides: [...world.overrides, ...overrides] };
  const holes = wish.teams.flatMap((team) => holesOf(team, after, Math.max(now, wish.from), wish.until));
  return { overrides, holes };
}

function changed(
  wish: { readonly person: PersonId; readonly teams: readonly string[]; readonly from: number; readonly until: number },
  actor: Actor,
  world: World,
  now: number,
  away: boolean,
): readonly DutyOverride[] | RosterRefusal {
  const { person, teams, from, until } = wish;
  if (teams.length === 0) return { code: 'no_team' };
  for (const team of teams) {
    const refused = mayNotChange(actor, person, team, world.policy);
    if (refused !== null) return refused;
  }
  if (until <= now || until <= from) return { code: 'past' };
  if (until > now + ROSTER_HORIZON_MS) return { code: 'too_far' };
  return teams.map((team) => ({ team, person, from, until, ...(away ? { away: true } : {}) }));
}

/** His own rota is everybody's own business; that of others the lead's (managers and admins may what a lead may). */
function mayNotChange(actor: Actor, person: PersonId, team: string, policy: Policy): RosterRefusal | null {
  const found = policy.teams.get(team);
  if (found === undefined) return { code: 'no_team' };
  const isLead =
    actor.roles.includes('manager') ||
    actor.roles.includes('admin') ||
    found.lead === actor.id ||
    (actor.roles.includes('lead') && actor.teams.includes(team));
  if (!isLead && (actor.id !== person || !found.members.includes(person))) return { code: 'not_lead', team };
  // Whoever is called must be able to claim.
  return found.members.includes(person) || found.lead === person ? null : { code: 'not_member', team, person };
}

/** The next slot of each that has not begun (of the proposer: the one on `on`, if he names a day); a slot under way only where there is no other. */
export function proposeSwap(
  wish: { readonly team: string; readonly with: PersonId; readonly on: number | null },
  actor: Actor,
  world: World,
  now: number,
): Swap | RosterRefusal {
  const { team } = wish;
  if (wish.with === actor.id) return { code: 'oneself' };
  for (const person of [actor.id, wish.with]) {
    if (world.policy.teams.get(team)?.members.includes(person) !== true) return { code: 'not_member', team, person };
  }
  const mine = nextStint(team, actor.id, world, now, wish.on);
  if (mine === null) return { code: 'no_slot', team, person: actor.id };
  const theirs = nextStint(team, wish.with, world, now, null);
  return theirs === null ? { code: 'no_slot', team, person: wish.with } : { team, mine, theirs };
}

/** Both have agreed: two overrides, if both slots are still theirs and still to come. */
export function agreeToSwap(
  swap: Swap,
  actor: Actor,
  world: World,
  now: number,
): readonly DutyOverride[] | RosterRefusal {
  const { team, mine, theirs } = swap;
  if (actor.id !== theirs.person) return { code: 'not_asked' };
  if (mine.until <= now || theirs.until <= now) return { code: 'past' };
  for (const stint of [mine, theirs]) {
    const slots = dutySlots(dutyTeam(team, world.policy), world.overrides, Math.max(now, stint.from), stint.until);
    if (slots.some((slot) => slot.person !== stint.person || slot.source === 'fallback')) return { code: 'changed' };
  }
  return [
    { team, person: theirs.person, from: mine.from, until: mine.until },
    { team, person: mine.person, from: theirs.from, until: theirs.until },
  ];
}

function nextStint(team: string, person: PersonId, world: World, now: number, on: number | null): Stint | null {
  const duty = dutyTeam(team, world.policy);
  const his = (slot: DutySlot): boolean => slot.person === person && slot.source !== 'fallback' && slot.until !== null;
  const slots =
    on === null
      ? dutySlots(duty, world.overrides, now, now + ROSTER_HORIZON_MS).filter(his)
      : dutySlots(duty, world.overrides, on, on + DAY).filter(his);
  const found = slots.find((slot) => slot.from !== null && slot.from > now) ?? slots[0];
  if (found?.until == null || found.until <= now) return null;
  return { person, from: Math.max(found.from ?? now, now), until: found.until };
}

/** A stretch in which it is nobody's turn. */
export interface Hole {
  readonly team: string;
  /** Null: it has no beginning, or no end. */
  readonly from: number | null;
  readonly until: number | null;
}

/** Of a team with a rota, in [from, until); a team without one has its lead always, which is no hole. */
export function holesOf(team: string, world: World, from: number, until: number): readonly Hole[] {
  const duty = dutyTeam(team, world.policy);
  if (duty.rotation === null) return [];
  return dutySlots(duty, world.overrides, from, until)
    .filter((slot) => slot.source === 'fallback')
    .map((slot) => ({ team, from: slot.from, until: slot.until }));
}
