import { roundToMinute } from '../domain/duration.ts';
import { MINUTE } from '../domain/instant.ts';
import { isShouting, type ClockView } from '../domain/clocks.ts';
import { isBuzz, type Notice, type NoticeBody } from '../domain/notices.ts';
import { assigneeOf, sameMessage, type PersonRef, type Ticket } from '../domain/ticket.ts';
import { ticketId, type Language } from '../domain/words.ts';
import { SCORES } from './actions.ts';
import type { CardAction, Inline, RichText } from './card.ts';
import { button, clockLine, openButton, titleOf, LENGTHS } from './cards/parts.ts';
import type { TicketView } from './cards/view.ts';
import { serviceMatters, wordServiceNotice } from './service-notices.ts';
import { bold, cut, instant, join, say, texts, wordOf } from './texts/index.ts';
import { warRoomTexts } from './texts/war-room.ts';

/** What a notice is worded from: the ticket as it is now, and who reads it where. */
export interface NoticeContext {
  readonly view: TicketView;
  readonly language: Language;
  /** A person as a mention on the platform it goes to, or the name where he is not there. */
  readonly mention: (person: PersonRef) => Inline;
  /** `aside`: read outside the ticket's threads (a direct message, an escalation chat), so that it has to say what it is about. */
  readonly reader: 'origin' | 'work' | 'aside';
}

export interface Said {
  readonly text: RichText;
  readonly actions: readonly CardAction[];
}

/** Bodies that are no sentence: cards, the brief, and messages carried over. */
export type Sentence = Exclude<
  NoticeBody,
  {
    readonly type:
      | 'card'
      | 'work_card'
      | 'handover'
      | 'carry'
      | 'carry_edit'
      | 'carry_delete'
      | 'comment'
      | 'open_room'
      | 'war_room_opened';
  }
>;

/** The notice in words, with the buttons that answer it. */
export const wordNotice = (body: Sentence, context: NoticeContext): Said => {
  const { view, language } = context;
  const { notice, ask, words } = texts(language);
  const { id } = view;
  const only = (text: RichText): Said => ({ text, actions: [] });
  switch (body.type) {
    case 'ask':
      return only(ask[body.field]);
    case 'offer_register':
      return {
        text: notice.offerRegister(id, body.missing),
        actions: [
          button('register', view, words.button.register, 'primary'),
          button('form:intake', view, words.button.intake),
        ],
      };
    case 'queued_again':
      return {
        text: toPeople(context, [body.call], notice.queuedAgain(id, body.because, body.by.name)),
        actions: [button('claim', view, words.button.claim, 'primary'), openButton(view, language)],
      };
    case 'handover_returned':
      return only(toPeople(context, [body.to], notice.returned(id, body.by.name, shortNote(body.note))));
    case 'ask_consent':
      return {
        text: toPeople(context, [body.requester], notice.askConsent(id, body.reason, instant(body.by, view, language))),
        actions: [button('consent', view, words.button.consent, 'primary')],
      };
    case 'point':
    case 'ladder': {
      const said = body.type === 'point' ? point(body, context) : ladder(body, context);
      return isBuzz(body) ? { ...said, text: notice.urgent(said.text) } : said;
    }
    case 'acknowledged':
      return only(notice.acknowledged(id, body.by.name, shortNote(body.note ?? null)));
    case 'severity_changed':
      return only(
        toPeople(
          context,
          [body.call],
          notice.severityChanged(id, body.from, body.to, body.by.name, shortNote(body.note)),
        ),
      );
    case 'restored':
      return only(notice.restored(id, body.by.name, shortNote(body.note)));
    case 'resolved':
      return context.reader === 'origin'
        ? {
            text: toPeople(
              context,
              [body.requester],
              notice.resolved(id, body.by.name, cut(body.solution, LENGTHS.text)),
            ),
            actions: solvedOrNot(view, language),
          }
        : only(notice.resolved(id, body.by.name, cut(body.solution, LENGTHS.text)));
    case 'solved_or_not':
      return {
        text: toPeople(context, [body.requester], notice.solvedOrNot(id)),
        actions: solvedOrNot(view, language),
      };
    case 'close_reminder': {
      const closes = body.closesAt === null ? null : instant(body.closesAt, view, language);
      return {
        text: toPeople(context, [body.requester], notice.closeReminder(id, closes)),
        actions: solvedOrNot(view, language),
      };
    }
    case 'closed': {
      const closed = notice.closed(id, body.by, body.who.name);
      const rated = 'rating' in view.ticket && view.ticket.rating !== null;
      return body.askRating && !rated
        ? { text: join([closed, notice.askRating], sentenceGap(language)), actions: ratingButtons(view, language) }
        : only(closed);
    }
    case 'reopened':
      return only(toPeople(context, [body.call], notice.reopened(id, body.by.name, shortNote(body.note))));
    case 'rejected': {
      const of = body.of === null ? null : ticketId(body.of);
      return only(notice.rejected(id, wordOf(words.rejected, body.reason), shortNote(body.note), of));
    }
    case 'cancelled':
      return only(notice.cancelled(id, body.by.name, shortNote(body.note)));
    case 'war_room_failed':
      // `over` is told to nobody (`warRoomNotices`).
      return only(warRoomTexts(language).failed(id, body.why === 'over' ? 'other' : body.why, body.detail));
    case 'authorize_request':
    case 'uncovered':
    case 'authorized':
    case 'entitlement_gap':
    case 'children_open':
    case 'children_done':
    case 'call_back': {
      const { call, text, actions } = wordServiceNotice(body, view, language);
      // In a direct message everything is said to him.
      return { text: toPeople(context, context.reader === 'aside' ? [] : [call], text), actions };
    }
  }
};

