import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MINUTE, parseInstant, toIsoUtc } from '../domain/instant.ts';
import type { Policy } from '../domain/policy.ts';
import { dutyHoles, simulate, simulatedWorld } from '../domain/simulate.ts';
import type { DutyHole, Finding, SimulatedTicket, Stretch } from '../domain/simulate.ts';
import { zoneOf } from '../domain/zone.ts';
import { policyFor } from './policy.ts';
import type { ExitCode, Io, Verb } from './verb.ts';
import { WrongCall, needed, readArgs, readValue } from './verb.ts';

const OPTIONS = {
  from: { type: 'string' },
  until: { type: 'string' },
  config: { type: 'string' },
  tickets: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const verb: Verb = {
  name: 'simulate',
  summary: 'runs rotations, calendars and policies ahead: holes in duty, who is pinged when, what breaches',
  usage: [
    'simulate --from ISO --until ISO [--config FILE] [--tickets FILE.jsonl] [--json]    exit 1 where a slot of duty has nobody; - reads standard input',
  ],
  example: [
    '$ itr simulate --from 2026-11-23T00:00:00+08:00 --until 2026-12-07T00:00:00+08:00',
    'no tickets; 0 holes in duty',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = readArgs(args, OPTIONS);
    if (positionals.length > 0) throw new WrongCall(`"${positionals[0] ?? ''}" is too much`);
    const instant = (option: 'from' | 'until'): number => {
      const written = needed(values[option], option);
      return readValue(option, () => parseInstant(written));
    };
    const stretch = { from: instant('from'), until: instant('until') };
    if (stretch.until <= stretch.from) throw new WrongCall('--until: lies not after --from');
    const policy = await policyFor(values.config, io);
    if (policy === null) return 1;
    const tickets = values.tickets === undefined ? [] : await ticketsOf(values.tickets, policy, io);
    if (tickets === null) return 2;
    const report = values.json ? asJson(io) : asText(io, policy, values.tickets !== undefined);
    return run(policy, tickets, stretch, report, io);
  },
};

/** Written as it is found: a long simulation shows its first line at once. */
interface Report {
  begin(stretch: Stretch): void;
  ping(finding: Ping): void;
  end(found: Found): void;
  /** What was written since it was last asked. */
  take(): string;
}

type Ping = Extract<Finding, { type: 'ping' }>;
type Breach = Extract<Finding, { type: 'breach' }>;
type Escalation = Extract<Finding, { type: 'escalation' }>;
type Refused = Extract<Finding, { type: 'refused' }>;

interface Found {
  readonly holes: readonly DutyHole[];
  readonly breaches: readonly Breach[];
  readonly escalations: readonly Escalation[];
  readonly refused: readonly Refused[];
  /** Person → how often at night. */
  readonly nights: ReadonlyMap<string, number>;
  readonly pings: number;
  readonly tickets: number;
}

/** Enough to make a write worth its system call. */
const CHUNK = 64 * 1024;

async function run(
  policy: Policy,
  tickets: readonly SimulatedTicket[],
  stretch: Stretch,
  report: Report,
  io: Io,
): Promise<ExitCode> {
  const world = simulatedWorld(policy);
  const holes = dutyHoles(world, stretch);
  const breaches: Breach[] = [];
  const escalations: Escalation[] = [];
  const refused: Refused[] = [];
  const nights = new Map<string, number>();
  let pings = 0;
  let text = '';
  report.begin(stretch);
  for (const finding of simulate(world, tickets, stretch)) {
    if (finding.type === 'breach') breaches.push(finding);
    else if (finding.type === 'escalation') escalations.push(finding);
    else if (finding.type === 'refused') refused.push(finding);
    else {
      pings += 1;
      if (finding.night && finding.person !== null) nights.set(finding.person, (nights.get(finding.person) ?? 0) + 1);
      report.ping(finding);
    }
    text += report.take();
    if (text.length < CHUNK) continue;
    await io.out(text);
    text = '';
  }
  report.end({ holes, breaches, escalations, refused, nights, pings, tickets: tickets.length });
  await io.out(text + report.take());
  return holes.length > 0 ? 1 : 0;
}

function asText(io: Io, policy: Policy, withTickets: boolean): Report {
  const local = localClock(policy.timezone);
  let text = '';
  const line = (words: string): void => void (text += `${words}\n`);
  return {
    begin: () => undefined,
    ping({ at, person, how, ticket, why, night }) {
      line(`${local(at)} ${ticket}: ${person ?? 'escalation chats'} (${how}): ${why}${night ? ' [night]' : ''}`);
    },
    end({ holes, breaches, escalations, refused, nights, pings, tickets }) {
      for (const { at, ticket, command, reason } of refused) {
        io.err(`${local(at)} ${ticket}: the recorded ${command} does not fit: ${reason}\n`);
      }
      for (const { ticket, clock, dueAt, policy: sla, severity } of breaches) {
        line(`breach: ${ticket} (${severity}): ${clock} of ${sla} was due ${local(dueAt)}`);
      }
      for (const { at, ticket, clock, point, from, to } of escalations) {
        line(
          `escalation: ${ticket}: ${local(at)} ${clock} ${point}: ${from} to ${to ?? 'no next tier, so its ladder'}`,
        );
      }
      for (const [person, count] of byCount(nights)) line(`at night: ${person}: ${counted(count, 'ping')}`);
      for (const { team, from, until, standsIn } of holes) {
        const instead = standsIn === null ? 'nobody at all' : `only ${standsIn}, who leads the team`;
        line(`hole: ${team}: nobody's turn from ${local(from)} until ${local(until)}: ${instead}`);
      }
      const holesFound = `${counted(holes.length, 'hole')} in duty`;
      if (!withTickets) line(`no tickets; ${holesFound}`);
      else {
        const breached = new Set(breaches.map(({ ticket }) => ticket)).size;
        const atNight = [...nights.values()].reduce((sum, count) => sum + count, 0);
        line(
          `${counted(tickets, 'ticket')}, ${counted(pings, 'ping')} (${atNight} at night), ${counted(breached, 'ticket')} would breach; ${holesFound}`,
        );
      }
    },
    take() {
      const taken = text;
      text = '';
      return taken;
    },
  };
}

/** `toIsoWithOffset`, for hundreds of thousands of lines: arithmetic instead of Temporal, and the same instant only once. */
function localClock(timezone: string): (ms: number) => string {
  const zone = zoneOf(timezone);
  let last = { ms: NaN, text: '' };
  return (ms) => {
    if (last.ms !== ms) last = { ms, text: isoOfWall(zone.toWall(ms), ms) };
    return last.text;
  };
}

function isoOfWall(wall: number, ms: number): string {
  const minutes = Math.abs(wall - ms) / MINUTE;
  const two = (n: number): string => String(n).padStart(2, '0');
  const offset = `${wall < ms ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${new Date(wall).toISOString().replace(/\.?0*Z$/, '')}${offset}`;
}

/** One JSON document; its longest list, the pings, is written while they are found, one a line. */
function asJson(io: Io): Report {
  let text = '';
  let first = true;
  return {
    begin({ from, until }) {
      text += `{"from":${JSON.stringify(toIsoUtc(from))},"until":${JSON.stringify(toIsoUtc(until))},"pings":[`;
    },
    ping({ at, person, how, ticket, why, night }) {
      text += `${first ? '\n' : ',\n'}${JSON.stringify({ at: toIsoUtc(at), person, how, ticket, why, night })}`;
      first = false;
    },
    end({ holes, breaches, escalations, refused, nights, tickets }) {
      const rest = {
        holes: holes.map(({ team, from, until, standsIn }) => ({
          team,
          from: toIsoUtc(from),
          until: toIsoUtc(until),
          standsIn,
        })),
        night: byCount(nights).map(([person, count]) => ({ person, pings: count })),
        breaches: breaches.map(({ ticket, clock, dueAt, policy, severity }) => ({
          ticket,
          clock,
          dueAt: toIsoUtc(dueAt),
          policy,
          severity,
        })),
        escalations: escalations.map(({ at, ticket, clock, point, from, to }) => ({
          at: toIsoUtc(at),
          ticket,
          clock,
          point,
          from,
          to,
        })),
        refused: refused.map(({ at, ...more }) => ({ at: toIsoUtc(at), ...withoutType(more) })),
        tickets,
      };
      text += `${first ? '' : '\n'}],${JSON.stringify(rest).slice(1)}\n`;
      if (refused.length > 0) io.err(`${counted(refused.length, 'recorded event')} did not fit; see "refused"\n`);
    },
    take() {
      const taken = text;
      text = '';
      return taken;
    },
  };
}

const withoutType = ({ ticket, command, reason }: Omit<Refused, 'at'>) => ({ ticket, command, reason });

const byCount = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** Null, with every mistake on standard error: the record cannot be read. */
async function ticketsOf(file: string, policy: Policy, io: Io): Promise<readonly SimulatedTicket[] | null> {
  const path = resolve(io.cwd, file);
  if (file !== '-' && !existsSync(path)) throw new WrongCall(`--tickets: there is no file ${file}`);
  // Loaded here, because `itr --help` loads every verb and this one's reader brings zod.
  const { openTickets, readTickets } = await import('./simulate-tickets.ts');
  const read = await readTickets(file === '-' ? io.stdin : openTickets(path), policy);
  if (read.ok) return read.tickets;
  for (const { line, message } of read.mistakes) io.err(`${file}:${line}: ${message}\n`);
  return null;
}
