import { laneOf } from '../../desk/address.ts';
import type { Delivery } from '../../desk/ports.ts';
import { isBuzz, type NoticeBody } from '../../domain/notices.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { actionValue, SCORES, type Action } from '../actions.ts';
import type { CardAction } from '../card.ts';
import { byUrgency, ticketLine } from '../cards/list.ts';
import type { TicketView } from '../cards/view.ts';
import { stillMatters } from '../notices.ts';
import { join } from '../texts/index.ts';
import { stormTexts } from '../texts/storm.ts';
import type { Delivered } from './card.ts';
import { draw, platformOf, readerOfPerson, type DeliverDeps, type Row } from './context.ts';
import { sendOnce } from './send.ts';

type NoticeDelivery = Extract<Delivery, { readonly kind: 'notice' }>;

/** What says "look at this ticket", and may as well be said in a list. */
const BUNDLED: ReadonlySet<NoticeBody['type']> = new Set([
  'point',
  'ladder',
  'queued_again',
  'severity_changed',
  'reopened',
]);

/** An urgent push is neither put off nor hidden among others. */
const isBundled = (body: NoticeBody): boolean => BUNDLED.has(body.type) && !isBuzz(body);

/** More lines are not read, and platforms bound a message: what is left waits for the next one. */
const MOST_LINES = 40;

/**
 * Storm control: the first few notices to one person go out as they come; then those that follow wait until the time is over for which `storm` counts, and go out as one
 * message that lists them. S1 waits for nothing. Null: it is to be said by itself.
 *
 * Nothing is lost: a row is marked as said in the very transaction that remembers the message that says it. Where the outcome of an earlier attempt is unknown,
 * the message found (or sent) again is this row's only, so that at worst something is said twice.
 */
export const deliverTogether = async (
  deps: DeliverDeps,
  row: Row,
  ticket: Ticket,
  { platform, place, notice }: NoticeDelivery,
): Promise<Delivered | null> => {
  const { storm } = deps.world.current().policy;
  if (storm === null || place.kind !== 'direct' || row.unknown || !isBundled(notice.body)) return null;
  if (!stillMatters(notice, ticket)) return null;

  const now = deps.now();
  const lane = await deps.store.read.noticesIn(laneOf(platform, place), now, now - storm.withinMs);
  const others = lane.due.filter((one) => one.key !== row.key && isBundled(one.notice.body));
  if (lane.sentAt.length + 1 + others.length <= storm.count) return null;

  const tickets = new Map<number, Ticket>([[ticket.number, ticket]]);
  const said: string[] = [];
  for (const other of others) {
    const about =
      other.ticket === null ? null : (tickets.get(other.ticket) ?? (await deps.store.read.ticket(other.ticket)));
    if (about === null) continue;
    // What has lost its point is not said, here as elsewhere, and is done with too.
    if (stillMatters(other.notice, about)) {
      if (!tickets.has(about.number) && tickets.size >= MOST_LINES) continue;
      tickets.set(about.number, about);
    }
    said.push(other.key);
  }
  const urgent = [...tickets.values()].some(({ severity }) => severity === 'S1');
  const oldest = lane.sentAt.at(-storm.count);
  if (oldest !== undefined && !urgent) return { postponeUntil: oldest + storm.withinMs };
  if (said.length === 0) return null;

  const { language, timezone } = await readerOfPerson(deps, platform, place.user);
  const chat = platformOf(deps, platform);
  const views = [...tickets.values()].map((one) => draw(deps, one, chat, timezone)).sort(byUrgency);
  const head = stormTexts(language).head(views.length, lane.sentAt.length > 0);
  await sendOnce(deps, {
    row,
    platform,
    to: { kind: 'direct', user: place.user },
    what: {
      text: join([head, ...views.map((view) => ticketLine(view, language))], '\n'),
      actions: showButtons(views),
      language,
    },
    kind: 'notice',
    also: (tx) => tx.saidWith(said, deps.now()),
  });
  return 'sent';
};

/** The first five, one tap away, whichever way the list is read. */
const showButtons = (views: readonly TicketView[]): readonly CardAction[] =>
  SCORES.flatMap((n) => {
    const view = views[n - 1];
    if (view === undefined) return [];
    const { number } = view.ticket;
    return [{ action: `say:${n}` satisfies Action, value: actionValue(number, `show ${number}`), label: view.id }];
  });
