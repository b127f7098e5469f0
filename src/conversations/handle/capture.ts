import { threadOfRoom } from '../../desk/rooms.ts';
import type { StoredMessage, Tx } from '../../desk/ports.ts';
import type { SaidMessage } from '../../domain/commands.ts';
import type { ChatBinding } from '../../domain/policy.ts';
import type { PersonRef, Ticket } from '../../domain/ticket.ts';
import { ticketId } from '../../domain/words.ts';
import { understand, type Fields, type IntakeMessage } from '../intake.ts';
import type { HistoryMessage } from '../platform.ts';
import { parse } from '../grammar.ts';
import { inboundTexts } from '../texts/inbound.ts';
import { bounded } from './bounded.ts';
import { named } from './named.ts';
import { asked, asWho, identityOf, whoIs } from './people.ts';
import { sayUnbound, showButton } from './answers.ts';
import {
  bindingOf,
  keyOf,
  languageFor,
  tell,
  wordsFor,
  type Act,
  type Ear,
  type EventOf,
  type Turn,
  type Who,
} from './turn.ts';

/** More people than this in one thread are named by their ids rather than looked up one by one. */
const MOST_PROFILES = 20;

export interface CapturePlace {
  readonly chat: string;
  readonly thread: string;
}

/** "Make a ticket of this" from a menu of the platform. */
export const onCaptureAsked = async (turn: Turn, event: EventOf<'capture'>): Promise<Act | null> => {
  const who = await whoIs(turn, event.user, event.chat);
  if (who.isBot) return null;
  const room = await threadOfRoom(turn.deps.store.read, turn.platform, event.chat);
  const place = room === null ? event : { ...event, thread: room };
  return prepareCapture(turn, place, who, { chat: event.chat, thread: event.thread, reply: event.reply });
};

/**
 * Prepares the capture of a thread: what was said in it before the bot came is asked of the platform here, since the transaction must not. In a chat
 * that takes nothing in, the bot says why and how that is changed; the message is kept, so that 🎫 works once the chat is bound.
 * @param current a message that arrives with this very event and is not stored yet.
 */
export const prepareCapture = async (
  turn: Turn,
  place: CapturePlace,
  who: Who,
  ear: Omit<Ear, 'user'>,
  current: StoredMessage | null = null,
): Promise<Act> => {
  const { store } = turn.deps;
  const known = await store.read.ticketOfThread(turn.platform, place.chat, place.thread);
  const earlier = known === null ? await missingMessages(turn, place, current) : [];
  return async (tx) => {
    for (const message of earlier) await tx.saveMessage(message);
    if (current !== null) await tx.saveMessage(current);
    await captureThread(tx, turn, place, who, ear);
  };
};

/** One ticket a thread: a second capture answers with the first one's ticket. */
export const captureThread = async (
  tx: Tx,
  turn: Turn,
  place: CapturePlace,
  who: Who,
  ear: Omit<Ear, 'user'>,
): Promise<Ticket | null> => {
  const existing = await tx.ticketOfThread(turn.platform, place.chat, place.thread);
  if (existing !== null) {
    const ticket = await tx.ticket(existing);
    if (ticket !== null) await tellExisting(tx, turn, who, ear, ticket);
    return ticket;
  }
  const binding = bindingOf(turn, place.chat);
  if (binding === null) {
    await sayUnbound(tx, turn, place, who);
    return null;
  }
  if (binding.role !== 'intake') {
    await tell(tx, turn, who, ear, { text: inboundTexts(who.language).notIntake });
    return null;
  }
  const stored = await tx.threadMessages(turn.platform, place.chat, place.thread);
  const { command } = await captureOf(tx, turn, binding, place, who, stored);
  const { ticket, existing: was } = await turn.deps.desk.capture(tx, command, who.actor);
  if (was) await tellExisting(tx, turn, who, ear, ticket);
  return ticket;
};

const captureOf = async (
  tx: Tx,
  turn: Turn,
  binding: ChatBinding,
  place: CapturePlace,
  who: Who,
  stored: readonly StoredMessage[],
) => {
  const { policy } = turn;
  const said = stored
    .filter((message) => !message.deleted)
    .map((message) => ({ message, ...speakerOf(turn, message) }));
  const first = said[0];
  const requester: PersonRef = first?.author ?? { id: who.actor.id, name: who.actor.name };
  const talk = said.map(({ message, side, author }): IntakeMessage => {
    // Whoever raised it speaks for the customer here, also where he is one of us.
    const customer = side === 'customer' || author.id === requester.id;
    return { text: withoutCaptureWord(turn, message.text), at: message.at, side: customer ? 'customer' : 'service' };
  });
  const language = await languageOfTicket(tx, turn, requester, first?.message.user ?? who.user, talk);
  const understood = understand(talk, policy, { language, project: binding.project });
  const messages = said.map(({ message, author, side }): SaidMessage => ({
    key: keyOf(turn, place.chat, message.message),
    author,
    side: author.id === requester.id ? 'customer' : side,
    at: message.at,
    text: message.text,
    attachments: message.attachments,
  }));
  const { kind, severity, severityGuessed } = understood;
  const fields = await named(tx, turn, understood.fields);
  return {
    command: {
      type: 'capture' as const,
      kind,
      severity,
      severityGuessed,
      fields,
      language: understood.language,
      requester,
      project: binding.project,
      firstMessageAt: first?.message.at ?? turn.at,
      thread: { platform: turn.platform, chat: place.chat, thread: place.thread, role: 'origin' as const, team: null },
      messages,
    },
  };
};

