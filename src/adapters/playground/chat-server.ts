import type { Form } from '../../conversations/card.ts';
import type { Language } from '../../domain/words.ts';
import type { ChatEvent } from '../../conversations/platform.ts';
import { createKeeper, type PlaygroundStore } from './keep.ts';
import {
  BOT,
  directChat,
  personOfDirect,
  type Author,
  type Content,
  type Home,
  type OpenForm,
  type PlaygroundChat,
  type PlaygroundPerson,
  type Saved,
  type StoredMessage,
  type Whisper,
} from './model.ts';

/** Enough for a long afternoon; beyond it whole threads go, the longest silent first. */
export const LIMITS = {
  messagesPerChat: 400,
  totalCharacters: 4_000_000,
  whispersPerPerson: 30,
  text: 40_000,
} as const;

const weight = (content: Content): number => JSON.stringify(content).length;

const parse = (json: string): Saved | null => {
  try {
    const stored = JSON.parse(json) as Partial<Saved>;
    const whole = stored.version === 1 && Array.isArray(stored.messages) && Array.isArray(stored.pending);
    return whole ? (stored as Saved) : null;
  } catch {
    return null;
  }
};

export type ChatServer = ReturnType<typeof createChatServer>;

/**
 * The playground's chat service: what a platform's own servers are for the other adapters. It knows channels, messages, threads, reactions,
 * whispers, direct chats and forms, and nothing of tickets.
 */
