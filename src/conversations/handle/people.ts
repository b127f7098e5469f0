import type { Identity } from '../../desk/ports.ts';
import { DAY } from '../../domain/instant.ts';
import { languageOf } from '../intake.ts';
import { DeliveryError, type ChatPlatform } from '../platform.ts';
import { languageFor, type Turn, type Who } from './turn.ts';

/** A profile older than this is asked for again. */
const FRESH_MS = DAY;

/**
 * Who a platform's user is. Asks the platform for a profile it has not told within a day; if it does not answer, what is known must do, for an event
 * must not wait for a name. Reaches the network: never inside a transaction.
 */
export const whoIs = async (turn: Turn, user: string, chat: string | null, written = ''): Promise<Who> => {
  const identity = listened(turn, await identityOf(turn, user), written);
  return asWho(turn, user, chat, identity, written);
};

/**
 * Where a platform does not say which language somebody reads, it is the one he writes, also for what is drawn on a press of a button. Chinese stays:
 * many a Chinese engineer begins with an error message in English, nobody else writes Chinese.
 */
const listened = (turn: Turn, identity: Identity | null, written: string): Identity | null => {
  if (identity === null || turn.chatPlatform?.capabilities.languages !== false || !isSentence(written)) return identity;
  const spoken = languageOf(written);
  if (spoken === null || spoken === identity.language || identity.language === 'zh-CN') return identity;
  const heard = { ...identity, language: spoken };
  turn.fetched.splice(0, turn.fetched.length, ...turn.fetched.filter((one) => one.user !== heard.user), heard);
  return heard;
};

export const asWho = (turn: Turn, user: string, chat: string | null, identity: Identity | null, written = ''): Who => {
  const { deps, policy, platform } = turn;
  const actor = deps.directory.actor(platform, user, identity?.name ?? user, chat);
  const { own, language } = languageFor(
    policy,
    actor.id,
    identity?.language ?? null,
    isSentence(written) ? written : '',
  );
  return {
    actor,
    user,
    language,
    ownLanguage: own,
    timezone: policy.people.get(actor.id)?.timezone ?? identity?.timezone ?? policy.timezone,
    isBot: identity?.isBot ?? false,
  };
};

/** `/itr duty db-l1` is typed in every country: commands in Latin letters say nothing of the language. */
const isSentence = (text: string): boolean => /[\u3400-\u9fff]/.test(text) || hasMoreWordsThan(4, text);

const hasMoreWordsThan = (count: number, text: string): boolean => {
  const words = text.matchAll(/[a-z]{2,}/gi);
  for (let n = 0; n < count; n++) if (words.next().done === true) return false;
  return words.next().done !== true;
};

export const identityOf = async (turn: Turn, user: string): Promise<Identity | null> => {
  const fetched = turn.fetched.find((one) => one.user === user);
  if (fetched) return fetched;
  const known = await turn.deps.store.read.identity(turn.platform, user);
  if (known !== null && turn.now - known.at < FRESH_MS) return known;
  return (await fetchIdentity(turn, user)) ?? known;
};

/** Null: the platform knows nobody of this id, or could not say. */
export const fetchIdentity = async (turn: Turn, user: string): Promise<Identity | null> => {
  const profile = await asked(turn, 'profile', (platform) => platform.profile(user));
  if (profile === null) return null;
  const { platform, now: at } = turn;
  const language = profile.language ?? (await turn.deps.store.read.identity(platform, user))?.language ?? null;
  const identity: Identity = { ...profile, language, mobile: profile.mobile ?? null, platform, user, at };
  turn.fetched.push(identity);
  return identity;
};

/** Asks the platform something that the event can do without; null where it does not answer. */
export const asked = async <T>(
  turn: Turn,
  what: string,
  ask: (platform: ChatPlatform) => Promise<T>,
): Promise<T | null> => {
  if (turn.chatPlatform === null) return null;
  try {
    return await ask(turn.chatPlatform);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    turn.deps.log.warn(
      { platform: turn.platform, what, reason: error.message },
      'the platform did not answer; going on without it',
    );
    return null;
  }
};
