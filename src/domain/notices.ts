import { missingFields } from './decide/intake.ts';
import { isHeld } from './entitlement.ts';
import type { Gap } from './entitlement.ts';
import { dutyOf, isReachable, whoIs, whomName } from './escalation.ts';
import type { EventOf, Told, TicketEvent } from './events.ts';
import { closeTimer, silentTimer } from './timers.ts';
import { sameMessage, threadOf } from './ticket.ts';
import type { MessageKey, PersonRef, ThreadRole, Ticket } from './ticket.ts';
import type { Field, PendReason } from './words.ts';
import { callBack, childNotices, entitledNotices, stillOpen } from './service-notices.ts';
import type { World } from './world.ts';

/** To whom: a thread of the ticket, one person directly, or every chat bound as `escalation`. */
export type Audience =
  | { readonly to: 'origin' }
  | { readonly to: 'work'; readonly team: string }
  | { readonly to: 'person'; readonly person: string }
  | { readonly to: 'escalation' };

/** What has to be said, as meaning; `conversations/texts` makes sentences of it. */
export type NoticeBody =
  /** The card of that thread shows an old state. Never a message of its own where a card is there already. */
  | { readonly type: 'card' }
  /** Post the work card in the team's duty chat and open the work thread; `call` is mentioned. */
  | {
      readonly type: 'work_card';
      readonly call: PersonRef | null;
      readonly nobodyOnDuty: boolean;
      readonly because?: 'held' | 'authorized';
    }
  | { readonly type: 'ask'; readonly field: Field }
  /** Everything was asked, something is still missing: register as it is? */
  | { readonly type: 'offer_register'; readonly missing: readonly Field[] }
  /** It is waiting for an owner again. */
  | {
      readonly type: 'queued_again';
      readonly call: PersonRef | null;
      readonly because: 'released' | 'reopened' | 'silent';
      readonly by: PersonRef;
    }
  | {
      readonly type: 'handover';
      readonly to: PersonRef | null;
      readonly from: PersonRef | null;
      readonly fromTeam: string | null;
      readonly note: string | null;
      readonly offDuty: boolean;
    }
  | { readonly type: 'handover_returned'; readonly by: PersonRef; readonly to: PersonRef; readonly note: string | null }
  | {
      readonly type: 'point';
      readonly clock: string;
      readonly point: string;
      readonly occurrence: number;
      readonly dueAt: number;
      readonly lateMs: number;
      readonly level: 'remind' | 'ping' | 'buzz';
      readonly mention: readonly PersonRef[];
      /** When it goes back to the queue if its owner stays silent. */
      readonly returnsAt?: number;
    }
  | {
      readonly type: 'ladder';
      readonly step: number;
      readonly mention: readonly PersonRef[];
      readonly whom: string;
      readonly unreachable: readonly string[];
    }
  /** The clocks shall pause, and that takes the requester's word; `by`: when silence is one. */
  | { readonly type: 'ask_consent'; readonly requester: PersonRef; readonly reason: PendReason; readonly by: number }
  | { readonly type: 'acknowledged'; readonly by: PersonRef; readonly note?: string }
  | {
      readonly type: 'severity_changed';
      readonly from: string;
      readonly to: string;
      readonly by: PersonRef;
      readonly note: string | null;
      readonly call: PersonRef | null;
    }
  | { readonly type: 'restored'; readonly by: PersonRef; readonly note: string | null }
  | { readonly type: 'resolved'; readonly by: PersonRef; readonly solution: string; readonly requester: PersonRef }
  | { readonly type: 'solved_or_not'; readonly requester: PersonRef }
  | { readonly type: 'close_reminder'; readonly requester: PersonRef; readonly closesAt: number | null }
  | {
      readonly type: 'closed';
      readonly by: 'confirm' | 'lead' | 'auto';
      readonly who: PersonRef;
      readonly askRating: boolean;
    }
  | { readonly type: 'reopened'; readonly by: PersonRef; readonly note: string | null; readonly call: PersonRef | null }
  | { readonly type: 'rejected'; readonly reason: string; readonly note: string | null; readonly of: number | null }
  | { readonly type: 'cancelled'; readonly by: PersonRef; readonly note: string | null }
  /** To whoever may authorize it: a yes or a no is needed. */
  | {
      readonly type: 'authorize_request';
      readonly asked: PersonRef | null;
      readonly gap: Gap | null;
      readonly emergency: boolean;
    }
  /** To the requester: it is recorded, somebody decides. */
  | { readonly type: 'uncovered'; readonly asked: PersonRef | null; readonly emergency: boolean }
  | { readonly type: 'authorized'; readonly by: PersonRef; readonly reason: string }
  /** To the team's lead: it is served, but something is wrong with the contract's data. */
  | {
      readonly type: 'entitlement_gap';
      readonly lead: PersonRef | null;
      readonly gap: Gap | null;
      readonly promised: boolean;
    }
  /** Solved or closed while children are not: whoever did it shall know. */
  | { readonly type: 'children_open'; readonly owner: PersonRef | null; readonly children: readonly string[] }
  /** The last open child is solved. */
  | { readonly type: 'children_done'; readonly owner: PersonRef | null; readonly child: string }
  | { readonly type: 'call_back'; readonly who: PersonRef | null; readonly requester: PersonRef }
  /** What was said in one thread, brought into the other. */
  | {
      readonly type: 'carry';
      readonly key: MessageKey;
      readonly from: ThreadRole;
      readonly author: PersonRef;
      readonly text: string;
      readonly attachments: readonly { readonly name: string; readonly url: string | null }[];
    }
  | { readonly type: 'carry_edit'; readonly key: MessageKey; readonly author: PersonRef; readonly text: string }
  | { readonly type: 'carry_delete'; readonly key: MessageKey; readonly author: PersonRef }
  | { readonly type: 'comment'; readonly author: PersonRef; readonly text: string };

