import type { StoredMessage, Tx } from '../../desk/ports.ts';
import { threadOfRoom } from '../../desk/rooms.ts';
import { SYSTEM } from '../../domain/commands.ts';
import type { SaidMessage } from '../../domain/commands.ts';
import type { ThreadRole, Ticket } from '../../domain/ticket.ts';
import type { ChatCommand, Parsed } from '../grammar.ts';
import { inboundTexts } from '../texts/inbound.ts';
import { tellUnknown, type Place } from './answers.ts';
import { tellAskedAgain } from './asked-again.ts';
import { bounded } from './bounded.ts';
import { prepareCapture, tellExisting } from './capture.ts';
import { readForDraft, rereadForDraft } from './draft.ts';
import { named } from './named.ts';
import { asWho, identityOf, whoIs } from './people.ts';
import { parseFor, run } from './run.ts';
import { sayUnbound } from './answers.ts';
import { bindingOf, keyOf, placeOnceSent, tell, type Act, type EventOf, type Turn, type Who } from './turn.ts';

type Message = EventOf<'message'>;

/** People beyond are not asked for, one call each. */
const MOST_NAMED = 20;

/**
 * A message of a ticket's thread joins its timeline, and may be an answer or a command. Elsewhere it is kept in chats that are bound (a later 🎫 needs
 * it), and answered only where it addresses the bot: what people say to each other in other chats is nobody's business.
 */
export const onMessage = async (turn: Turn, event: Message): Promise<Act | null> => {
  const binding = bindingOf(turn, event.chat);
  const kept = binding !== null && binding.role !== 'escalation' && binding.role !== 'admin';
  const toBot = event.addressed || event.direct;
  const { read } = turn.deps.store;
  const known = await read.ticketOfThread(turn.platform, event.chat, event.thread);
  const room = known === null ? await threadOfRoom(read, turn.platform, event.chat) : null;
  let number = room === null ? known : await read.ticketOfThread(turn.platform, event.chat, room);
  if (number === null && !kept && !toBot) return null;
  // An answer under a card of ours that is not recorded yet would join no ticket.
  const isReply = event.thread !== event.message;
  if (number === null && binding?.role === 'duty' && isReply) {
    const root = await placeOnceSent(turn, keyOf(turn, event.chat, event.thread));
    if (root?.ticket != null) number = await read.ticketOfThread(turn.platform, event.chat, event.thread);
  }
  const who = await whoIs(turn, event.user, event.chat, event.text);
  if (who.isBot) return null;
  // Whoever is named has to have a name where the text is carried to.
  for (const user of event.mentions.slice(0, MOST_NAMED)) await identityOf(turn, user);
  const message = { ...storedOf(turn, event, who), ...(room === null ? {} : { thread: room }) };
  if (number !== null) return (tx) => inTicketThread(tx, turn, event, who, message, number);

  const ear = earOf(event);
  const parsed = commandIn(turn, event, who, null, null);
  if (parsed !== null && parsed.command !== 'capture') {
    return async (tx) => {
      if (kept) await tx.saveMessage(message);
      await run(tx, turn, who, parsed, { ear, here: null, inThread: true, said: event.text });
    };
  }
  const everyThread =
    binding?.role === 'intake' && binding.capture === 'every_thread' && event.thread === event.message;
  if (event.direct && parsed !== null)
    return (tx) => tell(tx, turn, who, ear, { text: inboundTexts(who.language).captureElsewhere });
  if (parsed !== null || everyThread) return prepareCapture(turn, event, who, ear, message);
  return async (tx) => {
    if (kept || !event.direct) await tx.saveMessage(message);
    if (!toBot) return;
    if (binding === null && !event.direct) return sayUnbound(tx, turn, event, who);
    await tellUnknown(tx, turn, who, ear, event.text, null);
  };
};

const inTicketThread = async (
  tx: Tx,
  turn: Turn,
  event: Message,
  who: Who,
  message: StoredMessage,
  number: number,
): Promise<void> => {
  const ticket = await tx.ticket(number);
  await tx.saveMessage(message);
  if (ticket === null) return;
  const role = roleOf(turn, message, ticket);
  const customer = speaksForCustomer(who, ticket, role);
  const parsed = commandIn(turn, event, who, ticket, role);
  const plain = parsed === null || (parsed.command === 'comment' && role === 'origin');
  const marked = event.text.trimStart().startsWith('//');
  const internal = !customer && (!plain || marked || role === 'war_room');
  // Said to the bot among colleagues, understood or not, it is no word to the project.
  const forBot = !plain || (event.addressed && role !== 'origin');
  const said: SaidMessage = {
    key: keyOf(turn, event.chat, event.message),
    author: { id: who.actor.id, name: who.actor.name },
    side: customer || who.actor.side === 'customer' ? 'customer' : 'service',
    at: event.at,
    text: message.text,
    attachments: message.attachments,
  };
  const read = plain && customer && ticket.status === 'draft' ? readForDraft(turn, ticket, event.text, event.at) : {};
  const fields = read.fields === undefined ? {} : { fields: await named(tx, turn, read.fields) };
  // A command to the bot is no word to the other side, and no answer to a question: it joins the timeline, and is not carried over.
  await turn.deps.desk.perform(
    tx,
    number,
    { type: 'message', message: said, role, internal: internal || forBot, ...read, ...fields },
    who.actor,
  );

  if (plain && !internal && !customer) await tellAskedAgain(tx, turn, who, earOf(event), ticket, event.text);

  const ear = earOf(event);
  if (parsed?.command === 'capture') return tellExisting(tx, turn, who, ear, ticket);
  if (parsed !== null && !plain && !(parsed.command === 'note' && internal))
    // A war room has no card that would show what came of it.
    return run(tx, turn, who, parsed, {
      ear,
      here: role === 'war_room' ? null : number,
      inThread: true,
      said: event.text,
    });
  if (parsed === null && event.addressed && !(customer && ticket.status === 'draft') && (customer || !marked))
    await tellUnknown(tx, turn, who, ear, event.text, number);
};

