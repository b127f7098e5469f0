import type { RunningClock } from './clock.ts';
import type { Env } from './config/env.ts';
import type { Logger } from './log.ts';

/** What the program is started with. */
export interface ItrOptions {
  readonly env: Env;
  readonly log: Logger;
  readonly clock: RunningClock;
  /** Where a relative configuration file is looked for. */
  readonly cwd: string;
}
