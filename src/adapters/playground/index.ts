import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import type { ChatPlatform, Receive } from '../../conversations/platform.ts';
import type { Language } from '../../domain/words.ts';
import { createChatServer } from './chat-server.ts';
import type { MovableClock, NextPoint } from './clock.ts';
import { seed } from './demo.ts';
import { createRoutes } from './http.ts';
import { createInbound } from './inbound.ts';
import type { PlaygroundStore } from './keep.ts';
import type { PlaygroundChat, PlaygroundPerson } from './model.ts';
import { CAPABILITIES, createOutbound } from './outbound.ts';
import { createTokens } from './tokens.ts';

export type { MovableClock, NextPoint } from './clock.ts';
export type { PlaygroundStore } from './keep.ts';
export type { PlaygroundChat, PlaygroundPerson } from './model.ts';
export { PLAYGROUND_CHATS, PLAYGROUND_PEOPLE } from './demo.ts';

export interface PlaygroundOptions {
  readonly receive: Receive;
  /** UTC ms; the movable clock's, where there is one. */
  readonly now: () => number;
  /** Null: time cannot be moved, because a real platform is configured. */
  readonly clock?: MovableClock | null;
  readonly nextPoint?: NextPoint;
  readonly people: readonly PlaygroundPerson[];
  readonly chats: readonly PlaygroundChat[];
  readonly store: PlaygroundStore;
  /** The configuration's gestures, as they are now. */
  readonly gestures: () => Readonly<Record<string, readonly string[]>>;
  /** The configuration's teams: id → name. */
  readonly teams?: () => Readonly<Record<string, string>>;
  /** Told when the visitor chooses the page's language, and at start what was chosen before; null: the bot's language is not the visitor's to choose. */
  readonly speak?: ((language: Language) => void) | null;
  /** What permalinks begin with, without a slash at the end. */
  readonly publicUrl?: () => string;
  /** Told of every request that failed for a reason of ours, with the id that its answer carries. */
  readonly failed?: (error: unknown, errorId: string) => void;
  /** Ids of events, tokens and whispers. Event ids must stay unique over restarts: a repeated one would be taken for a duplicate and dropped. */
  readonly newId?: () => string;
}

/** The fourth platform: its chat service lives in this process, and its page is at `/playground`. */
export const createPlayground = (options: PlaygroundOptions): ChatPlatform & { readonly routes: Hono } => {
  const { now, people, chats, store } = options;
  const newId = options.newId ?? randomUUID;
  const clock = options.clock ?? null;
  const server = createChatServer({ people, chats, store, now, newId });
  const tokens = createTokens({ now, newId });
  const inbound = createInbound({ server, receive: options.receive, tokens, now, newId });
  const { app, close } = createRoutes({
    server,
    inbound,
    now,
    clock,
    nextPoint: options.nextPoint ?? (() => Promise.resolve(null)),
    gestures: options.gestures,
    teams: options.teams ?? (() => ({})),
    speak: options.speak ?? null,
    failed: options.failed ?? (() => undefined),
  });
  let state: 'new' | 'running' | 'stopped' = 'new';
  let unreadable = false;

  return {
    name: 'playground',
    capabilities: CAPABILITIES,
    webhooks: [],
    routes: app,
    ...createOutbound({ server, tokens, publicUrl: options.publicUrl ?? (() => '') }),

    /** Before the loops: it also puts the clock back to where the visitor had pushed it. */
    async start() {
      const loaded = await server.load();
      unreadable = loaded.unreadable;
      const language = server.language();
      if (language !== null) options.speak?.(language);
      if (clock !== null && server.advancedMs() > 0) await clock.advance(server.advancedMs());
      // Saved with the first delivery, which is tried until it succeeds: a database that is busy now stops no start.
      if (!loaded.found) seed(server, now());
      inbound.start();
      state = 'running';
      await inbound.redeliver();
    },

    async stop() {
      state = 'stopped';
      close();
      await inbound.stop();
      await server.saved();
    },

    health() {
      const waiting = server.pending().length;
      const facts = [
        `${server.messages().length} messages`,
        ...(waiting > 0 ? [`${waiting} waiting for the bot`] : []),
        ...(server.failing() ? ['the chats cannot be saved'] : []),
        ...(unreadable ? ['the stored chats could not be read, started anew'] : []),
      ];
      const ok = state === 'running' && waiting === 0 && !server.failing();
      return { ok, line: `playground: ${state}, ${facts.join(', ')}` };
    },
  };
};
