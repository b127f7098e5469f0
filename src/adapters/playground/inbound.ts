import type { ChatEvent, Immediate, Receive } from '../../conversations/platform.ts';
import type { RichText } from '../../conversations/card.ts';
import { LIMITS, type ChatServer } from './chat-server.ts';
import { readMentions } from './mentions.ts';
import { personOfDirect, type Content, type PlaygroundPerson, type StoredMessage } from './model.ts';
import type { createTokens } from './tokens.ts';

/** Why something could not be done, as the page is told: `code` has a sentence in each language there. */
export class ChatProblem extends Error {
  readonly status: 400 | 403 | 404 | 409 | 413 | 503;
  readonly code: string;

  constructor(status: ChatProblem['status'], code: string, detail: string) {
    super(detail);
    this.name = 'ChatProblem';
    this.status = status;
    this.code = code;
  }
}

/** What the visitor's page learns. `delivered` false: it stands in the chat, and the bot gets it as soon as it can take it. */
export interface Done {
  readonly message: string | null;
  readonly delivered: boolean;
}

type WithoutBase<E> = E extends ChatEvent ? Omit<E, 'id' | 'platform' | 'at'> : never;
type Happening = WithoutBase<ChatEvent>;

/** `/itr mine`; not `// an internal note`, nor a path that somebody quotes. */
const COMMAND = /^\/[a-z][\w-]*(?:\s|$)/i;

const RETRY_MS = 2_000;
const MOST_PENDING = 500;

