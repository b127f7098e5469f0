import type { Actor } from '../domain/commands.ts';
import { SYSTEM } from '../domain/commands.ts';
import { childState } from '../domain/decide/child.ts';
import type { TicketEvent } from '../domain/events.ts';
import type { Ticket, TicketLink } from '../domain/ticket.ts';
import type { Desk } from './desk.ts';
import type { Tx } from './ports.ts';

const INVERSE: Readonly<Record<TicketLink['as'], TicketLink['as']>> = {
  child: 'parent',
  parent: 'child',
  related: 'related',
  duplicate: 'duplicate',
};

/**
 * What a change of one ticket means for those linked with it, in the same transaction: a link is seen from both sides, and a parent knows how its children
 * stand. Ends by itself: a ticket that knows already says nothing.
 */
export async function tellRelated(
  desk: Pick<Desk, 'perform'>,
  tx: Tx,
  before: Ticket | null,
  ticket: Ticket,
  events: readonly TicketEvent[],
  actor: Actor,
): Promise<void> {
  for (const event of events) {
    if (event.type !== 'linked' || !('to' in event) || event.state !== undefined) continue;
    // The parent learns of its child below, with how it stands.
    if (event.as !== 'parent')
      await desk.perform(tx, event.to, { type: 'link', to: ticket.number, as: INVERSE[event.as] }, actor);
  }
  const parent = ticket.links.find((link) => link.as === 'parent');
  if (parent === undefined) return;
  const isNew = events.some((event) => event.type === 'linked' && 'to' in event && event.as === 'parent');
  const was = before === null || isNew ? null : JSON.stringify(childState(before));
  const state = childState(ticket);
  if (was === JSON.stringify(state)) return;
  await desk.perform(tx, parent.to, { type: 'child_changed', child: ticket.number, state }, isNew ? actor : SYSTEM);
}

/** Whether the ticket already stands above the other: linked below it, it would be its own ancestor. */
export async function standsAbove(tx: Tx, ticket: number, other: number): Promise<boolean> {
  let at: number | undefined = other;
  for (let steps = 0; at !== undefined && steps < 50; steps += 1) {
    if (at === ticket) return true;
    const found: Ticket | null = await tx.ticket(at);
    at = found?.links.find((link) => link.as === 'parent')?.to;
  }
  return false;
}
