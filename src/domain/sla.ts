import type { Contract, Policy, SlaPolicy } from './policy.ts';
import type { ClockTarget, Ticket } from './ticket.ts';
import type { Severity, Tier } from './words.ts';

/** The contract that covers the ticket's project and product at an instant; one that names the product before one that covers all. */
export function contractOf(ticket: Pick<Ticket, 'project' | 'fields'>, policy: Policy, at: number): Contract | null {
  const product = ticket.fields.product;
  const valid = policy.contracts.filter(
    (contract) =>
      contract.project === ticket.project &&
      contract.fromMs <= at &&
      at < contract.untilMs &&
      (contract.products.length === 0 || product === undefined || contract.products.includes(product)),
  );
  return valid.find((contract) => product !== undefined && contract.products.includes(product)) ?? valid[0] ?? null;
}

/** Which SLA policy, and why: the most specific of contract → project → customer → product → kind → default. */
export function slaPolicyOf(
  ticket: Pick<Ticket, 'project' | 'customer' | 'fields' | 'kind'>,
  contract: Contract | null,
  policy: Policy,
): { readonly policy: SlaPolicy; readonly source: string } | null {
  const { project, customer, kind } = ticket;
  const product = ticket.fields.product;
  const candidates: readonly (readonly [string | null | undefined, string])[] = [
    [contract?.sla, `contract ${contract?.id}`],
    [project === null ? null : policy.projects.get(project)?.sla, `project ${project}`],
    [customer === null ? null : policy.customers.get(customer)?.sla, `customer ${customer}`],
    [product === undefined ? null : policy.products.get(product)?.sla, `product ${product}`],
    [policy.slaByKind[kind], `kind ${kind}`],
    [policy.defaultSla, 'default'],
  ];
  for (const [id, source] of candidates) {
    const found = id === null || id === undefined ? undefined : policy.slaPolicies.get(id);
    if (found !== undefined) return { policy: found, source };
  }
  return null;
}

/** Nothing is promised before somebody authorizes it, nor while nobody knows whose it is; a child's promise is its parent's. */
const isPromised = (ticket: Pick<Ticket, 'entitlement' | 'parent'>): boolean =>
  ticket.entitlement !== 'waiting' && ticket.entitlement !== 'no_data' && ticket.parent === undefined;

/** Targets of the SLA clocks. They start with the customer's first message; `update` with the claim (null: not claimed). */
export function slaTargets(
  ticket: Pick<
    Ticket,
    'project' | 'customer' | 'fields' | 'kind' | 'firstMessageAt' | 'status' | 'entitlement' | 'parent'
  > & { readonly resumeTo?: Ticket['status'] },
  severity: Severity,
  contract: Contract | null,
  policy: Policy,
  updateFrom: number | null,
): readonly ClockTarget[] {
  if (!isPromised(ticket)) return [];
  const chosen = slaPolicyOf(ticket, contract, policy);
  if (chosen === null) return [];
  const targets = chosen.policy.targets[severity];
  // A ticket whose service is back has nothing to restore any more, also while it waits for something else.
  const restored = ticket.status === 'restored' || ticket.status === 'resolved' || ticket.resumeTo === 'restored';
  const metrics = [
    'response',
    ...(ticket.kind === 'incident' && !restored ? (['restore'] as const) : []),
    'resolve',
    ...(updateFrom === null ? [] : (['update'] as const)),
  ] as const;
  return metrics.flatMap((metric) => {
    const target = targets[metric];
    if (target === undefined) return [];
    return [
      {
        id: metric,
        metric,
        kind: 'SLA' as const,
        startedAt: metric === 'update' ? (updateFrom ?? 0) : ticket.firstMessageAt,
        targetMs: target.ms,
        calendar: target.calendar,
        policy: chosen.policy.id,
        source: chosen.source,
      },
    ];
  });
}

/** Targets of the OLA clocks of a team: `claim` for this dispatch, `tier` for the line. None where the team has no `ola`. */
export function olaTargets(
  team: { readonly id: string; readonly tier: Tier; readonly ola: string | null },
  severity: Severity,
  dispatch: number,
  at: number,
  policy: Policy,
): { readonly claim: readonly ClockTarget[]; readonly tier: readonly ClockTarget[] } {
  const ola = team.ola === null ? undefined : policy.olaPolicies.get(team.ola);
  if (ola === undefined) return { claim: [], tier: [] };
  const common = { kind: 'OLA' as const, startedAt: at, policy: ola.id, source: `team ${team.id}` };
  const claim = ola.claim[severity];
  const tier = ola.tier[team.tier]?.[severity];
  return {
    claim:
      claim === undefined
        ? []
        : [{ id: `claim#${dispatch}`, metric: 'claim', targetMs: claim.ms, calendar: claim.calendar, ...common }],
    tier:
      tier === undefined
        ? []
        : [
            {
              id: `tier:${team.tier}#${dispatch}`,
              metric: 'tier',
              targetMs: tier.ms,
              calendar: tier.calendar,
              ...common,
            },
          ],
  };
}

/** The target of the vendor's clock: what the product's supplier promised us. Empty where the product has no `uc`. */
export function ucTargets(
  ticket: Pick<Ticket, 'fields'>,
  severity: Severity,
  id: string,
  at: number,
  policy: Policy,
): readonly ClockTarget[] {
  const product = ticket.fields.product === undefined ? undefined : policy.products.get(ticket.fields.product);
  const uc = product?.uc == null ? undefined : policy.ucPolicies.get(product.uc);
  const target = uc?.vendor[severity];
  if (uc === undefined || target === undefined) return [];
  return [
    {
      id,
      metric: 'vendor',
      kind: 'UC',
      startedAt: at,
      targetMs: target.ms,
      calendar: target.calendar,
      policy: uc.id,
      source: `product ${product?.id}`,
    },
  ];
}
