/** The steps that several events share in `evolve`: each gives a new ticket, or a new part of one. */
import { become } from './common.ts';
import { cancel, restart, stop, unpause, withTargets } from './clock-changes.ts';
import type { EventOf, LadderStart } from './events.ts';
import { isThanks } from './thanks.ts';
import { isOpenCallBack, sameMessage } from './ticket.ts';
import type {
  Claim,
  Clock,
  ClockTarget,
  LadderRun,
  MessageKey,
  Owned,
  PersonRef,
  Solution,
  Ticket,
  TicketCommon,
  TicketLink,
} from './ticket.ts';
import type { Tier } from './words.ts';

const NOBODY: PersonRef = { id: 'itr', name: 'itr' };

type WithProgress = Ticket & { readonly lastProgress: NonNullable<Ticket['lastProgress']> };

export const isProgress = (ticket: Ticket, key: MessageKey): ticket is WithProgress =>
  ticket.lastProgress !== null && sameMessage(ticket.lastProgress.key, key);

/** What was taken back or marked internal is no progress that the requester's card may quote. */
export const withdrawn = (ticket: Ticket, key: MessageKey): Ticket =>
  isProgress(ticket, key) ? { ...ticket, lastProgress: null } : ticket;

export function said(ticket: Ticket, event: EventOf<'message'>): Ticket {
  // What the service side says to the customer is the first response, and after it progress.
  const toCustomer = event.side === 'service' && !event.internal;
  if (!toCustomer) return isReply(ticket, event) ? { ...ticket, repliedAt: event.at, reminded: false } : ticket;
  const progressed: Ticket = {
    ...ticket,
    lastProgress: { at: event.saidAt, text: event.text, key: event.key },
    clocks: restart(ticket.clocks, 'update', event.saidAt),
  };
  if (event.role !== 'origin' || event.isResponse === false || ticket.respondedAt !== null) return progressed;
  return { ...progressed, respondedAt: event.saidAt, clocks: responded(progressed.clocks, event.saidAt) };
}

/** He is asked whether it is solved, and has as long to answer as he had at the solution. */
const isReply = (ticket: Ticket, event: EventOf<'message'>): ticket is Extract<Ticket, { status: 'resolved' }> =>
  ticket.status === 'resolved' && event.side === 'customer' && event.role === 'origin' && !isThanks(event.text);

/** The response clock may start after the response was given: an engineer answered before anybody made a ticket of it. */
export const responded = (clocks: readonly Clock[], at: number | null): readonly Clock[] =>
  at === null
    ? clocks
    : clocks.map((clock) =>
        clock.metric === 'response' && clock.stoppedAt === null
          ? { ...clock, stoppedAt: Math.max(at, clock.startedAt) }
          : clock,
      );

export function queued(ticket: Ticket, at: number): Ticket {
  return become(ticket, 'queued', { queuedAt: at }, { clocks: unownedSince(ticket.clocks, at) });
}

/** Nobody owes progress now; whoever claims it next starts a round of his own. */
export const unownedSince = (clocks: readonly Clock[], at: number): readonly Clock[] =>
  stop(unpause(clocks, at), ['update'], at);

/** @param answers whether a person took it: that is the first response, a share-out by the program is none. */
export function owned(
  ticket: Ticket,
  assignee: PersonRef,
  claim: Claim,
  targets: readonly ClockTarget[],
  at: number,
  answers = true,
): Ticket {
  const respondedAt = ticket.respondedAt ?? (answers ? at : null);
  const clocks = stop(unpause(ticket.clocks, at), ['claim'], at);
  return become(
    ticket,
    'in_progress',
    { assignee, claim },
    {
      respondedAt,
      clocks: withTargets(responded(clocks, respondedAt), targets),
      ladder: stopLadder(ticket.ladder, at),
    },
  );
}

/** Another tier has another tier clock; the claim clock of the old team ends with it in any case. */
export function enterTier(
  clocks: readonly Clock[],
  otherTier: boolean,
  targets: readonly ClockTarget[],
  at: number,
): readonly Clock[] {
  const left = stop(unpause(clocks, at), otherTier ? ['claim', 'tier'] : ['claim'], at);
  return withTargets(left, targets);
}

