import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { toIsoUtc } from '../../domain/instant.ts';
import type { Standing } from '../../domain/identity.ts';
import type { WebDeps } from '../deps.ts';
import { noSuch } from '../problem.ts';
import { readBody, readJson } from './read.ts';
import { json, problems, route } from './route.ts';

const StandingSchema = z.strictObject({
  state: z.enum(['configured', 'confirmed', 'asked', 'refused', 'unmatched']).openapi({
    description:
      'Known by the configuration, or by his own word; asked whether it is he; answered no, or taken back; unmatched: nobody was found',
  }),
  user: z.string().optional(),
  at: z.string().optional().openapi({ description: 'When he was asked, or answered' }),
});

const PersonSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  teams: z.array(z.string()),
  on: z.record(z.string(), StandingSchema).openapi({ description: 'By platform' }),
});

const UnlinkSchema = z.strictObject({
  platform: z.string(),
  user: z.string(),
  askAgain: z.boolean().optional(),
});

/** Who is known where; and a link taken back. `itr people` asks here while the program runs. */
export function identityRoutes(app: OpenAPIHono, deps: WebDeps): void {
  route(
    app,
    {
      method: 'get',
      path: '/api/v1/people',
      operationId: 'listPeople',
      summary: 'The people of the configuration, and on which connected platform each is known',
      tags: ['people'],
      responses: { 200: json(z.strictObject({ items: z.array(PersonSchema) }), 'All of them'), ...problems(401) },
    },
    async (c) => {
      const items = (await deps.people.list()).map(({ on, ...person }) => ({
        ...person,
        on: Object.fromEntries(Object.entries(on).map(([platform, standing]) => [platform, shown(standing)])),
      }));
      return c.json({ items });
    },
  );

  route(
    app,
    {
      method: 'post',
      path: '/api/v1/people/unlink',
      operationId: 'unlinkPerson',
      summary: 'Takes back what a user of a platform confirmed or was asked; he is asked again only with `askAgain`',
      tags: ['people'],
      request: { body: { content: { 'application/json': { schema: UnlinkSchema } } } },
      responses: {
        200: json(z.strictObject({ unlinked: z.literal(true) }), 'Done'),
        ...problems(400, 401, 404, 415, 422),
      },
    },
    async (c) => {
      const body = readBody(UnlinkSchema, await readJson(c), 'an unlink', ['platform', 'user', 'askAgain']);
      const { platform, user, askAgain = false } = body;
      if (!(await deps.people.unlink(platform, user, askAgain)))
        throw noSuch(`Nobody asked ${user.slice(0, 200)} on ${platform.slice(0, 200)} who he is`);
      return c.json({ unlinked: true });
    },
  );
}

export const shown = (standing: Standing) =>
  'at' in standing ? { ...standing, at: toIsoUtc(standing.at) } : { ...standing };
