import type { Language } from '../../domain/words.ts';
import type { CardAction } from '../card.ts';
import type { HomeSection } from '../platform.ts';
import { texts } from '../texts/index.ts';
import { byUrgency, ticketLine } from './list.ts';
import { button, openButton } from './parts.ts';
import type { TicketView } from './view.ts';

/** A start page is for what is next; the board has the rest. */
const MOST = 10;

export interface Home {
  /** Null: he works on no tickets, so the section is not shown. */
  readonly working: readonly TicketView[] | null;
  readonly raised: readonly TicketView[];
  readonly queues: readonly { readonly team: string; readonly tickets: readonly TicketView[] }[];
}

/** The start page of one person: what he works on, what waits in his teams, what he raised. */
export const homeSections = (home: Home, language: Language): readonly HomeSection[] => {
  const { answer, words } = texts(language);
  const items = (views: readonly TicketView[], first: (view: TicketView) => readonly CardAction[]) =>
    [...views]
      .sort(byUrgency)
      .slice(0, MOST)
      .map((view) => ({
        text: ticketLine(view, language),
        actions: [...first(view), openButton(view, language)],
      }));
  return [
    ...(home.working === null
      ? []
      : [
          {
            title: answer.homeMine,
            empty: answer.homeEmptyMine,
            items: items(home.working, (view) => [
              view.ticket.status === 'pending'
                ? button('resume', view, words.button.resume)
                : button('form:resolve', view, words.button.resolve),
            ]),
          },
        ]),
    ...home.queues.map(({ team, tickets }) => ({
      title: answer.homeQueue(team),
      empty: answer.homeEmptyQueue,
      items: items(tickets, (view) => [button('claim', view, words.button.claim, 'primary')]),
    })),
    {
      title: answer.homeRaised,
      empty: answer.homeEmptyRaised,
      items: items(home.raised, (view) =>
        view.ticket.status === 'resolved' ? [button('confirm', view, words.button.confirm, 'primary')] : [],
      ),
    },
  ];
};
