import { z } from '@hono/zod-openapi';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { DAY, parseInstant, toIsoUtc } from '../../domain/instant.ts';
import { epochDayOf } from '../../domain/local-date.ts';
import { TIER_REPORT_BY, tierShares } from '../../domain/tiers.ts';
import { TIERS, ticketId } from '../../domain/words.ts';
import { zoneOf } from '../../domain/zone.ts';
import type { WebDeps } from '../deps.ts';
import { badQuery } from '../problem.ts';
import { readQuery } from './read.ts';
import { json, problems, route } from './route.ts';

const WEEKS = 8;

const Query = z.strictObject({
  from: z
    .string()
    .max(60)
    .optional()
    .openapi({ description: 'A date or an instant; left out: eight weeks before `to`' }),
  to: z.string().max(60).optional().openapi({ description: 'A date (not included) or an instant; left out: now' }),
  by: z
    .string()
    .max(20)
    .optional()
    .openapi({ description: `${TIER_REPORT_BY.join(', ')}; left out: week`, example: 'product' }),
});

const instant = z.iso.datetime();
const tier = z.enum(TIERS);
const perTier = z.strictObject({ L1: z.number(), L2: z.number(), L3: z.number() });

const TierReportSchema = z
  .strictObject({
    from: instant,
    to: instant,
    by: z.enum(TIER_REPORT_BY),
    timezone: z.string().openapi({ description: 'Of the weeks' }),
    ratio: perTier.openapi({ description: 'What is aimed at, in percent' }),
    rows: z.array(
      z.strictObject({
        key: z.string().nullable().openapi({ example: '2026-W47', description: 'Null: the ticket has none' }),
        total: z.int(),
        counts: perTier,
        shares: perTier.openapi({ description: 'Percent of the tickets that ended at each line' }),
        onTarget: z.boolean(),
      }),
    ),
    skipped: z
      .array(z.strictObject({ ticket: z.string(), at: instant, from: tier, to: tier }))
      .openapi({ description: 'Tickets that passed over a line on their way up' }),
  })
  .openapi('TierReport');

/** The reports that are there; the others answer 501 (`more.ts`). */
export function reportRoutes(app: OpenAPIHono, deps: Pick<WebDeps, 'queries' | 'policy' | 'now'>): void {
  route(
    app,
    {
      method: 'get',
      path: '/api/v1/reports/tiers',
      operationId: 'reportTiers',
      summary: 'Which share of the tickets ended at each line (9-9-1), and which lines were skipped',
      description:
        'Counts what was resolved in [from, to), at the line that had it then. Rejected and cancelled tickets ended at no line.',
      tags: ['reports'],
      request: { query: Query },
      responses: { 200: json(TierReportSchema, 'Shares, and skipped lines'), ...problems(400, 401) },
    },
    async (c) => {
      const said = readQuery(Query, c, Object.keys(Query.shape));
      const { timezone, tierRatio } = deps.policy();
      const by = TIER_REPORT_BY.find((known) => known === (said.by ?? 'week'));
      if (by === undefined)
        throw badQuery({ name: 'by', problem: `"${said.by}" is none of ${TIER_REPORT_BY.join(', ')}` });
      const to = said.to === undefined ? deps.now() : momentOf('to', said.to, timezone);
      const from = said.from === undefined ? to - WEEKS * 7 * DAY : momentOf('from', said.from, timezone);
      if (from >= to) throw badQuery({ name: 'from', problem: 'must be before "to"' });
      const { solved, skipped } = await deps.queries.tierFigures(from, to);
      const [L1, L2, L3] = tierRatio;
      return c.json({
        from: toIsoUtc(from),
        to: toIsoUtc(to),
        by,
        timezone,
        ratio: { L1, L2, L3 },
        rows: tierShares(solved, by, tierRatio, timezone),
        skipped: skipped.map((one) => ({
          ticket: ticketId(one.number),
          at: toIsoUtc(one.at),
          from: one.from,
          to: one.to,
        })),
      });
    },
  );
}

/** A date is its first instant where the configuration lives. */
function momentOf(name: string, said: string, timezone: string): number {
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(said)) return zoneOf(timezone).toInstant(epochDayOf(said) * DAY);
    return parseInstant(said.replace(/ (\d{2}:?\d{2})$/, '+$1'));
  } catch (error) {
    throw badQuery({ name, problem: error instanceof Error ? error.message : 'cannot be read' });
  }
}
