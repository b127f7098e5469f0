import type { Calendar } from './calendar.ts';
import type { RotationSpec } from './duty.ts';
import type { Field, Kind, Language, Level, PendReason, Priority, Role, Severity, SlaMetric, Tier } from './words.ts';

/**
 * What a team decided, resolved: every `extends` followed, every default filled in, every reference checked.
 * Built once by `config/`, frozen, and replaced as a whole on reload. Maps are keyed by the ids of the file.
 */
export interface Policy {
  /** Changes whenever the meaning of the configuration changes (a hash of the file). */
  readonly revision: string;
  readonly locale: Language;
  readonly timezone: string;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** impact → urgency → priority */
  readonly priorities: Readonly<Record<Level, Readonly<Record<Level, Priority>>>>;
  readonly slaPolicies: ReadonlyMap<string, SlaPolicy>;
  readonly olaPolicies: ReadonlyMap<string, OlaPolicy>;
  readonly ucPolicies: ReadonlyMap<string, UcPolicy>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly rotations: ReadonlyMap<string, RotationSpec>;
  readonly ladders: ReadonlyMap<string, Ladder>;
  readonly products: ReadonlyMap<string, Product>;
  /** First match wins. */
  readonly routing: readonly RoutingRule[];
  /** Where a ticket goes that no rule matches. */
  readonly defaultTeam: string;
  readonly customers: ReadonlyMap<string, Customer>;
  readonly projects: ReadonlyMap<string, Project>;
  readonly contracts: readonly Contract[];
  /** Policies by kind, below product and above the default; empty unless configured. */
  readonly slaByKind: Readonly<Partial<Record<Kind, string>>>;
  /** The SLA policy of a ticket that nothing more specific covers; null: no promise is made. */
  readonly defaultSla: string | null;
  readonly entitlement: 'open' | 'warn' | 'enforce';
  /** Shares of L1, L2, L3 that are aimed at, in percent. */
  readonly tierRatio: readonly [number, number, number];
  readonly forms: ReadonlyMap<Kind, Form>;
  readonly close: CloseRules;
  /** A claimed ticket whose owner says nothing past its `update` target goes back to the queue this long after the warning; null: never. */
  readonly silentOwner: SilentOwnerRule | null;
  /** Severities whose notices do not wait for the end of anybody's quiet hours. */
  readonly quietOverride: readonly Severity[];
  /** More than `count` notices to one person within `withinMs` become one message; null: never. */
  readonly storm: { readonly count: number; readonly withinMs: number } | null;
  readonly impactLevels: Readonly<Record<Level, readonly string[]>>;
  readonly gestures: Readonly<Record<Gesture, readonly string[]>>;
  /** Keys that only one platform knows (`gestures.feishu.claim: [OnIt]`), in addition to the common ones. */
  readonly platformGestures?: Readonly<Record<string, Readonly<Partial<Record<Gesture, readonly string[]>>>>>;
  readonly people: ReadonlyMap<string, Person>;
  readonly chats: readonly ChatBinding[];
}

export const GESTURES = [
  'capture',
  'claim',
  'done',
  'reopen',
  'pend',
  'resume',
  'escalate',
  'raise',
  'internal',
  'evidence',
] as const;
export type Gesture = (typeof GESTURES)[number];

export interface Target {
  /** Open time of the calendar, in ms. */
  readonly ms: number;
  /** Id of the calendar. */
  readonly calendar: string;
}

export interface SlaPolicy {
  readonly id: string;
  readonly targets: Readonly<Record<Severity, Readonly<Partial<Record<SlaMetric, Target>>>>>;
  readonly pauseOn: readonly PendReason[];
  /** A pause counts only once the requester's side has agreed to it, or has been silent for `consentAfterMs` of open time. */
  readonly pauseNeedsConsent: boolean;
  readonly consentAfterMs: number;
  /** Of response, restore and resolve, in the order in which they are reached. */
  readonly points: readonly PointRule[];
}

export interface OlaPolicy {
  readonly id: string;
  readonly claim: Readonly<Partial<Record<Severity, Target>>>;
  readonly tier: Readonly<Partial<Record<Tier, Readonly<Partial<Record<Severity, Target>>>>>>;
  /** Null: one point, at 100 %. */
  readonly points: readonly PointRule[] | null;
}

/** What a vendor promised us. */
export interface UcPolicy {
  readonly id: string;
  readonly vendor: Readonly<Partial<Record<Severity, Target>>>;
  readonly points: readonly PointRule[] | null;
}

/** Roles around a ticket, or the id of a person. */
export type Whom = 'assignee' | 'duty' | 'lead' | 'manager' | 'requester' | { readonly person: string };

export interface PointRule {
  /** As written: `75%`, or `-30m` for "30 minutes before". Stable, so that nothing is said twice. */
  readonly id: string;
  readonly at: { readonly percent: number } | { readonly beforeMs: number };
  readonly remind: readonly Whom[];
  readonly ping: readonly Whom[];
  readonly buzz: readonly Whom[];
  readonly escalate: 'ladder' | 'tier' | null;
  /** Open time after which an unacknowledged point is said again; null: once. */
  readonly repeatMs: number | null;
  readonly warRoom: boolean;
}

