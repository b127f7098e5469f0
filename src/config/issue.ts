/** A path in the file: keys and list indexes. */
export type Path = readonly (string | number)[];

/** One mistake (or warning) of a configuration file. Everything a person needs to mend it without opening the manual. */
export interface ConfigIssue {
  /** `sla_policies.standard.targets.S1.response`, `routing[2].team`; empty for the file as a whole. */
  readonly path: string;
  /** 1-based; 1:1 for the file as a whole, 0:0 where there is no file to have lines. */
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly wanted: string;
  /** One sentence that says both, and "did you mean" where something is near. */
  readonly message: string;
}

/** What a check reports: the place is still a path here, `load.ts` finds the line. */
export interface Finding {
  readonly path: Path;
  /** Points at the key instead of its value. */
  readonly atKey?: boolean;
  readonly found: string;
  readonly wanted: string;
  readonly message?: string;
}

export const showPath = (path: Path): string =>
  path.reduce<string>(
    (shown, part) => (typeof part === 'number' ? `${shown}[${part}]` : shown === '' ? part : `${shown}.${part}`),
    '',
  );

/** A value of the file as a person would call it. Cut short: a wrong value may be a whole section. */
export const describe = (value: unknown): string => {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 57)}..."` : `"${value}"`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  return `${JSON.stringify(value)} (a ${typeof value})`;
};

export const oneOf = (values: readonly string[]): string =>
  values.length === 1 ? values.join() : `one of ${values.join(', ')}`;

/** `FILE:LINE:COLUMN: KIND: PATH: MESSAGE`, the form that editors and terminals make clickable. */
export const formatIssue = (file: string, issue: ConfigIssue, kind = 'error'): string => {
  const place = issue.line === 0 ? file : `${file}:${issue.line}:${issue.column}`;
  return `${place}: ${kind}: ${issue.path === '' ? '' : `${issue.path}: `}${issue.message}`;
};
