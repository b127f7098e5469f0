import { createHash } from 'node:crypto';
import type { Policy } from '../domain/policy.ts';
import { ID_SECTIONS } from './checks/context.ts';
import type { CheckContext, IdSection } from './checks/context.ts';
import { checkPeopleAndChats } from './checks/people.ts';
import { checkMeanings } from './checks/policies.ts';
import { checkAllReferences } from './checks/references.ts';
import { checkTime } from './checks/time.ts';
import { checkForWarnings } from './checks/warnings.ts';
import { withDefaults } from './defaults.ts';
import { MAX_ISSUES, readDocument } from './document.ts';
import type { ConfigIssue, Finding } from './issue.ts';
import { notYetIn } from './not-yet.ts';
import { resolvePolicy } from './resolve/policy.ts';
import { validateShape } from './validate.ts';

export type { ConfigIssue } from './issue.ts';

export type ConfigResult =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: ConfigIssue[]; readonly notYet: string[] }
  | { readonly ok: false; readonly errors: ConfigIssue[]; readonly warnings: ConfigIssue[] };

/**
 * Reads a configuration and reports all its mistakes at once, in the order of the file: those of YAML, of shape, and of
 * meaning. Never throws for what a person can write. An empty text is a valid configuration.
 *
 * `now` (UTC ms) is for what depends on the date: holes in rotations ahead, years without official holidays.
 */
export const parseConfig = (text: string, options: { readonly now?: number } = {}): ConfigResult => {
  const document = readDocument(text);
  if (document.data === undefined) return { ok: false, errors: document.issues, warnings: [] };
  const shape = validateShape(document.data);
  const errors = [
    ...document.issues,
    ...shape.findings.slice(0, MAX_ISSUES).map((finding) => document.locate(finding)),
  ];
  const warnings: ConfigIssue[] = [];
  const place = (finding: Finding): ConfigIssue => document.locate({ ...finding, path: shape.original(finding.path) });

  const file = withDefaults(shape.file ?? {});
  const ids = new Map(ID_SECTIONS.map((section) => [section, idsOf(section, document.data, file[section])]));
  const ctx: CheckContext = {
    file,
    now: options.now ?? Date.now(),
    ids: (section) => ids.get(section) ?? new Set(),
    written: (path) => document.has(shape.original(path)),
    writtenEmpty: (path) => document.isEmpty(shape.original(path)),
    isPatient: () => errors.length < MAX_ISSUES,
    error: (finding) => {
      if (errors.length < MAX_ISSUES) errors.push(place(finding));
    },
    warn: (finding) => {
      if (warnings.length < MAX_ISSUES) warnings.push(place(finding));
    },
  };
  checkAllReferences(ctx);
  checkTime(ctx);
  checkMeanings(ctx);
  checkPeopleAndChats(ctx);
  checkForWarnings(ctx);

  warnings.sort(byPlace);
  if (errors.length > 0) return { ok: false, errors: errors.sort(byPlace), warnings };
  const revision = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { ok: true, policy: resolvePolicy(file, revision), warnings, notYet: notYetIn(shape.file ?? {}) };
};

/** The ids as written, broken entries included, and those that defaults add. */
const idsOf = (section: IdSection, data: unknown, complete: object): Set<string> => {
  const written: unknown =
    typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>)[section] : null;
  const ids = typeof written === 'object' && written !== null && !Array.isArray(written) ? Object.keys(written) : [];
  return new Set([...ids, ...Object.keys(complete)]);
};

const byPlace = (a: ConfigIssue, b: ConfigIssue): number => a.line - b.line || a.column - b.column;
