import { readFileSync } from 'node:fs';
import { parseConfig } from '../../src/config/load.ts';
import type { Actor, CaptureCommand, Command } from '../../src/domain/commands.ts';
import { capture, decide } from '../../src/domain/decide/index.ts';
import { Refusal } from '../../src/domain/errors.ts';
import type { TicketEvent } from '../../src/domain/events.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { noticesFor } from '../../src/domain/notices.ts';
import type { Notice } from '../../src/domain/notices.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { timersFor } from '../../src/domain/timers.ts';
import type { Timer } from '../../src/domain/timers.ts';
import type { World } from '../../src/domain/world.ts';

export const EXAMPLE = readFileSync(new URL('../../itr.config.example.yaml', import.meta.url), 'utf8');

export function policyOf(yaml: string): Policy {
  const result = parseConfig(yaml, { now: at('2026-11-20T09:00+08:00') });
  if (!result.ok) throw new Error(JSON.stringify(result.errors, null, 2));
  return result.policy;
}

/** The contract's example, with text replaced: `worldWith(['every: 1w', 'every: 1d'])`. */
export function worldWith(...changes: readonly (readonly [string, string])[]): World {
  const yaml = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no "${from}"`);
    return text.replace(from, to);
  }, EXAMPLE);
  return { policy: policyOf(yaml), overrides: [], platforms: new Set(['slack']) };
}

export const at = (iso: string): number => {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) throw new Error(`no instant: ${iso}`);
  return ms;
};

export const lin: Actor = {
  id: 'slack:U0LIN',
  name: '林',
  roles: ['requester'],
  teams: [],
  side: 'customer',
  projects: ['acme-core'],
};
export const stranger: Actor = { ...lin, id: 'slack:U0FAR', name: 'Far', projects: [] };

export function person(id: string, world: World): Actor {
  const found = world.policy.people.get(id);
  if (found === undefined) throw new Error(`nobody called ${id}`);
  return { id, name: found.name, roles: found.roles, teams: found.teams, side: 'service', projects: [] };
}

/** One ticket's life, step by step, in the pure domain. */
export class Life {
  ticket: Ticket;
  readonly history: TicketEvent[] = [];
  notices: readonly Notice[] = [];
  readonly world: World;

  constructor(world: World, command: Partial<CaptureCommand>, now: number, by: Actor = lin) {
    this.world = world;
    const made = capture(1, { ...CAPTURE, firstMessageAt: now, ...command }, by, world, now);
    this.ticket = made.ticket;
    this.history.push(...made.events);
    this.notices = noticesFor(null, made.events, made.ticket, world);
  }

  /** The new events. Throws the Refusal. */
  do(command: Command, by: Actor | string, now: number): readonly TicketEvent[] {
    const actor = typeof by === 'string' ? person(by, this.world) : by;
    const before = this.ticket;
    const events = decide(before, command, actor, this.world, now);
    this.ticket = { ...events.reduce<Ticket>(evolve, before), number: before.number };
    this.history.push(...events);
    this.notices = noticesFor(before, events, this.ticket, this.world);
    return events;
  }

  refusal(command: Command, by: Actor | string, now: number): Refusal {
    try {
      this.do(command, by, now);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    throw new Error(`${command.type} was not refused`);
  }

  get timers(): readonly Timer[] {
    return timersFor(this.ticket, this.world.policy);
  }

  timer(clock: string): Timer | undefined {
    return this.timers.find((timer) => timer.clock === clock);
  }

  /** Rings every timer due until `until`, each at its instant; returns what was told. */
  runUntil(until: number, system: Actor): readonly TicketEvent[] {
    const told: TicketEvent[] = [];
    for (let turn = 0; turn < 500; turn++) {
      const next = [...this.timers].sort((a, b) => a.dueAt - b.dueAt)[0];
      if (next === undefined || next.dueAt > until) return told;
      told.push(
        ...this.do(
          { type: 'timer_due', clock: next.clock, point: next.point, occurrence: next.occurrence },
          system,
          next.dueAt,
        ),
      );
    }
    throw new Error('timers without end');
  }
}

export const ORIGIN = { platform: 'slack', chat: 'C0ACME', thread: '1.1', role: 'origin', team: null } as const;

export const CAPTURE: CaptureCommand = {
  type: 'capture',
  kind: 'incident',
  severity: 'S2',
  severityGuessed: true,
  fields: { title: '生产环境数据库时断时续', product: 'db', impact: '全部用户' },
  language: 'zh-CN',
  requester: { id: lin.id, name: lin.name },
  project: 'acme-core',
  firstMessageAt: 0,
  thread: ORIGIN,
  messages: [],
};