/** What people do in the playground, turned into `ChatEvent`s. */
export const createInbound = (options: {
  readonly server: ChatServer;
  readonly receive: Receive;
  readonly tokens: ReturnType<typeof createTokens>;
  readonly now: () => number;
  readonly newId: () => string;
}) => {
  const { server, receive, tokens, now, newId } = options;
  let accepting = false;
  let inFlight = 0;
  let tail: Promise<void> = Promise.resolve();
  let retry: NodeJS.Timeout | null = null;

  const event = (happening: Happening): ChatEvent => ({ id: newId(), platform: 'playground', at: now(), ...happening });

  const deliverAll = async (): Promise<void> => {
    try {
      // Saved first: once the bot has the event, a restart must still know the message that it answers.
      await server.saved();
      for (let next = server.pending()[0]; next; next = server.pending()[0]) {
        await receive(next);
        server.dropPending(next.id);
      }
      // Otherwise a start weeks later would deliver old events that the inbox has forgotten by then.
      await server.saved();
    } catch {
      if (accepting) retry ??= setTimeout(() => void redeliver(), RETRY_MS).unref();
    }
  };

  /** One after the other: events of one thread must not overtake each other. */
  const redeliver = (): Promise<void> => {
    if (retry) clearTimeout(retry);
    retry = null;
    tail = tail.then(deliverAll);
    return tail;
  };

  const person = (id: string): PlaygroundPerson => {
    if (!accepting) throw new ChatProblem(503, 'stopping', 'The playground is not running.');
    const found = server.person(id);
    if (!found) throw new ChatProblem(400, 'unknown_person', `Nobody here is called "${id}".`);
    return found;
  };

  const visible = (user: string, id: string): StoredMessage => {
    const message = server.message(id);
    if (!message || message.deleted || !server.maySee(user, message.chat))
      throw new ChatProblem(404, 'unknown_message', `There is no message "${id}".`);
    return message;
  };

  const own = (user: string, id: string): StoredMessage => {
    const message = visible(user, id);
    if (message.author.kind !== 'person' || message.author.id !== user)
      throw new ChatProblem(403, 'not_yours', 'Only its author can change a message.');
    return message;
  };

  const written = (by: PlaygroundPerson, text: string): Content => {
    if (text.trim() === '') throw new ChatProblem(400, 'empty', 'There is nothing in this message.');
    if (text.length > LIMITS.text)
      throw new ChatProblem(413, 'too_long', `A message holds ${LIMITS.text} characters; this one has ${text.length}.`);
    return { text: [text], card: null, actions: [], language: by.language };
  };

  /** What stands in the chat for good is delivered until the bot has it; the person is not asked to say it again. */
  const lasting = async (happening: Happening, message: string): Promise<Done> => {
    const one = event(happening);
    server.addPending(one);
    await redeliver();
    return { message, delivered: !server.pending().some((waiting) => waiting.id === one.id) };
  };

  /** A click leaves nothing behind in the chat: when it could not be stored, the person has to know and click again. */
  const passing = async (happening: Happening): Promise<Immediate> => {
    inFlight += 1;
    try {
      // Behind what was said before it, or a click could overtake the message that it is about.
      await tail;
      return await receive(event(happening));
    } catch {
      throw new ChatProblem(503, 'not_stored', 'This was not stored. Please try again.');
    } finally {
      inFlight -= 1;
    }
  };

  const command = async (by: PlaygroundPerson, chat: string, text: string): Promise<Done> => {
    const [, name, rest] = /^\/(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
    if (name !== 'itr')
      throw new ChatProblem(400, 'unknown_command', `There is no command /${name ?? ''} here, only /itr.`);
    const reply = tokens.issue({ user: by.id, chat, thread: null });
    await passing({ type: 'command', chat, user: by.id, text: (rest ?? '').trim(), reply });
    return { message: null, delivered: true };
  };

  return {
    start(): void {
      accepting = true;
    },
    /** Resolves when nothing accepted is still on its way; what could not be delivered stays saved. */
    async stop(): Promise<void> {
      accepting = false;
      if (retry) clearTimeout(retry);
      retry = null;
      await tail;
      while (inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
    },
    redeliver,

    async post(as: string, chat: string, thread: string | null, text: string): Promise<Done> {
      const by = person(as);
      if (!server.chatExists(chat) || !server.maySee(as, chat))
        throw new ChatProblem(404, 'unknown_chat', `There is no chat "${chat}".`);
      if (COMMAND.test(text)) return command(by, chat, text);
      if (thread !== null && visible(as, thread).chat !== chat)
        throw new ChatProblem(404, 'unknown_message', `There is no thread "${thread}" in this chat.`);
      if (server.pending().length >= MOST_PENDING)
        throw new ChatProblem(503, 'bot_away', 'The bot has not taken anything for a while; please try again later.');
      const content = written(by, text);
      const understood = readMentions(text, server.people);
      const direct = personOfDirect(chat) !== null;
      const message = server.post({ author: { kind: 'person', id: as }, chat, thread, content });
      return lasting(
        {
          type: 'message',
          chat,
          thread: message.thread,
          message: message.id,
          user: as,
          text: understood.text,
          mentions: understood.mentions,
          addressed: understood.addressed || direct,
          direct,
          attachments: [],
        },
        message.id,
      );
    },

    async edit(as: string, id: string, text: string): Promise<Done> {
      const by = person(as);
      const message = own(as, id);
      server.edit(message, written(by, text));
      const { chat, thread } = message;
      const understood = readMentions(text, server.people);
      return lasting({ type: 'message_edited', chat, thread, message: id, user: as, text: understood.text }, id);
    },

    async remove(as: string, id: string): Promise<Done> {
      person(as);
      const message = own(as, id);
      server.remove(message);
      return lasting({ type: 'message_deleted', chat: message.chat, message: id }, id);
    },

    async react(as: string, id: string, emoji: string, on: boolean): Promise<Done> {
      person(as);
      const message = visible(as, id);
      if (!server.react(message, as, emoji, on)) return { message: id, delivered: true };
      const type = on ? 'reaction_added' : 'reaction_removed';
      return lasting({ type, chat: message.chat, message: id, user: as, emoji }, id);
    },

    async capture(as: string, id: string): Promise<Done> {
      person(as);
      const { chat, thread } = visible(as, id);
      const reply = tokens.issue({ user: as, chat, thread });
      await passing({ type: 'capture', chat, thread, message: id, user: as, reply });
      return { message: id, delivered: true };
    },

    /** `on`: the message, the whisper (`w…`) or the start page (`home`) that carries the button. */
    async click(as: string, on: string, action: string, value: string): Promise<Done> {
      person(as);
      const whisper = server.whispersTo(as).find((one) => one.id === on);
      const message = whisper || on === 'home' ? null : visible(as, on);
      const shown = (message ?? whisper)?.content;
      const buttons = shown
        ? [...shown.actions, ...(shown.card?.actions ?? [])]
        : (server.home(as)?.sections ?? []).flatMap((section) => section.items.flatMap((item) => item.actions));
      // The card may have been drawn anew between the look and the click.
      if (!buttons.some((button) => button.action === action && button.value === value))
        throw new ChatProblem(409, 'button_gone', 'This button is no longer there.');
      const chat = message?.chat ?? whisper?.chat ?? null;
      const thread = message?.thread ?? whisper?.thread ?? null;
      const reply = tokens.issue({ user: as, chat, thread });
      await passing({ type: 'button', chat, thread, message: message?.id ?? null, user: as, action, value, reply });
      return { message: null, delivered: true };
    },

    /** Input name → what is wrong; empty: taken, and the form is closed. */
    async submit(
      as: string,
      id: string,
      values: Readonly<Record<string, string>>,
    ): Promise<Readonly<Record<string, string>>> {
      person(as);
      const open = server.formOf(as);
      if (open?.id !== id) throw new ChatProblem(409, 'form_gone', 'This form is no longer open.');
      const { form } = open;
      const known = Object.fromEntries(form.inputs.map((input) => [input.name, values[input.name] ?? '']));
      const answer = await passing({ type: 'form', user: as, form: form.id, context: form.context, values: known });
      if (answer.kind === 'form_errors') return answer.errors;
      server.closeForm(as, id);
      return {};
    },

    async openHome(as: string): Promise<void> {
      person(as);
      await passing({ type: 'home_opened', user: as });
    },
  };
};

export type Inbound = ReturnType<typeof createInbound>;

/** What a person typed, from the way it is kept. */
export const typedText = (text: RichText): string =>
  text.map((part) => (typeof part === 'string' ? part : '')).join('');
