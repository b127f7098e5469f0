import type { PublicCommandType } from './commands.ts';
import type { Contract, Policy } from './policy.ts';
import type { PersonId, PersonRef, Ticket } from './ticket.ts';
import { contractOf } from './sla.ts';

/** Why no contract covers a ticket. `no_project`: nobody knows whose it is, so nobody can say. */
export type Gap = 'no_project' | 'no_contract' | 'not_yet' | 'expired' | 'product';

export interface Entitled {
  readonly outcome: 'open' | 'entitled' | 'warned' | 'waiting' | 'no_data';
  readonly contract: Contract | null;
  readonly gap: Gap | null;
}

type About = Pick<Ticket, 'project' | 'fields'>;

/**
 * The three outcomes (domain page, "Entitlement"): covered by a contract; no data, so it is served without a promise until somebody completes them; not
 * covered, so it waits for an authorization, and only an emergency is recovered meanwhile. `open` needs no contract, `warn` serves as though there was one.
 */
export function entitlementOf(ticket: About, policy: Policy, at: number): Entitled {
  const contract = contractOf(ticket, policy, at);
  if (contract !== null) return { outcome: 'entitled', contract, gap: null };
  if (policy.entitlement === 'open') return { outcome: 'open', contract: null, gap: null };
  const gap = gapOf(ticket, policy, at);
  if (policy.entitlement === 'warn') return { outcome: 'warned', contract: null, gap };
  return { outcome: gap === 'no_project' ? 'no_data' : 'waiting', contract: null, gap };
}

function gapOf({ project, fields }: About, policy: Policy, at: number): Gap {
  if (project === null || !policy.projects.has(project)) return 'no_project';
  const theirs = policy.contracts.filter((contract) => contract.project === project);
  if (theirs.length === 0) return 'no_contract';
  if (theirs.some((contract) => contract.fromMs <= at && at < contract.untilMs)) return 'product';
  // One that has run out is what people know; one that begins later is said only where there is no other.
  const product = fields.product;
  const fitting = theirs.filter(
    ({ products }) => product === undefined || products.length === 0 || products.includes(product),
  );
  return (fitting.length === 0 ? theirs : fitting).some((contract) => contract.untilMs <= at) ? 'expired' : 'not_yet';
}

/** In English, for the timeline and the API; chat words the gap itself. */
export const GAP_SENTENCE: Readonly<Record<Gap, string>> = {
  no_project: 'nobody knows which project it is for',
  no_contract: 'the project has no contract',
  not_yet: 'the contract has not begun yet',
  expired: 'the contract has ended',
  product: 'no contract of the project covers the product',
};

/** Whose word it needs: the manager of the project; without one, the lead of the team. */
export function authorizerOf(ticket: About, team: string, policy: Policy): PersonRef | null {
  const manager = ticket.project === null ? undefined : policy.projects.get(ticket.project)?.manager;
  const id: PersonId | null = manager ?? policy.teams.get(team)?.lead ?? null;
  return id === null ? null : { id, name: policy.people.get(id)?.name ?? id };
}

/** Business down: what is recovered without a contract, and talked about afterwards. */
export const isEmergency = (ticket: Pick<Ticket, 'kind' | 'severity'>): boolean =>
  ticket.kind === 'incident' && ticket.severity === 'S1';

/**
 * What nobody may do while it waits. Nothing is begun with; an emergency is recovered by all means, but the cause is looked for once somebody has
 * said yes.
 */
export const isWithheld = (
  type: PublicCommandType,
  ticket: Pick<Ticket, 'kind' | 'severity' | 'entitlement'>,
): boolean => {
  if (ticket.entitlement !== 'waiting') return false;
  return type === 'resolve' || (!isEmergency(ticket) && BEGIN.has(type));
};

const BEGIN: ReadonlySet<PublicCommandType> = new Set(['claim', 'assign', 'transfer', 'escalate', 'pend', 'restore']);

/** It waits for an authorization, and nobody may begin with it. */
export const isHeld = (ticket: Pick<Ticket, 'kind' | 'severity' | 'entitlement'>): boolean =>
  ticket.entitlement === 'waiting' && !isEmergency(ticket);
