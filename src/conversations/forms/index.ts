import { ticketId, type Language } from '../../domain/words.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { FORM_NAMES, readAction } from '../actions.ts';
import type { Form } from '../card.ts';
import { texts } from '../texts/index.ts';
import { writeFormContext } from './context.ts';
import { inputsOf } from './inputs.ts';

export { readFormContext } from './context.ts';
export { commandFromForm } from './submit.ts';
export { parseUntil } from './until.ts';

/**
 * The form behind a button or a word. Null: there is no such form, or it needs a ticket and there is none.
 * @param action `form:resolve`, or the form's name alone.
 */
export const formFor = (
  action: string,
  ticket: Ticket | null,
  policy: Policy,
  language: Language,
  opened: { readonly chat: string | null; readonly thread: string | null } = { chat: null, thread: null },
): Form | null => {
  const read = readAction(action);
  const name = read?.do === 'form' ? read.form : FORM_NAMES.find((form) => form === action);
  if (name === undefined || (ticket === null && name !== 'new')) return null;
  const about = name === 'new' ? null : ticket;
  const { form } = texts(language);
  return {
    id: name,
    context: writeFormContext({ ticket: about?.number ?? null, ...opened }),
    language,
    title: form.title(name, about === null ? null : ticketId(about.number)),
    ...(name === 'new' ? { intro: form.newIntro } : {}),
    submit: form.submit(name),
    cancel: form.cancel,
    inputs: inputsOf(name, { ticket: about, policy, language }),
  };
};
