/** Whoever may be a person of the configuration is asked directly whether he is; his own word alone makes it so. */
import type { Store, Tx } from '../desk/ports.ts';
import { matchOf, standings, wantedOn, type Match, type Wanted } from '../domain/identity.ts';
import type { Policy } from '../domain/policy.ts';
import type { Language } from '../domain/words.ts';
import { actionValue } from './actions.ts';
import type { ChatPlatform, FoundPerson, Outgoing } from './platform.ts';
import { identityTexts } from './texts/identity.ts';

/** Every event asks for it, and it changes with the configuration only. */
const kept = new WeakMap<Policy, Map<string, Wanted>>();

export const wantedIn = (policy: Policy, platform: string): Wanted => {
  const known = kept.get(policy) ?? new Map<string, Wanted>();
  kept.set(policy, known);
  const wanted = known.get(platform) ?? wantedOn(policy, platform);
  known.set(platform, wanted);
  return wanted;
};

export const teamsOf = (person: string, policy: Policy): readonly string[] =>
  (policy.people.get(person)?.teams ?? []).map((team) => policy.teams.get(team)?.name ?? team);

/** Puts the question, where it was not put before. True: it is on its way. */
export const ask = async (
  tx: Tx,
  { person, by }: Match,
  to: { readonly platform: string; readonly user: string; readonly language: Language },
  policy: Policy,
  now: number,
): Promise<boolean> => {
  const { platform, user, language } = to;
  if (!(await tx.askPerson({ platform, user, person, by, askedAt: now }))) return false;
  const t = identityTexts(language);
  const value = actionValue(null, person);
  const what: Outgoing = {
    text: t.ask(policy.people.get(person)?.name ?? person, teamsOf(person, policy)),
    actions: [
      { action: 'identify:yes', value, label: t.yes, style: 'primary' },
      { action: 'identify:no', value, label: t.no },
    ],
    language,
  };
  await tx.enqueue([
    {
      key: `identify:${platform}:${user}:${person}:${now}`,
      lane: `${platform}:@${user}`,
      ticket: null,
      delivery: { kind: 'private', platform, chat: null, thread: null, user, reply: null, what },
      dueAt: now,
    },
  ]);
  return true;
};

/** What a platform takes in one call, and Slack in one minute. */
const AT_ONCE = 40;

export interface SearchDeps {
  readonly store: Store;
  readonly policy: Policy;
  readonly now: number;
  /** Between two calls of one platform. */
  readonly pause: () => Promise<void>;
}

/**
 * Looks on a platform for the people who have no id there, and asks those who are found. Who was asked before is not looked for.
 * @returns how many were asked. Throws what the platform throws; those who were found before it are asked.
 */
export const askThoseFound = async (platform: ChatPlatform, deps: SearchDeps): Promise<number> => {
  const { store, policy, now } = deps;
  if (platform.findPeople === undefined) return 0;
  const wanted = wantedIn(policy, platform.name);
  const strangers = new Set(
    standings(policy, await store.read.personLinks(), [platform.name])
      .filter(({ on }) => on[platform.name]?.state === 'unmatched')
      .map(({ id }) => id),
  );
  const left = [...strangers].map((person) => ({
    emails: addressesOf(wanted.email, person),
    mobiles: addressesOf(wanted.mobile, person),
  }));
  let asked = 0;
  for (let from = 0; from < left.length; from += AT_ONCE) {
    if (from > 0) await deps.pause();
    const some = left.slice(from, from + AT_ONCE);
    const emails = some.flatMap((one) => one.emails);
    const mobiles = some.flatMap((one) => one.mobiles);
    if (emails.length + mobiles.length === 0) continue;
    for (const [user, match] of matchesOf(wanted, await platform.findPeople({ emails, mobiles }))) {
      if (isConfigured(policy, platform.name, user)) continue;
      const identity = await store.read.identity(platform.name, user);
      const language = policy.people.get(match.person)?.locale ?? identity?.language ?? policy.locale;
      const to = { platform: platform.name, user, language };
      if (await store.write((tx) => ask(tx, match, to, policy, now))) asked += 1;
    }
  }
  return asked;
};

export const isConfigured = (policy: Policy, platform: string, user: string): boolean =>
  [...policy.people.values()].some(({ identities }) => identities[platform] === user);

const addressesOf = (among: ReadonlyMap<string, string>, person: string): readonly string[] =>
  [...among].flatMap(([address, owner]) => (owner === person ? [address] : []));

/** Nobody where two users seem to be one person, or one user two people. */
const matchesOf = (wanted: Wanted, found: readonly FoundPerson[]): ReadonlyMap<string, Match> => {
  const matches = new Map<string, Match | null>();
  for (const one of found) {
    const contact = 'email' in one ? { email: one.email, mobile: null } : { email: null, mobile: one.mobile };
    const match = matchOf(wanted, contact);
    if (match === null) continue;
    const before = matches.get(one.user);
    matches.set(one.user, before === undefined || before?.person === match.person ? (before ?? match) : null);
  }
  const people = [...matches.values()].flatMap((match) => match?.person ?? []);
  return new Map(
    [...matches].flatMap(([user, match]) =>
      match === null || people.filter((person) => person === match.person).length > 1 ? [] : [[user, match] as const],
    ),
  );
};
