/** What a message, a slash command or a button's words tell the bot to do. Pure. */
import type { Policy } from '../domain/policy.ts';
import type { PendReason, RejectReason, Severity, Status } from '../domain/words.ts';
import { stripAddress } from './grammar/address.ts';
import { PEND_WORDS, pendReason, rejectReason } from './grammar/reasons.ts';
import { readRoster, type RosterWish } from './grammar/roster.ts';
import { firstWord, targetAt, type Target } from './grammar/target.ts';
import { VERBS, type ChatCommand, type Verb } from './grammar/verbs.ts';
import { readFuture } from './grammar/when.ts';

export { nearest } from './grammar/near.ts';
export type { ChatCommand } from './grammar/verbs.ts';
export type { Target } from './grammar/target.ts';

export interface GrammarContext {
  readonly policy: Pick<Policy, 'people' | 'teams'>;
  /** The ticket of the thread, and its status. */
  readonly ticket: number | null;
  readonly status: Status | null;
  /** On which side the speaker stands: "关了吧" of a customer confirms, or withdraws. */
  readonly side: 'customer' | 'service';
  readonly now: number;
  readonly timezone: string;
}

/** What somebody wants done. What the command does not take is null. */
export interface Parsed {
  readonly command: ChatCommand;
  /** Named in the text, else the one in context. */
  readonly ticket: number | null;
  /** The number stands in the text. */
  readonly named: boolean;
  readonly to: Target | null;
  readonly reason: PendReason | RejectReason | null;
  /** Of which other ticket it is a duplicate. */
  readonly of: number | null;
  readonly severity: Severity | null;
  readonly score: number | null;
  /** `#configuration`: said outright, not yet checked. */
  readonly cause: string | null;
  /** UTC ms. */
  readonly until: number | null;
  /** What is to be changed in the rota; null: it only asks who is on duty. */
  readonly roster: RosterWish | null;
  /** What else was said: the solution, a note, a title. */
  readonly text: string;
  /**
   * `whole`: the message is this command and nothing else, so it counts even where nobody addressed the bot. `start`: it begins with it.
   * `within`: the command stands somewhere in a sentence.
   */
  readonly form: 'whole' | 'start' | 'within';
}

/** What gives a command stands at the beginning of a message: a paste of 3,000 lines after it is text. */
const LONGEST_COMMAND = 1_000;

/**
 * Null: this is no command — talk, a question about a command, a negation ("先别关"), a condition. Punctuation of both widths is understood; the text
 * that is left over is given back as it was written.
 */
export const parse = (text: string, context: GrammarContext): Parsed | null => {
  if (text.length > LONGEST_COMMAND) {
    const head = parse(text.slice(0, LONGEST_COMMAND), context);
    if (head === null) return null;
    return {
      ...head,
      text: head.text + text.slice(LONGEST_COMMAND),
      form: head.form === 'whole' ? 'start' : head.form,
    };
  }
  const said = stripAddress(text);
  if (said === '') return null;
  const note = /^\/\/\s*([\s\S]*)$/.exec(said);
  if (note) return { ...nothing(context), command: 'note', text: (note[1] ?? '').trim(), form: 'whole' };

  const lead = leadingNumber(said);
  const body = stripPolite(lead.rest);
  if (lead.ticket !== null && /^[\s?？。.!！]*$/.test(body))
    return { ...nothing(context), command: 'show', ticket: lead.ticket, named: true, form: 'whole' };

  const found = verbIn(body) ?? (lead.ticket !== null && lead.bare ? verbIn(stripPolite(said)) : null);
  if (!found) return null;
  return read(found, lead.ticket, body, context);
};

interface Found {
  readonly verb: Verb;
  readonly before: string;
  readonly after: string;
  readonly form: 'start' | 'within';
}

