import type { Logger } from 'pino';
import type { ChatEvent, Immediate, Receive } from '../../conversations/platform.ts';
import { inbound, type Self } from './inbound.ts';
import type { Raw } from './payload.ts';

/** Takes one payload in. Resolves when nothing of it can be lost any more: only then may Slack be told so. Rejects when it could not be stored. */
export type Intake = (payload: Raw) => Promise<Immediate>;

const ACCEPTED: Immediate = { kind: 'accepted' };

export const createIntake =
  (options: {
    readonly self: Self;
    readonly now: () => number;
    readonly receive: Receive;
    /** Sees every payload, also those that are none of our business. */
    readonly observe: (payload: Raw, event: ChatEvent | null) => void;
    readonly log: Logger;
  }): Intake =>
  async (payload) => {
    let event: ChatEvent | null;
    try {
      event = inbound(payload, options.self, options.now());
      options.observe(payload, event);
    } catch (error) {
      // A shape that makes us stumble would do so again at each of Slack's repetitions: said once, and not asked for again.
      options.log.error(
        { err: error, type: payload['type'], eventId: payload['event_id'] },
        'Slack payload not understood',
      );
      return ACCEPTED;
    }
    return event === null ? ACCEPTED : options.receive(event);
  };

/** What Slack wants in its own answer: nothing, or what is wrong with a form (by the `block_id`s of its inputs, which are our input names). */
export const answerTo = (
  immediate: Immediate,
): { response_action: 'errors'; errors: Record<string, string> } | undefined =>
  immediate.kind === 'form_errors' ? { response_action: 'errors', errors: { ...immediate.errors } } : undefined;
