import type { DutyOverride } from './duty.ts';
import type { Policy } from './policy.ts';

/** Everything besides the ticket that a decision may look at. Time comes with the command. */
export interface World {
  readonly policy: Policy;
  /** Overrides of rotations that were made in chat, console or file. */
  readonly overrides: readonly DutyOverride[];
  /** Platforms that are connected: whoever has an identity on none of them cannot be reached. */
  readonly platforms: ReadonlySet<string>;
}
