/** 子单: another team's part of a ticket. */
import type { Tx } from '../../desk/ports.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { ticketId } from '../../domain/words.ts';
import type { Parsed } from '../grammar.ts';
import { serviceTexts } from '../texts/service.ts';
import { tellRefusal, type Place } from './answers.ts';
import { tell, wordsFor, type Turn, type Who } from './turn.ts';

/** `子单 数据库二线 查一下存储`: the team or the product comes first, what it is about after it. */
export const raiseChild = async (
  tx: Tx,
  turn: Turn,
  who: Who,
  ear: Place,
  { to, text }: Parsed,
  parent: Ticket,
): Promise<void> => {
  const t = serviceTexts(who.language);
  const wanted = to === null || to.kind === 'person' ? null : whose(turn, to.kind === 'team' ? to.id : to.said);
  if (wanted === null) return tell(tx, turn, who, ear, { text: t.childNeedsTeam }, parent.number);
  if ('near' in wanted) {
    const answer = wordsFor(who).answer.didYouMean(to?.said ?? '', wanted.near);
    return tell(tx, turn, who, ear, { text: answer }, parent.number);
  }
  const title = text === '' ? {} : { title: text.slice(0, 200) };
  const outcome = await turn.deps.desk.raiseChild(tx, parent.number, { ...wanted, ...title }, who.actor);
  if (!outcome.ok) {
    await tellRefusal(tx, turn, who, ear, outcome.refusal, outcome.ticket, wordsFor(who).words.can.link);
    return;
  }
  const { ticket } = outcome;
  const team = ticket.team === null ? null : (turn.policy.teams.get(ticket.team)?.name ?? ticket.team);
  const said = t.childRaised(ticketId(ticket.number), ticketId(parent.number), team);
  await tell(tx, turn, who, ear, { text: said }, ticket.number);
};

const whose = (
  turn: Turn,
  said: string,
): { readonly team: string } | { readonly product: string } | { readonly near: readonly string[] } => {
  const team = turn.deps.directory.findTeam(said);
  if ('id' in team) return { team: team.id };
  const product = productOf(said, turn.policy);
  return product === null ? team : { product };
};

const productOf = (said: string, { products }: Pick<Policy, 'products'>): string | null => {
  const wanted = said.toLowerCase();
  const found = [...products.values()].find(({ id, name, aliases }) =>
    [id, name, ...aliases].some((one) => one.toLowerCase() === wanted),
  );
  return found?.id ?? null;
};
