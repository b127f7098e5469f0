/**
 * What would happen: the same rules as in earnest, run on a clock of its own. Rotations, calendars and policies of a coming or a recorded stretch of time
 * say who would be pinged, which tickets would breach, and when nobody is on duty. Pure; nothing is sent.
 *
 * Decided:
 * - What the record does not say, nobody did: a ticket without events is never claimed.
 * - Recorded deeds are facts: the status may refuse them (said as `refused`), the role of whoever did them does not.
 * - A ticket is registered as it is: what a form would still ask for does not hold it up.
 * - Everybody is reachable where the configuration has any identity of his: which platforms are connected is not known here.
 */
import { SYSTEM } from './commands.ts';
import type { Actor, CaptureCommand, Command } from './commands.ts';
import { act, capture } from './decide/index.ts';
import { dutySlots } from './duty.ts';
import { Refusal } from './errors.ts';
import { calledPerson, personRef } from './escalation.ts';
import type { TicketEvent } from './events.ts';
import { DAY, HOUR } from './instant.ts';
import { isBuzz, noticesFor } from './notices.ts';
import type { Notice } from './notices.ts';
import type { Policy } from './policy.ts';
import type { Clock, PersonRef, Ticket } from './ticket.ts';
import { clockTimer, otherTimers } from './timers.ts';
import type { Timer } from './timers.ts';
import { ticketId } from './words.ts';
import type { World } from './world.ts';
import { zoneOf } from './zone.ts';

/** [from, until), UTC ms. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export interface SimulatedTicket {
  /** What the record calls it. */
  readonly ref: string;
  readonly at: number;
  readonly command: CaptureCommand;
  /** Ascending. */
  readonly deeds: readonly Deed[];
}

export interface Deed {
  readonly at: number;
  readonly command: Command;
  /** Null: not recorded. A claim is then the one's on duty, everything else the program's own. */
  readonly by: PersonRef | null;
}

export type PingHow = 'mention' | 'direct' | 'buzz';

export type Finding =
  | {
      readonly type: 'ping';
      readonly at: number;
      /** Null: an escalation chat in which nobody is named. */
      readonly person: string | null;
      readonly how: PingHow;
      readonly ticket: string;
      readonly why: string;
      /** 22:00–07:00 where this person lives. */
      readonly night: boolean;
    }
  | {
      readonly type: 'breach';
      readonly at: number;
      readonly ticket: string;
      readonly clock: string;
      readonly dueAt: number;
      readonly policy: string;
      readonly severity: string;
    }
  /** A point with `escalate: tier` took it to the next team; `to` null: there was none. */
  | {
      readonly type: 'escalation';
      readonly at: number;
      readonly ticket: string;
      readonly clock: string;
      readonly point: string;
      readonly from: string;
      readonly to: string | null;
    }
  | {
      readonly type: 'refused';
      readonly at: number;
      readonly ticket: string;
      readonly command: string;
      readonly reason: string;
    };

/** A slot that nobody has: of a rotation, or of a team that calls who is on duty and names nobody. */
export interface DutyHole extends Stretch {
  readonly team: string;
  /** Who is called instead; null: nobody at all. */
  readonly standsIn: string | null;
}

/** Holes of every team, by their beginning. Teams that are not on duty by design (assigned by hand, without a rotation) have none. */
export function dutyHoles(world: World, { from, until }: Stretch): DutyHole[] {
  const { policy, overrides } = world;
  const holes: DutyHole[] = [];
  for (const team of policy.teams.values()) {
    const rotation = team.rotation === null ? null : (policy.rotations.get(team.rotation) ?? null);
    const nobodyByDesign = rotation === null && (team.assign !== 'duty' || team.lead !== null);
    if (nobodyByDesign) continue;
    for (const slot of dutySlots({ id: team.id, rotation, lead: team.lead }, overrides, from, until)) {
      if (slot.source !== 'fallback') continue;
      const hole = {
        team: team.id,
        from: Math.max(from, slot.from ?? from),
        until: Math.min(until, slot.until ?? until),
        standsIn: slot.person,
      };
      const last = holes.at(-1);
      // Two empty turns in a row are one hole for whoever has to fill it.
      if (last?.team === hole.team && last.until === hole.from)
        holes[holes.length - 1] = { ...last, until: hole.until };
      else holes.push(hole);
    }
  }
  return holes.sort((a, b) => a.from - b.from);
}

/** The world of a simulation: no overrides made in chat, everybody reachable who has any identity. */
export function simulatedWorld(policy: Policy): World {
  const platforms = [...policy.people.values()].flatMap((person) => Object.keys(person.identities));
  return { policy, overrides: [], platforms: new Set(platforms) };
}

