import type { ChatEvent, Immediate } from '../../../src/conversations/platform.ts';
import {
  createPlayground,
  PLAYGROUND_CHATS,
  PLAYGROUND_PEOPLE,
  type PlaygroundOptions,
} from '../../../src/adapters/playground/index.ts';

export const NINE = Date.parse('2026-11-23T01:00:00Z');

export const memoryStore = (start: string | null = null) => {
  const store = {
    json: start,
    saves: 0,
    broken: false,
    load: () => Promise.resolve(store.json),
    save: (json: string) => {
      if (store.broken) return Promise.reject(new Error('disk full'));
      store.json = json;
      store.saves += 1;
      return Promise.resolve();
    },
  };
  return store;
};

/** A playground with a bot that only notes down what it hears; `answer` may be replaced to refuse. */
export const world = async (more: Partial<PlaygroundOptions> & { store?: ReturnType<typeof memoryStore> } = {}) => {
  const heard: ChatEvent[] = [];
  const bot = { answer: (_event: ChatEvent): Promise<Immediate> => Promise.resolve({ kind: 'accepted' }) };
  const store = more.store ?? memoryStore();
  const time = {
    ms: NINE,
    now: () => time.ms,
    advance: (ms: number) => {
      time.ms += ms;
    },
  };
  let ids = 0;
  const boot = Math.floor(store.saves);
  const platform = createPlayground({
    receive: async (event) => {
      const answer = await bot.answer(event);
      heard.push(event);
      return answer;
    },
    now: time.now,
    clock: time,
    people: PLAYGROUND_PEOPLE,
    chats: PLAYGROUND_CHATS,
    gestures: () => ({ capture: ['ticket', '🎫'], claim: ['eyes', '👀'] }),
    newId: () => `id-${boot}-${++ids}`,
    ...more,
    store,
  });
  await platform.start();

  const call = async (method: string, path: string, json?: unknown) => {
    const response = await platform.routes.request(`/playground/api${path}`, {
      method,
      ...(json === undefined ? {} : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const say = async (as: string, text: string, thread?: string, chat = 'proj-acme'): Promise<string> => {
    const { json } = await call('POST', '/messages', { as, chat, thread, text });
    return json['message'] as string;
  };
  const see = async (as: string) => (await call('GET', `/state?as=${as}`)).json as unknown as Seen;

  return { platform, heard, bot, store, time, call, say, see };
};

export interface Seen {
  chats: {
    id: string;
    messages: {
      id: string;
      thread: string;
      deleted: boolean;
      reactions: { emoji: string; users: string[] }[];
      content: { text: unknown[]; card: { head: string } | null };
    }[];
  }[];
  whispers: { id: string; chat: string; content: { text: unknown[] } }[];
  form: { id: string; form: { title: string } } | null;
  home: { sections: { title: string }[] } | null;
  gestures: { gesture: string; emoji: string[] }[];
  clock: { now: number; movable: boolean; advancedMs: number; nextPoint: number | null };
}

export const messagesOf = (seen: Seen, chat: string) => seen.chats.find((one) => one.id === chat)?.messages ?? [];
