import { isReachable, personRef } from './escalation.ts';
import type { AssignPolicy } from './policy.ts';
import type { PersonRef } from './ticket.ts';
import type { World } from './world.ts';

/**
 * Whom a team's assignment gives a ticket to; null: it waits for somebody to claim it.
 *
 * `round_robin`: whoever comes after the last one, in the order of the file. `least_loaded`: whoever has the fewest tickets in hand; of equals the first
 * in the order of the file. Both pass over people whom no connected platform reaches, since a ticket given to them would be swallowed. Being off duty
 * does not count: who is on duty is who is called, and a team that wants only that says `assign: duty`.
 */
export function assigneeFor(team: string, how: AssignPolicy | null, world: World): PersonRef | null {
  const found = world.policy.teams.get(team);
  const by = how ?? found?.assign;
  if (found === undefined || (by !== 'round_robin' && by !== 'least_loaded')) return null;
  const people = found.members
    .filter((id) => works(id, world))
    .map((id) => personRef(id, world.policy))
    // Without any chat everybody works in the console.
    .filter((person) => world.platforms.size === 0 || isReachable(person, world));
  const chosen = by === 'round_robin' ? next(people, found.members, last(team, world)) : lightest(people, world);
  return chosen ?? null;
}

/** How a ticket that comes to the team is given to somebody; null: not by turns or load. */
export function sharingOf(team: string, how: AssignPolicy | null, world: World): 'round_robin' | 'least_loaded' | null {
  const by = how ?? world.policy.teams.get(team)?.assign;
  return by === 'round_robin' || by === 'least_loaded' ? by : null;
}

/** Teams hold people who only read along; a ticket goes to those who work. */
const works = (id: string, { policy }: World): boolean =>
  policy.people.get(id)?.roles.some((role) => role === 'engineer' || role === 'lead') ?? false;

const last = (team: string, { staffing }: World): string | null => staffing?.last.get(team) ?? null;

/** The order is that of all members: who was last may have left the reachable ones, or the team. */
function next(people: readonly PersonRef[], members: readonly string[], before: string | null): PersonRef | undefined {
  const from = before === null ? -1 : members.indexOf(before);
  return people.find(({ id }) => members.indexOf(id) > from) ?? people[0];
}

function lightest(people: readonly PersonRef[], { staffing }: World): PersonRef | undefined {
  const loadOf = ({ id }: PersonRef): number => staffing?.load.get(id) ?? 0;
  return people.reduce<PersonRef | undefined>(
    (best, person) => (best === undefined || loadOf(person) < loadOf(best) ? person : best),
    undefined,
  );
}
