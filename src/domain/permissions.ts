import type { Actor, PublicCommandType } from './commands.ts';
import type { RefusalReason } from './errors.ts';
import { assigneeOf } from './ticket.ts';
import type { Ticket } from './ticket.ts';

type Needs = Extract<RefusalReason, { code: 'not_yours' }>['needs'];
type Rule = (ticket: Ticket, actor: Actor) => boolean;

const has = (actor: Actor, ...roles: readonly Actor['roles'][number][]): boolean =>
  roles.some((role) => actor.roles.includes(role));

/** `manager` and `admin` may what a lead may. A lead leads the teams he is in; a draft has no team yet, so any lead may. */
export const isLead: Rule = (ticket, actor) =>
  has(actor, 'manager', 'admin') || (has(actor, 'lead') && (ticket.team === null || actor.teams.includes(ticket.team)));
const isStaff: Rule = (_ticket, actor) => has(actor, 'engineer', 'lead', 'manager', 'admin');
export const isAssignee: Rule = (ticket, actor) => assigneeOf(ticket)?.id === actor.id;
const isInTeam: Rule = (ticket, actor) =>
  has(actor, 'engineer', 'lead') && (ticket.team === null || actor.teams.includes(ticket.team));

/** Who raised it, and everybody of the customer's side who speaks for its project. */
export const isRequesterSide: Rule = (ticket, actor) =>
  ticket.requester.id === actor.id ||
  (actor.side === 'customer' && ticket.project !== null && actor.projects.includes(ticket.project));

/** Whoever a ladder or a ping has reached. Managers read the escalation chats, where no single person is named. */
const isReached: Rule = (ticket, actor) =>
  has(actor, 'manager', 'admin') || (ticket.ladder?.reached.includes(actor.id) ?? false);
/** The project's manager decides on it, also where the file gives him no role. */
const isAsked: Rule = (ticket, actor) => ticket.authorizer !== undefined && ticket.authorizer === actor.id;
/** The bot offers to register as it is once it has asked in the thread. */
const isOffered: Rule = (ticket, actor) => isRequesterSide(ticket, actor) && ticket.asked.length > 0;

const either =
  (...rules: readonly Rule[]): Rule =>
  (ticket, actor) =>
    rules.some((rule) => rule(ticket, actor));

/** Who may: the second half of the contract's table. */
const WHO: Readonly<Record<PublicCommandType, { readonly may: Rule; readonly needs: Needs }>> = {
  set: { may: either(isRequesterSide, isStaff), needs: 'requester' },
  register: { may: either(isStaff, isOffered), needs: 'staff' },
  authorize: { may: either(isLead, isAsked), needs: 'lead' },
  reject: { may: either(isLead, isAsked), needs: 'lead' },
  claim: { may: either(isInTeam, isLead), needs: 'team' },
  assign: { may: isLead, needs: 'lead' },
  transfer: { may: either(isAssignee, isLead), needs: 'assignee' },
  accept_handover: { may: isAssignee, needs: 'assignee' },
  return: { may: isAssignee, needs: 'assignee' },
  release: { may: either(isAssignee, isLead), needs: 'assignee' },
  pend: { may: either(isAssignee, isLead), needs: 'assignee' },
  consent: { may: isRequesterSide, needs: 'requester' },
  resume: { may: either(isAssignee, isLead, isRequesterSide), needs: 'assignee' },
  escalate: { may: either(isAssignee, isLead), needs: 'assignee' },
  war_room: { may: either(isAssignee, isLead), needs: 'assignee' },
  // A lead may stop what climbs over his team before it has reached him.
  acknowledge: { may: either(isReached, isLead), needs: 'reached' },
  set_severity: { may: isStaff, needs: 'staff' },
  restore: { may: either(isAssignee, isLead), needs: 'assignee' },
  resolve: { may: either(isAssignee, isLead), needs: 'assignee' },
  confirm: { may: isRequesterSide, needs: 'requester' },
  reopen: { may: either(isRequesterSide, isStaff), needs: 'requester' },
  close: { may: isLead, needs: 'lead' },
  cancel: { may: isRequesterSide, needs: 'requester' },
  comment: { may: either(isRequesterSide, isStaff), needs: 'staff' },
  note: { may: isStaff, needs: 'staff' },
  evidence: { may: either(isRequesterSide, isStaff), needs: 'staff' },
  internal: { may: isStaff, needs: 'staff' },
  link: { may: isStaff, needs: 'staff' },
  rate: { may: isRequesterSide, needs: 'requester' },
  checkpoint: { may: isStaff, needs: 'staff' },
};

/** Null: he may. Otherwise what he would have to be. */
export function mayNot(type: PublicCommandType, ticket: Ticket, actor: Actor): Needs | null {
  if (actor.side === 'system') return null;
  const { may, needs } = WHO[type];
  return may(ticket, actor) ? null : needs;
}
