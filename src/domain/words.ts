/**
 * The glossary (docs/domain.md). Code, columns, configuration and messages use these words and no synonyms.
 *
 * ticket        one issue, from the message that raised it to the closed loop; `ITR-7`
 * requester     who raised it; engineer / assignee: the ONE person who owns it now
 * team, tier    a support group and its line (L1, L2, L3)
 * clock         one running target of one ticket; SLA to the customer, OLA between tiers, UC by a vendor
 * point         a moment on a clock's way (75 % of the target) at which something is done
 * ladder        the steps of management escalation
 * thread link   ties a ticket to one thread on one platform: `origin`, `work` or `war_room`
 */

export const KINDS = ['incident', 'request', 'non_technical', 'complaint', 'spare_part', 'problem', 'change'] as const;
export type Kind = (typeof KINDS)[number];

export const SEVERITIES = ['S1', 'S2', 'S3', 'S4'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const LEVELS = ['high', 'medium', 'low'] as const;
export type Level = (typeof LEVELS)[number];

export const TIERS = ['L1', 'L2', 'L3'] as const;
export type Tier = (typeof TIERS)[number];

export const ROLES = ['requester', 'engineer', 'lead', 'manager', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const STATUSES = [
  'draft',
  'queued',
  'in_progress',
  'pending',
  'restored',
  'resolved',
  'closed',
  'rejected',
  'cancelled',
] as const;
export type Status = (typeof STATUSES)[number];

/** A ticket in one of these still wants something of somebody. */
export const OPEN_STATUSES = [
  'draft',
  'queued',
  'in_progress',
  'pending',
  'restored',
  'resolved',
] as const satisfies readonly Status[];

export type Stage = 'acceptance' | 'handling' | 'closing' | 'end';

export const PEND_REASONS = ['customer', 'vendor', 'spare_part', 'change', 'observation'] as const;
export type PendReason = (typeof PEND_REASONS)[number];

export const REJECT_REASONS = ['not_entitled', 'out_of_scope', 'duplicate'] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export const LINK_KINDS = ['duplicate', 'parent', 'child', 'related'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

export const SLA_METRICS = ['response', 'restore', 'resolve', 'update'] as const;
export type SlaMetric = (typeof SLA_METRICS)[number];

export const METRICS = [...SLA_METRICS, 'claim', 'tier', 'vendor'] as const;
export type Metric = (typeof METRICS)[number];

export type ClockKind = 'SLA' | 'OLA' | 'UC';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a form can ask of a ticket; `set` accepts exactly these. */
export const FIELDS = [
  'title',
  'description',
  'product',
  'component',
  'version',
  'environment',
  'site',
  'impact',
  'impact_level',
  'since',
] as const;
export type Field = (typeof FIELDS)[number];

export const stageOf = (status: Status): Stage => {
  switch (status) {
    case 'draft':
    case 'queued':
      return 'acceptance';
    case 'in_progress':
    case 'pending':
    case 'restored':
      return 'handling';
    case 'resolved':
    case 'closed':
      return 'closing';
    case 'rejected':
    case 'cancelled':
      return 'end';
  }
};

export const ticketId = (number: number): string => `ITR-${number}`;
