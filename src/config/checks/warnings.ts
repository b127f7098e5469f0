import { dutySlots } from '../../domain/duty.ts';
import { parseDuration } from '../../domain/duration.ts';
import { DAY, toIsoWithOffset } from '../../domain/instant.ts';
import { yearOf } from '../../domain/local-date.ts';
import { loadHolidaySource } from '../holidays.ts';
import { assignOf } from '../resolve/team.ts';
import { rotationSpec } from '../rotation.ts';
import { own, unlessBroken } from './context.ts';
import type { CheckContext } from './context.ts';
import { checkBudgets } from './budget.ts';
import { checkLadderEnds } from './ladders.ts';
import { checkRulesReachable } from './rules.ts';

/** What is allowed and probably not meant. A part with an error is passed over: the error comes first. */
export const checkForWarnings = (ctx: CheckContext): void => {
  checkDuty(ctx);
  checkHolidayYears(ctx);
  checkBudgets(ctx);
  checkLadderEnds(ctx);
  checkRulesReachable(ctx);
  checkClosing(ctx);
  checkNames(ctx);
};

const AHEAD_DAYS = 28;

const checkDuty = (ctx: CheckContext): void => {
  const { file } = ctx;
  for (const [id, team] of Object.entries(file.teams)) {
    const path = ['teams', id] as const;
    const rotation = own(file.rotations, team.rotation);
    if (assignOf(team) === 'duty' && team.rotation === undefined && team.lead === undefined) {
      const wanted = 'a rotation, a lead, or assign: manual';
      const message = `nobody is ever on duty for ${id}: assign is duty, but there is neither rotation nor lead`;
      ctx.warn({ path, found: 'neither rotation nor lead', wanted, message });
    }
    const assign = assignOf(team);
    const shares = assign === 'round_robin' || assign === 'least_loaded';
    if (shares && !Object.values(file.people).some((person) => person.teams?.includes(id))) {
      const wanted = `people with teams: [${id}]`;
      const message = `assign is ${assign}, but nobody is in ${id}: its tickets wait in the queue as with assign: duty`;
      ctx.warn({ path: [...path, 'assign'], found: `${assign} without people`, wanted, message });
    }
    for (const [index, person] of (rotation?.people ?? []).entries()) {
      const teams = own(file.people, person ?? undefined)?.teams;
      if (person === null || teams === undefined || teams.includes(id)) continue;
      const found = `${person}, who is on duty for ${id} but not in that team`;
      const wanted = `${id} among people.${person}.teams, or they cannot claim what they are called for`;
      ctx.warn({ path: ['rotations', team.rotation ?? '', 'people', index], found, wanted });
    }
  }
  for (const id of Object.keys(file.rotations)) checkHoles(ctx, id);
};

/** Holes in the coming weeks: what is far away may still be filled, what is past does not matter. */
const checkHoles = (ctx: CheckContext, id: string): void => {
  const written = ctx.file.rotations[id];
  if (written === undefined) return;
  const spec = rotationSpec(written, ctx.file.timezone);
  const team = { id, rotation: spec, lead: null };
  const slots = unlessBroken(() => dutySlots(team, [], ctx.now, ctx.now + AHEAD_DAYS * DAY)) ?? [];
  const holes = slots.filter((slot) => slot.person === null);
  const first = holes[0];
  // Nobody at all is an error of its own.
  if (first === undefined || (holes.length === slots.length && first.until === null)) return;
  const from = toIsoWithOffset(Math.max(first.from ?? ctx.now, ctx.now), spec.timezone);
  const until = first.until === null ? 'for ever' : `until ${toIsoWithOffset(first.until, spec.timezone)}`;
  const more = holes.length > 1 ? `, and ${holes.length - 1} more in the next ${AHEAD_DAYS} days` : '';
  const found = `a hole from ${from} ${until}${more}`;
  const message = `a hole in the rotation: nobody's turn from ${from} ${until}${more}; the team's lead stands in, if there is one`;
  ctx.warn({ path: ['rotations', id], found, wanted: 'somebody at every instant', message });
};

const checkHolidayYears = (ctx: CheckContext): void => {
  const year = yearOf(ctx.now);
  for (const [id, calendar] of Object.entries(ctx.file.calendars)) {
    for (const [index, country] of (calendar.holidays ?? []).entries()) {
      const source = unlessBroken(() => loadHolidaySource(country));
      const unknown = source === null ? [] : [year, year + 1].filter((each) => !source(each).official);
      if (unknown.length === 0) continue;
      const years = unknown.join(' and ');
      const message = `the official holidays of ${years} are not known for ${country} yet; weekends are assumed. Update itr-bot when they are published, or write them into closed and open`;
      const wanted = 'a year whose holidays are published';
      ctx.warn({
        path: ['calendars', id, 'holidays', index],
        found: `no official holidays for ${years}`,
        wanted,
        message,
      });
    }
  }
};

const checkClosing = (ctx: CheckContext): void => {
  const { reminder, auto_close: autoClose } = ctx.file.close ?? {};
  if (reminder === undefined || autoClose === undefined || parseDuration(reminder) < parseDuration(autoClose)) return;
  const found = `"${reminder}", not before auto_close ("${autoClose}")`;
  ctx.warn({ path: ['close', 'reminder'], found, wanted: 'a reminder before the ticket is closed' });
};

/** `--team`, `转派给 …` and the intake look teams up by what people call them. */
const checkNames = (ctx: CheckContext): void => {
  const owner = new Map<string, string>();
  for (const [id, team] of Object.entries(ctx.file.teams)) {
    for (const name of new Set([id, team.name ?? id, ...(team.aliases ?? [])].map((each) => each.toLowerCase()))) {
      const earlier = owner.get(name);
      if (earlier === undefined) owner.set(name, id);
      else
        ctx.warn({
          path: ['teams', id],
          found: `"${name}", which also means ${earlier}`,
          wanted: 'names that mean one team',
        });
    }
  }
};
