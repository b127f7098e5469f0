import type { Identity, SentCard, SentMessage, StoredMessage } from '../desk/ports.ts';
import type { TicketEvent } from '../domain/events.ts';
import type { PersonLink } from '../domain/identity.ts';
import type { ChatBinding } from '../domain/policy.ts';
import { assigneeOf } from '../domain/ticket.ts';
import type { Ticket } from '../domain/ticket.ts';
import { wellFormedData } from '../domain/text.ts';
import type { Timer } from '../domain/timers.ts';
import { STATUSES } from '../domain/words.ts';
import type { Status } from '../domain/words.ts';
import type { Row, Value } from './sql.ts';

/**
 * Rows to the desk's words and back. JSON columns hold what this program wrote, checked when it was written: they are not validated again.
 */

const ENDED: ReadonlySet<Status> = new Set(['closed', 'rejected', 'cancelled']);

/** The statuses of open tickets, as `isOpen` has it. */
export const OPEN: readonly Status[] = STATUSES.filter((status) => !ENDED.has(status));

export const at = (ms: number): Date => new Date(ms);

/** For a JSON column. Texts without NUL characters and halves of surrogate pairs, which PostgreSQL does not take. */
export const json = (value: unknown): string => JSON.stringify(wellFormedData(value));

/** The columns of `tickets`, in the order of {@link ticketValues}. */
export const TICKET_COLUMNS = [
  'seq',
  'status',
  'severity',
  'kind',
  'priority',
  'title',
  'team',
  'tier',
  'assignee',
  'requester',
  'project',
  'customer',
  'product',
  'opened_at',
  'updated_at',
  'state',
  'number',
] as const;

/** All of them but the state, which is the ticket itself. */
export const ticketCells = (
  ticket: Ticket,
): Readonly<Record<Exclude<(typeof TICKET_COLUMNS)[number], 'state'>, string | number | Date | null>> => ({
  seq: ticket.seq,
  status: ticket.status,
  severity: ticket.severity,
  kind: ticket.kind,
  priority: ticket.priority,
  title: ticket.fields.title ?? '',
  team: ticket.team,
  tier: ticket.tier,
  assignee: assigneeOf(ticket)?.id ?? null,
  requester: ticket.requester.id,
  project: ticket.project,
  customer: ticket.customer,
  product: ticket.fields.product ?? null,
  opened_at: at(ticket.openedAt),
  updated_at: at(ticket.updatedAt),
  number: ticket.number,
});

export function ticketValues(ticket: Ticket): Value[] {
  const cells = ticketCells(ticket);
  return TICKET_COLUMNS.map((column) => (column === 'state' ? json(ticket) : cells[column]));
}

export const ticketOf = (state: unknown): Ticket => JSON.parse(state as string) as Ticket;

export function eventValues(ticket: number, event: TicketEvent): Value[] {
  const { seq, at: happenedAt, actor, type, ...body } = event;
  return [ticket, seq, type, at(happenedAt), actor.id, actor.name, json(body)];
}

/** Of `SELECT seq, type, at, actor_id, actor_name, body`. */
export function eventOf([seq, type, happenedAt, id, name, body]: Row): TicketEvent {
  return {
    ...(JSON.parse(body as string) as object),
    type,
    seq,
    at: happenedAt,
    actor: { id, name },
  } as unknown as TicketEvent;
}

/** Of `SELECT clock, point, occurrence, due_at`. */
export const timerOf = ([clock, point, occurrence, dueAt]: Row): Timer => ({
  clock: clock as string,
  point: point as string,
  occurrence: occurrence as number,
  dueAt: dueAt as number,
});

export const IDENTITY_COLUMNS = 'platform, "user", name, email, mobile, language, timezone, is_bot, at';

export const identityOf = ([
  platform,
  user,
  name,
  email,
  mobile,
  language,
  timezone,
  isBot,
  askedAt,
]: Row): Identity => ({
  platform: platform as string,
  user: user as string,
  name: name as string,
  email: (email ?? null) as string | null,
  mobile: (mobile ?? null) as string | null,
  language: (language ?? null) as Identity['language'],
  timezone: (timezone ?? null) as string | null,
  isBot: isBot === 1,
  at: askedAt as number,
});

export const LINK_COLUMNS = 'platform, "user", person, by, state, asked_at, answered_at';

export const linkOf = ([platform, user, person, by, state, askedAt, answeredAt]: Row): PersonLink =>
  ({ platform, user, person, by, state, askedAt, answeredAt: answeredAt ?? null }) as PersonLink;

export const MESSAGE_COLUMNS =
  'platform, chat, thread, message, author, author_name, "user", at, text, attachments, deleted';

export const messageOf = ([
  platform,
  chat,
  thread,
  message,
  author,
  authorName,
  user,
  saidAt,
  text,
  attachments,
  deleted,
]: Row): StoredMessage =>
  ({
    platform,
    chat,
    thread,
    message,
    author,
    authorName,
    user,
    at: saidAt,
    text,
    attachments: JSON.parse(attachments as string) as unknown,
    deleted: deleted === 1,
  }) as StoredMessage;

export const CARD_COLUMNS = 'platform, chat, thread, ticket, role, message, shows, edited_at';

export const cardOf = ([platform, chat, thread, ticket, role, message, shows, editedAt]: Row): SentCard =>
  ({ platform, chat, thread, ticket, role, message, shows, editedAt }) as SentCard;

export const SENT_COLUMNS = 'marker, ticket, kind, platform, chat, thread, message, copy_of, at';

export const sentOf = ([marker, ticket, kind, platform, chat, thread, message, copyOf, sentAt]: Row): SentMessage =>
  ({
    marker,
    ticket,
    kind,
    platform,
    chat,
    thread,
    message,
    copyOf: copyOf === null ? null : (JSON.parse(copyOf as string) as unknown),
    at: sentAt,
  }) as SentMessage;

export const bindingOf = ([platform, id, role, project, team, capture]: Row): ChatBinding =>
  ({ platform, id, role, project, team, capture, source: 'chat' }) as ChatBinding;
