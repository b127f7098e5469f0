/** What `/itr duty …` wants changed in the rota: "take until 18:00", "换班 @李丽", "leave 11-25 11-27". Pure. */
import type { Policy } from '../../domain/policy.ts';
import { DAY } from '../../domain/instant.ts';
import { zoneOf } from '../../domain/zone.ts';
import { momentsIn, type Moment } from './moments.ts';
import { targetAt, type Target } from './target.ts';

export type RosterWish =
  | {
      readonly do: 'take';
      /** Null: from now on. */
      readonly from: number | null;
      readonly until: number;
      /** Null: whoever says it. */
      readonly person: Target | null;
      readonly team: Target | null;
    }
  | {
      readonly do: 'leave';
      readonly from: number;
      readonly until: number;
      readonly person: Target | null;
      readonly team: Target | null;
    }
  /** `on`: the beginning of the day of his own slot that he means; null: his next one. */
  | { readonly do: 'swap'; readonly with: Target; readonly on: number | null; readonly team: Target | null }
  | { readonly do: 'agree' | 'decline'; readonly swap: string }
  /** It is about the rota, and something is missing. */
  | { readonly do: 'incomplete'; readonly what: 'take' | 'swap' | 'leave' };

interface RosterContext {
  readonly policy: Pick<Policy, 'people' | 'teams'>;
  readonly now: number;
  readonly timezone: string;
}

const LEADING = /^\s*(?:值班|on.?call|duty)(?![\w-])[\s:：,，]*|^\s*值班[\s:：,，]*/i;
const ANSWER = /^(?:(agree|同意换班|同意)|(decline|不同意换班|不换班?|谢绝))[\s:：#]*([a-z0-9]{4,16})\s*$/i;
const TAKE = /^(?:take(?:\s+over)?(?![\w-])|cover(?![\w-])|接班|接管|代班|顶班|替班|我?来值班?)/i;
const SWAP = /^(?:swap(?![\w-])|switch(?![\w-])|exchange(?![\w-])|换班|调班|对调)/i;
const LEAVE = /^(?:leave(?![\w-])|away(?![\w-])|off(?![\w-])|请假|休假|不在)/i;

/** Words that are about the rota without "值班" or "duty" before them; whoever says them has to name what they need, else it is talk. */
export const ROSTER_WORDS = '换班|调班|接班|代班|顶班|替班|请假|休假';

/** Null: it asks who is on duty, or is no word about the rota. @param text what was said, without the bot's name. */
export const readRoster = (text: string, context: RosterContext): RosterWish | null => {
  const body = text.replace(LEADING, '').trim();
  const answer = ANSWER.exec(body);
  if (answer?.[3] !== undefined)
    return { do: answer[1] === undefined ? 'decline' : 'agree', swap: answer[3].toLowerCase() };
  const what = TAKE.test(body) ? 'take' : SWAP.test(body) ? 'swap' : LEAVE.test(body) ? 'leave' : null;
  if (what === null) return null;
  const rest = body.replace(what === 'take' ? TAKE : what === 'swap' ? SWAP : LEAVE, '');
  const { people, teams } = targetsIn(rest, context);
  const person = people[0] ?? null;
  const team = teams[0] ?? null;
  const moments = momentsIn(withoutNames(rest, [...people, ...teams]), context.now, context.timezone);
  const incomplete = { do: 'incomplete', what } as const;
  if (what === 'swap') {
    if (person === null) return incomplete;
    return { do: 'swap', with: person, on: moments[0]?.day ?? null, team };
  }
  const span = spanOf(moments, what, context);
  if (span === null) return incomplete;
  if (what === 'leave') return { do: 'leave', from: span.from ?? context.now, until: span.until, person, team };
  return { do: 'take', ...span, person, team };
};

/** One moment is the end of taking over, and the day of a leave; two are beginning and end. A day without an hour is the whole day, as an end the end of it. */
const spanOf = (
  moments: readonly Moment[],
  what: 'take' | 'leave',
  { now, timezone }: RosterContext,
): { readonly from: number | null; readonly until: number } | null => {
  const [first, second] = moments;
  if (first === undefined) return null;
  const endOf = (moment: Moment): number => moment.at ?? nextDay(moment.day, timezone);
  if (second !== undefined) return { from: first.at ?? first.day, until: endOf(second) };
  if (first.at === null) return { from: Math.max(first.day, now), until: endOf(first) };
  // "请假到 18 点" begins now, as "接班到 18 点" does.
  return what === 'take' ? { from: null, until: first.at } : { from: now, until: first.at };
};

const nextDay = (day: number, timezone: string): number => {
  const zone = zoneOf(timezone);
  return zone.toInstant(zone.toWall(day) + DAY);
};

interface Targets {
  readonly people: readonly Target[];
  readonly teams: readonly Target[];
}

/** Names may stand anywhere: "接班 @李丽 到 18 点", "swap db-l1 with Li". A word that is no name is none of our business, unless it is addressed with @. */
const targetsIn = (text: string, { policy }: RosterContext): Targets => {
  const people: Target[] = [];
  const teams: Target[] = [];
  for (let at = 0; at < text.length;) {
    const boundary = at === 0 || /[\s,，、和跟与给@＠]/.test(text[at - 1] ?? '');
    const hit = boundary && /\S/.test(text[at] ?? '') ? targetAt(text.slice(at), policy) : null;
    if (hit === null) {
      at += 1;
      continue;
    }
    (hit.target.kind === 'team' ? teams : people).push(hit.target);
    at = text.length - hit.rest.length;
  }
  return { people, teams };
};

/** A team called "db-11-25" must not be read as a date. */
const withoutNames = (text: string, targets: readonly Target[]): string =>
  targets.reduce((left, { said }) => left.replace(said, ' '), text);
