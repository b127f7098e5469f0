import type { Outgoing } from './platform.ts';
import type { Delivery } from '../desk/ports.ts';
import type { Ticket } from '../domain/ticket.ts';
import { deliverCard, type Delivered } from './deliver/card.ts';
import { platformOf, type DeliverDeps, type Row } from './deliver/context.ts';
import { publishHome } from './deliver/home.ts';
import { deliverNotice } from './deliver/notice.ts';
import { deliverRoom } from './deliver/room.ts';
import { sendOnce } from './deliver/send.ts';
import { deliverTogether } from './deliver/storm.ts';

export type { Delivered } from './deliver/card.ts';
export type { DeliverDeps, Row } from './deliver/context.ts';

/** What the outbox loop calls for each row. Throws what the platform threw (`DeliveryError`): the loop decides when to try again. */
export type Deliver = (row: Row) => Promise<Delivered>;

/**
 * Brings one row of the outbox outside. A row says what is to be told, never how it looks: the ticket is read now, so five quick changes are one picture,
 * and what was settled meanwhile is not said. Safe to call again after a crash at any point.
 */
export const createDeliver =
  (deps: DeliverDeps): Deliver =>
  async (row) => {
    const { delivery } = row;
    switch (delivery.kind) {
      case 'card': {
        const ticket = await ticketOf(deps, row);
        return ticket === null ? 'sent' : deliverCard(deps, row, ticket, delivery);
      }
      case 'notice': {
        const ticket = await ticketOf(deps, row);
        if (ticket === null) return 'sent';
        const together = await deliverTogether(deps, row, ticket, delivery);
        if (together !== null) return together;
        await deliverNotice(deps, row, ticket, delivery);
        return 'sent';
      }
      case 'room': {
        const ticket = await ticketOf(deps, row);
        if (ticket !== null) await deliverRoom(deps, row, ticket, delivery);
        return 'sent';
      }
      case 'private':
        await deliverPrivate(deps, row, delivery);
        return 'sent';
      case 'say':
        await sendOnce(deps, {
          row,
          platform: delivery.platform,
          to:
            delivery.thread === null
              ? { kind: 'chat', chat: delivery.chat }
              : { kind: 'thread', chat: delivery.chat, thread: delivery.thread },
          // Written by this layer (`receive`, `handle`), kept by the store as it was.
          what: delivery.what as Outgoing,
          kind: 'notice',
        });
        return 'sent';
      case 'home':
        await publishHome(deps, delivery.platform, delivery.user);
        return 'sent';
    }
  };

const ticketOf = async ({ store, log }: DeliverDeps, row: Row): Promise<Ticket | null> => {
  const ticket = row.ticket === null ? null : await store.read.ticket(row.ticket);
  if (ticket === null) log.debug({ key: row.key, ticket: row.ticket }, 'dropped: there is no such ticket');
  return ticket;
};

/**
 * The nearest way first: the answer to the interaction, a whisper in the chat, a direct message. What is said in answer to somebody, no platform can find
 * again: with an unknown outcome it is said once more. Were it taken for said, every refusal during an outage of the platform would be lost, and whoever
 * was refused would believe that it was done. What nobody has asked for (`chat` and `reply` null) is a direct message, which is found.
 */
const deliverPrivate = async (
  deps: DeliverDeps,
  row: Row,
  delivery: Extract<Delivery, { readonly kind: 'private' }>,
): Promise<void> => {
  const platform = platformOf(deps, delivery.platform);
  const what = delivery.what as Outgoing;
  if (delivery.reply !== null && (await platform.reply(delivery.reply, what))) return;
  if (delivery.chat !== null && platform.capabilities.ephemeral) {
    await platform.whisper({ chat: delivery.chat, thread: delivery.thread, user: delivery.user }, what);
    return;
  }
  await sendOnce(deps, {
    row,
    platform: delivery.platform,
    to: { kind: 'direct', user: delivery.user },
    what,
    kind: 'notice',
  });
};
