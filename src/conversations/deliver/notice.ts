import type { Delivery, Place } from '../../desk/ports.ts';
import { SYSTEM } from '../../domain/commands.ts';
import { isBuzz, type Notice, type NoticeBody } from '../../domain/notices.ts';
import { threadOf, type ThreadLink, type Ticket } from '../../domain/ticket.ts';
import { briefCard } from '../cards/brief.ts';
import { button } from '../cards/parts.ts';
import { sentenceGap, stillMatters, toPeople, wordNotice, type NoticeContext } from '../notices.ts';
import { DeliveryError, type Destination } from '../platform.ts';
import { join, texts } from '../texts/index.ts';
import { warRoomTexts } from '../texts/war-room.ts';
import { drawCard, hashOf, sentCard } from './card.ts';
import { deliverCarried } from './carry.ts';
import {
  draw,
  mentionOn,
  platformOf,
  readerOfPerson,
  readerOfThread,
  type DeliverDeps,
  type Reader,
  type Row,
} from './context.ts';
import { remember, sendOnce } from './send.ts';

type NoticeDelivery = Extract<Delivery, { readonly kind: 'notice' }>;
type BodyOf<T extends NoticeBody['type']> = Extract<NoticeBody, { readonly type: T }>;

/** Brings one notice to its place. What has lost its point since it was decided is not said any more. */
export const deliverNotice = async (
  deps: DeliverDeps,
  row: Row,
  ticket: Ticket,
  { platform, place, notice }: NoticeDelivery,
): Promise<void> => {
  const { body } = notice;
  if (!stillMatters(notice, ticket)) {
    deps.log.debug({ key: row.key, type: body.type }, 'dropped: it has lost its point');
    return;
  }
  const chat = platformOf(deps, platform);
  const { language, timezone } = await readerOf(deps, ticket, platform, place);
  const context: NoticeContext = {
    view: draw(deps, ticket, chat, timezone),
    language,
    mention: mentionOn(deps, platform),
    reader: place.kind === 'thread' ? 'origin' : place.kind === 'work' ? 'work' : 'aside',
  };
  if (body.type === 'work_card') {
    await workCardOf(deps, row, ticket, body, { platform, place, notice }, context);
    return;
  }
  const to = destinationOf(ticket, platform, place, body);
  if (to === null) {
    deps.log.debug({ key: row.key, type: body.type }, 'dropped: there is no work thread for it');
    return;
  }
  switch (body.type) {
    case 'carry':
    case 'carry_edit':
    case 'carry_delete':
      await deliverCarried(deps, row, body, { platform, place, to, language });
      return;
    case 'comment':
      await sendOnce(deps, {
        row,
        platform,
        to,
        what: { text: [body.text], author: { name: body.author.name }, language },
        kind: 'carry',
      });
      return;
    case 'handover':
      await handover(deps, row, ticket, body, { platform, to }, context);
      return;
    case 'war_room_opened':
      await warRoomOpened(deps, row, ticket, body, { platform, to }, context);
      return;
    case 'card':
    case 'open_room':
      return;
    default: {
      const { text, actions } = wordNotice(body, context);
      const urgent = isBuzz(body) && chat.capabilities.urgent ? ({ urgent: true } as const) : {};
      await sendOnce(deps, { row, platform, to, what: { text, actions, language, ...urgent }, kind: 'notice' }).catch(
        async (error: unknown) => {
          await climbOn(deps, ticket, notice, error);
          throw error;
        },
      );
    }
  }
};

/** Whom a step of the ladder called cannot be written to, or was not woken: nobody waits for him until the next step is due. */
const climbOn = async (deps: DeliverDeps, ticket: Ticket, { to, body }: Notice, error: unknown): Promise<void> => {
  if (!(error instanceof DeliveryError && error.permanent) || body.type !== 'ladder' || to.to !== 'person') return;
  const { step, mention } = body;
  const run = ticket.ladder?.run;
  if (run === undefined) return;
  const name = mention[0]?.name ?? body.whom;
  await remember(deps, async (tx) => {
    await deps.desk.perform(tx, ticket.number, { type: 'unreached', step, run, name }, SYSTEM);
  });
};

const readerOf = async (deps: DeliverDeps, ticket: Ticket, platform: string, place: Place): Promise<Reader> => {
  switch (place.kind) {
    case 'direct':
      return readerOfPerson(deps, platform, place.user);
    case 'thread':
      return readerOfThread(ticket, 'origin', deps.world.current());
    case 'work':
    case 'chat':
      return readerOfThread(ticket, 'work', deps.world.current());
  }
};

const workThread = (
  ticket: Ticket,
  platform: string,
  place: Extract<Place, { kind: 'work' }>,
): ThreadLink | undefined =>
  ticket.threads.findLast(
    (link) =>
      link.role === 'work' && link.team === place.team && link.platform === platform && link.chat === place.chat,
  );

