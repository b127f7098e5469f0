import { missingFields } from './decide/intake.ts';
import { isHeld } from './entitlement.ts';
import type { Gap } from './entitlement.ts';
import { whoIs } from './escalation.ts';
import type { RoomTrouble, TicketEvent, TierEscalation } from './events.ts';
import { closeTimer } from './timers.ts';
import { sameMessage } from './ticket.ts';
import type { ClockPoint, MessageKey, PersonRef, ThreadRole, Ticket } from './ticket.ts';
import type { Field, PendReason } from './words.ts';
import { callBack, childNotices, entitledNotices, stillOpen } from './service-notices.ts';
import type { World } from './world.ts';
import {
  briefOf,
  carriedTo,
  carryBack,
  handover,
  ladderNotices,
  messageNotices,
  pointNotices,
  warRoomNotices,
  workCard,
} from './work-notices.ts';

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
      /** The point of a clock that escalated it. */
      readonly because?: ClockPoint;
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
      readonly escalates?: TierEscalation;
    }
  | {
      readonly type: 'ladder';
      readonly step: number;
      readonly mention: readonly PersonRef[];
      readonly whom: string;
      readonly unreachable: readonly string[];
      /** An urgent push. */
      readonly buzz?: true;
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
  /** Not said: done, on that platform. */
  | {
      readonly type: 'open_room';
      readonly platform: string;
      readonly people: readonly PersonRef[];
    }
  | { readonly type: 'war_room_opened'; readonly absent: readonly PersonRef[] }
  | { readonly type: 'war_room_failed'; readonly why: RoomTrouble; readonly detail: string }
  | {
      readonly type: 'call_back';
      readonly who: PersonRef | null;
      readonly requester: PersonRef;
      readonly again?: true;
    }
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

/** An urgent push: it waits for nothing, and says that it is urgent where a platform cannot make it ring. */
export const isBuzz = (body: NoticeBody): boolean =>
  (body.type === 'point' && body.level === 'buzz') || (body.type === 'ladder' && body.buzz === true);

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
  'war_room',
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
      return pointNotices(event, before, after, world);
    case 'reminded':
      if (event.what === 'call_back') return callBack(after, world, event.at, work, true);
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
    case 'war_room':
      return warRoomNotices(event, inWork);
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
