import type { Actor, CaptureCommand, Command } from '../domain/commands.ts';
import type { WantedChild } from '../domain/decide/child.ts';
import type { Refusal } from '../domain/errors.ts';
import type { TicketEvent } from '../domain/events.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Tx } from './ports.ts';

/** The only way to change a ticket. */
export interface Desk {
  /**
   * One command against the ticket as it is inside `tx`: may → decide → evolve → timers → notices → save. A refusal changes nothing but a `refused` entry
   * on the timeline and is returned, not thrown, so that the entry is committed.
   */
  perform(tx: Tx, number: number, command: Command, actor: Actor): Promise<Outcome>;
  /** Makes a ticket; the thread that has one already answers with that one (`existing`). */
  capture(
    tx: Tx,
    command: CaptureCommand,
    actor: Actor,
  ): Promise<{ readonly ticket: Ticket; readonly existing: boolean }>;
  /** Another team's part of a ticket, as a ticket of its own; the parent shows how it stands. `ticket` is the child, or the parent where it was refused. */
  raiseChild(
    tx: Tx,
    parent: number,
    wanted: WantedChild,
    actor: Actor,
  ): Promise<
    | { readonly ok: true; readonly ticket: Ticket }
    | { readonly ok: false; readonly refusal: Refusal; readonly ticket: Ticket | null }
  >;
}

export type Outcome =
  | { readonly ok: true; readonly before: Ticket; readonly ticket: Ticket; readonly events: readonly TicketEvent[] }
  | { readonly ok: false; readonly refusal: Refusal; readonly ticket: Ticket | null };

/** Makes an Actor of whoever did something on a platform. */
export interface Directory {
  /**
   * One Person may stand on several platforms. Somebody the directory does not know is a requester, and speaks for the project of the chat he is in.
   * @param name what the platform calls him, for those it does not know.
   */
  actor(platform: string, user: string, name: string, chat: string | null): Actor;
  /** By id of the configuration, or `platform:id`; null: neither. */
  actorById(id: string): Actor | null;
  /** A person by id, name, alias or `@platform-user`; with those that come near, best first, if none is meant exactly. */
  findPerson(
    said: string,
    platform: string | null,
  ):
    | { readonly id: string; readonly name: string; readonly teams: readonly string[] }
    | { readonly near: readonly string[] };
  findTeam(said: string): { readonly id: string; readonly name: string } | { readonly near: readonly string[] };
  /** Where a person can be written to directly, on the platforms that are connected, in the order of the file. */
  addresses(person: string): readonly { readonly platform: string; readonly user: string }[];
}
