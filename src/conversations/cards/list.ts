import { assigneeOf } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import type { Card, Inline, RichText } from '../card.ts';
import { bold, join, say, texts } from '../texts/index.ts';
import { clockLine, isBreached, promisesOf, titleOf } from './parts.ts';
import type { TicketView } from './view.ts';

const MOST = 15;

/** `ITR-128 · S1 · 处理中 · 魏伟 · title · 恢复剩余 …`: one line each, the number leading to its page. */
export const ticketLine = (
  view: TicketView,
  language: Language,
  options: { readonly owner?: boolean } = {},
): RichText => {
  const { words } = texts(language);
  const { ticket } = view;
  const id: Inline = view.url === null ? bold(view.id) : { kind: 'link', text: view.id, url: view.url };
  const owner = options.owner === false ? null : (assigneeOf(ticket)?.name ?? null);
  const status = ticket.status === 'pending' ? words.reason[ticket.reason] : words.status[ticket.status];
  // The next promise only: a list is for finding what to do first.
  const next = promisesOf(view).find(({ clock }) => clock.stoppedAt === null);
  return join(
    [
      id,
      ticket.severity,
      status,
      ...(owner === null ? [] : [owner]),
      titleOf(view),
      ...(next === undefined ? [] : [clockLine(next, view, language)]),
    ],
    ' · ',
  );
};

/** The most urgent first: overdue, then by severity, then by what is due next. */
export const byUrgency = (a: TicketView, b: TicketView): number =>
  Number(isBreached(b)) - Number(isBreached(a)) ||
  a.ticket.severity.localeCompare(b.ticket.severity) ||
  nextDue(a) - nextDue(b) ||
  a.ticket.number - b.ticket.number;

const nextDue = (view: TicketView): number =>
  Math.min(
    ...promisesOf(view).flatMap(({ clock, dueAt }) => (clock.stoppedAt === null && dueAt !== null ? [dueAt] : [])),
    Number.MAX_SAFE_INTEGER,
  );

/** An answer that lists tickets: `mine`, a team's queue. */
export const ticketList = (
  title: string,
  views: readonly TicketView[],
  language: Language,
  empty: RichText,
  options: { readonly owner?: boolean } = {},
): Card => {
  const { answer } = texts(language);
  const sorted = [...views].sort(byUrgency);
  const shown = sorted.slice(0, MOST).map((view) => ticketLine(view, language, options));
  return {
    head: 'ITR',
    title,
    tone: sorted.some(isBreached) ? 'warning' : 'neutral',
    lines: shown.length === 0 ? [empty] : shown,
    fields: [],
    actions: [],
    ...(sorted.length > MOST ? { note: say`${answer.moreOf(sorted.length - MOST)}` } : {}),
  };
};
