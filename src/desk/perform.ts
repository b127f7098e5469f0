import type { Actor, CaptureCommand, Command } from '../domain/commands.ts';
import { childOf } from '../domain/decide/child.ts';
import type { WantedChild } from '../domain/decide/child.ts';
import { capture, decide } from '../domain/decide/index.ts';
import { refusal } from '../domain/decide/story.ts';
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
import { standsAbove, tellRelated } from './relations.ts';
import { rememberTurns, staffed } from './staffing.ts';
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
      if (command.type === 'link') await refuseCircle(tx, before, command);
      const { events } = await staffed(tx, world, before, command, (known) => ({
        events: decide(before, command, actor, known, at),
      }));
      if (events.length === 0 && command.type !== 'replan' && command.type !== 'timer_due') {
        return { ok: true, before, ticket: before, events };
      }
      const ticket = await save(tx, before, events, world, at);
      await tellRelated({ perform }, tx, before, ticket, events, actor);
      return { ok: true, before, ticket: await latest(tx, ticket), events };
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
    await rememberTurns(tx, ticket, events);
    // Where there are rules, what none of them fits shows where they have a gap.
    if (
      world.policy.routing.length > 0 &&
      events.some((event) => event.type === 'dispatched' && event.rule === 'default')
    )
      await tx.count('unrouted');
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
      const number = await tx.nextNumber();
      const made = await staffed(tx, world, null, command, (known) => capture(number, command, actor, known, at));
      await write(tx, null, made.ticket, made.events, world, at);
      return { ticket: made.ticket, existing: false };
    },

    async raiseChild(tx: Tx, number: number, wanted: WantedChild, actor: Actor) {
      const parent = await tx.ticket(number);
      if (parent === null) return { ok: false, refusal: unknownTicket(number), ticket: null };
      const at = deps.clock.now();
      try {
        const world = deps.world.current();
        const command = childOf(parent, wanted, actor, world, at);
        const child = await tx.nextNumber();
        const made = await staffed(tx, world, null, command, (known) => capture(child, command, actor, known, at));
        await write(tx, null, made.ticket, made.events, world, at);
        await tellRelated({ perform }, tx, null, made.ticket, made.events, actor);
        return { ok: true, ticket: made.ticket };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { ok: false, refusal: error, ticket: parent };
      }
    },
  };
}

/** What is linked with it may have told it something in return. */
const latest = async (tx: Tx, ticket: Ticket): Promise<Ticket> =>
  ticket.links.length === 0 ? ticket : ((await tx.ticket(ticket.number)) ?? ticket);

/** A pure decision sees one ticket; whether a chain of parents closes takes all of them. */
async function refuseCircle(tx: Tx, ticket: Ticket, { to, as }: Extract<Command, { type: 'link' }>): Promise<void> {
  if (as !== 'child' && as !== 'parent') return;
  const [parent, child] = as === 'child' ? [ticket.number, to] : [to, ticket.number];
  if (parent === child) return;
  if (await standsAbove(tx, child, parent))
    throw refusal('input', { code: 'not_as_child', child, because: 'circle' }, ticket);
  const known = (await tx.ticket(child))?.links.find((link) => link.as === 'parent');
  if (known !== undefined && known.to !== parent)
    throw refusal('input', { code: 'not_as_child', child, because: 'has_parent' }, ticket);
}

function unknownTicket(number: number): Refusal {
  const found = `ITR-${number}`;
  return new Refusal('input', { code: 'unknown', what: 'ticket', found, near: [] }, [], `There is no ticket ${found}`);
}
