import type { Directory } from '../../desk/desk.ts';
import type { Tx } from '../../desk/ports.ts';
import type { Actor, PublicCommand } from '../../domain/commands.ts';
import { parseDuration } from '../../domain/duration.ts';
import { parseInstant } from '../../domain/instant.ts';
import type { MessageKey } from '../../domain/ticket.ts';
import { badBody } from '../problem.ts';
import { readFields } from './command-schema.ts';
import type { CommandBody } from './command-schema.ts';
import { actorOf, personNamed, personOrTeam, teamNamed } from './people.ts';
import { ticketNumber } from './read.ts';

interface Context {
  readonly number: number;
  readonly tx: Pick<Tx, 'ticket' | 'timeline'>;
  readonly directory: Directory;
  readonly now: number;
}

/** Who gives it: `as`, except for `link`, whose `as` is the kind of link. */
export const commandActor = (body: CommandBody, directory: Directory): Actor =>
  body.type === 'link' ? actorOf(body.actor, 'actor', directory) : actorOf(body.as, 'as', directory);

/** The command in the domain's words: names become ids, times instants, numbers tickets that are there. */
export async function toCommand(body: CommandBody, context: Context): Promise<PublicCommand> {
  const { directory } = context;
  switch (body.type) {
    case 'set': {
      const { kind, fields } = readFields(body.fields);
      return { type: 'set', fields, ...(kind === undefined ? {} : { kind }) };
    }
    case 'authorize':
      return {
        type: 'authorize',
        reason: [body.reason, body.note ?? ''].filter((part) => part.trim() !== '').join(': '),
      };
    case 'reject': {
      const of = body.of === undefined ? {} : { of: await known(body.of, 'of', context) };
      return { type: 'reject', reason: body.reason, ...noteOf(body), ...of };
    }
    case 'assign':
      return { type: 'assign', to: personNamed(body.to, 'to', directory) };
    case 'transfer':
      return { type: 'transfer', to: personOrTeam(body.to, 'to', directory), ...noteOf(body) };
    case 'pend': {
      const until = body.until === undefined ? {} : { until: instantOf(body.until, context.now) };
      return { type: 'pend', reason: body.reason, ...until, ...noteOf(body) };
    }
    case 'escalate': {
      const to = body.to === undefined ? {} : { to: teamNamed(body.to, 'to', directory) };
      return { type: 'escalate', ...to, ...noteOf(body) };
    }
    case 'set_severity':
      return { type: 'set_severity', severity: body.severity, ...noteOf(body) };
    case 'resolve': {
      const { solution, cause, closure } = body;
      return { type: 'resolve', solution, cause, ...(closure === undefined ? {} : { closure }) };
    }
    case 'comment':
    case 'note':
      return { type: body.type, text: body.text };
    case 'evidence':
    case 'internal':
      return { type: body.type, message: await messageOf(body.message, context) };
    case 'link':
      return { type: 'link', to: await known(body.to, 'to', context), as: body.as };
    case 'checkpoint':
      return { type: 'checkpoint', activity: body.activity, ...noteOf(body) };
    case 'rate':
      return { type: 'rate', score: body.score, ...(body.text === undefined ? {} : { text: body.text }) };
    case 'register':
    case 'claim':
    case 'consent':
    case 'resume':
    case 'war_room':
    case 'confirm':
      return { type: body.type };
    case 'acknowledge':
    case 'accept_handover':
    case 'return':
    case 'release':
    case 'restore':
    case 'reopen':
    case 'close':
    case 'cancel':
      return { type: body.type, ...noteOf(body) };
  }
}

const noteOf = ({ note }: { readonly note?: string | undefined }): { readonly note?: string } =>
  note === undefined || note.trim() === '' ? {} : { note };

async function known(said: string | number, name: string, { tx }: Context): Promise<number> {
  const number = ticketNumber(String(said));
  if ((await tx.ticket(number)) === null) throw badBody({ name, problem: `there is no ticket ITR-${number}` });
  return number;
}

/** An instant, or a duration from now. */
function instantOf(said: string, now: number): number {
  try {
    return /^(\d+[smhdw])+$/.test(said.trim()) ? now + parseDuration(said) : parseInstant(said);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw badBody({ name: 'until', problem: `${why}, or a duration from now such as 2h or 1d` });
  }
}

/** Only what stands on this ticket's timeline can be kept or hidden; its latest edit counts. */
async function messageOf(said: MessageKey | string, { number, tx }: Context): Promise<MessageKey> {
  const keys = (await tx.timeline(number)).flatMap((event) => (event.type === 'message' ? [event.key] : []));
  const found = keys.find((key) =>
    typeof said === 'string'
      ? key.message === said || `${key.platform}:${key.chat}:${key.message}` === said
      : key.platform === said.platform && key.chat === said.chat && key.message === said.message,
  );
  if (found !== undefined) return found;
  throw badBody({
    name: 'message',
    problem: `there is no such message on ITR-${number}; name one by the "key" of its timeline entry`,
  });
}
