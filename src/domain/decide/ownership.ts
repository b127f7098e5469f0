import type { PublicCommand } from '../commands.ts';
import { calledPerson, dutyOf, personRef } from '../escalation.ts';
import { MINUTE } from '../instant.ts';
import { sameMessage } from '../ticket.ts';
import type { Claim, ClockPoint, ClockTarget, MessageKey, PersonRef } from '../ticket.ts';
import { skippedBetween } from '../tiers.ts';
import type { Tier } from '../words.ts';
import { currentSlaTargets, ladderStart, placement, share } from './intake.ts';
import type { Story } from './story.ts';

type Of<T extends PublicCommand['type']> = Extract<PublicCommand, { type: T }>;

/** How long the removal of the winning reaction still releases the ticket. */
export const UNCLAIM_WINDOW_MS = 5 * MINUTE;

export function claim(story: Story, command: Of<'claim'>): void {
  const assignee = { id: story.actor.id, name: story.actor.name };
  const won: Claim = { at: story.at, via: command.via ?? null };
  story.tell({ type: 'claimed', assignee, claim: won, targets: updateTarget(story) });
}

/** The update clock starts with the owner; a ticket that had one before gets another, so that the old rounds stay as they were. */
function updateTarget(story: Story): readonly ClockTarget[] {
  const before = story.ticket.clocks.filter((clock) => clock.metric === 'update').length;
  return currentSlaTargets(story, story.ticket.severity, story.at)
    .filter((target) => target.metric === 'update')
    .map((target) => ({ ...target, id: before === 0 ? 'update' : `update#${before + 1}` }));
}

export function unclaim(story: Story, via: MessageKey & { readonly emoji: string }): void {
  const { ticket, at } = story;
  if (ticket.status !== 'in_progress' || ticket.claim.via === null) return;
  if (ticket.assignee.id !== story.actor.id) return;
  if (!sameMessage(ticket.claim.via, via) || ticket.claim.via.emoji !== via.emoji) return;
  if (at - ticket.claim.at > UNCLAIM_WINDOW_MS) return;
  release(story, null, true);
}

export function assign(story: Story, command: Of<'assign'>): void {
  const { ticket } = story;
  const { id, name, teams } = command.to;
  const from = 'assignee' in ticket ? ticket.assignee : null;
  mustServe(story, command.to);
  if (from === null) {
    story.tell({ type: 'assigned', assignee: { id, name }, targets: updateTarget(story) });
    return;
  }
  handOver(story, from, { id, name, teams }, null);
}

/** One owner, and one who can be found: somebody of the configuration, not the customer, and not whoever has it already. */
function mustServe(story: Story, to: PersonRef): void {
  const { ticket, world } = story;
  const roles = world.policy.people.get(to.id)?.roles ?? [];
  if (roles.every((role) => role === 'requester'))
    story.invalid('to', 'somebody of the configuration who works on tickets');
  if ('assignee' in ticket && ticket.assignee.id === to.id) story.invalid('to', 'somebody else than the owner');
}

export function transfer(story: Story, command: Of<'transfer'>): void {
  const from = 'assignee' in story.ticket ? story.ticket.assignee : null;
  const note = command.note ?? null;
  if ('person' in command.to) {
    mustServe(story, command.to.person);
    handOver(story, from, command.to.person, note);
    return;
  }
  const { team } = command.to;
  const placed = placement(story, team);
  story.tell({
    type: 'transferred',
    from,
    to: null,
    team,
    tier: placed.tier,
    offDuty: false,
    note,
    targets: [...placed.claim, ...(placed.tier === story.ticket.tier ? [] : placed.tierTargets)],
    duty: calledPerson(team, story.world, story.at),
    ladder: ladderStart(team, story.ticket.severity, story.world.policy),
    ...passedOver(story.ticket.tier, placed.tier),
  });
  share(story, team, null);
}

const passedOver = (from: Tier | null, to: Tier): { readonly skipped?: readonly Tier[] } => {
  const skipped = skippedBetween(from, to);
  return skipped.length === 0 ? {} : { skipped };
};

