import type { Directory } from '../../desk/desk.ts';
import type { PublicCommand } from '../../domain/commands.ts';
import type { Policy } from '../../domain/policy.ts';
import { assigneeOf, type Ticket } from '../../domain/ticket.ts';
import {
  FIELDS,
  KINDS,
  PEND_REASONS,
  REJECT_REASONS,
  SEVERITIES,
  type Field,
  type Kind,
  type Language,
} from '../../domain/words.ts';
import { FORM_NAMES, type FormName } from '../actions.ts';
import { texts } from '../texts/index.ts';
import type { FormTexts } from '../texts/texts.ts';
import { readFormContext, type FormContext } from './context.ts';
import { inputsOf } from './inputs.ts';
import { sinceShown, sinceTyped } from './since.ts';
import { parseUntil } from './until.ts';

export interface NewTicketDraft {
  readonly kind: Kind;
  readonly fields: Readonly<Partial<Record<Field, string>>>;
}

export type FormOutcome =
  | { readonly kind: 'command'; readonly ticket: number; readonly command: PublicCommand }
  | { readonly kind: 'new'; readonly context: FormContext; readonly draft: NewTicketDraft }
  /** Input name → what is wrong with it. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** Of another release, or about a ticket that is not there. */
  | { readonly kind: 'unknown' };

/** What reading a form needs to look at; the ticket as it is now, of the number in the form's context. */
export interface FormLookup {
  readonly ticket: Ticket | null;
  readonly policy: Policy;
  readonly directory: Pick<Directory, 'findPerson' | 'findTeam'>;
  readonly platform: string;
  readonly language: Language;
  readonly now: number;
  readonly timezone: string;
}

type Values = Readonly<Record<string, string>>;

/** The command a filled-in form gives. Checks what a form can check (filled in, one of the choices, readable); whether it may be done is the desk's to say. */
export const commandFromForm = (formId: string, contextText: string, raw: Values, lookup: FormLookup): FormOutcome => {
  const form = FORM_NAMES.find((name) => name === formId);
  const context = readFormContext(contextText);
  if (form === undefined || context === null) return { kind: 'unknown' };
  const ticket = context.ticket === lookup.ticket?.number ? lookup.ticket : null;
  if (ticket === null && form !== 'new') return { kind: 'unknown' };

  const t = texts(lookup.language).form;
  const values = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, value.trim()]));
  const errors = inputErrors(form, ticket, values, lookup, t);
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors };

  if (form === 'new')
    return {
      kind: 'new',
      context,
      draft: { kind: oneOf(KINDS, values['kind']) ?? 'incident', fields: fieldsOf(values, lookup.policy, lookup.now) },
    };
  if (ticket === null) return { kind: 'unknown' };
  const made = commandOf(form, ticket, values, lookup, t);
  return 'errors' in made
    ? { kind: 'errors', errors: made.errors }
    : { kind: 'command', ticket: ticket.number, command: made.command };
};

const inputErrors = (
  form: FormName,
  ticket: Ticket | null,
  values: Values,
  { policy, language }: FormLookup,
  t: FormTexts,
): Record<string, string> => {
  const errors: Record<string, string> = {};
  for (const input of inputsOf(form, { ticket, policy, language })) {
    const value = values[input.name] ?? '';
    if (value === '' && input.required) errors[input.name] = t.error.required;
    else if (
      value !== '' &&
      input.kind === 'choice' &&
      input.options?.some((option) => option.value === value) === false
    )
      errors[input.name] = t.error.choice;
    else if (input.maxLength !== undefined && value.length > input.maxLength)
      errors[input.name] = t.error.tooLong(input.maxLength);
  }
  return errors;
};

type Made = { readonly command: PublicCommand } | { readonly errors: Readonly<Record<string, string>> };

