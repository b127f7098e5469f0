import { formatIssue } from '../config/issue.ts';
import { findConfig, loadConfig } from '../config/source.ts';
import type { ConfigSource } from '../config/source.ts';
import type { Policy } from '../domain/policy.ts';
import type { Io } from './verb.ts';

/** `--config`, else ITR_CONFIG, else ./itr.config.yaml, else the built-in one. */
export const sourceFor = (given: string | undefined, io: Io): ConfigSource =>
  findConfig(given ?? (io.env['ITR_CONFIG'] || null), io.cwd);

/** The policy of `--config`; null, with all mistakes on standard error, where the file is wrong. */
export const policyFor = async (given: string | undefined, io: Io): Promise<Policy | null> => {
  const source = sourceFor(given, io);
  const result = await loadConfig(source, { now: io.now() });
  if (result.ok) return result.policy;
  for (const issue of result.errors) io.err(`${formatIssue(source.label, issue)}\n`);
  return null;
};