const shortNote = (note: string | null): string | null => (note === null ? null : cut(note, LENGTHS.text));

/** Mentions first: what a notification on a phone shows is the beginning. */
export const toPeople = (context: NoticeContext, people: readonly (PersonRef | null)[], text: RichText): RichText => {
  const called = people.filter((person) => person !== null).map(context.mention);
  return called.length === 0 ? text : say`${join(called, ' ')} ${text}`;
};

/** A reminder is a second late as a matter of course. */
const ON_TIME_MS = 2 * MINUTE;

/** Said late (no process ran, or the target was moved): whoever reads it has less time than the reminder was to give him. */
const latenessOf = (
  { dueAt, lateMs }: Extract<NoticeBody, { type: 'point' }>,
  { view, language }: NoticeContext,
): readonly RichText[] => {
  const t = texts(language);
  return lateMs < ON_TIME_MS ? [] : [t.notice.late(instant(dueAt, view, language), t.duration(lateMs))];
};

/** Before the target: how long and until when, the last word, and what one can do about it. From the target on: what management needs to see at once. */
const point = (body: Extract<NoticeBody, { type: 'point' }>, context: NoticeContext): Said => {
  const { view, language } = context;
  const t = texts(language);
  const shown = view.clocks.find(({ clock }) => clock.id === body.clock);
  const metric = shown?.clock.metric ?? 'resolve';
  const remaining = shown?.remainingMs ?? null;
  // Taken from them by this point: there is nothing left for them to press.
  const gone = body.escalates?.to != null && body.level === 'remind';
  const actions = gone ? [openButton(view, language)] : pointActions(body.level, context);
  if (remaining !== null && remaining > 0 && shown?.dueAt != null) {
    const due = instant(shown.dueAt, view, language);
    const soon = t.notice.soon(view.id, metric, t.duration(roundToMinute(remaining)), due);
    return {
      text: toPeople(
        context,
        body.mention,
        join(
          [...aside(context, soon), progressOf(context), ...latenessOf(body, context), ...escalated(body, context)],
          sentenceGap(language),
        ),
      ),
      actions,
    };
  }
  const late = remaining === null ? 0 : -remaining;
  const over = bold(t.notice.over(view.id, metric, late < MINUTE ? null : t.duration(late)));
  const { ticket } = view;
  const facts: readonly (Inline | RichText)[] = [
    over,
    ticket.severity,
    ...(view.customerName === null ? [] : [view.customerName]),
    t.notice.handledBy(assigneeOf(ticket)?.name ?? null, view.teamName),
    ...(context.reader === 'aside' ? [titleOf(view)] : []),
  ];
  return {
    text: toPeople(
      context,
      body.mention,
      join(
        [
          join(
            [say`${join(facts, ' · ')}${t.words.stop}${progressOf(context)}`, ...latenessOf(body, context)],
            sentenceGap(language),
          ),
          ...returning(body, context),
          ...escalated(body, context),
        ],
        sentenceGap(language),
      ),
    ),
    actions,
  };
};

