import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readFileSync } from 'node:fs';
import { formatEnvIssue, readEnv } from '../config/env.ts';
import type { Env } from '../config/env.ts';
import type { Io } from './verb.ts';

export type ServerEnv = Env & {
  /** Values that must not appear in any log. */
  readonly secrets: readonly string[];
};

const SECRET = /TOKEN|SECRET|KEY|PASSWORD|DATABASE_URL/;

/** The environment, with `.env` of the current folder below it. Null: every mistake has been said. */
export function readServerEnv(io: Io): ServerEnv | null {
  const file = join(io.cwd, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const vars = { ...fromFile, ...io.env };
  const read = readEnv(vars);
  if (!read.ok) {
    for (const issue of read.errors) io.err(`${formatEnvIssue(issue)}\n`);
    return null;
  }
  const secrets = Object.entries(vars).flatMap(([name, value]) =>
    SECRET.test(name) && typeof value === 'string' && !value.startsWith('file:') ? [value] : [],
  );
  return { ...read.env, secrets };
}
