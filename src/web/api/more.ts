import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { dutyOf } from '../../domain/escalation.ts';
import { parseInstant, toIsoUtc } from '../../domain/instant.ts';
import { near } from '../../domain/near.ts';
import type { WebDeps } from '../deps.ts';
import { Problem, badQuery, noSuch } from '../problem.ts';
import { eventStream } from './events.ts';
import { readQuery } from './read.ts';
import { reportRoutes } from './reports.ts';
import { json, problems, route } from './route.ts';
import { DutySchema } from './ticket-schema.ts';

const DutyQuery = z.strictObject({
  team: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: 'A team by id, name or alias; left out: all teams', example: 'db-l1' }),
  at: z.string().max(60).optional().openapi({ description: 'ISO 8601 with offset; left out: now' }),
});

const ReportQuery = z.object({ from: z.string().optional(), to: z.string().optional(), by: z.string().optional() });
const REPORTS = ['volume', 'sla', 'times', 'tiers', 'satisfaction', 'load', 'quality'] as const;

export function otherRoutes(app: OpenAPIHono, deps: WebDeps): void {
  // Before the rest of the reports, whose route would take its name.
  reportRoutes(app, deps);
  route(
    app,
    {
      method: 'get',
      path: '/api/v1/duty',
      operationId: 'whoIsOnDuty',
      summary: 'Who is on duty, and until when',
      tags: ['duty'],
      request: { query: DutyQuery },
      responses: {
        200: json(
          z.union([DutySchema, z.strictObject({ items: z.array(DutySchema) })]),
          'Of the team; without `team`, `items` of all teams. `person` is null where nobody is on duty',
        ),
        ...problems(400, 401),
      },
    },
    (c) => {
      const { team, at } = readQuery(DutyQuery, c, Object.keys(DutyQuery.shape));
      const instant = at === undefined ? deps.now() : instantOf(at);
      if (team === undefined)
        return c.json({ items: [...deps.policy().teams.keys()].map((id) => duty(deps, id, instant)) });
      const found = deps.directory.findTeam(team);
      if ('id' in found) return c.json(duty(deps, found.id, instant));
      const teams = [...deps.policy().teams.keys()];
      const meant = found.near.length > 0 ? found.near : near(team, teams);
      const hint = meant.length === 0 ? '' : ` Did you mean ${meant.join(' or ')}?`;
      throw badQuery({ name: 'team', problem: `there is no team called "${team}".${hint} Teams: ${teams.join(', ')}` });
    },
  );

  route(
    app,
    {
      method: 'get',
      path: '/api/v1/events',
      operationId: 'streamEvents',
      summary: 'Changes as they happen (server-sent events)',
      description:
        'An event `ticket` for each ticket that changed, with its number, status and seq. What happened while nobody listened is not sent again: after (re)connecting, ask for what you show.',
      tags: ['tickets'],
      responses: {
        200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
        ...problems(401, 503),
      },
    },
    (c) => eventStream(c, deps),
  );

  route(
    app,
    {
      method: 'get',
      path: '/api/v1/reports/{name}',
      operationId: 'getReport',
      summary: 'The other reports: come with a later release',
      tags: ['reports'],
      request: {
        params: z.object({ name: z.string().openapi({ param: { name: 'name', in: 'path' }, example: 'sla' }) }),
        query: ReportQuery,
      },
      responses: problems(401, 404, 501),
    },
    (c) => {
      const name = c.req.param('name') ?? '';
      if (!REPORTS.some((known) => known === name)) {
        throw noSuch(`There is no report "${name.slice(0, 80)}"; planned are ${REPORTS.join(', ')}`);
      }
      throw new Problem(
        501,
        'later',
        'Not yet',
        `The report "${name}" comes with a later release; the tickets themselves are at /api/v1/tickets`,
      );
    },
  );
}

export function duty({ policy, world }: Pick<WebDeps, 'policy' | 'world'>, team: string, at: number) {
  const { person, from, until, source } = dutyOf(team, world(), at);
  return {
    team,
    teamName: policy().teams.get(team)?.name ?? team,
    at: toIsoUtc(at),
    person,
    personName: person === null ? null : (policy().people.get(person)?.name ?? person),
    from: from === null ? null : toIsoUtc(from),
    until: until === null ? null : toIsoUtc(until),
    source,
  };
}

function instantOf(said: string): number {
  try {
    // A plus sign in an address that nobody encoded arrives as a space.
    return parseInstant(said.replace(/ (\d{2}:?\d{2})$/, '+$1'));
  } catch (error) {
    throw badQuery({ name: 'at', problem: error instanceof Error ? error.message : 'cannot be read' });
  }
}
