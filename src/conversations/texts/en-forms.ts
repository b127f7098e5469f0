import { join, say } from './say.ts';
import type { ExplainTexts, FormTexts } from './texts.ts';
import { WORDS_EN as words } from './words-en.ts';

export const formEn: FormTexts = {
  title: (form, id) => {
    const name = form === 'rate' ? 'Rating' : form === 'return' ? 'Return' : words.button[form];
    return id === null ? name : `${name} ${id}`;
  },
  submit: (form) => (form === 'intake' ? 'Save' : form === 'rate' || form === 'new' ? 'Send' : 'OK'),
  cancel: 'Cancel',
  newIntro: 'What is optional can be left empty and added later.',
  label: {
    kind: 'Kind',
    solution: 'Solution',
    cause: 'Cause',
    closure: 'Closed as',
    reason: 'Reason',
    until: 'Until',
    note: 'Note',
    to: 'To',
    severity: 'Severity',
    progress: 'Update',
    comment: 'Comment',
    score: 'Rating',
    of: 'Duplicate of',
    authorizeReason: 'Why it is authorized',
    returnReason: 'Why it goes back',
  },
  hint: {
    until: 'For example 2h, 14:00, tomorrow 9:00; empty: no limit',
    to: 'A person or a team',
    solution: 'One sentence: what was the cause, what was done',
    since: 'For example today 9:40',
    progress: "Goes to the project's thread",
    of: 'For example ITR-87',
  },
  error: {
    required: 'This is needed',
    choice: 'Choose one of the list',
    tooLong: (max) => `At most ${max} characters`,
    until: 'This is no time I can read; write 2h, 14:00 or tomorrow 9:00',
    past: 'This time is over already',
    unknownPerson: (said, near) =>
      near.length === 0
        ? `I don't know a person or team called "${said}"`
        : `I don't know a person or team called "${said}". Did you mean ${near.join(' or ')}?`,
    ofNumber: "Write the ticket's number, such as ITR-87",
    nothing: 'Nothing was changed',
  },
};

const LEFT_EN = {
  night: 'nights',
  lunch: 'lunch',
  break: 'breaks',
  weekend: 'the weekend',
  holiday: 'holidays',
  closed_by_company: 'days closed by the company',
} as const;
const WAIT_EN = {
  customer: 'waiting for the customer',
  vendor: 'waiting for the vendor',
  spare_part: 'waiting for a spare part',
  change: 'waiting for a change window',
  observation: 'under observation',
} as const;
const CONSENT_EN = { given: ', agreed to', silence: ', no objection' } as const;

const daysEn = (days: readonly string[]): string =>
  days.length > 5
    ? `${days[0]} – ${days.at(-1)} (${days.length} days)`
    : days.length > 1
      ? `${days.slice(0, -1).join(', ')} and ${days.at(-1)}`
      : (days[0] ?? '');

export const explainEn: ExplainTexts = {
  title: 'Why it is with this team, and why it is due then',
  shared: (how, name) =>
    how === 'round_robin'
      ? say`Given to ${name}, whose turn it was`
      : say`Given to ${name}, who had the fewest in hand`,
  routed: (team, rule) => (rule === null ? say`Given to ${team}` : say`Given to ${team}: ${rule}`),
  promisedBy: (source, policy) => say`Service level ${policy}, from ${source}`,
  noPromise: ['No service level was agreed, so nothing is due.'],
  target: (target, calendar, from) => say`${target} of service time (calendar ${calendar}) from ${from}`,
  due: (at) => say`due ${at}`,
  paused: (since, left) => say`paused since ${since}, ${left} left once it goes on`,
  used: (elapsed) => say`${elapsed} counted`,
  why: (at, target) => say`Why ${at}: ${target}.`,
  counted: (groups) =>
    say`Counted: ${groups.map(({ days, each }) => `${daysEn(days)} ${each}${days.length > 1 ? ' each' : ''}`).join(', ')}.`,
  leftOut: (kinds, waits) => {
    const all = [
      ...kinds.map(({ kind, name }) => name ?? LEFT_EN[kind]),
      ...waits.map(
        ({ reason, forYou, open, from, to, by, consent }) =>
          say`${open} of service time ${reason === 'resolved' ? 'between the solution and its reopening' : forYou ? 'waiting for you' : WAIT_EN[reason]} (${from} – ${to ?? 'now'}${by === null ? '' : `, put on hold by ${by}`}${consent === null ? '' : CONSENT_EN[consent]})`,
      ),
    ];
    const last = all.length > 1 ? say`, and ${all.at(-1) ?? ''}` : [];
    return say`Not counted: ${join(all.length > 1 ? all.slice(0, -1) : all, ', ')}${last}.`;
  },
  by: (policy, source) => say`from ${policy} (${source})`,
  state: (state) => state,
  standsStill: ['The clock stands still; until it goes on, nothing is due.'],
};
