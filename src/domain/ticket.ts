import type { LadderStep } from './policy.ts';
import type {
  ClockKind,
  Field,
  Kind,
  Language,
  LinkKind,
  Metric,
  PendReason,
  Priority,
  RejectReason,
  Severity,
  Status,
  Tier,
} from './words.ts';

/** A person of the configuration by its id, or `platform:id` for somebody the directory does not know. */
export type PersonId = string;

export interface PersonRef {
  readonly id: PersonId;
  readonly name: string;
}

export type ThreadRole = 'origin' | 'work' | 'war_room';

export interface ThreadLink {
  readonly platform: string;
  readonly chat: string;
  /** The platform's own id of the thread's first message. */
  readonly thread: string;
  readonly role: ThreadRole;
  /** The team whose work thread this is; null for the others. */
  readonly team: string | null;
}

export interface MessageKey {
  readonly platform: string;
  readonly chat: string;
  readonly message: string;
}

export interface TicketLink {
  /** The other ticket, and what it is to this one: `child` = the other is a child of this one. */
  readonly to: number;
  readonly as: LinkKind;
  /** Of a child: how it stands, copied here so that the parent can show it and decide by it without another row. */
  readonly state?: ChildState;
}

export interface ChildState {
  readonly status: Status;
  readonly team: string | null;
  readonly title: string | null;
}

/** Something somebody of the service side still has to do about a ticket, besides solving it. */
export interface Task {
  /** `entitle`: complete the data of customer and contract. `call_back`: ask the customer how it went. */
  readonly activity: 'entitle' | 'call_back';
  readonly since: number;
  /** How often he was reminded of it, and when last. */
  readonly reminded?: { readonly times: number; readonly at: number };
  /** Null while it is open. */
  readonly doneAt: number | null;
  readonly doneBy: PersonRef | null;
}

/** A line that was passed over: L1 → L3. */
export interface SkippedTier {
  readonly at: number;
  readonly from: Tier;
  readonly to: Tier;
}

/** The first one that was asked for gives the name; `since`: a chat of that name which is older is another one's. */
export interface WarRoom {
  readonly name: string;
  readonly platform: string;
  readonly since: number;
  readonly state: 'asked' | 'open' | 'failed';
}

export interface Pause {
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  /** A pend reason, or `resolved`: the time between a resolution and its reopening. */
  readonly reason: PendReason | 'resolved';
  /** Who had it wait. */
  readonly by?: PersonRef;
  /** How the requester's side agreed to it, where that was needed. */
  readonly consent?: 'given' | 'silence';
}

export interface ReachedPoint {
  readonly point: string;
  /** 0 for the first time, 1 for the first repetition, … */
  readonly occurrence: number;
  readonly at: number;
}

/** One running target. It stores spans, not sums: a change of calendar or severity needs no migration. */
export interface Clock {
  /** Unique on its ticket: `resolve`, `claim#2`, `tier:L2#1`, `update`. */
  readonly id: string;
  readonly metric: Metric;
  readonly kind: ClockKind;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly cancelledAt: number | null;
  readonly pauses: readonly Pause[];
  /** Open time of `calendar`, ms. */
  readonly targetMs: number;
  readonly calendar: string;
  /** Id of the SLA or OLA policy it came from. */
  readonly policy: string;
  /** Why that policy: `contract A-2026-01`, `team db-l1`. */
  readonly source: string;
  readonly reached: readonly ReachedPoint[];
  readonly breachedAt: number | null;
  readonly acknowledgedAt: number | null;
  /** Of a repeating clock: how often it was restarted. Part of its timers' key, so that a point may be said again for the next round. */
  readonly round: number;
}

/** A point of a clock, by their ids: `restore`, `75%`. */
export interface ClockPoint {
  readonly clock: string;
  readonly point: string;
}

/** What an event says of a clock that starts or gets a new target. */
export interface ClockTarget {
  readonly id: string;
  readonly metric: Metric;
  readonly kind: ClockKind;
  readonly startedAt: number;
  readonly targetMs: number;
  readonly calendar: string;
  readonly policy: string;
  readonly source: string;
}

/** One climb of a ladder. The steps are a snapshot: an edit of the policy does not break a running ladder. */
export interface LadderRun {
  readonly ladder: string;
  readonly steps: readonly LadderStep[];
  readonly startedAt: number;
  /** Index of the next step; `steps.length` when it has ended. */
  readonly next: number;
  readonly run: number;
  readonly stoppedAt: number | null;
  /** The clock whose breach started it; left out: the dispatch did. */
  readonly clock?: string;
  /** People it has reached: they may acknowledge. */
  readonly reached: readonly PersonId[];
}

export interface Claim {
  readonly at: number;
  /** The reaction that won; removing it within five minutes releases the ticket. Null: claimed in another way. */
  readonly via: (MessageKey & { readonly emoji: string }) | null;
}

