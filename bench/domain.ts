import { readFileSync } from 'node:fs';
import { parseConfig } from '../src/config/load.ts';
import { createDirectory } from '../src/desk/directory.ts';
import { createDesk } from '../src/desk/perform.ts';
import { createReplan } from '../src/desk/replan.ts';
import { SYSTEM } from '../src/domain/commands.ts';
import type { Actor, CaptureCommand, Command } from '../src/domain/commands.ts';
import { act, capture } from '../src/domain/decide/index.ts';
import { whoIsOnDuty } from '../src/domain/duty.ts';
import { DAY, HOUR, MINUTE } from '../src/domain/instant.ts';
import type { Policy } from '../src/domain/policy.ts';
import { simulate, simulatedWorld } from '../src/domain/simulate.ts';
import type { SimulatedTicket } from '../src/domain/simulate.ts';
import { timersFor } from '../src/domain/timers.ts';
import type { World } from '../src/domain/world.ts';
import { openStorage } from '../src/storage/index.ts';
import { databaseIn, inFolder } from './support/process.ts';
import { atLeast, below, exactly } from './support/report.ts';
import type { Figure } from './support/report.ts';

const EXAMPLE = readFileSync(new URL('../itr.config.example.yaml', import.meta.url), 'utf8');
const OPEN_TICKETS = Number(process.env['ITR_BENCH_OPEN'] ?? 100_000);
const NOON = Date.parse('2026-11-20T12:00:00+08:00');

/** The figures of issue 3: arithmetic, decisions, and a change of policy on many open tickets. */
export async function domain(): Promise<readonly Figure[]> {
  const policy = policyOf(EXAMPLE);
  const world = simulatedWorld(policy);
  return [
    dueInstants(policy),
    yearTables(),
    replans(world),
    decisions(world),
    duty(policy),
    fortnight(world),
    ...(await policyChange()),
  ];
}

const policyOf = (yaml: string): Policy => {
  const read = parseConfig(yaml, { now: NOON });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.policy;
};

/** How often a second, of the best of five stretches: a busy machine is slower than the code is. */
function perSecond(work: (i: number) => void, times: number): number {
  let best = 0;
  let i = 0;
  for (let stretch = 0; stretch < 6; stretch++) {
    const startedAt = performance.now();
    for (let n = 0; n < times; n++) work(i++);
    const rate = (times * 1000) / (performance.now() - startedAt);
    // The first is for the compiler.
    if (stretch > 0) best = Math.max(best, rate);
  }
  return best;
}

function dueInstants(policy: Policy): Figure {
  const cn = policy.calendars.get('cn')!;
  const from = Array.from({ length: 1009 }, (_, i) => NOON + ((i * 7919) % 600) * 12 * HOUR + i * MINUTE);
  const rate = perSecond((i) => cn.addOpenTime(from[i % 1009]!, ((i % 97) + 1) * 15 * MINUTE), 200_000);
  return atLeast('domain: due instants', rate, { name: 'limit', perSecond: 200_000 }, 1);
}

/** A fresh policy has no tables yet: the first question of each year builds one. */
function yearTables(): Figure {
  const years = Array.from({ length: 15 }, (_, i) => Date.UTC(2012 + i, 5, 1));
  let best = Infinity;
  for (let round = 0; round < 3; round++) {
    const cn = policyOf(EXAMPLE).calendars.get('cn')!;
    const startedAt = performance.now();
    for (const at of years) cn.isOpen(at);
    best = Math.min(best, (performance.now() - startedAt) / years.length);
  }
  return below('domain: calendar, per year', best, { name: 'limit', value: 5 }, 'ms');
}

const LIN: Actor = { ...SYSTEM, id: 'slack:U0LIN', name: '林', side: 'customer', roles: ['requester'] };

const CAPTURE: CaptureCommand = {
  type: 'capture',
  kind: 'incident',
  severity: 'S2',
  severityGuessed: false,
  fields: { title: '生产环境数据库时断时续', product: 'db', impact: '全部用户' },
  language: 'zh-CN',
  requester: { id: LIN.id, name: LIN.name },
  project: 'acme-core',
  firstMessageAt: NOON,
  thread: { platform: 'slack', chat: 'C0ACME', thread: '1.1', role: 'origin', team: null },
  messages: [],
};

const WEI: Actor = { ...SYSTEM, id: 'wei', name: '魏伟', side: 'service', roles: ['engineer'], teams: ['db-l1'] };

/** What a ticket goes through on an ordinary day. */
const DAY_OF_A_TICKET: readonly (readonly [number, Command, Actor])[] = [
  [5 * MINUTE, { type: 'claim' }, WEI],
  [10 * MINUTE, { type: 'comment', text: 'looking at it' }, WEI],
  [20 * MINUTE, { type: 'set_severity', severity: 'S1' }, WEI],
  [30 * MINUTE, { type: 'pend', reason: 'customer' }, WEI],
  [90 * MINUTE, { type: 'resume' }, WEI],
  [100 * MINUTE, { type: 'note', text: 'pool exhausted' }, WEI],
  [110 * MINUTE, { type: 'restore' }, WEI],
  [120 * MINUTE, { type: 'resolve', solution: 'pool enlarged', cause: 'capacity' }, WEI],
  [180 * MINUTE, { type: 'confirm' }, LIN],
];

