import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Language } from '../domain/words.ts';
import type { Card, CardAction, Form, RichText } from './card.ts';

/** A platform's name as in the configuration: `slack`, `playground`, later `feishu`, `wecom`. */
export type PlatformName = string;

/** Where a message stands. `thread` is the platform's own id of the thread's first message; a message outside any thread is its own thread. */
export interface MessageRef {
  readonly platform: PlatformName;
  readonly chat: string;
  readonly thread: string;
  readonly message: string;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly url: string | null;
  readonly mime: string | null;
  readonly bytes: number | null;
}

interface EventBase {
  /** The platform's own id of the event, or one made of what makes it unique. Delivered twice, it is the same. */
  readonly id: string;
  readonly platform: PlatformName;
  /** When it happened, by the platform's clock; UTC ms. */
  readonly at: number;
}

/**
 * What can happen in a chat, in this product's words. Stored as JSON in the inbox, so plain data only; a token in it (`reply`) is short-lived and
 * gives no right beyond answering that one event.
 */
export type ChatEvent = EventBase &
  (
    | {
        readonly type: 'message';
        readonly chat: string;
        /** = `message` for a top-level message. */
        readonly thread: string;
        readonly message: string;
        readonly user: string;
        /** As people see it, un-escaped; mentions as `@<id>`, the bot's own mention removed. */
        readonly text: string;
        readonly mentions: readonly string[];
        /** The text addresses the bot. */
        readonly addressed: boolean;
        /** A direct conversation with the bot. */
        readonly direct: boolean;
        readonly attachments: readonly Attachment[];
        /** The author is from outside the organization (Slack Connect). */
        readonly external?: boolean;
      }
    | {
        readonly type: 'message_edited';
        readonly chat: string;
        readonly thread: string;
        readonly message: string;
        readonly user: string;
        readonly text: string;
      }
    | { readonly type: 'message_deleted'; readonly chat: string; readonly message: string }
    | {
        readonly type: 'reaction_added' | 'reaction_removed';
        readonly chat: string;
        readonly message: string;
        readonly user: string;
        /** The platform's name of it, without colons and skin tone; or the character. */
        readonly emoji: string;
      }
    | {
        readonly type: 'button';
        readonly chat: string | null;
        readonly thread: string | null;
        readonly message: string | null;
        readonly user: string;
        readonly action: string;
        readonly value: string;
        readonly reply: ReplyToken | null;
      }
    | {
        /** A slash command or a word to the bot without a thread. */
        readonly type: 'command';
        /** Empty: from a menu that belongs to no chat. */
        readonly chat: string;
        readonly user: string;
        readonly text: string;
        readonly reply: ReplyToken | null;
      }
    | {
        readonly type: 'form';
        readonly user: string;
        readonly form: string;
        readonly context: string;
        readonly values: Readonly<Record<string, string>>;
      }
    | {
        /** "Make a ticket of this" from a menu of the platform. */
        readonly type: 'capture';
        readonly chat: string;
        readonly thread: string;
        readonly message: string;
        readonly user: string;
        readonly reply: ReplyToken | null;
      }
    | { readonly type: 'home_opened'; readonly user: string }
    | { readonly type: 'bot_joined' | 'bot_left'; readonly chat: string; readonly by: string | null }
    | { readonly type: 'chat_moved'; readonly chat: string; readonly to: string }
    | { readonly type: 'chat_closed' | 'chat_reopened'; readonly chat: string }
    | {
        readonly type: 'platform_trouble';
        readonly trouble: 'rate_limited' | 'access_revoked' | 'uninstalled';
        readonly detail: string;
      }
    | { readonly type: 'person_changed'; readonly user: string }
  );

/** Lets the bot answer one interaction privately or open a form; opaque to everyone but the adapter that made it. */
export type ReplyToken = string;

