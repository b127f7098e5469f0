import type { CallBackRules } from '../policy.ts';
import type { Ticket } from '../ticket.ts';
import { openTask } from './entitle.ts';
import type { Story } from './story.ts';

/** The loop is closed; of some tickets somebody calls the customer and asks how it went (回访). */
export function close(story: Story, by: 'confirm' | 'lead' | 'auto', note: string | null): void {
  story.tell({ type: 'closed', by, note });
  const rules = story.world.policy.close.callBack;
  if (rules !== null && callsBack(story.ticket, rules)) openTask(story, 'call_back');
}

/**
 * By rule or by sample. The sample is drawn by the ticket's number: the same ticket gives the same answer in every process and after every restart, and
 * nobody can choose which of his tickets is looked at. A child is the service side's own.
 */
export function callsBack(ticket: Ticket, { sample, when }: CallBackRules): boolean {
  if (ticket.parent !== undefined) return false;
  return (when !== null && fits(ticket, when)) || draw(ticket.number) < sample;
}

function fits(ticket: Ticket, when: NonNullable<CallBackRules['when']>): boolean {
  const has = (wanted: readonly string[] | undefined, value: string | null | undefined): boolean =>
    wanted === undefined || (value != null && wanted.includes(value));
  return (
    has(when.severity, ticket.severity) &&
    has(when.kind, ticket.kind) &&
    has(when.customer, ticket.customer) &&
    has(when.project, ticket.project) &&
    has(when.product, ticket.fields.product)
  );
}

/** 0 ≤ n < 100, evenly spread over neighbouring numbers (multiplication by 2^32 / φ). */
const draw = (number: number): number => ((Math.imul(number, 0x9e3779b1) >>> 0) / 2 ** 32) * 100;
