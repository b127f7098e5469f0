import type { ClockState } from '../../domain/clocks.ts';
import type { Clock } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import type { Card, CardField, RichText } from '../card.ts';
import { instant, join, texts } from '../texts/index.ts';
import { headOf, openButton } from './parts.ts';
import type { TicketView } from './view.ts';

/** Why one clock is due when it is. Durations are open time of the calendar, ms. */
export interface ExplainedClock {
  readonly clock: Clock;
  readonly state: ClockState;
  readonly dueAt: number | null;
  readonly targetMs: number;
  readonly calendarId: string;
  readonly policy: string;
  readonly source: string;
  readonly elapsedMs: number;
  readonly pausedMs: number;
}

/** Answers "why is it with this team, and why is it due then": the rule, the service level, and each clock with what counted. */
export const explainCard = (view: TicketView, clocks: readonly ExplainedClock[], language: Language): Card => {
  const { explain } = texts(language);
  const shown = clocks.filter(({ clock }) => clock.cancelledAt === null);
  return {
    head: headOf(view, language),
    title: explain.title,
    tone: 'neutral',
    lines: [
      ...(view.teamName === null ? [] : [explain.routed(view.teamName, view.ticket.routedBy)]),
      ...sourcesOf(shown, language),
    ],
    fields: shown.map((clock) => fieldOf(clock, view, language)),
    actions: [openButton(view, language)],
    ...(shown.length > 0 ? { note: [explain.notCounted] } : {}),
  };
};

const sourcesOf = (clocks: readonly ExplainedClock[], language: Language): readonly RichText[] => {
  const { explain } = texts(language);
  const promised = clocks.filter(({ clock }) => clock.kind === 'SLA');
  if (promised.length === 0) return [explain.noPromise];
  const named = new Map(promised.map(({ source, policy }) => [`${source} ${policy}`, { source, policy }]));
  return [...named.values()].map(({ source, policy }) => explain.promisedBy(source, policy));
};

const fieldOf = (clock: ExplainedClock, view: TicketView, language: Language): CardField => {
  const t = texts(language);
  const at = (ms: number) => instant(ms, view, language, 'lasting');
  const { metric, kind, startedAt, stoppedAt, pauses } = clock.clock;
  const pause = stoppedAt === null ? pauses.find(({ to }) => to === null) : undefined;
  const due =
    pause !== undefined
      ? t.explain.paused(at(pause.from), t.duration(Math.max(0, clock.targetMs - clock.elapsedMs)))
      : clock.dueAt === null
        ? null
        : t.explain.due(at(clock.dueAt));
  const value = join(
    [
      t.explain.state(clock.state),
      t.explain.target(t.duration(clock.targetMs), clock.calendarId, at(startedAt)),
      ...(due === null ? [] : [due]),
      t.explain.used(t.duration(clock.elapsedMs), clock.pausedMs > 0 ? t.duration(clock.pausedMs) : null),
    ],
    ' · ',
  );
  return { label: kind === 'SLA' ? t.words.metric[metric] : `${kind} ${t.words.metric[metric]}`, value };
};
