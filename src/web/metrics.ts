import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { STATUSES } from '../domain/words.ts';
import type { WebDeps } from './deps.ts';
import { DATABASE_MS, within } from './within.ts';

export interface Metrics {
  readonly registry: Registry;
  /** For the timers' loop: how late a timer was when it rang. */
  readonly timerFired: (latenessMs: number) => void;
  /** For the outbox's loop. */
  delivered(platform: string, outcome: 'sent' | 'retried' | 'buried'): void;
  request(method: string, route: string, status: number, ms: number): void;
}

/** A registry of its own: two servers in one process (tests) must not share counters. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const late = new Histogram({
    name: 'itr_timer_lateness_seconds',
    help: 'How late timers rang',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
    registers,
  });
  const deliveries = new Counter({
    name: 'itr_outbox_deliveries_total',
    help: 'Attempts to bring a row of the outbox to its platform',
    labelNames: ['platform', 'outcome'],
    registers,
  });
  const requests = new Histogram({
    name: 'itr_http_request_duration_seconds',
    help: 'HTTP requests by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.25, 1, 5],
    registers,
  });
  return {
    registry,
    timerFired: (ms) => {
      late.observe(ms / 1000);
    },
    delivered: (platform, outcome) => {
      deliveries.inc({ platform, outcome });
    },
    request: (method, route, status, ms) => {
      requests.observe({ method, route, status: String(status) }, ms / 1000);
    },
  };
}

/** What is counted in the database is asked for when somebody scrapes, not before. Where it does not answer, the rest is told. */
export function createScrape(
  deps: Pick<WebDeps, 'metrics' | 'queries' | 'outbox' | 'now' | 'live' | 'platforms' | 'watch'>,
) {
  const { registry } = deps.metrics;
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const tickets = gauge('itr_tickets', 'Tickets by status', 'status');
  const depth = gauge('itr_queue_depth', 'Rows that wait', 'queue');
  const oldest = gauge('itr_queue_oldest_seconds', 'How long the oldest row waits, or is overdue', 'queue');
  const dead = gauge('itr_dead_letters', 'Rows that were given up', 'queue');
  const streams = gauge('itr_event_streams', 'Open streams of GET /api/v1/events');
  const unrouted = new Counter({
    name: 'itr_unrouted_total',
    help: 'Tickets that no routing rule fitted, so that they went to the default team',
    registers: [registry],
  });
  const symptom = gauge('itr_symptom', '1: the program finds this wrong with itself', 'name');
  const looked = gauge('itr_watch_idle_seconds', 'How long ago the program looked at itself');
  const audited = gauge('itr_audit_age_seconds', 'How long ago the timers of all open tickets were audited');
  // The library begins every gauge with 0, which would read as "just now".
  audited.remove();
  const auditedTickets = gauge('itr_audit_tickets', 'Open tickets that the last audit looked at');
  const differences = new Counter({
    name: 'itr_audit_differences_total',
    help: 'Tickets whose timers an audit found to be wrong',
    registers: [registry],
  });
  const database = gauge('itr_database_up', '1: the database answers, and takes writes');
  const platforms = gauge('itr_platform_up', '1: the platform is connected', 'platform');

  return async (): Promise<string> => {
    const now = deps.now();
    const counted = await within(
      DATABASE_MS,
      Promise.all([
        deps.queries.countByStatus(),
        deps.queries.backlog(now),
        deps.outbox.depth(now),
        deps.queries.counter('unrouted'),
      ]),
    ).catch(() => null);
    database.set(counted === null || deps.watch.unwritable() !== null ? 0 : 1);
    // What was counted last time is not what is there now.
    for (const one of [tickets, depth, oldest, dead]) one.reset();
    unrouted.remove();
    if (counted !== null) {
      const [counts, { inbox, timers }, outbox, noRule] = counted;
      // Counted in the database: it outlives the process.
      unrouted.inc(noRule);
      for (const status of STATUSES) tickets.set({ status }, counts[status]);
      depth.set({ queue: 'inbox' }, inbox.waiting);
      depth.set({ queue: 'outbox' }, outbox.waiting);
      depth.set({ queue: 'timers' }, timers.waiting);
      oldest.set({ queue: 'inbox' }, inbox.oldestMs / 1000);
      oldest.set({ queue: 'outbox' }, outbox.oldestMs / 1000);
      oldest.set({ queue: 'timers' }, timers.overdueMs / 1000);
      dead.set({ queue: 'inbox' }, inbox.dead);
      dead.set({ queue: 'outbox' }, outbox.dead);
    }
    streams.set(deps.live.listeners);
    const { watch } = deps;
    for (const [name, shows] of watch.names()) symptom.set({ name }, shows ? 1 : 0);
    const found = watch.audited();
    auditedTickets.set(found.tickets);
    differences.reset();
    differences.inc(found.differences);
    looked.set(watch.lookedMs() / 1000);
    const auditedMs = watch.auditedMs();
    if (auditedMs !== null) audited.set(auditedMs / 1000);
    for (const platform of deps.platforms()) platforms.set({ platform: platform.name }, platform.health().ok ? 1 : 0);
    return registry.metrics();
  };
}