/** What the bot says. A `card` may come with `text` before it (a mention that must notify, since an edited card notifies nobody). */
export interface Outgoing {
  readonly text?: RichText;
  readonly card?: Card;
  /** Buttons under a plain text. */
  readonly actions?: readonly CardAction[];
  /** Said in whose name: a message carried over from the other thread. */
  readonly author?: { readonly name: string };
  /** Page with the whole of a long text: named where the platform's limit makes the adapter cut it. */
  readonly more?: string;
  /** To be pushed by the platform's urgent way; only where `capabilities.urgent`. */
  readonly urgent?: true;
  readonly language: Language;
}

export type Destination =
  | { readonly kind: 'thread'; readonly chat: string; readonly thread: string }
  | { readonly kind: 'chat'; readonly chat: string }
  | { readonly kind: 'direct'; readonly user: string };

export interface Capabilities {
  /** Reactions arrive as events. */
  readonly reactions: boolean;
  /** A message only one person in a chat sees. */
  readonly ephemeral: boolean;
  readonly forms: boolean;
  readonly edit: boolean;
  /** A sent message can be found again by its marker. */
  readonly findByMarker: boolean;
  /** Sending twice with one marker shows one message. */
  readonly idempotentSend: boolean;
  /**
   * A direct message can be made to ring although its reader wants quiet (Feishu's `urgent_app`): one that is `urgent` is sent so. Elsewhere its words alone
   * say that it is urgent.
   */
  readonly urgent: boolean;
  /** Words after `/itr` arrive as a command; elsewhere one mentions the bot. */
  readonly slash: boolean;
  /** A profile says in which language somebody reads; elsewhere it is the one he writes. */
  readonly languages: boolean;
  /** Least time between two messages to one chat, and between two edits of one message; ms. */
  readonly minGapPerChatMs: number;
  readonly minGapPerEditMs: number;
}

export interface Profile {
  readonly name: string;
  readonly email: string | null;
  /** Only one that is not his own to write: people are recognized by it. */
  readonly mobile?: string | null;
  readonly language: Language | null;
  readonly timezone: string | null;
  readonly isBot: boolean;
}

/** `email` or `mobile`: the one that was asked for, as it was asked. */
export type FoundPerson =
  { readonly email: string; readonly user: string } | { readonly mobile: string; readonly user: string };

/**
 * What a platform can do for the conversation. Everything here may be called again after a crash. Methods that reach the platform throw
 * `DeliveryError` (and nothing else that is expected): `permanent` ends in the dead letters, otherwise it is tried again, not before `retryAfterMs`.
 * `unknown` says that the platform may have done it: look with `find` before doing it again.
 */
export interface ChatPlatform {
  readonly name: PlatformName;
  readonly capabilities: Capabilities;

  /** Routes this platform needs on the common port; mounted before everything else, with the raw, unread body. */
  readonly webhooks: readonly Webhook[];

  /** Begins to receive. Events go to the `Receive` that the factory was given. */
  start(): Promise<void>;
  /** Stops accepting, and resolves when nothing it accepted is still on its way into the inbox. */
  stop(): Promise<void>;
  /** One line for `/readyz` and `itr doctor`. */
  health(): { readonly ok: boolean; readonly line: string };

  /** `marker` is unique per message and stays with it. */
  send(to: Destination, what: Outgoing, marker: string): Promise<MessageRef>;
  /** Replaces a message of the bot's own. Throws `DeliveryError` with `gone: true` where it cannot be edited any more: post a new one. */
  edit(ref: MessageRef, what: Outgoing): Promise<void>;
  /** The message sent with this marker, if the platform still has it. `sinceMs`: not older than. */
  find(to: Destination, marker: string, sinceMs: number): Promise<MessageRef | null>;
  /** Said to one person only: in the chat where the platform can, else directly. Not kept by the platform. */
  whisper(
    to: { readonly chat: string; readonly thread: string | null; readonly user: string },
    what: Outgoing,
  ): Promise<void>;
  /** Answers an interaction privately through its token; false: the token has expired or was used up. */
  reply(token: ReplyToken, what: Outgoing): Promise<boolean>;
  /** The event behind this token was handled, and nothing will be said in answer to it: whoever waits for the answer need wait no longer. */
  settled?(token: ReplyToken): void;
  /** Opens a form for whoever caused the token; false: too late. */
  openForm(token: ReplyToken, form: Form): Promise<boolean>;
  /** Where the bot can make chats. */
  readonly rooms?: Rooms;
  /** The start page of one person, where the platform has one. */
  publishHome?(user: string, sections: readonly HomeSection[], language: Language): Promise<void>;

