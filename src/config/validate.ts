import type { z } from 'zod';
import { describe } from './issue.ts';
import type { Finding, Path } from './issue.ts';
import { configSchema } from './schema.ts';
import type { ConfigFile } from './schema.ts';
import { knownKeys } from './schema/basics.ts';
import type { IssueParams } from './schema/basics.ts';
import { nearest } from '../domain/near.ts';

type ZodIssue = z.core.$ZodIssue;

/** How often broken parts are taken out and the rest is looked at again. A removal can break its parent (a key that is needed), no deeper than this. */
const MAX_ROUNDS = 6;

/**
 * Checks the shape. `file` is what is sound, so that references and meanings can be checked in the same go as the shape
 * of the rest; null when nothing is. `original` translates a path in `file` to the path in the text, because taking out
 * `chats[1]` moves `chats[2]`.
 */
export const validateShape = (
  data: unknown,
): { file: ConfigFile | null; findings: Finding[]; original(path: Path): Path } => {
  const raw = withoutBlanks(data, []) ?? {};
  const removed = new Removed();
  let rest: unknown = raw;
  let result = configSchema.safeParse(rest);
  const findings = result.success ? [] : result.error.issues.flatMap((issue) => toFindings(issue, raw));
  for (let round = 0; !result.success && round < MAX_ROUNDS; round++) {
    // All paths are translated before the first removal, because each removal moves what stands behind it.
    const wrong = result.error.issues.flatMap((issue) => wrongPaths(issue, rest)).map((path) => removed.original(path));
    for (const path of wrong) removed.add(path);
    rest = removed.from(raw);
    result = configSchema.safeParse(rest);
  }
  return { file: result.success ? result.data : null, findings, original: (path) => removed.original(path) };
};

/** The sections whose second level are ids: there an entry without content is an entry, elsewhere it is nothing written. */
const ID_MAPS = new Set(['calendars', 'teams', 'products', 'customers', 'projects', 'people']);

const isIdMap = (path: Path): boolean =>
  (path.length === 1 && ID_MAPS.has(String(path[0]))) ||
  (path.length === 3 && path[0] === 'products' && path[2] === 'components');

/** YAML makes null of a key with nothing behind it (all its lines commented out, say); that means "left out". Null in a list stays. */
const withoutBlanks = (value: unknown, path: Path): unknown => {
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (item === null ? null : withoutBlanks(item, [...path, index])));
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([key, item]): [string, unknown] => [
      key,
      item === null && isIdMap(path) ? {} : withoutBlanks(item, [...path, key]),
    ])
    .filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries);
};

/** Parts taken out, by their paths in the original. Sets, because a hostile file can have ten thousands of wrong parts. */
class Removed {
  readonly #paths = new Set<string>();
  readonly #indexes = new Map<string, Set<number>>();

  add(path: Path): void {
    this.#paths.add(keyOf(path));
    const last = path.at(-1);
    if (typeof last !== 'number') return;
    const list = keyOf(path.slice(0, -1));
    this.#indexes.set(list, (this.#indexes.get(list) ?? new Set()).add(last));
  }

  /** A copy of `raw` without them. */
  from(raw: unknown): unknown {
    const copy = (value: unknown, path: Path): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      const isKept = (part: string | number): boolean => !this.#paths.has(keyOf([...path, part]));
      if (Array.isArray(value)) {
        return value.flatMap((item: unknown, index) => (isKept(index) ? [copy(item, [...path, index])] : []));
      }
      const kept = Object.entries(value).filter(([key]) => isKept(key));
      return Object.fromEntries(kept.map(([key, item]) => [key, copy(item, [...path, key])]));
    };
    return this.#paths.has(keyOf([])) ? {} : copy(raw, []);
  }

  /** The path in the original of a path in the copy. */
  original(path: Path): Path {
    const found: (string | number)[] = [];
    for (const part of path) {
      const gone = typeof part === 'number' ? this.#indexes.get(keyOf(found)) : undefined;
      found.push(gone === undefined || typeof part !== 'number' ? part : nth(part, gone));
    }
    return found;
  }
}