export interface Notice {
  readonly to: Audience;
  readonly body: NoticeBody;
  /** Sequence number of the event it tells of: part of the key by which nothing is said twice. */
  readonly seq: number;
}

/**
 * Who must be told what, after these events. A change that the card shows is no message of its own (one card per thread, edited in place); so most events only
 * make the cards stale.
 */
export function noticesFor(
  before: Ticket | null,
  events: readonly TicketEvent[],
  after: Ticket,
  world: World,
): readonly Notice[] {
  const notices: Notice[] = [];
  const visible = events.filter((event) => !UNSEEN.has(event.type) || unquotes(event, before));
  const last = visible.at(-1);
  if (last !== undefined) {
    notices.push({ to: { to: 'origin' }, body: { type: 'card' }, seq: last.seq });
    if (after.team !== null)
      notices.push({ to: { to: 'work', team: after.team }, body: { type: 'card' }, seq: last.seq });
    // The team it left sees on its card where it went.
    if (before !== null && before.team !== null && before.team !== after.team) {
      notices.push({ to: { to: 'work', team: before.team }, body: { type: 'card' }, seq: last.seq });
    }
  }
  // What is said about the contract stands below the card it is about.
  const ordered = [...events].sort((a, b) => Number(a.type === 'entitled') - Number(b.type === 'entitled'));
  for (const event of ordered) {
    for (const { to, body } of noticesOf(event, before, after, world)) notices.push({ to, body, seq: event.seq });
  }
  return notices;
}

/** They change nothing that a card shows. */
const UNSEEN: ReadonlySet<TicketEvent['type']> = new Set([
  'message',
  'message_edited',
  'message_deleted',
  'evidence',
  'note',
  'refused',
  'reminded',
  'acknowledged',
  'rated',
]);

/** The card quotes the last progress: taken back, corrected or marked internal, it must not go on doing so. */
const unquotes = (event: TicketEvent, before: Ticket | null): boolean =>
  (event.type === 'message_edited' || event.type === 'message_deleted' || event.type === 'note') &&
  event.key !== null &&
  before !== null &&
  before.lastProgress !== null &&
  sameMessage(before.lastProgress.key, event.key);

export type Told1 = Omit<Notice, 'seq'>;

