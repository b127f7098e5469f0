import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { CaptureCommand } from '../../domain/commands.ts';
import { near } from '../../domain/near.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { FIELDS, KINDS, LEVELS, SEVERITIES } from '../../domain/words.ts';
import type { Field, Language } from '../../domain/words.ts';
import type { WebDeps } from '../deps.ts';
import type { Tx } from '../../desk/ports.ts';
import { Problem, badBody, problemOf } from '../problem.ts';
import { TOKEN_OWNER, actorOf, projectNamed, teamNamed } from './people.ts';
import { readBody, ticketNumber } from './read.ts';

const short = z.string().max(4_000).optional();

export const NewTicketSchema = z
  .strictObject({
    title: z
      .string()
      .trim()
      .min(1, 'a title of at least one character')
      .max(200, 'at most 200 characters; the rest belongs into description')
      .openapi({ example: '生产环境数据库时断时续' }),
    kind: z.enum(KINDS).optional().openapi({ description: 'Default: incident' }),
    severity: z
      .enum(SEVERITIES)
      .optional()
      .openapi({ description: 'Left out, S3 is taken for a guess that others may correct' }),
    project: z.string().max(200).optional().openapi({ description: 'By id or name' }),
    product: short.openapi({ description: 'By id, name or alias' }),
    description: z.string().max(100_000).optional(),
    requester: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .openapi({ description: "A person of the configuration, or `platform:id`; left out: the token's owner" }),
    component: short,
    version: short,
    environment: short,
    site: short,
    impact: short,
    impact_level: z.enum(LEVELS).optional(),
    since: short,
    parent: z
      .string()
      .regex(/^(?:[Ii][Tt][Rr]-)?\d{1,9}$/, 'must be the number of a ticket, such as ITR-2')
      .optional()
      .openapi({
        description: 'Raises a child of this ticket, with what that one knows; its owner leads',
        example: 'ITR-2',
      }),
    team: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .openapi({ description: 'Of a child: the team it goes to; left out, that of the product, else by the rules' }),
  })
  .openapi('NewTicket');

type NewTicket = z.output<typeof NewTicketSchema>;

/** Makes the ticket; a repeated Idempotency-Key answers with the one made first. */
export async function raise(
  deps: Pick<WebDeps, 'desk' | 'store' | 'directory' | 'policy' | 'now'>,
  json: unknown,
  idempotencyKey: string | undefined,
): Promise<{ readonly ticket: Ticket; readonly repeated: boolean }> {
  const body = readBody(NewTicketSchema, json, 'a ticket', Object.keys(NewTicketSchema.shape));
  const make = makerOf(body, deps);
  if (idempotencyKey === undefined) {
    const ticket = await deps.store.write(make);
    return { ticket, repeated: false };
  }
  if (!/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    throw new Problem(
      400,
      'bad-idempotency-key',
      'Idempotency-Key cannot be used',
      'It must be 1 to 255 visible ASCII characters',
    );
  }
  const hash = createHash('sha256')
    .update(JSON.stringify(body, Object.keys(NewTicketSchema.shape)))
    .digest('base64url');
  try {
    const ticket = await deps.store.write(async (tx) => {
      const made = await make(tx);
      const known = await tx.remember(`api:${idempotencyKey}`, `${hash} ${made.number}`);
      // Thrown, so that what was just made is rolled back, its number included.
      if (!known.first) throw new Repeated(known.value);
      return made;
    });
    return { ticket, repeated: false };
  } catch (error) {
    if (!(error instanceof Repeated)) throw error;
    const [before, number] = error.value.split(' ');
    const ticket = await deps.store.read.ticket(Number(number));
    if (before === hash && ticket !== null) return { ticket, repeated: true };
    throw new Problem(
      422,
      'idempotency-key-reused',
      'Idempotency-Key was used for something else',
      `This Idempotency-Key came with another body before (it made ITR-${number}); a new request needs a new key`,
    );
  }
}

/** A ticket of its own, or another team's part of one that is there. */
function makerOf(
  body: NewTicket,
  deps: Pick<WebDeps, 'desk' | 'directory' | 'policy' | 'now'>,
): (tx: Tx) => Promise<Ticket> {
  if (body.parent === undefined) {
    if (body.team !== undefined)
      throw badBody({
        name: 'team',
        problem: 'is for a child (with "parent"); any other ticket is routed by the rules',
      });
    const command = captureOf(body, deps);
    return async (tx) => (await deps.desk.capture(tx, command, TOKEN_OWNER)).ticket;
  }
  const parent = ticketNumber(body.parent);
  const actor = actorOf(body.requester, 'requester', deps.directory);
  const { title, product, description } = body;
  const wanted = {
    title,
    ...(description === undefined ? {} : { description }),
    ...(product === undefined ? {} : { product: productId(product, deps.policy()) }),
    ...(body.team === undefined ? {} : { team: teamNamed(body.team, 'team', deps.directory) }),
  };
  return async (tx) => {
    const outcome = await deps.desk.raiseChild(tx, parent, wanted, actor);
    if (!outcome.ok) throw problemOf(outcome.refusal);
    return outcome.ticket;
  };
}

class Repeated extends Error {
  readonly value: string;
  constructor(value: string) {
    super('the key is known');
    this.value = value;
  }
}

function captureOf(
  body: NewTicket,
  { directory, policy, now }: Pick<WebDeps, 'directory' | 'policy' | 'now'>,
): CaptureCommand {
  const config = policy();
  const requester = actorOf(body.requester, 'requester', directory);
  const project =
    body.project === undefined || body.project.trim() === '' ? null : projectNamed(body.project, config, near);
  const fields: Partial<Record<Field, string>> = {};
  for (const field of FIELDS) {
    const value = body[field]?.trim() ?? '';
    if (value !== '') fields[field] = field === 'product' ? productId(value, config) : value;
  }
  return {
    type: 'capture',
    kind: body.kind ?? 'incident',
    severity: body.severity ?? 'S3',
    severityGuessed: body.severity === undefined,
    fields,
    language: languageOf(body, project, requester.id, config),
    requester: { id: requester.id, name: requester.name },
    project,
    firstMessageAt: now(),
    thread: null,
    messages: [],
  };
}

/** Nothing is refused for a product that the configuration does not know: a monitor that reports cannot correct itself, and the ticket would be lost. */
function productId(said: string, policy: Policy): string {
  const wanted = said.toLowerCase();
  const products = [...policy.products.values()];
  return (
    products.find(({ id, name, aliases }) => [id, name, ...aliases].some((one) => one.toLowerCase() === wanted))?.id ??
    said
  );
}

function languageOf(body: NewTicket, project: string | null, requester: string, policy: Policy): Language {
  const customer = project === null ? null : (policy.projects.get(project)?.customer ?? null);
  const said =
    policy.people.get(requester)?.locale ?? (customer === null ? null : policy.customers.get(customer)?.locale);
  return said ?? (/\p{Script=Han}/u.test(body.title) ? 'zh-CN' : 'en');
}
