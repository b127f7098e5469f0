import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { Conflict } from '../../desk/ports.ts';
import type { Outcome } from '../../desk/desk.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { near } from '../../domain/near.ts';
import { STATUSES } from '../../domain/words.ts';
import type { Status } from '../../domain/words.ts';
import type { WebDeps } from '../deps.ts';
import { languageOf } from '../language.ts';
import { Problem, badQuery, noSuch, problemOf } from '../problem.ts';
import { explain } from '../view/explain.ts';
import { ticketJson, ticketWithTimeline } from '../view/ticket-json.ts';
import { CommandSchema, readCommand } from './command-schema.ts';
import type { CommandBody } from './command-schema.ts';
import { NewTicketSchema, raise } from './raise.ts';
import { readJson, readQuery, ticketNumber } from './read.ts';
import { json, problems, route } from './route.ts';
import { ExplainSchema, TicketListSchema, TicketWithTimelineSchema } from './ticket-schema.ts';
import { commandActor, toCommand } from './to-command.ts';

const name = z.string().max(200).optional();

const ListQuery = z.strictObject({
  status: name.openapi({
    description: `One or more of ${STATUSES.join(', ')}, with commas between them`,
    example: 'queued,in_progress',
  }),
  assignee: name.openapi({ description: 'A person by id or name', example: 'wei' }),
  team: name.openapi({ description: 'A team by id, name or alias' }),
  project: name.openapi({ description: 'A project by id' }),
  q: name.openapi({ description: 'Part of the title, or a number' }),
  cursor: name.openapi({ description: '`next` of the page before' }),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'must be a whole number from 1 to 200')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 200, 'must be a whole number from 1 to 200')
    .default(50)
    .openapi({ type: 'integer', minimum: 1, maximum: 200, default: 50 }),
});

const params = z.object({ number: z.string().openapi({ param: { name: 'number', in: 'path' }, example: 'ITR-1' }) });

