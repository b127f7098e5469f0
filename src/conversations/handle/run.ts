/** A command that was understood, done. */
import type { Tx } from '../../desk/ports.ts';
import type { PublicCommand } from '../../domain/commands.ts';
import { assigneeOf, type PersonRef, type Ticket } from '../../domain/ticket.ts';
import { ticketId, type RejectReason, type PendReason } from '../../domain/words.ts';
import { actionValue, type FormName } from '../actions.ts';
import type { CardAction, RichText } from '../card.ts';
import { causeOf } from '../causes.ts';
import { parse, type Parsed, type Target } from '../grammar.ts';
import { inboundTexts } from '../texts/inbound.ts';
import {
  maySee,
  sayButtons,
  showTicket,
  tellBoard,
  tellDuty,
  tellExplanation,
  tellHelp,
  tellMine,
  tellRefusal,
  tellWhich,
  wordOfCommand,
  type Place,
} from './answers.ts';
import { bind, unbind } from './bind.ts';
import { raiseChild } from './child.ts';
import { changeRoster } from './roster.ts';
import { tell, wordsFor, type Turn, type Who } from './turn.ts';

/** From where a command was given. */
export interface Scene {
  readonly ear: Place;
  /** The ticket of the thread it was said in: its card there shows what changed, so nothing more is said. */
  readonly here: number | null;
  /** In a thread, where everybody may read the answer to "show". */
  readonly inThread: boolean;
  /** As it was said. */
  readonly said: string;
}

type Bare = Exclude<
  Parsed['command'],
  'capture' | 'show' | 'mine' | 'duty' | 'board' | 'explain' | 'help' | 'bind' | 'unbind' | 'child'
>;

/** Everything but `capture`, which needs a thread. */
export const run = async (tx: Tx, turn: Turn, who: Who, parsed: Parsed, scene: Scene): Promise<void> => {
  const { ear } = scene;
  const { command } = parsed;
  switch (command) {
    case 'mine':
      return tellMine(tx, turn, who, ear);
    case 'duty':
      return parsed.roster === null
        ? tellDuty(tx, turn, who, ear, parsed.to)
        : changeRoster(tx, turn, who, ear, parsed.roster);
    case 'board':
      return tellBoard(tx, turn, who, ear);
    case 'capture':
    case 'help':
      return tellHelp(tx, turn, who, ear);
    case 'bind':
      return bind(tx, turn, who, ear, parsed.text);
    case 'unbind':
      return unbind(tx, turn, who, ear);
    case 'show':
    case 'explain': {
      const ticket = await ticketFor(tx, turn, who, parsed, scene);
      if (ticket === null) return;
      return command === 'show'
        ? showTicket(tx, turn, who, ear, ticket, scene.inThread)
        : tellExplanation(tx, turn, who, ear, ticket);
    }
    case 'child': {
      const ticket = await ticketFor(tx, turn, who, parsed, scene);
      return ticket === null ? undefined : raiseChild(tx, turn, who, ear, parsed, ticket);
    }
    default: {
      const ticket = await ticketFor(tx, turn, who, parsed, scene);
      if (ticket === null) return;
      const made = commandOf(turn, who, { ...parsed, command }, ticket);
      if (!('type' in made)) return tell(tx, turn, who, ear, made, ticket.number);
      await obey(tx, turn, who, made, ticket.number, { ear, quiet: scene.here === ticket.number });
    }
  }
};

/** @param quiet a card where he stands shows what came of it. */
export const obey = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  command: PublicCommand,
  number: number,
  { ear, quiet }: { readonly ear: Place; readonly quiet: boolean },
): Promise<boolean> => {
  const outcome = await turn.deps.desk.perform(tx, number, command, who.actor);
  if (!outcome.ok) {
    await tellRefusal(tx, turn, who, ear, outcome.refusal, outcome.ticket, wordOfType(who, command.type));
    return false;
  }
  if (!quiet)
    await tell(tx, turn, who, ear, { text: wordsFor(who).answer.done(command.type, ticketId(number)) }, number);
  return true;
};

/** What a private word or a slash command gave, in words of `words.can`. */
const wordOfType = (who: Who, type: PublicCommand['type']): string => wordsFor(who).words.can[type];

const ticketFor = async (tx: Tx, turn: Turn, who: Who, parsed: Parsed, scene: Scene): Promise<Ticket | null> => {
  if (parsed.ticket === null) {
    await tellWhich(tx, turn, who, scene.ear, parsed.command, scene.said);
    return null;
  }
  const ticket = await tx.ticket(parsed.ticket);
  if (ticket !== null && (scene.here === ticket.number || maySee(ticket, who.actor))) return ticket;
  await tell(tx, turn, who, scene.ear, { text: wordsFor(who).answer.noSuchTicket(ticketId(parsed.ticket)) });
  return null;
};

interface Question {
  readonly text: RichText;
  readonly actions?: readonly CardAction[];
}

