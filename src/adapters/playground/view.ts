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

type ShownMessage = Omit<StoredMessage, 'marker' | 'chat'>;

const shown = ({
  id,
  seq,
  thread,
  at,
  author,
  content,
  editedAt,
  deleted,
  reactions,
}: StoredMessage): ShownMessage => ({
  id,
  seq,
  thread,
  at,
  author,
  content,
  editedAt,
  deleted,
  reactions,
});

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
    readonly messages: readonly ShownMessage[];
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
  const messagesIn = (chat: string) =>
    standing(server.messages().filter((message) => message.chat === chat)).map(shown);
  const direct = directChat(me);
  return {
    version: server.version(),
    me,
    bot: BOT,
    people: server.people.map(({ id, name, aliases, shown, timezone }) => ({ id, name, aliases, shown, timezone })),
    chats: [
      ...server.chats
        .filter((chat) => server.maySee(me, chat.id))
        .map(({ id, name, about }) => ({ id, name, about, kind: 'channel' as const, messages: messagesIn(id) })),
      {
        id: direct,
        name: BOT,
        kind: 'direct',
        about: { 'zh-CN': '机器人只对你说的话', en: 'What the bot says to you alone' },
        messages: messagesIn(direct),
      },
    ],
    whispers: server.whispersTo(me),
    form: server.formOf(me) ?? null,
    home: server.home(me) ?? null,
  };
};