function noticesOf(event: TicketEvent, before: Ticket | null, after: Ticket, world: World): readonly Told1[] {
  const origin = { to: 'origin' } as const;
  const work: Notice['to'] | null = after.team === null ? null : { to: 'work', team: after.team };
  const inWork = (body: NoticeBody): readonly Told1[] => (work === null ? [] : [{ to: work, body }]);
  const by = event.actor;
  switch (event.type) {
    case 'checkpoint':
      if (event.field !== null) return [{ to: origin, body: { type: 'ask', field: event.field } }];
      return event.activity === 'call_back' && event.task === 'open' ? callBack(after, world, event.at, work) : [];
    case 'fields_changed': {
      const missing = missingFields(after, world.policy);
      const stuck =
        after.status === 'draft' &&
        before?.asking != null &&
        after.asking === null &&
        missing.length > 0 &&
        missing.every((field) => after.asked.includes(field));
      return stuck ? [{ to: origin, body: { type: 'offer_register', missing } }] : [];
    }
    case 'dispatched':
      return isHeld(after)
        ? [
            {
              to: { to: 'work', team: event.team },
              body: { type: 'work_card', call: null, nobodyOnDuty: false, because: 'held' },
            },
          ]
        : workCard(event.team, event.duty, world, event.at).map((told) =>
            told.body.type === 'work_card' && before?.entitlement === 'waiting'
              ? { ...told, body: { ...told.body, because: 'authorized' as const } }
              : told,
          );
    case 'claimed':
    case 'assigned':
      // A team that got it from another was briefed when it came.
      return event.type === 'assigned' || before?.handover?.fromTeam === after.team
        ? inWork(handover(after, event.assignee, false, null))
        : [];
    case 'transferred':
      return event.to === null
        ? [...workCard(event.team, event.duty, world, event.at), ...briefOf(after, event.note, inWork)]
        : inWork(handover(after, event.to, event.offDuty, event.note));
    case 'handed_over':
      return event.outcome === 'returned'
        ? inWork({ type: 'handover_returned', by, to: event.to, note: event.note })
        : [];
    case 'released':
      return event.because === 'silent'
        ? [
            ...inWork({ type: 'queued_again', call: event.duty, because: 'silent', by: event.from }),
            ...inWork(handover(after, null, false, null)),
          ]
        : inWork({ type: 'queued_again', call: event.duty, because: 'released', by });
    case 'escalated':
      return event.kind === 'management'
        ? []
        : [...workCard(event.team, event.duty, world, event.at), ...briefOf(after, event.note, inWork)];
    case 'severity_changed': {
      // While it was a draft no team had it: the work card that follows shows the severity.
      if (before === null || before.status === 'draft' || event.from === event.to) return [];
      const call = event.to < event.from ? whoIs('lead', after, world, event.at) : null;
      return inWork({ type: 'severity_changed', from: event.from, to: event.to, by, note: event.note, call });
    }
    case 'pended':
      // A card that is edited rings no bell, and who is asked for consent has to hear of it.
      return event.consentBy === null
        ? []
        : [
            {
              to: origin,
              body: { type: 'ask_consent', requester: after.requester, reason: event.reason, by: event.consentBy },
            },
          ];
    case 'acknowledged':
      return inWork({ type: 'acknowledged', by, ...(event.note === undefined ? {} : { note: event.note }) });
    case 'restored':
      return [{ to: origin, body: { type: 'restored', by, note: event.note } }];
    case 'resolved':
      return [
        { to: origin, body: { type: 'resolved', by, solution: event.solution, requester: after.requester } },
        ...inWork({ type: 'resolved', by, solution: event.solution, requester: after.requester }),
        ...stillOpen(after, inWork),
      ];
    case 'reopened': {
      const call = 'assignee' in after ? after.assignee : null;
      return inWork({ type: 'reopened', by, note: event.note, call });
    }
    case 'closed': {
      const body = { type: 'closed', by: event.by, who: by } as const;
      return [
        { to: origin, body: { ...body, askRating: true } },
        ...inWork({ ...body, askRating: false }),
        ...stillOpen(after, inWork),
      ];
    }
    case 'rejected':
      return [{ to: origin, body: { type: 'rejected', reason: event.reason, note: event.note, of: event.of } }];
    case 'cancelled':
      return inWork({ type: 'cancelled', by, note: event.note });
    case 'point_reached':
      return pointNotices(event, after, world, work);
    case 'reminded':
      return event.what === 'close'
        ? [
            {
              to: origin,
              body: {
                type: 'close_reminder',
                requester: after.requester,
                closesAt: closeTimer(after, world.policy)?.dueAt ?? null,
              },
            },
          ]
        : ladderNotices(event, world, work);
    case 'message':
      return messageNotices(event, before, after, work);
    case 'message_edited':
      if (after.internal.some((key) => sameMessage(key, event.key))) return [];
      return carriedTo(after, work).map((to) => ({
        to,
        body: { type: 'carry_edit', key: event.key, author: by, text: event.text },
      }));
    case 'message_deleted':
      return carryBack(event.key, by, after, work);
    case 'note':
      // Marked internal after it was carried over: the copy on the other side is taken back.
      return event.key === null ? [] : carryBack(event.key, by, after, work);
    case 'authorized':
      return inWork({ type: 'authorized', by, reason: event.reason });
    case 'entitled':
      return entitledNotices(event, after, world, work);
    case 'linked':
      return 'to' in event ? childNotices(event, before, after, inWork) : [];
    case 'captured':
    case 'registered':
    case 'resumed':
    case 'confirmed':
    case 'breached':
    case 'evidence':
    case 'rated':
    case 'refused':
      return [];
  }
}

