import { isRunning, openPoints } from '../clocks.ts';
import type { DuePoint } from '../clocks.ts';
import { isWithheld } from '../entitlement.ts';
import { calledBackBy, isReachable, ladderOf, whoIs, whomName } from '../escalation.ts';
import type { TierEscalation, Told } from '../events.ts';
import type { PointRule, Whom } from '../policy.ts';
import { callBackTimer, closeTimer, consentTimer, ladderTimer, pendTimer, silentTimer } from '../timers.ts';
import { isPossible } from '../transitions.ts';
import { openWarRoomAt } from './war-room.ts';
import { escalateTier, releaseSilent } from './ownership.ts';
import { agree } from './pausing.ts';
import { isOpenCallBack } from '../ticket.ts';
import { close } from './closing.ts';
import type { Story } from './story.ts';

/**
 * A timer rang. Is it really due? Paused, claimed or moved meanwhile: nothing happens, and the timers are planned anew. What passed while no process
 * ran is said once, the highest of it, with how late it is.
 */
export function timerDue(story: Story, clock: string): void {
  switch (clock) {
    case 'ladder':
      climb(story);
      return;
    case 'pend':
      if (isDue(story, pendTimer(story.ticket))) story.tell({ type: 'resumed', because: 'until' });
      return;
    case 'consent':
      if (isDue(story, consentTimer(story.ticket))) agree(story, 'silence');
      return;
    case 'silent':
      if (isDue(story, silentTimer(story.ticket, story.world.policy))) releaseSilent(story);
      return;
    case 'close':
      closeOrRemind(story);
      return;
    case 'call_back':
      if (isDue(story, callBackTimer(story.ticket, story.world.policy))) remindOfCallBack(story);
      return;
    default:
      reachPoint(story, clock);
  }
}

const isDue = (story: Story, timer: { readonly dueAt: number } | null): boolean =>
  timer !== null && timer.dueAt <= story.at;

function closeOrRemind(story: Story): void {
  const timer = closeTimer(story.ticket, story.world.policy);
  if (timer === null || timer.dueAt > story.at) return;
  if (timer.point === 'auto_close') {
    close(story, 'auto', null);
    return;
  }
  story.tell({
    type: 'reminded',
    what: 'close',
    step: 0,
    told: [{ whom: 'requester', person: story.ticket.requester, how: ['mention'] }],
    unreachable: [],
  });
}

function remindOfCallBack(story: Story): void {
  const person = calledBackBy(story.ticket, story.world, story.at);
  const step = story.ticket.tasks?.find(isOpenCallBack)?.reminded?.times ?? 0;
  const told = person === null ? [] : [{ whom: { person: person.id }, person, how: ['direct' as const] }];
  story.tell({ type: 'reminded', what: 'call_back', step, told, unreachable: [] });
}

function reachPoint(story: Story, clockId: string): void {
  const { ticket, world, at } = story;
  const clock = ticket.clocks.find((candidate) => candidate.id === clockId);
  if (clock === undefined || !isRunning(clock)) return;
  const due = openPoints(clock, world.policy).filter((point) => point.dueAt <= at);
  // Not the latest: the repetition of a lower point may have come due after it.
  const highest = due.reduce<DuePoint | undefined>(
    (top, point) => (top === undefined || point.needMs >= top.needMs ? point : top),
    undefined,
  );
  if (highest === undefined) return;

  const { rule } = highest;
  // A point that was outdone while no process ran is not said any more, but what it was to do is done.
  const asking = (what: PointRule['escalate']): PointRule | undefined =>
    due.findLast((point) => point.occurrence === 0 && point.rule.escalate === what)?.rule;
  const up = asking('tier');
  const tier = up === undefined ? null : nextTier(story);
  story.tell({
    type: 'point_reached',
    clock: clockId,
    point: rule.id,
    occurrence: highest.occurrence,
    dueAt: highest.dueAt,
    lateMs: at - highest.dueAt,
    skipped: due.filter((point) => point !== highest && point.occurrence === 0).map((point) => point.rule.id),
    remind: told(story, rule.remind, 'mention'),
    ping: told(story, rule.ping, 'direct'),
    buzz: told(story, rule.buzz, 'buzz'),
    ...(tier === null ? {} : { escalates: tier }),
  });
  const over = due.find((point) => isBreach(point));
  if (over !== undefined && clock.breachedAt === null) {
    story.tell({ type: 'breached', clock: clockId, dueAt: over.dueAt });
  }
  if (up !== undefined && tier?.to != null) {
    escalateTier(story, { type: 'escalate', to: tier.to }, { clock: clockId, point: up.id });
  }
  const climbs = asking('ladder') ?? (tier?.to === null ? up : undefined);
  const room = due.findLast((point) => point.occurrence === 0 && point.rule.warRoom)?.rule;
  if (room !== undefined) openWarRoomAt(story, { clock: clockId, point: room.id });
  if (climbs !== undefined) startLadder(story, `${clockId} ${climbs.id}`);
}

