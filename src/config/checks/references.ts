import { SEVERITIES } from '../../domain/words.ts';
import { checkReference, checkReferences, own } from './context.ts';
import type { CheckContext, PolicyEntry } from './context.ts';

/** Who can be meant besides a person's id; also the ids that no person can have. */
export const WHOM = ['assignee', 'duty', 'lead', 'manager', 'requester'] as const;

/** Every id points at something. */
export const checkAllReferences = (ctx: CheckContext): void => {
  checkPolicies(ctx);
  checkTeams(ctx);
  checkWorld(ctx);
  checkRouting(ctx);
};

const checkPolicies = (ctx: CheckContext): void => {
  const { file } = ctx;
  for (const [id, policy] of Object.entries(file.sla_policies)) {
    const path = ['sla_policies', id];
    checkReference(ctx, 'sla_policies', [...path, 'extends'], policy.extends);
    checkReference(ctx, 'calendars', [...path, 'calendar'], policy.calendar);
    for (const severity of SEVERITIES) {
      checkReference(
        ctx,
        'calendars',
        [...path, 'targets', severity, 'calendar'],
        policy.targets?.[severity]?.calendar,
      );
    }
  }
  for (const section of ['ola_policies', 'uc_policies'] as const) {
    for (const [id, policy] of Object.entries<PolicyEntry>(file[section])) {
      checkReference(ctx, section, [section, id, 'extends'], policy.extends);
      checkReference(ctx, 'calendars', [section, id, 'calendar'], policy.calendar);
    }
  }
  for (const section of ['sla_policies', 'ola_policies', 'uc_policies'] as const) {
    for (const [id, policy] of Object.entries<PolicyEntry>(file[section])) {
      for (const [index, point] of (policy.points ?? []).entries()) {
        for (const what of ['remind', 'ping', 'buzz'] as const) {
          checkReferences(ctx, 'people', [section, id, 'points', index, what], point[what], WHOM);
        }
      }
    }
  }
  checkReference(ctx, 'sla_policies', ['default_sla'], file.default_sla);
  for (const [kind, id] of Object.entries(file.sla_by_kind ?? {})) {
    checkReference(ctx, 'sla_policies', ['sla_by_kind', kind], id);
  }
  checkReference(ctx, 'calendars', ['close', 'calendar'], file.close?.calendar);
};

const checkTeams = (ctx: CheckContext): void => {
  const { file } = ctx;
  checkReference(ctx, 'teams', ['default_team'], file.default_team);
  for (const [id, team] of Object.entries(file.teams)) {
    checkReference(ctx, 'teams', ['teams', id, 'escalates_to'], team.escalates_to);
    checkReference(ctx, 'people', ['teams', id, 'lead'], team.lead);
    checkReference(ctx, 'ola_policies', ['teams', id, 'ola'], team.ola);
    checkReference(ctx, 'rotations', ['teams', id, 'rotation'], team.rotation);
    if (typeof team.ladder === 'object') {
      for (const [severity, ladder] of Object.entries(team.ladder)) {
        checkReference(ctx, 'ladders', ['teams', id, 'ladder', severity], ladder);
      }
    } else checkReference(ctx, 'ladders', ['teams', id, 'ladder'], team.ladder);
  }
  for (const [id, rotation] of Object.entries(file.rotations)) {
    checkReferences(ctx, 'people', ['rotations', id, 'people'], rotation.people);
    for (const [key, shift] of Object.entries(rotation.shifts ?? {})) {
      const part = Array.isArray(rotation.shifts) ? Number(key) : key;
      checkReferences(ctx, 'people', ['rotations', id, 'shifts', part, 'people'], shift.people);
    }
  }
  for (const [id, steps] of Object.entries(file.ladders)) {
    for (const [index, step] of steps.entries()) {
      checkReference(ctx, 'people', ['ladders', id, index, 'whom'], step.whom, WHOM);
    }
  }
};