/**
 * Everything worth listing in the stretch, in the order of time. Tickets raised before it are run from their beginning, so that their
 * clocks stand where they would; what they cause before it is not listed.
 */
export function* simulate(world: World, tickets: readonly SimulatedTicket[], stretch: Stretch): Generator<Finding> {
  const agenda = new Agenda();
  const lives = tickets.map((ticket, index) => new Life(index + 1, ticket, world));
  for (const life of lives) agenda.add(life.nextAt, life);
  for (let next = agenda.take(); next !== null && next.at < stretch.until; next = agenda.take()) {
    const { at, life } = next;
    const findings = life.step(at);
    if (life.nextAt < stretch.until) agenda.add(life.nextAt, life);
    if (at >= stretch.from) yield* findings;
  }
}

/** One simulated ticket: what was done to it, and what its timers do in between. */
class Life {
  readonly #number: number;
  readonly #record: SimulatedTicket;
  readonly #world: World;
  #ticket: Ticket | null = null;
  #deed = 0;
  #timer: Timer | null = null;
  #clockTimers: ReadonlyMap<Clock, Timer | null> = new Map();
  nextAt: number;

  constructor(number: number, record: SimulatedTicket, world: World) {
    this.#number = number;
    this.#record = record;
    this.#world = world;
    this.nextAt = record.at;
  }

  /** Does the one thing that is next; never twice the same, so that a simulation always gets on. */
  step(at: number): readonly Finding[] {
    const before = this.#ticket;
    if (before === null) return this.#begin(at);
    const deed = this.#record.deeds[this.#deed];
    // A deed of the same instant comes first: what was stopped exactly when it was due was in time.
    if (deed !== undefined && deed.at <= at) {
      this.#deed += 1;
      return this.#attempt(before, deed.command, actorOf(deed, before, this.#world), at);
    }
    const timer = this.#timer;
    if (timer === null) return [];
    const { clock, point, occurrence } = timer;
    return this.#attempt(before, { type: 'timer_due', clock, point, occurrence }, SYSTEM, at, timer);
  }