  /** Null: the platform knows nobody of this id. */
  profile(user: string): Promise<Profile | null>;
  /** The users who have these addresses, as far as they are of the organization; those nobody has are left out. At most 50 of each kind. */
  findPeople?(who: {
    readonly emails: readonly string[];
    readonly mobiles: readonly string[];
  }): Promise<readonly FoundPerson[]>;
  /** Messages of a thread as the platform has them now, oldest first: for capture of a thread that began before the bot came. Empty where it cannot. */
  history(chat: string, thread: string): Promise<readonly HistoryMessage[]>;
  /** The thread of a message which the bot has never seen; null: unknown. */
  threadOf(chat: string, message: string): Promise<string | null>;
  /** Names of chats for people. */
  chatName(chat: string): Promise<string | null>;
  permalink(ref: MessageRef): Promise<string | null>;
}

/** Chats that the bot makes. Both may be called again after a crash, and do nothing twice. */
export interface Rooms {
  /**
   * A chat of this name (or, where that is another one's, of it and a number) with nobody in it but the bot. One that the bot made of this name, not before
   * `sinceMs`, is the one.
   */
  open(room: {
    readonly name: string;
    readonly topic: string;
    readonly sinceMs: number;
  }): Promise<{ readonly chat: string } | RoomRefused>;
  /** Lets people in; those who could not be are returned. */
  invite(chat: string, users: readonly string[]): Promise<readonly string[]>;
}

/** Trying again does not help before somebody changes something: the right named in `detail`, or what the workspace allows. */
export interface RoomRefused {
  readonly refused: 'scope' | 'forbidden' | 'other';
  readonly detail: string;
}

export interface Webhook {
  /** Exact path, any method. */
  readonly path: string;
  handle(request: IncomingMessage, response: ServerResponse): void;
}

export interface HomeSection {
  readonly title: string;
  readonly empty: string;
  readonly items: readonly { readonly text: RichText; readonly actions: readonly CardAction[] }[];
}

export interface HistoryMessage {
  readonly message: string;
  readonly user: string;
  readonly at: number;
  readonly text: string;
  readonly mentions: readonly string[];
  readonly attachments: readonly Attachment[];
  readonly isBot: boolean;
}

/**
 * Hands an event in. Resolves when it is durable (or known to be there already): only then may the platform be told "received".
 * Rejects when it could not be stored: the platform must be told to deliver it again.
 */
export type Receive = (event: ChatEvent) => Promise<Immediate>;

/** What has to go into the platform's own answer, decided from the event and the ticket as it is now. */
export type Immediate =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'duplicate' }
  /** A form that lacks something: input name → what is wrong. */
  | {
      readonly kind: 'form_errors';
      readonly errors: Readonly<Record<string, string>>;
      /** What the inputs are called, for platforms that cannot show an error beside its input. */
      readonly labels?: Readonly<Record<string, string>>;
    };

export class DeliveryError extends Error {
  readonly permanent: boolean;
  readonly retryAfterMs: number | null;
  /** The platform may have done it. */
  readonly unknown: boolean;
  /** The message or chat is no more there. */
  readonly gone: boolean;
  /** The message is there, but the one it was to wake was not woken. */
  readonly unreached: boolean;
  /** Which part of the platform is affected, so that the rest goes on: one message, one chat, or the whole platform. */
  readonly scope: 'message' | 'chat' | 'platform';

  constructor(
    message: string,
    options: {
      readonly permanent?: boolean;
      readonly retryAfterMs?: number | null;
      readonly unknown?: boolean;
      readonly gone?: boolean;
      readonly unreached?: boolean;
      readonly scope?: 'message' | 'chat' | 'platform';
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DeliveryError';
    this.permanent = options.permanent ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.unknown = options.unknown ?? false;
    this.gone = options.gone ?? false;
    this.unreached = options.unreached ?? false;
    this.scope = options.scope ?? 'message';
  }
}
