import type { Ticket, TicketCommon } from './ticket.ts';

/*
 * A ticket that leaves a status leaves behind what belongs to it alone: its owner, its reason, its solution. Written out key by key, because the
 * engine gives an object made of computed keys, or extended after a spread, a shape of its own: twenty times slower, on every event.
 */

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Status = Ticket['status'];
type In<S extends Status> = Extract<Ticket, { status: S }>;
/** What a status has of its own. */
type Own<S extends Status> = Omit<In<S>, keyof TicketCommon | 'status'>;
type OptionalKey = { [K in keyof TicketCommon]-?: undefined extends TicketCommon[K] ? K : never }[keyof TicketCommon];

/** Every key that a ticket may lack; the type fails where one is forgotten. */
const OPTIONAL: Readonly<Record<OptionalKey, true>> = {
  authorizer: true,
  parent: true,
  tasks: true,
  skippedTiers: true,
  warRoom: true,
  shared: true,
  ownerSeenAt: true,
};
const OPTIONAL_KEYS = Object.keys(OPTIONAL) as OptionalKey[];

/** What every status has. */
export function common(ticket: Ticket): Mutable<TicketCommon> {
  const kept: Mutable<TicketCommon> = {
    number: ticket.number,
    seq: ticket.seq,
    kind: ticket.kind,
    severity: ticket.severity,
    severityGuessed: ticket.severityGuessed,
    priority: ticket.priority,
    fields: ticket.fields,
    language: ticket.language,
    requester: ticket.requester,
    project: ticket.project,
    customer: ticket.customer,
    contract: ticket.contract,
    entitlement: ticket.entitlement,
    team: ticket.team,
    tier: ticket.tier,
    routedBy: ticket.routedBy,
    openedAt: ticket.openedAt,
    firstMessageAt: ticket.firstMessageAt,
    respondedAt: ticket.respondedAt,
    updatedAt: ticket.updatedAt,
    threads: ticket.threads,
    links: ticket.links,
    clocks: ticket.clocks,
    ladder: ticket.ladder,
    asking: ticket.asking,
    asked: ticket.asked,
    lastProgress: ticket.lastProgress,
    evidence: ticket.evidence,
    internal: ticket.internal,
    dispatches: ticket.dispatches,
    resolutions: ticket.resolutions,
    handover: ticket.handover,
  };
  for (const key of OPTIONAL_KEYS) if (ticket[key] !== undefined) Object.assign(kept, { [key]: ticket[key] });
  return kept;
}

/** The ticket in another status, with what that status has of its own. */
export const become = <S extends Status>(
  ticket: Ticket,
  status: S,
  own: Own<S>,
  changes: Partial<TicketCommon> = {},
): In<S> => Object.assign(common(ticket), changes, { status }, own) as unknown as In<S>;
