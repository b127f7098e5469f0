import { parseConfig } from '../../src/config/load.ts';
import { createDirectory } from '../../src/desk/directory.ts';
import { createDesk } from '../../src/desk/perform.ts';
import type { Command } from '../../src/domain/commands.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { Timer } from '../../src/domain/timers.ts';
import type { World } from '../../src/domain/world.ts';
import type { Severity } from '../../src/domain/words.ts';
import { openStorage } from '../../src/storage/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { OWNER, REQUESTER, configOf, dutyOf, intakeOf } from './config.ts';

/** Of every benchmark that copies tickets: copies take their turns in as many. */
export const TEAMS = 10;

/** The application on a database, with no server around it. */
export interface BenchDesk {
  readonly storage: Storage;
  readonly policy: Policy;
  /** A thread of the intake channel of team `n % TEAMS` becomes a ticket, in a transaction of its own; its number. */
  raise(n: number, options?: { readonly firstMessageAt?: number; readonly severity?: Severity }): Promise<number>;
  perform(number: number, command: Command, who: 'owner' | 'requester'): Promise<void>;
  /** As it is stored now. */
  model(number: number): Promise<Model>;
}

export interface Model {
  readonly ticket: Ticket;
  readonly timers: readonly Timer[];
}

export async function openDesk(url: string, use?: 'server'): Promise<BenchDesk> {
  const config = parseConfig(configOf(TEAMS));
  if (!config.ok) throw new Error(JSON.stringify(config.errors));
  const { policy } = config;
  const world: World = { policy, overrides: [], platforms: new Set(['slack']) };
  const directory = createDirectory(
    () => policy,
    () => world.platforms,
  );
  const desk = createDesk({
    clock: { now: Date.now },
    world: { current: () => world, policy: () => policy, refresh: () => Promise.resolve() },
    addresses: (person) => directory.addresses(person),
  });
  const storage = await openStorage({
    url,
    now: Date.now,
    wake: () => undefined,
    ...(use === undefined ? {} : { use }),
  });
  const { store } = storage;
  return {
    storage,
    policy,
    async raise(n, { firstMessageAt = Date.now(), severity = 'S2' } = {}) {
      const chat = intakeOf(n % TEAMS);
      const actor = directory.actor('slack', REQUESTER.user, REQUESTER.name, chat);
      const { ticket } = await store.write((tx) =>
        desk.capture(
          tx,
          {
            type: 'capture',
            kind: 'incident',
            severity,
            severityGuessed: true,
            fields: { title: `Trouble number ${n}` },
            language: 'en',
            requester: { id: actor.id, name: actor.name },
            project: `project${n % TEAMS}`,
            firstMessageAt,
            thread: {
              platform: 'slack',
              chat,
              thread: `1700000000.${String(n).padStart(6, '0')}`,
              role: 'origin',
              team: null,
            },
            messages: [],
          },
          actor,
        ),
      );
      return ticket.number;
    },
    async perform(number, command, who) {
      const actor =
        who === 'owner'
          ? directory.actor('slack', OWNER.user, OWNER.name, dutyOf(1))
          : directory.actor('slack', REQUESTER.user, REQUESTER.name, intakeOf(1));
      const outcome = await store.write((tx) => desk.perform(tx, number, command, actor));
      if (!outcome.ok) throw new Error(`${command.type}: ${JSON.stringify(outcome)}`);
    },
    async model(number) {
      const ticket = await store.read.ticket(number);
      if (ticket === null) throw new Error(`there is no ticket ${number}`);
      return { ticket, timers: await store.read.timersOf(number) };
    },
  };
}
