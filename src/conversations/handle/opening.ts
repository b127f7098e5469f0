import { DeliveryError, type ChatPlatform, type Destination, type MessageRef } from '../platform.ts';
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
    const before = await sentBefore(turn, chatPlatform, to, marker);
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

/** A process may have sent it and died, which nothing tells of: the row of a try that did not end looks like one that was never tried. */
const sentBefore = async (
  turn: Turn,
  platform: ChatPlatform,
  to: Destination,
  marker: string,
): Promise<MessageRef | null> => {
  const { findByMarker, idempotentSend } = platform.capabilities;
  if (!findByMarker || idempotentSend) return null;
  try {
    return await platform.find(to, marker, turn.at - SKEW_MS);
  } catch (error) {
    // A chat whose history may not be read shall have its threads all the same.
    if (!(error instanceof DeliveryError) || turn.retried) throw error;
    return null;
  }
};

export const markerOf = (turn: Turn): string => `new:${turn.id}`;
