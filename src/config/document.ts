import { LineCounter, isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Scalar } from 'yaml';
import { showPath } from './issue.ts';
import type { ConfigIssue, Finding, Path } from './issue.ts';

/** Larger than any hand-written file by far; a bound, because the console will let people upload one. */
const MAX_BYTES = 1024 * 1024;
/** Each alias may multiply what it points at ("billion laughs"); real files use a handful. */
const MAX_ALIASES = 100;
/** Nobody mends more in one go, and a hostile file could make ten thousands. */
export const MAX_ISSUES = 200;

/** A YAML text that knows where everything in it stands. */
interface SourceDocument {
  /** As plain data; undefined where the text cannot be read at all. */
  readonly data: unknown;
  /** Mistakes of the YAML itself. */
  readonly issues: ConfigIssue[];
  /** Is there something written at this path? */
  has(path: Path): boolean;
  /** Is it a list or map without entries? */
  isEmpty(path: Path): boolean;
  /** Turns what a check found into an issue with line and column; falls back to the nearest place above it. */
  locate(finding: Finding): ConfigIssue;
}

const whole = (found: string, wanted: string): ConfigIssue => ({
  path: '',
  line: 1,
  column: 1,
  found,
  wanted,
  message: `found ${found}, wanted ${wanted}`,
});

const TOO_DEEP = whole('too deeply nested YAML', 'the few levels that a configuration has');

const unreadable = (issue: ConfigIssue): SourceDocument => ({
  data: undefined,
  issues: [issue],
  has: () => false,
  isEmpty: () => false,
  locate: () => issue,
});

export const readDocument = (text: string): SourceDocument => {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) return unreadable(whole(`a file of ${bytes} bytes`, `at most ${MAX_BYTES} bytes`));
  const lines = new LineCounter();
  try {
    // The library compares each key with all others, which takes minutes for a hostile file; see `impossibleKeys`.
    const options = {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      uniqueKeys: false,
      logLevel: 'silent',
    } as const;
    const doc = parseDocument(text, options);
    if (doc.errors.some((error) => error.message.startsWith('Maximum call stack'))) return unreadable(TOO_DEEP);
    const issues = doc.errors.slice(0, MAX_ISSUES).map((error): ConfigIssue => {
      const { line, col } = lines.linePos(error.pos[0]);
      const [found, wanted] = ['text that is not YAML', 'valid YAML'];
      return { path: '', line, column: col, found, wanted, message: `this is not YAML: ${error.message}` };
    });
    // Broken syntax makes nonsense of the rest; a key given twice does not, so its other mistakes are told in the same go.
    if (issues.length > 0) return { ...unreadable(TOO_DEEP), issues };
    const circle = recursiveAlias(doc, lines);
    if (circle !== null) return unreadable(circle);
    issues.push(...impossibleKeys(doc, lines));
    const data: unknown = doc.toJS({ maxAliasCount: MAX_ALIASES });
    return {
      data,
      issues,
      has: (path) => walk(doc, path).depth === path.length,
      isEmpty: (path) => {
        const place = walk(doc, path);
        return place.depth === path.length && place.isEmpty;
      },
      locate: (finding) => locate(doc, lines, finding),
    };
  } catch (error) {
    // `yaml` throws on too many aliases, and overflows the stack on absurd nesting.
    if (error instanceof RangeError) return unreadable(TOO_DEEP);
    return unreadable(whole(`unreadable YAML (${String(error)})`, `YAML with at most ${MAX_ALIASES} aliases`));
  }
};

/** `a: &x [*x]`: what it stands for has no end. Told with its place, before reading it overflows the stack. */
const recursiveAlias = (doc: Document, lines: LineCounter): ConfigIssue | null => {
  let issue: ConfigIssue | null = null;
  let looked = 0;
  visit(doc, {
    Alias(_key, alias, ancestors) {
      const meant = ancestors.some((one) => isCollection(one) && one.anchor === alias.source);
      if (!meant) return undefined;
      // To resolve walks the whole file; more aliases than this are refused anyway.
      if (++looked > MAX_ALIASES) return visit.BREAK;
      const target = alias.resolve(doc);
      if (target === undefined || !ancestors.includes(target)) return undefined;
      const { line, col } = lines.linePos(offsetOf(alias) ?? 0);
      const found = `the recursive alias "*${alias.source}" inside of what it stands for`;
      const wanted = 'an alias of something that ends before it';
      const path = showPath(pathOf(ancestors, alias));
      issue = { path, line, column: col, found, wanted, message: `found ${found}, wanted ${wanted}` };
      return visit.BREAK;
    },
  });
  return issue;
};