export function ticketRoutes(app: OpenAPIHono, deps: WebDeps): void {
  const whole = async (ticket: Ticket) =>
    ticketWithTimeline(
      ticket,
      await deps.store.read.timeline(ticket.number),
      deps.policy(),
      deps.now(),
      deps.env.publicUrl,
    );

  const find = async (said: string | undefined): Promise<Ticket> => {
    const number = ticketNumber(said ?? '');
    const ticket = await deps.store.read.ticket(number);
    if (ticket === null) throw noSuch(`There is no ticket ITR-${number}`);
    return ticket;
  };

  route(
    app,
    {
      method: 'get',
      path: '/api/v1/tickets',
      operationId: 'listTickets',
      summary: 'Tickets, newest first',
      tags: ['tickets'],
      request: { query: ListQuery },
      responses: {
        200: json(TicketListSchema, 'One page; `next` is the cursor of the next one, null at the end'),
        ...problems(400, 401),
      },
    },
    async (c) => {
      const { status, assignee, team, project, ...rest } = readQuery(ListQuery, c, Object.keys(ListQuery.shape));
      const filter = {
        ...(status === undefined ? {} : { status: statusesOf(status) }),
        ...(assignee === undefined ? {} : { assignee: idOf(deps.directory.findPerson(assignee, null), assignee) }),
        ...(team === undefined ? {} : { team: idOf(deps.directory.findTeam(team), team) }),
        ...(project === undefined ? {} : { project }),
      };
      const page = await deps.queries.listTickets({ ...filter, ...rest }).catch((error: unknown) => {
        if (!(error instanceof RangeError)) throw error;
        throw badQuery({ name: 'cursor', problem: 'must be the "next" of an earlier answer' });
      });
      const items = page.tickets.map((ticket) => ticketJson(ticket, deps.policy(), deps.now(), deps.env.publicUrl));
      return c.json({ items, next: page.cursor });
    },
  );

  route(
    app,
    {
      method: 'post',
      path: '/api/v1/tickets',
      operationId: 'raiseTicket',
      summary: 'Raises a ticket',
      description:
        'With its mandatory fields it is registered and dispatched at once; otherwise it stays a `draft`, and `missing` names them.',
      tags: ['tickets'],
      request: {
        headers: z.object({
          'Idempotency-Key': z
            .string()
            .max(255)
            .optional()
            .openapi({ description: 'The same key with the same body gives the same ticket (200)' }),
        }),
        body: { required: true, content: { 'application/json': { schema: NewTicketSchema } } },
      },
      responses: {
        201: json(TicketWithTimelineSchema, 'Raised'),
        200: json(TicketWithTimelineSchema, 'It was raised before under this Idempotency-Key'),
        ...problems(400, 401, 403, 404, 409, 413, 415, 422),
      },
    },
    async (c) => {
      const { ticket, repeated } = await raise(deps, await readJson(c), c.req.header('idempotency-key'));
      if (!repeated) deps.live.changed(ticket.number);
      c.header('location', `/api/v1/tickets/ITR-${ticket.number}`);
      if (repeated) c.header('idempotency-replayed', 'true');
      return c.json(await whole(ticket), repeated ? 200 : 201);
    },
  );

  route(
    app,
    {
      method: 'get',
      path: '/api/v1/tickets/{number}',
      operationId: 'getTicket',
      summary: 'A ticket with its clocks, threads and timeline',
      tags: ['tickets'],
      request: { params },
      responses: { 200: json(TicketWithTimelineSchema, 'The ticket'), ...problems(401, 404) },
    },
    async (c) => c.json(await whole(await find(c.req.param('number')))),
  );

  route(
    app,
    {
      method: 'post',
      path: '/api/v1/tickets/{number}/commands',
      operationId: 'giveCommand',
      summary: 'Does something with a ticket',
      tags: ['tickets'],
      request: { params, body: { required: true, content: { 'application/json': { schema: CommandSchema } } } },
      responses: {
        200: json(TicketWithTimelineSchema, 'Done: the ticket as it is now'),
        ...problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
      },
    },
    async (c) => {
      const { number } = await find(c.req.param('number'));
      const body = readCommand(await readJson(c));
      const outcome = await perform(deps, number, body);
      if (!outcome.ok) throw problemOf(outcome.refusal);
      return c.json(await whole(outcome.ticket));
    },
  );

  route(
    app,
    {
      method: 'get',
      path: '/api/v1/tickets/{number}/explain',
      operationId: 'explainTicket',
      summary: 'Why it was routed so, and why each clock is due when it is',
      tags: ['tickets'],
      request: {
        params,
        query: z.object({ lang: z.string().optional().openapi({ description: 'Of `sentence`: zh-CN or en' }) }),
      },
      responses: {
        200: json(ExplainSchema, 'Routing, policies, counted and excluded intervals'),
        ...problems(401, 404),
      },
    },
    async (c) => {
      const ticket = await find(c.req.param('number'));
      const language = languageOf(c, deps.policy().locale);
      return c.json(explain(ticket, deps.policy(), { language, labels: deps.words(language), now: deps.now() }));
    },
  );
}

async function perform(deps: WebDeps, number: number, body: CommandBody): Promise<Outcome> {
  const actor = commandActor(body, deps.directory);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcome = await deps.store.write(async (tx) =>
        deps.desk.perform(
          tx,
          number,
          await toCommand(body, { number, tx, directory: deps.directory, now: deps.now() }),
          actor,
        ),
      );
      deps.live.changed(number);
      return outcome;
    } catch (error) {
      // Another process was first: the decision is made again, on the ticket as it has become.
      if (!(error instanceof Conflict)) throw error;
      if (attempt < 3) continue;
      throw new Problem(
        503,
        'busy',
        'Try again',
        `ITR-${number} is being changed by somebody else`,
        {},
        { 'retry-after': '1' },
      );
    }
  }
}

function statusesOf(said: string): readonly Status[] {
  const names = said
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return names.map((wanted) => {
    const status = STATUSES.find((known) => known === wanted);
    if (status !== undefined) return status;
    const meant = near(wanted, STATUSES);
    const hint = meant.length === 0 ? '' : ` Did you mean ${meant.join(' or ')}?`;
    throw badQuery({ name: 'status', problem: `"${wanted}" is no status.${hint} Statuses: ${STATUSES.join(', ')}` });
  });
}

/** An id that the configuration knows no more may still own tickets, so it is asked for as it was said. */
const idOf = (found: { readonly id: string } | { readonly near: readonly string[] }, said: string): string =>
  'id' in found ? found.id : said;
