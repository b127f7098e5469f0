import type { PublicCommandType } from './commands.ts';
import type { RefusalReason } from './errors.ts';
import { assigneeOf } from './ticket.ts';
import type { Ticket } from './ticket.ts';
import { ticketId } from './words.ts';

/**
 * A refusal as an English sentence: for the timeline, the API and the log. Chat words it itself, in the reader's language
 * (`conversations/texts`).
 */
export function sentence(reason: RefusalReason, ticket: Ticket, possible: readonly PublicCommandType[]): string {
  const id = ticketId(ticket.number);
  const owner = assigneeOf(ticket);
  switch (reason.code) {
    case 'not_now': {
      const moves = possible.filter((type) => !ALWAYS.has(type));
      const then = moves.length === 0 ? 'nothing can be done with it any more' : `possible now: ${moves.join(', ')}`;
      return `${id} is ${reason.status}; ${then}`;
    }
    case 'already_claimed':
      return `${id} already has an owner: ${reason.by.name}`;
    case 'not_yours':
      switch (reason.needs) {
        case 'assignee':
          return owner === null
            ? `Only an owner or a lead of the team can do this; ${id} has no owner`
            : `Only the owner of ${id}, ${owner.name}, or a lead of the team can do this`;
        case 'requester':
          return `Only the requester's side can do this on ${id}; it was raised by ${ticket.requester.name}`;
        case 'team':
          return `${id} waits in team ${ticket.team ?? '(none)'}; only its engineers and lead can claim it. Ask for a transfer`;
        case 'lead':
          return `Only a lead of the team or a manager can do this on ${id}`;
        case 'staff':
          return `Only engineers, leads and managers can do this on ${id}`;
        case 'reached':
          return `Only somebody whom the escalation of ${id} has reached can acknowledge it`;
      }
    case 'not_entitled':
      return `${id} is not covered by a contract; a lead or a manager can authorize it`;
    case 'nothing_to_acknowledge':
      return `Nothing on ${id} waits to be acknowledged`;
    case 'reopen_window_over':
      return `${id} was closed too long ago to be reopened; raise a new ticket and link it`;
    case 'no_next_tier':
      return `There is no tier above team ${reason.team}; name a team`;
    case 'no_handover':
      return `No hand-over of ${id} waits to be accepted or returned`;
    case 'has_war_room':
      return `${id} has a war room already`;
    case 'no_chat':
      return `${id} has no thread on a connected chat platform, so there is nowhere to open a war room`;
    case 'not_as_child':
      return reason.because === 'circle'
        ? `${ticketId(reason.child)} stands above ${id} already; a ticket cannot be its own child`
        : `${ticketId(reason.child)} is the child of another ticket already; link it as related`;
    case 'unknown': {
      const near = reason.near.length === 0 ? '' : `. Did you mean ${reason.near.join(' or ')}?`;
      return `There is no ${reason.what} called "${reason.found}"${near}`;
    }
    case 'invalid':
      return `${reason.what}: ${reason.wanted}`;
  }
}

/** Possible in every status: not worth a word when somebody asks what to do next. */
const ALWAYS: ReadonlySet<PublicCommandType> = new Set([
  'set',
  'comment',
  'note',
  'evidence',
  'internal',
  'link',
  'checkpoint',
]);