export interface TicketCommon {
  readonly number: number;
  /** Sequence number of the last event: the optimistic lock. */
  readonly seq: number;
  readonly kind: Kind;
  readonly severity: Severity;
  /** Nobody has said it yet: the bot's guess or the default. */
  readonly severityGuessed: boolean;
  readonly priority: Priority;
  readonly fields: Readonly<Partial<Record<Field, string>>>;
  readonly language: Language;
  readonly requester: PersonRef;
  readonly project: string | null;
  readonly customer: string | null;
  readonly contract: string | null;
  readonly entitlement: 'open' | 'entitled' | 'warned' | 'waiting' | 'authorized' | 'no_data' | null;
  /** Who was asked to authorize it: he may, whatever his roles. */
  readonly authorizer?: PersonId;
  /** Raised as a child of this ticket: the promise to the customer is the parent's, so it has no SLA clocks of its own. */
  readonly parent?: number;
  readonly tasks?: readonly Task[];
  readonly skippedTiers?: readonly SkippedTier[];
  readonly warRoom?: WarRoom;
  /** To whom its team's assignment gave it last; a team that gives nothing by turns or load leaves none. */
  readonly shared?: { readonly how: 'round_robin' | 'least_loaded'; readonly to: PersonRef; readonly team: string };
  /** The team that has it; null only in a draft that was not routed. */
  readonly team: string | null;
  readonly tier: Tier | null;
  /** The routing rule's name, or how else it came to its team. */
  readonly routedBy: string | null;
  readonly openedAt: number;
  /** When the customer first said it: SLA clocks start here. */
  readonly firstMessageAt: number;
  readonly respondedAt: number | null;
  readonly updatedAt: number;
  readonly threads: readonly ThreadLink[];
  readonly links: readonly TicketLink[];
  readonly clocks: readonly Clock[];
  readonly ladder: LadderRun | null;
  /** When its owner last did or said anything on it. */
  readonly ownerSeenAt?: number;
  /** The field the bot asked for last, while it is a draft. */
  readonly asking: { readonly field: Field; readonly at: number } | null;
  /** Fields the bot has asked for: none is asked twice. */
  readonly asked: readonly Field[];
  /** The last word of the service side to the requester. */
  readonly lastProgress: { readonly at: number; readonly text: string; readonly key: MessageKey } | null;
  readonly evidence: readonly MessageKey[];
  readonly internal: readonly MessageKey[];
  /** How often it has been dispatched, resolved: parts of timers' keys. */
  readonly dispatches: number;
  readonly resolutions: number;
  /** A hand-over that the new owner has not accepted or returned yet. */
  readonly handover: {
    readonly from: PersonRef | null;
    readonly fromTeam: string | null;
    readonly at: number;
    readonly toTeam?: boolean;
    /** The point of a clock that escalated it. */
    readonly because?: ClockPoint;
  } | null;
}

export interface Owned {
  readonly assignee: PersonRef;
  readonly claim: Claim;
}

export interface Solution {
  readonly solution: string;
  readonly cause: string;
  readonly closure: string;
  readonly resolvedAt: number;
  readonly resolvedBy: PersonRef;
}

export type Ticket =
  | (TicketCommon & { readonly status: 'draft' })
  | (TicketCommon & { readonly status: 'queued'; readonly queuedAt: number })
  | (TicketCommon & { readonly status: 'in_progress' } & Owned)
  | (TicketCommon & {
      readonly status: 'pending';
      readonly reason: PendReason;
      readonly until: number | null;
      readonly since: number;
      /** The requester's side has agreed to the pause, or kept silent for long enough. */
      readonly consented: boolean;
      /** When its silence counts as consent; null: none is waited for. */
      readonly consentBy: number | null;
      readonly pendedBy: PersonRef;
      /** Where `resume` leads back to. */
      readonly resumeTo: 'in_progress' | 'restored';
    } & Owned)
  | (TicketCommon & { readonly status: 'restored'; readonly restoredAt: number } & Owned)
  | (TicketCommon & {
      readonly status: 'resolved';
      readonly reminded: boolean;
      /** When its requester last said something that was no thanks: waiting for the answer begins anew. */
      readonly repliedAt?: number;
      readonly rating: Rating | null;
    } & Owned &
      Solution)
  | (TicketCommon & {
      readonly status: 'closed';
      readonly closedAt: number;
      readonly closedBy: 'confirm' | 'lead' | 'auto';
      readonly rating: Rating | null;
    } & Owned &
      Solution)
  | (TicketCommon & {
      readonly status: 'rejected';
      readonly rejectedAs: RejectReason;
      readonly of: number | null;
      readonly endedAt: number;
    })
  | (TicketCommon & { readonly status: 'cancelled'; readonly endedAt: number });

export interface Rating {
  readonly score: number;
  readonly text: string | null;
}

export const isOpenCallBack = (task: Task): boolean => task.activity === 'call_back' && task.doneAt === null;

/** The owner, in every status that has one. */
export const assigneeOf = (ticket: Ticket): PersonRef | null => ('assignee' in ticket ? ticket.assignee : null);

export const threadOf = (ticket: Ticket, role: ThreadRole): ThreadLink | null =>
  ticket.threads.findLast((link) => link.role === role) ?? null;

export const sameMessage = (a: MessageKey, b: MessageKey): boolean =>
  a.platform === b.platform && a.chat === b.chat && a.message === b.message;
