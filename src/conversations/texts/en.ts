import { formatDuration } from '../../domain/duration.ts';
import type { RichText } from '../card.ts';
import { answersEn } from './en-answers.ts';
import { explainEn, formEn } from './en-forms.ts';
import { refusalEn } from './refusal-en.ts';
import { bold, join, say } from './say.ts';
import type { CardTexts, NoticeTexts, Texts } from './texts.ts';
import { WORDS_EN as words } from './words-en.ts';

const noted = (note: string | null): string => (note === null || note === '' ? '.' : `: ${note}`);

const card: CardTexts = {
  guessed: (severity) => `${severity} (guess)`,
  missing: (fields) => say`Still missing: ${fields.map((field) => words.field[field]).join(', ')}`,
  labelled: (label, value) => say`${label} ${value}`,
  since: (at) => say`since ${at}`,
  duty: (name) => say`on duty ${name}`,
  nobodyOnDuty: ['nobody on duty now'],
  customer: 'customer',
  movedTo: (team) => say`Now with ${bold(team)}.`,
  owner: (name, team) => say`Owner ${bold(name)}${team === null ? '' : ` (${team})`}`,
  promise: (metric, at) => say`${words.metric[metric]} by ${at}`,
  promises: (promises, contract) => say`${join(promises, ' · ')}${contract === null ? '' : ` (contract ${contract})`}`,
  left: (metric, left, at) => say`${words.metric[metric]} ${left} left (${at})`,
  over: (metric, by, at) =>
    say`${bold(`${words.metric[metric]} overdue${by === '' ? '' : ` by ${by}`}`)} (was due ${at})`,
  paused: (metric, left) => say`${words.metric[metric]} paused${left === null ? '' : `, ${left} left`}`,
  met: (metric, spent) => say`${words.metric[metric]} ${spent}, met`,
  missed: (metric, spent) => say`${words.metric[metric]} ${spent}, missed`,
  progress: (at, text) => say`Last update ${at}: ${text}`,
  waiting: (reason, since, until) =>
    say`${capital(words.reason[reason])} since ${since}${until === null ? '' : say`; goes on by itself at ${until}`}`,
  waitingForYou: ['Waiting for your answer; a reply in this thread is enough to go on.'],
  askConsent: (by) => say`The clock runs on until your side agrees to the pause; no answer by ${by} counts as a yes.`,
  awaitsConsent: (by) =>
    say`The clock runs on until the requester agrees to the pause; no answer by ${by} counts as a yes.`,
  consented: (since, how) =>
    how === 'given'
      ? say`The requester agreed; the clock is paused since ${since}.`
      : say`No answer came, which counts as a yes; the clock is paused since ${since}.`,
  budget: ({ tier, left, ola, overrun, following }) =>
    say`${tier} ${bold(left === null ? 'has no time left' : `has ${left} left`)} (${[
      ...(ola === null ? [] : [`OLA ${ola}`]),
      ...overrun.map(({ tier: of, by }) => `${of} took ${by} too long`),
      ...(following.length === 0 ? [] : [`${following.join(', ')} kept free`]),
    ].join(', ')})`,
  authorization: ['Whether this is covered is being checked; nothing is lost meanwhile.'],
  restored: ['Service is back; the cause is still being worked on.'],
  solution: (text) => say`Solution: ${text}`,
  closing: (cause, closure) => say`Cause: ${cause} · ${closure}`,
  pleaseConfirm: ['Does it work for you now?'],
  closedBy: (by, at) =>
    by === 'confirm'
      ? say`Confirmed, closed ${at}`
      : by === 'lead'
        ? say`Closed by the lead, ${at}`
        : say`Closed ${at}, as nobody confirmed it`,
  rating: (score) => say`Rating ${'★'.repeat(score)}${'☆'.repeat(5 - score)}`,
  reopenHint: ['If it comes back, reopen it.'],
  rejected: (reason, of) => (of === null ? say`Not accepted: ${reason}` : say`Not accepted: ${reason}, see ${of}`),
  handover: (from) => say`Handed over from ${from}, not yet accepted`,
  orClaimWith: (emoji) => say`or claim it with ${emoji}`,
};

