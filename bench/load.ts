import { OPEN } from '../src/storage/convert.ts';
import type { TicketFilter } from '../src/storage/filter.ts';
import { STATUSES } from '../src/domain/words.ts';
import { WORDS, copy, openRaw } from './support/crowd.ts';
import { openDesk } from './support/desk.ts';
import type { BenchDesk, Model } from './support/desk.ts';
import { percentile } from './support/numbers.ts';
import { postgresIsMissing, startPostgres } from './support/postgres.ts';
import { databaseIn, inFolder } from './support/process.ts';
import { below, notRun } from './support/report.ts';
import type { Figure } from './support/report.ts';

const OPEN_TICKETS = 100_000;
const RUNS = 200;
/** What is slow misses in fewer runs, too. */
const LONGEST_MS = 1_000;
const FEWEST_RUNS = 20;
const PEOPLE = 997;
const PAGE = 50;
const LIMIT = { name: 'limit', value: 50 };

/** What the pages, the API and the loops ask of 100,000 open tickets and 1,000,000 closed ones. */
export const load = (): Promise<readonly Figure[]> =>
  inFolder((folder) => measured(`file:${databaseIn(folder)}`, 'SQLite', 1_000_000));

/** With fewer closed ones, since filling takes longer. */
export async function loadPostgres(): Promise<readonly Figure[]> {
  const missing = postgresIsMissing();
  if (missing !== null) return [notRun('load: PostgreSQL', missing)];
  const server = await startPostgres({ durable: true });
  try {
    return await measured(await server.database(), 'PostgreSQL', 200_000);
  } finally {
    await server.stop();
  }
}

