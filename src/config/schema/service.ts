import { z } from 'zod';
import { GESTURES } from '../../domain/policy.ts';
import { FIELDS, KINDS, LEVELS, PEND_REASONS, PRIORITIES, SEVERITIES, TIERS } from '../../domain/words.ts';
import { choice, duration, durationText, flag, listOf, ref, section, target, text } from './basics.ts';

/** `{ S1: …, S2: … }`, each optional: one entry for each word of a closed list. */
export const keyed = <K extends string, T extends z.ZodType>(keys: readonly K[], entry: T) =>
  section(Object.fromEntries(keys.map((key) => [key, entry.optional()])) as Record<K, z.ZodOptional<T>>);

export const priorities = section({ matrix: keyed(LEVELS, keyed(LEVELS, choice(PRIORITIES))).optional() });

const percent = z
  .string({ error: 'a percentage such as 75%' })
  .regex(/^\d+(\.\d+)?%$/, { error: 'a percentage such as 75%' })
  .refine((written) => parseFloat(written) > 0 && parseFloat(written) <= 1000, {
    error: 'a percentage from 1% to 1000%',
  });

const whom = listOf(text('assignee, duty, lead, manager, requester, or the id of a person'));

const point = section({
  at: percent.optional(),
  before: target.optional(),
  remind: whom.optional(),
  ping: whom.optional(),
  buzz: whom.optional(),
  escalate: choice(['ladder', 'tier']).optional(),
  repeat: target.optional(),
  war_room: flag.optional(),
}).superRefine((value, ctx) => {
  if ((value.at === undefined) === (value.before === undefined)) {
    ctx.addIssue({ code: 'custom', message: 'exactly one of at (such as 75%) and before (such as 30m)', input: value });
  }
});

const points = z.array(point, { error: 'a list of points such as { at: 75%, remind: assignee }' });

const slaTargets = section({
  response: target.optional(),
  restore: target.optional(),
  resolve: target.optional(),
  update: target.optional(),
  calendar: ref('a calendar').optional(),
});

export const slaPolicy = section({
  extends: ref('an SLA policy').optional(),
  calendar: ref('a calendar').optional(),
  targets: keyed(SEVERITIES, slaTargets).optional(),
  pause_on: listOf(choice(PEND_REASONS)).optional(),
  pause_needs_consent: flag.optional(),
  consent_after: target.optional(),
  points: points.optional(),
});

export const olaPolicy = section({
  extends: ref('an OLA policy').optional(),
  calendar: ref('a calendar').optional(),
  claim: keyed(SEVERITIES, target).optional(),
  tier: keyed(TIERS, keyed(SEVERITIES, target)).optional(),
  points: points.optional(),
});

export const ucPolicy = section({
  extends: ref('a UC policy').optional(),
  calendar: ref('a calendar').optional(),
  vendor: keyed(SEVERITIES, target).optional(),
  points: points.optional(),
});

const shareOrTime = z.union([percent, target], {
  error: 'a duration such as 30m, or a share of the target such as 30%',
});

/** `off`: YAML 1.2 reads it as text, older habits write false. */
const off = z.union([z.literal('off'), z.literal(false)], { error: 'off' });

export const silentOwner = z.union([off, section({ return_after: shareOrTime.optional() })], {
  error: 'off, or { return_after: 30m }',
});

export const storm = z.union(
  [
    off,
    section({
      more_than: z
        .int({ error: 'a number of messages such as 5' })
        .min(1, { error: 'a number of messages such as 5' })
        .optional(),
      within: target.optional(),
    }),
  ],
  { error: 'off, or { more_than: 5, within: 10m }' },
);

export const quietOverride = z.union([off, listOf(choice(SEVERITIES))], { error: 'severities such as [S1], or off' });

const form = section({ required: listOf(choice(FIELDS)).optional(), ask: listOf(choice(FIELDS)).optional() });
export const forms = keyed(KINDS, form);

const SAMPLE_WANTED = 'a share from 0% to 100%, such as 10%';
const sampleShare = z
  .string({ error: SAMPLE_WANTED })
  .regex(/^\d+(\.\d+)?%$/, { error: SAMPLE_WANTED })
  .refine((written) => parseFloat(written) <= 100, { error: SAMPLE_WANTED });

const shareOfTier = z.number({ error: 'a number such as 90' }).min(0, { error: 'a number from 0 to 100' });

/** The 9-9-1 rule, or a team's own. */
export const tiers = section({
  ratio: z
    .array(shareOfTier, { error: 'three shares, of L1, L2 and L3, such as [90, 9, 1]' })
    .length(3, { error: 'three shares, of L1, L2 and L3, such as [90, 9, 1]' })
    .refine((shares) => shares.some((share) => share > 0), { error: 'at least one share above 0' })
    .optional(),
});

export const close = section({
  /** As written: a day is a business day here, whose length only the calendar knows. */
  reminder: durationText.optional(),
  auto_close: durationText.optional(),
  reopen_window: duration.optional(),
  calendar: ref('a calendar').optional(),
  causes: listOf(text('a code such as defect')).optional(),
  closures: listOf(text('a code such as solved')).optional(),
  /** Which closed tickets somebody calls the customer about. */
  callback: section({
    sample: sampleShare.optional(),
    when: section({
      severity: listOf(choice(SEVERITIES)).optional(),
      kind: listOf(choice(KINDS)).optional(),
      customer: listOf(ref('a customer')).optional(),
      project: listOf(ref('a project')).optional(),
      product: listOf(ref('a product')).optional(),
    }).optional(),
  }).optional(),
});

export const impactLevels = keyed(LEVELS, listOf(text('a word that people use')));

const emoji = listOf(text('an emoji: its name such as eyes, or the character'));
/** Emoji are looked up by these names on every platform; a platform's own stand under its name and are added to the common ones. */
export const PLATFORMS = ['slack', 'feishu', 'wecom', 'playground'] as const;
const platformGestures = keyed(GESTURES, emoji);
export const gestures = section({
  ...platformGestures.shape,
  ...keyed(PLATFORMS, platformGestures).shape,
});

export const slaByKind = keyed(KINDS, ref('an SLA policy'));
