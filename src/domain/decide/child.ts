import type { Actor, CaptureCommand, InternalCommand } from '../commands.ts';
import { near } from '../near.ts';
import { mayNot } from '../permissions.ts';
import type { ChildState, Ticket } from '../ticket.ts';
import { OPEN_STATUSES, ticketId } from '../words.ts';
import type { Status } from '../words.ts';
import type { World } from '../world.ts';
import { refusal } from './story.ts';
import type { Story } from './story.ts';

/** What the child is to be; what is left out is as the parent has it. */
export interface WantedChild {
  readonly team?: string;
  readonly product?: string;
  readonly title?: string;
  readonly description?: string;
}

/**
 * Another product's part of a ticket, for another team. The parent keeps its owner, the customer's thread and the promise; the child has its own owner and
 * the agreements between the teams. Its requester is whoever raised it: he knows whether it is done. Throws a Refusal.
 */
export function childOf(parent: Ticket, wanted: WantedChild, actor: Actor, world: World, now: number): CaptureCommand {
  const { policy } = world;
  const needs = mayNot('link', parent, actor);
  if (needs !== null) throw refusal('role', { code: 'not_yours', needs }, parent);
  if (!(OPEN_STATUSES as readonly Status[]).includes(parent.status) || parent.status === 'draft')
    throw refusal('state', { code: 'not_now', status: parent.status }, parent);
  if (wanted.team !== undefined && !policy.teams.has(wanted.team)) {
    const known = [...policy.teams.keys()];
    throw refusal(
      'input',
      { code: 'unknown', what: 'team', found: wanted.team, near: near(wanted.team, known) },
      parent,
    );
  }
  const { product, component, ...rest } = parent.fields;
  const other = wanted.product !== undefined && wanted.product !== product;
  const kept = other
    ? {}
    : { ...(product === undefined ? {} : { product }), ...(component === undefined ? {} : { component }) };
  return {
    type: 'capture',
    kind: parent.kind,
    severity: parent.severity,
    severityGuessed: false,
    fields: {
      ...rest,
      ...kept,
      ...(wanted.product === undefined ? {} : { product: wanted.product }),
      ...(wanted.title === undefined ? {} : { title: wanted.title }),
      ...(wanted.description === undefined ? {} : { description: wanted.description }),
    },
    language: parent.language,
    requester: { id: actor.id, name: actor.name },
    project: parent.project,
    firstMessageAt: now,
    thread: null,
    messages: [],
    child: {
      of: parent.number,
      team: wanted.team ?? teamOf(wanted.product, world),
      entitlement: parent.entitlement,
      contract: parent.contract,
    },
  };
}

/** Whose the product is; null: the rules decide. */
const teamOf = (product: string | undefined, { policy }: World): string | null =>
  product === undefined ? null : (policy.products.get(product)?.team ?? null);

export const childState = (ticket: Ticket): ChildState => ({
  status: ticket.status,
  team: ticket.team,
  title: ticket.fields.title ?? null,
});

/** A parent learns how its child stands: shown on its card, and what a close looks at. */
export function childChanged(
  story: Story,
  { child, state }: Extract<InternalCommand, { type: 'child_changed' }>,
): void {
  const known = story.ticket.links.find((link) => link.to === child && link.as === 'child')?.state;
  const same = known?.status === state.status && known.team === state.team && known.title === state.title;
  if (!same) story.tell({ type: 'linked', to: child, as: 'child', state });
}

const OVER: ReadonlySet<Status> = new Set(['resolved', 'closed', 'rejected', 'cancelled']);

/** Children that are not solved yet. A link without a state was made before states were kept: nobody knows, so it does not warn. */
export const openChildren = (ticket: Pick<Ticket, 'links'>): readonly string[] =>
  ticket.links
    .filter((link) => link.as === 'child' && link.state !== undefined && !OVER.has(link.state.status))
    .map((link) => ticketId(link.to));
