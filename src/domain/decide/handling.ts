import type { InternalCommand, PublicCommand } from '../commands.ts';
import { isRunning, isShouting } from '../clocks.ts';
import { entitlementOf, isHeld } from '../entitlement.ts';
import { near } from '../near.ts';
import { isLead } from '../permissions.ts';
import { priorityOf } from '../priority.ts';
import { sameMessage, threadOf } from '../ticket.ts';
import type { MessageKey, PersonRef } from '../ticket.ts';
import type { Severity } from '../words.ts';
import { entitle } from './entitle.ts';
import { changeFields, dispatch, goOnAsking, register, retargeted } from './intake.ts';
import { agree, isConsent } from './pausing.ts';
import { replan } from './replan.ts';
import type { Story } from './story.ts';

type Of<T extends PublicCommand['type']> = Extract<PublicCommand, { type: T }>;
type Message = Extract<InternalCommand, { type: 'message' }>;

export function setSeverity(story: Story, to: Severity, note: string | null): void {
  const { ticket, world } = story;
  if (to === ticket.severity && !ticket.severityGuessed) return;
  story.tell({
    type: 'severity_changed',
    from: ticket.severity,
    to,
    priority: priorityOf(ticket.fields, to, world.policy),
    note,
    targets: ticket.entitlement === null ? [] : retargeted(story, ticket, to),
  });
  // Business down: it is recovered at once, so the team is called that was not to begin with it.
  if (isHeld(ticket) && !isHeld(story.ticket) && ticket.status === 'queued' && ticket.team !== null)
    dispatch(story, { team: ticket.team, rule: ticket.routedBy ?? 'default', assign: null });
}

export function resolve(story: Story, command: Of<'resolve'>): void {
  const { causes, closures } = story.world.policy.close;
  const solution = command.solution.trim();
  if (solution === '') story.invalid('solution', 'one sentence that says what solved it');
  if (!causes.includes(command.cause)) {
    story.refuse('input', { code: 'unknown', what: 'cause', found: command.cause, near: near(command.cause, causes) });
  }
  const closure = command.closure ?? closures[0] ?? 'solved';
  if (!closures.includes(closure)) {
    story.refuse('input', { code: 'unknown', what: 'closure', found: closure, near: near(closure, closures) });
  }
  story.tell({ type: 'resolved', solution, cause: command.cause, closure });
}

export function reopen(story: Story, command: Of<'reopen'>): void {
  const { ticket, at, world } = story;
  if (ticket.status === 'closed' && at - ticket.closedAt > world.policy.close.reopenWindowMs) {
    story.refuse('state', { code: 'reopen_window_over' });
  }
  story.tell({ type: 'reopened', note: command.note ?? null, targets: [] });
  // While it stood resolved the promise may have become another one.
  replan(story);
}

/** Also the word that stops a ladder with a reason ("停止升级 …"): who leads the team need not wait until it has reached somebody. */
export function acknowledge(story: Story, note?: string): void {
  const { ticket, actor } = story;
  const running = ticket.ladder !== null && ticket.ladder.stoppedAt === null;
  const climbing = running && (ticket.ladder.reached.length > 0 || isLead(ticket, actor));
  const shouting = ticket.clocks.some((clock) => isRunning(clock) && isShouting(clock));
  if (!climbing && !shouting) story.refuse('state', { code: 'nothing_to_acknowledge' });
  story.tell({ type: 'acknowledged', ...(note === undefined || note.trim() === '' ? {} : { note: note.trim() }) });
}

export function reject(story: Story, command: Of<'reject'>): void {
  if (command.of === story.ticket.number) story.invalid('of', 'the number of another ticket');
  story.tell({ type: 'rejected', reason: command.reason, note: command.note ?? null, of: command.of ?? null });
}

export function rate(story: Story, command: Of<'rate'>): void {
  if (!Number.isInteger(command.score) || command.score < 1 || command.score > 5) {
    story.invalid('score', 'a whole number from 1 to 5');
  }
  story.tell({ type: 'rated', score: command.score, text: command.text?.trim() || null });
}

export function link(story: Story, command: Of<'link'>): void {
  if (command.to === story.ticket.number) story.invalid('to', 'another ticket');
  const { links, number } = story.ticket;
  if (links.some((known) => known.to === command.to && known.as === command.as)) return;
  // One owner leads: a ticket has one parent, and is not its own grandchild.
  if (command.as === 'parent' && links.some((known) => known.as === 'parent'))
    story.refuse('input', { code: 'not_as_child', child: number, because: 'has_parent' });
  if (
    (command.as === 'child' || command.as === 'parent') &&
    links.some((known) => known.to === command.to && known.as !== 'related')
  ) {
    const child = command.as === 'child' ? command.to : number;
    story.refuse('input', { code: 'not_as_child', child, because: 'circle' });
  }
  story.tell({ type: 'linked', to: command.to, as: command.as });
}

