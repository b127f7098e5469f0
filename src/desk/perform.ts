import type { Actor, CaptureCommand, Command } from '../domain/commands.ts';
import { capture, decide } from '../domain/decide/index.ts';
import { Refusal } from '../domain/errors.ts';
import type { TicketEvent } from '../domain/events.ts';
import { evolve } from '../domain/evolve.ts';
import { noticesFor } from '../domain/notices.ts';
import type { Ticket } from '../domain/ticket.ts';
import { timersFor } from '../domain/timers.ts';
import type { World } from '../domain/world.ts';
import { outboxRows } from './address.ts';
import type { Desk, Outcome } from './desk.ts';
import type { Clock, Tx } from './ports.ts';
import type { WorldSource } from './world.ts';

export interface DeskDeps {
  readonly clock: Clock;
  readonly world: WorldSource;
  readonly addresses: (person: string) => readonly { readonly platform: string; readonly user: string }[];
  /** Told after the change is part of the transaction: pages that are open look again once it is committed. */
  readonly changed?: (ticket: number) => void;
}

/** One command, one transaction: load → may → decide → evolve → timers → notices → save. */
export function createDesk(deps: DeskDeps): Desk {
  async function perform(tx: Tx, number: number, command: Command, actor: Actor): Promise<Outcome> {
    const before = await tx.ticket(number);
    if (before === null) return { ok: false, refusal: unknownTicket(number), ticket: null };
    const world = deps.world.current();
    const at = deps.clock.now();
    try {
      const events = decide(before, command, actor, world, at);
      if (events.length === 0 && command.type !== 'replan' && command.type !== 'timer_due') {
        return { ok: true, before, ticket: before, events };
      }
      const ticket = await save(tx, before, events, world, at);
      return { ok: true, before, ticket, events };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const refused: TicketEvent = {
        type: 'refused',
        command: command.type,
        reason: error.message,
        seq: before.seq + 1,
        at,
        actor: { id: actor.id, name: actor.name },
      };
      const ticket = await save(tx, before, [refused], world, at);
      return { ok: false, refusal: error, ticket };
    }
  }

  async function save(
    tx: Tx,
    before: Ticket,
    events: readonly TicketEvent[],
    world: World,
    at: number,
  ): Promise<Ticket> {
    const ticket = { ...events.reduce<Ticket>(evolve, before), number: before.number };
    await write(tx, before, ticket, events, world, at);
    return ticket;
  }

  async function write(
    tx: Tx,
    before: Ticket | null,
    ticket: Ticket,
    events: readonly TicketEvent[],
    world: World,
    at: number,
  ): Promise<void> {
    await tx.saveTicket({ ticket, expectedSeq: before?.seq ?? 0, events, timers: timersFor(ticket, world.policy) });
    const rows = outboxRows(ticket, noticesFor(before, events, ticket, world), world, deps.addresses, at);
    if (rows.length > 0) await tx.enqueue(rows);
    deps.changed?.(ticket.number);
  }

  return {
    perform,

    async capture(tx: Tx, command: CaptureCommand, actor: Actor) {
      if (command.thread !== null) {
        const { platform, chat, thread } = command.thread;
        const known = await tx.ticketOfThread(platform, chat, thread);
        const ticket = known === null ? null : await tx.ticket(known);
        if (ticket !== null) return { ticket, existing: true };
      }
      const world = deps.world.current();
      const at = deps.clock.now();
      const made = capture(await tx.nextNumber(), command, actor, world, at);
      await write(tx, null, made.ticket, made.events, world, at);
      return { ticket: made.ticket, existing: false };
    },
  };
}

function unknownTicket(number: number): Refusal {
  const found = `ITR-${number}`;
  return new Refusal('input', { code: 'unknown', what: 'ticket', found, near: [] }, [], `There is no ticket ${found}`);
}