/** The work card opens the work thread. If it could not be posted, what calls somebody goes to the chat itself, and the rest is dropped. */
const destinationOf = (ticket: Ticket, platform: string, place: Place, body: NoticeBody): Destination | null => {
  switch (place.kind) {
    case 'thread':
      return { kind: 'thread', chat: place.chat, thread: place.thread };
    case 'chat':
      return { kind: 'chat', chat: place.chat };
    case 'direct':
      return { kind: 'direct', user: place.user };
    case 'work': {
      const link = workThread(ticket, platform, place);
      if (link !== undefined) return { kind: 'thread', chat: link.chat, thread: link.thread };
      return CARRIED.has(body.type) ? null : { kind: 'chat', chat: place.chat };
    }
  }
};

const CARRIED: ReadonlySet<NoticeBody['type']> = new Set(['carry', 'carry_edit', 'carry_delete', 'comment']);

/**
 * Posts the work card and opens the work thread with it. That it was sent, that it is the card of its thread and that the thread belongs to the ticket are
 * written together: a crash before that finds the card again by its marker, a crash after it finds it sent.
 */
const workCardOf = async (
  deps: DeliverDeps,
  row: Row,
  ticket: Ticket,
  body: BodyOf<'work_card'>,
  { platform, place }: { readonly platform: string; readonly place: Place; readonly notice: Notice },
  context: NoticeContext,
): Promise<void> => {
  const { view, language } = context;
  const { notice, words } = texts(language);
  const team = view.teamName ?? '';
  const waits = ticket.status === 'queued';
  const call = waits ? body.call : null;
  const hole = waits && body.nobodyOnDuty ? [notice.nobodyOnDuty(team, view.leadName)] : [];
  const link = place.kind === 'work' ? workThread(ticket, platform, place) : undefined;

  if (link !== undefined && place.kind === 'work') {
    // It was here before: one thread holds all that is known, so no second card.
    await sendOnce(deps, {
      row,
      platform,
      to: { kind: 'thread', chat: link.chat, thread: link.thread },
      what: {
        text: toPeople(
          context,
          [call],
          join(
            [
              ...(body.because === 'authorized'
                ? [notice.call(view.id, ticket.severity)]
                : [notice.back(view.id, team)]),
              ...hole,
            ],
            sentenceGap(language),
          ),
        ),
        actions: waits ? [button('claim', view, words.button.claim, 'primary')] : [],
        language,
      },
      kind: 'notice',
    });
    return;
  }
  const to: Destination =
    place.kind === 'direct' ? { kind: 'direct', user: place.user } : { kind: 'chat', chat: place.chat };
  const said = [...(waits && body.because !== 'held' ? [notice.call(view.id, ticket.severity)] : []), ...hole];
  const text = toPeople(context, [call], join(hole.length > 0 ? hole : said, sentenceGap(language)));
  await sendOnce(deps, {
    row,
    platform,
    to,
    what: { ...(text.length === 0 ? {} : { text }), card: drawCard('work', view, language), language },
    kind: 'card',
    also: async (tx, ref) => {
      // Told directly for want of a duty chat, a card opens no thread: what is said there to the bot is not the team's talk.
      if (place.kind !== 'work') return;
      await tx.saveCard(sentCard(ticket.number, 'work', ref, hashOf('work', view, language), deps.now()));
      const thread: ThreadLink = {
        platform: ref.platform,
        chat: ref.chat,
        thread: ref.thread,
        role: 'work',
        team: place.team,
      };
      const outcome = await deps.desk.perform(tx, ticket.number, { type: 'link_thread', thread }, SYSTEM);
      // The card stands in the chat all the same; the refusal is on the timeline.
      if (!outcome.ok) deps.log.debug({ key: row.key, reason: outcome.refusal.message }, 'the thread was not linked');
    },
  });
};

/** With the way there: whoever is not in it yet finds it so. */
const warRoomOpened = async (
  deps: DeliverDeps,
  row: Row,
  ticket: Ticket,
  { absent }: BodyOf<'war_room_opened'>,
  { platform, to }: { readonly platform: string; readonly to: Destination },
  { view, language }: NoticeContext,
): Promise<void> => {
  const room = threadOf(ticket, 'war_room');
  const at = room === null ? undefined : deps.platforms.get(room.platform);
  const url = room === null || at === undefined ? null : await at.permalink({ ...room, message: room.thread });
  const name = (room === null ? null : await at?.chatName(room.chat)) ?? ticket.warRoom?.name ?? '';
  const link = url === null ? name : ({ kind: 'link', text: name, url } as const);
  const text = warRoomTexts(language).opened(
    view.id,
    link,
    absent.map((person) => person.name),
  );
  await sendOnce(deps, { row, platform, to, what: { text, language }, kind: 'notice' });
};

/** The brief is the first that a new owner reads. */
const handover = async (
  deps: DeliverDeps,
  row: Row,
  ticket: Ticket,
  body: BodyOf<'handover'>,
  { platform, to }: { readonly platform: string; readonly to: Destination },
  context: NoticeContext,
): Promise<void> => {
  const { view, language } = context;
  const { notice } = texts(language);
  const timeline = await deps.store.read.timeline(ticket.number);
  const text = toPeople(context, [body.to], body.offDuty && body.to !== null ? notice.offDuty(body.to.name) : []);
  await sendOnce(deps, {
    row,
    platform,
    to,
    what: { ...(text.length === 0 ? {} : { text }), card: briefCard(view, body, timeline, language), language },
    kind: 'notice',
  });
};
