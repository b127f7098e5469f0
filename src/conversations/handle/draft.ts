/** What the customer's words add to a draft. */
import type { StoredMessage } from '../../desk/ports.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Field, Severity } from '../../domain/words.ts';
import { answer, graver, understand, understandMore, type Fields, type IntakeMessage } from '../intake.ts';
import type { Turn } from './turn.ts';

/** Said later, these are corrections; the others keep what was understood first. */
const CORRECTED: ReadonlySet<Field> = new Set(['version', 'impact', 'impact_level']);

export const readForDraft = (
  turn: Turn,
  ticket: Ticket,
  text: string,
  at: number,
): { readonly fields?: Fields; readonly severity?: Severity } => {
  const { policy } = turn;
  const asked = ticket.asking?.field ?? null;
  const said =
    asked === null
      ? understandMore({ text, at, side: 'customer' }, policy, ticket.project)
      : (answer(asked, text, policy, {
          at,
          project: ticket.project,
          language: ticket.language,
          product: ticket.fields.product ?? null,
        }) ?? {});
  const fields = Object.fromEntries(
    Object.entries(said).filter(
      ([name]) => name === asked || ticket.fields[name as Field] === undefined || CORRECTED.has(name as Field),
    ),
  ) as Fields;
  const worse = ticket.severityGuessed ? graver(text, ticket.severity, ticket.fields.environment ?? null) : null;
  return {
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(worse === null ? {} : { severity: worse.severity }),
  };
};

/** What an edit changes of what was understood: only the fields that the two versions of the thread disagree on. */
export const rereadForDraft = (
  turn: Turn,
  ticket: Ticket,
  thread: readonly StoredMessage[],
  edited: string,
  text: string,
): Fields => {
  const read = (change: boolean): Fields =>
    understand(
      thread
        .filter((message) => !message.deleted)
        .map((message): IntakeMessage => {
          const actor = turn.deps.directory.actor(turn.platform, message.user, message.authorName, message.chat);
          const customer = actor.side === 'customer' || actor.id === ticket.requester.id;
          return {
            text: change && message.message === edited ? text : message.text,
            at: message.at,
            side: customer ? 'customer' : 'service',
          };
        }),
      turn.policy,
      { language: ticket.language, project: ticket.project },
    ).fields;
  const before = read(false);
  const after = read(true);
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => before[name as Field] !== value && ticket.fields[name as Field] !== value,
    ),
  );
};
