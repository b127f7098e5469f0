import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { nearest } from '../domain/near.ts';
import type { Command } from '../domain/commands.ts';
import { parseDuration } from '../domain/duration.ts';
import { personRef } from '../domain/escalation.ts';
import { parseInstant } from '../domain/instant.ts';
import type { Policy } from '../domain/policy.ts';
import type { Deed, SimulatedTicket } from '../domain/simulate.ts';
import type { PersonRef } from '../domain/ticket.ts';
import { FIELDS, KINDS, LANGUAGES, PEND_REASONS, SEVERITIES } from '../domain/words.ts';
import type { Field } from '../domain/words.ts';

/*
 * The record that `itr simulate --tickets` reads: one ticket a line, described in docs/simulate.md. The words are those of the API's commands, so
 * that an export of another system is mapped once.
 */

const text = z.string();
const deed = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), at: text, as: text.optional(), ...shape });
const note = text.optional();

const deedSchema = z.discriminatedUnion('type', [
  deed('claim', {}),
  deed('assign', { to: text }),
  deed('transfer', { to: text, note }),
  deed('release', { note }),
  deed('escalate', { to: text.optional(), note }),
  deed('acknowledge', {}),
  deed('pend', { reason: z.enum(PEND_REASONS), until: text.optional(), note }),
  deed('consent', {}),
  deed('resume', {}),
  deed('set_severity', { severity: z.enum(SEVERITIES), note }),
  deed('restore', { note }),
  deed('resolve', { solution: text.optional(), cause: text.optional(), closure: text.optional() }),
  deed('reopen', { note }),
  deed('confirm', {}),
  deed('close', { note }),
  deed('cancel', { note }),
  deed('message', { text: text.optional() }),
]);
type DeedLine = z.output<typeof deedSchema>;

const ticketSchema = z.strictObject({
  id: z.union([text.min(1), z.int()]).optional(),
  at: text,
  first_message_at: text.optional(),
  kind: z.enum(KINDS).optional(),
  severity: z.enum(SEVERITIES).optional(),
  project: text.optional(),
  product: text.optional(),
  component: text.optional(),
  title: text.optional(),
  language: z.enum(LANGUAGES).optional(),
  requester: text.optional(),
  fields: z.strictObject(Object.fromEntries(FIELDS.map((field) => [field, text.optional()]))).optional(),
  events: z.array(deedSchema).optional(),
});

interface Mistake {
  readonly line: number;
  readonly message: string;
}

export type TicketFile =
  | { readonly ok: true; readonly tickets: readonly SimulatedTicket[] }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** Nobody mends more in one go. */
const MOST_MISTAKES = 50;

/** The whole record, in the order of time; or all that is wrong with it, by line. Blank lines are passed over. */
export async function readTickets(input: NodeJS.ReadableStream, policy: Policy): Promise<TicketFile> {
  const tickets: SimulatedTicket[] = [];
  const mistakes: Mistake[] = [];
  const refs = new Map<string, number>();
  let line = 0;
  for await (const written of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    if (written.trim() === '') continue;
    const found = readLine(written, line, policy);
    const earlier = 'ref' in found ? refs.get(found.ref) : undefined;
    if (!('ref' in found)) mistakes.push(...found.map((message) => ({ line, message })));
    else if (earlier !== undefined)
      mistakes.push({ line, message: `id: "${found.ref}" is on line ${earlier} already` });
    else {
      refs.set(found.ref, line);
      tickets.push(found);
    }
    if (mistakes.length >= MOST_MISTAKES) break;
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, tickets: tickets.sort((a, b) => a.at - b.at) };
}

export const openTickets = (path: string): NodeJS.ReadableStream => createReadStream(path);

function readLine(written: string, line: number, policy: Policy): SimulatedTicket | readonly string[] {
  let data: unknown;
  try {
    data = JSON.parse(written.replace(/^\uFEFF/, ''));
  } catch (error) {
    return [`not JSON: ${(error as Error).message}`];
  }
  const parsed = ticketSchema.safeParse(data);
  if (!parsed.success) return parsed.error.issues.map(sentenceOf);
  const mistakes: string[] = [];
  const said = <T>(place: string, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      mistakes.push(`${place}: ${error.message}`);
      return otherwise;
    }
  };
  const ticket = parsed.data;
  const at = said('at', () => parseInstant(ticket.at), 0);
  const { first_message_at: first, project } = ticket;
  const firstMessageAt = first === undefined ? at : said('first_message_at', () => parseInstant(first), at);
  if (firstMessageAt > at) mistakes.push('first_message_at: lies after at');
  if (project !== undefined) said('project', () => known('project', project, policy.projects), project);
  const ref = ticket.id === undefined ? `line ${line}` : String(ticket.id);
  const { product, component, title } = ticket;
  const fields: Partial<Record<Field, string>> = {
    title: title ?? ref,
    ...(component === undefined ? {} : { component }),
    ...withoutGaps(ticket.fields ?? {}),
    ...(product === undefined ? {} : { product }),
  };
  if (fields.product !== undefined) fields.product = productId(fields.product, policy);
  const requester = { id: ticket.requester ?? 'requester', name: ticket.requester ?? 'requester' };
  const deeds = (ticket.events ?? []).map((event, i): Deed & { readonly order: number } => {
    const place = `events[${i}]`;
    const deedAt = said(`${place}.at`, () => parseInstant(event.at), at);
    if (deedAt < at) mistakes.push(`${place}.at: lies before the ticket's own "at"`);
    const person = event.as;
    const by = person === undefined ? null : said(`${place}.as`, () => personOf(person, requester, policy), requester);
    const command = said(place, () => commandOf(event, { at: deedAt, by, requester, ref, i }, policy), RESUME);
    return { at: deedAt, command, by, order: i };
  });
  if (mistakes.length > 0) return mistakes;
  return {
    ref,
    at,
    command: {
      type: 'capture',
      kind: ticket.kind ?? 'incident',
      severity: ticket.severity ?? 'S3',
      severityGuessed: false,
      fields,
      language: ticket.language ?? policy.locale,
      requester,
      project: project ?? null,
      firstMessageAt,
      thread: null,
      messages: [],
    },
    deeds: deeds.sort((a, b) => a.at - b.at || a.order - b.order),
  };
}