export type AssignPolicy = 'duty' | 'round_robin' | 'least_loaded' | 'manual';

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tier: Tier;
  readonly escalatesTo: string | null;
  readonly lead: string | null;
  /** Id of the OLA policy; null: no OLA clocks. */
  readonly ola: string | null;
  readonly assign: AssignPolicy;
  readonly rotation: string | null;
  /** Id of the ladder (`default` unless named); null where no ladder exists. */
  readonly ladder: string | null;
  /** Ladders of single severities, instead of `ladder`. */
  readonly ladderBySeverity?: Readonly<Partial<Record<Severity, string>>>;
  /** People whose `teams` name this team, in the order of the file. */
  readonly members: readonly string[];
}

export type LadderHow = 'mention' | 'direct' | 'buzz';

export interface LadderStep {
  /** Wall time since the ladder started, in ms. */
  readonly afterMs: number;
  readonly whom: Whom;
  readonly how: readonly LadderHow[];
  /** Only for tickets of these severities; left out: for all. */
  readonly severity?: readonly Severity[];
}

export interface Ladder {
  readonly id: string;
  readonly steps: readonly LadderStep[];
}

export interface Component {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly components: ReadonlyMap<string, Component>;
  readonly team: string | null;
  readonly sla: string | null;
  /** Id of the UC policy of whoever supplies it; null: no `vendor` clock. */
  readonly uc: string | null;
}

export interface RoutingRule {
  /** How `explain` names it: its name, or `rule 2`. */
  readonly name: string;
  readonly when: {
    readonly project?: readonly string[];
    readonly customer?: readonly string[];
    readonly product?: readonly string[];
    readonly component?: readonly string[];
    readonly kind?: readonly Kind[];
    readonly severity?: readonly Severity[];
    readonly language?: readonly Language[];
    readonly keywords?: readonly string[];
  };
  readonly team: string;
  readonly assign: AssignPolicy | null;
  readonly set: Readonly<Partial<Record<Field, string>>>;
}

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly locale: Language | null;
  readonly timezone: string | null;
  readonly sla: string | null;
}

export interface Project {
  readonly id: string;
  readonly customer: string | null;
  readonly name: string;
  readonly manager: string | null;
  readonly products: readonly string[];
  readonly sla: string | null;
}

export interface Contract {
  readonly id: string;
  readonly project: string;
  readonly products: readonly string[];
  /** First instant of `from` and first instant after `until`, in the file's time zone (UTC ms). */
  readonly fromMs: number;
  readonly untilMs: number;
  readonly sla: string | null;
}

/** Open time of the `update` clock's calendar: so long, or so much of the target. */
export interface SilentOwnerRule {
  readonly returnAfter: { readonly ms: number } | { readonly percent: number };
}

export interface Form {
  readonly required: readonly Field[];
  readonly ask: readonly Field[];
}

export interface CloseRules {
  /** Open time of `calendar`. A day of `close` is a business day: as long as an ordinary open day of the calendar. */
  readonly reminderMs: number;
  readonly autoCloseMs: number;
  /** Wall time. */
  readonly reopenWindowMs: number;
  /** Null: wall time. */
  readonly calendar: string | null;
  readonly causes: readonly string[];
  readonly closures: readonly string[];
  readonly callBack: CallBackRules | null;
  /** Open time of `calendar` after which an open call-back is reminded of, and again. */
  readonly callBackReminderMs: number;
}

/** Which closed tickets somebody calls the customer about (回访): those that fit `when`, and a sample of the others. */
export interface CallBackRules {
  /** Percent of all tickets. */
  readonly sample: number;
  /** Null: no rule, the sample only. */
  readonly when: Pick<RoutingRule['when'], 'severity' | 'kind' | 'customer' | 'project' | 'product'> | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly email: string | null;
  readonly mobile?: string | null;
  /** Platform → the id there. */
  readonly identities: Readonly<Record<string, string>>;
  /** Those of the platforms on which the id is his own word, not the configuration's. */
  readonly confirmed?: readonly string[];
  readonly teams: readonly string[];
  readonly roles: readonly Role[];
  readonly locale: Language | null;
  readonly timezone: string | null;
  /** When he is not to be reminded directly: `22:00-07:00`, in his time zone. */
  readonly quiet?: readonly string[];
}

export interface ChatBinding {
  readonly platform: string;
  readonly id: string;
  readonly role: 'intake' | 'duty' | 'escalation' | 'admin';
  readonly project: string | null;
  readonly team: string | null;
  readonly capture: 'on_request' | 'every_thread';
  /** `file` entries are read-only elsewhere; `chat` ones were added with `/itr bind`. */
  readonly source: 'file' | 'chat';
}
