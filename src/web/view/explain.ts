import type { Interval } from '../../domain/calendar.ts';
import { explainClock } from '../../domain/explain.ts';
import type { ClockExplanation } from '../../domain/explain.ts';
import { toIsoUtc, toIsoWithOffset } from '../../domain/instant.ts';
import type { Policy } from '../../domain/policy.ts';
import { route } from '../../domain/routing.ts';
import type { Clock, Ticket } from '../../domain/ticket.ts';
import { ticketId } from '../../domain/words.ts';
import type { Language } from '../../domain/words.ts';
import type { Labels } from '../deps.ts';
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
      shared: sharedJson(ticket),
    },
    entitlement: {
      outcome: ticket.entitlement,
      contract: ticket.contract,
      customer: ticket.customer,
      project: ticket.project,
    },
    clocks: ticket.clocks.map((clock) => clockExplained(clock, policy, reader)),
  };
}

/** To whom the team gave it by turns or by load; null: it did not. */
const sharedJson = ({ shared, team }: Ticket) =>
  shared === undefined || shared.team !== team ? null : { how: shared.how, to: shared.to.id, toName: shared.to.name };

function clockExplained(clock: Clock, policy: Policy, reader: Reader) {
  const told = explainClock(clock, policy, reader.now);
  const { timezone, dueAt } = told;
  return {
    ...clockJson(clock, policy, reader.now),
    sentence: sayWhy(clock, told, reader),
    timezone,
    dueLocal: dueAt === null ? null : toIsoWithOffset(dueAt, timezone),
    ...spansJson(told),
  };
}

const spansJson = ({ counted, toCome, excluded, from, until, dueAt, cut }: ClockExplanation) => ({
  from: toIsoUtc(from),
  until: toIsoUtc(until),
  to: toIsoUtc(dueAt ?? until),
  counted: counted.map(spanJson),
  toCome: toCome.map(spanJson),
  excluded: excluded.map(({ reason, name, by, consent, ...span }) => ({
    ...spanJson(span),
    reason,
    name,
    by: by?.id ?? null,
    byName: by?.name ?? null,
    consent,
  })),
  cut,
});

const spanJson = (span: Interval) => ({ from: toIsoUtc(span.from), to: toIsoUtc(span.to), ms: span.to - span.from });
