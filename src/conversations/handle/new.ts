import type { Tx } from '../../desk/ports.ts';
import { ticketId, type Kind } from '../../domain/words.ts';
import type { Fields } from '../intake.ts';
import type { MessageRef } from '../platform.ts';
import { inboundTexts } from '../texts/inbound.ts';
import { sayUnbound, type Place } from './answers.ts';
import { captureNew } from './capture.ts';
import { markerOf, openThread } from './opening.ts';
import { bindingOf, tell, wordsFor, type Act, type Turn, type Who } from './turn.ts';

/** A ticket that was raised by a slash command or a form, in the project of the chat it came from. */
export const prepareNew = async (
  turn: Turn,
  who: Who,
  ear: Place,
  about: { readonly text: string; readonly fields?: Fields; readonly kind?: Kind },
): Promise<Act> => {
  const { chat } = ear;
  const binding = bindingOf(turn, chat);
  const title = about.fields?.title ?? about.text;
  // Who is nobody's customer needs a chat that says whose project it is; our own people may raise one anywhere.
  const anywhere = who.actor.side !== 'customer';
  if (binding === null && !anywhere && chat !== null) return (tx) => sayUnbound(tx, turn, { chat, thread: null }, who);
  if (binding !== null && binding.role !== 'intake' && !anywhere)
    return (tx) => tell(tx, turn, who, ear, { text: inboundTexts(who.language).notIntake });
  const root = binding?.role === 'intake' && chat !== null ? await openThread(turn, who, chat, title) : null;
  return async (tx) => {
    const ticket = await captureNew(tx, turn, who, { chat, root: root?.thread ?? null, ...about });
    if (root !== null) await rememberRoot(tx, turn, root, ticket.number);
    await tell(tx, turn, who, ear, { text: wordsFor(who).answer.captured(ticketId(ticket.number)) }, ticket.number);
  };
};

/** Reactions on the message that opened the thread mean the ticket. */
const rememberRoot = (tx: Tx, turn: Turn, root: MessageRef, ticket: number): Promise<void> =>
  tx.saveSent({
    marker: markerOf(turn),
    ticket,
    kind: 'notice',
    platform: root.platform,
    chat: root.chat,
    thread: root.thread,
    message: root.message,
    copyOf: null,
    at: turn.now,
  });
