import { isShouting } from './clocks.ts';
import { become } from './common.ts';
import { cancel, pause, retargeted, runOn, stop, unpause, withTargets } from './clock-changes.ts';
import type { EventOf, TicketEvent } from './events.ts';
import type { Clock, Solution, Ticket } from './ticket.ts';
import {
  ended,
  enterTier,
  firstTimes,
  handoverOf,
  isProgress,
  linked,
  owned,
  ownerOf,
  queued,
  responded,
  said,
  skipping,
  solutionOf,
  startLadder,
  stopLadder,
  unownedSince,
  withCallBackReminded,
  withShare,
  withTask,
  withWarRoom,
  withdrawn,
} from './evolve-steps.ts';

/**
 * The ticket after one event: the ticket row is the fold of its events. Total: it never refuses, since what happened has happened.
 * Needs no policy: events carry the targets that were in force.
 */
export function evolve(ticket: Ticket | null, event: TicketEvent): Ticket {
  if (event.type === 'captured') return begin(event);
  if (ticket === null) throw new Error(`the first event must be captured, not ${event.type}`);
  const changed = change(ticket, event);
  // A change is made on a copy, so this copy is nobody else's yet: it is finished in place, as a second one would cost as much again.
  const after: { -readonly [K in keyof Ticket]: Ticket[K] } = changed === ticket ? { ...ticket } : changed;
  after.seq = event.seq;
  after.updatedAt = event.at;
  // What was refused to him shows all the same that he is at it.
  if ('assignee' in changed && changed.assignee.id === event.actor.id) after.ownerSeenAt = event.at;
  return after as Ticket;
}

function begin(event: EventOf<'captured'>): Ticket {
  return {
    status: 'draft',
    number: 0,
    seq: event.seq,
    kind: event.kind,
    severity: event.severity,
    severityGuessed: event.severityGuessed,
    priority: event.priority,
    fields: event.fields,
    language: event.language,
    requester: event.requester,
    project: event.project,
    customer: event.customer,
    contract: null,
    entitlement: null,
    team: null,
    tier: null,
    routedBy: null,
    openedAt: event.at,
    firstMessageAt: event.firstMessageAt,
    respondedAt: null,
    updatedAt: event.at,
    threads: [],
    links: [],
    clocks: [],
    ladder: null,
    asking: null,
    asked: [],
    lastProgress: null,
    evidence: [],
    internal: [],
    dispatches: 0,
    resolutions: 0,
    handover: null,
    ...(event.parent === undefined ? {} : { parent: event.parent }),
  };
}

/** Folds a whole history. The number is not in the events: it is their key. */
export const replay = (number: number, events: readonly TicketEvent[]): Ticket | null => {
  const ticket = events.reduce<Ticket | null>(evolve, null);
  return ticket === null ? null : { ...ticket, number };
};

const HANDLING = ['restore', 'resolve', 'update', 'tier'] as const;

