import { DAY } from '../../domain/instant.ts';
import { epochDayOf } from '../../domain/local-date.ts';
import type { ChatBinding, Component, Contract, Person, Product, Project } from '../../domain/policy.ts';
import type { Zone } from '../../domain/zone.ts';
import type { CompleteFile } from '../defaults.ts';
import { PLATFORMS } from '../schema/service.ts';

export const resolveProducts = (file: CompleteFile): Map<string, Product> =>
  new Map(
    Object.entries(file.products).map(([id, product]) => [
      id,
      {
        id,
        name: product.name ?? id,
        aliases: product.aliases ?? [],
        components: componentsOf(product.components),
        team: product.team ?? null,
        sla: product.sla ?? null,
        uc: product.uc ?? null,
      },
    ]),
  );

const componentsOf = (components: CompleteFile['products'][string]['components']): Map<string, Component> => {
  if (components === undefined) return new Map();
  if (Array.isArray(components)) return new Map(components.map((id) => [id, { id, name: id, aliases: [] }]));
  return new Map(
    Object.entries(components).map(([id, { name, aliases }]) => [id, { id, name: name ?? id, aliases: aliases ?? [] }]),
  );
};

export const resolveProjects = (file: CompleteFile): Map<string, Project> =>
  new Map(
    Object.entries(file.projects).map(([id, project]) => [
      id,
      {
        id,
        customer: project.customer ?? null,
        name: project.name ?? id,
        manager: project.manager ?? null,
        // A project that names none uses any.
        products: project.products ?? Object.keys(file.products),
        sla: project.sla ?? null,
      },
    ]),
  );

export const resolveContracts = (file: CompleteFile, projects: ReadonlyMap<string, Project>, zone: Zone): Contract[] =>
  file.contracts.map((contract) => ({
    id: contract.id,
    project: contract.project,
    products: contract.products ?? projects.get(contract.project)?.products ?? [],
    fromMs: zone.toInstant(epochDayOf(contract.from) * DAY),
    // `until` includes that day (domain page, "Decided").
    untilMs: zone.toInstant((epochDayOf(contract.until) + 1) * DAY),
    sla: contract.sla ?? null,
  }));

export const resolvePeople = (file: CompleteFile): Map<string, Person> =>
  new Map(
    Object.entries(file.people).map(([id, person]) => [
      id,
      {
        id,
        name: person.name ?? id,
        aliases: person.aliases ?? [],
        email: person.email ?? null,
        mobile: person.mobile ?? null,
        identities: Object.fromEntries(
          PLATFORMS.flatMap((platform) => {
            const identity = person[platform];
            return identity === undefined ? [] : [[platform, identity]];
          }),
        ),
        teams: person.teams ?? [],
        // Somebody in a team works there; somebody without one is known by name, no more.
        roles: person.roles ?? ((person.teams ?? []).length > 0 ? ['engineer'] : ['requester']),
        locale: person.locale ?? null,
        timezone: person.timezone ?? null,
        quiet: person.quiet ?? [],
      },
    ]),
  );

export const resolveChats = (file: CompleteFile): ChatBinding[] =>
  file.chats.map((chat) => ({
    platform: chat.platform,
    id: chat.id,
    role: chat.role,
    project: chat.project ?? null,
    team: chat.team ?? null,
    capture: chat.capture ?? 'on_request',
    source: 'file',
  }));
