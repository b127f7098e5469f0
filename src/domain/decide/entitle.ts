import { authorizerOf, entitlementOf, GAP_SENTENCE } from '../entitlement.ts';
import type { Entitled } from '../entitlement.ts';
import { slaPolicyOf, slaTargets } from '../sla.ts';
import type { Ticket } from '../ticket.ts';
import type { Story } from './story.ts';

/**
 * Decides by which right the ticket is served, and what the customer is promised.
 * @param team where it will go: its lead is asked where the project has no manager.
 */
export function entitle(story: Story, team: string): void {
  const { ticket, world, at } = story;
  const found = entitlementOf(ticket, world.policy, at);
  const outcome = ticket.entitlement === 'authorized' ? ('authorized' as const) : found.outcome;
  const gap = outcome === 'authorized' || found.gap === null ? {} : { gap: found.gap };
  const asked = outcome === 'waiting' ? { asked: authorizerOf(ticket, team, world.policy) } : {};
  story.tell({
    type: 'entitled',
    outcome,
    contract: found.contract?.id ?? null,
    why: whyOf({ ...ticket, entitlement: outcome }, found, story),
    targets: slaTargets({ ...ticket, entitlement: outcome }, ticket.severity, found.contract, world.policy, null),
    ...gap,
    ...asked,
  });
  if (found.gap === 'no_project' && outcome !== 'authorized') openTask(story, 'entitle');
}

function whyOf(ticket: Ticket, { contract, gap }: Entitled, { world }: Story): string {
  const chosen = slaPolicyOf(ticket, contract, world.policy);
  const promise =
    chosen === null ? 'no SLA policy: no promise is made' : `${chosen.source}: policy ${chosen.policy.id}`;
  switch (ticket.entitlement) {
    case 'waiting':
      return `${gap === null ? 'not covered' : GAP_SENTENCE[gap]}; it waits for an authorization, only an emergency is recovered meanwhile`;
    case 'no_data':
      return `${gap === null ? 'no data' : GAP_SENTENCE[gap]}; served without a promise until the data are complete`;
    case 'warned':
      return `${gap === null ? 'not covered' : GAP_SENTENCE[gap]}; served all the same. ${promise}`;
    default:
      return promise;
  }
}

/** A child is served by the right of its parent, and the promise to the customer is the parent's alone: two clocks for one promise would be counted twice. */
export function entitleChild(
  story: Story,
  child: { readonly of: number; readonly entitlement: Ticket['entitlement']; readonly contract: string | null },
): void {
  const outcome = child.entitlement ?? 'open';
  const why = `as its parent ITR-${child.of}, which holds the promise to the customer`;
  story.tell({ type: 'entitled', outcome, contract: child.contract, why, targets: [] });
}

/** Nobody is asked twice for the same. */
export function openTask(story: Story, activity: 'entitle' | 'call_back'): void {
  const open = story.ticket.tasks?.some((task) => task.activity === activity && task.doneAt === null) ?? false;
  if (!open) story.tell({ type: 'checkpoint', activity, field: null, task: 'open' });
}
