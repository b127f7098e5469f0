import type { Delivery, Tx } from '../../desk/ports.ts';
import { rememberRoom } from '../../desk/rooms.ts';
import { SYSTEM } from '../../domain/commands.ts';
import type { InternalCommand } from '../../domain/commands.ts';
import type { RoomTrouble } from '../../domain/events.ts';
import { threadOf, type PersonRef, type ThreadLink, type Ticket, type WarRoom } from '../../domain/ticket.ts';
import { isPossible } from '../../domain/transitions.ts';
import { ticketId } from '../../domain/words.ts';
import { briefCard } from '../cards/brief.ts';
import { titleOf } from '../cards/parts.ts';
import { DeliveryError, type ChatPlatform } from '../platform.ts';
import { join } from '../texts/index.ts';
import { warRoomTexts } from '../texts/war-room.ts';
import { draw, platformOf, readerOfThread, type DeliverDeps, type Row } from './context.ts';
import { remember, sendOnce } from './send.ts';

type RoomDelivery = Extract<Delivery, { readonly kind: 'room' }>;

/**
 * Opens the war room of a ticket: the chat, the brief in it, which links it, then its people. Each step finds what a process that died had done: the chat by
 * its name, the brief by its marker, people by being in it. What the platform will not do is told to the ticket, whose work thread says what to do about it.
 */
export const deliverRoom = async (
  deps: DeliverDeps,
  row: Row,
  ticket: Ticket,
  delivery: RoomDelivery,
): Promise<void> => {
  const { warRoom } = ticket;
  // Asked for twice, or done before the process died.
  if (warRoom === undefined || warRoom.state === 'open') return;
  try {
    const platform = platformOf(deps, delivery.platform);
    const link = threadOf(ticket, 'war_room') ?? (await open(deps, row, ticket, warRoom, platform));
    if ('why' in link) {
      await report(deps, ticket, { type: 'war_room_failed', ...link });
      return;
    }
    const absent = await letIn(deps, platform, link.chat, delivery.people);
    await report(deps, ticket, { type: 'war_room_opened', absent });
  } catch (error) {
    if (!(error instanceof DeliveryError) || !error.permanent) throw error;
    await report(deps, ticket, { type: 'war_room_failed', why: 'other', detail: error.message });
  }
};

interface Trouble {
  readonly why: RoomTrouble;
  readonly detail: string;
}

const open = async (
  deps: DeliverDeps,
  row: Row,
  ticket: Ticket,
  { name, since }: WarRoom,
  platform: ChatPlatform,
): Promise<ThreadLink | Trouble> => {
  if (!isPossible('war_room', ticket)) return { why: 'over', detail: '' };
  if (platform.rooms === undefined) return { why: 'unsupported', detail: '' };
  const { language, timezone } = readerOfThread(ticket, 'work', deps.world.current());
  const view = draw(deps, ticket, platform, timezone);
  const made = await platform.rooms.open({ name, topic: `${view.id} · ${titleOf(view)}`, sinceMs: since });
  if ('refused' in made) return { why: made.refused, detail: made.detail };

  const words = warRoomTexts(language);
  const handover = { type: 'handover', to: null, from: null, fromTeam: null, note: null, offDuty: false } as const;
  const brief = briefCard(view, handover, await deps.store.read.timeline(ticket.number), language);
  const text = join([words.head(view.id), words.rules], '\n');
  const linkOf = (chat: string, thread: string): ThreadLink => ({
    platform: platform.name,
    chat,
    thread,
    role: 'war_room',
    team: null,
  });
  const first = await sendOnce(deps, {
    row,
    platform: platform.name,
    to: { kind: 'chat', chat: made.chat },
    what: { text, card: { ...brief, head: `${view.id} · ${ticket.severity}` }, language },
    kind: 'notice',
    // Of the ticket, not of the row: asked for again, it is the same room.
    marker: `${ticketId(ticket.number)}/war_room/${made.chat}`,
    also: async (tx, ref) => {
      const thread = linkOf(ref.chat, ref.thread);
      await rememberRoom(tx, thread);
      await perform(deps, tx, ticket, { type: 'link_thread', thread });
    },
  });
  return linkOf(first.chat, first.thread);
};

/** Those who could not be let in: not on this platform, or not allowed. */
const letIn = async (
  deps: DeliverDeps,
  platform: ChatPlatform,
  chat: string,
  people: readonly PersonRef[],
): Promise<readonly PersonRef[]> => {
  const known = people.map((person) => ({
    person,
    user: deps.directory.addresses(person.id).find((one) => one.platform === platform.name)?.user ?? null,
  }));
  const users = known.flatMap(({ user }) => (user === null ? [] : [user]));
  const refused = (await platform.rooms?.invite(chat, users)) ?? users;
  return known.filter(({ user }) => user === null || refused.includes(user)).map(({ person }) => person);
};

const report = (deps: DeliverDeps, ticket: Ticket, command: InternalCommand): Promise<void> =>
  remember(deps, (tx) => perform(deps, tx, ticket, command));

const perform = async (deps: DeliverDeps, tx: Tx, { number }: Ticket, command: InternalCommand): Promise<void> => {
  const outcome = await deps.desk.perform(tx, number, command, SYSTEM);
  if (!outcome.ok) deps.log.debug({ ticket: number, command: command.type }, outcome.refusal.message);
};
