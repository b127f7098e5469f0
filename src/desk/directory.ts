import type { Actor } from '../domain/commands.ts';
import { near } from '../domain/near.ts';
import type { Person, Policy } from '../domain/policy.ts';
import type { Directory } from './desk.ts';

/** One Person on several platforms: found by the id there, by name, by alias. */
export function createDirectory(policy: () => Policy, platforms: () => ReadonlySet<string>): Directory {
  let index: { readonly of: Policy; readonly byIdentity: ReadonlyMap<string, Person> } | null = null;

  /** Rebuilt when the configuration changes: a message must not cost a walk over all people. */
  function byIdentity(): ReadonlyMap<string, Person> {
    const now = policy();
    if (index?.of !== now) {
      const people = [...now.people.values()];
      const entries = people.flatMap((person) =>
        Object.entries(person.identities).map(([platform, user]) => [`${platform}:${user}`, person] as const),
      );
      index = { of: now, byIdentity: new Map(entries) };
    }
    return index.byIdentity;
  }

  return {
    actor(platform, user, name, chat) {
      const person = byIdentity().get(`${platform}:${user}`);
      const project = policy().chats.find((binding) => binding.platform === platform && binding.id === chat)?.project;
      const projects = project == null ? [] : [project];
      return person === undefined ? requester(`${platform}:${user}`, name, projects) : actorOf(person, projects);
    },

    actorById(id) {
      const person = policy().people.get(id) ?? byIdentity().get(id);
      if (person !== undefined) return actorOf(person, []);
      return /^[a-z][a-z0-9_-]*:.+$/.test(id) ? requester(id, id.slice(id.indexOf(':') + 1), []) : null;
    },

    findPerson(said, platform) {
      const wanted = said.replace(/^@/, '').trim();
      const people = [...policy().people.values()];
      const found =
        (platform === null ? undefined : byIdentity().get(`${platform}:${wanted}`)) ??
        people.find((person) => namesOf(person).some((name) => name.toLowerCase() === wanted.toLowerCase()));
      if (found !== undefined) return { id: found.id, name: found.name, teams: found.teams };
      const names = near(wanted, people.flatMap(namesOf));
      const close = people.filter((person) => namesOf(person).some((name) => names.includes(name)));
      return { near: [...new Set(close.map((person) => person.name))] };
    },

    findTeam(said) {
      const wanted = said.replace(/^@/, '').trim().toLowerCase();
      const teams = [...policy().teams.values()];
      const found = teams.find((team) =>
        [team.id, team.name, ...team.aliases].some((name) => name.toLowerCase() === wanted),
      );
      if (found !== undefined) return { id: found.id, name: found.name };
      return {
        near: near(
          wanted,
          teams.flatMap((team) => [team.id, team.name, ...team.aliases]),
        ),
      };
    },

    addresses(person) {
      const connected = platforms();
      const known = policy().people.get(person);
      if (known === undefined) {
        const at = person.indexOf(':');
        const platform = person.slice(0, at);
        return at > 0 && connected.has(platform) ? [{ platform, user: person.slice(at + 1) }] : [];
      }
      return Object.entries(known.identities)
        .filter(([platform]) => connected.has(platform))
        .map(([platform, user]) => ({ platform, user }));
    },
  };
}

const namesOf = (person: Person): readonly string[] => [person.id, person.name, ...person.aliases];

const requester = (id: string, name: string, projects: readonly string[]): Actor => ({
  id,
  name,
  roles: ['requester'],
  teams: [],
  side: 'customer',
  projects,
});

function actorOf(person: Person, projects: readonly string[]): Actor {
  const merely = person.roles.every((role) => role === 'requester');
  return {
    id: person.id,
    name: person.name,
    roles: person.roles,
    teams: person.teams,
    side: merely ? 'customer' : 'service',
    projects: merely ? projects : [],
  };
}
