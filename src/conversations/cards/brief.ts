import type { TicketEvent } from '../../domain/events.ts';
import type { NoticeBody } from '../../domain/notices.ts';
import { openQuestions, promisesMade, waitLeft } from '../../domain/open-ends.ts';
import { sameMessage } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import { plain, type Card, type CardAction, type RichText } from '../card.ts';
import { bold, cut, join, say, texts } from '../texts/index.ts';
import {
  at,
  budgetLine,
  button,
  clockLine,
  environmentName,
  LENGTHS,
  lines,
  openButton,
  sinceOf,
  titleOf,
  toneOf,
} from './parts.ts';
import type { TicketView } from './view.ts';

type Handover = Extract<NoticeBody, { type: 'handover' }>;

/** Enough to go on with, little enough to read before going on. */
const MOST = { tried: 4, evidence: 4, questions: 3 } as const;

/**
 * The hand-over brief: what it is, what was tried, what is open, who waits for whom, and the clocks, so that nobody starts from zero
 * (docs/domain.md).
 */
export const briefCard = (
  view: TicketView,
  handover: Handover,
  timeline: readonly TicketEvent[],
  language: Language,
): Card => {
  const { notice } = texts(language);
  const from = view.handoverFrom ?? handover.from?.name ?? null;
  const to = handover.to === null ? view.teamName : handover.to.name;
  return {
    head: plain(notice.handover(view.id, from, to)),
    title: titleOf(view),
    tone: toneOf(view),
    lines: linesOf(view, handover, timeline, language),
    fields: [],
    actions: actionsOf(view, handover, language),
  };
};

const linesOf = (
  view: TicketView,
  handover: Handover,
  timeline: readonly TicketEvent[],
  language: Language,
): readonly RichText[] => {
  const t = texts(language);
  const { brief } = t.notice;
  const labelled = (label: string, value: RichText | null): RichText | null =>
    value === null || value.length === 0 ? null : say`${bold(label)}${t.words.colon}${value}`;
  return lines(
    labelled(brief.what, whatOf(view, language)),
    labelled(brief.environment, environmentOf(view, language)),
    labelled(brief.tried, triedOf(timeline, language)),
    labelled(brief.evidence, evidenceOf(timeline, view, language)),
    labelled(brief.open, openOf(view, timeline, language)),
    labelled(brief.promised, promisesOf(view, timeline, language)),
    handover.note === null || handover.note === '' ? null : brief.note(cut(handover.note, LENGTHS.text)),
    becauseOf(view, handover, language),
    labelled(brief.time, timeOf(view, language)),
  );
};

const becauseOf = (view: TicketView, { because }: Handover, language: Language): RichText | null => {
  const metric = view.clocks.find(({ clock }) => clock.id === because?.clock)?.clock.metric;
  return because === undefined || metric === undefined
    ? null
    : texts(language).notice.brief.escalatedAt(metric, because.point);
};

const whatOf = (view: TicketView, language: Language): RichText => {
  const { card, words } = texts(language);
  const { description, impact } = view.ticket.fields;
  const since = sinceOf(view, language);
  const title = titleOf(view);
  const more = description === undefined || cut(description, LENGTHS.title) === title ? null : description;
  return join(
    [
      ...(since === null ? [] : [card.since(since)]),
      ...(more === null ? [] : [cut(more, LENGTHS.text)]),
      ...(impact === undefined || impact === '' ? [] : [card.labelled(words.field.impact, cut(impact, LENGTHS.quote))]),
    ],
    ' · ',
  );
};

const environmentOf = (view: TicketView, language: Language): RichText => {
  const t = texts(language);
  const { version, environment, site } = view.ticket.fields;
  const parts = [
    view.productName,
    view.componentName,
    version,
    environment === undefined ? null : environmentName(environment, t),
    site,
  ];
  const known = parts.filter((part) => part !== null && part !== undefined && part !== '');
  return known.length === 0 ? [] : [known.join(' · ')];
};

