/** What a form carries through the platform and back: which ticket it is about and where it was opened. */
export interface FormContext {
  /** Null: the form makes a ticket. */
  readonly ticket: number | null;
  /** Where the answer belongs, and for a new ticket, whose project it is. */
  readonly chat: string | null;
  readonly thread: string | null;
}

export const writeFormContext = (context: FormContext): string => JSON.stringify(context);

/** Null: not written by `writeFormContext` (a form of another release, or forged). */
export const readFormContext = (text: string): FormContext | null => {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null) return null;
  const { ticket, chat, thread } = read as Record<string, unknown>;
  const known = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  if (ticket !== null && !(typeof ticket === 'number' && Number.isSafeInteger(ticket) && ticket > 0)) return null;
  return { ticket, chat: known(chat), thread: known(thread) };
};
