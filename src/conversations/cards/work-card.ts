import { isHeld } from '../../domain/entitlement.ts';
import { ticketId, type Language } from '../../domain/words.ts';
import type { Card, CardAction, RichText } from '../card.ts';
import { cut, join, say, texts, wordOf } from '../texts/index.ts';
import {
  at,
  budgetLine,
  button,
  clockLine,
  consentLine,
  environmentName,
  headOf,
  lines,
  LENGTHS,
  openButton,
  promisesOf,
  sinceOf,
  titleOf,
  toneOf,
  whoLine,
} from './parts.ts';
import { serviceLines } from './service.ts';
import type { TicketView } from './view.ts';

/** The card in the duty chat: what an engineer needs to decide whether to take it, and the next steps once he has. */
export const workCard = (view: TicketView, language: Language): Card => {
  const { card } = texts(language);
  const gesture = view.ticket.status === 'queued' && view.movedTo === null ? view.claimEmoji : null;
  return {
    head: headOf(view, language),
    title: titleOf(view),
    tone: toneOf(view),
    lines: [...linesOf(view, language), ...(view.movedTo === null ? serviceLines(view, language) : [])],
    fields: [],
    actions: actionsOf(view, language),
    ...(gesture === null ? {} : { note: card.orClaimWith(gesture) }),
  };
};

const linesOf = (view: TicketView, language: Language): readonly RichText[] => {
  const { card, words } = texts(language);
  const { ticket } = view;
  const facts = factsLine(view, language);
  if (view.movedTo !== null) return lines(facts, card.movedTo(view.movedTo));
  const clocks = clocksLine(view, language);
  const who = whoLine(view, language);
  switch (ticket.status) {
    case 'draft':
    case 'queued':
      return lines(facts, impactLine(view, language), clocks, budgetLine(view, language), who);
    case 'in_progress':
    case 'restored': {
      const from = view.handoverFrom;
      return lines(
        facts,
        impactLine(view, language),
        clocks,
        budgetLine(view, language),
        who,
        from === null ? null : card.handover(from),
      );
    }
    case 'pending': {
      const until = ticket.until === null ? null : at(ticket.until, view, language);
      const waiting = card.waiting(ticket.reason, at(ticket.since, view, language), until);
      return lines(facts, waiting, consentLine(view, language, 'work'), clocks, budgetLine(view, language), who);
    }
    case 'resolved':
    case 'closed':
      return lines(
        facts,
        card.solution(cut(ticket.solution, LENGTHS.text)),
        card.closing(wordOf(words.cause, ticket.cause), wordOf(words.closure, ticket.closure)),
        clocks,
        who,
        ticket.rating === null ? null : card.rating(ticket.rating.score),
      );
    case 'rejected':
      return lines(
        facts,
        card.rejected(words.rejected[ticket.rejectedAs], ticket.of === null ? null : ticketId(ticket.of)),
      );
    case 'cancelled':
      return lines(facts);
  }
};

/** `阿克美 / 核心系统 · 数据库 3.2.1 · 生产`: short, since engineers know what stands where. */
const factsLine = (view: TicketView, language: Language): RichText | null => {
  const t = texts(language);
  const { version, environment, site } = view.ticket.fields;
  const together = (parts: readonly (string | null | undefined)[], between: string): string =>
    parts.filter((part) => part !== null && part !== undefined && part !== '').join(between);
  const since = sinceOf(view, language);
  const facts: readonly (string | RichText)[] = [
    together([view.customerName, view.projectName], ' / '),
    together([view.productName, view.componentName, version], ' '),
    environment === undefined ? '' : environmentName(environment, t),
    site ?? '',
    since === null ? '' : t.card.since(since),
  ];
  const known = facts.filter((fact) => fact !== '');
  return known.length === 0 ? null : join(known, ' · ');
};

const impactLine = (view: TicketView, language: Language): RichText | null => {
  const { card, words } = texts(language);
  const { impact } = view.ticket.fields;
  return impact === undefined || impact === '' ? null : card.labelled(words.field.impact, cut(impact, LENGTHS.quote));
};

/** Promises to the customer first, then the running agreements between teams. */
const clocksLine = (view: TicketView, language: Language): RichText | null => {
  const { words } = texts(language);
  const promises = promisesOf(view).map((clock) => clockLine(clock, view, language));
  const internal = view.clocks
    .filter(({ clock }) => clock.kind !== 'SLA' && clock.stoppedAt === null && clock.cancelledAt === null)
    .map((clock) => say`${words.clockKind[clock.clock.kind]} ${clockLine(clock, view, language)}`);
  const all = [...promises, ...internal];
  return all.length === 0 ? null : join(all, ' · ');
};

const actionsOf = (view: TicketView, language: Language): readonly CardAction[] => {
  const { button: label } = texts(language).words;
  const { ticket } = view;
  const open = openButton(view, language);
  // Whoever it was taken from shall see where it went, not claim it back.
  if (view.movedTo !== null) return [open];
  const transfer = button('form:transfer', view, label.transfer);
  const resolve = button('form:resolve', view, label.resolve);
  switch (ticket.status) {
    case 'draft':
    case 'queued':
      return isHeld(ticket)
        ? [
            button('form:authorize', view, label.authorize, 'primary'),
            button('form:reject', view, label.reject, 'danger'),
            open,
          ]
        : [button('claim', view, label.claim, 'primary'), transfer, open];
    case 'in_progress':
      return ticket.handover === null
        ? [
            button('form:resolve', view, label.resolve, 'primary'),
            button('form:pend', view, label.pend),
            button('escalate', view, label.escalate),
            button('form:progress', view, label.progress),
            transfer,
            open,
          ]
        : [
            button('accept_handover', view, label.accept_handover, 'primary'),
            button('form:return', view, label.return),
            resolve,
            button('form:pend', view, label.pend),
            open,
          ];
    case 'pending':
      return [button('resume', view, label.resume, 'primary'), resolve, transfer, open];
    case 'restored':
      return [
        button('form:resolve', view, label.resolve, 'primary'),
        button('form:pend', view, label.pend),
        transfer,
        open,
      ];
    case 'resolved':
      return [open, button('reopen', view, label.reopen)];
    case 'closed':
    case 'rejected':
    case 'cancelled':
      return [open];
  }
};
