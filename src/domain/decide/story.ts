import type { Actor, PublicCommandType } from '../commands.ts';
import { Refusal } from '../errors.ts';
import type { RefusalReason } from '../errors.ts';
import type { EventBody, TicketEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { possible } from '../transitions.ts';
import { sentence } from '../sentences.ts';
import type { Ticket } from '../ticket.ts';
import type { World } from '../world.ts';

/** One decision under way: each event told is applied at once, so that what follows decides on the ticket as it has become. */
export class Story {
  ticket: Ticket;
  readonly events: TicketEvent[] = [];
  readonly actor: Actor;
  readonly world: World;
  readonly at: number;

  constructor(ticket: Ticket, actor: Actor, world: World, at: number) {
    this.ticket = ticket;
    this.actor = actor;
    this.world = world;
    this.at = at;
  }

  /** @param by who did it, if not the one who gave the command: what follows of itself is the program's. */
  tell(body: EventBody, by: Actor = this.actor): void {
    const head = { seq: this.ticket.seq + 1, at: this.at, actor: { id: by.id, name: by.name } };
    const event: TicketEvent = { ...body, ...head };
    this.events.push(event);
    this.ticket = evolve(this.ticket, event);
  }

  /** Nothing told so far is kept. */
  refuse(kind: Refusal['kind'], reason: RefusalReason): never {
    throw refusal(kind, reason, this.ticket);
  }

  invalid(what: string, wanted: string): never {
    return this.refuse('input', { code: 'invalid', what, wanted });
  }
}

export function refusal(kind: Refusal['kind'], reason: RefusalReason, ticket: Ticket): Refusal {
  const now: readonly PublicCommandType[] = possible(ticket);
  return new Refusal(kind, reason, now, sentence(reason, ticket, now));
}
