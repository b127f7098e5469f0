import { openChildren } from './decide/child.ts';
import { isEmergency } from './entitlement.ts';
import { calledBackBy, isReachable, whoIs } from './escalation.ts';
import type { EventOf } from './events.ts';
import type { InWork, Notice, NoticeBody, Told1 } from './notices.ts';
import { assigneeOf } from './ticket.ts';
import type { Ticket } from './ticket.ts';
import { ticketId } from './words.ts';
import type { World } from './world.ts';

/** Nothing of the contract stays unsaid: whoever decides is asked, whoever asked for help is told. */
export function entitledNotices(
  event: EventOf<'entitled'>,
  after: Ticket,
  world: World,
  work: Notice['to'] | null,
): readonly Told1[] {
  const gap = event.gap ?? null;
  const lead = whoIs('lead', after, world, event.at);
  switch (event.outcome) {
    case 'waiting': {
      const emergency = isEmergency(after);
      const asked = event.asked ?? null;
      const body: NoticeBody = { type: 'authorize_request', asked, gap, emergency };
      // Whom no platform reaches is asked in the work thread, where the card has the buttons.
      const direct: Notice['to'] | null =
        asked !== null && isReachable(asked, world) ? { to: 'person', person: asked.id } : work;
      return [
        ...(direct === null ? [] : [{ to: direct, body }]),
        { to: { to: 'origin' }, body: { type: 'uncovered', asked, emergency } },
      ];
    }
    case 'warned':
    case 'no_data':
      return after.parent !== undefined || work === null
        ? []
        : [{ to: work, body: { type: 'entitlement_gap', lead, gap, promised: event.outcome === 'warned' } }];
    case 'open':
    case 'entitled':
    case 'authorized':
      return [];
  }
}

export const stillOpen = (after: Ticket, inWork: InWork): readonly Told1[] => {
  const children = openChildren(after);
  return children.length === 0 ? [] : inWork({ type: 'children_open', owner: assigneeOf(after), children });
};

export function childNotices(
  event: Extract<EventOf<'linked'>, { readonly to: number }>,
  before: Ticket | null,
  after: Ticket,
  inWork: InWork,
): readonly Told1[] {
  if (event.as !== 'child' || before === null || openChildren(before).length === 0 || openChildren(after).length > 0)
    return [];
  return inWork({ type: 'children_done', owner: assigneeOf(after), child: ticketId(event.to) });
}

/** To whom it is, or the team where nobody is there for it. */
export function callBack(
  after: Ticket,
  world: World,
  at: number,
  work: Notice['to'] | null,
  again = false,
): readonly Told1[] {
  const who = calledBackBy(after, world, at);
  const body: NoticeBody = {
    type: 'call_back',
    who,
    requester: after.requester,
    ...(again ? { again: true as const } : {}),
  };
  if (who !== null) return [{ to: { to: 'person', person: who.id }, body }];
  return work === null ? [] : [{ to: work, body }];
}
