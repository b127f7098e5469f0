import { createHash } from 'node:crypto';
import type { SentCard } from '../../desk/ports.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import type { Card } from '../card.ts';
import { ticketCard } from '../cards/ticket-card.ts';
import type { TicketView } from '../cards/view.ts';
import { workCard } from '../cards/work-card.ts';
import { DeliveryError } from '../platform.ts';
import { draw, platformOf, readerOfThread, type DeliverDeps, type Row } from './context.ts';
import { remember, sendOnce } from './send.ts';

export type Delivered = 'sent' | { readonly postponeUntil: number };

export type CardRole = 'origin' | 'work';

export const drawCard = (role: CardRole, view: TicketView, language: Language): Card =>
  role === 'origin' ? ticketCard(view, language) : workCard(view, language);

/** What a card shows, without the times left: those change every minute, and are no reason to edit it. */
export const hashOf = (role: CardRole, view: TicketView, language: Language): string =>
  createHash('sha256')
    .update(JSON.stringify(drawCard(role, { ...view, relative: false }, language)))
    .digest('base64url');

/** Brings the card of one thread up to date: the one card of the thread is edited in place, and posted anew only where the old one is gone. */
export const deliverCard = async (
  deps: DeliverDeps,
  row: Row,
  ticket: Ticket,
  place: { readonly platform: string; readonly chat: string; readonly thread: string },
): Promise<Delivered> => {
  const { store, log, now } = deps;
  const link = ticket.threads.find(
    ({ platform, chat, thread }) => platform === place.platform && chat === place.chat && thread === place.thread,
  );
  if (link === undefined) {
    log.debug({ key: row.key }, 'no card: the thread belongs to the ticket no more');
    return 'sent';
  }
  const platform = platformOf(deps, place.platform);
  const role: CardRole = link.role === 'origin' ? 'origin' : 'work';
  const { language, timezone } = readerOfThread(ticket, role, deps.world.current());
  const drawn = draw(deps, ticket, platform, timezone);
  const left = link.team !== null && link.team !== ticket.team;
  const view = left ? { ...drawn, movedTo: drawn.teamName } : drawn;
  const card = drawCard(role, view, language);
  const shows = hashOf(role, view, language);
  const there = await store.read.card(place.platform, place.chat, place.thread);

  if (there !== null && platform.capabilities.edit) {
    if (there.shows === shows) {
      log.debug({ key: row.key }, 'the card shows this already');
      return 'sent';
    }
    const free = there.editedAt + platform.capabilities.minGapPerEditMs;
    if (free > now()) return { postponeUntil: free };
    if (await edited(platform.edit(there, { card, language }))) {
      await remember(deps, (tx) => tx.saveCard({ ...there, shows, editedAt: now() }));
      return 'sent';
    }
  }
  await sendOnce(deps, {
    row,
    platform: place.platform,
    to: { kind: 'thread', chat: place.chat, thread: place.thread },
    what: { card, language },
    kind: 'card',
    // The key of a card is that of its thread: one that replaces another must not be taken for it.
    ...(there === null
      ? {}
      : { marker: `${row.key}/after/${there.message}/${platform.capabilities.edit ? '' : shows}` }),
    also: (tx, ref) => tx.saveCard(sentCard(ticket.number, link.role, ref, shows, now())),
  });
  return 'sent';
};

export const sentCard = (
  ticket: number,
  role: SentCard['role'],
  ref: { readonly platform: string; readonly chat: string; readonly thread: string; readonly message: string },
  shows: string,
  at: number,
): SentCard => ({
  ticket,
  role,
  platform: ref.platform,
  chat: ref.chat,
  thread: ref.thread,
  message: ref.message,
  shows,
  editedAt: at,
});

/** False: the message is gone, and another has to take its place. A chat that is gone takes none. */
const edited = async (edit: Promise<void>): Promise<boolean> => {
  try {
    await edit;
    return true;
  } catch (error) {
    if (error instanceof DeliveryError && error.gone && error.scope === 'message') return false;
    throw error;
  }
};
