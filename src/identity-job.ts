import { setTimeout as wait } from 'node:timers/promises';
import { askThoseFound } from './conversations/identity.ts';
import { DeliveryError } from './conversations/platform.ts';
import type { ChatPlatform } from './conversations/platform.ts';
import type { Store } from './desk/ports.ts';
import type { WorldSource } from './desk/world.ts';
import type { Logger } from './log.ts';
import type { Job } from './scheduler/housekeeping.ts';

export interface IdentityDeps {
  readonly store: Store;
  readonly world: WorldSource;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  readonly now: () => number;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** Slack lets itself be asked for fifty people a minute. */
const PAUSE_MS = 60_000;

/**
 * People of the configuration who are not known on a platform are looked for there, by e-mail or mobile, and asked, once.
 * @param stopped ends the search where it is; the next one goes on
 */
export async function askUnmatched(deps: IdentityDeps, stopped?: AbortSignal): Promise<void> {
  for (const platform of deps.platforms.values()) {
    try {
      const asked = await askThoseFound(platform, {
        store: deps.store,
        policy: deps.world.policy(),
        now: deps.now(),
        pause: async () => {
          await wait(PAUSE_MS, undefined, { signal: stopped });
        },
      });
      if (asked > 0) deps.log.info({ platform: platform.name, asked }, 'people were asked who they are');
    } catch (error) {
      if (stopped?.aborted === true) return;
      if (!(error instanceof DeliveryError)) throw error;
      deps.log.warn(
        { platform: platform.name, reason: error.message },
        'the platform did not answer who its people are; it is asked again tomorrow',
      );
    }
  }
}

export const identityJob = (deps: IdentityDeps, stopped: AbortSignal): Job => ({
  name: 'identities',
  at: '30 9 * * *',
  timezone: deps.world.policy().timezone,
  run: () => askUnmatched(deps, stopped),
});