/** The command, or what has to be asked before there is one. */
export const commandOf = (
  turn: Turn,
  who: Who,
  parsed: Parsed & { readonly command: Bare },
  ticket: Ticket,
): PublicCommand | Question => {
  const { command, text } = parsed;
  const note = text === '' ? {} : { note: text };
  switch (command) {
    case 'register':
    case 'claim':
    case 'consent':
    case 'resume':
    case 'war_room':
    case 'confirm':
      return { type: command };
    case 'acknowledge':
    case 'accept_handover':
    case 'return':
    case 'release':
    case 'restore':
    case 'reopen':
    case 'close':
    case 'cancel':
      return { type: command, ...note };
    case 'comment':
    case 'note':
      return text === '' ? missing(who, command) : { type: command, text };
    case 'pend':
      return parsed.reason === null
        ? missing(who, 'pend', ticket, 'pend')
        : {
            type: 'pend',
            reason: parsed.reason as PendReason,
            ...(parsed.until === null ? {} : { until: parsed.until }),
            ...note,
          };
    case 'set_severity':
      return parsed.severity === null
        ? missing(who, 'set_severity', ticket, 'set_severity')
        : { type: 'set_severity', severity: parsed.severity, ...note };
    case 'reject':
      return parsed.reason === null
        ? missing(who, 'reject', ticket, 'reject')
        : {
            type: 'reject',
            reason: parsed.reason as RejectReason,
            ...(parsed.of === null ? {} : { of: parsed.of }),
            ...note,
          };
    case 'authorize':
      return text === '' ? missing(who, 'authorize', ticket, 'authorize') : { type: 'authorize', reason: text };
    case 'call_back':
      return { type: 'checkpoint', activity: 'call_back', ...note };
    case 'complete_data':
      return { type: 'checkpoint', activity: 'entitle', ...note };
    case 'rate':
      return parsed.score === null
        ? missing(who, 'rate', ticket, 'rate')
        : { type: 'rate', score: parsed.score, ...(text === '' ? {} : { text }) };
    case 'resolve': {
      const cause = parsed.cause ?? causeOf(text, turn.policy.close.causes);
      if (text !== '' && cause !== null) return { type: 'resolve', solution: text, cause };
      return formQuestion(who, 'resolve', ticket);
    }
    case 'escalate':
      return escalateTo(turn, who, parsed, ticket);
    case 'assign':
    case 'transfer':
      return handTo(turn, who, parsed, ticket);
  }
};

const escalateTo = (turn: Turn, who: Who, { to, text }: Parsed, ticket: Ticket): PublicCommand | Question => {
  const note = text === '' ? {} : { note: text };
  if (to === null) return { type: 'escalate', ...note };
  if (to.kind === 'team') return { type: 'escalate', to: to.id, ...note };
  if (to.kind === 'person') return { text: inboundTexts(who.language).escalateToTeam };
  const found = turn.deps.directory.findTeam(to.said);
  return 'id' in found
    ? { type: 'escalate', to: found.id, ...note }
    : unknownName(who, 'escalate', to.said, found.near, ticket);
};

/** What nobody owns is assigned, or escalated to a team; what somebody owns is handed over. */
const handTo = (turn: Turn, who: Who, parsed: Parsed, ticket: Ticket): PublicCommand | Question => {
  const command = parsed.command === 'assign' ? 'assign' : 'transfer';
  if (parsed.to === null) return missing(who, command, ticket, 'transfer');
  const note = parsed.text === '' ? {} : { note: parsed.text };
  const owned = assigneeOf(ticket) !== null;
  const target = resolveTarget(turn, parsed.to);
  if ('near' in target) return unknownName(who, command, parsed.to.said, target.near, ticket);
  if ('team' in target)
    return owned
      ? { type: 'transfer', to: { team: target.team }, ...note }
      : { type: 'escalate', to: target.team, ...note };
  const assigned = !owned || (command === 'assign' && ticket.status === 'in_progress');
  return assigned
    ? { type: 'assign', to: target.person }
    : { type: 'transfer', to: { person: target.person }, ...note };
};

type Resolved =
  | { readonly person: PersonRef & { readonly teams: readonly string[] } }
  | { readonly team: string }
  | { readonly near: readonly string[] };

const resolveTarget = (turn: Turn, to: Target): Resolved => {
  const { directory } = turn.deps;
  if (to.kind === 'team') return { team: to.id };
  const person = directory.findPerson(to.kind === 'person' ? to.id : to.said, turn.platform);
  if ('id' in person) return { person };
  const team = directory.findTeam(to.said);
  return 'id' in team ? { team: team.id } : { near: [...new Set([...person.near, ...team.near])].slice(0, 3) };
};

/** Nobody is called so: those who nearly are, one tap away. */
const unknownName = (
  who: Who,
  command: 'assign' | 'transfer' | 'escalate',
  said: string,
  near: readonly string[],
  ticket: Ticket,
): Question => {
  const word = wordOfCommand(who, command);
  const buttons = near.map((name) => ({ ticket: ticket.number, say: `${word} ${name}`, label: name }));
  return { text: wordsFor(who).answer.didYouMean(said, near), actions: sayButtons(buttons) };
};

const missing = (
  who: Who,
  command: keyof ReturnType<typeof inboundTexts>['example'],
  ticket: Ticket | null = null,
  form: FormName | null = null,
): Question => ({
  text: wordsFor(who).answer.missingWord(command, inboundTexts(who.language).example[command]),
  ...(ticket !== null && form !== null ? { actions: [formButton(who, form, ticket.number)] } : {}),
});

export const formQuestion = (who: Who, form: FormName, ticket: Ticket): Question => ({
  text: wordsFor(who).answer.needsForm(ticketId(ticket.number)),
  actions: [formButton(who, form, ticket.number)],
});

const formButton = (who: Who, form: FormName, ticket: number): CardAction => ({
  action: `form:${form}`,
  value: actionValue(ticket),
  label: wordsFor(who).answer.openFormLabel,
  style: 'primary',
});

/** Words to the bot, in the context of a ticket or of none. */
export const parseFor = (turn: Turn, who: Who, text: string, ticket: Ticket | null): Parsed | null =>
  parse(text, {
    policy: turn.policy,
    ticket: ticket?.number ?? null,
    status: ticket?.status ?? null,
    side: who.actor.side === 'customer' ? 'customer' : 'service',
    now: turn.at,
    timezone: who.timezone,
  });
