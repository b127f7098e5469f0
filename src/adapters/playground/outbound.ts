import { plain } from '../../conversations/card.ts';
import {
  DeliveryError,
  type Capabilities,
  type ChatPlatform,
  type Destination,
  type MessageRef,
  type Outgoing,
} from '../../conversations/platform.ts';
import type { ChatServer } from './chat-server.ts';
import { typedText } from './inbound.ts';
import { readMentions } from './mentions.ts';
import { BOT, directChat, type Content, type StoredMessage } from './model.ts';
import type { createTokens } from './tokens.ts';

export const CAPABILITIES: Capabilities = {
  reactions: true,
  ephemeral: true,
  forms: true,
  edit: true,
  findByMarker: true,
  idempotentSend: true,
  urgent: false,
  slash: true,
  languages: true,
  minGapPerChatMs: 0,
  minGapPerEditMs: 0,
};

const content = (what: Outgoing): Content => ({
  text: what.text ?? [],
  card: what.card ?? null,
  actions: what.actions ?? [],
  language: what.language,
});

const reference = (message: StoredMessage): MessageRef => ({
  platform: 'playground',
  chat: message.chat,
  thread: message.thread,
  message: message.id,
});

const gone = (what: string): DeliveryError =>
  new DeliveryError(`the playground has no ${what} (any more)`, { permanent: true, gone: true });

type Outbound = Pick<
  ChatPlatform,
  | 'send'
  | 'edit'
  | 'find'
  | 'whisper'
  | 'reply'
  | 'openForm'
  | 'profile'
  | 'history'
  | 'threadOf'
  | 'chatName'
  | 'permalink'
> &
  Required<Pick<ChatPlatform, 'publishHome' | 'rooms'>>;

/** What the bot does in the playground. */
export const createOutbound = (options: {
  readonly server: ChatServer;
  readonly tokens: ReturnType<typeof createTokens>;
  /** What permalinks begin with; empty: they are relative. */
  readonly publicUrl: () => string;
}): Outbound => {
  const { server, tokens } = options;

  const durable = async (): Promise<void> => {
    try {
      await server.saved();
    } catch (cause) {
      // It is in the chat already, so `unknown`: the next try finds it by its marker.
      throw new DeliveryError('the playground could not save its chats', { unknown: true, scope: 'platform', cause });
    }
  };

  const place = (to: Destination): { readonly chat: string; readonly thread: string | null } => {
    if (to.kind === 'direct') {
      if (!server.person(to.user))
        throw new DeliveryError(`nobody in the playground is "${to.user}"`, { permanent: true });
      return { chat: directChat(to.user), thread: null };
    }
    if (!server.chatExists(to.chat))
      throw new DeliveryError(`the playground has no chat "${to.chat}"`, {
        permanent: true,
        gone: true,
        scope: 'chat',
      });
    if (to.kind === 'chat') return { chat: to.chat, thread: null };
    // A deleted first message still holds its thread together; a trimmed thread is gone.
    if (server.message(to.thread)?.chat !== to.chat) throw gone(`thread "${to.thread}"`);
    return { chat: to.chat, thread: to.thread };
  };

  return {
    async send(to, what, marker) {
      const there = server.withMarker(marker);
      const message =
        there ??
        server.post({
          author: { kind: 'bot', name: what.author?.name ?? null },
          ...place(to),
          content: content(what),
          marker,
        });
      await durable();
      return reference(message);
    },

    async edit(ref, what) {
      const message = server.message(ref.message);
      if (!message || message.deleted || message.author.kind !== 'bot')
        throw gone(`message "${ref.message}" of the bot`);
      server.edit(message, content(what));
      await durable();
    },

    find(_to, marker, sinceMs) {
      const message = server.withMarker(marker);
      return Promise.resolve(message && message.at >= sinceMs ? reference(message) : null);
    },

    whisper(to, what) {
      if (!server.person(to.user) || !server.chatExists(to.chat))
        return Promise.reject(
          new DeliveryError(`nobody to whisper to: "${to.user}" in "${to.chat}"`, { permanent: true }),
        );
      server.whisper({ chat: to.chat, thread: to.thread, user: to.user }, content(what));
      return Promise.resolve();
    },

    reply(token, what) {
      const from = tokens.forReply(token);
      if (!from) return Promise.resolve(false);
      server.whisper({ chat: from.chat ?? directChat(from.user), thread: from.thread, user: from.user }, content(what));
      return Promise.resolve(true);
    },

    openForm(token, form) {
      const from = tokens.forForm(token);
      if (!from) return Promise.resolve(false);
      server.openForm(from.user, form);
      return Promise.resolve(true);
    },

    publishHome(user, sections, language) {
      if (!server.person(user)) return Promise.reject(gone(`person "${user}"`));
      server.setHome(user, { sections, language });
      return Promise.resolve();
    },

    rooms: {
      async open({ name, topic }) {
        // Nobody else makes chats here, so a name is a room's own.
        server.openRoom({ id: name, name, about: { 'zh-CN': topic, en: topic } });
        await durable();
        return { chat: name };
      },
      async invite(chat, users) {
        server.letIn(
          chat,
          users.filter((user) => server.person(user) !== undefined),
        );
        await durable();
        return users.filter((user) => server.person(user) === undefined);
      },
    },

    profile(user) {
      if (user === BOT) return Promise.resolve({ name: BOT, email: null, language: null, timezone: null, isBot: true });
      const person = server.person(user);
      return Promise.resolve(
        person
          ? { name: person.name, email: null, language: person.language, timezone: person.timezone, isBot: false }
          : null,
      );
    },

    history(chat, thread) {
      return Promise.resolve(
        server.thread(chat, thread).map((message) => {
          const isBot = message.author.kind === 'bot';
          const read = isBot
            ? { text: plain(message.content.text), mentions: [] }
            : readMentions(typedText(message.content.text), server.people);
          const { text, mentions } = read;
          return {
            message: message.id,
            user: server.userOf(message),
            at: message.at,
            text,
            mentions,
            attachments: [],
            isBot,
          };
        }),
      );
    },

    threadOf(chat, id) {
      const message = server.message(id);
      return Promise.resolve(message?.chat === chat ? message.thread : null);
    },

    chatName(chat) {
      return Promise.resolve(server.chats.find((one) => one.id === chat)?.name ?? null);
    },

    permalink(ref) {
      const to = [ref.chat, ref.thread, ref.message].map(encodeURIComponent).join('/');
      return Promise.resolve(`${options.publicUrl()}/playground#${to}`);
    },
  };
};