/** Only where it is still to come: a warning that waited itself must not threaten with the past. */
const returning = (
  { returnsAt }: Extract<NoticeBody, { type: 'point' }>,
  { view, language }: NoticeContext,
): readonly RichText[] =>
  returnsAt === undefined || returnsAt <= view.now
    ? []
    : [texts(language).notice.returnsAt(instant(returnsAt, view, language))];

const progressOf = ({ view, language }: NoticeContext): RichText => {
  const { notice } = texts(language);
  const { lastProgress } = view.ticket;
  return lastProgress === null
    ? notice.noProgress
    : notice.lastProgress(instant(lastProgress.at, view, language), cut(lastProgress.text, LENGTHS.quote));
};

/** What the point did besides being said. */
const escalated = (
  { escalates }: Extract<NoticeBody, { type: 'point' }>,
  { view, language }: NoticeContext,
): readonly RichText[] => {
  if (escalates === undefined) return [];
  const { notice } = texts(language);
  const team = view.teamName ?? '';
  return [escalates.to === null ? notice.noNextTier(team, escalates.ladder !== null) : notice.escalatedTo(team)];
};

/** Between two sentences. */
export const sentenceGap = (language: Language): string => (language === 'en' ? ' ' : '');

/** Outside its threads a number says nothing: the title comes with it. */
const aside = ({ view, reader, language }: NoticeContext, text: RichText): readonly RichText[] =>
  reader === 'aside' ? [text, say`${titleOf(view)}${texts(language).words.stop.trimEnd()}`] : [text];

const pointActions = (level: 'remind' | 'ping' | 'buzz', { view, language }: NoticeContext): readonly CardAction[] => {
  const { button: label } = texts(language).words;
  if (level !== 'remind')
    return [
      button('acknowledge', view, label.acknowledge, 'primary'),
      openButton(view, language),
      button('form:transfer', view, label.transfer),
    ];
  if (view.ticket.status === 'queued')
    return [button('claim', view, label.claim, 'primary'), button('form:transfer', view, label.transfer)];
  return [
    button('form:progress', view, label.progress),
    button('escalate', view, label.escalate),
    button('form:pend', view, label.pend),
  ];
};

/** A step of the ladder: what has been waiting for how long, and whether the step before could be reached. */
const ladder = (body: Extract<NoticeBody, { type: 'ladder' }>, context: NoticeContext): Said => {
  const { view, language } = context;
  const t = texts(language);
  const { ticket } = view;
  const since = ticket.status === 'queued' ? ticket.queuedAt : 'claim' in ticket ? ticket.claim.at : ticket.openedAt;
  const waited = t.duration(Math.max(0, view.now - since));
  const clock = mostUrgent(view);
  const parts: readonly RichText[] = [
    // Told with the work card, in place of an empty slot: nothing has waited yet.
    ...(body.step === 0 && body.whom === 'lead' && view.duty?.hole === true && view.teamName !== null
      ? [t.notice.instead(view.teamName)]
      : []),
    t.notice.ladder(view.id, ticket.severity, t.words.status[ticket.status], waited),
    ...(context.reader === 'aside' ? [say`${titleOf(view)}${t.words.stop.trimEnd()}`] : []),
    ...(clock === undefined ? [] : [say`${clockLine(clock, view, language)}${t.words.stop.trimEnd()}`]),
    ...(body.unreachable.length === 0 ? [] : [t.notice.unreachable(body.unreachable)]),
  ];
  const { button: label } = t.words;
  return {
    text: toPeople(
      context,
      context.reader === 'aside' && body.mention.length === 1 ? [] : body.mention,
      join(parts, sentenceGap(language)),
    ),
    actions: [
      ...(ticket.status === 'queued' ? [button('claim', view, label.claim, 'primary')] : []),
      button('acknowledge', view, label.acknowledge),
      openButton(view, language),
      button('form:transfer', view, label.transfer),
    ],
  };
};

