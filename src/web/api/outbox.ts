import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { ticketId } from '../../domain/words.ts';
import { toIsoUtc } from '../../domain/instant.ts';
import type { WebDeps } from '../deps.ts';
import { noSuch } from '../problem.ts';
import { readBody, readJson } from './read.ts';
import { json, problems, route } from './route.ts';

const MOST = 1_000;

const LetterSchema = z.strictObject({
  id: z.number().int(),
  key: z.string(),
  lane: z.string().openapi({ description: 'Platform and chat (or @person) it was for', example: 'slack:C0DUTY' }),
  ticket: z.string().nullable(),
  kind: z.string(),
  attempts: z.number().int(),
  createdAt: z.string(),
  diedAt: z.string(),
  error: z.string(),
});

const RetrySchema = z
  .strictObject({ id: z.number().int().positive().optional(), all: z.literal(true).optional() })
  .refine(({ id, all }) => (id === undefined) !== (all === undefined), { error: 'either `id` or `"all": true`' });

/** What could not be delivered: shown, and tried again. `itr outbox` asks here while the program runs. */
export function outboxRoutes(app: OpenAPIHono, deps: WebDeps): void {
  route(
    app,
    {
      method: 'get',
      path: '/api/v1/outbox',
      operationId: 'listDeadLetters',
      summary: 'Dead letters: what could not be delivered, newest first',
      tags: ['outbox'],
      responses: { 200: json(z.strictObject({ items: z.array(LetterSchema) }), 'At most 1,000'), ...problems(401) },
    },
    async (c) => {
      const letters = await deps.deadLetters.deadLetters(MOST);
      const items = letters.map((letter) => ({
        ...letter,
        ticket: letter.ticket === null ? null : ticketId(letter.ticket),
        createdAt: toIsoUtc(letter.createdAt),
        diedAt: toIsoUtc(letter.diedAt),
      }));
      return c.json({ items });
    },
  );

  route(
    app,
    {
      method: 'post',
      path: '/api/v1/outbox/retry',
      operationId: 'retryDeadLetters',
      summary: 'Tries a dead letter again, or all',
      tags: ['outbox'],
      request: { body: { content: { 'application/json': { schema: RetrySchema } } } },
      responses: {
        200: json(z.strictObject({ retried: z.number().int() }), 'How many are due again'),
        ...problems(400, 401, 404, 415, 422),
      },
    },
    async (c) => {
      const { id } = readBody(RetrySchema, await readJson(c), 'a retry', ['id', 'all']);
      if (id === undefined) return c.json({ retried: await deps.deadLetters.reviveAll(deps.now()) });
      if (!(await deps.deadLetters.revive(id, deps.now()))) throw noSuch(`There is no dead letter ${id}`);
      return c.json({ retried: 1 });
    },
  );
}
