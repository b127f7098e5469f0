/** What the bot answers about tickets, people and itself. */
import type { Tx } from '../../desk/ports.ts';
import { dutyOf } from '../../domain/escalation.ts';
import type { Actor } from '../../domain/commands.ts';
import type { Refusal } from '../../domain/errors.ts';
import { isRequesterSide } from '../../domain/permissions.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { ticketId } from '../../domain/words.ts';
import { actionValue, COMMAND_ACTIONS, SCORES, type Action } from '../actions.ts';
import type { CardAction, Inline } from '../card.ts';
import { explainCard, explained } from '../cards/explain.ts';
import { ticketList } from '../cards/list.ts';
import { nameOf, viewOf, type TicketView } from '../cards/view.ts';
import { ticketCard } from '../cards/ticket-card.ts';
import { workCard } from '../cards/work-card.ts';
import { gestureShown } from '../gestures.ts';
import { nearest, type ChatCommand, type Target } from '../grammar.ts';
import { cut, instant, join, refusalContext } from '../texts/index.ts';
import { inboundTexts } from '../texts/inbound.ts';
import type { Ways } from '../texts/texts.ts';
import { bindingOf, sayInChat, tell, wordsFor, type Ear, type Turn, type Who } from './turn.ts';

export type Place = Omit<Ear, 'user'>;

export const showButton = (_turn: Turn, who: Who, ticket: number): CardAction => ({
  action: 'show',
  value: actionValue(ticket),
  label: `${wordsFor(who).words.button.show} ${ticketId(ticket)}`,
});

/** `say` buttons: as though the person had written the words. One row holds five names. */
export const sayButtons = (
  words: readonly { readonly ticket: number | null; readonly say: string; readonly label: string }[],
): readonly CardAction[] =>
  SCORES.flatMap((n) => {
    const one = words[n - 1];
    return one === undefined
      ? []
      : [{ action: `say:${n}` satisfies Action, value: actionValue(one.ticket, one.say), label: one.label }];
  });

/** A customer learns of his own side's tickets only; what he may not see is as though it were not there. */
export const maySee = (ticket: Ticket, actor: Actor): boolean =>
  actor.side !== 'customer' || isRequesterSide(ticket, actor);

export const sayUnbound = async (
  tx: Tx,
  turn: Turn,
  place: { readonly chat: string; readonly thread: string | null },
  who: Who,
): Promise<void> => {
  const admins = [...turn.policy.people.values()]
    .filter((person) => person.roles.includes('admin'))
    .map(({ name }) => name);
  const key = `unbound:${turn.platform}:${place.chat}:${place.thread ?? turn.id}`;
  await sayInChat(
    tx,
    turn,
    place,
    { text: wordsFor(who).answer.unboundChat(admins.slice(0, 3), waysOf(turn)), language: who.language },
    { key },
  );
};

export const tellRefusal = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  refusal: Refusal,
  ticket: Ticket | null,
  command: string,
): Promise<void> => {
  const words = wordsFor(who);
  await tell(
    tx,
    turn,
    who,
    ear,
    { text: words.refusal(refusal, refusalContext(ticket, turn.policy, command)) },
    ticket?.number ?? null,
  );
};

/** Publicly where everybody in the chat may see it anyway, else to whoever asked. */
export const showTicket = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  ticket: Ticket,
  inThread: boolean,
): Promise<void> => {
  const binding = bindingOf(turn, ear.chat);
  const here = ticket.threads.find((link) => link.platform === turn.platform && link.chat === ear.chat);
  const service = binding !== null && binding.role !== 'intake';
  const seen = view(turn, who, ticket);
  const everybodyMay = service || here?.role === 'origin' || (binding?.project ?? '') === ticket.project;
  if (inThread && ear.chat !== null && everybodyMay) {
    const shown = service ? workCard(seen, who.language) : ticketCard(seen, who.language);
    await sayInChat(
      tx,
      turn,
      { chat: ear.chat, thread: ear.thread },
      { card: shown, language: who.language },
      { ticket: ticket.number },
    );
    return;
  }
  const internal = service || (here?.role !== 'origin' && who.actor.side !== 'customer');
  const card = internal ? workCard(seen, who.language) : ticketCard(seen, who.language);
  await tell(tx, turn, who, ear, { card }, ticket.number);
};

export const tellMine = async (tx: Tx, turn: Turn, who: Who, ear: Place): Promise<void> => {
  const { answer } = wordsFor(who);
  const tickets = await ownTickets(tx, who.actor);
  const views = tickets.map((ticket) => view(turn, who, ticket));
  await tell(tx, turn, who, ear, {
    card: ticketList(answer.mine(tickets.length), views, who.language, answer.noneMine),
  });
};

/** Owned and raised, the owned first. */
export const ownTickets = async (tx: Tx, actor: Actor): Promise<readonly Ticket[]> => {
  const owned = await tx.openTickets({ assignee: actor.id, limit: 50 });
  const raised = await tx.openTickets({ requester: actor.id, limit: 50 });
  return [...owned, ...raised.filter((ticket) => !owned.some((one) => one.number === ticket.number))];
};