/** What the service side said and noted, the latest ones: internal words too, since only the service side reads a brief. */
const triedOf = (timeline: readonly TicketEvent[], language: Language): RichText => {
  const gone = timeline.flatMap((event) => (event.type === 'message_deleted' ? [event.key] : []));
  const said = timeline.flatMap((event): readonly string[] => {
    if (event.type === 'note') return event.text === null ? [] : [event.text];
    if (event.type !== 'message' || event.side !== 'service' || isCommand(event)) return [];
    return gone.some((key) => sameMessage(key, event.key)) ? [] : [withoutMark(event.text)];
  });
  const latest = said.filter((text) => text.trim() !== '').slice(-MOST.tried);
  return latest.length === 0
    ? [texts(language).notice.brief.nothingTried]
    : [latest.map((text) => cut(text, LENGTHS.quote)).join(' · ')];
};

/** What begins an internal note. Whatever else is internal from the start was a command to the bot. */
const NOTE = /^\s*(?:\/\/|内部|备注|internal|note)[\s:：]*/i;

const isCommand = ({ internal, text }: Extract<TicketEvent, { type: 'message' }>): boolean =>
  internal && !NOTE.test(text);

const withoutMark = (text: string): string => text.replace(/^\s*\/\/\s*/, '');

const evidenceOf = (timeline: readonly TicketEvent[], view: TicketView, language: Language): RichText => {
  const { brief } = texts(language).notice;
  const kept = view.ticket.evidence.slice(-MOST.evidence).map((key): RichText => {
    const message = timeline.find((event) => event.type === 'message' && sameMessage(event.key, key));
    if (message?.type !== 'message') return ['📌'];
    const files = message.attachments.map(({ name }) => name);
    const shown = [message.text.trim(), ...files].filter((one) => one !== '').join(' ');
    return say`${brief.message(at(message.saidAt, view, language))} ${cut(shown, LENGTHS.quote)}`;
  });
  return join(kept, ' · ');
};

/** What the ticket waits for, and who owes the answer. */
const openOf = (view: TicketView, timeline: readonly TicketEvent[], language: Language): RichText | null => {
  const { notice } = texts(language);
  const { ticket } = view;
  const open: RichText[] = [];
  const wait = ticket.status === 'pending' ? { ...ticket, note: null } : waitLeft(timeline);
  if (wait !== null) open.push(notice.brief.waiting(wait.reason, at(wait.since, view, language)));
  if (wait?.note != null && wait.note !== '') open.push([cut(wait.note, LENGTHS.quote)]);
  for (const { text, by, at: asked } of openQuestions(timeline).slice(-MOST.questions))
    open.push(notice.brief.question(cut(text, LENGTHS.quote), by.name, at(asked, view, language)));
  if (ticket.lastProgress !== null)
    open.push(
      notice.lastProgress(at(ticket.lastProgress.at, view, language), cut(ticket.lastProgress.text, LENGTHS.quote)),
    );
  return open.length === 0 ? null : join(open, ' · ');
};

const promisesOf = (view: TicketView, timeline: readonly TicketEvent[], language: Language): RichText | null => {
  const { brief } = texts(language).notice;
  const made = promisesMade(timeline).map(({ text, by, at: said }) =>
    brief.promise(cut(text, LENGTHS.quote), by.name, at(said, view, language)),
  );
  return made.length === 0 ? null : join(made, ' · ');
};

const timeOf = (view: TicketView, language: Language): RichText => {
  const budget = budgetLine(view, language);
  return join(
    view.clocks
      .filter(({ clock }) => clock.cancelledAt === null && clock.metric !== 'update')
      .map((shown) => clockLine(shown, view, language))
      .concat(budget === null ? [] : [budget]),
    ' · ',
  );
};

const actionsOf = (view: TicketView, handover: Handover, language: Language): readonly CardAction[] => {
  const { button: label } = texts(language).words;
  const { ticket } = view;
  if (ticket.status === 'queued') return [button('claim', view, label.claim, 'primary'), openButton(view, language)];
  if (ticket.handover === null || handover.to === null) return [openButton(view, language)];
  return [
    button('accept_handover', view, label.accept_handover, 'primary'),
    button('form:return', view, label.return),
    openButton(view, language),
  ];
};