const CONDITION = /(?:^|[,，。;；\s])(?:如果|要是|假如|若是|万一|if|unless|once|in case)(?=\s|[\u3400-\u9fff])/i;
/** "等他回来再关"; but "等客户,下午再看" waits for the customer. */
const LATER = /(?:^|[,，。;；\s])等.{1,12}再/;
const QUESTION = /[?？]\s*$|(?:吗|么|没有|了没|呢)\s*[?？!！。.]*$/;
const ASKS =
  /^(?:请问|怎么|如何|怎样|谁(?!值)|哪|why|how|when|what|who|where|which|can (?:i|we)|could|should|is there|are there|do (?:i|we)|does|has|have)(?![a-z])/i;
const NEGATED =
  /(?:先不|别|不要|不用|请勿|勿|暂不|不能|不想|不必|没有?|未)(?:先|要|急着|再)?[^\s,，。;；]{0,6}$|(?:don'?t|do not|not|never|cannot|can'?t|won'?t|shouldn'?t|before)\s+(?:\w+\s+)?$/i;
const FAILS = /^\s*(?:不了|不掉|不上|失败|不成功|不动|failed|failure|error)/i;

const verbIn = (body: string): Found | null => {
  const asked = QUESTION.test(body) || ASKS.test(body);
  for (const verb of VERBS) {
    if (asked && !verb.question) continue;
    const match = verb.start.exec(body);
    if (!match) continue;
    const after = body.slice(match[0].length);
    if (!verb.question && (FAILS.test(after) || conditional(verb, body))) continue;
    return { verb, before: '', after, form: 'start' };
  }
  for (const verb of VERBS) {
    const match = verb.within?.exec(body);
    if (!match || (asked && !verb.question)) continue;
    const before = body.slice(0, match.index);
    const after = body.slice(match.index + match[0].length);
    if (!verb.question && (NEGATED.test(before) || FAILS.test(after) || conditional(verb, body))) continue;
    return { verb, before, after, form: 'within' };
  }
  return null;
};

const conditional = (verb: Verb, body: string): boolean =>
  CONDITION.test(body) || (verb.command !== 'pend' && LATER.test(body));

const TAKES_TEXT: ReadonlySet<ChatCommand> = new Set([
  'note',
  'comment',
  'resolve',
  'restore',
  'reject',
  'authorize',
  'capture',
  'set_severity',
  'rate',
  'bind',
]);