/** A ticket of which no message was said in a thread: a form, a slash command. Its thread is the message the bot has opened for it, if it could. */
export const captureNew = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  about: {
    readonly chat: string | null;
    readonly root: string | null;
    readonly text: string;
    readonly fields?: Fields;
    readonly kind?: Ticket['kind'];
  },
): Promise<Ticket> => {
  const { policy } = turn;
  const binding = bindingOf(turn, about.chat);
  const spoken = [about.text, ...Object.values(about.fields ?? {})].filter((text) => text !== '').join('\n');
  const { language } = languageFor(policy, who.actor.id, who.ownLanguage, spoken);
  const understood = understand([{ text: spoken, at: turn.at, side: 'customer' }], policy, {
    language,
    project: binding?.project ?? null,
  });
  const requester: PersonRef = { id: who.actor.id, name: who.actor.name };
  const placed = about.chat !== null && about.root !== null;
  const { ticket } = await turn.deps.desk.capture(
    tx,
    {
      type: 'capture',
      kind: about.kind ?? understood.kind,
      severity: understood.severity,
      severityGuessed: understood.severityGuessed,
      fields: await named(tx, turn, { ...understood.fields, ...about.fields }),
      language,
      requester,
      project: binding?.project ?? who.actor.projects[0] ?? null,
      firstMessageAt: turn.at,
      thread: placed
        ? { platform: turn.platform, chat: about.chat, thread: about.root, role: 'origin', team: null }
        : null,
      messages: [],
    },
    who.actor,
  );
  return ticket;
};

export const tellExisting = (tx: Tx, turn: Turn, who: Who, ear: Omit<Ear, 'user'>, ticket: Ticket): Promise<void> => {
  const words = wordsFor(who);
  return tell(
    tx,
    turn,
    who,
    ear,
    {
      text: words.answer.alreadyTicket(ticketId(ticket.number), words.words.status[ticket.status]),
      actions: [showButton(turn, who, ticket.number)],
    },
    ticket.number,
  );
};

/** The thread's messages that were never delivered, as the platform has them; named by their profiles. */
const missingMessages = async (
  turn: Turn,
  place: CapturePlace,
  current: StoredMessage | null,
): Promise<readonly StoredMessage[]> => {
  const stored = await turn.deps.store.read.threadMessages(turn.platform, place.chat, place.thread);
  if (current?.message === place.thread || stored.some((message) => message.message === place.thread)) return [];
  const history = (await asked(turn, 'history', (platform) => platform.history(place.chat, place.thread))) ?? [];
  const have = new Set([...stored.map((message) => message.message), current?.message]);
  const missing = history.filter((message) => !message.isBot && !have.has(message.message));
  // Whoever is named needs a name, too; authors first.
  const users = [...new Set([...missing.map(({ user }) => user), ...missing.flatMap(({ mentions }) => mentions)])];
  const bots = new Set<string>();
  for (const user of users.slice(0, MOST_PROFILES)) if ((await identityOf(turn, user))?.isBot) bots.add(user);
  return missing.filter((message) => !bots.has(message.user)).map((message) => toStored(turn, place, message));
};

const toStored = (turn: Turn, place: CapturePlace, message: HistoryMessage): StoredMessage => {
  const identity = turn.fetched.find((one) => one.user === message.user) ?? null;
  const { actor } = asWho(turn, message.user, place.chat, identity);
  return {
    platform: turn.platform,
    chat: place.chat,
    thread: place.thread,
    message: message.message,
    author: actor.id,
    authorName: actor.name,
    user: message.user,
    at: message.at,
    text: bounded(message.text, turn.policy.locale),
    attachments: message.attachments.map(({ name, url }) => ({ name, url })),
    deleted: false,
  };
};

const speakerOf = (
  turn: Turn,
  message: StoredMessage,
): { readonly author: PersonRef; readonly side: 'service' | 'customer' } => {
  const actor = turn.deps.directory.actor(turn.platform, message.user, message.authorName, message.chat);
  return { author: { id: actor.id, name: actor.name }, side: actor.side === 'customer' ? 'customer' : 'service' };
};

/** "建单 数据库连不上" says 数据库连不上; "建单" alone says nothing of what is wrong. */
const withoutCaptureWord = (turn: Turn, text: string): string => {
  const parsed = parse(text, {
    policy: turn.policy,
    ticket: null,
    status: null,
    side: 'customer',
    now: turn.now,
    timezone: turn.policy.timezone,
  });
  return parsed?.command === 'capture' && parsed.form !== 'within' ? parsed.text : text;
};

const languageOfTicket = async (
  tx: Tx,
  turn: Turn,
  requester: PersonRef,
  user: string,
  talk: readonly IntakeMessage[],
) => {
  const identity = await tx.identity(turn.platform, user);
  const written = talk
    .filter((message) => message.side === 'customer')
    .map((message) => message.text)
    .join('\n');
  return languageFor(turn.policy, requester.id, identity?.language ?? null, written).language;
};