function replans(world: World): Figure {
  let { ticket } = capture(1, CAPTURE, LIN, world, NOON);
  for (const [after, command, actor] of DAY_OF_A_TICKET.slice(0, 3)) {
    ({ ticket } = act(ticket, command, actor, world, NOON + after));
  }
  const rate = perSecond(() => timersFor(ticket, world.policy), 20_000);
  return atLeast('domain: timers of a ticket (50 µs)', rate, { name: 'limit', perSecond: 20_000 }, 1);
}

/** Commands decided and their events folded, over whole lives. */
function decisions(world: World): Figure {
  const commands = DAY_OF_A_TICKET.length + 1;
  const rate = perSecond((i) => {
    let { ticket } = capture(i, CAPTURE, LIN, world, NOON);
    for (const [after, command, actor] of DAY_OF_A_TICKET) {
      ({ ticket } = act(ticket, command, actor, world, NOON + after));
    }
  }, 2_000);
  return atLeast('domain: decide and evolve', rate * commands, { name: 'limit', perSecond: 100_000 }, 1);
}

function duty(policy: Policy): Figure {
  const rotation = policy.rotations.get('db-l1')!;
  const team = { id: 'db-l1', rotation, lead: 'mei' };
  const rate = perSecond((i) => whoIsOnDuty(team, [], NOON + (i % 5000) * HOUR), 20_000);
  return atLeast('domain: who is on duty (1 ms)', rate, { name: 'limit', perSecond: 1_000 }, 1);
}

/** The worst: nobody ever does anything, so that every clock breaches and says so each hour. */
function fortnight(world: World): Figure {
  const severities = ['S1', 'S2', 'S3', 'S4'] as const;
  const tickets = Array.from({ length: 1000 }, (_, i): SimulatedTicket => {
    const at = NOON + (i * 14 * DAY) / 1000;
    return {
      ref: `T${i}`,
      at,
      command: { ...CAPTURE, severity: severities[i % 4]!, firstMessageAt: at },
      deeds: [],
    };
  });
  const startedAt = performance.now();
  let found = 0;
  for (const finding of simulate(world, tickets, { from: NOON, until: NOON + 14 * DAY }))
    if (finding.at > 0) found += 1;
  const ms = performance.now() - startedAt;
  console.log(`  a fortnight with 1,000 tickets: ${found} findings`);
  return below('domain: simulate a fortnight', ms, { name: 'limit', value: 5_000 }, 'ms');
}

/** Every open ticket gets another calendar and other targets: all timers move, durably, while the event loop goes on. */
async function policyChange(): Promise<readonly Figure[]> {
  return inFolder(async (folder) => {
    let policy = policyOf(EXAMPLE);
    const world = (): World => ({ policy, overrides: [], platforms: new Set(['slack']) });
    const directory = createDirectory(
      () => policy,
      () => new Set(['slack']),
    );
    const desk = createDesk({
      clock: { now: () => NOON },
      world: { current: world, policy: () => policy, refresh: () => Promise.resolve() },
      addresses: (person) => directory.addresses(person),
    });
    const storage = await openStorage({ url: `file:${databaseIn(folder)}`, now: () => NOON, wake: () => undefined });
    try {
      const severities = ['S1', 'S2', 'S3', 'S4'] as const;
      for (let from = 0; from < OPEN_TICKETS; from += 250) {
        await storage.store.write(async (tx) => {
          for (let i = from; i < Math.min(from + 250, OPEN_TICKETS); i++) {
            const thread = { platform: 'slack', chat: 'C0ACME', thread: `${i}.1`, role: 'origin', team: null } as const;
            await desk.capture(tx, { ...CAPTURE, severity: severities[i % 4]!, thread }, LIN);
          }
        });
      }
      policy = policyOf(
        EXAMPLE.replace('"13:30-18:00"] }', '"13:00-17:00"] }').replace('S4: { response: 8h,', 'S4: { response: 6h,'),
      );
      const blocked = watchEventLoop();
      const startedAt = performance.now();
      const replan = createReplan(storage.store, desk, (above) => storage.queries.openNumbers(above, 100));
      const done = await replan();
      const ms = performance.now() - startedAt;
      return [
        exactly('domain: re-planned tickets', done, OPEN_TICKETS),
        below('domain: re-plan of 100,000', ms, { name: 'limit', value: 20_000 }, 'ms'),
        below('domain: longest stop of the loop', blocked(), { name: 'limit', value: 50 }, 'ms'),
      ];
    } finally {
      await storage.close();
    }
  });
}

/** The longest time in which a timer of 1 ms did not ring; asked once, which ends it. */
function watchEventLoop(): () => number {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}
