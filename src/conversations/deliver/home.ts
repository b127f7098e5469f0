import type { Ticket } from '../../domain/ticket.ts';
import { homeSections } from '../cards/home.ts';
import { draw, platformOf, readerOfPerson, type DeliverDeps } from './context.ts';

const MOST = 50;

/** Draws a person's start page anew, where the platform has one. */
export const publishHome = async (deps: DeliverDeps, platformName: string, user: string): Promise<void> => {
  const platform = platformOf(deps, platformName);
  if (platform.publishHome === undefined) return;
  const { policy } = deps.world.current();
  const actor = deps.directory.actor(platformName, user, '', null);
  const { language, timezone } = await readerOfPerson(deps, platformName, user);
  const views = (tickets: readonly Ticket[]) => tickets.map((ticket) => draw(deps, ticket, platform, timezone));
  const { read } = deps.store;
  const teams = actor.side === 'service' ? actor.teams : [];
  const [working, raised, ...waiting] = await Promise.all([
    read.openTickets({ assignee: actor.id, limit: MOST }),
    read.openTickets({ requester: actor.id, limit: MOST }),
    ...teams.map((team) => read.openTickets({ team, limit: MOST })),
  ]);
  const sections = homeSections(
    {
      working: actor.side === 'service' ? views(working.filter((ticket) => ticket.status !== 'resolved')) : null,
      raised: views(raised),
      queues: teams.map((team, index) => ({
        team: policy.teams.get(team)?.name ?? team,
        tickets: views((waiting[index] ?? []).filter((ticket) => ticket.status === 'queued')),
      })),
    },
    language,
  );
  await platform.publishHome(user, sections, language);
};
