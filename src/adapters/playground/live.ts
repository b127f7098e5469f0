import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ChatServer } from './chat-server.ts';

const BEAT_MS = 20_000;

/** Tells open pages that something changed; they ask for the state themselves, so a page that slept misses nothing. */
export const createLive = (server: ChatServer) => {
  const closers = new Set<() => void>();

  return {
    stream: (c: Context): Response =>
      streamSSE(c, async (stream) => {
        let wake: () => void = () => undefined;
        const state = { open: true };
        const close = (): void => {
          state.open = false;
          wake();
        };
        closers.add(close);
        stream.onAbort(close);
        const unsubscribe = server.subscribe(() => wake());
        try {
          let told = -1;
          while (state.open) {
            if (told !== server.version()) {
              told = server.version();
              await stream.writeSSE({ event: 'changed', data: String(told) });
              continue;
            }
            // A beat also finds out that the page has gone without saying so.
            const quiet = await new Promise<boolean>((resolve) => {
              const timer = setTimeout(() => resolve(true), BEAT_MS).unref();
              wake = () => {
                clearTimeout(timer);
                resolve(false);
              };
            });
            wake = () => undefined;
            if (quiet) await stream.writeSSE({ event: 'beat', data: '' });
          }
        } finally {
          closers.delete(close);
          unsubscribe();
        }
      }),
    /** Ends all streams: an open one would hold the web server's `close` for ever. */
    closeAll(): void {
      for (const close of closers) close();
    },
  };
};
