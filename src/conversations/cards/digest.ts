import { assigneeOf } from '../../domain/ticket.ts';
import type { Language } from '../../domain/words.ts';
import type { Card, RichText } from '../card.ts';
import { say, texts } from '../texts/index.ts';
import { at, isBreached, lines } from './parts.ts';
import { byUrgency, ticketLine } from './list.ts';
import type { TicketView } from './view.ts';

const MOST = 10;

export interface Digest {
  readonly teamName: string;
  /** On duty now, and after the next hand-over within the day; null: nobody. */
  readonly duty: string | null;
  readonly next: string | null;
  /** Slots of the coming days that nobody has. */
  readonly holes: readonly { readonly from: number; readonly until: number | null }[];
  /** Open tickets of the team. */
  readonly tickets: readonly TicketView[];
  readonly now: number;
  readonly timezone: string;
}

/** What a duty chat reads in the morning: who is on duty, what is open, what is over, and where the rota has a hole. */
export const digestCard = (digest: Digest, language: Language): Card => {
  const { answer } = texts(language);
  const sorted = [...digest.tickets].sort(byUrgency);
  const over = sorted.filter(isBreached).length;
  const waiting = sorted.filter(({ ticket }) => ticket.status === 'queued').length;
  const owned = sorted.filter(({ ticket }) => assigneeOf(ticket) !== null && ticket.status !== 'resolved').length;
  const holes = digest.holes.map(
    ({ from, until }): RichText =>
      say`⚠️ ${answer.digestHole(at(from, digest, language), until === null ? null : at(until, digest, language))}`,
  );
  return {
    head: digest.teamName,
    title: answer.digestTitle,
    tone: over > 0 || digest.duty === null ? 'warning' : 'info',
    lines: lines(
      answer.digestDuty(digest.duty, digest.next),
      ...holes,
      sorted.length === 0 ? answer.digestQuiet : answer.digestCounts({ waiting, mine: owned, over }),
      ...sorted.slice(0, MOST).map((view) => ticketLine(view, language)),
    ),
    fields: [],
    actions: [],
    ...(sorted.length > MOST ? { note: answer.moreOf(sorted.length - MOST) } : {}),
  };
};
