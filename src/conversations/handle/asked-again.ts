import type { Tx } from '../../desk/ports.ts';
import { fieldsAsked, saidBefore } from '../../domain/open-ends.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { cut, instant } from '../texts/index.ts';
import { inboundTexts } from '../texts/inbound.ts';
import type { Place } from './answers.ts';
import { environmentName } from '../cards/parts.ts';
import { tell, wordsFor, type Turn, type Who } from './turn.ts';

/**
 * An engineer asks the customer what the ticket knows already: he is told so, privately, before the customer has to say it again. The question goes out all the
 * same, since it may mean something else.
 */
export const tellAskedAgain = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  ticket: Ticket,
  text: string,
): Promise<void> => {
  const fields = fieldsAsked(text).filter((field) => (ticket.fields[field] ?? '').trim() !== '');
  if (fields.length === 0) return;
  const timeline = await tx.timeline(ticket.number);
  const point = { now: turn.now, timezone: who.timezone };
  const known = fields.map((field) => {
    const value = ticket.fields[field] ?? '';
    const shown = field === 'environment' ? environmentName(value, wordsFor(who)) : value;
    const before = saidBefore(field, value, timeline, shown);
    return {
      field,
      value: cut(shown, 80),
      at: before === null ? null : instant(before.at, point, who.language),
      byCustomer: before?.byCustomer ?? false,
    };
  });
  await tell(tx, turn, who, ear, { text: inboundTexts(who.language).askedAgain(known) }, ticket.number);
};
