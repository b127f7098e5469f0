import type { Activity, RoomTrouble } from './events.ts';
import type { ChildState, MessageKey, PersonId, PersonRef, ThreadLink, ThreadRole, Ticket } from './ticket.ts';
import type { Field, Kind, Language, LinkKind, PendReason, RejectReason, Role, Severity } from './words.ts';

/** Who does it. Resolved by the directory; the domain only asks what he may. */
export interface Actor {
  readonly id: PersonId;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly teams: readonly string[];
  /** `system`: the bot itself and its timers. `customer`: whoever the directory does not know, and people who are merely requesters. */
  readonly side: 'service' | 'customer' | 'system';
  /** Projects for which a customer speaks. */
  readonly projects: readonly string[];
}

export const SYSTEM: Actor = {
  id: 'itr',
  name: 'itr',
  roles: ['admin'],
  teams: [],
  side: 'system',
  projects: [],
};

/** What makes a ticket: there is none before it. */
export interface CaptureCommand {
  readonly type: 'capture';
  readonly kind: Kind;
  readonly severity: Severity;
  readonly severityGuessed: boolean;
  readonly fields: Readonly<Partial<Record<Field, string>>>;
  readonly language: Language;
  readonly requester: PersonRef;
  readonly project: string | null;
  readonly firstMessageAt: number;
  readonly thread: ThreadLink | null;
  /** The messages of the thread so far, oldest first: they become its first timeline entries. */
  readonly messages: readonly SaidMessage[];
  /** Raised as a child of another ticket: registered at once, with what the parent knows; `team` null: routed as any other. */
  readonly child?: {
    readonly of: number;
    readonly team: string | null;
    readonly entitlement: Ticket['entitlement'];
    readonly contract: string | null;
  };
}

export interface SaidMessage {
  readonly key: MessageKey;
  readonly author: PersonRef;
  readonly side: 'service' | 'customer';
  readonly at: number;
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly url: string | null }[];
}

/** The commands of the contract, which people, buttons and the API give. */
export type PublicCommand =
  | { readonly type: 'set'; readonly fields: Readonly<Partial<Record<Field, string>>>; readonly kind?: Kind }
  | { readonly type: 'register' }
  | { readonly type: 'authorize'; readonly reason: string }
  | { readonly type: 'reject'; readonly reason: RejectReason; readonly note?: string; readonly of?: number }
  | { readonly type: 'claim'; readonly via?: MessageKey & { readonly emoji: string } }
  | { readonly type: 'assign'; readonly to: PersonRef & { readonly teams: readonly string[] } }
  | {
      readonly type: 'transfer';
      readonly to: { readonly person: PersonRef & { readonly teams: readonly string[] } } | { readonly team: string };
      readonly note?: string;
    }
  | { readonly type: 'accept_handover'; readonly note?: string }
  | { readonly type: 'return'; readonly note?: string }
  | { readonly type: 'release'; readonly note?: string }
  | { readonly type: 'pend'; readonly reason: PendReason; readonly until?: number; readonly note?: string }
  | { readonly type: 'consent' }
  | { readonly type: 'resume' }
  | { readonly type: 'escalate'; readonly to?: string; readonly note?: string }
  | { readonly type: 'war_room' }
  | { readonly type: 'acknowledge'; readonly note?: string }
  | { readonly type: 'set_severity'; readonly severity: Severity; readonly note?: string }
  | { readonly type: 'restore'; readonly note?: string }
  | { readonly type: 'resolve'; readonly solution: string; readonly cause: string; readonly closure?: string }
  | { readonly type: 'confirm' }
  | { readonly type: 'reopen'; readonly note?: string }
  | { readonly type: 'close'; readonly note?: string }
  | { readonly type: 'cancel'; readonly note?: string }
  | { readonly type: 'comment'; readonly text: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'evidence'; readonly message: MessageKey }
  | { readonly type: 'internal'; readonly message: MessageKey }
  | { readonly type: 'link'; readonly to: number; readonly as: LinkKind }
  | { readonly type: 'rate'; readonly score: number; readonly text?: string }
  /** An activity of the flow was done: located, called back, data completed. */
  | { readonly type: 'checkpoint'; readonly activity: Activity; readonly note?: string };

/** What the program itself gives: what was said in a linked thread, a due timer, a thread opened by the bot. */
export type InternalCommand =
  /** Removal of the winning reaction: releases within five minutes of the claim, changes nothing otherwise. */
  | { readonly type: 'unclaim'; readonly via: MessageKey & { readonly emoji: string } }
  | {
      readonly type: 'message';
      readonly message: SaidMessage;
      readonly role: ThreadRole;
      readonly internal: boolean;
      /** What the conversation understood of it, while the ticket is a draft. */
      readonly fields?: Readonly<Partial<Record<Field, string>>>;
      /** How bad it sounds now; only a guessed severity follows it. */
      readonly severity?: Severity;
    }
  | { readonly type: 'message_edited'; readonly key: MessageKey; readonly text: string }
  | { readonly type: 'message_deleted'; readonly key: MessageKey }
  | { readonly type: 'link_thread'; readonly thread: ThreadLink }
  /** A child stands differently now: its parent shows it. */
  | { readonly type: 'child_changed'; readonly child: number; readonly state: ChildState }
  /** Nothing may be true of it any more: the decision looks at the ticket as it is now. */
  | { readonly type: 'timer_due'; readonly clock: string; readonly point: string; readonly occurrence: number }
  /** Whom a step of the ladder was to wake, the platform could not wake: the next step's turn is now. */
  | { readonly type: 'unreached'; readonly step: number; readonly run: number; readonly name: string }
  /** What came of a war room that was asked for. */
  | { readonly type: 'war_room_opened'; readonly absent: readonly PersonRef[] }
  | { readonly type: 'war_room_failed'; readonly why: RoomTrouble; readonly detail: string }
  /** The policy, a calendar or the roster changed: timers are planned anew, nothing else. */
  | { readonly type: 'replan' };

export type Command = PublicCommand | InternalCommand;
export type PublicCommandType = PublicCommand['type'];

export const PUBLIC_COMMANDS = [
  'set',
  'register',
  'authorize',
  'reject',
  'claim',
  'assign',
  'transfer',
  'accept_handover',
  'return',
  'release',
  'pend',
  'consent',
  'resume',
  'escalate',
  'war_room',
  'acknowledge',
  'set_severity',
  'restore',
  'resolve',
  'confirm',
  'reopen',
  'close',
  'cancel',
  'comment',
  'note',
  'evidence',
  'internal',
  'link',
  'rate',
  'checkpoint',
] as const satisfies readonly PublicCommandType[];
