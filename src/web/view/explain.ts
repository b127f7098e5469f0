import { calendarOf, clockView } from '../../domain/clocks.ts';
import { toIsoUtc, toIsoWithOffset } from '../../domain/instant.ts';
import type { Policy } from '../../domain/policy.ts';
import { route } from '../../domain/routing.ts';
import type { Clock, Ticket } from '../../domain/ticket.ts';
import { ticketId } from '../../domain/words.ts';
import type { Language } from '../../domain/words.ts';
import type { Labels } from '../deps.ts';
import { clockSpans } from './spans.ts';
import type { ClockSpans } from './spans.ts';
import { clockJson } from './ticket-json.ts';
import { sayWhy } from './why.ts';

export interface Reader {
  readonly language: Language;
  readonly labels: Labels;
  readonly now: number;
}

/** Why the ticket is with this team, and why each clock is due when it is. */
export function explain(ticket: Ticket, policy: Policy, reader: Reader) {
  const today = route(ticket, policy);
  const rule = policy.routing.find((candidate) => candidate.name === ticket.routedBy);
  const team = ticket.team === null ? undefined : policy.teams.get(ticket.team);
  return {
    number: ticketId(ticket.number),
    at: toIsoUtc(reader.now),
    routing: {
      team: ticket.team,
      teamName: team?.name ?? null,
      tier: ticket.tier,
      rule: ticket.routedBy,
      /** False: no rule fitted, so it went to the default team. */
      matched: ticket.routedBy !== null && ticket.routedBy !== 'default',
      when: rule?.when ?? null,
      /** Where a ticket like this one would go now; differs where the rules, the fields, or people have changed it. */
      today: { team: today.team, rule: today.rule },
    },
    entitlement: {
      outcome: ticket.entitlement,
      contract: ticket.contract,
      customer: ticket.customer,
      project: ticket.project,
    },
    clocks: ticket.clocks.map((clock) => explainClock(clock, policy, reader)),
  };
}

function explainClock(clock: Clock, policy: Policy, reader: Reader) {
  const spans = clockSpans(clock, policy, reader.now);
  const { timezone } = calendarOf(clock, policy);
  const view = clockView(clock, policy, reader.now);
  return {
    ...clockJson(clock, policy, reader.now),
    sentence: sayWhy(clock, view, spans, timezone, reader),
    timezone,
    dueLocal: view.dueAt === null ? null : toIsoWithOffset(view.dueAt, timezone),
    ...spansJson(spans),
  };
}

const spansJson = ({ counted, excluded, from, to, cut }: ClockSpans) => ({
  from: toIsoUtc(from),
  to: toIsoUtc(to),
  counted: counted.map((span) => ({ from: toIsoUtc(span.from), to: toIsoUtc(span.to), ms: span.to - span.from })),
  excluded: excluded.map(({ reason, name, ...span }) => ({
    from: toIsoUtc(span.from),
    to: toIsoUtc(span.to),
    ms: span.to - span.from,
    reason,
    name,
  })),
  cut,
});
