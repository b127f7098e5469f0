import type { App } from './app.ts';
import type { HandClock } from './clock.ts';

interface Emulator {
  settled(): Promise<void>;
  waitFor<T>(
    predicate: () => T | Promise<T>,
    options: { readonly timeoutMs: number; readonly pollMs: number },
  ): Promise<NonNullable<T>>;
}

/** Every event is handled, and everything said. */
export async function nothingWaits({ storage }: App, now: number): Promise<boolean> {
  const [{ inbox }, outbox] = await Promise.all([storage.queries.backlog(now), storage.queues.outbox.depth(now)]);
  return inbox.waiting === 0 && outbox.waiting === 0;
}

/** The real program in front of an emulated platform: what journeys ask of it, whichever platform that is. */
export abstract class Scene {
  readonly clock: HandClock;
  app!: App;
  readonly #emulator: Emulator;

  protected constructor(clock: HandClock, emulator: Emulator) {
    this.clock = clock;
    this.#emulator = emulator;
  }

  abstract startApp(folder?: string): Promise<void>;
  abstract close(): Promise<void>;

  /** Waits until it holds; meanwhile time passes for the bot, since it may not post faster than the platform allows. */
  until<T>(predicate: () => T | Promise<T>): Promise<NonNullable<T>> {
    return this.#emulator.waitFor(
      async () => {
        try {
          const found = await predicate();
          if (found) return found;
        } catch (error) {
          this.clock.advance(100);
          throw error;
        }
        this.clock.advance(100);
        return null;
      },
      { pollMs: 10, timeoutMs: 20_000 },
    );
  }

  /** Until nothing is under way. */
  async quiet(): Promise<void> {
    await this.#emulator.settled();
    await this.until(() => nothingWaits(this.app, this.clock.now()));
  }

  async ticket(number = 1): Promise<Record<string, unknown>> {
    return (await this.app.api(`/api/v1/tickets/ITR-${number}`)).body;
  }

  async untilStatus(status: string, number = 1): Promise<Record<string, unknown>> {
    return this.until(async () => {
      const ticket = await this.ticket(number);
      return ticket['status'] === status ? ticket : null;
    });
  }
}
