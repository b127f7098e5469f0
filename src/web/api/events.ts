import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { toIsoUtc } from '../../domain/instant.ts';
import { ticketId } from '../../domain/words.ts';
import type { WebDeps } from '../deps.ts';
import { Problem } from '../problem.ts';

const BEAT_MS = 20_000;
const MOST_STREAMS = 200;

/** Each page asks for what it shows itself; a stream only says what to ask for again. */
export function eventStream(c: Context, deps: Pick<WebDeps, 'live' | 'store'>): Response {
  const { live, store } = deps;
  if (live.listeners >= MOST_STREAMS) {
    throw new Problem(
      503,
      'too-many-streams',
      'Too many streams',
      `${MOST_STREAMS} are open already`,
      {},
      { 'retry-after': '30' },
    );
  }
  c.header('x-accel-buffering', 'no');
  return streamSSE(c, async (stream) => {
    const changed = new Set<number>();
    let open = true;
    const isOpen = (): boolean => open;
    let wake: () => void = () => undefined;
    const close = (): void => {
      open = false;
      wake();
    };
    stream.onAbort(close);
    const forget = live.onClose(close);
    const unsubscribe = live.subscribe(({ number }) => {
      changed.add(number);
      wake();
    });
    try {
      await stream.writeSSE({ event: 'open', data: '', retry: 3_000 });
      while (isOpen()) {
        const [number] = changed;
        if (number !== undefined) {
          changed.delete(number);
          const ticket = await store.read.ticket(number);
          if (ticket === null) continue;
          const { seq, status, fields, updatedAt } = ticket;
          const data = {
            number: ticketId(number),
            seq,
            status,
            title: fields.title ?? null,
            updatedAt: toIsoUtc(updatedAt),
          };
          await stream.writeSSE({ event: 'ticket', data: JSON.stringify(data) });
          continue;
        }
        // A beat also finds out that the reader has gone without saying so.
        const quiet = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => {
            resolve(true);
          }, BEAT_MS).unref();
          wake = () => {
            clearTimeout(timer);
            resolve(false);
          };
        });
        wake = () => undefined;
        if (quiet && isOpen()) await stream.writeSSE({ event: 'beat', data: '' });
      }
    } finally {
      forget();
      unsubscribe();
    }
  });
}
