import { formatEnvIssue, readEnv } from '../config/env.ts';
import type { Env } from '../config/env.ts';
import type { Io } from './verb.ts';

export type ServerEnv = Env & {
  /** Values that must not appear in any log. */
  readonly secrets: readonly string[];
};

const SECRET = /TOKEN|SECRET|KEY|PASSWORD|DATABASE_URL/;

/**
 * Null: every mistake has been said.
 * @param options.listens for who starts the server, or says whether it would start: a container has HOST=0.0.0.0 also where only a backup is put back
 */
export function readServerEnv(io: Io, options = { listens: false }): ServerEnv | null {
  const read = readEnv(io.env, options);
  if (!read.ok) {
    for (const issue of read.errors) io.err(`${formatEnvIssue(issue)}\n`);
    return null;
  }
  const secrets = Object.entries(io.env).flatMap(([name, value]) =>
    SECRET.test(name) && typeof value === 'string' && !value.startsWith('file:') ? [value] : [],
  );
  return { ...read.env, secrets };
}
