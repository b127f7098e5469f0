import { calledPerson, firstStepAfterPosting, ladderOf } from '../escalation.ts';
import { assigneeFor, sharingOf } from '../assignment.ts';
import { SYSTEM } from '../commands.ts';
import type { CaptureCommand, PublicCommand } from '../commands.ts';
import { isHeld } from '../entitlement.ts';
import type { LadderStart } from '../events.ts';
import type { AssignPolicy, Policy } from '../policy.ts';
import { priorityOf } from '../priority.ts';
import { route } from '../routing.ts';
import type { Route } from '../routing.ts';
import { olaTargets, slaTargets, ucTargets } from '../sla.ts';
import type { ClockTarget, Ticket } from '../ticket.ts';
import { threadOf } from '../ticket.ts';
import { FIELDS, LEVELS, stageOf } from '../words.ts';
import type { Field, Kind, Severity, Tier } from '../words.ts';
import { isRunning } from '../clocks.ts';
import { entitle, entitleChild } from './entitle.ts';
import type { Story } from './story.ts';

type Fields = Ticket['fields'];

export const formOf = (
  kind: Kind,
  policy: Policy,
): { readonly required: readonly Field[]; readonly ask: readonly Field[] } =>
  policy.forms.get(kind) ?? { required: ['title'], ask: ['title'] };

/** Mandatory fields that nobody has filled yet, in the order in which the form asks. */
export function missingFields(ticket: Pick<Ticket, 'kind' | 'fields'>, policy: Policy): readonly Field[] {
  const form = formOf(ticket.kind, policy);
  const order = [...form.ask, ...form.required];
  return form.required
    .filter((field) => (ticket.fields[field] ?? '').trim() === '')
    .sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

const LONGEST: Readonly<Partial<Record<Field, number>>> = { title: 200, description: 100_000 };

/** Trimmed and bounded; what people call a product becomes its id. */
function cleaned(story: Story, fields: Fields): Fields {
  const clean: Partial<Record<Field, string>> = {};
  for (const [name, value] of Object.entries(fields)) {
    const field = FIELDS.find((known) => known === name);
    if (field === undefined) story.invalid(name, `one of ${FIELDS.join(', ')}`);
    const text = value.trim();
    const longest = LONGEST[field] ?? 4_000;
    if (text.length > longest) story.invalid(field, `at most ${longest} characters`);
    if (field === 'title' && text === '') story.invalid(field, 'a title of at least one character');
    if (field === 'impact_level' && !LEVELS.some((level) => level === text)) {
      story.invalid(field, `one of ${LEVELS.join(', ')}`);
    }
    clean[field] = field === 'product' ? productId(text, story.world.policy) : text;
  }
  return clean;
}

function productId(said: string, policy: Policy): string {
  const wanted = said.toLowerCase();
  for (const product of policy.products.values()) {
    if ([product.id, product.name, ...product.aliases].some((name) => name.toLowerCase() === wanted)) return product.id;
  }
  return said;
}

export function setFields(story: Story, command: Extract<PublicCommand, { type: 'set' }>): void {
  changeFields(story, cleaned(story, command.fields), command.kind);
  if (story.ticket.status === 'draft') goOnAsking(story);
}

/** Tells only what is different. A registered ticket's SLA clocks follow a change of what its policy depends on. */
export function changeFields(story: Story, wanted: Fields, kind: Kind = story.ticket.kind): void {
  const { ticket, world } = story;
  const changed = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => ticket.fields[name as Field] !== value),
  ) as Fields;
  if (Object.keys(changed).length === 0 && kind === ticket.kind) return;
  const before = Object.fromEntries(
    Object.keys(changed).flatMap((name) => {
      const old = ticket.fields[name as Field];
      return old === undefined ? [] : [[name, old]];
    }),
  ) as Fields;
  const after = { ...ticket, fields: { ...ticket.fields, ...changed }, kind };
  story.tell({
    type: 'fields_changed',
    fields: changed,
    before,
    kind,
    priority: priorityOf(after.fields, ticket.severity, world.policy),
    targets: ticket.entitlement === null ? [] : retargeted(story, after, ticket.severity),
  });
}

/**
 * SLA targets of a registered ticket as the policy says now.
 * @param updateFrom when the `update` clock starts; null: the ticket has no owner, so it has none.
 */
export function currentSlaTargets(story: Story, severity: Severity, updateFrom: number | null): readonly ClockTarget[] {
  const { ticket, world } = story;
  const contract = world.policy.contracts.find((candidate) => candidate.id === ticket.contract) ?? null;
  return slaTargets(ticket, severity, contract, world.policy, updateFrom);
}

