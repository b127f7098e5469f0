import type { DutyOverride } from '../domain/duty.ts';
import type { TicketEvent } from '../domain/events.ts';
import type { PersonLink } from '../domain/identity.ts';
import type { Notice } from '../domain/notices.ts';
import type { ChatBinding, Policy } from '../domain/policy.ts';
import type { MessageKey, PersonRef, Ticket } from '../domain/ticket.ts';
import type { Timer } from '../domain/timers.ts';

/** Milliseconds UTC. The playground moves it; everything else reads it. */
export interface Clock {
  now(): number;
}

/** Says "an earlier row is due now" to a sleeping loop. Called after the commit; may be called too often, never too seldom. */
export interface Wake {
  (loop: 'inbox' | 'timers' | 'outbox', dueAt?: number): void;
}

/** The configuration in force, with the chats that were bound in chat. */
export interface PolicySource {
  current(): Policy;
}

/**
 * What is written together. Everything a `work` reads or writes through `tx` is one transaction; if `work` throws, nothing of it stays.
 * Never touches the network: a transaction holds the one writer.
 */
export interface Store {
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads outside any transaction: committed data only, also while a transaction is open. */
  readonly read: Reads;
}

export interface Reads {
  ticket(number: number): Promise<Ticket | null>;
  /** The ticket of a thread, whatever the thread's role. */
  ticketOfThread(platform: string, chat: string, thread: string): Promise<number | null>;
  /** The thread (and the ticket, if any) of a message that was stored or sent. */
  placeOfMessage(key: MessageKey): Promise<MessagePlace | null>;
  /** In which of these chats a message is, for platforms whose reactions do not say it; null: in none that we know. */
  chatOfMessage(platform: string, message: string, chats: readonly string[]): Promise<string | null>;
  /**
   * Whether something may just be appearing in this lane that is not recorded as sent yet: it is under way, or it was when a process died. A reaction to
   * a message nobody knows may then be one to it.
   */
  isSending(lane: string): Promise<boolean>;
  timeline(
    number: number,
    range?: { readonly afterSeq?: number; readonly limit?: number },
  ): Promise<readonly TicketEvent[]>;
  timersOf(number: number): Promise<readonly Timer[]>;
  /** Oldest first. */
  threadMessages(platform: string, chat: string, thread: string): Promise<readonly StoredMessage[]>;
  identity(platform: string, user: string): Promise<Identity | null>;
  /** What this user was asked of who he is; null: nothing. */
  personLink(platform: string, user: string): Promise<PersonLink | null>;
  /** All of them. */
  personLinks(): Promise<readonly PersonLink[]>;
  overrides(): Promise<readonly DutyOverride[]>;
  bindings(): Promise<readonly ChatBinding[]>;
  /** Open tickets owned by a person, or waiting in a team; newest first. For `/itr mine`, the home page and digests. */
  openTickets(filter: {
    readonly assignee?: string;
    readonly requester?: string;
    readonly team?: string;
    readonly limit: number;
  }): Promise<readonly Ticket[]>;
  /** The card in a thread. */
  card(platform: string, chat: string, thread: string): Promise<SentCard | null>;
  sent(marker: string): Promise<SentMessage | null>;
  /** The notices of a lane that are due and nobody is sending, oldest first, and when the latest ones were sent (since `since`, oldest first). */
  noticesIn(lane: string, now: number, since: number): Promise<LaneNow>;
  keyValue(key: string): Promise<string | null>;
  /** How many tickets each of these people has in hand; who has none may be left out. */
  loadOf(people: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export interface Tx extends Reads {
  nextNumber(): Promise<number>;
  /**
   * The row, its new events, its complete set of timers. Where the ticket's seq is no more `expectedSeq` (0: new), the transaction fails with `Conflict`,
   * here or later: what is written may wait until something is read, or for the end.
   */
  saveTicket(save: {
    readonly ticket: Ticket;
    readonly expectedSeq: number;
    readonly events: readonly TicketEvent[];
    readonly timers: readonly Timer[];
  }): Promise<void>;
  /** A key that is there already is left alone, except a stale card, whose one row becomes due again. */
  enqueue(rows: readonly OutboxDraft[]): Promise<void>;
  /** Insert or, for a later edit, replace. */
  saveMessage(message: StoredMessage): Promise<void>;
  editMessage(key: MessageKey, text: string): Promise<void>;
  deleteMessage(key: MessageKey): Promise<void>;
  saveCard(card: SentCard): Promise<void>;
  saveSent(message: SentMessage): Promise<void>;
  /** Rows of the outbox that are said with another one, in one message: sent with it, where they still wait. */
  saidWith(keys: readonly string[], at: number): Promise<void>;
  saveIdentity(identity: Identity): Promise<void>;
  /** True: this user has not been asked yet whether he is that person, and is now. A question about somebody else, whatever its answer, is replaced. */
  askPerson(link: Pick<PersonLink, 'platform' | 'user' | 'person' | 'by' | 'askedAt'>): Promise<boolean>;
  /** True: he was asked that, and this is his first answer. */
  answerPerson(answer: {
    readonly platform: string;
    readonly user: string;
    readonly person: string;
    readonly state: 'confirmed' | 'refused';
    readonly at: number;
  }): Promise<boolean>;
  /**
   * Takes back what this user was asked or has confirmed: he is that person no more, and is not asked again; with `askAgain` as though he had never been
   * asked. False: there was nothing.
   */
  unlinkPerson(
    platform: string,
    user: string,
    how: { readonly askAgain: boolean; readonly at: number },
  ): Promise<boolean>;
  saveBinding(binding: ChatBinding & { readonly by: string; readonly at: number }): Promise<void>;
  removeBinding(platform: string, chat: string): Promise<boolean>;
  saveOverride(override: DutyOverride & { readonly by: string }): Promise<void>;
  setKeyValue(key: string, value: string | null): Promise<void>;
  /**
   * Until the end of this transaction nobody else gives a ticket by turns or by load. False: nobody could have done so since it began, and what was read of
   * turns and load still holds.
   */
  takeTurns(): Promise<boolean>;
  /** Adds one to a counter that only grows. */
  count(name: string): Promise<void>;
  /** True the first time a key is seen; the value is then remembered. */
  remember(
    key: string,
    value: string,
  ): Promise<{ readonly first: true } | { readonly first: false; readonly value: string }>;
  /** Takes a due inbox row out of the queue inside this transaction; false: somebody else did. */
  finishInbox(id: string): Promise<boolean>;
  /**
   * Takes due timers of different tickets out, those that still stand so. None is waited for. Of several, one whose ticket is linked may be left: what it
   * causes changes other tickets, and a transaction that holds many must not wait for one more.
   */
  finishTimers(rows: readonly DueTimer[]): Promise<readonly TimerClaim[]>;
}

export interface DueTimer {
  readonly ticket: number;
  readonly timer: Timer;
}

/** `others`: it was moved or fired meanwhile, or somebody else is at it. `alone`: it wants a transaction of its own. */
export type TimerClaim = 'ours' | 'others' | 'alone';

/** Two writers met on one ticket; the second may simply try again. */
export class Conflict extends Error {
  constructor(ticket: number) {
    super(`ITR-${ticket} was changed by another writer`);
    this.name = 'Conflict';
  }
}

export interface MessagePlace {
  readonly thread: string;
  readonly ticket: number | null;
  /** The bot's own: what it was. Null: a person's message. */
  readonly sentAs: SentMessage['kind'] | null;
  /** Of a carried copy: the message it is a copy of. */
  readonly copyOf: MessageKey | null;
}

export interface StoredMessage {
  readonly platform: string;
  readonly chat: string;
  readonly thread: string;
  readonly message: string;
  /** `platform:id` or a person of the configuration. */
  readonly author: string;
  readonly authorName: string;
  readonly user: string;
  readonly at: number;
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly url: string | null }[];
  readonly deleted: boolean;
}

export interface Identity {
  readonly platform: string;
  readonly user: string;
  readonly name: string;
  readonly email: string | null;
  readonly mobile: string | null;
  readonly language: 'zh-CN' | 'en' | null;
  readonly timezone: string | null;
  readonly isBot: boolean;
  /** When the platform was asked. */
  readonly at: number;
}

export interface SentCard {
  readonly ticket: number;
  readonly platform: string;
  readonly chat: string;
  readonly thread: string;
  readonly role: 'origin' | 'work' | 'war_room';
  readonly message: string;
  /** Hash of what it shows: an unchanged card is not edited. */
  readonly shows: string;
  readonly editedAt: number;
}

export interface SentMessage {
  readonly marker: string;
  readonly ticket: number | null;
  readonly kind: 'card' | 'notice' | 'carry';
  readonly platform: string;
  readonly chat: string;
  readonly thread: string;
  readonly message: string;
  readonly copyOf: MessageKey | null;
  readonly at: number;
}

/** One thing to be brought outside. */
export interface OutboxDraft {
  /** Nothing with one key is said twice. */
  readonly key: string;
  /** Rows of one lane go out one after the other: `slack:C0DUTY`, `slack:@U0WEI`. */
  readonly lane: string;
  readonly ticket: number | null;
  readonly delivery: Delivery;
  /** Not before; UTC ms. */
  readonly dueAt: number;
}

export interface LaneNow {
  readonly due: readonly { readonly key: string; readonly ticket: number | null; readonly notice: Notice }[];
  readonly sentAt: readonly number[];
}

export type Delivery =
  /** The card in this thread is stale; drawn from the ticket as it is when it goes out. */
  | { readonly kind: 'card'; readonly platform: string; readonly chat: string; readonly thread: string }
  | { readonly kind: 'notice'; readonly platform: string; readonly place: Place; readonly notice: Notice }
  /** Said to one person about no ticket, or privately about one: refusals, help, lists. Already worded. `what` is an `Outgoing` of the conversation layer. */
  | {
      readonly kind: 'private';
      readonly platform: string;
      readonly chat: string | null;
      readonly thread: string | null;
      readonly user: string;
      readonly reply: string | null;
      readonly what: unknown;
    }
  /** Said in a thread for everybody, already worded: an unbound chat's explanation, the answer to `show`. */
  | {
      readonly kind: 'say';
      readonly platform: string;
      readonly chat: string;
      readonly thread: string | null;
      readonly what: unknown;
    }
  /** A chat of its own for the ticket. Name and age of it are the ticket's (`warRoom`). */
  | { readonly kind: 'room'; readonly platform: string; readonly people: readonly PersonRef[] }
  | { readonly kind: 'home'; readonly platform: string; readonly user: string };

export type Place =
  | { readonly kind: 'thread'; readonly chat: string; readonly thread: string }
  /** The team's work thread in its duty chat, which the work card before it in the same lane opens. */
  | { readonly kind: 'work'; readonly chat: string; readonly team: string }
  | { readonly kind: 'chat'; readonly chat: string }
  | { readonly kind: 'direct'; readonly user: string };

/** The door: what a platform delivered, durable before it is acknowledged. */
export interface Inbox {
  /**
   * Resolves when the event is committed. All events waiting at that moment share one commit. Rejects: nothing was stored.
   * @param lane events of one lane are handled in order.
   */
  accept(event: {
    readonly id: string;
    readonly lane: string;
    readonly platform: string;
    readonly payload: string;
    readonly receivedAt: number;
  }): Promise<'stored' | 'duplicate'>;
}
