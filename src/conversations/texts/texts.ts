import type { PublicCommandType } from '../../domain/commands.ts';
import type { Refusal } from '../../domain/errors.ts';
import type { LeftOut } from '../../domain/explain.ts';
import type { Field, Language, Metric, PendReason } from '../../domain/words.ts';
import type { Inline, RichText } from '../card.ts';
import type { FormName } from '../actions.ts';
import type { Words } from './words.ts';

/**
 * Every sentence of the product. Sentences are rich text, since people, links and instants stand in them; words, labels and hints are strings.
 * `id` is `ITR-7`, `at` an instant of `when.ts`, `left` and `spent` worded durations. The tone: docs/transcripts.
 */
export interface Texts {
  readonly language: Language;
  readonly words: Words;
  duration(ms: number): string;
  readonly card: CardTexts;
  readonly notice: NoticeTexts;
  readonly answer: AnswerTexts;
  readonly form: FormTexts;
  readonly explain: ExplainTexts;
  /** The question for a field that is missing; said once, answered in free words. */
  readonly ask: Readonly<Record<Field, RichText>>;
  /** What stopped it, and what would work. */
  refusal(refusal: Refusal, about: RefusalContext): RichText;
}

/** What a refusal's sentence may name. Names as people know them; null: there is none. */
export interface RefusalContext {
  readonly id: string;
  readonly command: string;
  readonly assignee: string | null;
  readonly requester: string | null;
  readonly team: string | null;
  readonly lead: string | null;
}

export interface CardTexts {
  guessed(severity: string): string;
  missing(fields: readonly Field[]): RichText;
  readonly labelled: (label: string, value: Inline | RichText) => RichText;
  since(at: Inline): RichText;
  duty(name: string): RichText;
  readonly nobodyOnDuty: RichText;
  readonly customer: string;
  owner(name: string, team: string | null): RichText;
  /** On the card of the team it was taken from. */
  movedTo(team: string): RichText;
  /** `09:56 前响应`, of a promise not yet kept. */
  promise(metric: Metric, at: Inline): RichText;
  promises(promises: readonly RichText[], contract: string | null): RichText;
  left(metric: Metric, left: string, at: Inline): RichText;
  over(metric: Metric, by: string, at: Inline): RichText;
  paused(metric: Metric, left: string | null): RichText;
  met(metric: Metric, spent: string): RichText;
  missed(metric: Metric, spent: string): RichText;
  progress(at: Inline, text: string): RichText;
  /** In the origin thread, whom the ticket waits for; `you`: the reader's side. */
  waiting(reason: PendReason, since: Inline, until: Inline | null): RichText;
  readonly waitingForYou: RichText;
  /** To the requester's side: the clocks run on; `by`: when silence counts as consent. */
  askConsent(by: Inline): RichText;
  /** The same for engineers. */
  awaitsConsent(by: Inline): RichText;
  consented(since: Inline, how: 'given' | 'silence'): RichText;
  /** What is left for this tier after others took longer than they should: `L2`, `3 h 5 m`, its OLA, who took how much too long. */
  budget(budget: BudgetTexts): RichText;
  readonly authorization: RichText;
  readonly restored: RichText;
  solution(text: string): RichText;
  closing(cause: string, closure: string): RichText;
  readonly pleaseConfirm: RichText;
  closedBy(by: 'confirm' | 'lead' | 'auto', at: Inline): RichText;
  rating(score: number): RichText;
  readonly reopenHint: RichText;
  rejected(reason: string, of: string | null): RichText;
  handover(from: string): RichText;
  orClaimWith(emoji: Inline): RichText;
}

export interface BudgetTexts {
  readonly tier: string;
  /** Null: nothing is left. */
  readonly left: string | null;
  readonly ola: string | null;
  readonly overrun: readonly { readonly tier: string; readonly by: string }[];
  readonly following: readonly string[];
}

