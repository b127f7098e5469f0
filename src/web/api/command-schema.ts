import { z } from '@hono/zod-openapi';
import { PUBLIC_COMMANDS } from '../../domain/commands.ts';
import type { PublicCommandType } from '../../domain/commands.ts';
import { ACTIVITIES } from '../../domain/events.ts';
import { near } from '../../domain/near.ts';
import { FIELDS, KINDS, LINK_KINDS, PEND_REASONS, REJECT_REASONS, SEVERITIES } from '../../domain/words.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { badBody } from '../problem.ts';
import { readBody } from './read.ts';

const LONGEST = 100_000;

const as = z.string().min(1).max(200).optional().openapi({
  description: "Who does it: a person of the configuration, or `platform:id`; left out: the token's owner",
  example: 'wei',
});
const text = z.string().max(LONGEST);
const note = text.optional();
const team = z.string().min(1).max(200).openapi({ description: 'A team by id, name or alias' });
const person = z.string().min(1).max(200).openapi({ description: 'A person by id, name, alias or `platform:id`' });
const TICKET = 'must be the number of a ticket, such as ITR-2';
const ticket = z
  .union([z.string().regex(/^(?:[Ii][Tt][Rr]-)?\d{1,9}$/, TICKET), z.int().positive(TICKET)], { error: TICKET })
  .openapi({ example: 'ITR-2' });
const message = z
  .union(
    [
      z.strictObject({ platform: z.string().max(50), chat: z.string().max(200), message: z.string().max(200) }),
      z.string().min(1).max(200),
    ],
    { error: 'must be the key {platform, chat, message} of a message on the timeline, or its id there' },
  )
  .openapi({ description: "A message on the ticket's timeline: its `key`, or the platform's id of it" });

/** `set_severity` → `SetSeverityCommand` */
const schemaName = (type: PublicCommandType): string =>
  `${type.replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}Command`;

const command = <T extends PublicCommandType, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), as, ...shape }).openapi(schemaName(type));

/** The contract's table: each command with its parameters. */
const SCHEMAS = {
  set: command('set', {
    fields: z
      .record(z.string(), z.unknown())
      .openapi({ description: `Some of ${[...FIELDS, 'kind'].join(', ')}`, example: { impact: 'all orders' } }),
  }),
  register: command('register', {}),
  authorize: command('authorize', { reason: text, note }),
  reject: command('reject', { reason: z.enum(REJECT_REASONS), note, of: ticket.optional() }),
  claim: command('claim', {}),
  assign: command('assign', { to: person }),
  transfer: command('transfer', { to: person.openapi({ description: 'A person or a team' }), note }),
  accept_handover: command('accept_handover', { note }),
  return: command('return', { note }),
  release: command('release', { note }),
  pend: command('pend', {
    reason: z.enum(PEND_REASONS),
    until: z
      .string()
      .max(60)
      .optional()
      .openapi({ description: 'An instant (ISO 8601 with offset), or a duration from now', example: '2h' }),
    note,
  }),
  consent: command('consent', {}),
  resume: command('resume', {}),
  escalate: command('escalate', { to: team.optional(), note }),
  war_room: command('war_room', {}),
  acknowledge: command('acknowledge', { note }),
  set_severity: command('set_severity', { severity: z.enum(SEVERITIES), note }),
  restore: command('restore', { note }),
  resolve: command('resolve', { solution: text, cause: z.string().max(200), closure: z.string().max(200).optional() }),
  confirm: command('confirm', {}),
  reopen: command('reopen', { note }),
  close: command('close', { note }),
  cancel: command('cancel', { note }),
  comment: command('comment', { text }),
  note: command('note', { text }),
  evidence: command('evidence', { message }),
  internal: command('internal', { message }),
  link: z
    .strictObject({
      type: z.literal('link'),
      to: ticket,
      as: z.enum(LINK_KINDS).openapi({ description: 'How they belong together: here, and only here, not the actor' }),
      actor: as,
    })
    .openapi(schemaName('link')),
  checkpoint: command('checkpoint', {
    activity: z
      .enum(ACTIVITIES)
      .openapi({ description: 'What was done; `call_back` and `entitle` end the task of that name' }),
    note,
  }),
  rate: command('rate', {
    score: z
      .int({ error: 'must be a whole number from 1 to 5' })
      .min(1, 'must be a whole number from 1 to 5')
      .max(5, 'must be a whole number from 1 to 5'),
    text: note,
  }),
} as const satisfies { readonly [T in PublicCommandType]: z.ZodType<{ readonly type: T }> };

export type CommandBody = { [T in PublicCommandType]: z.output<(typeof SCHEMAS)[T]> }[PublicCommandType];

export const CommandSchema = z
  .discriminatedUnion('type', Object.values(SCHEMAS) as unknown as [typeof SCHEMAS.claim, typeof SCHEMAS.assign])
  .openapi('Command');

/** Checks a command's name and parameters; a Problem says what would be right. */
export function readCommand(body: unknown): CommandBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badBody({ name: 'body', problem: 'must be an object such as {"type": "claim", "as": "wei"}' });
  }
  const said = 'type' in body ? body.type : undefined;
  const type = PUBLIC_COMMANDS.find((known) => known === said);
  if (type === undefined) {
    const meant = typeof said === 'string' ? near(said, PUBLIC_COMMANDS) : [];
    const hint = meant.length > 0 ? `did you mean ${meant.join(' or ')}? ` : '';
    const found = said === undefined ? 'is needed' : `${JSON.stringify(said).slice(0, 80)} is no command`;
    throw badBody({ name: 'type', problem: `${found}; ${hint}Commands: ${PUBLIC_COMMANDS.join(', ')}` });
  }
  const schema = SCHEMAS[type];
  return readBody<CommandBody>(schema, body, `the command "${type}"`, Object.keys(schema.shape));
}

const setFields = z.strictObject({
  ...Object.fromEntries(FIELDS.map((field) => [field, text.optional()])),
  kind: z.enum(KINDS).optional(),
});

/** The fields of `set`, `kind` among them. */
export function readFields(said: Readonly<Record<string, unknown>>) {
  const { kind, ...rest } = readBody(setFields, said, '"fields"', [...FIELDS, 'kind']);
  return { kind, fields: rest as Ticket['fields'] };
}
