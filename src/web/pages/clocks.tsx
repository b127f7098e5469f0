import { clockView } from '../../domain/clocks.ts';
import type { ClockView } from '../../domain/clocks.ts';
import { formatDuration } from '../../domain/duration.ts';
import { explainClock } from '../../domain/explain.ts';
import type { ClockExplanation } from '../../domain/explain.ts';
import type { Clock, Ticket } from '../../domain/ticket.ts';
import { toneOf } from '../view/reading.ts';
import type { Tone } from '../view/reading.ts';
import { fullTime, shortTime } from '../view/time.ts';
import { reasonText, sayWhy } from '../view/why.ts';
import { Time } from './frame.tsx';
import type { PageView } from './view.ts';

/** State and time of a clock in words. */
export function clockText(clock: ClockView, { texts, language }: PageView): string {
  const left = clock.clock.targetMs - clock.elapsedMs;
  const words = (ms: number): string => formatDuration(Math.abs(ms), language);
  switch (toneOf(clock)) {
    case 'cancelled':
      return texts.cancelled;
    case 'met':
      return texts.met(words(clock.elapsedMs));
    case 'breached':
      return texts.over(words(left));
    case 'paused':
      return texts.pausedLeft(words(left));
    default:
      return texts.left(words(left));
  }
}

export const ClockLine = ({ view, clock }: { readonly view: PageView; readonly clock: ClockView }) => (
  <span
    class={`clock ${toneOf(clock)}`}
    title={clock.dueAt === null ? undefined : fullTime(clock.dueAt, view.timezone)}
  >
    <span class="clip">{view.labels.metric[clock.clock.metric]}</span>{' '}
    <span class="value">{clockText(clock, view)}</span>
  </span>
);

const ORDER: Readonly<Record<Tone, number>> = { breached: 0, warning: 0, fine: 0, paused: 1, met: 2, cancelled: 3 };

export const Clocks = ({ view, ticket }: { readonly view: PageView; readonly ticket: Ticket }) => {
  const { texts, policy, now } = view;
  const views = ticket.clocks
    .map((clock) => clockView(clock, policy, now))
    .sort((a, b) => ORDER[toneOf(a)] - ORDER[toneOf(b)] || (a.remainingMs ?? 0) - (b.remainingMs ?? 0));
  return (
    <section class="panel clocks-panel" aria-label={texts.ticket.clocks}>
      <h2>{texts.ticket.clocks}</h2>
      {views.length === 0 ? <p class="quiet">{texts.ticket.noClocks}</p> : null}
      <ul class="clocks">
        {views.map((clock) => (
          <ClockItem view={view} clock={clock} />
        ))}
      </ul>
    </section>
  );
};

const ClockItem = ({ view, clock }: { readonly view: PageView; readonly clock: ClockView }) => {
  const { texts, labels, policy, language, now } = view;
  const { clock: facts } = clock;
  const told = explainClock(facts, policy, now);
  return (
    <li class={`timer ${toneOf(clock)}`}>
      <p class="timer-head">
        <span class="name">
          {labels.metric[facts.metric]} {facts.kind === 'SLA' ? null : <span class="quiet">{facts.kind}</span>}
        </span>
        <span class="value">{clockText(clock, view)}</span>
      </p>
      <Strip view={view} clock={facts} told={told} />
      <details>
        <summary>
          {clock.dueAt === null ? (
            texts.paused
          ) : (
            <Time ms={clock.dueAt} view={view} text={texts.due(shortTime(clock.dueAt, view.timezone, now, language))} />
          )}{' '}
          <span class="quiet">{texts.ticket.why}</span>
        </summary>
        <p class="why">{sayWhy(facts, told, { language, labels, now })}</p>
        <Intervals view={view} told={told} />
      </details>
    </li>
  );
};

/** The latest are what is asked about; all of them are in the API. */
const MOST_ROWS = 40;

/** What counted and what did not, one after the other, with the reason of each. */
const Intervals = ({ view, told }: { readonly view: PageView; readonly told: ClockExplanation }) => {
  const { texts, labels, language, timezone, now } = view;
  const rows = [
    ...told.counted.map((span) => ({ ...span, why: texts.ticket.counted })),
    ...told.excluded
      .filter(({ from }) => from < told.until)
      .map((span) => ({ ...span, to: Math.min(span.to, told.until), why: reasonText(span, language, labels) })),
  ].sort((a, b) => a.from - b.from);
  const at = (ms: number): string => shortTime(ms, timezone, now, language);
  return (
    <ul class="intervals">
      {rows.length > MOST_ROWS ? <li class="quiet">…</li> : null}
      {rows.slice(-MOST_ROWS).map(({ from, to, why }) => (
        <li>
          {at(from)} – {at(to)} · {formatDuration(to - from, language)} · <span class="quiet">{why}</span>
        </li>
      ))}
    </ul>
  );
};

/** More pieces than pixels tell nothing. */
const MOST_PIECES = 240;
const WIDTH = 1000;

/** From start to due: counted solid, closed hours hatched, paused dotted; a line for now. Hover names each reason. */
const Strip = ({
  view,
  clock,
  told,
}: {
  readonly view: PageView;
  readonly clock: Clock;
  readonly told: ClockExplanation;
}) => {
  const { texts, labels, language, timezone, now } = view;
  const end = told.dueAt ?? told.until;
  const length = end - told.from;
  if (length <= 0) return null;
  const at = (ms: number): number => Math.round(((Math.min(ms, end) - told.from) / length) * WIDTH);
  const pieces = [
    ...[...told.counted, ...told.toCome].map((span) => ({ ...span, kind: 'counted', why: texts.ticket.counted })),
    ...told.excluded.map((span) => ({
      ...span,
      kind: span.reason === 'paused' ? 'paused' : 'closed',
      why: reasonText(span, language, labels),
    })),
  ]
    .filter(({ from }) => from < end)
    .slice(0, MOST_PIECES);
  const used = Math.min(end, told.until);
  const id = clock.id.replaceAll(/\W/g, '-');
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${WIDTH} 12`}
      preserveAspectRatio="none"
      role="img"
      aria-label={labels.metric[clock.metric]}
    >
      <defs>
        <pattern id={`hatch-${id}`} width="12" height="12" patternUnits="userSpaceOnUse">
          <path class="hatch" d="M0 12 L12 0" />
        </pattern>
        <pattern id={`dots-${id}`} width="14" height="6" patternUnits="userSpaceOnUse">
          <rect class="dot" x="4" y="2" width="6" height="2" />
        </pattern>
      </defs>
      {pieces.map(({ from, to, kind, why }) => (
        <g>
          <title>{`${why}: ${shortTime(from, timezone, now, language)} – ${shortTime(to, timezone, now, language)}`}</title>
          <rect
            class={kind === 'counted' ? 'rest' : 'none'}
            x={at(from)}
            y="0"
            width={Math.max(1, at(to) - at(from))}
            height="12"
          />
          {kind === 'counted' && used > from ? (
            <rect class="used" x={at(from)} y="0" width={Math.max(1, at(Math.min(to, used)) - at(from))} height="12" />
          ) : null}
          {kind === 'counted' ? null : (
            <rect
              x={at(from)}
              y="0"
              width={Math.max(1, at(to) - at(from))}
              height="12"
              fill={`url(#${kind === 'paused' ? 'dots' : 'hatch'}-${id})`}
            />
          )}
        </g>
      ))}
    </svg>
  );
};