export interface NoticeTexts {
  offerRegister(id: string, missing: readonly Field[]): RichText;
  call(id: string, severity: string): RichText;
  nobodyOnDuty(team: string, lead: string | null): RichText;
  back(id: string, team: string): RichText;
  queuedAgain(id: string, because: 'released' | 'reopened' | 'silent', by: string): RichText;
  /** With the warning to a silent owner. */
  returnsAt(at: Inline): RichText;
  handover(id: string, from: string | null, to: string | null): RichText;
  readonly brief: BriefTexts;
  offDuty(name: string): RichText;
  returned(id: string, by: string, note: string | null): RichText;
  /** Before the target: how long, when, and what was last said. */
  soon(id: string, metric: Metric, left: string, at: Inline): RichText;
  /** `by` null: this very minute. */
  over(id: string, metric: Metric, by: string | null): string;
  /** It should have been said at `at`, and is said `by` later: no process ran, or the target became another one. */
  late(at: Inline, by: string): RichText;
  /** The point took it from whoever reads this. */
  escalatedTo(team: string): RichText;
  /** It was to go up, and nobody is there: the ladder is climbed instead, if there is one. */
  noNextTier(team: string, ladder: boolean): RichText;
  askConsent(id: string, reason: PendReason, by: Inline): RichText;
  handledBy(name: string | null, team: string | null): RichText;
  lastProgress(at: Inline, text: string): RichText;
  readonly noProgress: RichText;
  ladder(id: string, severity: string, status: string, since: string): RichText;
  /** To the lead, on an empty slot of the rota. */
  instead(team: string): RichText;
  unreachable(names: readonly string[]): RichText;
  /** Before an urgent push, so that it is told from a reminder at a glance. */
  urgent(text: RichText): RichText;
  acknowledged(id: string, by: string, note: string | null): RichText;
  severityChanged(id: string, from: string, to: string, by: string, note: string | null): RichText;
  restored(id: string, by: string, note: string | null): RichText;
  resolved(id: string, by: string, solution: string): RichText;
  solvedOrNot(id: string): RichText;
  closeReminder(id: string, closesAt: Inline | null): RichText;
  closed(id: string, by: 'confirm' | 'lead' | 'auto', who: string): RichText;
  readonly askRating: RichText;
  reopened(id: string, by: string, note: string | null): RichText;
  rejected(id: string, reason: string, note: string | null, of: string | null): RichText;
  cancelled(id: string, by: string, note: string | null): RichText;
  readonly attachment: (name: string) => string;
  readonly deletedMessage: RichText;
}

export interface BriefTexts {
  readonly what: string;
  readonly environment: string;
  readonly tried: string;
  readonly evidence: string;
  readonly open: string;
  readonly time: string;
  readonly nothingTried: string;
  message(at: Inline): RichText;
  waiting(reason: PendReason, since: Inline): RichText;
  note(text: string): RichText;
  /** By the program, at a point of a clock. */
  escalatedAt(metric: Metric, point: string): RichText;
  /** A question that the customer has not answered. */
  question(text: string, by: string, at: Inline): RichText;
  readonly promised: string;
  promise(text: string, by: string, at: Inline): RichText;
}

export interface AnswerTexts {
  /** A command was done; said only where nothing else shows it (a slash command, a direct message). */
  done(command: PublicCommandType, id: string): RichText;
  captured(id: string): RichText;
  alreadyTicket(id: string, status: string): RichText;
  unboundChat(admin: readonly string[], ways: Ways): RichText;
  welcome(project: string | null, team: string | null, ways: Ways): RichText;
  /** In a chat bound as `escalation`. */
  readonly welcomeEscalation: RichText;
  /** In a chat bound as `admin`. */
  readonly welcomeAdmin: RichText;
  unknownCommand(said: string): RichText;
  didYouMean(said: string, near: readonly string[]): RichText;
  /** No thread, no number: which one? */
  whichTicket(command: string): RichText;
  noSuchTicket(id: string): RichText;
  readonly notInHere: RichText;
  missingWord(command: PublicCommandType, example: string): RichText;
  readonly formExpired: RichText;
  readonly openFormLabel: string;
  needsForm(id: string): RichText;
  readonly internalMarked: RichText;
  readonly evidenceKept: RichText;
  rated(score: number): RichText;
  mine(count: number): string;
  readonly noneMine: RichText;
  queue(team: string, count: number): string;
  onDuty(team: string, name: string, until: Inline | null): RichText;
  nobodyOnDuty(team: string, lead: string | null): RichText;
  readonly noTeam: RichText;
  board(url: string): RichText;
  readonly noBoard: RichText;
  bound(what: string): RichText;
  readonly unbound: RichText;
  readonly notBound: RichText;
  readonly boundInFile: RichText;
  bindHelp(ways: Ways): RichText;
  readonly mayNotBind: RichText;
  unknownTarget(what: 'project' | 'team', said: string, near: readonly string[]): RichText;
  help(ways: Ways): readonly RichText[];
  readonly digestTitle: string;
  digestDuty(name: string | null, next: string | null): RichText;
  digestCounts(counts: { readonly waiting: number; readonly mine: number; readonly over: number }): RichText;
  digestHole(from: Inline, until: Inline | null): RichText;
  readonly digestQuiet: RichText;
  moreOf(count: number): RichText;
  readonly homeMine: string;
  readonly homeRaised: string;
  homeQueue(team: string): string;
  readonly homeEmptyMine: string;
  readonly homeEmptyRaised: string;
  readonly homeEmptyQueue: string;
  failed(errorId: string): RichText;
}

