/**
 * Who a user of a platform is, where the configuration does not say it: found by e-mail or mobile, and true only once he has confirmed it himself. An
 * address alone gives no rights.
 */
import type { Person, Policy } from './policy.ts';

/** What a user of a platform was asked, and what he answered. One for each user; the latest question counts. */
export interface PersonLink {
  readonly platform: string;
  readonly user: string;
  /** Of the configuration. */
  readonly person: string;
  /** By what he was found. */
  readonly by: MatchedBy;
  /** `refused`: by himself, or taken back by an administrator. */
  readonly state: 'asked' | 'confirmed' | 'refused';
  readonly askedAt: number;
  /** Null: he has not answered. */
  readonly answeredAt: number | null;
}

export const MATCHED_BY = ['email', 'mobile'] as const;
export type MatchedBy = (typeof MATCHED_BY)[number];

/** What a platform tells of a user that a person of the configuration may be found by. */
export interface Contact {
  readonly email: string | null;
  readonly mobile: string | null;
}

export interface Match {
  readonly person: string;
  readonly by: MatchedBy;
}

/** `138 0013 8000` and `+86 138-0013-8000` are one number: without a country it is one of China, where it can be one. Null: no number. */
export const mobileOf = (said: string): string | null => {
  const digits = said.replaceAll(/[\s().-]/g, '').replace(/^00/, '+');
  if (/^1\d{10}$/.test(digits)) return `+86${digits}`;
  return /^\+?\d{5,15}$/.test(digits) ? digits : null;
};

/**
 * The policy with what people have confirmed. The configuration wins: a link to somebody who has an id on that platform by now, or is gone, does nothing,
 * nor does one from an id that the configuration gives to anybody. Of two links to one person the earlier answer counts.
 */
export const withLinks = (policy: Policy, links: readonly PersonLink[]): Policy => {
  const confirmed = links
    .filter(({ state }) => state === 'confirmed')
    .sort((a, b) => (a.answeredAt ?? 0) - (b.answeredAt ?? 0) || (a.user < b.user ? -1 : 1));
  if (confirmed.length === 0) return policy;
  const people = new Map(policy.people);
  for (const { platform, user, person } of confirmed) {
    const found = people.get(person);
    if (found === undefined || found.identities[platform] !== undefined || ownerOfId(policy, platform, user) !== null)
      continue;
    people.set(
      person,
      Object.freeze({
        ...found,
        identities: Object.freeze({ ...found.identities, [platform]: user }),
        confirmed: Object.freeze([...(found.confirmed ?? []), platform]),
      }),
    );
  }
  return Object.freeze({ ...policy, people });
};

const ownerOfId = (policy: Policy, platform: string, user: string): Person | null =>
  [...policy.people.values()].find(({ identities }) => identities[platform] === user) ?? null;

/** Those who have no id on a platform and can be found there: by an address that nobody else of the configuration has. */
export interface Wanted {
  /** Address → person. E-mails in lower case, mobiles as `mobileOf` writes them. */
  readonly email: ReadonlyMap<string, string>;
  readonly mobile: ReadonlyMap<string, string>;
}

export const wantedOn = (policy: Policy, platform: string): Wanted => {
  const missing = (address: (person: Person) => string | null): ReadonlyMap<string, string> => {
    const owners = new Map<string, Person | null>();
    for (const person of policy.people.values()) {
      const said = address(person);
      if (said !== null) owners.set(said, owners.has(said) ? null : person);
    }
    return new Map(
      [...owners].flatMap(([said, owner]) =>
        owner === null || owner.identities[platform] !== undefined ? [] : [[said, owner.id] as const],
      ),
    );
  };
  return {
    email: missing(({ email }) => email?.toLowerCase() ?? null),
    mobile: missing(({ mobile }) => (mobile == null ? null : mobileOf(mobile))),
  };
};

/** Who somebody with this address may be. Null: nobody, or his e-mail and his mobile are of two people. */
export const matchOf = (wanted: Wanted, { email, mobile }: Contact): Match | null => {
  const byEmail = email === null ? undefined : wanted.email.get(email.trim().toLowerCase());
  const number = mobile === null ? null : mobileOf(mobile);
  const byMobile = number === null ? undefined : wanted.mobile.get(number);
  if (byEmail !== undefined && byMobile !== undefined && byEmail !== byMobile) return null;
  if (byEmail !== undefined) return { person: byEmail, by: 'email' };
  return byMobile === undefined ? null : { person: byMobile, by: 'mobile' };
};

/**
 * Whether a question that was put earlier may still be answered with yes: the configuration, or his address, may have changed since. What the platform
 * does not tell (now) is no reason against it.
 */
export const stillMatches = (wanted: Wanted, { person, by }: Match, { email, mobile }: Contact): boolean => {
  if (![...wanted[by].values()].includes(person)) return false;
  const told = by === 'email' ? email : mobile;
  return told === null || matchOf(wanted, { email, mobile })?.person === person;
};

/** How a person stands on a platform. */
export type Standing =
  | { readonly state: 'configured'; readonly user: string }
  | { readonly state: 'confirmed'; readonly user: string; readonly at: number }
  | { readonly state: 'asked' | 'refused'; readonly user: string; readonly at: number }
  | { readonly state: 'unmatched' };

export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  readonly teams: readonly string[];
  readonly on: Readonly<Record<string, Standing>>;
}

/** Everybody of the configuration, and where he is known. `policy` is the one with the links. */
export const standings = (
  policy: Policy,
  links: readonly PersonLink[],
  platforms: readonly string[],
): readonly KnownPerson[] =>
  [...policy.people.values()].map((person) => ({
    id: person.id,
    name: person.name,
    teams: person.teams.map((team) => policy.teams.get(team)?.name ?? team),
    on: Object.fromEntries(platforms.map((platform) => [platform, standingOf(person, platform, links)])),
  }));

const standingOf = (person: Person, platform: string, links: readonly PersonLink[]): Standing => {
  const user = person.identities[platform];
  const about = links.filter((link) => link.platform === platform && link.person === person.id);
  if (user !== undefined) {
    if (!(person.confirmed ?? []).includes(platform)) return { state: 'configured', user };
    return { state: 'confirmed', user, at: about.find((link) => link.user === user)?.answeredAt ?? 0 };
  }
  // An open question before an answer: of several users who were asked, one may still say yes.
  const link = about.find(({ state }) => state === 'asked') ?? about.find(({ state }) => state === 'refused');
  if (link === undefined || link.state === 'confirmed') return { state: 'unmatched' };
  return { state: link.state, user: link.user, at: link.answeredAt ?? link.askedAt };
};
