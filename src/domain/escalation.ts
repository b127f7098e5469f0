import { whoIsOnDuty } from './duty.ts';
import type { DutySlot } from './duty.ts';
import type { AssignPolicy, LadderStep, Policy, Whom } from './policy.ts';
import { assigneeOf } from './ticket.ts';
import type { PersonRef, Ticket } from './ticket.ts';
import type { Severity } from './words.ts';
import type { World } from './world.ts';

export const personRef = (id: string, policy: Policy): PersonRef => ({ id, name: policy.people.get(id)?.name ?? id });

/** Who is on duty for a team; the lead where a slot is empty. */
export function dutyOf(team: string, world: World, at: number): DutySlot {
  const found = world.policy.teams.get(team);
  const rotation = found?.rotation == null ? null : (world.policy.rotations.get(found.rotation) ?? null);
  return whoIsOnDuty({ id: team, rotation, lead: found?.lead ?? null }, world.overrides, at);
}

export function dutyPerson(team: string, world: World, at: number): PersonRef | null {
  const { person } = dutyOf(team, world, at);
  return person === null ? null : personRef(person, world.policy);
}

/** Who is called when a ticket comes to a team: the one on duty; where tickets are assigned by hand, the lead, who assigns. */
export function calledPerson(team: string, world: World, at: number, assign?: AssignPolicy | null): PersonRef | null {
  const found = world.policy.teams.get(team);
  if ((assign ?? found?.assign) !== 'manual') return dutyPerson(team, world, at);
  return found?.lead == null ? null : personRef(found.lead, world.policy);
}

/** Who is meant. `assignee` of a ticket without an owner is the one on duty (domain page, "Decided"). */
export function whoIs(whom: Whom, ticket: Ticket, world: World, at: number): PersonRef | null {
  const { policy } = world;
  const duty = (): PersonRef | null => (ticket.team === null ? null : dutyPerson(ticket.team, world, at));
  switch (whom) {
    case 'assignee':
      return assigneeOf(ticket) ?? duty();
    case 'duty':
      return duty();
    case 'lead': {
      const lead = ticket.team === null ? null : policy.teams.get(ticket.team)?.lead;
      return lead == null ? null : personRef(lead, policy);
    }
    case 'manager': {
      const manager = ticket.project === null ? null : policy.projects.get(ticket.project)?.manager;
      return manager == null ? null : personRef(manager, policy);
    }
    case 'requester':
      return ticket.requester;
    default:
      return personRef(whom.person, policy);
  }
}

/** Whether a message to this person can arrive on a connected platform. Somebody the directory does not know is where he wrote from. */
export function isReachable(person: PersonRef, world: World): boolean {
  const known = world.policy.people.get(person.id);
  if (known === undefined) return world.platforms.has(person.id.split(':')[0] ?? '');
  return Object.keys(known.identities).some((platform) => world.platforms.has(platform));
}

/** Who calls the customer back: the lead, or whoever is on duty, since it is asked by somebody who did not solve it himself. Null: neither can be reached. */
export const calledBackBy = (ticket: Ticket, world: World, at: number): PersonRef | null =>
  [whoIs('lead', ticket, world, at), whoIs('duty', ticket, world, at)].find(
    (one): one is PersonRef => one !== null && isReachable(one, world),
  ) ?? null;

export const whomName = (whom: Whom): string => (typeof whom === 'string' ? whom : whom.person);

/** The ladder of a team for tickets of a severity, as it stands now: what a climb takes along as its snapshot. Null: there is none. */
export function ladderOf(
  team: string,
  severity: Severity,
  policy: Policy,
): { readonly id: string; readonly steps: readonly LadderStep[] } | null {
  const found = policy.teams.get(team);
  const id = found?.ladderBySeverity?.[severity] ?? found?.ladder;
  const ladder = id == null ? undefined : policy.ladders.get(id);
  const steps = (ladder?.steps ?? []).filter((step) => step.severity?.includes(severity) ?? true);
  return ladder === undefined || steps.length === 0 ? null : { id: ladder.id, steps };
}

/**
 * The first step that the posting of the work card does not do already: it mentions the one on duty, so "at once, duty, by mention" has happened.
 */
export function firstStepAfterPosting(steps: readonly LadderStep[]): number {
  const index = steps.findIndex(
    (step) => !(step.afterMs === 0 && step.whom === 'duty' && step.how.every((how) => how === 'mention')),
  );
  return index === -1 ? steps.length : index;
}
