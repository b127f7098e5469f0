import type { MessagePlace, Tx } from '../../desk/ports.ts';
import type { PublicCommand } from '../../domain/commands.ts';
import type { Gesture } from '../../domain/policy.ts';
import { assigneeOf, type MessageKey, type Ticket } from '../../domain/ticket.ts';
import { SEVERITIES, ticketId } from '../../domain/words.ts';
import { isLead, isRequesterSide } from '../../domain/permissions.ts';
import { causeOf, soundsSolved } from '../causes.ts';
import { gestureOf } from '../gestures.ts';
import { inboundTexts } from '../texts/inbound.ts';
import { sayUnbound, tellRefusal, type Place } from './answers.ts';
import { prepareCapture } from './capture.ts';
import { asked, whoIs } from './people.ts';
import { formQuestion, obey } from './run.ts';
import {
  bindingOf,
  keyOf,
  placeOnceSent,
  tell,
  wordsFor,
  type Act,
  type EventOf,
  type Turn,
  type Who,
} from './turn.ts';

/** An emoji without a meaning is none of the bot's business, and so is a gesture on a message that it has nothing to do with. */
export const onReactionAdded = async (turn: Turn, event: EventOf<'reaction_added'>): Promise<Act | null> => {
  const gesture = gestureOf(event.emoji, turn.policy, turn.platform);
  if (gesture === null) return null;
  const key = keyOf(turn, event.chat, event.message);
  if (gesture === 'capture') return captureByReaction(turn, event, await turn.deps.store.read.placeOfMessage(key));
  const place = await placeOnceSent(turn, key);
  if (place === null || place.ticket === null) return null;
  const who = await whoIs(turn, event.user, event.chat);
  if (who.isBot) return null;
  return (tx) => actOn(tx, turn, event, gesture, who, key);
};

const captureByReaction = async (
  turn: Turn,
  event: EventOf<'reaction_added'>,
  place: MessagePlace | null,
): Promise<Act | null> => {
  // The bot's own words are nobody's trouble, unless they stand in a ticket's thread: then he is shown that ticket.
  if (place !== null && place.sentAs !== null && place.ticket === null) return null;
  const who = await whoIs(turn, event.user, event.chat);
  if (who.isBot) return null;
  const thread =
    place?.thread ?? (await asked(turn, 'thread', (one) => one.threadOf(event.chat, event.message))) ?? event.message;
  const at = { chat: event.chat, thread };
  if (bindingOf(turn, event.chat) === null && place?.ticket == null) return (tx) => sayUnbound(tx, turn, at, who);
  return prepareCapture(turn, at, who, at);
};

const actOn = async (
  tx: Tx,
  turn: Turn,
  event: EventOf<'reaction_added'>,
  gesture: Exclude<Gesture, 'capture'>,
  who: Who,
  key: MessageKey,
): Promise<void> => {
  const place = await tx.placeOfMessage(key);
  const ticket = place?.ticket == null ? null : await tx.ticket(place.ticket);
  if (place === null || ticket === null) return;
  const ear: Place = { chat: event.chat, thread: place.thread };
  const link = ticket.threads.find(
    (one) => one.platform === turn.platform && one.chat === event.chat && one.thread === place.thread,
  );
  const aimed: Aimed = {
    atBot: place.sentAs === 'card' || place.sentAs === 'notice',
    atWork: link?.role === 'work',
    atRoot: place.thread === event.message,
    // A copy carried over stands for the message it is a copy of.
    message: place.copyOf ?? key,
  };
  const done = (command: PublicCommand): Promise<boolean> =>
    obey(tx, turn, who, command, ticket.number, { ear, quiet: true });
  switch (gesture) {
    case 'claim':
      if (!aimed.atBot && !aimed.atWork) return;
      // Looking at one's own ticket again is no news to anybody.
      if (assigneeOf(ticket)?.id === who.actor.id) return;
      if (await takenOffSince(tx, key, event)) return;
      await done({ type: 'claim', via: { ...key, emoji: event.emoji } });
      return;
    case 'done':
      return doneBy(tx, turn, who, ticket, aimed, ear);
    case 'reopen':
      if (ticket.status === 'in_progress' || ticket.status === 'queued' || !deliberate(aimed)) return;
      await done({ type: 'reopen' });
      return;
    case 'pend':
      if (deliberate(aimed)) await done({ type: 'pend', reason: 'customer' });
      return;
    case 'resume':
      if (deliberate(aimed)) await done({ type: 'resume' });
      return;
    case 'escalate':
      if (deliberate(aimed)) await done({ type: 'escalate' });
      return;
    case 'raise': {
      const higher = SEVERITIES[SEVERITIES.indexOf(ticket.severity) - 1];
      if (!deliberate(aimed)) return;
      if (higher === undefined)
        return tell(
          tx,
          turn,
          who,
          ear,
          { text: inboundTexts(who.language).topSeverity(ticketId(ticket.number)) },
          ticket.number,
        );
      await done({ type: 'set_severity', severity: higher });
      return;
    }
    case 'internal':
      if (aimed.atBot || !(await done({ type: 'internal', message: aimed.message }))) return;
      return tell(tx, turn, who, ear, { text: wordsFor(who).answer.internalMarked }, ticket.number);
    case 'evidence':
      if (aimed.atBot || !(await done({ type: 'evidence', message: aimed.message }))) return;
      return tell(tx, turn, who, ear, { text: wordsFor(who).answer.evidenceKept }, ticket.number);
  }
};

