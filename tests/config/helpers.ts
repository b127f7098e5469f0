import { readFileSync } from 'node:fs';
import type { Policy } from '../../src/domain/policy.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { ConfigIssue } from '../../src/config/load.ts';

/** A Saturday; China's holidays of 2026 are published, those of 2027 are not. */
export const NOW = Date.parse('2026-03-21T12:00:00Z');

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const read = (url: string): string => readFileSync(new URL(url, import.meta.url), 'utf8');

export const EXAMPLE = read('../../itr.config.example.yaml');
export const WORLD = read('./world.yaml');

export const policyOf = (text: string): Policy => {
  const result = parseConfig(text, { now: NOW });
  if (!result.ok)
    throw new Error(result.errors.map((issue) => `${issue.line}: ${issue.path}: ${issue.message}`).join('\n'));
  return result.policy;
};

export const errorsOf = (text: string): ConfigIssue[] => {
  const result = parseConfig(text, { now: NOW });
  return result.ok ? [] : result.errors;
};

export const warningsOf = (text: string): ConfigIssue[] => parseConfig(text, { now: NOW }).warnings;