/** Bare words count where engineers work; they are plain enough there, and nobody wants to type a mention at night. */
const BARE: ReadonlySet<ChatCommand> = new Set([
  'claim',
  'release',
  'pend',
  'resume',
  'restore',
  'escalate',
  'assign',
  'transfer',
  'accept_handover',
  'acknowledge',
  'resolve',
  'set_severity',
  'duty',
  'mine',
  'board',
]);

const commandIn = (
  turn: Turn,
  event: Message,
  who: Who,
  ticket: Ticket | null,
  role: ThreadRole | null,
): Parsed | null => {
  const parsed = parseFor(turn, who, event.text, ticket);
  if (parsed === null || event.text.trimStart().startsWith('//')) return null;
  const customer = ticket !== null && role !== null && speaksForCustomer(who, ticket, role);
  if (event.addressed || event.direct) {
    // Asked for a version, "@itr 12" is the answer, not a request to show ITR-12.
    const number = parsed.command === 'show' && /^\s*\d+\s*$/.test(event.text);
    return number && customer && ticket.status === 'draft' && ticket.asking !== null ? null : parsed;
  }
  if (parsed.form !== 'whole') return null;
  const atWork = role === 'work' || (role === null && bindingOf(turn, event.chat)?.role === 'duty');
  if (atWork) return BARE.has(parsed.command) ? parsed : null;
  // The bot has just asked "solved or not?": a bare word answers it.
  const asked = customer && ticket.status === 'resolved';
  return asked && (parsed.command === 'confirm' || parsed.command === 'reopen') ? parsed : null;
};

/** In the origin thread whoever raised it speaks as the customer, also where he is one of us. */
const speaksForCustomer = (who: Who, ticket: Ticket, role: ThreadRole): boolean =>
  role === 'origin' && (who.actor.side === 'customer' || who.actor.id === ticket.requester.id);

const roleOf = (turn: Turn, event: { readonly chat: string; readonly thread: string }, ticket: Ticket): ThreadRole =>
  ticket.threads.find(
    (link) => link.platform === turn.platform && link.chat === event.chat && link.thread === event.thread,
  )?.role ?? 'origin';

const earOf = (event: Message): Place => ({ chat: event.chat, thread: event.thread });

const storedOf = (turn: Turn, event: Message, who: Who): StoredMessage => ({
  platform: turn.platform,
  chat: event.chat,
  thread: event.thread,
  message: event.message,
  author: who.actor.id,
  authorName: who.actor.name,
  user: event.user,
  at: event.at,
  text: bounded(event.text, turn.policy.locale),
  attachments: event.attachments.map(({ name, url }) => ({ name, url })),
  deleted: false,
});

/** Both versions stay: the timeline has the first, the message becomes the second. A draft is understood anew. */
export const onEdited = async (turn: Turn, event: EventOf<'message_edited'>): Promise<Act | null> => {
  const key = keyOf(turn, event.chat, event.message);
  const text = bounded(event.text, turn.policy.locale);
  return async (tx) => {
    const place = await tx.placeOfMessage(key);
    if (place === null || place.sentAs !== null) return;
    const before = await tx.threadMessages(turn.platform, event.chat, place.thread);
    const old = before.find((message) => message.message === event.message);
    // A platform tells of an edit also when only a preview of a link was added.
    if (old?.text === text) return;
    await tx.editMessage(key, text);
    if (place.ticket === null) return;
    const ticket = await tx.ticket(place.ticket);
    if (ticket === null) return;
    const who = asWho(turn, event.user, event.chat, await tx.identity(turn.platform, event.user));
    await turn.deps.desk.perform(tx, ticket.number, { type: 'message_edited', key, text }, who.actor);
    const role = roleOf(turn, { chat: event.chat, thread: place.thread }, ticket);
    if (ticket.status !== 'draft' || !speaksForCustomer(who, ticket, role)) return;
    const fields = await named(tx, turn, rereadForDraft(turn, ticket, before, event.message, text));
    if (Object.keys(fields).length > 0)
      await turn.deps.desk.perform(tx, ticket.number, { type: 'set', fields }, who.actor);
  };
};

export const onDeleted = (turn: Turn, event: EventOf<'message_deleted'>): Promise<Act | null> => {
  const key = keyOf(turn, event.chat, event.message);
  return Promise.resolve(async (tx: Tx) => {
    const place = await tx.placeOfMessage(key);
    if (place === null || place.sentAs !== null) return;
    await tx.deleteMessage(key);
    // Platforms do not say who deleted it.
    if (place.ticket !== null) await turn.deps.desk.perform(tx, place.ticket, { type: 'message_deleted', key }, SYSTEM);
  });
};