const checkWorld = (ctx: CheckContext): void => {
  const { file } = ctx;
  for (const [id, product] of Object.entries(file.products)) {
    checkReference(ctx, 'teams', ['products', id, 'team'], product.team);
    checkReference(ctx, 'sla_policies', ['products', id, 'sla'], product.sla);
    checkReference(ctx, 'uc_policies', ['products', id, 'uc'], product.uc);
  }
  for (const [id, customer] of Object.entries(file.customers)) {
    checkReference(ctx, 'sla_policies', ['customers', id, 'sla'], customer.sla);
  }
  for (const [id, project] of Object.entries(file.projects)) {
    checkReference(ctx, 'customers', ['projects', id, 'customer'], project.customer);
    checkReference(ctx, 'people', ['projects', id, 'manager'], project.manager);
    checkReferences(ctx, 'products', ['projects', id, 'products'], project.products);
    checkReference(ctx, 'sla_policies', ['projects', id, 'sla'], project.sla);
  }
  for (const [index, contract] of file.contracts.entries()) {
    checkReference(ctx, 'projects', ['contracts', index, 'project'], contract.project);
    checkReferences(ctx, 'products', ['contracts', index, 'products'], contract.products);
    checkReference(ctx, 'sla_policies', ['contracts', index, 'sla'], contract.sla);
  }
  for (const [id, person] of Object.entries(file.people)) {
    checkReferences(ctx, 'teams', ['people', id, 'teams'], person.teams);
  }
  for (const [index, chat] of file.chats.entries()) {
    checkReference(ctx, 'projects', ['chats', index, 'project'], chat.project);
    checkReference(ctx, 'teams', ['chats', index, 'team'], chat.team);
  }
};

const checkRouting = (ctx: CheckContext): void => {
  const { when } = ctx.file.close?.callback ?? {};
  for (const [field, section] of [
    ['customer', 'customers'],
    ['project', 'projects'],
    ['product', 'products'],
  ] as const)
    checkReferences(ctx, section, ['close', 'callback', 'when', field], when?.[field]);
  for (const [index, rule] of ctx.file.routing.entries()) {
    const path = ['routing', index] as const;
    checkReference(ctx, 'teams', [...path, 'team'], rule.team);
    checkReferences(ctx, 'projects', [...path, 'when', 'project'], rule.when.project);
    checkReferences(ctx, 'customers', [...path, 'when', 'customer'], rule.when.customer);
    checkReferences(ctx, 'products', [...path, 'when', 'product'], rule.when.product);
    checkReference(ctx, 'products', [...path, 'set', 'product'], rule.set?.product);
    for (const [i, id] of (rule.when.component ?? []).entries()) {
      checkComponent(ctx, [...path, 'when', 'component', i], id, rule.when.product);
    }
    if (rule.set?.component !== undefined) {
      const products = rule.set.product === undefined ? rule.when.product : [rule.set.product];
      checkComponent(ctx, [...path, 'set', 'component'], rule.set.component, products);
    }
  }
};

/** A component is looked for in the products named beside it, or in all. */
const checkComponent = (
  ctx: CheckContext,
  path: readonly (string | number)[],
  id: string,
  products: readonly string[] | undefined,
): void => {
  const among = (products ?? Object.keys(ctx.file.products)).filter((p) => ctx.ids('products').has(p));
  // The product itself is unknown, or its components could not be read: that is reported already.
  if (products !== undefined && among.length === 0) return;
  const known = new Set<string>();
  for (const product of among) {
    const components = own(ctx.file.products, product)?.components;
    if (components === undefined && ctx.written(['products', product, 'components'])) return;
    for (const component of componentIds(components)) known.add(component);
  }
  if (known.has(id)) return;
  const of = products === undefined ? 'of any product' : `of ${products.join(', ')}`;
  const have = known.size === 0 ? 'none' : [...known].join(', ');
  ctx.error({
    path,
    found: `the unknown component "${id}"`,
    wanted: `a component ${of}: ${have}`,
    message: `"${id}" is not a component ${of}; known: ${have}`,
  });
};

const componentIds = (components: readonly string[] | Readonly<Record<string, unknown>> | undefined): string[] =>
  components === undefined ? [] : Array.isArray(components) ? [...(components as string[])] : Object.keys(components);
