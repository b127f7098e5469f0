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

const form = section({ required: listOf(choice(FIELDS)).optional(), ask: listOf(choice(FIELDS)).optional() });
export const forms = keyed(KINDS, form);

export const close = section({
  /** As written: a day is a business day here, whose length only the calendar knows. */
  reminder: durationText.optional(),
  auto_close: durationText.optional(),
  reopen_window: duration.optional(),
  calendar: ref('a calendar').optional(),
  causes: listOf(text('a code such as defect')).optional(),
  closures: listOf(text('a code such as solved')).optional(),
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
