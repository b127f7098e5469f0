import type { LadderStep, Whom } from './policy.ts';
import type { Gap } from './entitlement.ts';
import type {
  ChildState,
  Claim,
  ClockPoint,
  ClockTarget,
  MessageKey,
  PersonRef,
  ThreadLink,
  ThreadRole,
} from './ticket.ts';
import type { Field, Kind, Language, LinkKind, PendReason, Priority, RejectReason, Severity, Tier } from './words.ts';

/** The activities of the ITR flow that the ticket page draws. */
export const ACTIVITIES = [
  'register',
  'entitle',
  'dispatch',
  'diagnose',
  'request_information',
  'search_cases',
  'locate',
  'prepare_solution',
  'deliver_solution',
  'confirm',
  'call_back',
  'close',
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** `to`: the team that has it now; null: there is no next tier, so the ladder is climbed, or, without one, nothing is left to do. */
export type TierEscalation = { readonly to: string } | { readonly to: null; readonly ladder: string | null };

/**
 * Why there is no war room. `scope`: the app was not given the right, which `detail` names; `forbidden`: the workspace does not let it make chats;
 * `unsupported`: the platform has none; `no_chat`: no connected platform has a thread of the ticket; `over`: it was solved meanwhile.
 */
export type RoomTrouble = 'scope' | 'forbidden' | 'unsupported' | 'no_chat' | 'over' | 'other';

/** A ladder as it stands now, and the step with which it begins. */
export interface LadderStart {
  readonly id: string;
  readonly steps: readonly LadderStep[];
  readonly next: number;
}

/** What happened, without who and when. Names are the timeline types of the contract. Facts only: `evolve` needs no policy. */
export type EventBody =
  | {
      readonly type: 'captured';
      readonly kind: Kind;
      readonly severity: Severity;
      readonly severityGuessed: boolean;
      readonly priority: Priority;
      readonly fields: Readonly<Partial<Record<Field, string>>>;
      readonly language: Language;
      readonly requester: PersonRef;
      readonly project: string | null;
      readonly customer: string | null;
      readonly firstMessageAt: number;
      /** Raised as a child of that ticket. */
      readonly parent?: number;
    }
  | {
      readonly type: 'fields_changed';
      readonly fields: Readonly<Partial<Record<Field, string>>>;
      readonly before: Readonly<Partial<Record<Field, string>>>;
      readonly kind: Kind;
      readonly priority: Priority;
      readonly targets: readonly ClockTarget[];
    }
  | { readonly type: 'registered'; readonly asItIs: boolean; readonly missing: readonly Field[] }
  | { readonly type: 'authorized'; readonly reason: string }
  | {
      readonly type: 'entitled';
      readonly outcome: 'open' | 'entitled' | 'warned' | 'waiting' | 'authorized' | 'no_data';
      readonly contract: string | null;
      readonly why: string;
      /** Why no contract covers it; left out where one does, or none is needed. */
      readonly gap?: Gap;
      /** Who is asked to authorize it; null: nobody is there to be asked. */
      readonly asked?: PersonRef | null;
      /** SLA clocks; they start with the customer's first message. */
      readonly targets: readonly ClockTarget[];
      /** Said again because the configuration promises something else now: these are all its clocks, and what they were turned to. */
      readonly because?: 'configuration';
    }
  | {
      readonly type: 'dispatched';
      readonly team: string;
      readonly tier: Tier;
      readonly rule: string;
      readonly duty: PersonRef | null;
      readonly targets: readonly ClockTarget[];
      readonly ladder: LadderStart | null;
    }
  | {
      readonly type: 'claimed';
      readonly assignee: PersonRef;
      readonly claim: Claim;
      readonly targets: readonly ClockTarget[];
    }
  | {
      readonly type: 'assigned';
      readonly assignee: PersonRef;
      readonly targets: readonly ClockTarget[];
      /** Chosen by the team's assignment, not by a person: so nobody has answered the customer yet. */
      readonly how?: 'round_robin' | 'least_loaded';
    }
  | {
      readonly type: 'transferred';
      readonly from: PersonRef | null;
      readonly to: PersonRef | null;
      readonly team: string;
      readonly tier: Tier;
      readonly offDuty: boolean;
      readonly note: string | null;
      /** Given back to the team it was escalated from. */
      readonly returned?: boolean;
      /** Lines between that were passed over. */
      readonly skipped?: readonly Tier[];
      readonly targets: readonly ClockTarget[];
      readonly duty: PersonRef | null;
      /** Null where it went to a person: nobody has to be called. */
      readonly ladder: LadderStart | null;
    }
  | {
      readonly type: 'handed_over';
      readonly outcome: 'accepted' | 'returned';
      readonly to: PersonRef;
      readonly note: string | null;
    }
  | {
      readonly type: 'released';
      readonly from: PersonRef;
      readonly undo: boolean;
      /** By the program: the owner was warned, and silent still. */
      readonly because?: 'silent';
      readonly note: string | null;
      readonly duty: PersonRef | null;
      readonly targets: readonly ClockTarget[];
      readonly ladder: LadderStart | null;
    }
  | {
      readonly type: 'pended';
      readonly reason: PendReason;
      readonly until: number | null;
      readonly note: string | null;
      /** Ids of the clocks that stand still from now. */
      readonly pauses: readonly string[];
      /** When silence counts as consent to the pause; null: nobody has to agree. */
      readonly consentBy: number | null;
      /** Not null: it was pending already, and this is the consent from which on the clocks stand still. */
      readonly consent: 'given' | 'silence' | null;
      /** The vendor's clock. */
      readonly targets: readonly ClockTarget[];
    }
  | { readonly type: 'resumed'; readonly because: 'asked' | 'answered' | 'until' | 'consent' }
  | {
      readonly type: 'escalated';
      readonly kind: 'functional';
      readonly fromTeam: string;
      readonly team: string;
      readonly tier: Tier;
      readonly note: string | null;
      /** By the program: a point of a clock with `escalate: tier` was reached. */
      readonly because?: ClockPoint;
      readonly skipped?: readonly Tier[];
      readonly duty: PersonRef | null;
      readonly targets: readonly ClockTarget[];
      readonly ladder: LadderStart | null;
    }
  | {
      readonly type: 'escalated';
      readonly kind: 'management';
      readonly because: string;
      readonly ladder: LadderStart;
    }
  /** `note`: why nobody further up needs to be called. */
  | { readonly type: 'acknowledged'; readonly note?: string }
  | {
      readonly type: 'severity_changed';
      readonly from: Severity;
      readonly to: Severity;
      readonly priority: Priority;
      readonly note: string | null;
      readonly targets: readonly ClockTarget[];
    }
  | { readonly type: 'restored'; readonly note: string | null }
  | { readonly type: 'resolved'; readonly solution: string; readonly cause: string; readonly closure: string }
  | { readonly type: 'confirmed' }
  | { readonly type: 'reopened'; readonly note: string | null; readonly targets: readonly ClockTarget[] }
  | { readonly type: 'closed'; readonly by: 'confirm' | 'lead' | 'auto'; readonly note: string | null }
  | { readonly type: 'cancelled'; readonly note: string | null }
  | {
      readonly type: 'rejected';
      readonly reason: RejectReason;
      readonly note: string | null;
      readonly of: number | null;
    }
  | { readonly type: 'linked'; readonly thread: ThreadLink }
  | { readonly type: 'linked'; readonly to: number; readonly as: LinkKind; readonly state?: ChildState }
  | {
      readonly type: 'checkpoint';
      readonly activity: Activity;
      /** The question asked; null: another activity. */
      readonly field: Field | null;
      readonly note?: string | null;
      /** A task that somebody got, or has done. */
      readonly task?: 'open' | 'done';
    }
  | {
      readonly type: 'point_reached';
      readonly clock: string;
      readonly point: string;
      readonly occurrence: number;
      /** When it was due, and how much later it is said; ms. */
      readonly dueAt: number;
      readonly lateMs: number;
      /** Lower points that passed meanwhile and are not said any more. */
      readonly skipped: readonly string[];
      readonly remind: readonly Told[];
      readonly ping: readonly Told[];
      readonly buzz: readonly Told[];
      /** What became of `escalate: tier`; left out where it was not asked for, or not possible as the ticket stood. */
      readonly escalates?: TierEscalation;
    }
  /** A chat of its own for the ticket: asked for, there (without those who could not be let in), or not to be had. */
  | {
      readonly type: 'war_room';
      readonly what: 'asked';
      readonly platform: string;
      readonly name: string;
      readonly people: readonly PersonRef[];
      readonly because?: ClockPoint;
    }
  | { readonly type: 'war_room'; readonly what: 'opened'; readonly absent: readonly PersonRef[] }
  | { readonly type: 'war_room'; readonly what: 'failed'; readonly why: RoomTrouble; readonly detail: string }
  | { readonly type: 'breached'; readonly clock: string; readonly dueAt: number }
  /** A step of the ladder, the reminder before the automatic close, a call-back that nobody has made. */
  | {
      readonly type: 'reminded';
      readonly what: 'ladder' | 'close' | 'call_back';
      readonly step: number;
      readonly told: readonly Told[];
      /** Steps passed over because nobody there could be reached. */
      readonly unreachable: readonly string[];
    }
  | {
      readonly type: 'message';
      readonly key: MessageKey;
      readonly role: ThreadRole;
      readonly author: PersonRef;
      readonly side: 'service' | 'customer';
      readonly internal: boolean;
      readonly saidAt: number;
      readonly text: string;
      readonly attachments: readonly { readonly name: string; readonly url: string | null }[];
      /** Its author speaks for the service, but is neither engineer nor lead: the customer has been spoken to, and still waits for a response. */
      readonly isResponse?: false;
    }
  | { readonly type: 'message_edited'; readonly key: MessageKey; readonly text: string }
  | { readonly type: 'message_deleted'; readonly key: MessageKey }
  | { readonly type: 'evidence'; readonly key: MessageKey }
  /** A note without a key was written by command; with a key, a message was marked internal. */
  | { readonly type: 'note'; readonly text: string | null; readonly key: MessageKey | null }
  | { readonly type: 'rated'; readonly score: number; readonly text: string | null }
  | { readonly type: 'refused'; readonly command: string; readonly reason: string };

/** Somebody told: as whom he was meant, who it was, and how. */
export interface Told {
  readonly whom: Whom;
  /** Null: the role is not filled (or, for `manager`, only the escalation chats are told). */
  readonly person: PersonRef | null;
  readonly how: readonly ('mention' | 'direct' | 'buzz')[];
}

export interface EventHead {
  /** 1, 2, 3, … within its ticket. */
  readonly seq: number;
  readonly at: number;
  readonly actor: PersonRef;
}

export type TicketEvent = EventBody & EventHead;
export type EventType = TicketEvent['type'];
export type EventOf<T extends EventType> = Extract<TicketEvent, { type: T }>;
