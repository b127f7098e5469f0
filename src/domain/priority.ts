import type { Policy } from './policy.ts';
import { LEVELS } from './words.ts';
import type { Field, Level, Priority, Severity } from './words.ts';

/** Severity says how urgent it is. */
const URGENCY: Readonly<Record<Severity, Level>> = { S1: 'high', S2: 'high', S3: 'medium', S4: 'low' };
const BY_SEVERITY: Readonly<Record<Severity, Priority>> = { S1: 'P1', S2: 'P2', S3: 'P3', S4: 'P4' };

/** Impact × urgency by the table of the configuration; the severity alone where nobody has said how far the impact reaches. */
export function priorityOf(
  fields: Readonly<Partial<Record<Field, string>>>,
  severity: Severity,
  policy: Pick<Policy, 'priorities'>,
): Priority {
  const impact = LEVELS.find((level) => level === fields.impact_level);
  return impact === undefined ? BY_SEVERITY[severity] : policy.priorities[impact][URGENCY[severity]];
}
