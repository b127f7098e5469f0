import type { InternalCommand } from '../commands.ts';
import { personRef, whoIs } from '../escalation.ts';
import { threadOf } from '../ticket.ts';
import type { ClockPoint, PersonRef, Ticket } from '../ticket.ts';
import { isPossible } from '../transitions.ts';
import { ticketId } from '../words.ts';
import type { World } from '../world.ts';
import type { Story } from './story.ts';

/**
 * By hand. One that was asked for and never came may be asked for again; the one that is there is the only one.
 */
export function openWarRoom(story: Story): void {
  if (threadOf(story.ticket, 'war_room') !== null) story.refuse('state', { code: 'has_war_room' });
  const platform = platformOf(story.ticket, story.world);
  if (platform === null) return story.refuse('state', { code: 'no_chat' });
  ask(story, platform, peopleOf(story));
}

/** By a point with `war_room: true`: not while one is on its way, and not where the ticket is not worked on. */
export function openWarRoomAt(story: Story, because: ClockPoint): void {
  const { ticket, world } = story;
  if (!isPossible('war_room', ticket) || (ticket.warRoom !== undefined && ticket.warRoom.state !== 'failed')) return;
  const platform = platformOf(ticket, world);
  if (platform === null) story.tell({ type: 'war_room', what: 'failed', why: 'no_chat', detail: '' });
  else ask(story, platform, peopleOf(story), because);
}

/** What came of it. Told again after a crash: nothing. */
export function warRoomOpened(story: Story, absent: readonly PersonRef[]): void {
  if (story.ticket.warRoom?.state !== 'open') story.tell({ type: 'war_room', what: 'opened', absent });
}

export function warRoomFailed(
  story: Story,
  { why, detail }: Extract<InternalCommand, { type: 'war_room_failed' }>,
): void {
  if (story.ticket.warRoom?.state === 'asked') story.tell({ type: 'war_room', what: 'failed', why, detail });
}

function ask(story: Story, platform: string, people: readonly PersonRef[], because?: ClockPoint): void {
  const name = story.ticket.warRoom?.name ?? roomName(story.ticket);
  story.tell({
    type: 'war_room',
    what: 'asked',
    platform,
    name,
    people,
    ...(because === undefined ? {} : { because }),
  });
}

/** Where the work is done; before that, where it was raised. */
const platformOf = (ticket: Ticket, { platforms }: World): string | null => {
  const at = (threadOf(ticket, 'work') ?? threadOf(ticket, 'origin'))?.platform;
  return at !== undefined && platforms.has(at) ? at : null;
};

/** Who has to be in it: owner, duty, lead, the project's manager, and whoever asked for it. */
function peopleOf({ ticket, world, at, actor }: Story): readonly PersonRef[] {
  const people = new Map<string, PersonRef>();
  // Without an owner `assignee` is the one on duty, who is asked for by his own name below.
  for (const whom of ['assignee', 'duty', 'lead', 'manager'] as const) {
    const person = whoIs(whom, ticket, world, at);
    if (person !== null) people.set(person.id, person);
  }
  if (actor.side === 'service') people.set(actor.id, personRef(actor.id, world.policy));
  return [...people.values()];
}

/** Slack allows 80 characters, and a suffix where the name is taken. */
const LONGEST = 60;

/** `itr-42-checkout-is-down`: what every platform takes as a name. A title without Latin letters leaves the number. */
export function roomName({ number, fields }: Pick<Ticket, 'number' | 'fields'>): string {
  const words = (fields.title ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${ticketId(number).toLowerCase()}-${words}`.slice(0, LONGEST).replace(/-+$/, '');
}
