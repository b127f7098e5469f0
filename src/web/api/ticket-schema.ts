import { z } from '@hono/zod-openapi';
import { PUBLIC_COMMANDS } from '../../domain/commands.ts';
import {
  FIELDS,
  KINDS,
  LANGUAGES,
  LEVELS,
  LINK_KINDS,
  METRICS,
  PEND_REASONS,
  PRIORITIES,
  REJECT_REASONS,
  SEVERITIES,
  STATUSES,
  TIERS,
} from '../../domain/words.ts';

/** What the API answers with, for its description; a test holds real answers against it. */

const instant = z.iso.datetime().openapi({ example: '2026-11-23T01:41:00Z', description: 'ISO 8601, UTC' });
const person = z.string().openapi({ example: 'wei', description: 'A person of the configuration, or `platform:id`' });
const text = z.string().nullable();
const id = z.string().openapi({ example: 'ITR-1' });

export const ClockSchema = z
  .strictObject({
    id: z.string(),
    metric: z.enum(METRICS),
    kind: z.enum(['SLA', 'OLA', 'UC']),
    state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
    targetMs: z.int().openapi({ description: 'Open time of the calendar' }),
    elapsedMs: z.int().openapi({ description: 'Open time used up' }),
    dueAt: instant.nullable().openapi({ description: 'Null while it stands still' }),
    paused: z.boolean(),
    startedAt: instant,
    stoppedAt: instant.nullable(),
    breachedAt: instant.nullable(),
    acknowledgedAt: instant.nullable(),
    calendar: z.string(),
    policy: z.string(),
    source: z.string().openapi({ example: 'contract A-2026-01' }),
  })
  .openapi('Clock');

const ThreadSchema = z
  .strictObject({
    platform: z.string(),
    chat: z.string(),
    thread: z.string().openapi({ description: "The platform's own id of the thread's first message" }),
    role: z.enum(['origin', 'work', 'war_room']),
    team: text,
  })
  .openapi('Thread');

export const EntrySchema = z
  .looseObject({
    seq: z.int(),
    at: instant,
    type: z.string(),
    actor: person,
    actorName: z.string(),
  })
  .openapi('TimelineEntry', { description: 'What belongs to the type stands beside these' });

export const TicketSchema = z
  .strictObject({
    number: id,
    kind: z.enum(KINDS),
    severity: z.enum(SEVERITIES),
    severityGuessed: z.boolean(),
    priority: z.enum(PRIORITIES),
    status: z.enum(STATUSES),
    stage: z.enum(['acceptance', 'handling', 'closing', 'end']),
    title: text,
    description: text,
    customer: text,
    project: text,
    contract: text,
    entitlement: z.enum(['open', 'entitled', 'warned', 'waiting', 'authorized', 'no_data']).nullable(),
    product: text,
    component: text,
    version: text,
    environment: text,
    site: text,
    impact: text,
    impact_level: text.openapi({ description: LEVELS.join(', ') }),
    since: text,
    language: z.enum(LANGUAGES),
    team: text,
    tier: z.enum(TIERS).nullable(),
    routedBy: text,
    assignee: person.nullable(),
    assigneeName: text,
    requester: person,
    requesterName: z.string(),
    openedAt: instant,
    firstMessageAt: instant,
    respondedAt: instant.nullable(),
    updatedAt: instant,
    resolvedAt: instant.nullable(),
    closedAt: instant.nullable(),
    endedAt: instant.nullable(),
    pendReason: z.enum(PEND_REASONS).nullable(),
    pendedUntil: instant.nullable(),
    rejectReason: z.enum(REJECT_REASONS).nullable(),
    solution: text,
    cause: text,
    closure: text,
    rating: z.strictObject({ score: z.int(), text }).nullable(),
    missing: z
      .array(z.enum(FIELDS))
      .openapi({ description: 'Of a draft: mandatory fields that nobody has filled yet' }),
    possible: z.array(z.enum(PUBLIC_COMMANDS)).openapi({ description: 'What the status allows, whoever asks' }),
    seq: z.int(),
    url: z.string(),
    clocks: z.array(ClockSchema),
    threads: z.array(ThreadSchema),
    links: z.array(
      z.strictObject({
        to: id,
        as: z.enum(LINK_KINDS).openapi({ description: 'What the other ticket is to this one' }),
      }),
    ),
    children: z
      .array(z.strictObject({ number: id, status: z.enum(STATUSES), team: text, title: text }))
      .openapi({ description: 'The linked children, as they stand' }),
    parent: id.nullable().openapi({ description: 'Raised as a child of this ticket, which holds the promise' }),
    tasks: z.array(
      z.strictObject({
        activity: z.enum(['entitle', 'call_back']),
        since: instant,
        doneAt: instant.nullable(),
        doneBy: person.nullable(),
      }),
    ),
    skippedTiers: z.array(z.strictObject({ at: instant, from: z.enum(TIERS), to: z.enum(TIERS) })),
  })
  .openapi('Ticket');

