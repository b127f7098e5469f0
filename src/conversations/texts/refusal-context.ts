import type { PublicCommandType } from '../../domain/commands.ts';
import type { Policy } from '../../domain/policy.ts';
import { assigneeOf, type Ticket } from '../../domain/ticket.ts';
import { ticketId } from '../../domain/words.ts';
import type { RefusalContext } from './texts.ts';

/** What a refusal's sentence may name of the ticket. Without a ticket, `id` is empty. */
export const refusalContext = (ticket: Ticket | null, policy: Policy, command: string): RefusalContext => {
  const team = ticket?.team == null ? undefined : policy.teams.get(ticket.team);
  const lead = team?.lead ?? null;
  return {
    id: ticket === null ? '' : ticketId(ticket.number),
    command,
    assignee: ticket === null ? null : (assigneeOf(ticket)?.name ?? null),
    requester: ticket?.requester.name ?? null,
    team: team?.name ?? ticket?.team ?? null,
    lead: lead === null ? null : (policy.people.get(lead)?.name ?? lead),
  };
};

/** Possible nearly always, so no news to somebody who asks what works now. */
const NO_NEWS: ReadonlySet<PublicCommandType> = new Set([
  'set',
  'comment',
  'note',
  'evidence',
  'internal',
  'link',
  'rate',
  'acknowledge',
  'set_severity',
  'consent',
  'checkpoint',
]);

/** A sentence with fifteen possibilities says nothing. */
const MOST = 4;

export const worthSaying = (possible: readonly PublicCommandType[]): readonly PublicCommandType[] =>
  possible.filter((type) => !NO_NEWS.has(type)).slice(0, MOST);
