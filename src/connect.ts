import type { Env, FeishuEnv } from './config/env.ts';
import { gestureOf } from './conversations/gestures.ts';
import type { ChatPlatform, Receive } from './conversations/platform.ts';
import type { Store } from './desk/ports.ts';
import type { Policy } from './domain/policy.ts';
import type { Language } from './domain/words.ts';
import type { RunningClock } from './clock.ts';
import type { Logger } from './log.ts';
import type { Hono } from 'hono';

export interface Connected {
  readonly platforms: readonly ChatPlatform[];
  /** The playground's page and API; null: it is off. */
  readonly playground: Hono | null;
}

export interface ConnectDeps {
  readonly env: Env;
  readonly policy: () => Policy;
  readonly store: Store;
  readonly receive: Receive;
  readonly clock: RunningClock;
  /** Whether this process is the one for what must be one. */
  readonly leads: (name: string) => Promise<boolean>;
  /** When the next timer rings; null: none runs. */
  readonly nextPoint: () => Promise<number | null>;
  /** Makes the service side's language the visitor's; null: the configuration file says which it is. */
  readonly speak: ((language: Language) => void) | null;
  readonly log: Logger;
}

const CHATS_KEY = 'playground';

/** Every platform whose keys are set. What is not configured is not even loaded: an SDK costs tens of megabytes. */
export async function connect(deps: ConnectDeps): Promise<Connected> {
  const { env, clock, receive } = deps;
  const platforms: ChatPlatform[] = [];
  if (env.slack !== null) {
    const { createSlack } = await import('./adapters/slack/index.ts');
    const { botToken, signingSecret, appToken, apiUrl } = env.slack;
    platforms.push(
      createSlack({
        botToken,
        ...(signingSecret === null ? {} : { signingSecret }),
        ...(appToken === null ? {} : { appToken }),
        apiUrl,
        receive,
        log: deps.log.child({ platform: 'slack' }),
        now: clock.now,
      }),
    );
  }
  if (env.feishu !== null) platforms.push(await feishu(deps, env.feishu));
  if (!env.playground) return { platforms, playground: null };

  const { createPlayground, PLAYGROUND_CHATS, PLAYGROUND_PEOPLE } = await import('./adapters/playground/index.ts');
  const { store } = deps;
  const playground = createPlayground({
    receive,
    now: clock.now,
    // A moved clock would send real people reminders that are not due.
    clock: platforms.length === 0 ? clock : null,
    nextPoint: deps.nextPoint,
    people: PLAYGROUND_PEOPLE,
    chats: PLAYGROUND_CHATS,
    store: {
      load: () => store.read.keyValue(CHATS_KEY),
      save: (json) => store.write((tx) => tx.setKeyValue(CHATS_KEY, json)),
    },
    gestures: () => deps.policy().gestures,
    teams: () => Object.fromEntries([...deps.policy().teams.values()].map(({ id, name }) => [id, name])),
    speak: deps.speak,
    publicUrl: () => env.publicUrl,
    failed: (error, errorId) =>
      deps.log.error({ err: error, errorId, platform: 'playground' }, 'a request of the playground failed'),
  });
  platforms.push(playground);
  return { platforms, playground: playground.routes };
}

/** Tickets, the newest, in whose threads messages are looked for that did not come: each costs a call or two. */
const MOST_TALKS = 200;

async function feishu(
  { store, receive, policy, leads, clock, log }: ConnectDeps,
  env: FeishuEnv,
): Promise<ChatPlatform> {
  const { createFeishu } = await import('./adapters/feishu/index.ts');
  const watched = (): string[] =>
    policy()
      .chats.filter((chat) => chat.platform === 'feishu')
      .map((chat) => chat.id);
  const key = (name: string): string => `feishu:${env.appId}:${name}`;
  return createFeishu({
    ...env,
    paid: env.urgent,
    receive,
    isGesture: (emoji) => gestureOf(emoji, policy(), 'feishu') !== null,
    chatOf: (message) => store.read.chatOfMessage('feishu', message, watched()),
    watched,
    async talks() {
      const tickets = await store.read.openTickets({ limit: MOST_TALKS });
      const links = tickets.flatMap(({ threads }) => threads.filter(({ platform }) => platform === 'feishu'));
      return Promise.all(
        links.map(async ({ chat, thread, role }) => {
          const card = await store.read.card('feishu', chat, thread);
          return { chat, thread, wholeChat: role === 'war_room', card: card?.message ?? null };
        }),
      );
    },
    keep: {
      load: (name) => store.read.keyValue(key(name)),
      save: (name, text) => store.write((tx) => tx.setKeyValue(key(name), text)),
    },
    leads: () => leads(`feishu:${env.appId}`),
    language: () => policy().locale,
    log: log.child({ platform: 'feishu' }),
    now: clock.now,
  });
}
