import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BUILT_IN, builtInText } from './builtin.ts';
import type { ConfigIssue } from './issue.ts';
import { parseConfig } from './load.ts';
import type { ConfigResult } from './load.ts';

/** Where the configuration comes from. `file` is absolute; null: built in. */
export interface ConfigSource {
  readonly file: string | null;
  /** For messages: the path, or "built-in configuration". */
  readonly label: string;
}

const DEFAULT_FILE = 'itr.config.yaml';

/** `--config` or ITR_CONFIG where given, else ./itr.config.yaml if it is there, else the built-in one. */
export const findConfig = (given: string | null | undefined, cwd: string): ConfigSource => {
  if (given !== null && given !== undefined) return { file: resolve(cwd, given), label: given };
  const file = resolve(cwd, DEFAULT_FILE);
  return existsSync(file) ? { file, label: DEFAULT_FILE } : { file: null, label: BUILT_IN };
};

/** The text of a source. Throws what the file system throws. */
const readSource = async (source: ConfigSource): Promise<string> =>
  source.file === null ? builtInText() : readFile(source.file, 'utf8');

/** Reads and checks; a file that cannot be read is one error like any other. */
export const loadConfig = async (
  source: ConfigSource,
  options: { readonly now?: number } = {},
): Promise<ConfigResult> => {
  try {
    return parseConfig(await readSource(source), options);
  } catch (error) {
    if (source.file === null) throw error;
    return { ok: false, errors: [cannotRead(source, error)], warnings: [] };
  }
};

const cannotRead = (source: ConfigSource, error: unknown): ConfigIssue => {
  const code = (error as NodeJS.ErrnoException).code;
  const found = code === 'ENOENT' ? 'no such file' : `a file that cannot be read (${code ?? String(error)})`;
  const wanted = 'the path of a readable YAML file';
  return {
    path: '',
    line: 0,
    column: 0,
    found,
    wanted,
    message: `cannot read ${source.label}: ${found}; wanted ${wanted}`,
  };
};