const commandOf = (
  form: Exclude<FormName, 'new'>,
  ticket: Ticket,
  values: Values,
  lookup: FormLookup,
  t: FormTexts,
): Made => {
  const value = (name: string): string => values[name] ?? '';
  const note = value('note') === '' ? {} : { note: value('note') };
  switch (form) {
    case 'intake':
      return changedFields(ticket, values, lookup, t);
    case 'resolve':
      return {
        command: {
          type: 'resolve',
          solution: value('solution'),
          cause: value('cause'),
          ...(value('closure') === '' ? {} : { closure: value('closure') }),
        },
      };
    case 'pend': {
      const until = value('until') === '' ? null : parseUntil(value('until'), lookup.now, lookup.timezone);
      if (value('until') !== '' && until === null) return { errors: { until: t.error.until } };
      if (until !== null && until <= lookup.now) return { errors: { until: t.error.past } };
      const reason = oneOf(PEND_REASONS, value('reason')) ?? 'customer';
      return { command: { type: 'pend', reason, ...(until === null ? {} : { until }), ...note } };
    }
    case 'transfer':
      return transferTo(value('to'), ticket, note, lookup, t);
    case 'set_severity':
      return {
        command: { type: 'set_severity', severity: oneOf(SEVERITIES, value('severity')) ?? ticket.severity, ...note },
      };
    case 'return':
      return { command: { type: 'return', ...note } };
    case 'progress':
      return { command: { type: 'comment', text: value('text') } };
    case 'reject': {
      const reason = oneOf(REJECT_REASONS, value('reason')) ?? 'out_of_scope';
      if (value('of') === '')
        return reason === 'duplicate'
          ? { errors: { of: t.error.required } }
          : { command: { type: 'reject', reason, ...note } };
      const of = Number(/^(?:itr-)?(\d{1,9})$/i.exec(value('of'))?.[1] ?? NaN);
      return Number.isNaN(of)
        ? { errors: { of: t.error.ofNumber } }
        : { command: { type: 'reject', reason, of, ...note } };
    }
    case 'authorize':
      return { command: { type: 'authorize', reason: value('reason') } };
    case 'rate':
      return {
        command: {
          type: 'rate',
          score: Number(value('score')),
          ...(value('comment') === '' ? {} : { text: value('comment') }),
        },
      };
  }
};

/** Only what was changed: a form left open for an hour must not undo what others said meanwhile. */
const changedFields = (ticket: Ticket, values: Values, { policy, now }: FormLookup, t: FormTexts): Made => {
  const before = ticket.fields.since;
  const untouched = before !== undefined && values['since'] === sinceShown(before, policy.timezone);
  const filled = fieldsOf(untouched ? { ...values, since: before } : values, policy, now);
  const fields = Object.fromEntries(
    Object.entries(filled).filter(([field, value]) => ticket.fields[field as Field] !== value),
  );
  if (Object.keys(fields).length > 0) return { command: { type: 'set', fields } };
  const first = FIELDS.find((field) => field in values) ?? 'title';
  return { errors: { [first]: t.error.nothing } };
};

/** What nobody owns is assigned; what somebody owns is handed over. A team can be given either: a queued ticket gets there by escalation. */
const transferTo = (
  said: string,
  ticket: Ticket,
  note: { readonly note?: string },
  { directory, platform }: FormLookup,
  t: FormTexts,
): Made => {
  const owned = assigneeOf(ticket) !== null;
  const name = said.replace(/^@/, '');
  const person = directory.findPerson(said, platform);
  if ('id' in person)
    return owned
      ? { command: { type: 'transfer', to: { person }, ...note } }
      : { command: { type: 'assign', to: person } };
  const team = directory.findTeam(name);
  if ('id' in team)
    return owned
      ? { command: { type: 'transfer', to: { team: team.id }, ...note } }
      : { command: { type: 'escalate', to: team.id, ...note } };
  return { errors: { to: t.error.unknownPerson(name, [...person.near, ...team.near].slice(0, 3)) } };
};

const fieldsOf = (values: Values, policy: Policy, now: number): Partial<Record<Field, string>> =>
  Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = values[field];
      if (value === undefined || value === '') return [];
      return [[field, field === 'since' ? sinceTyped(value, now, policy.timezone) : value]];
    }),
  );

const oneOf = <T extends string>(all: readonly T[], value: string | undefined): T | null =>
  all.find((one) => one === value) ?? null;
