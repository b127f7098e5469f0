import type { Policy } from '../../domain/policy.ts';
import { zoneOf } from '../../domain/zone.ts';
import type { CompleteFile } from '../defaults.ts';
import { rotationSpec } from '../rotation.ts';
import { resolveCalendar } from './calendars.ts';
import { resolveClose } from './close.ts';
import { resolveManners } from './manners.ts';
import { inherited, resolveOla, resolveSla, resolveUc, whom } from './policies.ts';
import { resolveTeam } from './team.ts';
import { resolveForms, resolveGestures, resolveImpact, resolveMatrix, resolvePlatformGestures } from './words.ts';
import { resolveChats, resolveContracts, resolvePeople, resolveProducts, resolveProjects } from './world.ts';

/** Builds the Policy of a file without mistakes. A mistake here is a bug: every one has to be found by a check. */
export const resolvePolicy = (file: CompleteFile, revision: string): Policy => {
  const people = resolvePeople(file);
  const products = resolveProducts(file);
  const projects = resolveProjects(file);
  const defaultSla = file.default_sla ?? (Object.hasOwn(file.sla_policies, 'standard') ? 'standard' : null);
  const policy: Policy = {
    revision,
    locale: file.locale,
    timezone: file.timezone,
    calendars: mapped(file.calendars, (calendar, id) => resolveCalendar(id, calendar, file.timezone)),
    priorities: resolveMatrix(file),
    slaPolicies: mapped(file.sla_policies, (written, id) =>
      resolveSla(id, inherited(file.sla_policies, id) ?? written),
    ),
    olaPolicies: mapped(file.ola_policies, (written, id) =>
      resolveOla(id, inherited(file.ola_policies, id) ?? written),
    ),
    ucPolicies: mapped(file.uc_policies, (written, id) => resolveUc(id, inherited(file.uc_policies, id) ?? written)),
    teams: mapped(file.teams, (team, id) => resolveTeam(file, team, id)),
    rotations: mapped(file.rotations, (rotation) => rotationSpec(rotation, file.timezone)),
    ladders: mapped(file.ladders, (steps, id) => ({
      id,
      steps: steps
        .map((step) => ({
          afterMs: step.after,
          whom: whom(step.whom),
          how: step.how ?? ['mention' as const],
          ...(step.severity === undefined ? {} : { severity: step.severity }),
        }))
        .sort((a, b) => a.afterMs - b.afterMs),
    })),
    products,
    routing: file.routing.map((rule, index) => ({
      name: rule.name ?? `rule ${index + 1}`,
      when: rule.when,
      team: rule.team,
      assign: rule.assign ?? null,
      set: rule.set ?? {},
    })),
    defaultTeam: file.default_team ?? Object.keys(file.teams)[0] ?? '',
    customers: mapped(file.customers, (customer, id) => ({
      id,
      name: customer.name ?? id,
      locale: customer.locale ?? null,
      timezone: customer.timezone ?? null,
      sla: customer.sla ?? null,
    })),
    projects,
    contracts: resolveContracts(file, projects, zoneOf(file.timezone)),
    slaByKind: file.sla_by_kind ?? {},
    defaultSla,
    entitlement: file.entitlement ?? 'open',
    tierRatio: ratioOf(file.tiers?.ratio),
    forms: resolveForms(file),
    close: resolveClose(file, defaultSla),
    ...resolveManners(file),
    impactLevels: resolveImpact(file),
    gestures: resolveGestures(file),
    platformGestures: resolvePlatformGestures(file),
    people,
    chats: resolveChats(file),
  };
  return frozen(policy);
};

/** 9-9-1 (991 原则), unless the file says otherwise. */
const ratioOf = ([l1 = 90, l2 = 9, l3 = 1]: readonly number[] = []): Policy['tierRatio'] => [l1, l2, l3];

const mapped = <T, R>(entries: Readonly<Record<string, T>>, to: (entry: T, id: string) => R): Map<string, R> =>
  new Map(Object.entries(entries).map(([id, entry]) => [id, to(entry, id)]));

/** Deeply, so that no reader can change what all readers share. Calendars keep a memo and are left as they are. */
const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const item of value.values()) frozen(item);
    return value;
  }
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain || 'addOpenTime' in value) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
};