  #begin(at: number): readonly Finding[] {
    const { command } = this.#record;
    const requester: Actor = { ...SYSTEM, ...command.requester, side: 'customer', roles: ['requester'] };
    const made = capture(this.#number, command, requester, this.#world, at);
    const findings = this.#found(null, made.events, made.ticket, at);
    this.#plan(made.ticket, at, null);
    return made.ticket.status === 'draft'
      ? [...findings, ...this.#attempt(made.ticket, { type: 'register' }, SYSTEM, at)]
      : findings;
  }

  #attempt(before: Ticket, command: Command, actor: Actor, at: number, rang: Timer | null = null): readonly Finding[] {
    try {
      const { events, ticket } = act(before, command, actor, this.#world, at);
      this.#plan(ticket, at, rang);
      return this.#found(before, events, ticket, at);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#plan(before, at, rang);
      const reason = error.message.replaceAll(ticketId(this.#number), this.#record.ref);
      return [{ type: 'refused', at, ticket: this.#record.ref, command: command.type, reason }];
    }
  }

  /** @param rang the timer that has just rung: still there and due, it would ring for ever. */
  #plan(ticket: Ticket, at: number, rang: Timer | null): void {
    this.#ticket = ticket;
    this.#timer = null;
    const deed = this.#record.deeds[this.#deed];
    for (const timer of this.#timers(ticket)) {
      if (timer === null || (rang !== null && sameTimer(timer, rang))) continue;
      // On record he goes on with it: he was at it, though the record may not say how.
      if (timer.clock === 'silent' && deed !== undefined) continue;
      if (this.#timer === null || timer.dueAt < this.#timer.dueAt) this.#timer = timer;
    }
    this.nextAt = Math.max(at, Math.min(this.#timer?.dueAt ?? Infinity, deed?.at ?? Infinity));
  }

  /** Most changes leave most clocks as they are, and with them their timers. */
  #timers(ticket: Ticket): readonly (Timer | null)[] {
    const { policy } = this.#world;
    const known = this.#clockTimers;
    this.#clockTimers = new Map(
      ticket.clocks.map((clock) => {
        const timer = known.get(clock);
        return [clock, timer === undefined ? clockTimer(clock, policy) : timer];
      }),
    );
    return [...this.#clockTimers.values(), ...otherTimers(ticket, policy)];
  }

  #found(before: Ticket | null, events: readonly TicketEvent[], after: Ticket, at: number): readonly Finding[] {
    const findings: Finding[] = [];
    const ticket = this.#record.ref;
    for (const notice of noticesFor(before, events, after, this.#world)) {
      for (const { person, how } of calledBy(notice)) {
        const night = person !== null && isNight(at, zoneOfPerson(person, this.#world.policy));
        findings.push({ type: 'ping', at, person, how, ticket, why: whyOf(notice), night });
      }
    }
    for (const event of events) {
      if (event.type === 'point_reached' && event.escalates !== undefined) {
        const { clock, point, escalates } = event;
        findings.push({ type: 'escalation', at, ticket, clock, point, from: before?.team ?? '', to: escalates.to });
      }
      if (event.type !== 'breached') continue;
      const { clock, dueAt } = event;
      const policy = after.clocks.find((one) => one.id === clock)?.policy ?? '';
      findings.push({ type: 'breach', at, ticket, clock, dueAt, policy, severity: after.severity });
    }
    return findings;
  }
}

const sameTimer = (a: Timer, b: Timer): boolean =>
  a.clock === b.clock && a.point === b.point && a.occurrence === b.occurrence && a.dueAt === b.dueAt;

function actorOf({ by, command, at }: Deed, ticket: Ticket, world: World): Actor {
  if (by !== null) return { ...SYSTEM, ...by };
  if (command.type !== 'claim' || ticket.team === null) return SYSTEM;
  const called = calledPerson(ticket.team, world, at, 'duty');
  const member = world.policy.teams.get(ticket.team)?.members[0];
  const claimer = called ?? (member === undefined ? null : personRef(member, world.policy));
  return claimer === null ? SYSTEM : { ...SYSTEM, ...claimer };
}

/** Whom a notice calls. A card that is merely edited, and a message that only joins a thread, calls nobody. */
function calledBy({ to, body }: Notice): readonly { readonly person: string | null; readonly how: PingHow }[] {
  if (to.to === 'person') {
    return [{ person: to.person, how: isBuzz(body) ? 'buzz' : 'direct' }];
  }
  const people = mentioned(body);
  if (to.to === 'escalation' && people.length === 0) return [{ person: null, how: 'mention' }];
  return people.map(({ id }) => ({ person: id, how: 'mention' as const }));
}

function mentioned(body: Notice['body']): readonly PersonRef[] {
  if ('mention' in body) return body.mention;
  if ('call' in body) return body.call === null ? [] : [body.call];
  if (body.type === 'handover') return body.to === null ? [] : [body.to];
  return body.type === 'close_reminder' ? [body.requester] : [];
}

function whyOf({ to, body }: Notice): string {
  switch (body.type) {
    case 'work_card':
      return `came to ${to.to === 'work' ? to.team : 'the team'}${body.nobodyOnDuty ? ', nobody on duty' : ''}`;
    case 'point':
      return `${body.clock} ${body.point}${body.occurrence === 0 ? '' : `, repeated ${body.occurrence}×`}`;
    case 'ladder': {
      const unreachable = body.unreachable.length === 0 ? '' : `, not reachable: ${body.unreachable.join(', ')}`;
      return `ladder step ${body.step + 1} (${body.whom})${unreachable}`;
    }
    case 'severity_changed':
      return `severity ${body.from} → ${body.to}`;
    default:
      return body.type.replaceAll('_', ' ');
  }
}

const zoneOfPerson = (person: string, policy: Policy): string => policy.people.get(person)?.timezone ?? policy.timezone;

const NIGHT = { from: 22 * HOUR, until: 7 * HOUR };

/** 22:00 and later, before 07:00, on the wall clock of the zone. */
export function isNight(at: number, timezone: string): boolean {
  const wall = zoneOf(timezone).toWall(at);
  const time = wall - Math.floor(wall / DAY) * DAY;
  return time >= NIGHT.from || time < NIGHT.until;
}

/** Whose turn it is: a binary heap, because thousands of tickets wait at once. Of one instant, whoever was added first. */
class Agenda {
  readonly #heap: { readonly at: number; readonly order: number; readonly life: Life }[] = [];
  #added = 0;

  add(at: number, life: Life): void {
    if (at === Infinity) return;
    const heap = this.#heap;
    const entry = { at, order: this.#added++, life };
    let i = heap.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, entry)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = entry;
  }

  take(): { readonly at: number; readonly life: Life } | null {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      const [l, r] = [heap[left], heap[left + 1]];
      if (l === undefined) break;
      const [child, at] = r !== undefined && isBefore(r, l) ? [r, left + 1] : [l, left];
      if (isBefore(last, child)) break;
      heap[i] = child;
      i = at;
    }
    heap[i] = last;
    return first;
  }
}

const isBefore = (
  a: { readonly at: number; readonly order: number },
  b: { readonly at: number; readonly order: number },
): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
