import type { Ticket } from '../domain/ticket.ts';
import type { Reads, Tx } from './ports.ts';

/**
 * A war room is one talk about one ticket, whatever threads people make in it: everything said there belongs to the thread of its first message, which is
 * linked with the ticket. Which thread that is, is remembered by the chat.
 */
const roomKey = (platform: string, chat: string): string => `war_room:${platform}:${chat}`;

/** The thread of a chat that is a war room; null: it is none. */
export const threadOfRoom = (read: Pick<Reads, 'keyValue'>, platform: string, chat: string): Promise<string | null> =>
  read.keyValue(roomKey(platform, chat));

/** Written in the transaction that links the thread. */
export const rememberRoom = (tx: Tx, { platform, chat, thread }: Ticket['threads'][number]): Promise<void> =>
  tx.setKeyValue(roomKey(platform, chat), thread);
