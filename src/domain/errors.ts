import type { PersonRef } from './ticket.ts';
import type { PublicCommandType } from './commands.ts';
import type { Status } from './words.ts';

/** Why a command was not done. Each has a sentence in both languages (`conversations/texts`). */
export type RefusalReason =
  /** The status does not allow it. */
  | { readonly code: 'not_now'; readonly status: Status }
  /** Somebody was first. */
  | { readonly code: 'already_claimed'; readonly by: PersonRef }
  | { readonly code: 'not_yours'; readonly needs: 'assignee' | 'requester' | 'team' | 'lead' | 'staff' | 'reached' }
  | { readonly code: 'not_entitled' }
  | { readonly code: 'nothing_to_acknowledge' }
  | { readonly code: 'reopen_window_over' }
  | { readonly code: 'no_next_tier'; readonly team: string }
  | { readonly code: 'no_handover' }
  | { readonly code: 'has_war_room' }
  /** No thread of it stands on a connected platform. */
  | { readonly code: 'no_chat' }
  /** A child of this ticket belongs to another already, or would become its own ancestor. */
  | { readonly code: 'not_as_child'; readonly child: number; readonly because: 'has_parent' | 'circle' }
  | {
      readonly code: 'unknown';
      readonly what: 'person' | 'team' | 'cause' | 'closure' | 'message' | 'ticket';
      readonly found: string;
      readonly near: readonly string[];
    }
  | { readonly code: 'invalid'; readonly what: string; readonly wanted: string };

/**
 * A rule said no. It is for people: it says what stopped it and what is possible now. Nothing was changed but a `refused` entry on the timeline.
 * `kind` is what a program needs: `state` (409), `role` (403), `input` (422).
 */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly possible: readonly PublicCommandType[];
  readonly kind: 'state' | 'role' | 'input';

  constructor(
    kind: 'state' | 'role' | 'input',
    reason: RefusalReason,
    possible: readonly PublicCommandType[],
    sentence: string,
  ) {
    super(sentence);
    this.name = 'Refusal';
    this.kind = kind;
    this.reason = reason;
    this.possible = possible;
  }
}
