import type { Actor, PublicCommandType } from '../../domain/commands.ts';
import { Refusal } from '../../domain/errors.ts';
import { mayNot } from '../../domain/permissions.ts';
import { assigneeOf, type Ticket } from '../../domain/ticket.ts';
import { FROM, possible } from '../../domain/transitions.ts';
import type { FormName } from '../actions.ts';

const COMMAND: Readonly<Record<Exclude<FormName, 'new' | 'transfer'>, PublicCommandType>> = {
  intake: 'set',
  resolve: 'resolve',
  pend: 'pend',
  set_severity: 'set_severity',
  return: 'return',
  progress: 'comment',
  reject: 'reject',
  authorize: 'authorize',
  rate: 'rate',
};

/** Why a form is not worth filling in: nobody shall type a solution to be told afterwards that it is not his to give. Null: open it. */
export const formRefusal = (form: FormName, ticket: Ticket, actor: Actor): Refusal | null => {
  const type =
    form === 'new' ? null : form === 'transfer' ? (assigneeOf(ticket) === null ? 'assign' : 'transfer') : COMMAND[form];
  if (type === null) return null;
  if (!FROM[type].includes(ticket.status))
    return new Refusal(
      'state',
      { code: 'not_now', status: ticket.status },
      possible(ticket),
      `${form} is not possible now`,
    );
  const needs = mayNot(type, ticket, actor);
  return needs === null
    ? null
    : new Refusal('role', { code: 'not_yours', needs }, possible(ticket), `${form} is for others`);
};
