import { DeliveryError, type MessageRef } from '../platform.ts';
import type { Turn, Who } from './turn.ts';

/** How far the clocks of the platform and ours may lie apart when a message is looked for. */
const SKEW_MS = 60_000;

/**
 * Opens a thread for a ticket that was not raised in one (`/itr new`, the form): a message in the chat, in its requester's name, under which the card
 * and everything else will stand. Here and not by the outbox, since the ticket needs to know its thread when it is made. Null: the platform would not;
 * the ticket is made all the same, without a thread.
 */
export const openThread = async (turn: Turn, who: Who, chat: string, text: string): Promise<MessageRef | null> => {
  const { chatPlatform, deps } = turn;
  if (chatPlatform === null) return null;
  const marker = markerOf(turn);
  const to = { kind: 'chat', chat } as const;
  try {
    // A try before this one may have sent it and died.
    const before = turn.retried ? await chatPlatform.find(to, marker, turn.at - SKEW_MS) : null;
    return (
      before ??
      (await chatPlatform.send(to, { text: [text], author: { name: who.actor.name }, language: who.language }, marker))
    );
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    // Of an outcome nobody knows, the next try finds out; anything else will not get better by waiting.
    if (error.unknown && !turn.retried) throw error;
    deps.log.warn(
      { platform: turn.platform, chat, reason: error.message },
      'no thread could be opened for a new ticket',
    );
    return null;
  }
};

export const markerOf = (turn: Turn): string => `new:${turn.id}`;
