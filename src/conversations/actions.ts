/**
 * What a button says when it is pressed: shared by those who draw buttons (cards, notices) and those who understand them (handle).
 * `action` says what to do, `value` on what: the ticket's number, and more after a colon where the action needs it (`128`, `128:zhao`).
 *
 * Names are stable: a card in a chat is pressed weeks after the release that drew it.
 */
export const COMMAND_ACTIONS = [
  'claim',
  'register',
  'cancel',
  'confirm',
  'reopen',
  'acknowledge',
  'escalate',
  'resume',
  'restore',
  'release',
  'consent',
  'close',
  'accept_handover',
] as const;
/** Gives the public command of the same name, which needs nothing besides the ticket. */
export type CommandAction = (typeof COMMAND_ACTIONS)[number];

export const FORM_NAMES = [
  'intake',
  'new',
  'resolve',
  'pend',
  'transfer',
  'set_severity',
  'return',
  'progress',
  'reject',
  'authorize',
  'rate',
] as const;
export type FormName = (typeof FORM_NAMES)[number];

/** `form:resolve` opens the form `resolve`. */
export type FormAction = `form:${FormName}`;

/** Five buttons in one row, so each needs a name of its own (Slack refuses two equal ones). */
export const SCORES = [1, 2, 3, 4, 5] as const;
export type RateAction = `rate:${1 | 2 | 3 | 4 | 5}`;

/**
 * As though the person had written the words after the colon of `value` to the bot, about the ticket before it (`128:transfer zhao`, `:mine`): the
 * guesses after an unknown command, and "did you mean". Numbered, as names in one row must differ.
 */
export type SayAction = `say:${1 | 2 | 3 | 4 | 5}`;

/** Answers "are you this person?"; the person stands after the colon of `value`. */
export type IdentifyAction = `identify:${'yes' | 'no'}`;

export type Action =
  | CommandAction
  | FormAction
  | RateAction
  | SayAction
  | IdentifyAction
  /** Shows the ticket's card to whoever presses. A button with a `url` opens that instead. */
  | 'show'
  /** Makes a ticket of the thread the button stands in. `value` is empty. */
  | 'capture';

export interface ActionValue {
  /** Null: about no ticket. */
  readonly ticket: number | null;
  readonly extra: string;
}

const MAX_VALUE = 200;

export const actionValue = (ticket: number | null, extra = ''): string =>
  `${ticket ?? ''}${extra === '' ? '' : `:${extra}`}`.slice(0, MAX_VALUE);

/** Null: this is no value that `actionValue` makes. */
export const readActionValue = (value: string): ActionValue | null => {
  const [, number, extra] = /^(\d{1,9})?(?::([\s\S]*))?$/.exec(value) ?? [null];
  if (number === null) return null;
  return { ticket: number === undefined ? null : Number(number), extra: extra ?? '' };
};

/** What a button's `action` asks for; null: a name this release does not know. */
export type ReadAction =
  | { readonly do: 'command'; readonly command: CommandAction }
  | { readonly do: 'form'; readonly form: FormName }
  | { readonly do: 'rate'; readonly score: number }
  | { readonly do: 'say' }
  | { readonly do: 'identify'; readonly yes: boolean }
  | { readonly do: 'show' }
  | { readonly do: 'capture' };

export const readAction = (action: string): ReadAction | null => {
  const [head, rest] = action.split(':', 2);
  if (rest === undefined) {
    if (action === 'show' || action === 'capture') return { do: action };
    const command = COMMAND_ACTIONS.find((name) => name === action);
    return command === undefined ? null : { do: 'command', command };
  }
  if (head === 'say') return { do: 'say' };
  if (head === 'identify') return rest === 'yes' || rest === 'no' ? { do: 'identify', yes: rest === 'yes' } : null;
  if (head === 'rate') return /^[1-5]$/.test(rest) ? { do: 'rate', score: Number(rest) } : null;
  const form = head === 'form' ? FORM_NAMES.find((name) => name === rest) : undefined;
  return form === undefined ? null : { do: 'form', form };
};