const view = (turn: Turn, who: Who, ticket: Ticket): TicketView =>
  viewOf(ticket, turn.world, turn.now, turn.deps.publicUrl, who.timezone);

/** Of the team named, else of the chat's, else of the asker's own. */
export const tellDuty = async (tx: Tx, turn: Turn, who: Who, ear: Place, said: Target | null): Promise<void> => {
  const { answer } = wordsFor(who);
  const { policy, world, now } = turn;
  if (said?.kind === 'unknown' || said?.kind === 'person') {
    const found = turn.deps.directory.findTeam(said.said);
    if (!('id' in found))
      return tell(tx, turn, who, ear, { text: answer.unknownTarget('team', said.said, found.near) });
    said = { kind: 'team', id: found.id, said: found.name };
  }
  const here = bindingOf(turn, ear.chat)?.team;
  const teams = said
    ? [said.id]
    : here
      ? [here]
      : who.actor.teams.length > 0
        ? who.actor.teams
        : policy.teams.size <= 5
          ? [...policy.teams.keys()]
          : [];
  if (teams.length === 0) return tell(tx, turn, who, ear, { text: answer.noTeam });
  const lines = teams.map((id) => {
    const team = policy.teams.get(id);
    const slot = dutyOf(id, world, now);
    const lead = team?.lead ? nameOf(team.lead, policy) : null;
    if (slot.person === null || slot.source === 'fallback') return answer.nobodyOnDuty(team?.name ?? id, lead);
    const until = slot.until === null ? null : instant(slot.until, { now, timezone: who.timezone }, who.language);
    return answer.onDuty(team?.name ?? id, nameOf(slot.person, policy), until);
  });
  await tell(tx, turn, who, ear, { text: join(lines, '\n') });
};

export const tellBoard = (tx: Tx, turn: Turn, who: Who, ear: Place): Promise<void> => {
  const { answer } = wordsFor(who);
  const { publicUrl } = turn.deps;
  return tell(tx, turn, who, ear, {
    text: publicUrl === null ? answer.noBoard : answer.board(`${publicUrl.replace(/\/+$/, '')}/board`),
  });
};

export const waysOf = (turn: Turn): Ways => {
  const { reactions, slash } = turn.chatPlatform?.capabilities ?? { reactions: true, slash: true };
  const shown = (gesture: 'capture' | 'claim' | 'done'): Inline | null =>
    reactions ? gestureShown(gesture, turn.policy, turn.platform) : null;
  return { capture: shown('capture'), claim: shown('claim'), done: shown('done'), slash };
};

export const tellHelp = (tx: Tx, turn: Turn, who: Who, ear: Place): Promise<void> => {
  const lines = wordsFor(who).answer.help(waysOf(turn));
  return tell(tx, turn, who, ear, { text: join(lines, '\n') });
};

/** Not understood: the three that come nearest, each one tap away. */
export const tellUnknown = (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  said: string,
  ticket: number | null,
): Promise<void> => {
  const t = wordsFor(who);
  const near = nearest(said, who.actor.side === 'customer' ? 'customer' : 'service', 4)
    .filter((command) => ticket !== null || !NEEDS_TICKET.has(command))
    .slice(0, 3);
  const buttons = near.map((command) => ({
    ticket,
    say: wordOfCommand(who, command),
    label: wordOfCommand(who, command),
  }));
  return tell(
    tx,
    turn,
    who,
    ear,
    { text: t.answer.unknownCommand(cut(said, 40)), actions: sayButtons(buttons) },
    ticket,
  );
};

const NEEDS_TICKET: ReadonlySet<ChatCommand> = new Set(COMMAND_ACTIONS);

/** A word that the grammar reads as this command. */
export const wordOfCommand = (who: Who, command: ChatCommand): string => inboundTexts(who.language).word[command];

/** No thread, no number: his open tickets, each one tap away. */
export const tellWhich = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  command: ChatCommand,
  said: string,
): Promise<void> => {
  const { answer } = wordsFor(who);
  const tickets = (await ownTickets(tx, who.actor)).slice(0, SCORES.length);
  const buttons = tickets.map((ticket) => ({
    ticket: ticket.number,
    say: said,
    label: cut(`${ticketId(ticket.number)} ${ticket.fields.title ?? ''}`, 60),
  }));
  await tell(tx, turn, who, ear, {
    text: answer.whichTicket(wordOfCommand(who, command)),
    actions: sayButtons(buttons),
  });
};

/** Why it went where it went, and why each promise is due when it is. The agreements between teams are not the customer's business. */
export const tellExplanation = (tx: Tx, turn: Turn, who: Who, ear: Place, ticket: Ticket): Promise<void> => {
  const clocks = ticket.clocks
    .filter((clock) => clock.kind === 'SLA' || who.actor.side !== 'customer')
    .map((clock) => explained(clock, turn.policy, turn.now, who.timezone));
  const card = explainCard(view(turn, who, ticket), clocks, who.language, who.actor.side === 'customer');
  return tell(tx, turn, who, ear, { card }, ticket.number);
};
