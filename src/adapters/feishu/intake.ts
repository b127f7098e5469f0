import type { Logger } from 'pino';
import type { ChatEvent, Immediate, Receive, ReplyToken } from '../../conversations/platform.ts';
import type { Language } from '../../domain/words.ts';
import { at, text, type Raw } from '../raw.ts';
import { answerBody, encodePress, type Callbacks } from './callbacks.ts';
import { drawFormDone, readFace } from './draw-form.ts';
import { isRefused } from './errors.ts';
import { shorten } from './escape.ts';
import { inbound, type Self } from './inbound.ts';
import type { Lookup } from './lookup.ts';
import type { Places } from './places.ts';
import { words } from './words.ts';

/**
 * Takes one payload in (`{schema, header, event}`, decrypted, not flattened). Resolves with the body of the answer when nothing of it can be lost any more:
 * only then may Feishu be told so. Rejects when it could not be stored.
 */
export type Intake = (payload: Raw) => Promise<Raw>;

const NOTHING: Raw = {};
const MAX_RECALLED = 1_000;

export interface IntakeOptions {
  readonly self: Self & { tenantKey: string | null };
  readonly now: () => number;
  readonly receive: Receive;
  readonly callbacks: Callbacks;
  readonly places: Places;
  readonly lookup: Pick<Lookup, 'forwarded' | 'forgetPerson'>;
  /** Whether a reaction means anything: the place of any other is not worth a question to Feishu. */
  readonly isGesture: (emoji: string) => boolean;
  /** Of what the adapter itself says. */
  readonly language: () => Language;
  readonly log: Logger;
}

export const createIntake = (options: IntakeOptions): Intake => {
  /** Events have no order, and a repeated one comes hours later: what was recalled before we heard it is nothing that was said. */
  const recalled = new Set<string>();
  return async (payload) => {
    const header = at(payload, 'header');
    const event = await understood(options, payload).catch((error: unknown) => {
      if (!(error instanceof NotUnderstood)) throw error;
      // A shape that makes us stumble would do so again at each of Feishu's repetitions: said once, and not asked for again.
      options.log.error(
        { err: error.cause, type: header['event_type'], eventId: header['event_id'] },
        'Feishu payload not understood',
      );
      return null;
    });
    if (event === null) {
      // Whoever pressed waits for an answer, also where nobody can be told who it was.
      const isPress = header['event_type'] === 'card.action.trigger';
      return isPress ? answerBody({ type: 'warning', content: words(options.language()).tryAgain }, null) : NOTHING;
    }
    switch (event.type) {
      case 'button':
        return pressed(options, event);
      case 'form':
        return submitted(options, event, at(at(payload, 'event'), 'action'));
      case 'command':
        // Of the menu: a form can be sent to him, nothing can be shown on the spot.
        await options.receive({ ...event, reply: menuToken(event) });
        return NOTHING;
      case 'person_changed':
        options.lookup.forgetPerson(event.user);
        break;
      case 'message_deleted':
        recalled.add(event.message);
        for (const oldest of recalled) if (recalled.size > MAX_RECALLED) recalled.delete(oldest);
        break;
      case 'message':
        if (recalled.has(event.message)) return NOTHING;
        options.places.learn(event.message, event.chat);
        break;
      default:
    }
    await options.receive(event);
    return NOTHING;
  };
};

class NotUnderstood extends Error {}

const understood = async (options: IntakeOptions, payload: Raw): Promise<ChatEvent | null> => {
  const { self } = options;
  // An app of one's own has one tenant, which every event names.
  self.tenantKey ??= text(at(payload, 'header'), 'tenant_key');
  let read;
  try {
    read = inbound(payload, self, options.now());
  } catch (error) {
    throw new NotUnderstood('not understood', { cause: error });
  }
  if (read === null) return null;
  // Until Feishu has said who the bot is, nobody can tell whether it is the one who is named: a word to it would be taken for talk.
  if (self.openId === null && read.event.type === 'message' && read.event.mentions.length > 0)
    throw new Error('who the bot is is not known yet');
  if (read.kind === 'unplaced') {
    if (!options.isGesture(read.event.emoji)) return null;
    const chat = await options.places.chatOf(read.event.message);
    return chat === null ? null : { ...read.event, chat };
  }
  return read.kind === 'forwarded' ? withForwarded(options, read.event) : read.event;
};

type MessageEvent = Extract<ChatEvent, { readonly type: 'message' }>;

/** Where Feishu will not tell us what was forwarded, the message is taken as it is. Throws where it may be told later: nobody would ask again. */
const withForwarded = async (options: IntakeOptions, event: MessageEvent): Promise<MessageEvent> => {
  try {
    return { ...event, text: (await options.lookup.forwarded(event.message)) ?? event.text };
  } catch (error) {
    if (!isRefused(error)) throw error;
    options.log.warn({ err: error }, 'forwarded messages could not be read');
    return event;
  }
};

const pressed = async (
  { callbacks, receive }: IntakeOptions,
  event: Extract<ChatEvent, { readonly type: 'button' }>,
): Promise<Raw> => {
  const { token, answer, drop } = callbacks.wait({ user: event.user, chat: event.chat, message: event.message });
  let immediate: Immediate;
  try {
    immediate = await receive({ ...event, reply: token });
  } catch (error) {
    drop();
    throw error;
  }
  // Pressed twice within one delivery: the first one is being answered.
  if (immediate.kind === 'duplicate') drop();
  return answerBody(await answer, null);
};

const submitted = async (
  { receive, language }: IntakeOptions,
  event: Extract<ChatEvent, { readonly type: 'form' }>,
  action: Raw,
): Promise<Raw> => {
  const immediate = await receive(event);
  const face = readFace(action) ?? { title: '', language: language() };
  const w = words(face.language);
  if (immediate.kind === 'form_errors') {
    const { errors, labels } = immediate;
    // A toast stands beside no input.
    const lines = Object.entries(errors).map(([input, error]) => {
      const label = labels?.[input];
      return label === undefined ? error : w.wrongInput(label, error);
    });
    return answerBody({ type: 'error', content: shorten(lines.join(w.between), 300) }, null);
  }
  return answerBody({ type: 'success', content: w.submitted }, drawFormDone(face, event.user));
};

const menuToken = (event: Extract<ChatEvent, { readonly type: 'command' }>): ReplyToken =>
  encodePress({ id: event.id, user: event.user, chat: null, message: null });
