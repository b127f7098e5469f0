import type { OlaPolicy, PointRule, SlaPolicy, Target, UcPolicy, Whom } from '../../domain/policy.ts';
import { SEVERITIES, SLA_METRICS, TIERS } from '../../domain/words.ts';
import type { Severity, SlaMetric } from '../../domain/words.ts';
import { follow, own } from '../checks/context.ts';
import { ALWAYS, DEFAULT_CONSENT_AFTER_MS, DEFAULT_POINTS } from '../defaults.ts';
import type { CompleteFile } from '../defaults.ts';

type SlaFile = CompleteFile['sla_policies'][string];
type OlaFile = CompleteFile['ola_policies'][string];
type UcFile = CompleteFile['uc_policies'][string];
type PointFile = NonNullable<SlaFile['points']>[number];

/** The policy with its ancestors': maps merge deeply, lists replace. Null where `extends` goes in a circle or into the void. */
export const inherited = <T extends { extends?: string | undefined }>(
  policies: Readonly<Record<string, T>>,
  id: string,
): T | null => {
  const { chain, cycle } = follow(id, (from) => own(policies, from)?.extends);
  if (cycle) return null;
  let merged: T | null = null;
  for (const ancestor of chain.reverse()) {
    const policy = own(policies, ancestor);
    if (policy === undefined) return null;
    merged = merged === null ? policy : merge(merged, policy);
  }
  return merged;
};

const merge = <T extends object>(base: T, over: object): T => {
  const merged: Record<string, unknown> = { ...(base as object) };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const below = own(merged, key);
    merged[key] = isMap(below) && isMap(value) ? merge(below, value) : value;
  }
  return merged as T;
};

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

export const resolveSla = (id: string, file: SlaFile): SlaPolicy => {
  const common = file.calendar ?? ALWAYS;
  const targetsOf = (severity: Severity): Partial<Record<SlaMetric, Target>> => {
    const written = file.targets?.[severity];
    const calendar = written?.calendar ?? common;
    return Object.fromEntries(
      SLA_METRICS.flatMap((metric) => {
        const ms = written?.[metric];
        return ms === undefined ? [] : [[metric, { ms, calendar }]];
      }),
    );
  };
  return {
    id,
    targets: Object.fromEntries(SEVERITIES.map((s) => [s, targetsOf(s)])) as SlaPolicy['targets'],
    pauseOn: file.pause_on ?? ['customer'],
    pauseNeedsConsent: file.pause_needs_consent ?? false,
    consentAfterMs: file.consent_after ?? DEFAULT_CONSENT_AFTER_MS,
    points: pointsOf(file.points ?? DEFAULT_POINTS),
  };
};

export const resolveOla = (id: string, file: OlaFile): OlaPolicy => {
  const calendar = file.calendar ?? ALWAYS;
  const tiers = TIERS.filter((tier) => file.tier?.[tier] !== undefined);
  return {
    id,
    claim: targetsOf(file.claim, calendar),
    tier: Object.fromEntries(tiers.map((tier) => [tier, targetsOf(file.tier?.[tier], calendar)])),
    points: file.points === undefined ? null : pointsOf(file.points),
  };
};

export const resolveUc = (id: string, file: UcFile): UcPolicy => ({
  id,
  vendor: targetsOf(file.vendor, file.calendar ?? ALWAYS),
  points: file.points === undefined ? null : pointsOf(file.points),
});

const targetsOf = (
  bySeverity: Partial<Record<Severity, number | undefined>> = {},
  calendar: string,
): Partial<Record<Severity, Target>> =>
  Object.fromEntries(
    SEVERITIES.flatMap((severity) => {
      const ms = bySeverity[severity];
      return ms === undefined ? [] : [[severity, { ms, calendar }]];
    }),
  );

const pointsOf = (points: readonly PointFile[]): PointRule[] =>
  points.map(resolvePoint).sort((a, b) => order(a) - order(b));

const resolvePoint = (point: PointFile): PointRule => {
  const percent = point.at === undefined ? null : parseFloat(point.at);
  const beforeMs = point.before ?? 0;
  return {
    // Made of the value, not of the spelling: `75.0%` and `75%` are one point, before and after an edit.
    id: percent === null ? `-${beforeMs / 1000}s` : `${percent}%`,
    at: percent === null ? { beforeMs } : { percent },
    remind: (point.remind ?? []).map(whom),
    ping: (point.ping ?? []).map(whom),
    buzz: (point.buzz ?? []).map(whom),
    escalate: point.escalate ?? null,
    repeatMs: point.repeat ?? null,
    warRoom: point.war_room ?? false,
  };
};

/** `before` cannot be compared with percentages without a target; it is put just before 100 %. */
const order = ({ at }: PointRule): number => ('percent' in at ? at.percent : 100 - 1e-9 * at.beforeMs);

export const whom = (written: string): Whom => {
  switch (written) {
    case 'assignee':
    case 'duty':
    case 'lead':
    case 'manager':
    case 'requester':
      return written;
    default:
      return { person: written };
  }
};
