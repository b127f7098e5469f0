import { clockView } from '../../domain/clocks.ts';
import { missingFields } from '../../domain/decide/index.ts';
import type { TicketEvent } from '../../domain/events.ts';
import { toIsoUtc } from '../../domain/instant.ts';
import type { Policy } from '../../domain/policy.ts';
import { assigneeOf } from '../../domain/ticket.ts';
import type { Clock, Ticket } from '../../domain/ticket.ts';
import { possible } from '../../domain/transitions.ts';
import { stageOf, ticketId } from '../../domain/words.ts';
import { eventJson } from './event-json.ts';

const instant = (ms: number | null): string | null => (ms === null ? null : toIsoUtc(ms));

/**
 * A ticket as the contract writes it: the same keys in every status, null where nothing is known; instants are ISO 8601 UTC, people are ids of the
 * configuration or `platform:id`, with their names beside them.
 */
export function ticketJson(ticket: Ticket, policy: Policy, now: number, publicUrl: string) {
  const { fields } = ticket;
  const assignee = assigneeOf(ticket);
  const solved = ticket.status === 'resolved' || ticket.status === 'closed' ? ticket : null;
  const pending = ticket.status === 'pending' ? ticket : null;
  return {
    number: ticketId(ticket.number),
    kind: ticket.kind,
    severity: ticket.severity,
    severityGuessed: ticket.severityGuessed,
    priority: ticket.priority,
    status: ticket.status,
    stage: stageOf(ticket.status),
    title: fields.title ?? null,
    description: fields.description ?? null,
    customer: ticket.customer,
    project: ticket.project,
    contract: ticket.contract,
    entitlement: ticket.entitlement,
    product: fields.product ?? null,
    component: fields.component ?? null,
    version: fields.version ?? null,
    environment: fields.environment ?? null,
    site: fields.site ?? null,
    impact: fields.impact ?? null,
    impact_level: fields.impact_level ?? null,
    since: fields.since ?? null,
    language: ticket.language,
    team: ticket.team,
    tier: ticket.tier,
    routedBy: ticket.routedBy,
    assignee: assignee?.id ?? null,
    assigneeName: assignee?.name ?? null,
    requester: ticket.requester.id,
    requesterName: ticket.requester.name,
    openedAt: toIsoUtc(ticket.openedAt),
    firstMessageAt: toIsoUtc(ticket.firstMessageAt),
    respondedAt: instant(ticket.respondedAt),
    updatedAt: toIsoUtc(ticket.updatedAt),
    resolvedAt: instant(solved?.resolvedAt ?? null),
    closedAt: instant(ticket.status === 'closed' ? ticket.closedAt : null),
    endedAt: instant(ticket.status === 'rejected' || ticket.status === 'cancelled' ? ticket.endedAt : null),
    pendReason: pending?.reason ?? null,
    pendedUntil: instant(pending?.until ?? null),
    rejectReason: ticket.status === 'rejected' ? ticket.rejectedAs : null,
    solution: solved?.solution ?? null,
    cause: solved?.cause ?? null,
    closure: solved?.closure ?? null,
    rating: solved?.rating ?? null,
    /** Of a draft: mandatory fields that nobody has filled yet. */
    missing: ticket.status === 'draft' ? missingFields(ticket, policy) : [],
    /** What the status allows, whoever asks. */
    possible: possible(ticket),
    seq: ticket.seq,
    url: `${publicUrl}/tickets/${ticketId(ticket.number)}`,
    clocks: ticket.clocks.map((clock) => clockJson(clock, policy, now)),
    threads: ticket.threads.map(({ platform, chat, thread, role, team }) => ({ platform, chat, thread, role, team })),
    links: ticket.links.map(({ to, as }) => ({ to: ticketId(to), as })),
    /** Tickets of other teams that belong to this one, as they stand. */
    children: ticket.links.flatMap(({ to, as, state }) =>
      as === 'child' && state !== undefined ? [{ number: ticketId(to), ...state }] : [],
    ),
    parent: ticket.parent === undefined ? null : ticketId(ticket.parent),
    tasks: (ticket.tasks ?? []).map(({ activity, since, doneAt, doneBy }) => ({
      activity,
      since: toIsoUtc(since),
      doneAt: instant(doneAt),
      doneBy: doneBy?.id ?? null,
    })),
    skippedTiers: (ticket.skippedTiers ?? []).map(({ at, from, to }) => ({ at: toIsoUtc(at), from, to })),
  };
}

/** With its timeline: the whole answer of `GET /api/v1/tickets/ITR-1`. */
export const ticketWithTimeline = (
  ticket: Ticket,
  timeline: readonly TicketEvent[],
  policy: Policy,
  now: number,
  publicUrl: string,
) => ({ ...ticketJson(ticket, policy, now, publicUrl), timeline: timeline.map(eventJson) });

export function clockJson(clock: Clock, policy: Policy, now: number) {
  const view = clockView(clock, policy, now);
  return {
    id: clock.id,
    metric: clock.metric,
    kind: clock.kind,
    state: view.state,
    targetMs: clock.targetMs,
    elapsedMs: view.elapsedMs,
    dueAt: instant(view.dueAt),
    paused: view.paused,
    startedAt: toIsoUtc(clock.startedAt),
    stoppedAt: instant(clock.stoppedAt ?? clock.cancelledAt),
    breachedAt: instant(clock.breachedAt),
    acknowledgedAt: instant(clock.acknowledgedAt),
    calendar: clock.calendar,
    policy: clock.policy,
    source: clock.source,
  };
}
