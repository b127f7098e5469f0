import type { Child } from 'hono/jsx';
import type { Ticket } from '../../domain/ticket.ts';
import { FIELDS, ticketId } from '../../domain/words.ts';
import type { Field } from '../../domain/words.ts';
import { parseInstant } from '../../domain/instant.ts';
import { Time } from './frame.tsx';
import { customerName, productName, projectName, teamName } from './view.ts';
import type { PageView } from './view.ts';

export const Facts = ({ view, ticket }: { readonly view: PageView; readonly ticket: Ticket }) => {
  const { texts, labels, policy } = view;
  const { fact } = texts.ticket;
  const solved = ticket.status === 'resolved' || ticket.status === 'closed' ? ticket : null;
  const team =
    ticket.team === null
      ? null
      : [teamName(ticket.team, policy), ticket.tier].filter((part) => part !== null).join(' · ');
  return (
    <section class="panel facts-panel" aria-label={texts.ticket.facts}>
      <h2>{texts.ticket.facts}</h2>
      <dl class="facts">
        {solved === null ? null : (
          <>
            <Fact name={fact.solution}>{solved.solution}</Fact>
            <Fact name={fact.cause}>{labels.cause[solved.cause] ?? solved.cause}</Fact>
            <Fact name={fact.closure}>{labels.closure[solved.closure] ?? solved.closure}</Fact>
            <Fact name={fact.rating}>
              {solved.rating === null ? null : `${'★'.repeat(solved.rating.score)} ${solved.rating.text ?? ''}`}
            </Fact>
          </>
        )}
        <Fact name={fact.requester}>{ticket.requester.name}</Fact>
        <Fact name={fact.customer}>{ticket.customer === null ? null : customerName(ticket.customer, policy)}</Fact>
        <Fact name={fact.project}>{ticket.project === null ? null : projectName(ticket.project, policy)}</Fact>
        <Fact name={fact.contract}>{ticket.contract}</Fact>
        <Fact name={fact.entitlement}>
          {ticket.entitlement === null ? null : texts.ticket.entitlement[ticket.entitlement]}
        </Fact>
        <Fact name={fact.team}>{team}</Fact>
        <Fact name={fact.routedBy}>{ticket.routedBy}</Fact>
        <Fact name={fact.priority}>{ticket.priority}</Fact>
        {FIELDS.filter((field) => field !== 'title').map((field) => (
          <Fact name={labels.field[field]}>{fieldValue(field, ticket, view)}</Fact>
        ))}
        <Fact name={fact.opened}>
          <Time ms={ticket.openedAt} view={view} />
        </Fact>
        {ticket.firstMessageAt === ticket.openedAt ? null : (
          <Fact name={fact.first}>
            <Time ms={ticket.firstMessageAt} view={view} />
          </Fact>
        )}
        <Fact name={fact.threads}>
          {ticket.threads.length === 0
            ? null
            : ticket.threads.map((thread) => (
                <span class="row">
                  {texts.ticket.role[thread.role]} · {thread.platform} {thread.chat}
                </span>
              ))}
        </Fact>
        <Fact name={fact.links}>
          {ticket.links.length === 0
            ? null
            : ticket.links.map((link) => (
                <span class="row">
                  {texts.ticket.linkKind[link.as]} <a href={`/tickets/${ticketId(link.to)}`}>{ticketId(link.to)}</a>
                  {link.state === undefined ? null : ` ${labels.status[link.state.status]}`}
                </span>
              ))}
        </Fact>
      </dl>
    </section>
  );
};

const Fact = ({ name, children }: { readonly name: string; readonly children?: Child }) =>
  children === null || children === undefined || children === '' ? null : (
    <div>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </div>
  );

function fieldValue(field: Field, ticket: Ticket, view: PageView): Child {
  const value = ticket.fields[field];
  if (value === undefined || value === '') return null;
  const { labels, policy } = view;
  switch (field) {
    case 'product':
      return productName(value, policy);
    case 'component':
      return policy.products.get(ticket.fields.product ?? '')?.components.get(value)?.name ?? value;
    case 'environment':
      return labels.environment[value] ?? value;
    case 'impact_level':
      return (labels.level as Readonly<Record<string, string>>)[value] ?? value;
    case 'since': {
      const ms = instantOr(value);
      return ms === null ? value : <Time ms={ms} view={view} />;
    }
    default:
      return value;
  }
}

function instantOr(text: string): number | null {
  try {
    return parseInstant(text);
  } catch {
    return null;
  }
}
