import { dutyPerson } from '../domain/escalation.ts';
import type { Notice, NoticeBody } from '../domain/notices.ts';
import type { ChatBinding } from '../domain/policy.ts';
import { mayDisturbAt } from '../domain/quiet.ts';
import { assigneeOf, type MessageKey, type Ticket, type ThreadLink } from '../domain/ticket.ts';
import { ticketId } from '../domain/words.ts';
import type { World } from '../domain/world.ts';
import type { OutboxDraft, Place } from './ports.ts';

export interface Address {
  readonly platform: string;
  readonly user: string;
}

interface At {
  readonly platform: string;
  readonly place: Place;
  /** Whom it is told directly: it waits for the end of his quiet hours. */
  readonly person?: string;
}

/**
 * Where each notice goes, as rows of the outbox: pure, so that it is decided in the ticket's transaction and only carried out later.
 * A notice that has no place anywhere (a person on no connected platform) gives no row: the domain has told the next one already.
 * @param addresses where a person can be written to on connected platforms, the best first (`Directory.addresses`).
 */
export const outboxRows = (
  ticket: Ticket,
  notices: readonly Notice[],
  world: World,
  addresses: (person: string) => readonly Address[],
  now: number,
): readonly OutboxDraft[] => {
  const rows = new Map<string, OutboxDraft>();
  for (const notice of notices) {
    for (const row of rowsOf(ticket, notice, world, addresses, now)) if (!rows.has(row.key)) rows.set(row.key, row);
  }
  return [...rows.values()];
};

const rowsOf = (
  ticket: Ticket,
  notice: Notice,
  world: World,
  addresses: (person: string) => readonly Address[],
  now: number,
): readonly OutboxDraft[] => {
  if (notice.body.type === 'card')
    return cardThreads(ticket, notice).map(({ platform, chat, thread }) => ({
      key: `card:${platform}:${chat}:${thread}`,
      lane: laneOf(platform, { kind: 'chat', chat }),
      ticket: ticket.number,
      delivery: { kind: 'card', platform, chat, thread },
      dueAt: now,
    }));
  if (notice.body.type === 'open_room') {
    const { platform, people } = notice.body;
    const key = [ticketId(ticket.number), notice.seq, 'open_room'].join('/');
    return [
      {
        key,
        lane: roomsLane(platform),
        ticket: ticket.number,
        delivery: { kind: 'room', platform, people },
        dueAt: now,
      },
    ];
  }
  return placesOf(ticket, notice, world, addresses, now).map(({ platform, place, person }) => ({
    key: noticeKey(ticket.number, notice, platform, place),
    lane: laneOf(platform, place),
    ticket: ticket.number,
    delivery: { kind: 'notice', platform, place, notice },
    dueAt: person === undefined ? now : mayDisturbAt(person, ticket, notice.body, world.policy, now),
  }));
};

/** Messages to one chat keep their order; so do those to one person. */
export const laneOf = (platform: string, place: Place): string =>
  `${platform}:${place.kind === 'direct' ? `@${place.user}` : place.chat}`;

/** In which chats are made: one after the other, and while one is, what it is for is not known yet. */
export const roomsLane = (platform: string): string => `${platform}:rooms`;

/** The work card opens its thread itself and draws the ticket as it is then, so a thread that is not there yet needs no card. */
const cardThreads = (ticket: Ticket, { to }: Notice): readonly ThreadLink[] => {
  switch (to.to) {
    case 'origin':
      return ticket.threads.filter((link) => link.role === 'origin');
    case 'work':
      return ticket.threads.filter((link) => link.role === 'work' && link.team === to.team);
    case 'person':
    case 'escalation':
      return [];
  }
};

const placesOf = (
  ticket: Ticket,
  notice: Notice,
  world: World,
  addresses: (person: string) => readonly Address[],
  now: number,
): readonly At[] => {
  const { to, body } = notice;
  switch (to.to) {
    case 'origin':
      return ticket.threads
        .filter((link) => link.role === 'origin')
        .map(({ platform, chat, thread }) => ({ platform, place: { kind: 'thread', chat, thread } }));
    case 'work': {
      const duty = dutyChat(ticket, to.team, body, world);
      return duty === null ? insteadOfDutyChat(ticket, to.team, body, world, addresses, now) : [duty];
    }
    case 'person':
      return direct(to.person, addresses, world);
    case 'escalation':
      return bound(world, (chat) => chat.role === 'escalation').map(({ platform, id }) => ({
        platform,
        place: { kind: 'chat', chat: id },
      }));
  }
};

/**
 * The team's duty chat: the one its work thread is in, else the first of the file on a connected platform. One only: a second would mean two work
 * threads, and a page said twice.
 */
