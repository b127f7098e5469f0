import { tierBudget, type TierBudget } from '../../domain/budget.ts';
import { clockView, type ClockView } from '../../domain/clocks.ts';
import { missingFields } from '../../domain/decide/intake.ts';
import { dutyOf } from '../../domain/escalation.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { stageOf, ticketId, type Field, type Status } from '../../domain/words.ts';
import type { World } from '../../domain/world.ts';
import type { Inline } from '../card.ts';
import { childrenOf } from './service.ts';

/** All that a card shows of a ticket, with names instead of ids, at one instant and for one reader's time zone. */
export interface TicketView {
  readonly ticket: Ticket;
  /** `ITR-7` */
  readonly id: string;
  readonly clocks: readonly ClockView[];
  readonly teamName: string | null;
  readonly leadName: string | null;
  /** Who is on duty for the team now; `hole`: it is nobody's turn, so it is the lead (or nobody). */
  readonly duty: { readonly name: string | null; readonly hole: boolean } | null;
  /** Whom the ticket was handed over from and is not accepted yet: a team, where it came from another one. */
  readonly handoverFrom: string | null;
  readonly productName: string | null;
  readonly componentName: string | null;
  readonly customerName: string | null;
  readonly projectName: string | null;
  readonly missing: readonly Field[];
  /** Raised for other teams, as they stand now. */
  readonly children: readonly { readonly id: string; readonly team: string | null; readonly status: Status }[];
  /** The pause waits for the customer's consent. */
  readonly consentWanted: boolean;
  /** What is left for its tier, once another one took too long. */
  readonly budget: TierBudget | null;
  readonly reopenUntil: number | null;
  /** The ticket's page; null: no address is known. */
  readonly url: string | null;
  readonly now: number;
  readonly timezone: string;
  /** False: without the times left, which change by themselves. So drawn, two cards are equal if and only if nothing happened in between. */
  readonly relative: boolean;
  /** On the card of a team that has it no more: who has it now. */
  readonly movedTo: string | null;
  /** The gesture that claims; null: the platform has no reactions. */
  readonly claimEmoji: Inline | null;
}

export const viewOf = (
  ticket: Ticket,
  world: World,
  now: number,
  publicUrl: string | null,
  timezone: string,
  claimEmoji: Inline | null = null,
): TicketView => {
  const { policy } = world;
  const team = ticket.team === null ? undefined : policy.teams.get(ticket.team);
  const product = ticket.fields.product;
  const known = product === undefined ? undefined : policy.products.get(product);
  const component = ticket.fields.component;
  const lead = team?.lead ?? null;
  return {
    ticket,
    id: ticketId(ticket.number),
    clocks: ticket.clocks.map((clock) => clockView(clock, policy, now)),
    teamName: team?.name ?? ticket.team,
    leadName: lead === null ? null : nameOf(lead, policy),
    duty: onDuty(ticket, world, now),
    handoverFrom: handoverFrom(ticket, policy),
    productName: known?.name ?? product ?? null,
    componentName: component === undefined ? null : (known?.components.get(component)?.name ?? component),
    customerName: ticket.customer === null ? null : (policy.customers.get(ticket.customer)?.name ?? ticket.customer),
    projectName: ticket.project === null ? null : (policy.projects.get(ticket.project)?.name ?? ticket.project),
    children: childrenOf(ticket, policy),
    missing: ticket.status === 'draft' ? missingFields(ticket, policy) : [],
    consentWanted: ticket.status === 'pending' && ticket.consentBy !== null,
    budget: tierBudget(ticket, policy, now),
    reopenUntil: ticket.status === 'closed' ? ticket.closedAt + policy.close.reopenWindowMs : null,
    url: pageOf(ticket.number, publicUrl),
    now,
    timezone,
    relative: true,
    movedTo: null,
    claimEmoji,
  };
};

const onDuty = (ticket: Ticket, world: World, now: number): TicketView['duty'] => {
  if (ticket.team === null || stageOf(ticket.status) === 'end') return null;
  const slot = dutyOf(ticket.team, world, now);
  const rota = world.policy.teams.get(ticket.team)?.rotation ?? null;
  // A team without a rotation has no hole in it: its lead is whom it has.
  return {
    name: slot.person === null ? null : nameOf(slot.person, world.policy),
    hole: slot.source === 'fallback' && rota !== null,
  };
};

const handoverFrom = ({ handover, team }: Ticket, policy: Policy): string | null => {
  if (handover === null) return null;
  const { from, fromTeam } = handover;
  return fromTeam !== null && fromTeam !== team ? (policy.teams.get(fromTeam)?.name ?? fromTeam) : (from?.name ?? null);
};

export const nameOf = (person: string, policy: Policy): string => policy.people.get(person)?.name ?? person;

export const pageOf = (number: number, publicUrl: string | null): string | null =>
  publicUrl === null ? null : `${publicUrl.replace(/\/+$/, '')}/tickets/${ticketId(number)}`;

/** In whose time zone the ticket's customer reads. */
export const customerTimezone = (ticket: Ticket, policy: Policy): string =>
  (ticket.customer === null ? null : policy.customers.get(ticket.customer)?.timezone) ?? policy.timezone;
