import { Conflict, type SentMessage, type Tx } from '../../desk/ports.ts';
import type { MessageKey } from '../../domain/ticket.ts';
import type { ChatPlatform, Destination, MessageRef, Outgoing } from '../platform.ts';
import { platformOf, type DeliverDeps, type Row } from './context.ts';

/** Clocks of two machines differ by less. */
const CLOCK_SKEW_MS = 5 * 60_000;

export interface Sending {
  readonly row: Row;
  readonly platform: string;
  readonly to: Destination;
  readonly what: Outgoing;
  readonly kind: SentMessage['kind'];
  readonly marker?: string;
  readonly copyOf?: MessageKey | null;
  /** What is written in the same transaction as the memory that it was sent. */
  readonly also?: (tx: Tx, ref: MessageRef) => Promise<void>;
}

/**
 * Sends a message once. What was sent is remembered together with what follows from it; a crash between the two is found out by the marker, where the
 * platform can look for it. Where it can not, a message with an unknown outcome is sent again: twice is better than a page that nobody saw.
 */
export const sendOnce = async (deps: DeliverDeps, sending: Sending): Promise<MessageRef> => {
  const marker = sending.marker ?? sending.row.key;
  const known = await deps.store.read.sent(marker);
  if (known !== null) return known;
  const platform = platformOf(deps, sending.platform);
  const ref = (await findAgain(platform, sending, marker)) ?? (await platform.send(sending.to, sending.what, marker));
  await remember(deps, async (tx) => {
    await tx.saveSent({
      marker,
      ticket: sending.row.ticket,
      kind: sending.kind,
      platform: ref.platform,
      chat: ref.chat,
      thread: ref.thread,
      message: ref.message,
      copyOf: sending.copyOf ?? null,
      at: deps.now(),
    });
    await sending.also?.(tx, ref);
  });
  return ref;
};

const findAgain = async (platform: ChatPlatform, { row, to }: Sending, marker: string): Promise<MessageRef | null> => {
  const { findByMarker, idempotentSend } = platform.capabilities;
  return row.unknown && findByMarker && !idempotentSend
    ? platform.find(to, marker, row.createdAt - CLOCK_SKEW_MS)
    : null;
};

const ATTEMPTS = 5;

/** The message is out: what is known of it must be written, even if somebody else changes the ticket at the same moment. */
export const remember = async (deps: DeliverDeps, work: (tx: Tx) => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await deps.store.write(work);
      return;
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === ATTEMPTS) throw error;
    }
  }
};
