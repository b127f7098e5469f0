import type { NoticeBody } from '../domain/notices.ts';
import type { PersonRef, Ticket } from '../domain/ticket.ts';
import { openChildren } from '../domain/decide/child.ts';
import type { Language } from '../domain/words.ts';
import type { CardAction, RichText } from './card.ts';
import { button, openButton, titleOf } from './cards/parts.ts';
import type { TicketView } from './cards/view.ts';
import { cut, join, texts } from './texts/index.ts';
import { serviceTexts } from './texts/service.ts';

export type ServiceBody = Extract<
  NoticeBody,
  {
    readonly type:
      | 'authorize_request'
      | 'uncovered'
      | 'authorized'
      | 'entitlement_gap'
      | 'children_open'
      | 'children_done'
      | 'call_back';
  }
>;

interface Worded {
  readonly call: PersonRef | null;
  readonly text: RichText;
  readonly actions: readonly CardAction[];
}

/** What is said about contracts, children and call-backs, with the buttons that answer it. */
export const wordServiceNotice = (body: ServiceBody, view: TicketView, language: Language): Worded => {
  const t = serviceTexts(language);
  const { button: label } = texts(language).words;
  const { id } = view;
  const open = openButton(view, language);
  switch (body.type) {
    case 'authorize_request':
      return {
        call: body.asked,
        text: t.authorizeRequest({
          id,
          title: titleOf(view),
          customer: view.customerName,
          gap: body.gap === null ? null : t.gap[body.gap],
          emergency: body.emergency,
        }),
        actions: [
          button('form:authorize', view, label.authorize, 'primary'),
          button('form:reject', view, label.reject, 'danger'),
          open,
        ],
      };
    case 'uncovered':
      return { call: null, text: t.uncovered(id, body.asked?.name ?? null, body.emergency), actions: [] };
    case 'authorized':
      return { call: null, text: t.authorized(id, body.by.name, cut(body.reason, 300)), actions: [] };
    case 'entitlement_gap': {
      const gap = t.gapFound(id, body.gap === null ? null : t.gap[body.gap], body.promised);
      const task = body.gap === 'no_project' ? [t.completeData(id)] : [];
      return { call: body.lead, text: join([gap, ...task], language === 'en' ? ' ' : ''), actions: [] };
    }
    case 'children_open':
      return { call: body.owner, text: t.childrenOpen(id, body.children), actions: [open] };
    case 'children_done':
      return { call: body.owner, text: t.childrenDone(id, body.child), actions: [open] };
    case 'call_back':
      return {
        call: body.who,
        text: t.callBack(id, body.requester.name, titleOf(view), body.again === true),
        actions: [open],
      };
  }
};

/** What was settled before it went out is not said. */
export const serviceMatters = (body: ServiceBody, ticket: Ticket): boolean => {
  switch (body.type) {
    case 'authorize_request':
    case 'uncovered':
      return ticket.entitlement === 'waiting' && ticket.status !== 'rejected' && ticket.status !== 'cancelled';
    case 'children_open':
      return openChildren(ticket).length > 0;
    case 'children_done':
      return openChildren(ticket).length === 0 && ticket.status !== 'closed' && ticket.status !== 'cancelled';
    case 'call_back':
      return ticket.tasks?.some((task) => task.activity === 'call_back' && task.doneAt === null) ?? false;
    case 'authorized':
    case 'entitlement_gap':
      return true;
  }
};
