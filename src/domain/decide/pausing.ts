import { calendarOf, isRunning } from '../clocks.ts';
import type { PublicCommand } from '../commands.ts';
import { isRequesterSide } from '../permissions.ts';
import { ucTargets } from '../sla.ts';
import type { Clock } from '../ticket.ts';
import type { PendReason } from '../words.ts';
import type { Story } from './story.ts';

/** Waiting: which clocks stand still meanwhile, from when, and whose consent that takes. */

export function pend(story: Story, command: Extract<PublicCommand, { type: 'pend' }>): void {
  const { ticket, world, at } = story;
  if (command.until !== undefined && command.until <= at) story.invalid('until', 'an instant that is still to come');
  const clocks = pausable(story, command.reason);
  const asked = clocks.filter((clock) => consentAfterMs(story, clock) !== null);
  const rounds = ticket.clocks.filter((clock) => clock.metric === 'vendor').length;
  const vendor = rounds === 0 ? 'vendor' : `vendor#${rounds + 1}`;
  story.tell({
    type: 'pended',
    reason: command.reason,
    until: command.until ?? null,
    note: command.note ?? null,
    pauses: clocks.filter((clock) => !asked.includes(clock)).map((clock) => clock.id),
    consentBy: silentUntil(story, asked),
    consent: null,
    targets: command.reason === 'vendor' ? ucTargets(ticket, ticket.severity, vendor, at, world.policy) : [],
  });
}

/** From now on the clocks stand still: what ran before nobody had agreed to. Where no consent is waited for, nothing changes. */
export function agree(story: Story, consent: 'given' | 'silence'): void {
  const { ticket } = story;
  if (ticket.status !== 'pending' || ticket.consentBy === null) return;
  const waiting = pausable(story, ticket.reason).filter((clock) => !clock.pauses.some((span) => span.to === null));
  story.tell({
    type: 'pended',
    reason: ticket.reason,
    until: ticket.until,
    note: null,
    pauses: waiting.map((clock) => clock.id),
    consentBy: null,
    consent,
    targets: [],
  });
}

/** A bare yes of the requester's side is the consent it was asked for, and no answer to the question that the ticket waits with. */
export function isConsent(story: Story, text: string): boolean {
  const { ticket } = story;
  if (ticket.status !== 'pending' || (ticket.consentBy === null && !ticket.consented)) return false;
  return YES.test(text.trim()) && isRequesterSide(ticket, story.actor);
}

const YES =
  /^(?:(?:好的?|行|嗯|可以)[,，\s]*)?(?:我们?)?(?:同意|可以|好的?|行|没问题|ok(?:ay)?|yes|yep|sure|fine|(?:we |i )?agreed?|consent|👌|👍)(?:(?:先)?(?:等待|等着|挂起|暂停)|,? (?:to )?(?:wait|pause)|(?:with|by) (?:us|me))?[了吧的]?[\s。.!！~～]*$/iu;

/** Response, claim and vendor never pause. The others do for the reasons of the SLA policy; the tier's OLA follows the resolve clock. */
function pausable(story: Story, reason: PendReason): readonly Clock[] {
  return story.ticket.clocks.filter((clock) => {
    if (!isRunning(clock) || !PAUSING.has(clock.metric)) return false;
    return promiseOf(story, clock)?.pauseOn.includes(reason) ?? reason === 'customer';
  });
}

const PAUSING: ReadonlySet<Clock['metric']> = new Set(['restore', 'resolve', 'update', 'tier']);

const promiseOf = ({ ticket, world }: Story, clock: Clock) => {
  const followed = clock.metric === 'tier' ? ticket.clocks.find(({ metric }) => metric === 'resolve') : clock;
  return followed === undefined ? undefined : world.policy.slaPolicies.get(followed.policy);
};

/** Null: it pauses without anybody's consent. */
const consentAfterMs = (story: Story, clock: Clock): number | null => {
  const promise = promiseOf(story, clock);
  return promise?.pauseNeedsConsent === true ? promise.consentAfterMs : null;
};

/** One instant for all: they stand still together. Open time, since nobody can be expected to answer at night. */
function silentUntil(story: Story, clocks: readonly Clock[]): number | null {
  const clock = clocks.find(({ metric }) => metric === 'resolve') ?? clocks[0];
  const after = clock === undefined ? null : consentAfterMs(story, clock);
  if (clock === undefined || after === null) return null;
  return calendarOf(clock, story.world.policy).addOpenTime(story.at, after);
}
