import type { ClockView } from '../../domain/clocks.ts';
import { roundToMinute } from '../../domain/duration.ts';
import { MINUTE, parseInstant } from '../../domain/instant.ts';
import { assigneeOf } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import { actionValue, type Action } from '../actions.ts';
import type { CardAction, Inline, RichText, Tone } from '../card.ts';
import { cut, instant, join, texts, wordOf, type Texts } from '../texts/index.ts';
import type { TicketView } from './view.ts';

/** What several cards share. */

export const LENGTHS = { title: 150, text: 500, quote: 120 } as const;

/** `ITR-128 · 故障 · S2（推断） · 待补充`, and the owner where there is one. */
export const headOf = (view: TicketView, language: Language): string => {
  const { words, card } = texts(language);
  const { ticket } = view;
  const severity = ticket.severityGuessed ? card.guessed(ticket.severity) : ticket.severity;
  const status = ticket.status === 'pending' ? words.reason[ticket.reason] : words.status[ticket.status];
  const owner = 'assignee' in ticket && !isOver(view) ? [ticket.assignee.name] : [];
  // The card of a team that has it no more is not kept up to date: it shows nothing that changes.
  if (view.movedTo !== null) return [view.id, words.kind[ticket.kind], severity].join(' · ');
  return [view.id, words.kind[ticket.kind], severity, status, ...owner].join(' · ');
};

const isOver = ({ ticket }: TicketView): boolean => ticket.status === 'resolved' || ticket.status === 'closed';

export const titleOf = (view: TicketView): string => {
  const { title, description } = view.ticket.fields;
  return cut(title ?? description ?? view.id, LENGTHS.title);
};

export const toneOf = (view: TicketView): Tone => {
  const { ticket } = view;
  switch (ticket.status) {
    case 'resolved':
    case 'closed':
      return 'success';
    case 'rejected':
    case 'cancelled':
    case 'pending':
      return 'neutral';
    case 'draft':
      return 'info';
    case 'restored':
      return isBreached(view) ? 'danger' : 'info';
    case 'queued':
    case 'in_progress':
      if (ticket.severity === 'S1' || isBreached(view)) return 'danger';
      return ticket.severity === 'S2' ? 'warning' : 'info';
  }
};

export const isBreached = (view: TicketView): boolean =>
  view.clocks.some(({ clock, state }) => clock.kind === 'SLA' && state === 'breached' && clock.stoppedAt === null);

export const at = (ms: number, view: Pick<TicketView, 'now' | 'timezone'>, language: Language): Inline =>
  instant(ms, view, language, 'lasting');

/** `since` is an instant where one was understood, and what was said otherwise. */
export const sinceOf = (view: TicketView, language: Language): Inline | null => {
  const { since } = view.ticket.fields;
  if (since === undefined || since === '') return null;
  try {
    return at(parseInstant(since), view, language);
  } catch {
    return cut(since, LENGTHS.quote);
  }
};

export const environmentName = (environment: string, t: Texts): string => wordOf(t.words.environment, environment);

/** The promises to the customer, in the order in which they are kept. */
export const promisesOf = (view: TicketView): readonly ClockView[] =>
  (['response', 'restore', 'resolve'] as const).flatMap((metric) => {
    const last = view.clocks.findLast(({ clock }) => clock.metric === metric && clock.cancelledAt === null);
    return last === undefined ? [] : [last];
  });

/** For the service side: what is left of a clock, or how it ended. */
export const clockLine = (shown: ClockView, view: TicketView, language: Language): RichText => {
  const t = texts(language);
  const { clock, dueAt, remainingMs } = shown;
  if (clock.stoppedAt !== null)
    return shown.state === 'breached'
      ? t.card.missed(clock.metric, t.duration(shown.elapsedMs))
      : t.card.met(clock.metric, t.duration(shown.elapsedMs));
  const left =
    view.relative && remainingMs !== null && remainingMs >= 0 ? t.duration(roundToMinute(remainingMs)) : null;
  if (shown.paused || dueAt === null) return t.card.paused(clock.metric, left);
  if (left !== null) return t.card.left(clock.metric, left, at(dueAt, view, language));
  return remainingMs !== null && remainingMs < 0
    ? t.card.over(
        clock.metric,
        view.relative && -remainingMs >= MINUTE ? t.duration(-remainingMs) : '',
        at(dueAt, view, language),
      )
    : t.card.promise(clock.metric, at(dueAt, view, language));
};