/** The promise to the customer with the least time left, or the longest over: what a ladder climbs for. */
const mostUrgent = (view: TicketView): ClockView | undefined =>
  view.clocks
    .filter(({ clock, remainingMs }) => clock.kind === 'SLA' && clock.metric !== 'update' && remainingMs !== null)
    .sort((a, b) => (a.remainingMs ?? 0) - (b.remainingMs ?? 0))[0];

const solvedOrNot = (view: TicketView, language: Language): readonly CardAction[] => {
  const { button: label } = texts(language).words;
  return [button('confirm', view, label.confirm, 'primary'), button('reopen', view, label.notSolved)];
};

const ratingButtons = (view: TicketView, language: Language): readonly CardAction[] => [
  ...SCORES.map((score) => button(`rate:${score}`, view, '★'.repeat(score))),
  button('form:rate', view, texts(language).words.button.rate),
];

/** Whether a notice still has a point, with the ticket as it is when it goes out: what was settled meanwhile is not said. */
export const stillMatters = ({ body, to }: Notice, ticket: Ticket): boolean => {
  const open = ticket.status !== 'closed' && ticket.status !== 'rejected' && ticket.status !== 'cancelled';
  const unsolved = open && ticket.status !== 'resolved';
  // The team it has left has nothing to do about it any more.
  const elsewhere = to.to === 'work' && ticket.team !== to.team;
  switch (body.type) {
    case 'ask':
      return ticket.status === 'draft' && (ticket.fields[body.field] ?? '') === '';
    case 'offer_register':
      return ticket.status === 'draft';
    case 'work_card':
      return unsolved && !elsewhere;
    case 'queued_again':
      return ticket.status === 'queued' && !elsewhere;
    case 'handover':
      return unsolved && !elsewhere && (body.to === null || assigneeOf(ticket)?.id === body.to.id);
    case 'point': {
      // The clock may have ended with the tier, and the team has lost it by this very point.
      if (body.escalates?.to != null) return unsolved;
      const clock = ticket.clocks.find((one) => one.id === body.clock);
      if (elsewhere || clock === undefined || clock.stoppedAt !== null || clock.cancelledAt !== null) return false;
      if (clock.pauses.some((pause) => pause.to === null)) return false;
      return body.occurrence === 0 || isShouting(clock);
    }
    case 'ladder':
      return (
        unsolved &&
        !elsewhere &&
        (ticket.ladder === null ? ticket.status === 'queued' : ticket.ladder.stoppedAt === null)
      );
    case 'severity_changed':
      return open && ticket.severity === body.to;
    case 'ask_consent':
      return ticket.status === 'pending' && ticket.consentBy === body.by;
    case 'restored':
      return ticket.status === 'restored';
    case 'resolved':
      return ticket.status === 'resolved' || (ticket.status === 'closed' && to.to !== 'origin');
    case 'solved_or_not':
    case 'close_reminder':
      return ticket.status === 'resolved';
    case 'closed':
      return ticket.status === 'closed';
    case 'reopened':
    case 'handover_returned':
    case 'war_room_opened':
    case 'war_room_failed':
      return unsolved;
    case 'authorize_request':
    case 'uncovered':
    case 'authorized':
    case 'entitlement_gap':
    case 'children_open':
    case 'children_done':
    case 'call_back':
      return serviceMatters(body, ticket);
    case 'carry':
      // Marked internal before it went out.
      return !ticket.internal.some((key) => sameMessage(key, body.key));
    case 'card':
    case 'open_room':
    case 'acknowledged':
    case 'rejected':
    case 'cancelled':
    case 'carry_edit':
    case 'carry_delete':
    case 'comment':
      return true;
  }
};
