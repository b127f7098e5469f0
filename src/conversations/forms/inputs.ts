import { formOf } from '../../domain/decide/intake.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Ticket } from '../../domain/ticket.ts';
import {
  KINDS,
  LEVELS,
  PEND_REASONS,
  REJECT_REASONS,
  SEVERITIES,
  type Field,
  type Language,
} from '../../domain/words.ts';
import { SCORES, type FormName } from '../actions.ts';
import type { FormInput } from '../card.ts';
import { texts } from '../texts/index.ts';
import { wordOf } from '../texts/words.ts';
import { sinceShown } from './since.ts';

/** At most so many options fit into one choice (Slack: 100); beyond that the field is typed. */
const MAX_OPTIONS = 100;
const LENGTH: Readonly<Record<'short' | 'long', number>> = { short: 200, long: 3000 };
const LONG_FIELDS: readonly Field[] = ['description', 'impact'];

/** Fields a form asks for where the configuration says nothing of a kind. */
const DEFAULT_ASK: readonly Field[] = ['title', 'product', 'version', 'environment', 'impact', 'since'];

const choice = (
  name: string,
  label: string,
  required: boolean,
  options: readonly { readonly value: string; readonly label: string }[],
  value?: string,
): FormInput => ({
  name,
  label,
  kind: 'choice',
  required,
  options: options.slice(0, MAX_OPTIONS),
  ...(value !== undefined && options.some((option) => option.value === value) ? { value } : {}),
});

const text = (
  name: string,
  label: string,
  required: boolean,
  more: { readonly kind?: 'text' | 'long_text'; readonly hint?: string; readonly value?: string | undefined } = {},
): FormInput => {
  const kind = more.kind ?? 'text';
  const maxLength = kind === 'text' ? LENGTH.short : LENGTH.long;
  return {
    name,
    label,
    kind,
    required,
    maxLength,
    ...(more.hint === undefined ? {} : { hint: more.hint }),
    ...(more.value === undefined || more.value === '' ? {} : { value: more.value.slice(0, maxLength) }),
  };
};

/** One field of a ticket: chosen where the configuration knows the choices, typed otherwise. */
const fieldInput = (
  field: Field,
  required: boolean,
  value: string | undefined,
  policy: Policy,
  language: Language,
): FormInput => {
  const { words, form } = texts(language);
  const label = capital(words.field[field]);
  if (field === 'product' && policy.products.size > 0 && policy.products.size <= MAX_OPTIONS)
    return choice(
      field,
      label,
      required,
      [...policy.products.values()].map((product) => ({ value: product.id, label: product.name })),
      value ?? onlyProduct(policy),
    );
  if (field === 'environment')
    return choice(
      field,
      label,
      required,
      Object.entries(words.environment).map(([id, name]) => ({ value: id, label: name })),
      value,
    );
  if (field === 'impact_level')
    return choice(
      field,
      label,
      required,
      LEVELS.map((level) => ({ value: level, label: words.level[level] })),
      value,
    );
  return text(field, label, required, {
    kind: LONG_FIELDS.includes(field) ? 'long_text' : 'text',
    ...(field === 'since' ? { hint: form.hint.since } : {}),
    value: field === 'since' && value !== undefined ? sinceShown(value, policy.timezone) : value,
  });
};

/** Where there is one product, nobody has to choose it. */
const onlyProduct = ({ products }: Policy): string | undefined =>
  products.size === 1 ? [...products.keys()][0] : undefined;

const fieldInputs = (ticket: Ticket | null, policy: Policy, language: Language): readonly FormInput[] => {
  const kind = ticket?.kind ?? 'incident';
  const { required } = formOf(kind, policy);
  const ask = [...new Set([...(policy.forms.get(kind)?.ask ?? DEFAULT_ASK), ...required])];
  return ask.map((field) => fieldInput(field, required.includes(field), ticket?.fields[field], policy, language));
};

const codes = (all: readonly string[], table: Readonly<Record<string, string>>) =>
  all.map((code) => ({ value: code, label: wordOf(table, code) }));

/** What each form asks. `solution`: what the thread already says of it, so that it is not typed again. */
export const inputsOf = (
  form: FormName,
  about: { readonly ticket: Ticket | null; readonly policy: Policy; readonly language: Language },
): readonly FormInput[] => {
  const { ticket, policy, language } = about;
  const { words, form: t } = texts(language);
  const note = (required = false, label = t.label.note): FormInput =>
    text('note', label, required, { kind: 'long_text' });
  switch (form) {
    case 'intake':
      return fieldInputs(ticket, policy, language);
    case 'new':
      return [
        choice(
          'kind',
          t.label.kind,
          true,
          KINDS.map((kind) => ({ value: kind, label: words.kind[kind] })),
          'incident',
        ),
        ...fieldInputs(null, policy, language),
      ];
    case 'resolve':
      return [
        text('solution', t.label.solution, true, {
          kind: 'long_text',
          hint: t.hint.solution,
          value: ticket !== null && 'solution' in ticket ? ticket.solution : undefined,
        }),
        choice('cause', t.label.cause, true, codes(policy.close.causes, words.cause)),
        choice('closure', t.label.closure, true, codes(policy.close.closures, words.closure), policy.close.closures[0]),
      ];
    case 'pend':
      return [
        choice(
          'reason',
          t.label.reason,
          true,
          PEND_REASONS.map((reason) => ({ value: reason, label: words.reason[reason] })),
          'customer',
        ),
        text('until', t.label.until, false, { hint: t.hint.until }),
        note(),
      ];
    case 'transfer':
      return [text('to', t.label.to, true, { hint: t.hint.to }), note()];
    case 'set_severity':
      return [
        choice(
          'severity',
          t.label.severity,
          true,
          SEVERITIES.map((severity) => ({ value: severity, label: words.severity[severity] })),
          ticket?.severity,
        ),
        note(),
      ];
    case 'return':
      return [note(true, t.label.returnReason)];
    case 'progress':
      return [text('text', t.label.progress, true, { kind: 'long_text', hint: t.hint.progress })];
    case 'reject':
      return [
        choice(
          'reason',
          t.label.reason,
          true,
          REJECT_REASONS.map((reason) => ({ value: reason, label: words.rejected[reason] })),
        ),
        text('of', t.label.of, false, { hint: t.hint.of }),
        note(),
      ];
    case 'authorize':
      return [text('reason', t.label.authorizeReason, true, { kind: 'long_text' })];
    case 'rate':
      return [
        choice(
          'score',
          t.label.score,
          true,
          [...SCORES].reverse().map((score) => ({ value: String(score), label: '★'.repeat(score) })),
          ticket !== null && 'rating' in ticket && ticket.rating !== null ? String(ticket.rating.score) : undefined,
        ),
        text('comment', t.label.comment, false, { kind: 'long_text' }),
      ];
  }
};

/** In a sentence a field is a word; above an input it begins a line. */
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
