import type { Logger } from 'pino';
import type { Receive } from '../../conversations/platform.ts';
import type { Raw } from '../raw.ts';
import { codeOf, isRefused, MISSING_SCOPE } from './errors.ts';
import { listedReaction, type Self } from './inbound.ts';

/** A call each: more than this is no break but a holiday. */
const MOST_MESSAGES = 500;

/** A message that people may have made a gesture on. */
export interface Reactable {
  readonly chat: string;
  readonly message: string;
}

export interface MissedReactionsOptions {
  /** The reactions that a message has now. */
  readonly reactions: (message: string, pause: (ms: number) => Promise<boolean>) => AsyncIterable<readonly Raw[]>;
  readonly isGesture: (emoji: string) => boolean;
  readonly self: Self;
  readonly receive: Receive;
  readonly log: Logger;
}

/**
 * Gestures of the time without connection. A history has messages only, so each message is asked for its reactions; one that was taken off again is not
 * among them, and neither is the taking off of one that came before. Doubles are none: a reaction found here has the very id of its event.
 * @param messages the most important first: those beyond the first 500 are not asked for
 * @returns how many were missing
 */
export async function missedReactions(
  options: MissedReactionsOptions,
  messages: readonly Reactable[],
  time: { readonly from: number; readonly until: number },
  pause: (ms: number) => Promise<boolean>,
): Promise<number> {
  const { reactions, isGesture, self, receive, log } = options;
  const known = new Map(messages.map((one) => [one.message, one.chat]));
  let missed = 0;
  for (const [message, chat] of [...known].slice(0, MOST_MESSAGES)) {
    try {
      for await (const page of reactions(message, pause)) {
        for (const item of page) {
          const event = listedReaction(item, message, self);
          if (event === null || event.at < time.from || event.at > time.until || !isGesture(event.emoji)) continue;
          if ((await receive({ ...event, chat })).kind === 'accepted') missed += 1;
        }
      }
    } catch (error) {
      if (!isRefused(error)) throw error;
      log.debug({ err: error, message }, 'Feishu: the reactions to a message could not be asked for');
      // Nor could those to any other. Else it was recalled meanwhile, or is not ours to see.
      if (MISSING_SCOPE.has(codeOf(error) ?? 0)) break;
    }
  }
  return missed;
}