interface Aimed {
  readonly atBot: boolean;
  readonly atWork: boolean;
  readonly atRoot: boolean;
  readonly message: MessageKey;
}

/** ✅ or 🔺 on what a colleague wrote is said to him; on the bot's messages, on the thread's first message and in the work thread it is meant for the ticket. */
const deliberate = ({ atBot, atWork, atRoot }: Aimed): boolean => atBot || atWork || atRoot;

/** ✅: the one who owns it has solved it; whoever raised it confirms. */
const doneBy = async (tx: Tx, turn: Turn, who: Who, ticket: Ticket, aimed: Aimed, ear: Place): Promise<void> => {
  const owner = assigneeOf(ticket)?.id === who.actor.id;
  const solvable = ticket.status === 'in_progress' || ticket.status === 'pending' || ticket.status === 'restored';
  if ((owner || isLead(ticket, who.actor)) && solvable) {
    if (!deliberate(aimed)) return;
    // A lead who closes for somebody else says himself what helped.
    const solution = owner ? await lastReport(tx, ticket, who.actor.id) : null;
    const cause = solution === null ? null : causeOf(solution, turn.policy.close.causes);
    if (solution === null || cause === null)
      return tell(tx, turn, who, ear, formQuestion(who, 'resolve', ticket), ticket.number);
    await obey(tx, turn, who, { type: 'resolve', solution, cause }, ticket.number, { ear, quiet: true });
    return;
  }
  if (isRequesterSide(ticket, who.actor)) {
    // On anything else than a solution it is a nod to whoever spoke.
    if (ticket.status !== 'resolved') return;
    await obey(tx, turn, who, { type: 'confirm' }, ticket.number, { ear, quiet: true });
    return;
  }
  if (!aimed.atBot) return;
  const command: PublicCommand =
    ticket.status === 'resolved' ? { type: 'confirm' } : { type: 'resolve', solution: '', cause: '' };
  const outcome = await turn.deps.desk.perform(tx, ticket.number, command, who.actor);
  if (!outcome.ok)
    await tellRefusal(tx, turn, who, ear, outcome.refusal, outcome.ticket, wordsFor(who).words.can[command.type]);
};

/** What the owner last reported in the work thread, if it reads like something that helped. */
const lastReport = async (tx: Tx, ticket: Ticket, owner: string): Promise<string | null> => {
  const link = ticket.threads.findLast((one) => one.role === 'work');
  if (link === undefined) return null;
  const said = await tx.threadMessages(link.platform, link.chat, link.thread);
  const last = said.findLast(
    (message) => message.author === owner && !message.deleted && !message.text.trimStart().startsWith('//'),
  );
  return last !== undefined && soundsSolved(last.text) ? last.text.trim() : null;
};

const takenOff = (key: MessageKey, { user, emoji }: { readonly user: string; readonly emoji: string }): string =>
  `taken-off:${key.platform}:${key.chat}:${key.message}:${user}:${emoji}`;

/** He has taken this reaction off again before we heard of it. */
const takenOffSince = async (tx: Tx, key: MessageKey, event: EventOf<'reaction_added'>): Promise<boolean> => {
  const at = await tx.keyValue(takenOff(key, event));
  if (at === null) return false;
  await tx.setKeyValue(takenOff(key, event), null);
  return event.at <= Number(at);
};

/** Taking the winning 👀 away gives the ticket back, for five minutes; the domain knows whether it was the winning one. */
export const onReactionRemoved = async (turn: Turn, event: EventOf<'reaction_removed'>): Promise<Act | null> => {
  if (gestureOf(event.emoji, turn.policy, turn.platform) !== 'claim') return null;
  const key = keyOf(turn, event.chat, event.message);
  const place = await placeOnceSent(turn, key);
  if (place === null || place.ticket === null) return null;
  const { ticket } = place;
  const who = await whoIs(turn, event.user, event.chat);
  return async (tx) => {
    // Platforms promise no order: what put it on may still be on its way, and is void then.
    if ((await tx.ticket(ticket))?.status === 'queued') await tx.setKeyValue(takenOff(key, event), String(event.at));
    await turn.deps.desk.perform(tx, ticket, { type: 'unclaim', via: { ...key, emoji: event.emoji } }, who.actor);
  };
};