/** To the customer: by when, and how it went; never how the team stands with itself. */
export const promiseLine = (view: TicketView, language: Language): RichText | null => {
  const t = texts(language);
  const promises = promisesOf(view).flatMap((shown): readonly RichText[] => {
    const { clock, dueAt } = shown;
    if (clock.stoppedAt !== null)
      return shown.state === 'breached' ? [] : [t.card.met(clock.metric, t.duration(shown.elapsedMs))];
    if (shown.paused || dueAt === null) return [t.card.paused(clock.metric, null)];
    return [t.card.promise(clock.metric, at(dueAt, view, language))];
  });
  return promises.length === 0 ? null : t.card.promises(promises, view.ticket.contract);
};

/** `数据库一线 · 值班 魏伟`, or the owner. */
export const whoLine = (view: TicketView, language: Language): RichText | null => {
  const { card } = texts(language);
  const owner = assigneeOf(view.ticket);
  if (owner !== null) return card.owner(owner.name, view.teamName);
  if (view.teamName === null) return null;
  const duty =
    view.duty === null
      ? null
      : view.duty.name === null || view.duty.hole
        ? card.nobodyOnDuty
        : card.duty(view.duty.name);
  return duty === null ? [view.teamName] : join([view.teamName, duty], ' · ');
};

export const button = (action: Action, view: TicketView, label: string, style?: 'primary' | 'danger'): CardAction => ({
  action,
  value: actionValue(view.ticket.number),
  label,
  ...(style === undefined ? {} : { style }),
});

/** Opens the ticket's page; without an address for it, the bot shows the ticket in the chat. */
export const openButton = (view: TicketView, language: Language): CardAction => {
  const { button: labels } = texts(language).words;
  return view.url === null
    ? button('show', view, labels.show)
    : { ...button('show', view, labels.open), url: view.url };
};

/** While it waits: whether the clocks stand still, and whose word that takes. */
export const consentLine = (view: TicketView, language: Language, reader: 'origin' | 'work'): RichText | null => {
  const { card } = texts(language);
  const { ticket } = view;
  if (ticket.status !== 'pending') return null;
  if (ticket.consentBy !== null) {
    const by = at(ticket.consentBy, view, language);
    return reader === 'origin' ? card.askConsent(by) : card.awaitsConsent(by);
  }
  const agreed = ticket.clocks
    .flatMap(({ pauses }) => pauses)
    .find(({ to, consent }) => to === null && consent !== undefined);
  return agreed?.consent === undefined ? null : card.consented(at(agreed.from, view, language), agreed.consent);
};

/** What is left for the tier that has it, once another one has taken too long: for the service side only. */
export const budgetLine = (view: TicketView, language: Language): RichText | null => {
  const t = texts(language);
  const { budget } = view;
  // The card is equal to itself as long as nothing happens; what is left changes by the minute.
  if (budget === null || !view.relative) return null;
  return t.card.budget({
    tier: budget.tier,
    left: budget.remainingMs > 0 ? t.duration(budget.remainingMs) : null,
    ola: budget.olaMs === null ? null : t.duration(budget.olaMs),
    overrun: budget.overrun.map(({ tier, byMs }) => ({ tier, by: t.duration(byMs) })),
    following: budget.following,
  });
};

export const lines = (...all: readonly (RichText | null)[]): readonly RichText[] =>
  all.filter((line): line is RichText => line !== null && line.length > 0);
