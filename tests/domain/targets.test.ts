/** Which contract, which policy, which targets: each with the cases at its edges. */
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import type { Contract, Policy } from '../../src/domain/policy.ts';
import { contractOf, olaTargets, slaPolicyOf, slaTargets, ucTargets } from '../../src/domain/sla.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { worldWith } from '../support/world.ts';

const T0 = Date.UTC(2026, 10, 19, 2);
const t = (minutes: number): number => T0 + minutes * MINUTE;
const { policy } = worldWith();

describe('targets', () => {
  const contract = (id: string, products: readonly string[], more: Partial<Contract> = {}): Contract => ({
    ...(policy.contracts[0] as Contract),
    id,
    products,
    fromMs: t(0),
    untilMs: t(100),
    ...more,
  });
  const ticket = (more: Record<string, unknown> = {}): Ticket =>
    ({
      project: 'acme-core',
      customer: 'acme',
      kind: 'incident',
      status: 'queued',
      entitlement: 'entitled',
      firstMessageAt: T0,
      fields: { product: 'db' },
      ...more,
    }) as unknown as Ticket;
  const which = (contracts: readonly Contract[], of = ticket(), minute = 5): string | null =>
    contractOf(of, { ...policy, contracts: [...contracts] }, t(minute))?.id ?? null;

  it.each<[string, string | null]>([
    ['one that names the product before one that covers all', which([contract('all', []), contract('db', ['db'])])],
    ['else the first', which([contract('db', ['x']), contract('db', [])])],
    ['of a ticket without a product any of the project', which([contract('db', ['x'])], ticket({ fields: {} }))],
    ['from its first instant', which([contract('db', [])], ticket(), 0)],
    ['not before', which([contract('not yet', [], { fromMs: t(6) }), contract('db', [])])],
    ['not at its end', which([contract('over', [], { untilMs: t(5) }), contract('db', [])])],
    ['not another project’s', which([contract('theirs', [], { project: 'other' }), contract('db', [])])],
  ])('contractOf: %s', (_what, id) => expect(id).toBe('db'));
  it('contractOf: none covers it', () => expect(which([contract('x', ['x'])])).toBeNull());

  it('slaPolicyOf: the most specific that there is, and whose it is', () => {
    const gold = { sla: 'gold' };
    const none = { ...policy, slaByKind: {}, defaultSla: null } as Policy;
    const of = (more: Partial<Policy>, one: Contract | null = null, about = ticket()) =>
      slaPolicyOf(about, one, { ...none, ...more })?.source ?? null;
    const project = new Map([['acme-core', { ...policy.projects.get('acme-core'), ...gold }]]) as Policy['projects'];
    const customer = new Map([['acme', { ...policy.customers.get('acme'), ...gold }]]) as Policy['customers'];
    const product = new Map([['db', { ...policy.products.get('db'), ...gold }]]) as Policy['products'];
    const kind = { incident: 'gold' } as Policy['slaByKind'];
    const all = { projects: project, customers: customer, products: product, slaByKind: kind, defaultSla: 'standard' };
    expect(of(all, contract('A', [], { sla: 'gold' }))).toBe('contract A');
    expect(of(all, contract('A', [], { sla: null }))).toBe('project acme-core');
    expect(of({ ...all, projects: new Map() })).toBe('customer acme');
    expect(of({ ...all, projects: new Map(), customers: new Map() })).toBe('product db');
    expect(of({ slaByKind: kind, defaultSla: 'standard', products: new Map() })).toBe('kind incident');
    expect(of({ defaultSla: 'standard', products: new Map() })).toBe('default');
    expect(of({ products: new Map() })).toBeNull();
    expect(of(all, null, ticket({ project: null, customer: null, fields: {} }))).toBe('kind incident');
    // One that was removed from the file does not hide what stands behind it.
    expect(of(all, contract('A', [], { sla: 'gone' }))).toBe('project acme-core');
  });

  const metrics = (more: Record<string, unknown>, updateFrom: number | null = null): string[] =>
    slaTargets(ticket(more), 'S1', null, policy, updateFrom).map(({ metric }) => metric);
  it('slaTargets: what is promised, and from when', () => {
    expect(metrics({})).toEqual(['response', 'restore', 'resolve']);
    expect(metrics({}, t(9))).toEqual(['response', 'restore', 'resolve', 'update']);
    expect(slaTargets(ticket(), 'S1', null, policy, t(9)).map(({ startedAt }) => startedAt)).toEqual([
      T0,
      T0,
      T0,
      t(9),
    ]);
    expect(metrics({ kind: 'request' })).toEqual(['response', 'resolve']);
  });
  it.each([{ status: 'restored' }, { status: 'resolved' }, { status: 'pending', resumeTo: 'restored' }])(
    'slaTargets: service is back, so nothing is to be restored: %o',
    (more) => expect(metrics(more)).toEqual(['response', 'resolve']),
  );
  it.each([{ status: 'pending', resumeTo: 'in_progress' }, { status: 'in_progress' }])(
    'slaTargets: it is not: %o',
    (more) => expect(metrics(more)).toContain('restore'),
  );
  it.each([{ entitlement: 'waiting' }, { entitlement: 'no_data' }, { parent: 7 }])(
    'slaTargets: nothing is promised: %o',
    (more) => expect(metrics(more)).toEqual([]),
  );
  it('slaTargets: no policy, no promise', () =>
    expect(
      slaTargets(
        ticket({ project: null, customer: null, fields: {} }),
        'S1',
        null,
        { ...policy, slaByKind: {}, defaultSla: null },
        null,
      ),
    ).toEqual([]));

  it('olaTargets: of the team’s tier and severity; none without an OLA, or without that line in it', () => {
    const l1 = { id: 'db-l1', tier: 'L1', ola: 'standard' } as const;
    expect(olaTargets(l1, 'S1', 2, T0, policy)).toMatchObject({
      claim: [
        {
          id: 'claim#2',
          metric: 'claim',
          kind: 'OLA',
          startedAt: T0,
          targetMs: 5 * MINUTE,
          policy: 'standard',
          source: 'team db-l1',
        },
      ],
      tier: [{ id: 'tier:L1#2', metric: 'tier', targetMs: 30 * MINUTE, source: 'team db-l1' }],
    });
    expect(olaTargets({ ...l1, tier: 'L3' }, 'S1', 2, T0, policy).tier).toEqual([]);
    expect(olaTargets({ ...l1, tier: 'L2' }, 'S4', 2, T0, policy).tier).toEqual([]);
    for (const ola of [null, 'gone'])
      expect(olaTargets({ ...l1, ola }, 'S1', 2, T0, policy)).toEqual({ claim: [], tier: [] });
    const noClaim = {
      ...policy,
      olaPolicies: new Map([...policy.olaPolicies].map(([id, one]) => [id, { ...one, claim: {} }])),
    } as Policy;
    expect(olaTargets(l1, 'S1', 2, T0, noClaim).claim).toEqual([]);
  });

  it('ucTargets: what the product’s supplier promised', () => {
    const supplied = worldWith(
      ['teams:\n  db-l1', 'uc_policies:\n  hw: { calendar: cn, vendor: { S1: 1h } }\n\nteams:\n  db-l1'],
      ['storage: {} }, team: db-l1 }', 'storage: {} }, team: db-l1, uc: hw }'],
    ).policy;
    expect(ucTargets(ticket(), 'S1', 'vendor#2', T0, supplied)).toEqual([
      {
        id: 'vendor#2',
        metric: 'vendor',
        kind: 'UC',
        startedAt: T0,
        targetMs: HOUR,
        calendar: 'cn',
        policy: 'hw',
        source: 'product db',
      },
    ]);
    expect(ucTargets(ticket(), 'S2', 'vendor', T0, supplied)).toEqual([]);
    expect(ucTargets(ticket({ fields: {} }), 'S1', 'vendor', T0, supplied)).toEqual([]);
    expect(ucTargets(ticket({ fields: { product: 'unknown' } }), 'S1', 'vendor', T0, supplied)).toEqual([]);
    expect(ucTargets(ticket(), 'S1', 'vendor', T0, policy)).toEqual([]);
    expect(ucTargets(ticket(), 'S1', 'vendor', T0, { ...supplied, ucPolicies: new Map() })).toEqual([]);
  });
});