/** A child is shown as it stands now: what is told of it again takes the place of what was told before. */
export function linked(
  links: readonly TicketLink[],
  { to, as, state }: Extract<EventOf<'linked'>, { readonly to: number }>,
): readonly TicketLink[] {
  const link: TicketLink = { to, as, ...(state === undefined ? {} : { state }) };
  const known = links.some((one) => one.to === to && one.as === as);
  return known ? links.map((one) => (one.to === to && one.as === as ? link : one)) : [...links, link];
}

export const withCallBackReminded = (ticket: Ticket, at: number): Ticket => ({
  ...ticket,
  tasks: (ticket.tasks ?? []).map((task) =>
    isOpenCallBack(task) ? { ...task, reminded: { times: (task.reminded?.times ?? 0) + 1, at } } : task,
  ),
});

export const withShare = (ticket: Ticket, { how, assignee }: EventOf<'assigned'>): Ticket =>
  how === undefined || ticket.team === null ? ticket : { ...ticket, shared: { how, to: assignee, team: ticket.team } };

export function withTask(ticket: Ticket, { activity, task, at, actor }: EventOf<'checkpoint'>): Ticket {
  if (task === undefined || (activity !== 'entitle' && activity !== 'call_back')) return ticket;
  const tasks = ticket.tasks ?? [];
  if (task === 'open') return { ...ticket, tasks: [...tasks, { activity, since: at, doneAt: null, doneBy: null }] };
  const done = tasks.map((one) =>
    one.activity === activity && one.doneAt === null ? { ...one, doneAt: at, doneBy: actor } : one,
  );
  return { ...ticket, tasks: done };
}

export function withWarRoom(ticket: Ticket, event: EventOf<'war_room'>): Ticket {
  const { warRoom } = ticket;
  if (event.what === 'asked') {
    const { platform, name, at: since } = event;
    return { ...ticket, warRoom: { name, since, ...warRoom, platform, state: 'asked' } };
  }
  return warRoom === undefined
    ? ticket
    : { ...ticket, warRoom: { ...warRoom, state: event.what === 'opened' ? 'open' : 'failed' } };
}

/** Of a point that is said every hour the first time and the last count; a ticket left alone for a month must not drag hundreds along. */
export const firstTimes = ({ reached }: Clock, point: string): Clock['reached'] =>
  reached.filter((one) => one.point !== point || one.occurrence === 0);

export const skipping = (
  ticket: Ticket,
  event: { readonly tier: Tier; readonly skipped?: readonly Tier[] },
  at: number,
): Ticket =>
  event.skipped === undefined || ticket.tier === null
    ? ticket
    : { ...ticket, skippedTiers: [...(ticket.skippedTiers ?? []), { at, from: ticket.tier, to: event.tier }] };

export const handoverOf = (ticket: Ticket, from: PersonRef | null, at: number): NonNullable<Ticket['handover']> => ({
  from,
  fromTeam: ticket.team,
  at,
});

export const ownerOf = (ticket: Ticket, at: number): Owned =>
  'assignee' in ticket
    ? { assignee: ticket.assignee, claim: ticket.claim }
    : { assignee: NOBODY, claim: { at, via: null } };

export const solutionOf = (ticket: Ticket, at: number): Solution =>
  'solution' in ticket
    ? {
        solution: ticket.solution,
        cause: ticket.cause,
        closure: ticket.closure,
        resolvedAt: ticket.resolvedAt,
        resolvedBy: ticket.resolvedBy,
      }
    : { solution: '', cause: 'unknown', closure: 'solved', resolvedAt: at, resolvedBy: NOBODY };

export const ended = (ticket: Ticket, at: number): Pick<TicketCommon, 'clocks' | 'ladder'> => ({
  clocks: cancel(ticket.clocks, () => true, at),
  ladder: stopLadder(ticket.ladder, at),
});

/** @param called whom the work card mentions: the first step, which it does, has reached him. */
export function startLadder(
  before: LadderRun | null,
  ladder: LadderStart | null,
  at: number,
  called: PersonRef | null = null,
): LadderRun | null {
  if (ladder === null) return stopLadder(before, at);
  const reached = [...(before?.reached ?? []), ...(ladder.next > 0 && called !== null ? [called.id] : [])];
  return {
    ladder: ladder.id,
    steps: ladder.steps,
    startedAt: at,
    next: ladder.next,
    run: (before?.run ?? 0) + 1,
    stoppedAt: null,
    reached: [...new Set(reached)],
  };
}

export const stopLadder = (ladder: LadderRun | null, at: number): LadderRun | null =>
  ladder === null || ladder.stoppedAt !== null ? ladder : { ...ladder, stoppedAt: at };