/** Stands in for a deed that cannot be read; its ticket is not simulated. */
const RESUME: Command = { type: 'resume' };

interface Around {
  readonly at: number;
  readonly by: PersonRef | null;
  readonly requester: PersonRef;
  readonly ref: string;
  readonly i: number;
}

function commandOf(event: DeedLine, around: Around, policy: Policy): Command {
  const said = 'note' in event && event.note !== undefined ? { note: event.note } : {};
  switch (event.type) {
    case 'assign':
      return { type: 'assign', to: withTeams(event.to, policy) };
    case 'transfer':
      return policy.teams.has(event.to)
        ? { type: 'transfer', to: { team: event.to }, ...said }
        : { type: 'transfer', to: { person: withTeams(event.to, policy) }, ...said };
    case 'escalate':
      return {
        type: 'escalate',
        ...(event.to === undefined ? {} : { to: known('team', event.to, policy.teams) }),
        ...said,
      };
    case 'pend':
      return {
        type: 'pend',
        reason: event.reason,
        ...(event.until === undefined ? {} : { until: untilOf(event.until, around.at) }),
        ...said,
      };
    case 'set_severity':
      return { type: 'set_severity', severity: event.severity, ...said };
    case 'resolve': {
      const { causes } = policy.close;
      const cause = event.cause ?? (causes.includes('unknown') ? 'unknown' : (causes[0] ?? 'unknown'));
      const closure = event.closure === undefined ? {} : { closure: event.closure };
      return { type: 'resolve', solution: event.solution ?? 'as recorded', cause, ...closure };
    }
    case 'message': {
      const author = around.by ?? around.requester;
      const side = policy.people.get(author.id)?.roles.some((role) => role !== 'requester') ? 'service' : 'customer';
      const key = { platform: 'record', chat: around.ref, message: String(around.i) };
      const message = { key, author, side, at: around.at, text: event.text ?? '', attachments: [] } as const;
      return { type: 'message', message, role: 'origin', internal: false };
    }
    case 'release':
    case 'restore':
    case 'reopen':
    case 'close':
    case 'cancel':
      return { type: event.type, ...said };
    default:
      return { type: event.type };
  }
}

/** An instant, or how long from the deed. */
const untilOf = (written: string, at: number): number =>
  /^\d{4}-/.test(written) ? parseInstant(written) : at + parseDuration(written);

function known<T>(what: string, id: string, all: ReadonlyMap<string, T>): string {
  if (all.has(id)) return id;
  const meant = nearest(id, all.keys());
  throw new RangeError(`unknown ${what} "${id}"${meant === null ? '' : `; did you mean "${meant}"?`}`);
}

const withTeams = (id: string, policy: Policy) => {
  known('person', id, policy.people);
  return { ...personRef(id, policy), teams: policy.people.get(id)?.teams ?? [] };
};

const personOf = (id: string, requester: PersonRef, policy: Policy): PersonRef =>
  id === requester.id ? requester : personRef(known('person', id, policy.people), policy);

/** What people call a product is its id, as in a chat. */
function productId(said: string, policy: Policy): string {
  const wanted = said.toLowerCase();
  const names = (product: { id: string; name: string; aliases: readonly string[] }): readonly string[] => [
    product.id,
    product.name,
    ...product.aliases,
  ];
  const found = [...policy.products.values()].find((one) => names(one).some((name) => name.toLowerCase() === wanted));
  return found?.id ?? said;
}

const withoutGaps = (fields: Readonly<Record<string, string | undefined>>): Partial<Record<Field, string>> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const sentenceOf = (issue: z.core.$ZodIssue): string => {
  const place = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys')
    return `${place === '' ? '' : `${place}: `}unknown key ${issue.keys.join(', ')}`;
  return `${place === '' ? '' : `${place}: `}${issue.message}`;
};