/** How it is done on the platform where the sentence is read. */
export interface Ways {
  /** The first gesture of each meaning, as people see it; null: this platform has no reactions. */
  readonly capture: Inline | null;
  readonly claim: Inline | null;
  readonly done: Inline | null;
  /** `/itr` is a command there; elsewhere one mentions the bot. */
  readonly slash: boolean;
}

export interface FormTexts {
  title(form: FormName, id: string | null): string;
  submit(form: FormName): string;
  readonly cancel: string;
  readonly newIntro: string;
  readonly label: {
    readonly kind: string;
    readonly solution: string;
    readonly cause: string;
    readonly closure: string;
    readonly reason: string;
    readonly until: string;
    readonly note: string;
    readonly to: string;
    readonly severity: string;
    readonly progress: string;
    readonly comment: string;
    readonly score: string;
    readonly of: string;
    readonly authorizeReason: string;
    readonly returnReason: string;
  };
  readonly hint: {
    readonly until: string;
    readonly to: string;
    readonly solution: string;
    readonly since: string;
    readonly progress: string;
    readonly of: string;
  };
  readonly error: {
    readonly required: string;
    readonly choice: string;
    tooLong(max: number): string;
    readonly until: string;
    readonly past: string;
    unknownPerson(said: string, near: readonly string[]): string;
    readonly ofNumber: string;
    readonly nothing: string;
  };
}

export interface ExplainTexts {
  readonly title: string;
  routed(team: string, rule: string | null): RichText;
  /** By the team's assignment. */
  shared(how: 'round_robin' | 'least_loaded', name: string): RichText;
  promisedBy(source: string, policy: string): RichText;
  readonly noPromise: RichText;
  /** `40 h of service time (calendar cn) from Mon 9 Nov 09:12`. */
  target(target: string, calendar: string, from: Inline): RichText;
  due(at: Inline): RichText;
  paused(since: Inline, left: string): RichText;
  used(elapsed: string): RichText;
  /** `Why Tue 17 Nov 09:12: 40 h of service time from Mon 9 Nov 09:12.`, before what counts towards it. */
  why(at: Inline, target: RichText): RichText;
  counted(groups: readonly CountedDays[]): RichText;
  /** Kinds of closed time once each, then each wait. */
  leftOut(
    kinds: readonly { readonly kind: LeftOut; readonly name: string | null }[],
    waits: readonly WaitTexts[],
  ): RichText;
  by(policy: string, source: string): RichText;
  state(state: 'running' | 'paused' | 'met' | 'breached' | 'cancelled'): string;
  readonly standsStill: RichText;
}

/** Days one after the other with as much service time each. */
export interface CountedDays {
  readonly days: readonly string[];
  readonly each: string;
}

export interface WaitTexts {
  readonly reason: PendReason | 'resolved';
  /** The reader is whom it waited for. */
  readonly forYou: boolean;
  readonly open: string;
  readonly from: Inline;
  /** Null: it lasts. */
  readonly to: Inline | null;
  readonly by: string | null;
  readonly consent: 'given' | 'silence' | null;
}