async function measured(url: string, name: string, closed: number): Promise<readonly Figure[]> {
  const startedAt = performance.now();
  await fill(url, closed);
  const desk = await openDesk(url);
  const { open, ended } = await counts(desk);
  const of = `${name}, ${thousands(open)} open, ${thousands(ended)} closed`;
  console.log(`  ${of}: filled in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  try {
    const figures: Figure[] = [];
    for (const [question, ask] of Object.entries(questions(desk, open + ended))) {
      await ask(0);
      const times: number[] = [];
      const end = performance.now() + LONGEST_MS;
      for (let i = 1; i <= RUNS && (i <= FEWEST_RUNS || performance.now() < end); i++) {
        const at = performance.now();
        await ask(i);
        times.push(performance.now() - at);
      }
      if (times.length < RUNS) console.log(`  ${question}: ${times.length} times only`);
      figures.push(below(`load (${of}): ${question}, p95`, percentile(times, 0.95), LIMIT, 'ms'));
    }
    return figures;
  } finally {
    await desk.storage.close();
  }
}

const thousands = (count: number): string => `${Math.round(count / 1000)}k`;

async function counts({ storage }: BenchDesk): Promise<{ readonly open: number; readonly ended: number }> {
  const byStatus = await storage.queries.countByStatus();
  const open = OPEN.reduce((all, status) => all + byStatus[status], 0);
  return { open, ended: STATUSES.reduce((all, status) => all + byStatus[status], 0) - open };
}

type Ask = (i: number) => Promise<unknown>;

function questions({ storage }: BenchDesk, highest: number): Readonly<Record<string, Ask>> {
  const { queries, queues } = storage;
  const list =
    (filter: (i: number) => TicketFilter & { readonly cursor?: string }): Ask =>
    (i) =>
      queries.listTickets({ ...filter(i), limit: PAGE });
  const word = (i: number): string => WORDS[i % WORDS.length]!;
  const open = { status: OPEN };
  return {
    'list, newest': list(() => ({})),
    'list, a page in the middle': list(() => ({ cursor: cursorAt(Math.round(highest / 2)) })),
    'list, open': list(() => open),
    'list, closed': list(() => ({ status: ['closed'] })),
    'list, a team': list((i) => ({ team: `team${i % 10}` })),
    'list, a team, open': list((i) => ({ ...open, team: `team${i % 10}` })),
    'list, an owner, open': list((i) => ({ ...open, assignee: `wei${i % PEOPLE}` })),
    "list, nobody's, open": list(() => ({ ...open, assignee: null })),
    'list, a requester': list((i) => ({ requester: `slack:U0LIN${i % PEOPLE}` })),
    'list, a customer': list((i) => ({ customer: `customer${i % 200}` })),
    'board, open': () => queries.board({ statuses: OPEN, limit: PAGE }),
    'board, a team, open': (i) => queries.board({ statuses: OPEN, limit: PAGE, team: `team${i % 10}` }),
    'board, all': () => queries.board({ statuses: STATUSES, limit: PAGE }),
    'board, a word, open': (i) => queries.board({ statuses: OPEN, limit: PAGE, q: word(i) }),
    'search, a word': list((i) => ({ q: word(i) })),
    'search, one ticket in all': list((i) => ({ q: `number ${(i * 4_999) % highest}` })),
    'search, no hit': list(() => ({ q: 'unheard of' })),
    'search, no hit, a team, open': list((i) => ({ ...open, team: `team${i % 10}`, q: 'unheard of' })),
    'count by status': () => queries.countByStatus(),
    'count by status, a team': (i) => queries.countByStatus({ team: `team${i % 10}` }),
    backlog: () => queries.backlog(Date.now()),
    'timers due and next': () => Promise.all([queues.timers.due(Date.now(), 100), queues.timers.nextDue()]),
    'sweep, the next 100 open': (i) => queries.openNumbers((i * 4_999) % highest, 100),
  };
}

/** As the list itself gives it. */
const cursorAt = (number: number): string => Buffer.from(`before:${number}`).toString('base64url');

/** Of eleven (PostgreSQL: three) tickets that follow each other one is open. */
async function fill(url: string, closed: number): Promise<void> {
  const perOpen = closed / OPEN_TICKETS;
  const models = await patterns(url, perOpen);
  const raw = await openRaw(url, { flushes: false });
  // Made again when all is there, which takes a third of the time.
  const indexes = await raw.all(raw.isPostgres ? INDEXES.postgres : INDEXES.sqlite);
  for (const [name] of indexes) await raw.run(`DROP INDEX ${String(name)}`);
  const firstMessage = { at: Date.now(), everyMs: 1 };
  await copy(raw, { models, count: OPEN_TICKETS + closed, firstMessage, people: PEOPLE, threads: false });
  for (const [, sql] of indexes) await raw.run(String(sql));
  // As the program does it by the minute.
  await raw.run(raw.isPostgres ? TITLES.postgres : TITLES.sqlite);
  await raw.run('DELETE FROM ended_tickets');
  await raw.run(
    `INSERT INTO ended_tickets SELECT status, COUNT(*) FROM tickets WHERE status IN ('closed', 'rejected', 'cancelled') GROUP BY status`,
  );
  // As autovacuum would have done long since.
  if (raw.isPostgres) await raw.run('VACUUM ANALYZE');
  await raw.close();
}

const TITLES = {
  sqlite: `DELETE FROM title_waiting; DELETE FROM title_search;
    INSERT INTO title_search (rowid, title) SELECT number, title || '  ' FROM tickets ORDER BY number`,
  postgres: `TRUNCATE title_waiting; TRUNCATE title_search; DROP INDEX title_search_grams;
    INSERT INTO title_search SELECT number, lower(title) FROM tickets;
    CREATE INDEX title_search_grams ON title_search USING gin (title_grams(title)) WITH (fastupdate = off)`,
};

const INDEXES = {
  sqlite: `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'tickets' AND sql IS NOT NULL`,
  postgres: `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'tickets' AND indexname <> 'tickets_pkey'`,
};

/** Seven open ones, no two of them next to each other, and the closed ones between them: so that teams, of which there are ten, get some of each. */
async function patterns(url: string, closedPerOpen: number): Promise<readonly Model[]> {
  const severities = ['S1', 'S2', 'S3', 'S4'] as const;
  const desk = await openDesk(url);
  const made: Model[] = [];
  for (let i = 0; i < 7 * (1 + closedPerOpen); i++) {
    // All in the channel of team 1, which the copies replace.
    const number = await desk.raise(10 * i + 1, {
      severity: severities[i % 4]!,
      firstMessageAt: Date.now() - 1_000,
    });
    const isOpen = i % (1 + closedPerOpen) === 0;
    const stage = isOpen ? i % 4 : 4;
    if (stage >= 1) await desk.perform(number, { type: 'claim' }, 'owner');
    if (stage === 2) await desk.perform(number, { type: 'pend', reason: 'customer' }, 'owner');
    if (stage >= 3) await desk.perform(number, { type: 'resolve', solution: 'restarted', cause: 'capacity' }, 'owner');
    if (stage === 4) await desk.perform(number, { type: 'confirm' }, 'requester');
    made.push(await desk.model(number));
  }
  await desk.storage.close();
  return made;
}