/** What was said joins the timeline. */
export function record(story: Story, { message: said, role, internal }: Message): void {
  const marked = story.ticket.internal.some((known) => sameMessage(known, said.key));
  const { key, author, side, at, text, attachments } = said;
  // A war room is where one may think aloud: nothing said there reaches the customer.
  const hidden = internal || marked || role === 'war_room';
  story.tell({
    type: 'message',
    key,
    role,
    author,
    side,
    internal: hidden,
    saidAt: at,
    text,
    attachments,
    ...responseOf(story, author, side),
  });
}

/** A manager's word in the thread is no response: it is met by whoever may solve it. */
const responseOf = (
  { world }: Story,
  { id }: PersonRef,
  side: 'service' | 'customer',
): { readonly isResponse?: false } => {
  const roles = world.policy.people.get(id)?.roles ?? [];
  return side === 'customer' || roles.includes('engineer') || roles.includes('lead') ? {} : { isResponse: false };
};

/** Said in one of the ticket's threads: recorded, and it may be the answer somebody waits for. */
export function message(story: Story, command: Message): void {
  record(story, command);
  if (command.internal || command.message.side !== 'customer' || command.role !== 'origin') return;

  const { ticket } = story;
  if (isConsent(story, command.message.text)) return agree(story, 'given');
  if (ticket.status === 'pending' && ticket.reason === 'customer') story.tell({ type: 'resumed', because: 'answered' });
  if (ticket.status !== 'draft') return;
  if (command.severity !== undefined && ticket.severityGuessed && command.severity !== ticket.severity) {
    setSeverity(story, command.severity, command.message.text.slice(0, 200));
  }
  if (command.fields !== undefined) changeFields(story, command.fields);
  goOnAsking(story);
}

export function messageEdited(story: Story, key: MessageKey, text: string): void {
  story.tell({ type: 'message_edited', key, text });
}

export function comment(story: Story, text: string): void {
  const { actor, at } = story;
  if (text.trim() === '') story.invalid('text', 'what to say');
  story.tell({
    type: 'message',
    key: { platform: 'itr', chat: `ITR-${story.ticket.number}`, message: String(story.ticket.seq + 1) },
    role: threadOf(story.ticket, 'origin') === null ? 'work' : 'origin',
    author: { id: actor.id, name: actor.name },
    side: actor.side === 'customer' ? 'customer' : 'service',
    internal: false,
    saidAt: at,
    text,
    attachments: [],
    ...responseOf(story, actor, actor.side === 'customer' ? 'customer' : 'service'),
  });
}

export function note(story: Story, text: string): void {
  if (text.trim() === '') story.invalid('text', 'what to note');
  story.tell({ type: 'note', text, key: null });
}

/** A lead's word that it shall be served although no contract covers it. */
export function authorize(story: Story, reason: string): void {
  if (reason.trim() === '') story.invalid('reason', 'why it is served');
  const { status, entitlement, team, routedBy } = story.ticket;
  if (entitlement === 'authorized') return;
  story.tell({ type: 'authorized', reason });
  if (status === 'draft') {
    register(story, true);
    return;
  }
  // What was covered all along is served as before; the word is on the timeline.
  if (team === null || (entitlement !== 'waiting' && entitlement !== 'no_data')) return;
  const held = isHeld({ ...story.ticket, entitlement });
  entitle(story, team);
  if (held && status === 'queued') dispatch(story, { team, rule: routedBy ?? 'default', assign: null });
}

/** An activity of the flow was done. What was a task is done with it; complete data are looked at again. */
export function checkpoint(story: Story, { activity, note }: Of<'checkpoint'>): void {
  const { ticket, world, at } = story;
  const isTask = ticket.tasks?.some((task) => task.activity === activity && task.doneAt === null) ?? false;
  const said = note?.trim() || null;
  story.tell({ type: 'checkpoint', activity, field: null, note: said, ...(isTask ? { task: 'done' as const } : {}) });
  if (activity !== 'entitle' || ticket.team === null) return;
  const lacking =
    ticket.entitlement === 'waiting' || ticket.entitlement === 'no_data' || ticket.entitlement === 'warned';
  if (!lacking || entitlementOf(ticket, world.policy, at).outcome !== 'entitled') return;
  const held = isHeld(ticket);
  entitle(story, ticket.team);
  if (held && ticket.status === 'queued')
    dispatch(story, { team: ticket.team, rule: ticket.routedBy ?? 'default', assign: null });
}
