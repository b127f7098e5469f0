import { ACTIVITIES } from '../../domain/events.ts';
import type { Activity, TicketEvent } from '../../domain/events.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Stage } from '../../domain/words.ts';

export interface FlowStep {
  readonly activity: Activity;
  readonly stage: Exclude<Stage, 'end'>;
  /** When it was last done; null: not yet, or passed by. */
  readonly at: number | null;
  readonly here: boolean;
}

const STAGE: Readonly<Record<Activity, FlowStep['stage']>> = {
  register: 'acceptance',
  entitle: 'acceptance',
  dispatch: 'acceptance',
  diagnose: 'handling',
  request_information: 'handling',
  search_cases: 'handling',
  locate: 'handling',
  prepare_solution: 'handling',
  deliver_solution: 'handling',
  confirm: 'closing',
  call_back: 'closing',
  close: 'closing',
};

/** The activity an event completes. */
function completes(event: TicketEvent): Activity | null {
  switch (event.type) {
    case 'registered':
      return 'register';
    case 'entitled':
    case 'authorized':
      return 'entitle';
    case 'dispatched':
      return 'dispatch';
    case 'claimed':
    case 'assigned':
      return 'diagnose';
    case 'checkpoint':
      return event.activity;
    case 'pended':
      return event.reason === 'customer' ? 'request_information' : null;
    case 'resolved':
      return 'deliver_solution';
    case 'confirmed':
      return 'confirm';
    case 'rated':
      return 'call_back';
    case 'closed':
      return 'close';
    default:
      return null;
  }
}

/** The twelve activities of the ITR flow, which were done, and where the ticket stands. */
export function flowOf(ticket: Ticket, timeline: readonly TicketEvent[]): readonly FlowStep[] {
  const done = new Map<Activity, number>();
  for (const event of timeline) {
    if (event.type === 'reopened') {
      for (const activity of ['deliver_solution', 'confirm', 'call_back', 'close'] as const) done.delete(activity);
    }
    const activity = completes(event);
    if (activity !== null) done.set(activity, event.at);
  }
  const here = standsAt(ticket, done);
  return ACTIVITIES.map((activity) => ({
    activity,
    stage: STAGE[activity],
    at: done.get(activity) ?? null,
    here: activity === here,
  }));
}

const LATEST_FIRST = ['prepare_solution', 'locate', 'search_cases'] as const;

function standsAt(ticket: Ticket, done: ReadonlyMap<Activity, number>): Activity | null {
  switch (ticket.status) {
    case 'draft':
      return 'register';
    case 'queued':
      return 'dispatch';
    case 'in_progress':
      return LATEST_FIRST.find((activity) => done.has(activity)) ?? 'diagnose';
    case 'pending':
      return ticket.reason === 'customer' ? 'request_information' : 'diagnose';
    case 'restored':
      return 'prepare_solution';
    case 'resolved':
      return 'confirm';
    case 'closed':
      return 'close';
    case 'rejected':
    case 'cancelled':
      return null;
  }
}