function change(ticket: Ticket, event: Exclude<TicketEvent, { type: 'captured' }>): Ticket {
  const at = event.at;
  switch (event.type) {
    case 'fields_changed':
      return {
        ...ticket,
        fields: { ...ticket.fields, ...event.fields },
        kind: event.kind,
        priority: event.priority,
        asking: ticket.asking !== null && event.fields[ticket.asking.field] !== undefined ? null : ticket.asking,
        clocks: responded(retargeted(ticket.clocks, event.targets, at), ticket.respondedAt),
      };
    case 'registered':
      return { ...ticket, asking: null };
    case 'authorized':
      return { ...ticket, entitlement: 'authorized' };
    case 'entitled':
      return {
        ...ticket,
        entitlement: event.outcome,
        contract: event.contract,
        ...(event.asked == null ? {} : { authorizer: event.asked.id }),
        clocks: responded(
          event.because === undefined
            ? withTargets(ticket.clocks, event.targets)
            : retargeted(ticket.clocks, event.targets, at),
          ticket.respondedAt,
        ),
      };
    case 'dispatched':
      return {
        ...queued(ticket, at),
        team: event.team,
        tier: event.tier,
        routedBy: event.rule,
        dispatches: ticket.dispatches + 1,
        clocks: withTargets(ticket.clocks, event.targets),
        ladder: startLadder(ticket.ladder, event.ladder, at, event.duty),
      };
    case 'claimed':
      return owned(ticket, event.assignee, event.claim, event.targets, at);
    case 'assigned':
      return owned(
        withShare(ticket, event),
        event.assignee,
        { at, via: null },
        event.targets,
        at,
        event.how === undefined,
      );
    case 'transferred': {
      const handover = { ...handoverOf(ticket, event.from, at), ...(event.to === null ? { toTeam: true } : {}) };
      const moved = { ...skipping(ticket, event, at), team: event.team, tier: event.tier, handover };
      const clocks = enterTier(moved.clocks, ticket.tier !== event.tier, event.targets, at);
      if (event.to !== null) return owned({ ...moved, clocks }, event.to, { at, via: null }, [], at);
      const ladder = startLadder(ticket.ladder, event.ladder, at, event.duty);
      return { ...queued({ ...moved, clocks }, at), dispatches: ticket.dispatches + 1, ladder };
    }
    case 'handed_over':
      return event.outcome === 'accepted'
        ? { ...ticket, handover: null }
        : { ...owned(ticket, event.to, { at, via: null }, [], at), handover: null };
    case 'released':
      return {
        ...queued(ticket, at),
        dispatches: ticket.dispatches + 1,
        handover: handoverOf(ticket, event.from, at),
        clocks: withTargets(unownedSince(ticket.clocks, at), event.targets),
        ladder: startLadder(ticket.ladder, event.ladder, at, event.duty),
      };
    case 'pended':
      if (event.consent !== null && ticket.status === 'pending') {
        const agreed = { reason: event.reason, by: ticket.pendedBy, consent: event.consent };
        return { ...ticket, consented: true, consentBy: null, clocks: pause(ticket.clocks, event.pauses, agreed, at) };
      }
      return become(
        ticket,
        'pending',
        {
          reason: event.reason,
          until: event.until,
          since: at,
          consented: false,
          consentBy: event.consentBy,
          pendedBy: event.actor,
          resumeTo: ticket.status === 'restored' ? 'restored' : 'in_progress',
          ...ownerOf(ticket, at),
        },
        {
          clocks: withTargets(
            pause(ticket.clocks, event.pauses, { reason: event.reason, by: event.actor }, at),
            event.targets,
          ),
        },
      );
    case 'resumed': {
      const clocks = unpause(ticket.clocks, at);
      return ticket.status === 'pending' && ticket.resumeTo === 'restored'
        ? become(ticket, 'restored', { restoredAt: at, ...ownerOf(ticket, at) }, { clocks })
        : become(ticket, 'in_progress', ownerOf(ticket, at), { clocks });
    }
    case 'escalated':
      if (event.kind === 'management') {
        const ladder = startLadder(ticket.ladder, event.ladder, at);
        // `because` is the clock and its point.
        return { ...ticket, ladder: ladder === null ? null : { ...ladder, clock: event.because.split(' ')[0] ?? '' } };
      }
      return {
        ...queued(
          {
            ...skipping(ticket, event, at),
            handover: {
              ...handoverOf(ticket, 'assignee' in ticket ? ticket.assignee : null, at),
              toTeam: true,
              ...(event.because === undefined ? {} : { because: event.because }),
            },
            team: event.team,
            tier: event.tier,
          },
          at,
        ),
        dispatches: ticket.dispatches + 1,
        clocks: enterTier(unownedSince(ticket.clocks, at), ticket.tier !== event.tier, event.targets, at),
        ladder: startLadder(ticket.ladder, event.ladder, at, event.duty),
      };
    case 'acknowledged':
      return {
        ...ticket,
        ladder: stopLadder(ticket.ladder, at),
        clocks: ticket.clocks.map((clock) => (isShouting(clock) ? { ...clock, acknowledgedAt: at } : clock)),
      };
    case 'severity_changed': {
      const gone = (clock: Clock): boolean => !event.targets.some((target) => target.id === clock.id);
      return {
        ...ticket,
        severity: event.to,
        severityGuessed: false,
        priority: event.priority,
        clocks: responded(withTargets(cancel(ticket.clocks, gone, at), event.targets), ticket.respondedAt),
      };
    }
    case 'restored':
      return become(
        ticket,
        'restored',
        { restoredAt: at, ...ownerOf(ticket, at) },
        {
          clocks: stop(unpause(ticket.clocks, at), ['restore'], at),
          // What it climbed for is reached; one for another clock goes on.
          ladder: ticket.ladder?.clock === 'restore' ? stopLadder(ticket.ladder, at) : ticket.ladder,
        },
      );
    case 'resolved': {
      const solution: Solution = {
        solution: event.solution,
        cause: event.cause,
        closure: event.closure,
        resolvedAt: at,
        resolvedBy: event.actor,
      };
      return become(
        ticket,
        'resolved',
        { reminded: false, rating: null, ...solution, ...ownerOf(ticket, at) },
        {
          resolutions: ticket.resolutions + 1,
          clocks: stop(ticket.clocks, [...HANDLING, 'vendor'], at),
          ladder: stopLadder(ticket.ladder, at),
        },
      );
    }
    case 'confirmed':
      return ticket;
    case 'reopened': {
      const metrics = ticket.status === 'restored' ? (['restore'] as const) : HANDLING;
      return become(ticket, 'in_progress', ownerOf(ticket, at), {
        clocks: withTargets(
          runOn(ticket.clocks, metrics, 'resolvedAt' in ticket ? ticket.resolvedAt : null, at),
          event.targets,
        ),
      });
    }
    case 'closed':
      return become(ticket, 'closed', {
        closedAt: at,
        closedBy: event.by,
        rating: 'rating' in ticket ? ticket.rating : null,
        ...solutionOf(ticket, at),
        ...ownerOf(ticket, at),
      });
    case 'cancelled':
      return become(ticket, 'cancelled', { endedAt: at }, ended(ticket, at));
    case 'rejected':
      return become(ticket, 'rejected', { rejectedAs: event.reason, of: event.of, endedAt: at }, ended(ticket, at));
    case 'linked':
      return 'thread' in event
        ? { ...ticket, threads: [...ticket.threads, event.thread] }
        : { ...ticket, links: linked(ticket.links, event) };
    case 'checkpoint':
      return event.field === null
        ? withTask(ticket, event)
        : { ...ticket, asking: { field: event.field, at }, asked: [...ticket.asked, event.field] };
    case 'point_reached': {
      const reached = [...event.skipped, event.point].map((point) => ({
        point,
        occurrence: point === event.point ? event.occurrence : 0,
        at,
      }));
      return {
        ...ticket,
        clocks: ticket.clocks.map((clock) =>
          clock.id === event.clock ? { ...clock, reached: [...firstTimes(clock, event.point), ...reached] } : clock,
        ),
      };
    }
    case 'war_room':
      return withWarRoom(ticket, event);
    case 'breached':
      return {
        ...ticket,
        clocks: ticket.clocks.map((clock) =>
          clock.id === event.clock ? { ...clock, breachedAt: event.dueAt } : clock,
        ),
      };
    case 'reminded': {
      if (event.what === 'close') return ticket.status === 'resolved' ? { ...ticket, reminded: true } : ticket;
      if (event.what === 'call_back') return withCallBackReminded(ticket, at);
      if (ticket.ladder === null) return ticket;
      const told = event.told.flatMap((one) => (one.person === null ? [] : [one.person.id]));
      return {
        ...ticket,
        ladder: { ...ticket.ladder, next: event.step + 1, reached: [...new Set([...ticket.ladder.reached, ...told])] },
      };
    }
    case 'message':
      return said(ticket, event);
    case 'evidence':
      return { ...ticket, evidence: [...ticket.evidence, event.key] };
    case 'note':
      return event.key === null
        ? ticket
        : { ...withdrawn(ticket, event.key), internal: [...ticket.internal, event.key] };
    case 'rated': {
      const rating = { score: event.score, text: event.text };
      return ticket.status === 'resolved' || ticket.status === 'closed' ? { ...ticket, rating } : ticket;
    }
    case 'message_edited':
      return isProgress(ticket, event.key)
        ? { ...ticket, lastProgress: { ...ticket.lastProgress, text: event.text } }
        : ticket;
    case 'message_deleted':
      return withdrawn(ticket, event.key);
    case 'refused':
      return ticket;
  }
}
