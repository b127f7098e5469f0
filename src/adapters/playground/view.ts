import type { ChatServer } from './chat-server.ts';
import {
  BOT,
  directChat,
  type Home,
  type OpenForm,
  type PlaygroundPerson,
  type StoredMessage,
  type Whisper,
} from './model.ts';

/** Everything one person sees; what the page draws. */
export interface View {
  readonly version: number;
  readonly me: string;
  readonly bot: string;
  readonly people: readonly Pick<PlaygroundPerson, 'id' | 'name' | 'aliases' | 'shown' | 'timezone'>[];
  readonly chats: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: 'channel' | 'direct';
    readonly about: Readonly<Record<string, string>>;
    readonly messages: readonly Omit<StoredMessage, 'marker' | 'chat'>[];
  }[];
  readonly whispers: readonly Whisper[];
  readonly form: OpenForm | null;
  readonly home: Home | null;
}

/** A deleted message stays as a gap only where an answer hangs on it. */
const standing = (messages: readonly StoredMessage[]): readonly StoredMessage[] => {
  const answered = new Set(messages.filter((m) => !m.deleted && m.thread !== m.id).map((m) => m.thread));
  return messages.filter((message) => !message.deleted || answered.has(message.id));
};

export const viewOf = (server: ChatServer, me: string): View => {
  const in_ = (chat: string) =>
    standing(server.messages().filter((message) => message.chat === chat)).map(
      ({ marker: _marker, chat: _chat, ...message }) => message,
    );
  const direct = directChat(me);
  return {
    version: server.version(),
    me,
    bot: BOT,
    people: server.people.map(({ id, name, aliases, shown, timezone }) => ({ id, name, aliases, shown, timezone })),
    chats: [
      ...server.chats.map((chat) => ({ ...chat, kind: 'channel' as const, messages: in_(chat.id) })),
      {
        id: direct,
        name: BOT,
        kind: 'direct',
        about: { 'zh-CN': '机器人只对你说的话', en: 'What the bot says to you alone' },
        messages: in_(direct),
      },
    ],
    whispers: server.whispersTo(me),
    form: server.formOf(me) ?? null,
    home: server.home(me) ?? null,
  };
};
