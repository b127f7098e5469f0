/** Notices to those who work on a ticket: the call, the brief, points, ladder, and what one thread says to the other. */
import { dutyOf, isReachable, whomName } from './escalation.ts';
import type { EventOf, Told } from './events.ts';
import { isThanks } from './thanks.ts';
import { silentTimer } from './timers.ts';
import { threadOf } from './ticket.ts';
import type { MessageKey, PersonRef, Ticket } from './ticket.ts';
import type { World } from './world.ts';
import type { InWork, Notice, NoticeBody, Told1 } from './notices.ts';

/** Where the team's assignment gave it to somebody at once, the brief goes to him, not to nobody before. */
export const briefOf = (after: Ticket, note: string | null, inWork: InWork): readonly Told1[] =>
  'assignee' in after ? [] : inWork(handover(after, null, false, note));

/** Nobody's turn: the page goes to the lead directly too, so that an empty slot swallows nothing. */
export function workCard(team: string, call: PersonRef | null, world: World, at: number): readonly Told1[] {
  const hole = dutyOf(team, world, at).source === 'fallback' && world.policy.teams.get(team)?.rotation !== null;
  const card: Told1 = { to: { to: 'work', team }, body: { type: 'work_card', call, nobodyOnDuty: hole } };
  if (!hole || call === null || !isReachable(call, world)) return [card];
  return [
    card,
    {
      to: { to: 'person', person: call.id },
      body: { type: 'ladder', step: 0, mention: [call], whom: 'lead', unreachable: [] },
    },
  ];
}

export const handover = (after: Ticket, to: PersonRef | null, offDuty: boolean, note: string | null): NoticeBody => ({
  type: 'handover',
  to,
  from: after.handover?.from ?? null,
  fromTeam: after.handover?.fromTeam ?? null,
  note,
  offDuty,
  ...(after.handover?.because === undefined ? {} : { because: after.handover.because }),
});

const people = (told: readonly Told[]): readonly PersonRef[] => {
  const all = told.flatMap((one) => (one.person === null ? [] : [one.person]));
  return all.filter((person, index) => all.findIndex((other) => other.id === person.id) === index);
};

export function pointNotices(
  event: EventOf<'point_reached'>,
  before: Ticket | null,
  after: Ticket,
  world: World,
): readonly Told1[] {
  const { clock, point, occurrence, dueAt, lateMs, escalates } = event;
  // Where it goes to the next tier with it, those are reminded who lose it; the others get the card and the brief.
  const team = escalates?.to == null ? after.team : (before?.team ?? null);
  const work: Notice['to'] | null = team === null ? null : { to: 'work', team };
  const warned = after.clocks.find(({ id }) => id === clock)?.metric === 'update';
  const returnsAt = warned ? silentTimer(after, world.policy)?.dueAt : undefined;
  const said = (level: 'remind' | 'ping' | 'buzz', mention: readonly PersonRef[]): NoticeBody => ({
    type: 'point',
    clock,
    point,
    occurrence,
    dueAt,
    lateMs,
    level,
    mention,
    ...(returnsAt === undefined ? {} : { returnsAt }),
    ...(escalates === undefined ? {} : { escalates }),
  });
  const notices: Told1[] = [];
  const reminded = people(event.remind);
  if (work !== null && event.remind.length > 0) notices.push({ to: work, body: said('remind', reminded) });
  if (event.ping.some((one) => one.whom === 'manager')) {
    notices.push({ to: { to: 'escalation' }, body: said('ping', people(event.ping)) });
  }
  const buzzed = people(event.buzz);
  for (const person of people(event.ping)) {
    // Told more loudly below.
    if (buzzed.some(({ id }) => id === person.id)) continue;
    if (isReachable(person, world)) notices.push({ to: { to: 'person', person: person.id }, body: said('ping', []) });
  }
  for (const person of buzzed) {
    if (isReachable(person, world)) notices.push({ to: { to: 'person', person: person.id }, body: said('buzz', []) });
  }
  return notices;
}

export function ladderNotices(event: EventOf<'reminded'>, world: World, work: Notice['to'] | null): readonly Told1[] {
  const { step, unreachable } = event;
  // Nobody above could be reached: the team at least has to know that nobody is coming.
  if (event.told.length === 0 && work !== null && unreachable.length > 0)
    return [{ to: work, body: { type: 'ladder', step, mention: [], whom: 'team', unreachable } }];
  return event.told.flatMap(({ whom, person, how }) => {
    const mention = person === null ? [] : [person];
    const body: NoticeBody = { type: 'ladder', step, mention, whom: whomName(whom), unreachable };
    const notices: Told1[] = [];
    if (how.includes('mention') && work !== null) notices.push({ to: work, body });
    if (how.some((one) => one !== 'mention')) {
      if (person !== null && isReachable(person, world))
        notices.push({
          to: { to: 'person', person: person.id },
          body: how.includes('buzz') ? { ...body, buzz: true } : body,
        });
      if (whom === 'manager') notices.push({ to: { to: 'escalation' }, body });
    }
    return notices;
  });
}

export function warRoomNotices(event: EventOf<'war_room'>, inWork: InWork): readonly Told1[] {
  switch (event.what) {
    case 'asked':
      return inWork({ type: 'open_room', platform: event.platform, people: event.people });
    case 'opened':
      return inWork({ type: 'war_room_opened', absent: event.absent });
    case 'failed':
      return event.why === 'over' ? [] : inWork({ type: 'war_room_failed', why: event.why, detail: event.detail });
  }
}

/** What one side says appears in the other's thread, unless it is internal. */
export function messageNotices(
  event: EventOf<'message'>,
  before: Ticket | null,
  after: Ticket,
  work: Notice['to'] | null,
): readonly Told1[] {
  const notices: Told1[] = [];
  if (event.key.platform === 'itr') {
    notices.push({ to: { to: 'origin' }, body: { type: 'comment', author: event.author, text: event.text } });
  } else if (!event.internal && before !== null) {
    const { key, role, author, text, attachments } = event;
    const body: NoticeBody = { type: 'carry', key, from: role, author, text, attachments };
    if (role === 'origin' && work !== null && before.team !== null) notices.push({ to: work, body });
    if (role !== 'origin' && threadOf(after, 'origin') !== null) notices.push({ to: { to: 'origin' }, body });
  }
  if (event.side === 'customer' && event.role === 'origin' && before?.status === 'resolved' && !isThanks(event.text)) {
    notices.push({ to: { to: 'origin' }, body: { type: 'solved_or_not', requester: after.requester } });
  }
  return notices;
}

export const carriedTo = (after: Ticket, work: Notice['to'] | null): readonly Notice['to'][] => [
  ...(threadOf(after, 'origin') === null ? [] : [{ to: 'origin' } as const]),
  ...(work === null ? [] : [work]),
];

export const carryBack = (
  key: MessageKey,
  author: PersonRef,
  after: Ticket,
  work: Notice['to'] | null,
): readonly Told1[] => carriedTo(after, work).map((to) => ({ to, body: { type: 'carry_delete', key, author } }));