/** The same, under the ids of the clocks that run: what a change of severity or fields turns them to. */
export function retargeted(story: Story, ticket: Ticket, severity: Severity): readonly ClockTarget[] {
  const { policy } = story.world;
  const contract = policy.contracts.find((candidate) => candidate.id === ticket.contract) ?? null;
  // Nothing runs any more, and nothing shall come back.
  if (ticket.status === 'resolved' || ticket.status === 'closed' || stageOf(ticket.status) === 'end') return [];
  const updates = ticket.clocks.filter((clock) => clock.metric === 'update');
  const update = updates.find(isRunning);
  // A severity without progress reports had none: those of the new one count from the last word that was given.
  const lastWord = 'claim' in ticket ? Math.max(ticket.claim.at, ticket.lastProgress?.at ?? 0) : null;
  const updateId = update?.id ?? (updates.length === 0 ? 'update' : `update#${updates.length + 1}`);
  const sla = slaTargets(ticket, severity, contract, policy, update?.startedAt ?? lastWord).map((target) =>
    target.metric === 'update' ? { ...target, id: updateId } : target,
  );
  const uc = ticket.clocks
    .filter((clock) => clock.metric === 'vendor' && isRunning(clock))
    .flatMap((clock) => ucTargets(ticket, severity, clock.id, clock.startedAt, policy));
  const team = ticket.team === null ? undefined : policy.teams.get(ticket.team);
  if (team === undefined) return [...sla, ...uc];
  const now = olaTargets(team, severity, 0, 0, policy);
  const ola = ticket.clocks.filter(isRunning).flatMap((clock) => {
    const target = clock.metric === 'claim' ? now.claim[0] : clock.metric === 'tier' ? now.tier[0] : undefined;
    return target === undefined ? [] : [{ ...target, id: clock.id, startedAt: clock.startedAt }];
  });
  return [...sla, ...ola, ...uc];
}

/** One question at a time, none twice; everything there: registered. */
export function goOnAsking(story: Story): void {
  const { ticket, world } = story;
  const missing = missingFields(ticket, world.policy);
  if (missing.length === 0) {
    register(story, false);
    return;
  }
  if (threadOf(ticket, 'origin') === null) return;
  if (ticket.asking !== null && missing.includes(ticket.asking.field)) return;
  const next = missing.find((field) => !ticket.asked.includes(field));
  if (next !== undefined) story.tell({ type: 'checkpoint', activity: 'request_information', field: next });
}

export function register(story: Story, asItIs: boolean): void {
  story.tell({ type: 'registered', asItIs, missing: asItIs ? missingFields(story.ticket, story.world.policy) : [] });
  const found = route(story.ticket, story.world.policy);
  changeFields(story, withoutKnown(found.set, story.ticket.fields));
  entitle(story, found.team);
  dispatch(story, found);
}

/** A rule fills what nobody has said; it does not correct people. */
const withoutKnown = (set: Fields, known: Fields): Fields =>
  Object.fromEntries(Object.entries(set).filter(([field]) => known[field as Field] === undefined));

/** Registered at once: what its parent knows is known, and what is missing is asked of the parent's customer, not of nobody. */
export function registerChild(story: Story, child: NonNullable<CaptureCommand['child']>): void {
  story.tell({ type: 'linked', to: child.of, as: 'parent' });
  story.tell({ type: 'registered', asItIs: true, missing: missingFields(story.ticket, story.world.policy) });
  const found = route(story.ticket, story.world.policy);
  entitleChild(story, child);
  dispatch(story, child.team === null ? found : { team: child.team, rule: `child of ITR-${child.of}`, assign: null });
}

/** While it waits for an authorization it lies in the team's queue to be seen, but nobody is called and no clock runs. */
export function dispatch(story: Story, { team, rule, assign }: Pick<Route, 'team' | 'rule' | 'assign'>): void {
  const { ticket, world, at } = story;
  const placed = placement(story, team);
  const held = isHeld(ticket);
  story.tell({
    type: 'dispatched',
    team,
    tier: placed.tier,
    rule,
    duty: held ? null : calledPerson(team, world, at, assign),
    targets: held ? [] : [...placed.claim, ...placed.tierTargets],
    ladder: held ? null : ladderStart(team, story.ticket.severity, world.policy),
  });
  share(story, team, assign);
}

/** Where tickets are shared out by turns or by load, it has an owner at once; the system gave it to him, so nobody has answered the customer yet. */
export function share(story: Story, team: string, assign: AssignPolicy | null): void {
  const how = sharingOf(team, assign, story.world);
  if (how === null || isHeld(story.ticket)) return;
  const assignee = assigneeFor(team, assign, story.world);
  if (assignee === null) return;
  const before = story.ticket.clocks.filter((clock) => clock.metric === 'update').length;
  const targets = currentSlaTargets(story, story.ticket.severity, story.at)
    .filter((target) => target.metric === 'update')
    .map((target) => ({ ...target, id: before === 0 ? 'update' : `update#${before + 1}` }));
  story.tell({ type: 'assigned', assignee, targets, how }, SYSTEM);
}

/** What a ticket gets that enters a team: its tier and the OLA clocks of the next dispatch. */
export function placement(
  story: Story,
  team: string,
): { readonly tier: Tier; readonly claim: readonly ClockTarget[]; readonly tierTargets: readonly ClockTarget[] } {
  const { ticket, world, at } = story;
  const found = world.policy.teams.get(team);
  if (found === undefined) {
    return story.refuse('input', { code: 'unknown', what: 'team', found: team, near: [...world.policy.teams.keys()] });
  }
  const ola = olaTargets(found, ticket.severity, ticket.dispatches + 1, at, world.policy);
  return { tier: found.tier, claim: ola.claim, tierTargets: ola.tier };
}

export function ladderStart(team: string, severity: Severity, policy: Policy): LadderStart | null {
  const ladder = ladderOf(team, severity, policy);
  return ladder === null ? null : { ...ladder, next: firstStepAfterPosting(ladder.steps) };
}
