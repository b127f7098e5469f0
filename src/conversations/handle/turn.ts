import type { Desk, Directory } from '../../desk/desk.ts';
import type { Identity, MessagePlace, OutboxDraft, Store, Tx } from '../../desk/ports.ts';
import type { WorldSource } from '../../desk/world.ts';
import type { Actor } from '../../domain/commands.ts';
import type { ChatBinding, Policy } from '../../domain/policy.ts';
import type { MessageKey } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import type { World } from '../../domain/world.ts';
import type { ChatEvent, ChatPlatform, Outgoing } from '../platform.ts';
import { languageOf } from '../intake.ts';
import { texts, type Texts } from '../texts/index.ts';

/** What the conversation needs of a logger. */
export interface Log {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
}

export interface HandleDeps {
  readonly store: Store;
  readonly desk: Desk;
  readonly directory: Directory;
  readonly world: WorldSource;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  /** Where the console's pages are; null: no address is known. */
  readonly publicUrl: string | null;
  readonly now: () => number;
  readonly log: Log;
}

/** Event as the inbox holds it. `formOpened`: the door has opened the form already. */
export type StoredEvent = ChatEvent & { readonly formOpened?: boolean };

/** Somebody who did something in a chat. */
export interface Who {
  readonly actor: Actor;
  readonly user: string;
  readonly language: Language;
  /** Somebody said so: his profile or the configuration. Null: guessed from what he writes. */
  readonly ownLanguage: Language | null;
  readonly timezone: string;
  readonly isBot: boolean;
}

/** Nothing is wrong; it only has to be tried again a little later. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}

/**
 * Where a message belongs; null: nowhere, and that is final. People are quick, and processes die: the message may be a card of ours that is on the screen
 * already, but not recorded as sent yet. What was done to it then waits its turn; lost it must not be.
 */
export const placeOnceSent = async (turn: Turn, key: MessageKey): Promise<MessagePlace | null> => {
  const { read } = turn.deps.store;
  const place = await read.placeOfMessage(key);
  if (place !== null) return place;
  if (await read.isSending(`${turn.platform}:${key.chat}`))
    throw new NotYet('a message of the bot is still on its way');
  // It may have been recorded between the two questions.
  return read.placeOfMessage(key);
};

/** What happens in the one transaction. */
export type Act = (tx: Tx) => Promise<void>;

/** An event of one type. */
export type EventOf<T extends ChatEvent['type']> = Having<StoredEvent, T>;

type Having<E, T> = E extends { readonly type: infer U } ? (T extends U ? E : never) : never;

/** One event being handled. */
export interface Turn {
  readonly deps: HandleDeps;
  readonly world: World;
  readonly policy: Policy;
  readonly platform: string;
  /** Null: the platform is configured no more; what it once delivered is still handled. */
  readonly chatPlatform: ChatPlatform | null;
  /** Of the inbox row: everything said in answer to it carries it in its key, so a retry says nothing twice. */
  readonly id: string;
  readonly at: number;
  readonly now: number;
  /** Tried before: something outside may have been done already. */
  readonly retried: boolean;
  /** Profiles fetched while preparing, saved with the rest. */
  readonly fetched: Identity[];
  /** Done after the commit. */
  readonly afterwards: (() => Promise<void>)[];
  /** How many answers were queued so far. */
  said: number;
  /** Whether one of them answers the interaction itself. */
  replied: boolean;
}

export const bindingOf = (turn: Turn, chat: string | null): ChatBinding | null =>
  turn.policy.chats.find((one) => one.platform === turn.platform && one.id === chat) ?? null;

export const keyOf = (turn: Turn, chat: string, message: string): MessageKey => ({
  platform: turn.platform,
  chat,
  message,
});

export const wordsFor = (who: Who): Texts => texts(who.language);

/** Where an answer to one person is whispered. */
export interface Ear {
  readonly chat: string | null;
  readonly thread: string | null;
  readonly user: string;
  readonly reply?: string | null;
}

/** Tells one person, in his language; never the chat. */
export const tell = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Omit<Ear, 'user'>,
  what: Omit<Outgoing, 'language'>,
  ticket: number | null = null,
): Promise<void> => {
  const said: Outgoing = { ...what, language: who.language };
  turn.replied ||= ear.reply != null;
  await tx.enqueue([
    {
      key: `private:${turn.id}:${turn.said++}`,
      lane: `${turn.platform}:@${who.user}`,
      ticket,
      delivery: {
        kind: 'private',
        platform: turn.platform,
        chat: ear.chat,
        thread: ear.thread,
        user: who.user,
        reply: ear.reply ?? null,
        what: said,
      },
      dueAt: turn.now,
    },
  ]);
};

/** Tells a thread, or the chat where `thread` is null. With a `key` of its own it is said once ever, whatever asks for it. */
export const sayInChat = async (
  tx: Tx,
  turn: Turn,
  place: { readonly chat: string; readonly thread: string | null },
  what: Outgoing,
  options: { readonly ticket?: number | null; readonly key?: string } = {},
): Promise<void> => {
  const row: OutboxDraft = {
    key: options.key ?? `say:${turn.id}:${turn.said++}`,
    lane: `${turn.platform}:${place.chat}`,
    ticket: options.ticket ?? null,
    delivery: { kind: 'say', platform: turn.platform, chat: place.chat, thread: place.thread, what },
    dueAt: turn.now,
  };
  await tx.enqueue([row]);
};

/** Null: it was chosen from a menu that belongs to no chat. */
export const chatOfCommand = ({ chat }: EventOf<'command'>): string | null => (chat === '' ? null : chat);

/**
 * The language to answer a person in: the configuration's word, then Chinese for whoever writes it (many have their client in English), then his profile.
 */
export const languageFor = (
  policy: Policy,
  person: string,
  profile: Language | null,
  written: string,
): { readonly own: Language | null; readonly language: Language } => {
  const own = policy.people.get(person)?.locale ?? profile;
  const spoken = languageOf(written);
  if (policy.people.get(person)?.locale) return { own, language: own ?? policy.locale };
  return { own, language: spoken === 'zh-CN' ? spoken : (own ?? spoken ?? policy.locale) };
};