/** Keys and indexes that lead to a node, from what `visit` has passed on its way there. */
const pathOf = (ancestors: readonly unknown[], node: unknown): (string | number)[] =>
  [...ancestors, node].flatMap((one, index, way): (string | number)[] => {
    if (isPair(one)) return isScalar(one.key) ? [nameOf(one.key)] : [];
    const around = way[index - 1];
    return isSeq(around) ? [around.items.indexOf(one)] : [];
  });

/** `<<` is no text to the library but a symbol. */
const nameOf = ({ value }: Scalar): string => (typeof value === 'symbol' ? (value.description ?? '') : String(value));

const impossibleKeys = (doc: Document, lines: LineCounter): ConfigIssue[] => {
  const issues: ConfigIssue[] = [];
  visit(doc, {
    Map(_key, map, ancestors) {
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = nameOf(key);
        if (name === '<<') continue;
        const earlier = seen.get(name);
        const { line, col } = lines.linePos(offsetOf(key) ?? 0);
        seen.set(name, earlier ?? line);
        // Objects take `__proto__` for their prototype, so the checks behind would pass over it in silence.
        const isImpossible = name === '__proto__';
        if (earlier === undefined && !isImpossible) continue;
        const found = isImpossible ? `the key "${name}"` : `the key "${name}" a second time (first on line ${earlier})`;
        const wanted = isImpossible ? 'another name' : 'each key once: put the two together';
        const path = showPath([...pathOf(ancestors, map), name]);
        issues.push({ path, line, column: col, found, wanted, message: `found ${found}, wanted ${wanted}` });
        if (issues.length >= MAX_ISSUES) return visit.BREAK;
      }
      return undefined;
    },
  });
  return issues;
};

interface Place {
  /** How many parts of the path were found. */
  readonly depth: number;
  readonly keyOffset: number;
  readonly valueOffset: number;
  /** The walk ended at a single value: `remind: duty` where the path says `remind[0]`. */
  readonly atValue: boolean;
  readonly isEmpty: boolean;
}

const offsetOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const resolve = (doc: Document, node: unknown): unknown => (isAlias(node) ? node.resolve(doc) : node);

const walk = (doc: Document, path: Path): Place => {
  let node: unknown = doc.contents;
  let place: Place = {
    depth: 0,
    keyOffset: offsetOf(node) ?? 0,
    valueOffset: offsetOf(node) ?? 0,
    atValue: false,
    isEmpty: false,
  };
  for (const [depth, part] of path.entries()) {
    const within = resolve(doc, node);
    let keyOffset: number | undefined;
    if (isMap(within)) {
      const pair = within.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (!isPair(pair)) break;
      keyOffset = offsetOf(pair.key);
      node = pair.value;
    } else if (isSeq(within) && typeof part === 'number' && part < within.items.length) {
      node = within.items[part];
      keyOffset = offsetOf(node);
    } else break;
    const start = keyOffset ?? place.keyOffset;
    const inside = resolve(doc, node);
    place = {
      depth: depth + 1,
      keyOffset: start,
      valueOffset: offsetOf(node) ?? start,
      atValue: !isCollection(inside),
      isEmpty: isCollection(inside) && inside.items.length === 0,
    };
  }
  return place;
};

const locate = (doc: Document, lines: LineCounter, finding: Finding): ConfigIssue => {
  const place = walk(doc, finding.path);
  // A value standing alone for a list of one has no index in what the reader wrote.
  const last = finding.path.at(-1);
  const alone = place.atValue && place.depth === finding.path.length - 1 && typeof last === 'number';
  const isThere = place.depth === finding.path.length || alone;
  const { line, col } = lines.linePos(isThere && !finding.atKey ? place.valueOffset : place.keyOffset);
  const { found, wanted } = finding;
  return {
    path: showPath(alone ? finding.path.slice(0, -1) : finding.path),
    line: Math.max(1, line),
    column: Math.max(1, col),
    found,
    wanted,
    message: finding.message ?? `found ${found}, wanted ${wanted}`,
  };
};
