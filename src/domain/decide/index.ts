import type { Actor, CaptureCommand, Command, PublicCommand } from '../commands.ts';
import { PUBLIC_COMMANDS } from '../commands.ts';
import type { TicketEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { isWithheld } from '../entitlement.ts';
import { mayNot } from '../permissions.ts';
import { priorityOf } from '../priority.ts';
import { sameMessage } from '../ticket.ts';
import type { Ticket } from '../ticket.ts';
import { isPossible } from '../transitions.ts';
import type { World } from '../world.ts';
import * as handling from './handling.ts';
import { childChanged } from './child.ts';
import { close } from './closing.ts';
import { goOnAsking, register, registerChild, setFields } from './intake.ts';
import * as ownership from './ownership.ts';
import * as pausing from './pausing.ts';
import { replan } from './replan.ts';
import { Story } from './story.ts';
import { timerDue, unreached } from './timer-due.ts';
import { openWarRoom, warRoomFailed, warRoomOpened } from './war-room.ts';

export { missingFields } from './intake.ts';

/**
 * What happens when `actor` gives `command` at `at` (UTC ms). Pure. An empty list: nothing changes.
 * Throws a `Refusal` where the status or the role forbids it, or a parameter is wrong; nothing has happened then.
 */
export function decide(
  ticket: Ticket,
  command: Command,
  actor: Actor,
  world: World,
  at: number,
): readonly TicketEvent[] {
  return act(ticket, command, actor, world, at).events;
}

/** The same, with the ticket as it is after it: whoever wants both need not fold the events again. */
export function act(
  ticket: Ticket,
  command: Command,
  actor: Actor,
  world: World,
  at: number,
): { readonly events: readonly TicketEvent[]; readonly ticket: Ticket } {
  const story = new Story(ticket, actor, world, at);
  if (isPublic(command)) {
    check(story, command);
    obey(story, command);
  } else {
    join(story, command);
  }
  return { events: story.events, ticket: story.ticket };
}

/** A new ticket, with what was said so far on its timeline. */
export function capture(
  number: number,
  command: CaptureCommand,
  actor: Actor,
  world: World,
  at: number,
): { readonly ticket: Ticket; readonly events: readonly TicketEvent[] } {
  const { policy } = world;
  const first: TicketEvent = {
    type: 'captured',
    seq: 1,
    at,
    actor: { id: actor.id, name: actor.name },
    kind: command.kind,
    severity: command.severity,
    severityGuessed: command.severityGuessed,
    priority: priorityOf(command.fields, command.severity, policy),
    fields: command.fields,
    language: command.language,
    requester: command.requester,
    project: command.project,
    customer: command.project === null ? null : (policy.projects.get(command.project)?.customer ?? null),
    firstMessageAt: Math.min(command.firstMessageAt, at),
    ...(command.child === undefined ? {} : { parent: command.child.of }),
  };
  const story = new Story({ ...evolve(null, first), number }, actor, world, at);
  story.events.push(first);
  if (command.thread !== null) story.tell({ type: 'linked', thread: command.thread });
  for (const said of command.messages) {
    handling.record(story, { type: 'message', message: said, role: 'origin', internal: said.text.startsWith('//') });
  }
  if (command.child === undefined) goOnAsking(story);
  else registerChild(story, command.child);
  return { ticket: story.ticket, events: story.events };
}

const isPublic = (command: Command): command is PublicCommand =>
  (PUBLIC_COMMANDS as readonly string[]).includes(command.type);

/** The role first: who may not do it at all shall not learn what would be possible. A lost race is told as what it is. */
function check(story: Story, command: PublicCommand): void {
  const { ticket, actor } = story;
  const needs = mayNot(command.type, ticket, actor);
  const now = isPossible(command.type, ticket);
  if (command.type === 'claim' && isOwned(ticket) && actor.side === 'service') {
    story.refuse('state', { code: 'already_claimed', by: ticket.assignee });
  }
  // Who could do it at another time is told about the time; who never could, about the role. Of another team one can be tomorrow.
  if (
    !now &&
    (needs === null || needs === 'assignee' || needs === 'reached' || (needs === 'team' && actor.side === 'service'))
  ) {
    story.refuse('state', { code: 'not_now', status: ticket.status });
  }
  if (needs !== null) story.refuse('role', { code: 'not_yours', needs });
  if (!now) story.refuse('state', { code: 'not_now', status: ticket.status });
  if (isWithheld(command.type, ticket)) story.refuse('state', { code: 'not_entitled' });
}

const isOwned = (ticket: Ticket): ticket is Extract<Ticket, { status: 'in_progress' | 'pending' | 'restored' }> =>
  ticket.status === 'in_progress' || ticket.status === 'pending' || ticket.status === 'restored';

function obey(story: Story, command: PublicCommand): void {
  switch (command.type) {
    case 'set':
      return setFields(story, command);
    case 'register':
      return register(story, true);
    case 'authorize':
      return handling.authorize(story, command.reason);
    case 'reject':
      return handling.reject(story, command);
    case 'claim':
      return ownership.claim(story, command);
    case 'assign':
      return ownership.assign(story, command);
    case 'transfer':
      return ownership.transfer(story, command);
    case 'accept_handover':
      return ownership.acceptHandover(story, command);
    case 'return':
      return ownership.giveBack(story, command);
    case 'release':
      return ownership.release(story, command.note ?? null, false);
    case 'pend':
      return pausing.pend(story, command);
    case 'consent':
      return pausing.agree(story, 'given');
    case 'resume':
      return story.tell({ type: 'resumed', because: 'asked' });
    case 'escalate':
      return ownership.escalateTier(story, command);
    case 'war_room':
      return openWarRoom(story);
    case 'acknowledge':
      return handling.acknowledge(story, command.note);
    case 'set_severity':
      return handling.setSeverity(story, command.severity, command.note ?? null);
    case 'restore':
      return story.tell({ type: 'restored', note: command.note ?? null });
    case 'resolve':
      return handling.resolve(story, command);
    case 'confirm':
      story.tell({ type: 'confirmed' });
      return close(story, 'confirm', null);
    case 'reopen':
      return handling.reopen(story, command);
    case 'close':
      return close(story, 'lead', command.note ?? null);
    case 'cancel':
      return story.tell({ type: 'cancelled', note: command.note ?? null });
    case 'comment':
      return handling.comment(story, command.text);
    case 'note':
      return handling.note(story, command.text);
    case 'evidence':
      return mark(story, story.ticket.evidence, { type: 'evidence', key: command.message });
    case 'internal':
      return mark(story, story.ticket.internal, { type: 'note', text: null, key: command.message });
    case 'link':
      return handling.link(story, command);
    case 'rate':
      return handling.rate(story, command);
    case 'checkpoint':
      return handling.checkpoint(story, command);
  }
}

/** Marking twice marks once. */
function mark(
  story: Story,
  known: Ticket['evidence'],
  event:
    | { readonly type: 'evidence'; readonly key: Ticket['evidence'][number] }
    | { readonly type: 'note'; readonly text: null; readonly key: Ticket['evidence'][number] },
): void {
  if (!known.some((key) => sameMessage(key, event.key))) story.tell(event);
}

function join(story: Story, command: Exclude<Command, PublicCommand>): void {
  switch (command.type) {
    case 'unclaim':
      return ownership.unclaim(story, command.via);
    case 'message':
      return handling.message(story, command);
    case 'message_edited':
      return handling.messageEdited(story, command.key, command.text);
    case 'message_deleted':
      return story.tell({ type: 'message_deleted', key: command.key });
    case 'link_thread': {
      const { thread } = command;
      const known = story.ticket.threads.some(
        (link) => link.platform === thread.platform && link.chat === thread.chat && link.thread === thread.thread,
      );
      if (!known) story.tell({ type: 'linked', thread });
      return;
    }
    case 'child_changed':
      return childChanged(story, command);
    case 'war_room_opened':
      return warRoomOpened(story, command.absent);
    case 'war_room_failed':
      return warRoomFailed(story, command);
    case 'timer_due':
      return timerDue(story, command.clock);
    case 'unreached':
      return unreached(story, command);
    case 'replan':
      return replan(story);
  }
}