export const createChatServer = (options: {
  readonly people: readonly PlaygroundPerson[];
  readonly chats: readonly PlaygroundChat[];
  readonly store: PlaygroundStore;
  readonly now: () => number;
  readonly newId: () => string;
}) => {
  const { people, now, newId } = options;
  const saved: Saved = { version: 1, next: 1, advancedMs: 0, messages: [], pending: [] };
  const byId = new Map<string, StoredMessage>();
  const byMarker = new Map<string, StoredMessage>();
  let whispers: Whisper[] = [];
  const forms = new Map<string, OpenForm>();
  const homes = new Map<string, Home>();
  const listeners = new Set<() => void>();
  const keeper = createKeeper(options.store, () => JSON.stringify(saved));
  let version = 0;
  let characters = 0;

  const allChats = (): readonly PlaygroundChat[] => [...options.chats, ...(saved.rooms ?? [])];

  const changed = (): void => {
    version += 1;
    for (const listener of listeners) listener();
  };

  const index = (message: StoredMessage): void => {
    characters += weight(message.content);
    byId.set(message.id, message);
    if (message.marker !== null) byMarker.set(message.marker, message);
  };

  /** Whole threads only: half a thread would read as if somebody had deleted the question. */
  const forgetThread = (thread: string): void => {
    for (const message of saved.messages) {
      if (message.thread !== thread) continue;
      characters -= weight(message.content);
      byId.delete(message.id);
      if (message.marker !== null) byMarker.delete(message.marker);
    }
    saved.messages = saved.messages.filter((message) => message.thread !== thread);
  };

  const trim = (chat: string, keepThread: string): void => {
    for (;;) {
      const inChat = saved.messages.filter((message) => message.chat === chat);
      if (inChat.length <= LIMITS.messagesPerChat && characters <= LIMITS.totalCharacters) return;
      const from = inChat.length > LIMITS.messagesPerChat ? inChat : saved.messages;
      const lastWord = new Map<string, number>();
      for (const message of from) lastWord.set(message.thread, message.seq);
      lastWord.delete(keepThread);
      const silent = [...lastWord].sort((a, b) => a[1] - b[1])[0];
      if (!silent) return;
      forgetThread(silent[0]);
    }
  };

  return {
    people,
    get chats() {
      return allChats();
    },
    person: (id: string): PlaygroundPerson | undefined => people.find((person) => person.id === id),
    /** A channel, or the direct chat of somebody who exists. */
    chatExists: (id: string): boolean =>
      allChats().some((chat) => chat.id === id) || people.some((person) => directChat(person.id) === id),
    maySee: (user: string, chat: string): boolean => {
      const owner = personOfDirect(chat);
      if (owner !== null) return owner === user;
      return (
        allChats()
          .find((one) => one.id === chat)
          ?.members?.includes(user) ?? true
      );
    },
    /** One of this id that is there already is the one. */
    openRoom(room: PlaygroundChat): void {
      if (allChats().some((chat) => chat.id === room.id)) return;
      saved.rooms = [...(saved.rooms ?? []), { ...room, members: room.members ?? [] }];
      changed();
    },
    letIn(chat: string, users: readonly string[]): void {
      saved.rooms = (saved.rooms ?? []).map((room) =>
        room.id === chat ? { ...room, members: [...new Set([...(room.members ?? []), ...users])] } : room,
      );
      changed();
    },

    version: () => version,
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** False: nothing was stored yet, or what was stored cannot be read (`unreadable`). */
    async load(): Promise<{ readonly found: boolean; readonly unreadable: boolean }> {
      const json = await options.store.load();
      if (json === null) return { found: false, unreadable: false };
      const stored = parse(json);
      if (!stored) {
        // Tickets are still linked to the numbers given out before.
        saved.next = Math.floor(now() / 1000);
        return { found: false, unreadable: true };
      }
      Object.assign(saved, stored);
      saved.messages.forEach(index);
      changed();
      return { found: true, unreadable: false };
    },
    saved: keeper.saved,
    failing: keeper.failing,

    message: (id: string): StoredMessage | undefined => byId.get(id),
    withMarker: (marker: string): StoredMessage | undefined => byMarker.get(marker),
    messages: (): readonly StoredMessage[] => saved.messages,
    thread: (chat: string, thread: string): readonly StoredMessage[] =>
      saved.messages.filter((message) => message.chat === chat && message.thread === thread && !message.deleted),

    post(draft: {
      readonly author: Author;
      readonly chat: string;
      readonly thread: string | null;
      readonly content: Content;
      readonly marker?: string;
      readonly at?: number;
    }): StoredMessage {
      const seq = saved.next++;
      const id = `m${seq}`;
      const message: StoredMessage = {
        id,
        seq,
        chat: draft.chat,
        thread: draft.thread ?? id,
        at: draft.at ?? now(),
        author: draft.author,
        content: draft.content,
        editedAt: null,
        deleted: false,
        reactions: [],
        marker: draft.marker ?? null,
      };
      saved.messages.push(message);
      index(message);
      trim(message.chat, message.thread);
      changed();
      return message;
    },

    edit(message: StoredMessage, content: Content): void {
      // A card that is drawn anew all the time is no edit that a reader wants to be told of.
      if (message.author.kind === 'person') message.editedAt = now();
      characters += weight(content) - weight(message.content);
      message.content = content;
      changed();
    },

    remove(message: StoredMessage): void {
      message.deleted = true;
      message.reactions = [];
      characters -= weight(message.content);
      message.content = { ...message.content, text: [], card: null, actions: [] };
      characters += weight(message.content);
      changed();
    },

    /** False: it was so already. */
    react(message: StoredMessage, user: string, emoji: string, on: boolean): boolean {
      const reaction = message.reactions.find((one) => one.emoji === emoji);
      if ((reaction?.users.includes(user) ?? false) === on) return false;
      if (!reaction) message.reactions.push({ emoji, users: [user] });
      else if (on) reaction.users.push(user);
      else reaction.users = reaction.users.filter((one) => one !== user);
      message.reactions = message.reactions.filter((one) => one.users.length > 0);
      changed();
      return true;
    },

    whisper(to: { chat: string; thread: string | null; user: string }, content: Content): void {
      whispers.push({ id: `w${newId()}`, ...to, at: now(), content });
      const own = whispers.filter((whisper) => whisper.user === to.user);
      const surplus = own.slice(0, Math.max(0, own.length - LIMITS.whispersPerPerson));
      whispers = whispers.filter((whisper) => !surplus.includes(whisper));
      changed();
    },
    whispersTo: (user: string): readonly Whisper[] => whispers.filter((whisper) => whisper.user === user),
    dismiss(user: string, id: string): void {
      whispers = whispers.filter((whisper) => whisper.id !== id || whisper.user !== user);
      changed();
    },

    /** One dialog per person: a second one takes the place of the first, as on the platforms. */
    openForm(user: string, form: Form): void {
      for (const open of forms.values()) if (open.user === user) forms.delete(open.id);
      const id = `f${newId()}`;
      forms.set(id, { id, user, form });
      changed();
    },
    formOf: (user: string): OpenForm | undefined => [...forms.values()].find((open) => open.user === user),
    closeForm(user: string, id: string): void {
      if (forms.get(id)?.user === user && forms.delete(id)) changed();
    },

    setHome(user: string, home: Home): void {
      homes.set(user, home);
      changed();
    },
    home: (user: string): Home | undefined => homes.get(user),

    language: (): Language | null => saved.language ?? null,
    setLanguage(language: Language): void {
      saved.language = language;
      changed();
    },

    advancedMs: (): number => saved.advancedMs,
    noteAdvance(ms: number): void {
      saved.advancedMs += ms;
      changed();
    },

    pending: (): readonly ChatEvent[] => saved.pending,
    addPending(event: ChatEvent): void {
      saved.pending.push(event);
    },
    dropPending(id: string): void {
      saved.pending = saved.pending.filter((event) => event.id !== id);
    },

    /** Authors' names as the history of a thread needs them. */
    userOf: (message: StoredMessage): string => (message.author.kind === 'person' ? message.author.id : BOT),
  };
};
