import type { TicketEvent } from '../../domain/events.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { assigneeOf } from '../../domain/ticket.ts';
import { possible } from '../../domain/transitions.ts';
import { ticketId } from '../../domain/words.ts';
import { flowOf } from '../view/flow.ts';
import { Severity } from './board.tsx';
import { Clocks } from './clocks.tsx';
import { Facts } from './facts.tsx';
import { Frame, Time } from './frame.tsx';
import { Timeline } from './timeline.tsx';
import type { PageView } from './view.ts';

interface TicketProps {
  readonly view: PageView;
  readonly ticket: Ticket;
  readonly timeline: readonly TicketEvent[];
  readonly order: 'newest' | 'oldest';
  /** Earlier entries that are left out. */
  readonly hidden: number;
}

export const TicketPage = ({ view, ticket, timeline, order, hidden }: TicketProps) => {
  const { texts, labels } = view;
  const id = ticketId(ticket.number);
  const title = ticket.fields.title ?? labels.field.title;
  const owner = assigneeOf(ticket);
  const moves = possible(ticket).filter((type) => !ASIDE.has(type));
  return (
    <Frame view={view} title={`${id} ${title}`}>
      <p class="live" role="status" data-live={id} data-text={texts.ticket.refresh}></p>
      <header class="ticket-head">
        <p class="line">
          <strong>{id}</strong>
          <Severity view={view} ticket={ticket} />
          <span>{labels.kind[ticket.kind]}</span>
          <span class={`status ${ticket.status}`}>{statusText(ticket, view)}</span>
          {owner !== null ? (
            <span>
              <span class="quiet">{texts.ticket.owner}</span> {owner.name}
            </span>
          ) : ticket.status === 'queued' ? (
            <span class="nobody">{texts.nobody}</span>
          ) : null}
        </p>
        <h1 dir="auto">{title}</h1>
        {moves.length === 0 ? null : (
          <p class="quiet next">
            {texts.ticket.next}: {moves.map((type) => labels.can[type]).join(labels.comma)}
          </p>
        )}
      </header>
      <div class="ticket">
        <div class="story">
          <Flow view={view} ticket={ticket} timeline={timeline} />
          <Timeline view={view} timeline={timeline} order={order} hidden={hidden} />
        </div>
        <aside>
          <Clocks view={view} ticket={ticket} />
          <Facts view={view} ticket={ticket} />
        </aside>
      </div>
    </Frame>
  );
};

/** Possible nearly always: no answer to "what next?". */
const ASIDE: ReadonlySet<string> = new Set([
  'set',
  'comment',
  'note',
  'evidence',
  'internal',
  'link',
  'set_severity',
  'acknowledge',
  'consent',
  'accept_handover',
  'return',
]);

function statusText(ticket: Ticket, { labels }: PageView): string {
  const status = labels.status[ticket.status];
  if (ticket.status === 'pending') return `⏸︎ ${status} · ${labels.reason[ticket.reason]}`;
  return ticket.status === 'rejected' ? `${status} · ${labels.rejected[ticket.rejectedAs]}` : status;
}

const Flow = ({ view, ticket, timeline }: Pick<TicketProps, 'view' | 'ticket' | 'timeline'>) => {
  const { texts } = view;
  const steps = flowOf(ticket, timeline);
  return (
    <section class="panel flow-panel" aria-label={texts.ticket.flow}>
      {(['acceptance', 'handling', 'closing'] as const).map((stage) => (
        <div class="stage">
          <h2>{texts.ticket.stage[stage]}</h2>
          <ol class="flow">
            {steps
              .filter((step) => step.stage === stage)
              .map((step) => {
                const state = step.here ? 'here' : step.at === null ? 'todo' : 'done';
                const word = { here: texts.ticket.now, todo: texts.ticket.todo, done: texts.ticket.done }[state];
                return (
                  <li class={state} aria-current={step.here ? 'step' : undefined}>
                    <span class="mark" aria-hidden="true">
                      {step.at !== null && !step.here ? '✓' : ''}
                    </span>
                    <span class="activity">
                      {texts.ticket.activity[step.activity]}
                      <span class="sr">, {word}</span>
                    </span>
                    {step.at === null ? null : <Time ms={step.at} view={view} />}
                  </li>
                );
              })}
          </ol>
        </div>
      ))}
      {ticket.status === 'rejected' || ticket.status === 'cancelled' ? (
        <p class="ended">
          {texts.ticket.stage.end}: {statusText(ticket, view)}
        </p>
      ) : null}
    </section>
  );
};
