import { at } from './convert.ts';
import { PLANNED_ANEW } from './sql.ts';
import type { Dialect, Sql } from './sql.ts';

/**
 * Which row of which lane may go out. In a lane rows go in the order of their ids, except that
 * - a row not yet due for the first time, and a stale card that waits for another try, are passed by the others;
 * - a row that is being sent (`leased`), and any other that waits for another try (`retrying`), keep their lane waiting.
 *
 * The costs are those of the lanes that have something waiting, not of the rows: `LANES` jumps from lane to lane in the index.
 */
const LANES = `${PLANNED_ANEW} WITH RECURSIVE lanes (lane) AS (
    SELECT MIN(lane) FROM outbox WHERE state = 'waiting'
    UNION ALL
    SELECT (SELECT MIN(lane) FROM outbox WHERE state = 'waiting' AND lane > lanes.lane) FROM lanes WHERE lanes.lane IS NOT NULL
  )`;

export interface Candidate {
  readonly id: number;
  readonly lane: string;
  /** Its lease has ended: whoever had it is dead, and may have sent it. */
  readonly lost: boolean;
}

/** The row of each lane whose turn it is and that is due, oldest first. */
export async function claimable(
  sql: Sql,
  dialect: Dialect,
  now: number,
  limit: number,
  busy: ReadonlySet<string>,
): Promise<readonly Candidate[]> {
  // Not by the index on due_at, with which the whole lane would be sorted.
  const [leased, retrying, waiting] = await Promise.all([
    sql.all(`${PLANNED_ANEW} SELECT lane, MIN(id), MIN(lease_until) FROM outbox WHERE state = 'leased' GROUP BY lane`),
    retryingRows(sql),
    sql.all(
      `${LANES} SELECT lane, (SELECT id FROM outbox
         WHERE state = 'waiting' AND lane = lanes.lane AND ${dialect.unindexed('due_at')} <= ? ORDER BY id LIMIT 1)
       FROM lanes WHERE lane IS NOT NULL`,
      [at(now)],
    ),
  ]);
  const turn = new Map<string, Candidate & { readonly dueAt: number }>();
  for (const [lane, id] of waiting as [string, number | null][]) {
    if (id !== null) turn.set(lane, { id, lane, lost: false, dueAt: now });
  }
  for (const { lane, id, dueAt } of retrying) {
    if (id < (turn.get(lane)?.id ?? Infinity)) turn.set(lane, { id, lane, lost: false, dueAt });
  }
  for (const [lane, id, leaseUntil] of leased as [string, number, number][]) {
    turn.set(lane, { id, lane, lost: true, dueAt: leaseUntil });
  }
  return [...turn]
    .filter(([lane, { dueAt }]) => dueAt <= now && !busy.has(lane))
    .map(([, candidate]) => candidate)
    .sort((a, b) => a.id - b.id)
    .slice(0, limit);
}

/** When {@link claimable} will have something, if nothing changes; null: never. */
export async function nextDue(sql: Sql, busy: ReadonlySet<string>): Promise<number | null> {
  const [leased, retrying, waiting] = await Promise.all([
    sql.all(`${PLANNED_ANEW} SELECT lane, MIN(lease_until) FROM outbox WHERE state = 'leased' GROUP BY lane`),
    retryingRows(sql),
    sql.all(
      `${LANES} SELECT lane, (SELECT MIN(due_at) FROM outbox WHERE state = 'waiting' AND lane = lanes.lane)
       FROM lanes WHERE lane IS NOT NULL`,
    ),
  ]);
  const next = new Map(waiting as [string, number][]);
  for (const { lane, id, dueAt } of retrying) {
    // Rows behind it wait with it, however due they are; those before it do not.
    const [before] = await sql.all(`SELECT MIN(due_at) FROM outbox WHERE state = 'waiting' AND lane = ? AND id < ?`, [
      lane,
      id,
    ]);
    next.set(lane, Math.min(dueAt, (before?.[0] ?? Infinity) as number));
  }
  for (const [lane, leaseUntil] of leased as [string, number][]) next.set(lane, leaseUntil);
  for (const lane of busy) next.delete(lane);
  return next.size === 0 ? null : Math.min(...next.values());
}

/** The first of each lane. */
async function retryingRows(
  sql: Sql,
): Promise<readonly { readonly lane: string; readonly id: number; readonly dueAt: number }[]> {
  const rows = await sql.all(
    `${PLANNED_ANEW} SELECT lane, id, due_at FROM outbox WHERE state = 'retrying' ORDER BY id DESC`,
  );
  const first = new Map((rows as [string, number, number][]).map(([lane, id, dueAt]) => [lane, { lane, id, dueAt }]));
  return [...first.values()];
}