const keyOf = (path: Path): string => path.join('\0');

/** The index that the n-th of those left had before. */
const nth = (n: number, gone: ReadonlySet<number>): number => {
  let index = 0;
  for (let left = n; gone.has(index) || left > 0; index++) if (!gone.has(index)) left--;
  return index;
};

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inside, part) =>
      typeof inside === 'object' && inside !== null && Object.hasOwn(inside, part)
        ? (inside as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );

const pathOf = (issue: { path: PropertyKey[] }): Path =>
  issue.path.map((part) => (typeof part === 'number' ? part : String(part)));

const wrongPaths = (issue: ZodIssue, data: unknown): Path[] => {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  // What is missing cannot be taken out; what misses it can.
  return [at(data, path) === undefined ? path.slice(0, -1) : path];
};

const toFindings = (issue: ZodIssue, raw: unknown, prefix: Path = []): Finding[] => {
  const path = [...prefix, ...pathOf(issue)];
  const value = at(raw, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(issue.message);
      return issue.keys.map((key) => ({
        path: [...path, key],
        atKey: true,
        found: `the unknown key "${key}"`,
        wanted: `one of ${known.join(', ')}`,
        message: `unknown key "${key}"; ${didYouMean(key, known)}known here: ${known.join(', ')}`,
      }));
    }
    case 'invalid_union': {
      const branch = closest(issue.errors, value);
      return branch !== null
        ? branch.flatMap((inner) => toFindings(inner, raw, path))
        : [
            {
              path,
              found: describe(value),
              wanted: issue.message === 'Invalid input' ? either(issue.errors) : issue.message,
            },
          ];
    }
    case 'invalid_key':
      return [
        {
          path,
          atKey: true,
          found: `the key "${String(path.at(-1))}"`,
          wanted: issue.issues[0]?.message ?? 'another key',
        },
      ];
    case 'invalid_value': {
      if (value === undefined) return [missing(path, issue.message)];
      const hint = typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : '';
      const sentence = hint === '' ? {} : { message: `found ${describe(value)}; ${hint}wanted ${issue.message}` };
      return [{ path, ...both(value, issue.message), ...sentence }];
    }
    case 'custom': {
      const params = (issue.params ?? {}) as IssueParams;
      const sentence = params.sentence === undefined ? {} : { message: params.sentence };
      return [
        {
          path,
          ...(params.atKey ? { atKey: true } : {}),
          ...both(params.atKey ? path.at(-1) : value, issue.message),
          ...sentence,
        },
      ];
    }
    default:
      return [value === undefined ? missing(path, issue.message) : { path, ...both(value, issue.message) }];
  }
};

const missing = (path: Path, wanted: string): Finding => ({
  path,
  found: 'nothing',
  wanted,
  message: `missing; wanted ${wanted}`,
});

const both = (value: unknown, wanted: string): { found: string; wanted: string } => ({
  found: describe(value),
  wanted,
});

const didYouMean = (word: string, known: readonly string[]): string => {
  const meant = nearest(word, known);
  return meant === null ? '' : `did you mean "${meant}"? `;
};

/** The alternative that the writer evidently chose: the first whose outer form fits. */
const closest = (errors: readonly ZodIssue[][], value: unknown): ZodIssue[] | null => {
  const isOuter = (issue: ZodIssue): boolean =>
    issue.path.length === 0 &&
    (issue.code === 'invalid_type' ||
      issue.code === 'invalid_union' ||
      (issue.code === 'invalid_value' && typeof value !== 'string'));
  return errors.find((branch) => !branch.some(isOuter)) ?? null;
};

const either = (errors: readonly ZodIssue[][]): string =>
  [...new Set(errors.flatMap((branch) => branch[0]?.message ?? []))].join(', or ');