const read = (found: Found, leadTicket: number | null, body: string, context: GrammarContext): Parsed | null => {
  const { verb, form } = found;
  const command = meant(verb.command, body, context);
  const named = numberIn(found, leadTicket, command, context);
  const rest = named.rest;
  const base = {
    ...nothing(context),
    command,
    ticket: named.ticket ?? (ABOUT_NONE.has(command) ? null : context.ticket),
    named: named.ticket !== null,
  };
  const done = (text: string, more: Partial<Parsed> = {}): Parsed => {
    const left = tidy(text);
    return { ...base, text: left, ...more, form: form === 'start' && isJust(left) ? 'whole' : form };
  };

  switch (command) {
    case 'capture':
      return done(form === 'within' ? aside(found) : rest);
    case 'pend': {
      const until = readFuture(body, context.now, context.timezone);
      const reason = pendReason(body);
      const text = until ? rest.replace(until.text, '') : rest;
      const bare = text.replace(PEND_WORDS, '').replace(/^\s*(?:until|till|for|on|the|直到|到|等待?)\s*/i, '');
      const parsed = done(rest, { reason, until: until?.at ?? null });
      return { ...parsed, form: form === 'start' && tidy(bare) === '' ? 'whole' : form };
    }
    case 'reject': {
      const of = /(?:itr-?|#)(\d{1,9})/i.exec(body);
      return done(form === 'within' ? aside(found) : rest, {
        reason: rejectReason(body),
        of: rejectReason(body) === 'duplicate' && of ? Number(of[1]) : null,
      });
    }
    case 'duty': {
      const roster = form === 'start' ? readRoster(body, context) : null;
      // "换班的时候记得看一下" is talk: without "值班" before it, a word about the rota has to say all that it needs.
      if (roster?.do === 'incomplete' && !/^(?:值班|duty|on.?call)/i.test(body)) return null;
      if (roster !== null) return { ...done(''), roster };
      if (form === 'start' && !/^(?:值班|duty|on.?call)/i.test(body)) return null;
      const target = whom(command, found, rest, context);
      return done(target.rest, { to: target.to });
    }
    case 'assign':
    case 'transfer':
    case 'escalate':
    case 'child': {
      const target = whom(command, found, rest, context);
      return done(target.rest, { to: target.to });
    }
    case 'set_severity': {
      const match = LEVEL.exec(rest) ?? LEVEL.exec(body);
      // Which one is not said: the form asks. In a sentence it was no command.
      if (!match) return form === 'start' && isJust(tidy(rest)) ? done(rest) : null;
      const from = match.input === rest ? match.index + match[0].length : 0;
      return done(rest.slice(from), { severity: `S${match[1] ?? match[2] ?? ''}` as Severity });
    }
    case 'rate': {
      const score = /[1-5]/.exec(rest)?.[0];
      return score ? done(rest.replace(score, '').replace(/^\s*[分星]/, ''), { score: Number(score) }) : done(rest);
    }
    case 'resolve':
    case 'close': {
      const cause = /(?:^|\s)[#＃]([a-z_]+)/i.exec(rest) ?? /(?:cause|原因)\s*[:：]\s*([a-z_]+)(?![a-z])/i.exec(rest);
      const text = cause?.[0].trimStart().startsWith('#') ? rest.replace(cause[0], '') : rest;
      return done(text, { cause: cause?.[1]?.toLowerCase() ?? null });
    }
    case 'cancel':
      // "提错了,取消这个单子": the reason may stand before the word and be the word.
      return done(form === 'within' ? aside(found) : rest === '' ? rest : body);
    default:
      return done(form === 'within' ? aside(found) : rest);
  }
};

/** One word, two meanings: which one it has here. */
const meant = (command: ChatCommand, body: string, context: GrammarContext): ChatCommand => {
  if (command === 'restore' && /^恢复了?[\s。!！]*$/.test(body))
    return context.status === 'pending' ? 'resume' : 'restore';
  if (command !== 'close' || context.side !== 'customer') return command;
  return context.status === null || context.status === 'resolved' ? 'confirm' : 'cancel';
};

/** `S2`, or a lone 2 where a severity is awaited. */
const LEVEL = /(?<![a-z\d])s\s?([1-4])(?![\d.])|(?<![\d.#a-z-])([1-4])(?![\d.])/i;

const ABOUT_NONE: ReadonlySet<ChatCommand> = new Set(['capture', 'mine', 'duty', 'board', 'help', 'bind', 'unbind']);

const NUMBER =
  /^[\s:：,，]*(?:(itr-?|#|＃)\s*)?(\d{1,9})(?:\s*号)?(?:\s*(?:工单|单|问题单))?(?=$|[\s,，。.:：;；!！?？]|[\u3400-\u9fff])/i;

/** The number after the verb, or anywhere as `ITR-…`. "解决 200 个连接" in a ticket's thread names no ticket 200. */
const numberIn = (
  found: Found,
  lead: number | null,
  command: ChatCommand,
  context: GrammarContext,
): { readonly ticket: number | null; readonly rest: string } => {
  if (lead !== null) return { ticket: lead, rest: found.after };
  if (ABOUT_NONE.has(command)) return { ticket: null, rest: found.after };
  const match = NUMBER.exec(found.after);
  if (match) {
    const plain = match[1] === undefined;
    const rest = found.after.slice(match[0].length);
    // "severity 2", "rate 4": the number is what the command takes, unless one more follows.
    const taken =
      plain &&
      ((command === 'set_severity' && LEVEL.test(match[2] ?? '') && !LEVEL.test(rest)) ||
        (command === 'rate' && !/[1-5]/.test(rest)));
    const alone = context.ticket === null || rest.trim() === '' || !TAKES_TEXT.has(command);
    if (!taken && (!plain || alone)) return { ticket: Number(match[2]), rest };
  }
  if (command === 'reject') return { ticket: null, rest: found.after };
  const anywhere = /\bitr-?(\d{1,9})/i.exec(`${found.before} ${found.after}`);
  return { ticket: anywhere ? Number(anywhere[1]) : null, rest: found.after };
};

const leadingNumber = (
  said: string,
): { readonly ticket: number | null; readonly rest: string; readonly bare: boolean } => {
  const match =
    /^(?:(itr-?|#|＃)\s*)?(\d{1,9})(?:\s*号)?(?:\s*(?:工单|问题单|单))?(?=$|[\s,，。.:：;；!！?？]|[\u3400-\u9fff])[\s,，:：]*/i.exec(
      said,
    );
  if (!match) return { ticket: null, rest: said, bare: false };
  return { ticket: Number(match[2]), rest: said.slice(match[0].length), bare: match[1] === undefined };
};

const NEXT_TIER =
  /^\s*(?:给|到|至|to)?\s*(?:the\s+)?(?:[一二三]线|l[1-3]|下一级|上一级|next (?:tier|level|line))(?![\w-])/i;

const whom = (
  command: ChatCommand,
  found: Found,
  rest: string,
  context: GrammarContext,
): { readonly to: Target | null; readonly rest: string } => {
  const after = rest.replace(/^[\s:：]*(?:itr-?\d+|#\d+|it|this)(?=\s)/i, '');
  const tail = after.replace(/^[\s:：,，]+/, '');
  const hit = targetAt(tail, context.policy);
  if (hit) return { to: hit.target, rest: hit.rest };
  if (command === 'duty') {
    const words = found.form === 'within' ? found.before : tail;
    for (let at = 0; at < words.length; at++) {
      const team = targetAt(words.slice(at), context.policy);
      if (team?.target.kind === 'team') return { to: team.target, rest: '' };
    }
    const word = found.form === 'start' ? /^[\w-]+$/.exec(tail.trim()) : null;
    return { to: word ? { kind: 'unknown', said: word[0] } : null, rest: '' };
  }
  const tier = NEXT_TIER.exec(tail);
  if (tier) return { to: null, rest: tail.slice(tier[0].length) };
  if (command === 'escalate') return { to: null, rest: tail };
  const word = firstWord(tail);
  return word ? { to: word.target, rest: word.rest } : { to: null, rest: tail };
};

const nothing = (context: GrammarContext): Parsed => ({
  command: 'help',
  ticket: context.ticket,
  named: false,
  to: null,
  reason: null,
  of: null,
  severity: null,
  score: null,
  cause: null,
  until: null,
  roster: null,
  text: '',
  form: 'start',
});

const stripPolite = (text: string): string =>
  text.replace(/^(?:(?:请(?!问)|麻烦(?:帮忙)?|劳烦|帮忙|帮我|帮(?!助)|please|pls|plz|hey|hi|ok|好的?)[\s,，]*)+/i, '');

const SOFT =
  /^(?:吧|了|一下|下|哈|啊|呀|please|pls|plz|thanks?|thx|谢谢|now|这个?(?:工?单|单子|问题)?|该单|此单|工单|单子|it|this|the ticket|as is|as it is|[\s,，。.:：;；!！~～])+|(?:吧|哈|啊|呀|谢谢|please|pls|plz|thanks?|thx|[\s。.!！~～])+$/gi;

const tidy = (text: string): string => text.replace(/^[\s,，。:：;；!！\-—–]+/, '').trim();

/** Nothing is left besides politeness and what the command took. */
const isJust = (left: string): boolean => left.replace(SOFT, '').replace(SOFT, '') === '';

/** Of a sentence with the command inside: the part without it. */
const aside = ({ before, after }: Found): string => {
  const behind = tidy(after.replace(/^(?:吧|了|呗|哈)/, ''));
  return behind === '' ? tidy(before.replace(/[\s,，]+$/, '')) : behind;
};