/** What `escalate: tier` does to the ticket as it stands; null: nothing, since nobody could escalate it now (not begun, solved, or waiting for a contract). */
function nextTier({ ticket, world: { policy } }: Story): TierEscalation | null {
  if (ticket.team === null || !isPossible('escalate', ticket) || isWithheld('escalate', ticket)) return null;
  const to = policy.teams.get(ticket.team)?.escalatesTo ?? null;
  return to === null ? { to, ladder: ladderOf(ticket.team, ticket.severity, policy)?.id ?? null } : { to };
}

const isBreach = ({ rule, occurrence }: DuePoint): boolean =>
  occurrence === 0 && 'percent' in rule.at && rule.at.percent >= 100;

/** Everybody once, however many roles he fills. */
function told(story: Story, whom: readonly Whom[], how: Told['how'][number]): readonly Told[] {
  const seen = new Set<string>();
  return whom.flatMap((one) => {
    const person = whoIs(one, story.ticket, story.world, story.at);
    if (person !== null && seen.has(person.id)) return [];
    if (person !== null) seen.add(person.id);
    return [{ whom: one, person, how: [how] }];
  });
}

function startLadder(story: Story, because: string): void {
  const { ticket, world } = story;
  const ladder = ticket.team === null ? null : ladderOf(ticket.team, ticket.severity, world.policy);
  if (ladder === null || ladderTimer(ticket) !== null) return;
  story.tell({ type: 'escalated', kind: 'management', because, ladder: { ...ladder, next: 0 } });
}

/** Told after the step was recorded: the message arrived nowhere, or woke nobody. A ladder that has stopped or gone on since needs nothing. */
export function unreached(
  story: Story,
  tried: { readonly step: number; readonly run: number; readonly name: string },
): void {
  const { ladder } = story.ticket;
  if (ladder === null || ladder.stoppedAt !== null || ladder.run !== tried.run || ladder.next !== tried.step + 1)
    return;
  if (ladder.next < ladder.steps.length) climbFrom(story, ladder, ladder.next, [tried.name]);
}

/** One step; whoever cannot be reached on any platform is passed over at once, and that is said. */
function climb(story: Story): void {
  const { ticket, at } = story;
  const { ladder } = ticket;
  if (ladder === null || !isDue(story, ladderTimer(ticket))) return;

  let step = ladder.next;
  // After a time without a process several steps may be due: the highest one speaks.
  while (step + 1 < ladder.steps.length && ladder.startedAt + (ladder.steps[step + 1]?.afterMs ?? 0) <= at) step++;
  climbFrom(story, ladder, step, []);
}

function climbFrom(story: Story, ladder: RunningLadder, first: number, unreachable: string[]): void {
  const { ticket, at, world } = story;
  for (let step = first; step < ladder.steps.length; step++) {
    const { whom, how } = ladder.steps[step] ?? { whom: 'duty' as const, how: [] };
    const person = whoIs(whom, ticket, world, at);
    // A manager is also met in the escalation chats.
    const met = (person !== null && isReachable(person, world)) || (whom === 'manager' && hasEscalationChat(story));
    if (met) {
      story.tell({ type: 'reminded', what: 'ladder', step, told: [{ whom, person, how }], unreachable });
      return;
    }
    unreachable.push(person?.name ?? whomName(whom));
  }
  story.tell({ type: 'reminded', what: 'ladder', step: ladder.steps.length - 1, told: [], unreachable });
}

type RunningLadder = NonNullable<Story['ticket']['ladder']>;

const hasEscalationChat = ({ world }: Story): boolean =>
  world.policy.chats.some((chat) => chat.role === 'escalation' && world.platforms.has(chat.platform));
