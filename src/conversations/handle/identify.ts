/** Somebody whom the configuration does not know does something: is he one of its people? */
import { matchOf, stillMatches } from '../../domain/identity.ts';
import { ask, isConfigured, teamsOf, wantedIn } from '../identity.ts';
import { identityTexts } from '../texts/identity.ts';
import type { Place } from './answers.ts';
import { languageFor, tell, type Act, type EventOf, type StoredEvent, type Turn, type Who } from './turn.ts';

/**
 * The question, where there is one to put. The platform is not asked for it: whose name nobody needs is not looked up, he is found by the daily search.
 * Until he confirms he stays who he was.
 */
export const questionFor = async (turn: Turn, event: StoredEvent): Promise<Act | null> => {
  const user = actingIn(event);
  const wanted = wantedIn(turn.policy, turn.platform);
  if (user === null || wanted.email.size + wanted.mobile.size === 0) return null;
  if (isConfigured(turn.policy, turn.platform, user)) return null;
  const { store } = turn.deps;
  const identity = turn.fetched.find((one) => one.user === user) ?? (await store.read.identity(turn.platform, user));
  if (identity === null || identity.isBot) return null;
  const match = matchOf(wanted, identity);
  if (match === null) return null;
  const before = await store.read.personLink(turn.platform, user);
  if (before?.person === match.person) return null;
  const { language } = languageFor(turn.policy, match.person, identity.language, '');
  const to = { platform: turn.platform, user, language };
  return async (tx) => {
    const asked = await ask(tx, match, to, turn.policy, turn.now);
    // He was somebody else before, who is gone.
    if (asked && before !== null) turn.afterwards.push(() => turn.deps.world.refresh());
  };
};

/** Null: nobody, or somebody of another organization, whose addresses his own administrators write. */
const actingIn = (event: StoredEvent): string | null => {
  switch (event.type) {
    case 'message':
      return event.external === true ? null : event.user;
    case 'reaction_added':
    case 'button':
    case 'command':
    case 'form':
    case 'capture':
      return event.user;
    default:
      return null;
  }
};

/** "That's me" or "No". The question may be weeks old. */
export const onIdentified = (
  turn: Turn,
  event: EventOf<'button'>,
  who: Who,
  ear: Place,
  { yes, person }: { readonly yes: boolean; readonly person: string },
): Act => {
  const t = identityTexts(who.language);
  const { platform, policy, now: at } = turn;
  const { user } = event;
  return async (tx) => {
    const link = await tx.personLink(platform, user);
    if (link?.state !== 'asked' || link.person !== person) return tell(tx, turn, who, ear, { text: t.settled });
    const name = policy.people.get(person)?.name ?? person;
    const identity = turn.fetched.find((one) => one.user === user) ?? (await tx.identity(platform, user));
    const contact = identity ?? { email: null, mobile: null };
    if (yes && (isConfigured(policy, platform, user) || !stillMatches(wantedIn(policy, platform), link, contact)))
      return tell(tx, turn, who, ear, { text: t.changed(name) });
    const state = yes ? 'confirmed' : 'refused';
    if (!(await tx.answerPerson({ platform, user, person, state, at })))
      return tell(tx, turn, who, ear, { text: t.settled });
    // Decisions read the links from memory; after the commit, since what is rolled back must not be there.
    turn.afterwards.push(async () => {
      turn.deps.log.info({ platform, user, person, by: link.by }, `who somebody is was ${state} by himself`);
      await turn.deps.world.refresh();
    });
    await tell(tx, turn, who, ear, { text: yes ? t.linked(name, teamsOf(person, policy)) : t.refused });
  };
};
