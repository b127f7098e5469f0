import { ticketId, type Language } from '../../domain/words.ts';
import type { Card, CardAction, RichText } from '../card.ts';
import { cut, join, texts, wordOf } from '../texts/index.ts';
import {
  at,
  button,
  consentLine,
  environmentName,
  headOf,
  lines,
  LENGTHS,
  openButton,
  promiseLine,
  sinceOf,
  titleOf,
  toneOf,
  whoLine,
} from './parts.ts';
import type { TicketView } from './view.ts';

/** The card in the thread where the ticket was raised. The customer reads it: nothing internal, no clocks between teams. */
export const ticketCard = (view: TicketView, language: Language): Card => ({
  head: headOf(view, language),
  title: titleOf(view),
  tone: toneOf(view),
  lines: linesOf(view, language),
  fields: [],
  actions: actionsOf(view, language),
});

const linesOf = (view: TicketView, language: Language): readonly RichText[] => {
  const { card, words } = texts(language);
  const { ticket } = view;
  const facts = factsLine(view, language);
  const who = whoLine(view, language);
  const promise = promiseLine(view, language);
  const progress =
    ticket.lastProgress === null
      ? null
      : card.progress(at(ticket.lastProgress.at, view, language), cut(ticket.lastProgress.text, LENGTHS.quote));
  switch (ticket.status) {
    case 'draft':
      return lines(
        facts,
        view.missing.length === 0 ? null : card.missing(view.missing),
        ticket.entitlement === 'waiting' ? card.authorization : null,
      );
    case 'queued':
      return lines(facts, who, promise, ticket.entitlement === 'waiting' ? card.authorization : null);
    case 'in_progress':
      return lines(facts, who, promise, progress);
    case 'pending': {
      const until = ticket.until === null ? null : at(ticket.until, view, language);
      return lines(
        facts,
        who,
        card.waiting(ticket.reason, at(ticket.since, view, language), until),
        ticket.reason === 'customer' ? card.waitingForYou : null,
        consentLine(view, language, 'origin'),
        promise,
        progress,
      );
    }
    case 'restored':
      return lines(facts, who, card.restored, promise, progress);
    case 'resolved':
      return lines(card.solution(cut(ticket.solution, LENGTHS.text)), who, promise, card.pleaseConfirm);
    case 'closed':
      return lines(
        card.solution(cut(ticket.solution, LENGTHS.text)),
        card.closing(wordOf(words.cause, ticket.cause), wordOf(words.closure, ticket.closure)),
        card.closedBy(ticket.closedBy, at(ticket.closedAt, view, language)),
        ticket.rating === null ? null : card.rating(ticket.rating.score),
        canReopen(view) ? card.reopenHint : null,
      );
    case 'rejected':
      return lines(card.rejected(words.rejected[ticket.rejectedAs], ticket.of === null ? null : ticketId(ticket.of)));
    case 'cancelled':
      return lines(facts);
  }
};

/** `产品 数据库 · 版本 3.2.1 · 环境 生产 · 开始于 09:41 · 客户 阿克美`: what was understood, so that a mistake is seen at once. */
const factsLine = (view: TicketView, language: Language): RichText | null => {
  const t = texts(language);
  const { labelled } = t.card;
  const { version, environment, site, impact } = view.ticket.fields;
  const since = sinceOf(view, language);
  const said = (text: string | null | undefined): text is string => text !== null && text !== undefined && text !== '';
  const facts: RichText[] = [];
  if (said(view.productName)) facts.push(labelled(t.words.field.product, view.productName));
  if (said(view.componentName)) facts.push(labelled(t.words.field.component, view.componentName));
  if (said(version)) facts.push(labelled(t.words.field.version, version));
  if (said(environment)) facts.push(labelled(t.words.field.environment, environmentName(environment, t)));
  if (said(site)) facts.push(labelled(t.words.field.site, site));
  if (since !== null) facts.push(t.card.since(since));
  if (said(impact)) facts.push(labelled(t.words.field.impact, cut(impact, LENGTHS.quote)));
  if (said(view.customerName)) facts.push(labelled(t.card.customer, view.customerName));
  return facts.length === 0 ? null : join(facts, ' · ');
};

const actionsOf = (view: TicketView, language: Language): readonly CardAction[] => {
  const { button: label } = texts(language).words;
  const { ticket } = view;
  switch (ticket.status) {
    case 'draft':
      return [
        button('form:intake', view, label.intake, 'primary'),
        button('register', view, label.register),
        button('cancel', view, label.cancel),
      ];
    case 'queued':
    case 'in_progress':
      return [button('form:intake', view, label.intake), openButton(view, language)];
    case 'pending':
      return [
        ...(view.consentWanted ? [button('consent', view, label.consent, 'primary')] : []),
        ...(ticket.reason === 'customer' ? [button('resume', view, label.resume)] : []),
        openButton(view, language),
      ];
    case 'restored':
      return [button('reopen', view, label.cameBack), openButton(view, language)];
    case 'resolved':
      return [
        button('confirm', view, label.confirm, 'primary'),
        button('reopen', view, label.notSolved),
        openButton(view, language),
      ];
    case 'closed':
      return [...(canReopen(view) ? [button('reopen', view, label.reopen)] : []), openButton(view, language)];
    case 'rejected':
    case 'cancelled':
      return [openButton(view, language)];
  }
};

const canReopen = (view: TicketView): boolean => view.reopenUntil !== null && view.now < view.reopenUntil;