/** To a person: at once his, with a brief; he may return it. Off duty is said, but obeyed. */
function handOver(
  story: Story,
  from: PersonRef | null,
  to: PersonRef & { readonly teams: readonly string[] },
  note: string | null,
): void {
  const { ticket, world, at } = story;
  const team = ticket.team !== null && to.teams.includes(ticket.team) ? ticket.team : (to.teams[0] ?? ticket.team);
  if (team === null) return story.invalid('to', 'a person of a team');
  const placed = placement(story, team);
  const rotated = world.policy.teams.get(team)?.rotation != null;
  story.tell({
    type: 'transferred',
    from,
    to: { id: to.id, name: to.name },
    team,
    tier: placed.tier,
    offDuty: rotated && dutyOf(team, world, at).person !== to.id,
    note,
    targets: placed.tier === ticket.tier ? [] : placed.tierTargets,
    duty: null,
    ladder: null,
    ...passedOver(ticket.tier, placed.tier),
  });
}

export function acceptHandover(story: Story, command: Of<'accept_handover'>): void {
  if (story.ticket.handover === null) story.refuse('state', { code: 'no_handover' });
  const to = { id: story.actor.id, name: story.actor.name };
  story.tell({ type: 'handed_over', outcome: 'accepted', to, note: command.note ?? null });
}

/** Back to whoever gave it; to the queue where nobody owned it before. */
export function giveBack(story: Story, command: Of<'return'>): void {
  const { handover } = story.ticket;
  if (handover === null) return story.refuse('state', { code: 'no_handover' });
  const note = command.note ?? null;
  if (handover.toTeam === true && handover.fromTeam !== null && handover.fromTeam !== story.ticket.team) {
    backToTeam(story, handover.fromTeam, note);
    return;
  }
  if (handover.from === null || handover.from.id === story.actor.id) {
    release(story, note, false);
    return;
  }
  story.tell({ type: 'handed_over', outcome: 'returned', to: handover.from, note });
}

/** What a line cannot or need not do goes back into the queue it was escalated from, with the reason; the brief tells the rest. */
function backToTeam(story: Story, team: string, note: string | null): void {
  const { ticket, world, at } = story;
  const placed = placement(story, team);
  story.tell({
    type: 'transferred',
    from: 'assignee' in ticket ? ticket.assignee : null,
    to: null,
    team,
    tier: placed.tier,
    offDuty: false,
    note,
    returned: true,
    targets: [...placed.claim, ...(placed.tier === ticket.tier ? [] : placed.tierTargets)],
    duty: calledPerson(team, world, at),
    ladder: ladderStart(team, ticket.severity, world.policy),
  });
  share(story, team, null);
}

/**
 * Warned, and silent still: back into the queue, with a call to the one on duty. Is that the silent owner himself, the lead is called: whoever has forgotten it
 * once must not be the only one who hears of it.
 */
export function releaseSilent(story: Story): void {
  const { ticket, world, at } = story;
  if (!('assignee' in ticket) || ticket.team === null) return;
  const duty = calledPerson(ticket.team, world, at);
  const lead = world.policy.teams.get(ticket.team)?.lead ?? null;
  const call = duty?.id === ticket.assignee.id && lead !== null ? personRef(lead, world.policy) : duty;
  release(story, null, false, { because: 'silent', call });
}

export function release(
  story: Story,
  note: string | null,
  undo: boolean,
  silent?: { readonly because: 'silent'; readonly call: PersonRef | null },
): void {
  const { ticket, world, at } = story;
  if (!('assignee' in ticket) || ticket.team === null) return;
  const placed = placement(story, ticket.team);
  story.tell({
    type: 'released',
    from: ticket.assignee,
    undo,
    note,
    ...(silent === undefined ? {} : { because: silent.because }),
    duty: silent === undefined ? calledPerson(ticket.team, world, at) : silent.call,
    targets: placed.claim,
    ladder: ladderStart(ticket.team, ticket.severity, world.policy),
  });
}

/** @param because the point of a clock that did it; it is the program's then. */
export function escalateTier(story: Story, command: Of<'escalate'>, because?: ClockPoint): void {
  const { ticket, world, at } = story;
  if (ticket.team === null) return;
  const team = command.to ?? world.policy.teams.get(ticket.team)?.escalatesTo;
  if (team == null) return story.refuse('state', { code: 'no_next_tier', team: ticket.team });
  if (team === ticket.team) story.invalid('to', 'another team than the one that has it');
  const placed = placement(story, team);
  story.tell({
    type: 'escalated',
    kind: 'functional',
    ...(because === undefined ? {} : { because }),
    fromTeam: ticket.team,
    team,
    tier: placed.tier,
    note: command.note ?? null,
    duty: calledPerson(team, world, at),
    targets: [...placed.claim, ...(placed.tier === ticket.tier ? [] : placed.tierTargets)],
    ladder: ladderStart(team, ticket.severity, world.policy),
    ...passedOver(ticket.tier, placed.tier),
  });
  share(story, team, null);
}
