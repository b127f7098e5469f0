import type { Ticket } from '../../domain/ticket.ts';
import { assigneeOf } from '../../domain/ticket.ts';
import { missingFields } from '../../domain/decide/index.ts';
import { ticketId } from '../../domain/words.ts';
import type { Status } from '../../domain/words.ts';
import { isOver, mostUrgent } from '../view/reading.ts';
import { ClockLine } from './clocks.tsx';
import { Empty, Frame } from './frame.tsx';
import { customerName, personName, projectName, teamName } from './view.ts';
import type { PageView } from './view.ts';

export const FILTERS = ['team', 'assignee', 'project', 'q'] as const;
export type Filters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;

export interface Column {
  readonly status: Status;
  readonly count: number;
  readonly tickets: readonly Ticket[];
}

interface BoardProps {
  readonly view: PageView;
  readonly columns: readonly Column[];
  readonly filters: Filters;
  readonly ended: boolean;
}

export const Board = ({ view, columns, filters, ended }: BoardProps) => {
  const { texts } = view;
  const total = columns.reduce((sum, column) => sum + column.count, 0);
  const filtered = Object.keys(filters).length > 0;
  return (
    <Frame view={view} title={texts.board.title} here="/board">
      <div class="board-head">
        <h1>{texts.board.title}</h1>
        <FilterForm view={view} filters={filters} ended={ended} />
      </div>
      <Chips view={view} filters={filters} ended={ended} />
      <p class="live" role="status" data-live="board" data-text={texts.board.waiting}></p>
      {total === 0 ? (
        <Empty title={texts.board.empty}>
          <p>{filtered ? texts.board.emptyFiltered : texts.board.emptyHow}</p>
          {view.playground && !filtered ? (
            <p>
              <a class="button primary" href="/playground">
                {texts.nav.playground}
              </a>
            </p>
          ) : null}
        </Empty>
      ) : (
        <div class="board" id="board" tabindex={0} role="region" aria-label={texts.board.title}>
          {columns.map((column) => (
            <BoardColumn view={view} column={column} />
          ))}
        </div>
      )}
    </Frame>
  );
};

const BoardColumn = ({ view, column }: { readonly view: PageView; readonly column: Column }) => {
  const { texts, labels, policy, now } = view;
  const over = column.tickets.filter((ticket) => isOver(ticket, policy, now)).length;
  const hidden = column.count - column.tickets.length;
  return (
    <section class={column.count === 0 ? 'column none' : 'column'} aria-label={labels.status[column.status]}>
      <h2>
        <span class="cap">{labels.status[column.status]}</span> <span class="count">{column.count}</span>
        {over > 0 ? <span class="over">{texts.board.over(over)}</span> : null}
      </h2>
      {column.count === 0 ? (
        <p class="quiet nothing">{texts.board.nothingHere}</p>
      ) : (
        <ul>
          {column.tickets.map((ticket) => (
            <li>
              <BoardCard view={view} ticket={ticket} />
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 ? <p class="quiet">{texts.board.more(hidden)}</p> : null}
    </section>
  );
};

const BoardCard = ({ view, ticket }: { readonly view: PageView; readonly ticket: Ticket }) => {
  const { texts, labels, policy, now } = view;
  const owner = assigneeOf(ticket);
  const clock = mostUrgent(ticket, policy, now);
  const missing = ticket.status === 'draft' ? missingFields(ticket, policy) : [];
  const title = ticket.fields.title ?? labels.field.title;
  const whom = ticket.customer === null ? ticket.requester.name : customerName(ticket.customer, policy);
  return (
    <a class="card" href={`/tickets/${ticketId(ticket.number)}`} data-number={ticketId(ticket.number)}>
      <span class="card-line">
        <strong>{ticketId(ticket.number)}</strong>
        <Severity view={view} ticket={ticket} />
        <span class="quiet clip">{labels.kind[ticket.kind]}</span>
      </span>
      <span class="card-title" title={title} dir="auto">
        {title}
      </span>
      <span class="card-line">
        <span class="quiet clip" title={whom}>
          {whom}
        </span>
        {ticket.status === 'draft' ? null : owner === null ? (
          <span class="nobody">{texts.nobody}</span>
        ) : (
          <span class="clip" title={owner.name}>
            {owner.name}
          </span>
        )}
      </span>
      {missing.length > 0 ? (
        <span class="quiet small">
          {texts.board.missing(missing.map((field) => labels.field[field]).join(labels.comma))}
        </span>
      ) : null}
      {clock === null ? null : <ClockLine view={view} clock={clock} />}
    </a>
  );
};

export const Severity = ({ view, ticket }: { readonly view: PageView; readonly ticket: Ticket }) => (
  <span class={`chip ${ticket.severity.toLowerCase()}`} title={view.labels.severity[ticket.severity]}>
    {ticket.severity}
    {ticket.severityGuessed ? '?' : ''}
  </span>
);

const FilterForm = ({ view, filters, ended }: Omit<BoardProps, 'columns'>) => {
  const { texts, policy } = view;
  const options: readonly (readonly ['team' | 'assignee' | 'project', readonly (readonly [string, string])[]])[] = [
    ['team', [...policy.teams.values()].map(({ id, name }) => [id, name] as const)],
    [
      'assignee',
      [...policy.people.values()]
        .filter((person) => person.teams.length > 0)
        .map(({ id, name }) => [id, name] as const),
    ],
    ['project', [...policy.projects.values()].map(({ id, name }) => [id, name] as const)],
  ];
  return (
    <form class="filters" method="get" action="/board" role="search">
      <input
        type="search"
        name="q"
        value={filters.q ?? ''}
        placeholder={texts.board.search}
        aria-label={texts.board.filter.q}
        maxlength={200}
      />
      {options.map(([name, choices]) =>
        choices.length === 0 ? null : (
          <select name={name} aria-label={texts.board.filter[name]}>
            <option value="">{`${texts.board.filter[name]}: ${texts.board.all}`}</option>
            {choices.map(([id, label]) => (
              <option value={id} selected={filters[name] === id}>
                {label}
              </option>
            ))}
          </select>
        ),
      )}
      {ended ? <input type="hidden" name="ended" value="1" /> : null}
      <button class="button" type="submit">
        {texts.board.apply}
      </button>
    </form>
  );
};

const Chips = ({ view, filters, ended }: Omit<BoardProps, 'columns'>) => {
  const { texts, policy } = view;
  const shown = FILTERS.flatMap((name) => {
    const value = filters[name];
    if (value === undefined) return [];
    const label = { team: teamName, assignee: personName, project: projectName, q: (said: string) => `“${said}”` }[
      name
    ](value, policy);
    return [{ name, text: `${texts.board.filter[name]}: ${label}` }];
  });
  return (
    <p class="chips">
      {shown.map(({ name, text }) => (
        <a
          class="removable"
          href={view.sameWith(name, null)}
          title={texts.board.remove(text)}
          aria-label={texts.board.remove(text)}
        >
          <span class="clip">{text}</span> <span aria-hidden="true">×</span>
        </a>
      ))}
      <a class="quiet toggle" href={view.sameWith('ended', ended ? null : '1')}>
        {ended ? texts.board.open : texts.board.ended}
      </a>
    </p>
  );
};