const dutyChat = (ticket: Ticket, team: string, body: NoticeBody, world: World): At | null => {
  const chats = bound(world, (chat) => chat.role === 'duty' && chat.team === team);
  const threads = ticket.threads.filter((link) => link.role === 'work' && link.team === team);
  const thread = threads.findLast(({ platform, chat }) =>
    chats.some((one) => one.platform === platform && one.id === chat),
  );
  // An old thread in a chat that is bound no more still carries the talk that belongs there, but must not swallow a new page.
  const old = body.type === 'work_card' ? undefined : threads.at(-1);
  const first = chats[0];
  const at = thread ?? (first === undefined ? old : { platform: first.platform, chat: first.id });
  return at === undefined ? null : { platform: at.platform, place: { kind: 'work', chat: at.chat, team } };
};

const bound = (world: World, fits: (chat: ChatBinding) => boolean): readonly ChatBinding[] =>
  world.policy.chats.filter((chat) => world.platforms.has(chat.platform) && fits(chat));

/** A team without a duty chat: whoever has to act is told directly, so that a page is never swallowed. */
const insteadOfDutyChat = (
  ticket: Ticket,
  team: string,
  body: NoticeBody,
  world: World,
  addresses: (person: string) => readonly Address[],
  now: number,
): readonly At[] => {
  const owner = assigneeOf(ticket);
  const people = [...calledBy(body), ...(owner === null ? [] : [owner.id])];
  if (callsTheTeam(body)) {
    const lead = world.policy.teams.get(team)?.lead ?? null;
    const duty = dutyPerson(team, world, now);
    people.push(...(duty === null ? [] : [duty.id]), ...(lead === null ? [] : [lead]));
  }
  return [...new Set(people)].flatMap((person) => direct(person, addresses, world));
};

/** The people a notice mentions. */
export const calledBy = (body: NoticeBody): readonly string[] => {
  switch (body.type) {
    case 'work_card':
    case 'queued_again':
    case 'severity_changed':
    case 'reopened':
      return body.call === null ? [] : [body.call.id];
    case 'handover':
    case 'handover_returned':
      return body.to === null ? [] : [body.to.id];
    case 'point':
    case 'ladder':
      return body.mention.map((person) => person.id);
    case 'resolved':
    case 'solved_or_not':
    case 'close_reminder':
      return [body.requester.id];
    default:
      return [];
  }
};

const callsTheTeam = (body: NoticeBody): boolean =>
  body.type === 'work_card' || body.type === 'queued_again' || body.type === 'point' || body.type === 'ladder';

/** The first address only: the same words on two platforms are noise. Somebody the directory does not know (`platform:user`) is told where he wrote from. */
const direct = (
  person: string,
  addresses: (person: string) => readonly Address[],
  { platforms }: World,
): readonly At[] => {
  const colon = person.indexOf(':');
  const stranger = { platform: person.slice(0, Math.max(0, colon)), user: person.slice(colon + 1) };
  const address = addresses(person)[0] ?? (platforms.has(stranger.platform) ? stranger : undefined);
  return address === undefined
    ? []
    : [{ platform: address.platform, place: { kind: 'direct', user: address.user }, person }];
};

/** What makes two notices of one event differ. */
const detailOf = (body: NoticeBody): string => {
  switch (body.type) {
    case 'point':
      return `${body.clock}/${body.point}/${body.occurrence}/${body.level}`;
    case 'ladder':
      return String(body.step);
    case 'ask':
      return body.field;
    case 'carry':
    case 'carry_edit':
    case 'carry_delete':
      return messageName(body.key);
    default:
      return '';
  }
};

const messageName = ({ platform, chat, message }: MessageKey): string => `${platform}:${chat}:${message}`;

/** `ITR-7/12/point/resolve/75%/0/remind/work/slack:C0DUTY`: the same after a crash, and of nothing else. */
const noticeKey = (ticket: number, { to, body, seq }: Notice, platform: string, place: Place): string => {
  if (body.type === 'carry') return carryKey(ticket, body.key, platform, place);
  const parts = [ticketId(ticket), seq, body.type, detailOf(body), to.to, laneOf(platform, place)];
  // A ticket may have been raised in two threads of one chat.
  if (place.kind === 'thread') parts.push(place.thread);
  return parts.filter((part) => part !== '').join('/');
};

/** Names the copy of a message in a place. An edit finds the copy by it, so it holds nothing of the event that carried it. */
export const carryKey = (ticket: number, of: MessageKey, platform: string, place: Place): string =>
  [
    ticketId(ticket),
    'carry',
    messageName(of),
    laneOf(platform, place),
    ...(place.kind === 'thread' ? [place.thread] : []),
  ].join('/');
