import { isRunning } from '../clocks.ts';
import { slaPolicyOf } from '../sla.ts';
import type { Clock, ClockTarget } from '../ticket.ts';
import { retargeted } from './intake.ts';
import type { Story } from './story.ts';

/**
 * The configuration changed: the clocks that run are turned to what is promised now, with all that has elapsed and paused. Told only where it is
 * something else than before. A ticket that was promised nothing is promised nothing now.
 */
export function replan(story: Story): void {
  const { ticket, world } = story;
  if (ticket.entitlement === null || !ticket.clocks.some(isRunning)) return;
  const promised = ticket.clocks.some((clock) => clock.kind === 'SLA');
  const targets = retargeted(story, ticket, ticket.severity).filter(({ kind }) => promised || kind !== 'SLA');
  // No promise at all is left: what was promised once is kept.
  if (promised && !targets.some(({ kind }) => kind === 'SLA')) return;
  const gone = ticket.clocks.some((clock) => isRunning(clock) && !targets.some(({ id }) => id === clock.id));
  if (targets.length === 0 || (!gone && targets.every((target) => isSame(target, ticket.clocks)))) return;

  const contract = world.policy.contracts.find((candidate) => candidate.id === ticket.contract) ?? null;
  const chosen = slaPolicyOf(ticket, contract, world.policy);
  story.tell({
    type: 'entitled',
    outcome: ticket.entitlement,
    contract: ticket.contract,
    why: chosen === null ? 'no SLA policy: no promise is made' : `${chosen.source}: policy ${chosen.policy.id}`,
    targets,
    because: 'configuration',
  });
}

/** A clock that has stopped was measured already. Where the policy came from may be told in other words: that alone is no change. */
const isSame = (target: ClockTarget, clocks: readonly Clock[]): boolean => {
  const clock = clocks.find(({ id }) => id === target.id);
  if (clock === undefined) return false;
  if (clock.stoppedAt !== null) return true;
  const { targetMs, calendar, policy } = clock;
  return isRunning(clock) && targetMs === target.targetMs && calendar === target.calendar && policy === target.policy;
};
