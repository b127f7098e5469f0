import type { Command } from '../domain/commands.ts';
import type { TicketEvent } from '../domain/events.ts';
import type { Policy } from '../domain/policy.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { World } from '../domain/world.ts';
import type { Tx } from './ports.ts';

/**
 * Decides in the world with what assignment by turns and by load looks at; in the same world where no team assigns so, or the command brings a ticket to no
 * team. What was read holds until the transaction ends, so that two tickets at the same instant go to two people: whoever gives one waits for whoever is
 * giving another, and decides anew. Where nobody is given anything, nobody waits.
 */
export async function staffed<T extends { readonly events: readonly TicketEvent[] }>(
  tx: Pick<Tx, 'loadOf' | 'keyValue' | 'takeTurns'>,
  world: World,
  ticket: Pick<Ticket, 'status'> | null,
  command: { readonly type: Command['type'] | 'capture' },
  decided: (world: World) => T,
): Promise<T> {
  const { teams, people } = sharingTeams(world.policy);
  if (teams.length === 0 || !mayDispatch(ticket, command)) return decided(world);
  const made = decided(await withStaffing(tx, world, teams, people));
  if (!made.events.some(isShared) || !(await tx.takeTurns())) return made;
  return decided(await withStaffing(tx, world, teams, people));
}

async function withStaffing(
  tx: Pick<Tx, 'loadOf' | 'keyValue'>,
  world: World,
  teams: readonly string[],
  people: readonly string[],
): Promise<World> {
  const [load, last] = await Promise.all([
    tx.loadOf(people),
    Promise.all(teams.map(async (team) => [team, await tx.keyValue(lastKey(team))] as const)),
  ]);
  const known = last.flatMap(([team, person]) => (person === null ? [] : [[team, person] as const]));
  return { ...world, staffing: { load, last: new Map(known) } };
}

const isShared = (event: TicketEvent): event is Extract<TicketEvent, { readonly type: 'assigned' }> =>
  event.type === 'assigned' && event.how !== undefined;

/** Whose turn it was is remembered with the ticket that made it so. */
export async function rememberTurns(tx: Tx, ticket: Ticket, events: readonly TicketEvent[]): Promise<void> {
  for (const event of events) {
    if (isShared(event) && ticket.team !== null) await tx.setKeyValue(lastKey(ticket.team), event.assignee.id);
  }
}

const lastKey = (team: string): string => `assigned:${team}`;

const DISPATCHING: ReadonlySet<Command['type'] | 'capture'> = new Set([
  'authorize',
  'checkpoint',
  'escalate',
  'return',
  'set_severity',
  'timer_due',
  'transfer',
]);

const mayDispatch = (
  ticket: Pick<Ticket, 'status'> | null,
  command: { readonly type: Command['type'] | 'capture' },
): boolean => ticket === null || ticket.status === 'draft' || DISPATCHING.has(command.type);

/** Whether any team assigns by turns or by load: whose turn it was is then one row for all tickets of the team, which a transaction holds until its end. */
export const sharesWork = (policy: Policy): boolean => sharingTeams(policy).teams.length > 0;

let cached: {
  readonly of: Policy;
  readonly teams: readonly string[];
  readonly people: readonly string[];
} | null = null;

function sharingTeams(policy: Policy): { readonly teams: readonly string[]; readonly people: readonly string[] } {
  if (cached?.of === policy) return cached;
  const shares = (assign: string | null): boolean => assign === 'round_robin' || assign === 'least_loaded';
  const byRule = policy.routing.filter((rule) => shares(rule.assign)).map((rule) => rule.team);
  const teams = [...policy.teams.values()].filter((team) => shares(team.assign) || byRule.includes(team.id));
  const people = new Set(teams.flatMap((team) => team.members));
  cached = { of: policy, teams: teams.map((team) => team.id), people: [...people] };
  return cached;
}
