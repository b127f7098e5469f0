import type { DutyOverride } from './duty.ts';
import type { Policy } from './policy.ts';
import type { PersonId } from './ticket.ts';

/** Everything besides the ticket that a decision may look at. Time comes with the command. */
export interface World {
  readonly policy: Policy;
  /** Overrides of rotations that were made in chat, console or file. */
  readonly overrides: readonly DutyOverride[];
  /** Platforms that are connected: whoever has an identity on none of them cannot be reached. */
  readonly platforms: ReadonlySet<string>;
  /** Left out: nobody has anything. Read only for teams that assign by turns or by load. */
  readonly staffing?: Staffing;
}

/** What assignment by turns and by load looks at. */
export interface Staffing {
  /** Tickets in hand (in progress, pending, restored) by person. */
  readonly load: ReadonlyMap<PersonId, number>;
  /** Team → whom it gave the last ticket. */
  readonly last: ReadonlyMap<string, PersonId>;
}
