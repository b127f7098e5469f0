import type { Hono } from 'hono';
import type { LivePolicy } from './config/live.ts';
import { texts } from './conversations/texts/index.ts';
import type { ChatPlatform } from './conversations/platform.ts';
import type { Desk, Directory } from './desk/desk.ts';
import type { WorldSource } from './desk/world.ts';
import { standings } from './domain/identity.ts';
import type { ItrOptions } from './options.ts';
import type { Storage } from './storage/index.ts';
import { VERSION } from './version.ts';
import { createWeb } from './web/app.ts';
import type { WatchView } from './web/deps.ts';
import type { Live } from './web/live.ts';
import type { Metrics } from './web/metrics.ts';
import { startHttp } from './web/server.ts';

export interface StartWebDeps extends ItrOptions {
  readonly config: LivePolicy;
  readonly storage: Storage;
  readonly desk: Desk;
  readonly directory: Directory;
  readonly world: WorldSource;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  readonly live: Live;
  readonly metrics: Metrics;
  readonly watch: WatchView;
  readonly playground: Hono | null;
}

/** Pages, API and the platforms' webhooks on one port. */
export async function startWeb(deps: StartWebDeps): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { env, storage, platforms, world, config } = deps;
  const app = createWeb({
    desk: deps.desk,
    store: storage.store,
    queries: storage.queries,
    directory: deps.directory,
    policy: world.policy,
    world: world.current,
    outbox: storage.queues.outbox,
    deadLetters: storage.queues.outbox,
    people: {
      list: async () => standings(world.policy(), await storage.store.read.personLinks(), [...platforms.keys()]),
      async unlink(platform, user, askAgain) {
        const at = deps.clock.now();
        const unlinked = await storage.store.write((tx) => tx.unlinkPerson(platform, user, { askAgain, at }));
        if (unlinked) deps.log.info({ platform, user, askAgain }, 'who somebody is was taken back');
        await world.refresh();
        return unlinked;
      },
    },
    platforms: () => [...platforms.values()],
    env,
    now: deps.clock.now,
    log: deps.log,
    metrics: deps.metrics,
    live: deps.live,
    watch: deps.watch,
    playground: deps.playground,
    configError: () => config.lastError()?.errors[0]?.message ?? null,
    version: VERSION,
    words: (language) => texts(language).words,
  });
  const webhooks = [...platforms.values()].flatMap((platform) => platform.webhooks);
  const server = await startHttp({ app, webhooks, host: env.host, port: env.port });
  return {
    url: server.url,
    async stop() {
      deps.live.closeAll();
      await server.stop();
    },
  };
}
