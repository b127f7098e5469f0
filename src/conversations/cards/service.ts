import type { Policy } from '../../domain/policy.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { ticketId, type Language } from '../../domain/words.ts';
import type { RichText } from '../card.ts';
import { serviceTexts } from '../texts/service.ts';
import { lines } from './parts.ts';
import type { TicketView } from './view.ts';

/** A child as its parent's card names it: by team, where somebody has it. */
export const childrenOf = (ticket: Ticket, policy: Policy): TicketView['children'] =>
  ticket.links.flatMap(({ to, as, state }) => {
    if (as !== 'child' || state === undefined) return [];
    const team = state.team === null ? null : (policy.teams.get(state.team)?.name ?? state.team);
    return [{ id: ticketId(to), team, status: state.status }];
  });

/** What engineers see of it beside the solving: its children, whose child it is, and what is left to do. */
export const serviceLines = (view: TicketView, language: Language): readonly RichText[] => {
  const t = serviceTexts(language);
  const { ticket, children } = view;
  const isOpen = (activity: 'call_back' | 'entitle'): boolean =>
    ticket.tasks?.some((task) => task.activity === activity && task.doneAt === null) ?? false;
  return lines(
    ticket.parent === undefined ? null : t.childOf(ticketId(ticket.parent)),
    children.length === 0 ? null : t.children(children.map(({ id, team, status }) => t.child(id, team, status))),
    isOpen('entitle') ? t.dataTask : null,
    isOpen('call_back') ? t.callBackTask : null,
  );
};
