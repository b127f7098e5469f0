/** Whoever has to mend the rota is told where nobody is on duty: once for each hole. */
import type { Directory } from '../desk/desk.ts';
import type { OutboxDraft, Tx } from '../desk/ports.ts';
import type { Hole } from '../domain/roster.ts';
import type { World } from '../domain/world.ts';
import type { Language } from '../domain/words.ts';
import type { RichText } from './card.ts';
import type { Outgoing } from './platform.ts';
import { nameOf } from './cards/view.ts';
import { instant, join } from './texts/index.ts';
import { rosterTexts } from './texts/roster.ts';

export interface HolesDeps {
  readonly directory: Pick<Directory, 'addresses'>;
  readonly world: World;
  readonly now: number;
}

/** @returns how many holes were new. @param key what makes these messages differ from others of the kind. */
export const tellHoles = async (
  tx: Tx,
  deps: HolesDeps,
  team: string,
  holes: readonly Hole[],
  key: string,
): Promise<number> => {
  const fresh: Hole[] = [];
  for (const hole of holes) {
    const seen = await tx.remember(`hole:${team}:${hole.from ?? ''}:${hole.until ?? ''}`, String(deps.now));
    if (seen.first) fresh.push(hole);
  }
  if (fresh.length === 0) return 0;
  for (const person of mendersOf(team, deps))
    await tx.enqueue(toPerson(deps, person, (language) => aboutHoles(deps, team, fresh, person, language), key));
  return fresh.length;
};

/** The lead; without one that can be reached, the administrators: a hole that nobody hears of is the worst kind. */
const mendersOf = (team: string, { world, directory }: HolesDeps): readonly string[] => {
  const lead = world.policy.teams.get(team)?.lead;
  if (lead != null && directory.addresses(lead).length > 0) return [lead];
  return [...world.policy.people.values()].filter(({ roles }) => roles.includes('admin')).map(({ id }) => id);
};

export const aboutHoles = (
  { world, now }: Pick<HolesDeps, 'world' | 'now'>,
  team: string,
  holes: readonly Hole[],
  reader: string,
  language: Language,
): RichText => {
  const { policy } = world;
  const found = policy.teams.get(team);
  const t = rosterTexts(language);
  const point = { now, timezone: policy.people.get(reader)?.timezone ?? policy.timezone };
  const shown = holes.slice(0, 5).map(({ from, until }) => ({
    from: from === null || from <= now ? null : instant(from, point, language),
    until: until === null ? null : instant(until, point, language),
  }));
  const lead = found?.lead == null ? null : nameOf(found.lead, policy);
  return join([t.holes(found?.name ?? team, shown), t.holesHelp(lead)], language === 'en' ? ' ' : '');
};

/** A direct message, worded in the reader's language; nothing where he cannot be reached. */
export const toPerson = (
  { directory, world, now }: HolesDeps,
  person: string,
  word: (language: Language) => RichText,
  key: string,
  more: Omit<Outgoing, 'text' | 'language'> = {},
): readonly OutboxDraft[] => {
  const address = directory.addresses(person)[0];
  if (address === undefined) return [];
  const language = world.policy.people.get(person)?.locale ?? world.policy.locale;
  const what: Outgoing = { ...more, text: word(language), language };
  return [
    {
      key: `roster:${key}:${person}`,
      lane: `${address.platform}:@${address.user}`,
      ticket: null,
      delivery: {
        kind: 'private',
        platform: address.platform,
        chat: null,
        thread: null,
        user: address.user,
        reply: null,
        what,
      },
      dueAt: now,
    },
  ];
};
