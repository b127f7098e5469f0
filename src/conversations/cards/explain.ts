import { clockView, type ClockView } from '../../domain/clocks.ts';
import { explainClock, summaryOf, type ClockExplanation, type ExplanationSummary } from '../../domain/explain.ts';
import { DAY } from '../../domain/instant.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Clock } from '../../domain/ticket.ts';
import { PEND_REASONS, type Language } from '../../domain/words.ts';
import type { Card, CardField, RichText } from '../card.ts';
import { dayOf, instant, join, texts } from '../texts/index.ts';
import type { CountedDays } from '../texts/texts.ts';
import { headOf, openButton } from './parts.ts';
import type { TicketView } from './view.ts';

/** One clock, with what counted and what did not. */
export interface ExplainedClock {
  readonly shown: ClockView;
  readonly told: ClockExplanation;
  readonly summary: ExplanationSummary;
}

/** @param timezone of the reader: his days. */
export const explained = (clock: Clock, policy: Policy, now: number, timezone: string): ExplainedClock => {
  const told = explainClock(clock, policy, now);
  return { shown: clockView(clock, policy, now), told, summary: summaryOf(clock, policy, told, timezone) };
};

/**
 * Answers "why is it with this team, and why is it due then": the rule, the service level, and each clock with what counted.
 * @param customer the reader is whom the ticket waited for.
 */
export const explainCard = (
  view: TicketView,
  clocks: readonly ExplainedClock[],
  language: Language,
  customer: boolean,
): Card => {
  const { explain } = texts(language);
  const { shared } = view.ticket;
  const shown = clocks.filter((one) => one.shown.clock.cancelledAt === null);
  return {
    head: headOf(view, language),
    title: explain.title,
    tone: 'neutral',
    lines: [
      ...(view.teamName === null ? [] : [explain.routed(view.teamName, view.ticket.routedBy)]),
      ...(shared === undefined || shared.team !== view.ticket.team ? [] : [explain.shared(shared.how, shared.to.name)]),
      ...sourcesOf(shown, language),
    ],
    fields: shown.map((clock) => fieldOf(clock, view, language, customer)),
    actions: [openButton(view, language)],
  };
};

const sourcesOf = (clocks: readonly ExplainedClock[], language: Language): readonly RichText[] => {
  const { explain } = texts(language);
  const promised = clocks.map(({ shown }) => shown.clock).filter(({ kind }) => kind === 'SLA');
  if (promised.length === 0) return [explain.noPromise];
  const named = new Map(promised.map(({ source, policy }) => [`${source} ${policy}`, { source, policy }]));
  return [...named.values()].map(({ source, policy }) => explain.promisedBy(source, policy));
};

const fieldOf = (one: ExplainedClock, view: TicketView, language: Language, customer: boolean): CardField => {
  const t = texts(language);
  const at = (ms: number) => instant(ms, view, language, 'lasting');
  const { clock, state, elapsedMs, remainingMs } = one.shown;
  const { dueAt } = one.told;
  const pause = clock.stoppedAt === null ? clock.pauses.find(({ to }) => to === null) : undefined;
  const target = t.explain.target(t.duration(clock.targetMs), clock.calendar, at(clock.startedAt));
  const why = whyOf(one, target, view, language, customer);
  const facts = join(
    [
      t.explain.state(state),
      ...(why.length > 0 && dueAt !== null ? [] : [target]),
      ...(pause !== undefined
        ? [t.explain.paused(at(pause.from), t.duration(Math.max(0, remainingMs ?? 0)))]
        : dueAt === null
          ? []
          : [t.explain.due(at(dueAt))]),
      t.explain.used(t.duration(elapsedMs)),
      ...(clock.kind === 'SLA' ? [] : [t.explain.by(clock.policy, clock.source)]),
    ],
    ' · ',
  );
  const value = why.length === 0 ? facts : join([facts, why], '\n');
  return {
    label: clock.kind === 'SLA' ? t.words.metric[clock.metric] : `${clock.kind} ${t.words.metric[clock.metric]}`,
    value,
  };
};

/** `Why Tue 17 Nov 09:12: 40 h of service time from …. Counted: …. Not counted: ….` Nothing where every minute counts: there is nothing to wonder at. */
const whyOf = (
  { told, summary }: ExplainedClock,
  target: RichText,
  view: TicketView,
  language: Language,
  customer: boolean,
): RichText => {
  const t = texts(language);
  const { explain } = t;
  const duration = (ms: number): string => t.duration(ms);
  const at = (ms: number) => instant(ms, view, language, 'lasting');
  if (summary.left.length === 0 && summary.waits.length === 0) return [];
  const waits = summary.waits.map(({ name, openMs, from, to, by, consent, lasts }) => ({
    reason: PEND_REASONS.find((known) => known === name) ?? ('resolved' as const),
    forYou: customer && name === 'customer',
    open: duration(openMs),
    from: at(from),
    to: lasts ? null : at(to),
    by: by?.name ?? null,
    consent,
  }));
  return join(
    [
      told.dueAt === null ? explain.standsStill : explain.why(at(told.dueAt), target),
      ...(summary.days.length === 0 ? [] : [explain.counted(countedOf(summary, language, duration))]),
      explain.leftOut(summary.left, waits),
    ],
    language === 'en' ? ' ' : '',
  );
};

/** Days one after the other with as much time each are told together. */
const countedOf = (
  { days }: ExplanationSummary,
  language: Language,
  duration: (ms: number) => string,
): readonly CountedDays[] => {
  const first = days[0]?.day ?? 0;
  // Weekdays are what people think in; over a fortnight each would come thrice.
  const dated = (days.at(-1)?.day ?? first) - first > 13;
  const groups: { ms: number; days: string[] }[] = [];
  for (const { day, ms } of days) {
    const name = dayOf(day * DAY, language, dated);
    const last = groups.at(-1);
    if (last?.ms === ms) last.days.push(name);
    else groups.push({ ms, days: [name] });
  }
  return groups.map(({ ms, days: names }) => ({ days: names, each: duration(ms) }));
};
