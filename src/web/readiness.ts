import type { Language } from '../domain/words.ts';
import type { WebDeps } from './deps.ts';
import { readinessWords } from './readiness-words.ts';
import { DATABASE_MS, within } from './within.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What is wrong is said, and does not make the service unready. */
  readonly warning?: boolean;
  readonly line: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly Check[];
}

/** Rows that wait longer than this are no more a burst: something is stuck. */
const STUCK_MS = 5 * 60_000;

/** What a load balancer asks before it sends work, and an operator when something is odd: one line per part. */
export async function readiness(
  deps: Pick<WebDeps, 'queries' | 'outbox' | 'platforms' | 'configError' | 'now' | 'watch'>,
  language: Language = 'en',
): Promise<Readiness> {
  const words = readinessWords(language);
  const queue = (name: 'inbox' | 'timers' | 'outbox', facts: Backlog): Check => queueCheck(name, facts, language);
  const checks: Check[] = [];
  try {
    const now = deps.now();
    const started = performance.now();
    const [backlog, outbox] = await within(
      DATABASE_MS,
      Promise.all([deps.queries.backlog(now), deps.outbox.depth(now)]),
    );
    const unwritable = await within(DATABASE_MS, deps.watch.stillUnwritable());
    checks.push({
      name: 'database',
      ok: unwritable === null,
      line: unwritable === null ? words.answers(Math.round(performance.now() - started)) : words.noWrites(unwritable),
    });
    checks.push(queue('inbox', backlog.inbox));
    checks.push(queue('timers', { waiting: backlog.timers.waiting, oldestMs: backlog.timers.overdueMs, dead: 0 }));
    checks.push(queue('outbox', outbox));
    const unrouted = await deps.queries.counter('unrouted');
    if (unrouted > 0)
      checks.push({
        name: 'routing',
        ok: true,
        line: words.unrouted(unrouted),
      });
    for (const check of await deps.watch.noted(language)) checks.push({ ...check, ok: true });
  } catch (error) {
    checks.push({
      name: 'database',
      ok: false,
      line: words.noAnswer(error instanceof Error ? error.message : 'no answer'),
    });
  }
  for (const platform of deps.platforms()) checks.push({ name: platform.name, ...platform.health() });
  // What the program knows to be wrong is told to people; a load balancer could only make it worse.
  for (const check of deps.watch.checks(language)) checks.push({ ...check, ok: true });
  const wrong = deps.configError();
  checks.push(
    wrong === null
      ? { name: 'configuration', ok: true, line: words.inForce }
      : {
          name: 'configuration',
          // The last good one stays in force: a typing mistake must not take the service out of the load balancer.
          ok: true,
          warning: true,
          line: words.wrongFile(wrong),
        },
  );
  return { ready: checks.every((check) => check.ok), checks };
}

interface Backlog {
  readonly waiting: number;
  readonly oldestMs: number;
  readonly dead: number;
}

function queueCheck(
  name: 'inbox' | 'timers' | 'outbox',
  { waiting, oldestMs, dead }: Backlog,
  language: Language,
): Check {
  const ok = oldestMs < STUCK_MS;
  return {
    name,
    ok,
    ...(dead > 0 ? { warning: true } : {}),
    line: readinessWords(language).queue(name, { waiting, oldestS: Math.round(oldestMs / 1000), dead, isStuck: !ok }),
  };
}

export const readinessText = ({ ready, checks }: Readiness): string =>
  [
    ready ? 'ready' : 'not ready',
    ...checks.map((check) => `${check.ok ? (check.warning === true ? 'warn' : 'ok  ') : 'FAIL'} ${check.line}`),
    '',
  ].join('\n');