export type InWork = (body: NoticeBody) => readonly Told1[];

/** Where the team's assignment gave it to somebody at once, the brief goes to him, not to nobody before. */
const briefOf = (after: Ticket, note: string | null, inWork: InWork): readonly Told1[] =>
  'assignee' in after ? [] : inWork(handover(after, null, false, note));

/** Nobody's turn: the page goes to the lead directly too, so that an empty slot swallows nothing. */
function workCard(team: string, call: PersonRef | null, world: World, at: number): readonly Told1[] {
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

const handover = (after: Ticket, to: PersonRef | null, offDuty: boolean, note: string | null): NoticeBody => ({
  type: 'handover',
  to,
  from: after.handover?.from ?? null,
  fromTeam: after.handover?.fromTeam ?? null,
  note,
  offDuty,
});

const people = (told: readonly Told[]): readonly PersonRef[] => {
  const all = told.flatMap((one) => (one.person === null ? [] : [one.person]));
  return all.filter((person, index) => all.findIndex((other) => other.id === person.id) === index);
};

function pointNotices(
  event: EventOf<'point_reached'>,
  after: Ticket,
  world: World,
  work: Notice['to'] | null,
): readonly Told1[] {
  const { clock, point, occurrence, dueAt, lateMs } = event;
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
  });
  const notices: Told1[] = [];
  const reminded = people(event.remind);
  if (work !== null && event.remind.length > 0) notices.push({ to: work, body: said('remind', reminded) });
  if (event.ping.some((one) => one.whom === 'manager')) {
    notices.push({ to: { to: 'escalation' }, body: said('ping', people(event.ping)) });
  }
  for (const person of people(event.ping)) {
    if (isReachable(person, world)) notices.push({ to: { to: 'person', person: person.id }, body: said('ping', []) });
  }
  for (const person of people(event.buzz)) {
    if (isReachable(person, world)) notices.push({ to: { to: 'person', person: person.id }, body: said('buzz', []) });
  }
  return notices;
}

function ladderNotices(event: EventOf<'reminded'>, world: World, work: Notice['to'] | null): readonly Told1[] {
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
        notices.push({ to: { to: 'person', person: person.id }, body });
      if (whom === 'manager') notices.push({ to: { to: 'escalation' }, body });
    }
    return notices;
  });
}

/** What one side says appears in the other's thread, unless it is internal. */
function messageNotices(
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

const carriedTo = (after: Ticket, work: Notice['to'] | null): readonly Notice['to'][] => [
  ...(threadOf(after, 'origin') === null ? [] : [{ to: 'origin' } as const]),
  ...(work === null ? [] : [work]),
];

const carryBack = (key: MessageKey, author: PersonRef, after: Ticket, work: Notice['to'] | null): readonly Told1[] =>
  carriedTo(after, work).map((to) => ({ to, body: { type: 'carry_delete', key, author } }));

/** Thanks reopen nothing, and ask nothing. */
const isThanks = (text: string): boolean =>
  /^\s*(谢谢|多谢|感谢|辛苦|好的|好了|收到|可以了|没问题|thanks|thank you|thx|ok\b|okay|great|got it|works|👍|🙏)/i.test(
    text,
  ) && text.length <= 40;
