/** Whom or which team the words after a verb mean. */
import type { Policy } from '../../domain/policy.ts';

export type Target =
  | { readonly kind: 'person'; readonly id: string; readonly said: string }
  | { readonly kind: 'team'; readonly id: string; readonly said: string }
  /** Somebody was named whom the configuration does not hold under that name. */
  | { readonly kind: 'unknown'; readonly said: string };

type Named = Pick<Policy, 'people' | 'teams'>;

interface Name {
  readonly name: string;
  readonly target: Target;
}

/**
 * The target that `text` begins with, and what comes after it. The longest name wins ("db-l1" before "DB"), and a name in Latin letters must end
 * where the word ends. Null: `text` begins with no name.
 */
export const targetAt = (text: string, policy: Named): { readonly target: Target; readonly rest: string } | null => {
  const start = /^\s*(?:(?:给|到|至|to\b|the\b|[@＠])\s*)*/i.exec(text)?.[0].length ?? 0;
  const at = text.slice(start);
  const lower = at.toLowerCase();
  for (const { name, target } of namesOf(policy)) {
    if (!lower.startsWith(name)) continue;
    const rest = at.slice(name.length);
    if (/[a-z0-9]$/.test(name) && /^[\w-]/.test(rest)) continue;
    return { target: { ...target, said: at.slice(0, name.length) }, rest };
  }
  const mentioned = /^\s*(?:给|到|to\b)?\s*[@＠]\s*([^\s,，。:：;；]+)/i.exec(text);
  if (!mentioned?.[1]) return null;
  return { target: { kind: 'unknown', said: mentioned[1] }, rest: text.slice(mentioned[0].length) };
};

/** The first word, for a verb that needs somebody: better to say "I know nobody of this name" than to do nothing. */
export const firstWord = (text: string): { readonly target: Target; readonly rest: string } | null => {
  const word = /^\s*(?:给|到|to\b)?\s*([^\s,，。:：;；]{1,40})/i.exec(text);
  return word?.[1] ? { target: { kind: 'unknown', said: word[1] }, rest: text.slice(word[0].length) } : null;
};

const cache = new WeakMap<Policy['people'], readonly Name[]>();

const namesOf = (policy: Named): readonly Name[] => {
  const known = cache.get(policy.people);
  if (known) return known;
  const names: Name[] = [];
  const add = (name: string, target: Target) => name !== '' && names.push({ name: name.toLowerCase(), target });
  for (const person of policy.people.values()) {
    const target: Target = { kind: 'person', id: person.id, said: person.name };
    for (const name of [person.id, person.name, ...person.aliases, ...Object.values(person.identities)])
      add(name, target);
  }
  for (const team of policy.teams.values()) {
    const target: Target = { kind: 'team', id: team.id, said: team.name };
    for (const name of [team.id, team.name, ...team.aliases]) add(name, target);
  }
  const sorted = names.sort((a, b) => b.name.length - a.name.length);
  cache.set(policy.people, sorted);
  return sorted;
};