export const TicketWithTimelineSchema = z
  .strictObject({ ...TicketSchema.shape, timeline: z.array(EntrySchema) })
  .openapi('TicketWithTimeline');

export const TicketListSchema = z.strictObject({ items: z.array(TicketSchema), next: text }).openapi('TicketList');

const span = { from: instant, to: instant, ms: z.int() };
const ExplainedClockSchema = z
  .strictObject({
    ...ClockSchema.shape,
    sentence: z.string(),
    timezone: z.string(),
    dueLocal: text,
    from: instant,
    until: instant.openapi({ description: 'Now, or when it stopped' }),
    to: instant.openapi({ description: 'When it is due; while nobody can know it, `until`' }),
    counted: z.array(z.strictObject(span)).openapi({ description: 'Until `until`: added up, exactly `elapsedMs`' }),
    toCome: z.array(z.strictObject(span)).openapi({ description: 'From `until` until it is due: what will count' }),
    excluded: z.array(
      z.strictObject({
        ...span,
        reason: z.enum(['closed_hours', 'weekend', 'holiday', 'closed_by_company', 'paused']),
        name: text.openapi({ description: "The holiday's name, or what the ticket waited for" }),
        by: text.openapi({ description: 'Paused: who had it wait' }),
        byName: text,
        consent: z
          .enum(['given', 'silence'])
          .nullable()
          .openapi({ description: 'How the requester agreed to the pause' }),
      }),
    ),
    cut: z.boolean().openapi({ description: 'Too long to be told in full: only the beginning is' }),
  })
  .openapi('ExplainedClock');

export const ExplainSchema = z
  .strictObject({
    number: id,
    at: instant,
    routing: z.strictObject({
      team: text,
      teamName: text,
      tier: z.enum(TIERS).nullable(),
      rule: text,
      matched: z.boolean(),
      when: z.record(z.string(), z.array(z.string())).nullable(),
      today: z.strictObject({ team: z.string(), rule: z.string() }),
      shared: z
        .strictObject({ how: z.enum(['round_robin', 'least_loaded']), to: person, toName: z.string() })
        .nullable()
        .openapi({ description: 'Given to somebody by the team: by turns, or to whoever had the fewest in hand' }),
    }),
    entitlement: z.strictObject({ outcome: text, contract: text, customer: text, project: text }),
    clocks: z.array(ExplainedClockSchema),
  })
  .openapi('Explanation');

export const DutySchema = z
  .strictObject({
    team: z.string(),
    teamName: z.string(),
    at: instant,
    person: person.nullable(),
    personName: text,
    from: instant.nullable(),
    until: instant.nullable(),
    source: z.enum(['rotation', 'override', 'fallback']),
  })
  .openapi('Duty');

export const ProblemSchema = z
  .looseObject({
    type: z.string().openapi({ example: 'urn:itr:problem:not-now' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    possible: z.array(z.string()).optional().openapi({ description: 'Of a 409: the commands that the status allows' }),
    errors: z.array(z.strictObject({ name: z.string(), problem: z.string() })).optional(),
  })
  .openapi('Problem');