const notice: NoticeTexts = {
  offerRegister: (id, missing) =>
    say`${id} still lacks ${missing.map((field) => words.field[field]).join(', ')}. If you don't know, register it as it is; it can be added later.`,
  call: (id, severity) => say`${id} (${severity}) is waiting for you to claim it.`,
  nobodyOnDuty: (team, lead) =>
    lead === null
      ? say`Nobody is on duty in ${team}, and it has no lead. Whoever sees this, please claim it.`
      : say`Nobody is on duty in ${team}; ${lead}, the lead, has been told directly.`,
  back: (id, team) => say`${id} is back in ${team} and waits for an owner. What happened before is in this thread.`,
  queuedAgain: (id, because, by) =>
    because === 'released'
      ? say`${by} released ${id}; it waits for an owner.`
      : because === 'silent'
        ? say`${id} is back in the queue: no word from ${by} after the reminder. It waits for an owner.`
        : say`${by} reopened ${id}; it waits for an owner.`,
  returnsAt: (at) => say`Without a word by ${at} it goes back to the queue and to the one on duty.`,
  handover: (id, from, to) =>
    say`${bold(`Taking over ${id}`)}${from === null ? '' : ` · from ${from}`}${to === null ? '' : ` to ${to}`}`,
  brief: {
    what: 'What',
    environment: 'Environment',
    tried: 'Done so far',
    evidence: 'Evidence',
    open: 'Open',
    time: 'Time',
    nothingTried: 'nothing on record',
    message: (at) => say`📌 message ${at}`,
    waiting: (reason, since) => say`${words.reason[reason]} (since ${since})`,
    note: (text) => say`Note: ${text}`,
    escalatedAt: (metric, point) => say`Escalated at ${point} of ${words.metric[metric].toLowerCase()}.`,
    question: (text, by, at) => say`the customer has not answered “${text}” (${by}, ${at})`,
    promised: 'Promised',
    promise: (text, by, at) => say`“${text}” (${by}, ${at})`,
  },
  offDuty: (name) => say`${name} is off duty now; the hand-over stands. If it is urgent, tell whoever is on duty too.`,
  returned: (id, by, note) => say`${by} returned ${id}${noted(note)}`,
  soon: (id, metric, left, at) => say`${id} ${words.metric[metric].toLowerCase()}: ${left} left (${at}).`,
  over: (id, metric, by) =>
    `${id} ${words.metric[metric].toLowerCase()} overdue ${by === null ? 'just now' : `by ${by}`}`,
  late: (at, by) => say`This was to be said at ${at}; it comes ${by} late.`,
  escalatedTo: (team) => say`It has gone up to ${team}.`,
  noNextTier: (team, ladder) =>
    ladder
      ? say`No tier comes after ${team}, so the ladder is climbed instead.`
      : say`No tier comes after ${team}, and it has no ladder.`,
  askConsent: (id, reason, by) =>
    say`${id} is on hold (${words.reason[reason]}). The clock pauses only if your side agrees: reply "ok", or use the button. No answer by ${by} counts as a yes; until then the clock runs on.`,
  handledBy: (name, team) =>
    name === null
      ? say`no owner yet${team === null ? '' : ` (${team})`}`
      : say`with ${name}${team === null ? '' : ` (${team})`}`,
  lastProgress: (at, text) => say`Last update ${at}: "${text}".`,
  noProgress: ['No update on record yet.'],
  ladder: (id, severity, status, since) =>
    say`${bold(`${id} needs attention`)} · ${severity} · ${status} for ${since}.`,
  instead: (team) => say`Nobody is on duty in ${team}, so it comes to you.`,
  unreachable: (names) => say`${names.join(', ')} could not be reached, so it came straight here.`,
  urgent: (text) => say`🚨 ${bold('Urgent: please look now')}\n${text}`,
  acknowledged: (id, by, note) =>
    say`${by} has acknowledged the escalation of ${id}; nobody further is told${noted(note)}`,
  severityChanged: (id, from, to, by, note) => say`${by} changed ${id} from ${from} to ${to}${noted(note)}`,
  restored: (id, by, note) =>
    say`${id}: service is back (${by})${note === null || note === '' ? '; the cause is still being worked on.' : `. ${note}`}`,
  resolved: (id, by, solution) => say`${by} resolved ${id}: ${solution}`,
  solvedOrNot: (id) => say`${id}: is it solved, or is something still wrong?`,
  closeReminder: (id, closesAt) =>
    closesAt === null
      ? say`${id} is still waiting for your word.`
      : say`${id} is still waiting for your word. Without an answer it closes ${closesAt}; it can be reopened after that.`,
  closed: (id, by, who) =>
    by === 'confirm'
      ? say`${who} confirmed; ${id} is closed.`
      : by === 'lead'
        ? say`${who} closed ${id}.`
        : say`Nobody has said whether it is solved, so ${id} is closed. If it comes back, reopen it.`,
  askRating: ['How did we do? One tap is enough; a comment is optional.'],
  reopened: (id, by, note) => say`${by} reopened ${id}${noted(note)}`,
  rejected: (id, reason, note, of) =>
    say`${id} was not accepted: ${reason}${of === null ? '' : ` (see ${of})`}.${note === null || note === '' ? '' : ` ${note}`}`,
  cancelled: (id, by, note) => say`${by} withdrew ${id}${noted(note)}`,
  attachment: (name) => `📎 ${name}`,
  deletedMessage: ['(This message was withdrawn.)'],
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const asking = (question: string): RichText => [`${question} A reply here is enough; "don't know" is fine too.`];

export const en: Texts = {
  language: 'en',
  words,
  duration: (ms) => formatDuration(ms, 'en'),
  card,
  notice,
  answer: answersEn,
  form: formEn,
  explain: explainEn,
  ask: {
    title: asking('In one sentence, what is wrong?'),
    description: asking('What exactly do you see? If there is an error message, paste it.'),
    product: asking('Which product is it?'),
    component: asking('Which component or module, as far as you can tell?'),
    version: asking('Which build are you on?'),
    environment: asking('Is it production, staging or test?'),
    site: asking('Which site or data centre?'),
    impact: asking('What does it affect, and how many users?'),
    impact_level: asking('Does it affect all users, some, or a single one?'),
    since: asking('Since when?'),
  },
  refusal: refusalEn,
};
