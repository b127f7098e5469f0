import type { CompleteFile } from '../defaults.ts';
import type { Finding, Path } from '../issue.ts';
import { nearest } from '../../domain/near.ts';

/** What every check gets: the sound part of the file, and where to report. */
export interface CheckContext {
  readonly file: CompleteFile;
  /** UTC ms; for what depends on the date: holes ahead, years without holidays. */
  readonly now: number;
  /** The ids of a section, those of entries with mistakes included: a reference to a broken entry is not a second mistake. */
  ids(section: IdSection): ReadonlySet<string>;
  /** Is something written there, be it right or wrong? */
  written(path: Path): boolean;
  /** Is it written as an empty list or map? A list may be empty here because its wrong entries were taken out. */
  writtenEmpty(path: Path): boolean;
  /** False once so many are reported that nobody reads more: then looking for more is not worth its time. */
  isPatient(): boolean;
  error(finding: Finding): void;
  warn(finding: Finding): void;
}

export const ID_SECTIONS = [
  'calendars',
  'sla_policies',
  'ola_policies',
  'uc_policies',
  'teams',
  'rotations',
  'ladders',
  'products',
  'customers',
  'projects',
  'people',
] as const;
export type IdSection = (typeof ID_SECTIONS)[number];

const NOUNS: Readonly<Record<IdSection, string>> = {
  calendars: 'calendar',
  sla_policies: 'SLA policy',
  ola_policies: 'OLA policy',
  uc_policies: 'UC policy',
  teams: 'team',
  rotations: 'rotation',
  ladders: 'ladder',
  products: 'product',
  customers: 'customer',
  projects: 'project',
  people: 'person',
};

/** Reports an id that nothing has; `also` are words allowed in its place. Says which was probably meant, by id or by name. */
export const checkReference = (
  ctx: CheckContext,
  section: IdSection,
  path: Path,
  id: string | null | undefined,
  also: readonly string[] = [],
): void => {
  if (id === undefined || id === null || also.includes(id)) return;
  const ids = ctx.ids(section);
  if (ids.has(id) || !ctx.isPatient()) return;
  const noun = NOUNS[section];
  const known = [...also, ...ids];
  const wanted = known.length === 0 ? `a ${noun} defined under ${section}` : `one of ${shortList(known)}`;
  const meant = byName(ctx, section, id) ?? nearest(id, known);
  const hint = meant === null ? '' : ` did you mean "${meant}"?`;
  const have = known.length === 0 ? `${section} is empty` : `known: ${shortList(known)}`;
  const message = `unknown ${noun} "${id}";${hint} ${have}`;
  ctx.error({ path, found: `the unknown ${noun} "${id}"`, wanted, message });
};

/** References in the form of a list, each with its own place. */
export const checkReferences = (
  ctx: CheckContext,
  section: IdSection,
  path: Path,
  ids: readonly (string | null)[] | undefined,
  also: readonly string[] = [],
): void => {
  for (const [index, id] of (ids ?? []).entries()) checkReference(ctx, section, [...path, index], id, also);
};

const shortList = (ids: readonly string[]): string =>
  ids.length <= 12 ? ids.join(', ') : `${ids.slice(0, 12).join(', ')} and ${ids.length - 12} more`;

/** What the policies of the three kinds have in common. */
export type PolicyEntry = Pick<CheckContext['file']['ola_policies'][string], 'extends' | 'calendar' | 'points'>;

/** People write names where ids belong; the name tells which id. */
const byName = (ctx: CheckContext, section: IdSection, written: string): string | null => {
  for (const [id, entry] of Object.entries<unknown>(ctx.file[section])) {
    const named = Array.isArray(entry) ? {} : (entry as { name?: string; aliases?: string[] });
    if (named.name === written || named.aliases?.includes(written)) return id;
  }
  return null;
};

/**
 * The ids from `start` along `next`; `cycle` when it comes back to one of them.
 */
export const follow = (
  start: string,
  next: (id: string) => string | undefined,
): { chain: string[]; cycle: boolean } => {
  const chain = [start];
  for (let id = next(start); id !== undefined; id = next(id)) {
    if (chain.includes(id)) return { chain: [...chain, id], cycle: true };
    chain.push(id);
  }
  return { chain, cycle: false };
};

/** A map that answers only for its own keys: a team may be called `constructor`. */
export const own = <T>(map: Readonly<Record<string, T>>, key: string | undefined): T | undefined =>
  key !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;

/** Null where the domain cannot read something: that is an error of its own, reported by its own check. */
export const unlessBroken = <T>(attempt: () => T): T | null => {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};
