import { memoryStore, NINE } from '../adapters/playground/world.ts';
import { createPlayground, PLAYGROUND_CHATS, PLAYGROUND_PEOPLE } from '../../src/adapters/playground/index.ts';
import { plain } from '../../src/conversations/card.ts';
import type { Card, CardAction, Form, RichText } from '../../src/conversations/card.ts';
import type { ChatEvent, MessageRef } from '../../src/conversations/platform.ts';
import { HandClock } from '../support/clock.ts';
import type { OpenPlatform, PlatformBench } from './platform-bench.ts';

const CHAT = 'proj-acme';
const EMOJI = '👀';

/** What one person’s page is told. */
interface Seen {
  readonly chats: readonly { readonly id: string; readonly messages: readonly Shown[] }[];
  readonly whispers: readonly { readonly content: Content }[];
  readonly form: { readonly id: string; readonly form: Form } | null;
}
interface Shown {
  readonly id: string;
  readonly content: Content;
}
interface Content {
  readonly text: RichText;
  readonly card: Card | null;
  readonly actions: readonly CardAction[];
}

const richOf = ({ text, card }: Content): readonly RichText[] =>
  card === null
    ? [text]
    : [text, [card.head], [card.title], ...card.lines, ...card.fields.map(({ value }) => value), card.note ?? []];

const textOf = (content: Content): string =>
  richOf(content)
    .map(plain)
    .filter((line) => line !== '')
    .join('\n');

/** The playground, whose visitor is Lin or Wei. */
export const playgroundBench: OpenPlatform = async ({ start } = {}) => {
  const clock = new HandClock(NINE);
  const store = memoryStore();
  const events: ChatEvent[] = [];
  let acknowledged = 0;
  const platform = createPlayground({
    receive: (event) => {
      events.push(event);
      return bench.receive(event);
    },
    now: clock.now,
    people: PLAYGROUND_PEOPLE,
    chats: PLAYGROUND_CHATS,
    gestures: () => ({ claim: [EMOJI] }),
    store,
    publicUrl: () => 'https://itr.example',
  });
  if (start !== false) await platform.start();

  const call = async (method: string, path: string, json?: unknown): Promise<Record<string, unknown>> => {
    const response = await platform.routes.request(`/playground/api${path}`, {
      method,
      ...(json === undefined ? {} : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (answer['delivered'] === true) acknowledged += 1;
    return answer;
  };
  const react = async (as: string, message: string, on: boolean): Promise<void> => {
    await call('POST', `/messages/${message}/reactions`, { as, emoji: EMOJI, on });
  };
  const page = async (as: string): Promise<Seen> => (await call('GET', `/state?as=${as}`)) as unknown as Seen;
  const shown = async (chat: string): Promise<readonly Shown[]> => {
    const pages = await Promise.all(PLAYGROUND_PEOPLE.map(({ id }) => page(id)));
    return pages.map(({ chats }) => chats.find(({ id }) => id === chat)?.messages).find(Boolean) ?? [];
  };
  const contentOf = async (ref: MessageRef): Promise<Content> =>
    (await shown(ref.chat)).find(({ id }) => id === ref.message)?.content ?? { text: [], card: null, actions: [] };

  const bench: PlatformBench = {
    platform,
    events,
    receive: () => Promise.resolve({ kind: 'accepted' }),
    clock,
    ids: { lin: 'lin', wei: 'wei' },
    names: { lin: '林', wei: '魏伟' },
    nobody: 'nobody',
    chat: CHAT,
    chatTitle: 'proj-acme',
    nowhere: 'nowhere',
    noMessage: 'm99999',
    atBot: '@itr',
    emoji: EMOJI,
    files: false,
    cuts: false,
    keys: false,

    async says(as, text, { thread, direct } = {}) {
      const chat = direct === true ? `dm:${as}` : CHAT;
      return (await call('POST', '/messages', { as, chat, thread, text }))['message'] as string;
    },
    reacts: (as, message) => react(as, message, true),
    unreacts: (as, message) => react(as, message, false),
    async presses(as, ref, label) {
      const { actions, card } = await contentOf(ref);
      const button = [...actions, ...(card?.actions ?? [])].find((one) => one.label === label);
      if (button === undefined) throw new Error(`no button ${label}`);
      await call('POST', '/buttons', { as, on: ref.message, action: button.action, value: button.value });
    },
    async submits(as, given) {
      const { form: open } = await page(as);
      if (open === null) throw new Error('no form is open');
      const filled = open.form.inputs.map(({ name, value = '' }) => [name, given[name] ?? value] as const);
      const answer = await call('POST', `/forms/${open.id}`, { as, values: Object.fromEntries(filled) });
      return Object.values((answer['errors'] ?? {}) as Record<string, string>);
    },
    // Nobody but the bot of the house.
    otherBotSays: () => Promise.resolve(),
    vanishes: (ref) => Promise.resolve({ ...ref, thread: 'm99999', message: 'm99999' }),

    acknowledged: () => acknowledged,
    comesAgain: () => undefined,
    settled: () => Promise.resolve(),

    text: async (ref) => textOf(await contentOf(ref)),
    shown: async (chat) => (await shown(chat)).map(({ content }) => textOf(content)),
    async seenBy(who) {
      const { whispers } = await page(who);
      return [...(await shown(`dm:${who}`)), ...whispers].map(({ content }) => textOf(content));
    },
    stored: async (ref) => JSON.stringify(await contentOf(ref)),
    async rings(ref) {
      const named = richOf(await contentOf(ref))
        .flat()
        .flatMap((part) => (typeof part !== 'string' && part.kind === 'mention' ? [part.user] : []));
      return [...new Set(named)].filter((user) => PLAYGROUND_PEOPLE.some(({ id }) => id === user));
    },
    async members(chat) {
      const seeing = PLAYGROUND_PEOPLE.map(async ({ id }) => {
        const { chats } = await page(id);
        return chats.some((one) => one.id === chat) ? [id] : [];
      });
      return (await Promise.all(seeing)).flat();
    },

    outages: [{ name: 'the chats cannot be saved', begin: () => void (store.broken = true), unknown: true }],
    refuseKeys: () => undefined,
    acceptKeys: () => undefined,
    down: () => void (store.broken = true),
    up: () => void (store.broken = false),
    async close() {
      store.broken = false;
      await platform.stop();
    },
  };
  return bench;
};
