import type { Tx } from '../../desk/ports.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { ticketId } from '../../domain/words.ts';
import { readAction, readActionValue, type CommandAction } from '../actions.ts';
import { maySee, showTicket, tellRefusal, tellUnknown, type Place } from './answers.ts';
import { prepareCapture } from './capture.ts';
import { formRefusal } from './gate.ts';
import { onIdentified } from './identify.ts';
import { whoIs } from './people.ts';
import { obey, parseFor, run } from './run.ts';
import { tell, wordsFor, type Act, type EventOf, type Turn, type Who } from './turn.ts';

/** Cards are pressed weeks after the release that drew them: what this one does not know is said, not thrown. */
export const onButton = async (turn: Turn, event: EventOf<'button'>): Promise<Act | null> => {
  const action = readAction(event.action);
  const value = readActionValue(event.value);
  // The door has opened the form with the click's own token, which is worth nothing any more.
  if (action?.do === 'form' && event.formOpened) return null;
  const who = await whoIs(turn, event.user, event.chat);
  if (who.isBot) return null;
  const ear: Place = { chat: event.chat, thread: event.thread, reply: event.reply };
  if (action?.do === 'capture' && event.chat !== null && event.thread !== null)
    return prepareCapture(turn, { chat: event.chat, thread: event.thread }, who, ear);
  if (action === null || value === null)
    return (tx) => tell(tx, turn, who, ear, { text: wordsFor(who).answer.formExpired });

  if (action.do === 'identify') return onIdentified(turn, event, who, ear, { yes: action.yes, person: value.extra });

  return async (tx) => {
    const ticket = value.ticket === null ? null : await tx.ticket(value.ticket);
    const here = ticket !== null && isHere(turn, event, ticket);
    if (value.ticket !== null && (ticket === null || !(here || maySee(ticket, who.actor))))
      return tell(tx, turn, who, ear, { text: wordsFor(who).answer.noSuchTicket(ticketId(value.ticket)) });
    switch (action.do) {
      case 'say':
        return said(tx, turn, who, ear, value.extra, ticket, here);
      case 'command':
        if (ticket !== null) await press(tx, turn, who, ear, action.command, ticket, here);
        return;
      case 'rate':
        if (ticket === null) return;
        if (await obey(tx, turn, who, { type: 'rate', score: action.score }, ticket.number, { ear, quiet: true }))
          await tell(tx, turn, who, ear, { text: wordsFor(who).answer.rated(action.score) }, ticket.number);
        return;
      case 'show':
        if (ticket !== null) await showTicket(tx, turn, who, ear, ticket, false);
        return;
      case 'form': {
        const refusal = ticket === null ? null : formRefusal(action.form, ticket, who.actor);
        if (refusal === null) return tell(tx, turn, who, ear, { text: wordsFor(who).answer.formExpired });
        return tellRefusal(tx, turn, who, ear, refusal, ticket, wordsFor(who).words.button[action.form]);
      }
      case 'capture':
        return tell(tx, turn, who, ear, { text: wordsFor(who).answer.notInHere });
    }
  };
};

/** In one of the ticket's threads, or chats: the card there shows what came of it. */
const isHere = (turn: Turn, event: EventOf<'button'>, ticket: Ticket): boolean =>
  ticket.threads.some((link) => link.platform === turn.platform && link.chat === event.chat);

const press = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  command: CommandAction,
  ticket: Ticket,
  here: boolean,
): Promise<void> => {
  await obey(tx, turn, who, { type: command }, ticket.number, { ear, quiet: here });
};

/** As though he had written the words himself. */
const said = (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  words: string,
  ticket: Ticket | null,
  here: boolean,
): Promise<void> => {
  const parsed = parseFor(turn, who, words, ticket);
  const scene = { ear, here: here ? (ticket?.number ?? null) : null, inThread: false, said: words };
  return parsed === null
    ? tellUnknown(tx, turn, who, ear, words, ticket?.number ?? null)
    : run(tx, turn, who, parsed, scene);
};
