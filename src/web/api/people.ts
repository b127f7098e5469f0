import type { Directory } from '../../desk/desk.ts';
import type { Actor } from '../../domain/commands.ts';
import type { Policy } from '../../domain/policy.ts';
import type { PersonRef } from '../../domain/ticket.ts';
import { badBody } from '../problem.ts';

/** Whose token it is. An administrator that no configuration names: what it did stays recognisable on the timeline. */
export const TOKEN_OWNER: Actor = {
  id: 'api',
  name: 'API',
  roles: ['admin'],
  teams: [],
  side: 'service',
  projects: [],
};

export type Assignable = PersonRef & { readonly teams: readonly string[] };

/** The actor a command names; left out, the token's owner. */
export function actorOf(said: string | undefined, name: string, directory: Directory): Actor {
  if (said === undefined || said === TOKEN_OWNER.id) return TOKEN_OWNER;
  const actor = directory.actorById(said);
  if (actor !== null) return actor;
  const found = directory.findPerson(said, null);
  const near = 'near' in found ? found.near : [said];
  throw unknown(
    name,
    'person',
    said,
    near.map((one) => idAndName(one, directory)),
    ' A person is named by id, or as platform:id',
  );
}

/** `wei (魏伟)`: what to write, and who that is. */
function idAndName(said: string, directory: Directory): string {
  const found = directory.findPerson(said, null);
  return 'id' in found ? `${found.id} (${found.name})` : said;
}

export function personNamed(said: string, name: string, directory: Directory): Assignable {
  const found = directory.findPerson(said, null);
  if (!('near' in found)) return found;
  const stranger = directory.actorById(said);
  if (stranger !== null) return { id: stranger.id, name: stranger.name, teams: stranger.teams };
  throw unknown(name, 'person', said, found.near);
}

export function teamNamed(said: string, name: string, directory: Directory): string {
  const found = directory.findTeam(said);
  if ('near' in found) throw unknown(name, 'team', said, found.near);
  return found.id;
}

/** A team before a person: teams are what most transfers go to, and a name meant for both is rare. */
export function personOrTeam(said: string, name: string, directory: Directory) {
  const team = directory.findTeam(said);
  if (!('near' in team)) return { team: team.id };
  const person = directory.findPerson(said, null);
  if (!('near' in person)) return { person };
  const stranger = directory.actorById(said);
  if (stranger !== null) return { person: { id: stranger.id, name: stranger.name, teams: stranger.teams } };
  throw unknown(name, 'person or team', said, [...person.near, ...team.near]);
}

/** A project by id or name. */
export function projectNamed(
  said: string,
  policy: Policy,
  nearest: (said: string, names: readonly string[]) => readonly string[],
): string {
  const wanted = said.trim().toLowerCase();
  const projects = [...policy.projects.values()];
  const found = projects.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
  if (found !== undefined) return found.id;
  throw unknown(
    'project',
    'project',
    said,
    nearest(
      said,
      projects.map(({ id }) => id),
    ),
  );
}

function unknown(name: string, what: string, said: string, near: readonly string[], more = '') {
  const hint = near.length === 0 ? '' : `. Did you mean ${near.join(' or ')}?`;
  return badBody({
    name,
    problem: `there is no ${what} called "${said.slice(0, 200)}"${hint}${hint === '' && more !== '' ? '.' : ''}${more}`,
  });
}
