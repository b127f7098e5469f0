import type { Card, CardAction, Form, RichText } from '../../conversations/card.ts';
import type { ChatEvent, HomeSection } from '../../conversations/platform.ts';
import type { Language } from '../../domain/words.ts';

/** Somebody the visitor can be. Whether the directory knows this id is the configuration's business, not the playground's. */
export interface PlaygroundPerson {
  readonly id: string;
  readonly name: string;
  /** Other spellings that an @-mention understands. */
  readonly aliases: readonly string[];
  /** What the person switcher says: the name in the page's language, and who that is. */
  readonly shown: Readonly<Record<Language, { readonly name: string; readonly role: string }>>;
  readonly language: Language;
  readonly timezone: string;
}

export interface PlaygroundChat {
  readonly id: string;
  readonly name: string;
  readonly about: Readonly<Record<Language, string>>;
  /** Who sees it; left out: everybody. */
  readonly members?: readonly string[];
}

/** Text, card and buttons as they were sent: the page draws them, the server only keeps them. */
export interface Content {
  readonly text: RichText;
  readonly card: Card | null;
  readonly actions: readonly CardAction[];
  readonly language: Language;
}

export type Author =
  | { readonly kind: 'person'; readonly id: string }
  /** The bot; `name`: in whose name it carries a message over from another thread. */
  | { readonly kind: 'bot'; readonly name: string | null };

export interface StoredMessage {
  readonly id: string;
  /** Grows with every message of all chats: what a reader has seen is one number. */
  readonly seq: number;
  readonly chat: string;
  /** = `id` for a top-level message. */
  readonly thread: string;
  readonly at: number;
  readonly author: Author;
  content: Content;
  editedAt: number | null;
  deleted: boolean;
  /** Emoji → who, in the order of adding. */
  reactions: { emoji: string; users: string[] }[];
  readonly marker: string | null;
}

/** Seen by one person, dropped from the oldest, gone after a restart: a platform does not keep whispers either. */
export interface Whisper {
  readonly id: string;
  readonly chat: string;
  readonly thread: string | null;
  readonly user: string;
  readonly at: number;
  readonly content: Content;
}

export interface OpenForm {
  readonly id: string;
  readonly user: string;
  readonly form: Form;
}

export interface Home {
  readonly sections: readonly HomeSection[];
  readonly language: Language;
}

/** What survives a restart. */
export interface Saved {
  readonly version: 1;
  /** What the visitor chose last; absent: nobody has chosen yet. */
  language?: Language;
  /** Next number of a message; never used twice in one database, since tickets are linked to these ids. */
  next: number;
  /** How far the visitor has pushed the clock: it must not run backwards after a restart. */
  advancedMs: number;
  messages: StoredMessage[];
  /** Chats that the bot made. */
  rooms?: PlaygroundChat[];
  /** Happened, but the bot could not take it yet: delivered again, oldest first. */
  pending: ChatEvent[];
}

export const BOT = 'itr';

export const DIRECT = 'dm:';
export const directChat = (user: string): string => `${DIRECT}${user}`;
export const personOfDirect = (chat: string): string | null =>
  chat.startsWith(DIRECT) ? chat.slice(DIRECT.length) : null;
