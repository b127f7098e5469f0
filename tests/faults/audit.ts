import { join } from 'node:path';
import Libsql from 'libsql';

import { configOf } from '../../bench/support/config.ts';
import { sleep, until } from '../../bench/support/numbers.ts';
import { below, exactly, told } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import { startApp } from '../support/app.ts';
import { HandClock } from '../support/clock.ts';
import { CONFIG, Load, TEAMS } from './kill.ts';
import { withProgram } from './program.ts';
import type { Form, Scenario } from './scenario.ts';

const LOAD_S = { short: 4, full: 60 };
const SECOND = 1_000;
const DAY = 86_400 * SECOND;
/** Ten seconds between two looks, and what it takes to look and to be asked. */
const FLAGGED_MS = 10_500;
const FIRST_AUDIT_MS = 75_000;

/** What should not be, asked of the file itself in words of its own; then five things are broken behind the program's back, and it has to tell of each. */
export const audit: Scenario = async (form) => [
  ...(await underLoad(form)),
  ...(form === 'short' ? await brokenByHand() : await brokenWhileItRuns()),
];

/** What has to be none; `@now` is the instant of the question. */
const QUESTIONS = {
  'timers overdue for more than 5 s': 'SELECT COUNT(*) FROM timers WHERE due_at < @now - 5000',
  'events unhandled for more than 10 s': `SELECT COUNT(*) FROM inbox WHERE state = 'waiting' AND received_at < @now - 10000`,
  'rows of the outbox without a next try': `SELECT COUNT(*) FROM outbox
    WHERE (state = 'leased' AND (lease_until IS NULL OR lease_until < @now - 10000))
       OR (state = 'retrying' AND due_at > @now + 86400000)
       OR state NOT IN ('waiting', 'retrying', 'leased', 'sent', 'dead')`,
} as const;

function ask(file: string, sql: string): number {
  const database = new Libsql(file, { timeout: 5_000 });
  try {
    const rows = database
      .prepare(sql.replaceAll('@now', String(Date.now())))
      .raw(true)
      .all() as unknown as [number][];
    return rows[0]?.[0] ?? NaN;
  } finally {
    database.close();
  }
}

function change(file: string, sql: string): void {
  const database = new Libsql(file, { timeout: 5_000 });
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

async function underLoad(form: Form): Promise<readonly Figure[]> {
  return withProgram(
    TEAMS,
    async ({ slack, folder, itr }) => {
      const file = join(folder, 'itr.db');
      const load = new Load(slack);
      const worst = new Map(Object.keys(QUESTIONS).map((what) => [what, 0]));
      const raising: Promise<void>[] = [];
      let looks = 0;
      for (const end = performance.now() + LOAD_S[form] * SECOND; performance.now() < end; looks++) {
        if (looks % 4 === 0) raising.push(load.raise(4));
        for (const [what, sql] of Object.entries(QUESTIONS))
          worst.set(what, Math.max(worst.get(what) ?? 0, ask(file, sql)));
        await sleep(250);
      }
      await Promise.all(raising);
      await until('all of it', () => load.isDone(itr.url), { withinMs: 60_000, everyMs: 250 }).catch(() => undefined);
      return [
        ...[...worst].map(([what, count]) => exactly(`audit: ${what}, at worst of ${looks} looks`, count, 0)),
        told('audit: threads meanwhile', load.threads),
        exactly('audit: of those without a ticket', (await load.result(itr.url)).lost, 0),
      ];
    },
    { config: CONFIG },
  );
}

interface Fault {
  readonly name: string;
  /** On a ticket of its own, which what is told has to name. */
  readonly sql: (ticket: number, now: number) => string;
  readonly says: (ticket: number) => RegExp;
  /** What puts it right; null: the program does. */
  readonly undo: string | null;
}

const wrongTimers = (ticket: number): RegExp => new RegExp(`wrong timers.*ITR-${ticket}\\b`);

const FAULTS: readonly Fault[] = [
  {
    name: 'a timer deleted',
    sql: (ticket) => `DELETE FROM timers WHERE ticket = ${ticket} AND clock = 'response'`,
    says: wrongTimers,
    undo: null,
  },
  {
    name: 'a timer with another due instant',
    sql: (ticket) =>
      `UPDATE timers SET due_at = due_at + ${DAY}, try_at = try_at + ${DAY} WHERE ticket = ${ticket} AND clock = 'response'`,
    says: wrongTimers,
    undo: null,
  },
  {
    name: 'an event that nobody takes',
    sql: (_, now) => `INSERT INTO inbox (id, lane, platform, payload, received_at, state)
      VALUES ('stuck', 'stuck', 'slack', '{}', ${now - 60 * SECOND}, 'waiting')`,
    says: () => /handled too slowly: 1 event waiting/,
    undo: `DELETE FROM inbox WHERE id = 'stuck'`,
  },
  {
    name: 'a row of the outbox without a next try',
    sql: (ticket, now) => `INSERT INTO outbox (key, lane, ticket, kind, delivery, state, due_at, attempts, created_at)
      VALUES ('stuck', 'slack:stuck', ${ticket}, 'say', '{"kind":"say","platform":"slack","chat":"stuck","thread":null,"what":{}}',
        'retrying', ${now + 365 * DAY}, 1, ${now - 300 * SECOND})`,
    says: () => /has to go out piles up: 1 message waiting/,
    undo: `DELETE FROM outbox WHERE key = 'stuck'`,
  },
  {
    name: 'a ticket other than its events',
    sql: (ticket) =>
      `UPDATE tickets SET severity = 'S1', state = json_set(state, '$.severity', 'S1') WHERE number = ${ticket}`,
    says: (ticket) => new RegExp(`not what the timeline says.*ITR-${ticket}\\b`),
    undo: null,
  },
];

async function raiseAt(url: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'A ticket to break', project: 'project0', severity: 'S3' }),
  });
  return Number(((await response.json()) as { number: string }).number.slice('ITR-'.length));
}

const saidAt = async (url: string): Promise<string> => (await fetch(`${url}/readyz`)).text();

const wrongIn = (file: string): number =>
  ask(
    file,
    `SELECT COUNT(*) FROM tickets WHERE NOT EXISTS
    (SELECT 1 FROM timers WHERE timers.ticket = tickets.number AND clock = 'response' AND due_at = opened_at + 1800000)`,
  );

/** With the looks of ten seconds taken by hand: that they are taken is another matter. */
async function brokenByHand(): Promise<readonly Figure[]> {
  const hand = new HandClock(Date.now());
  const app = await startApp({ clock: hand, config: configOf(1), database: 'sqlite' });
  const file = join(app.folder, 'itr.db');
  const look = async (): Promise<void> => {
    hand.pass(10 * SECOND);
    await app.watch.audit();
    await app.watch.look();
  };
  try {
    const figures: Figure[] = [];
    const tickets: number[] = [];
    for (const _ of FAULTS) tickets.push(await raiseAt(app.url));
    // Nothing can have been late for longer than the program runs.
    for (let n = 0; n < 7; n++) await look();
    figures.push(
      exactly(
        'audit: told of what is right',
        Number(/warn (?:audit|inbox|outbox|rows)/.test(await saidAt(app.url))),
        0,
      ),
    );
    for (const [i, { name, sql, says, undo }] of FAULTS.entries()) {
      const ticket = tickets[i]!;
      change(file, sql(ticket, hand.now()));
      await look();
      figures.push(
        exactly(`audit: ${name}: told at the next look`, Number(says(ticket).test(await saidAt(app.url))), 1),
      );
      if (undo !== null) change(file, undo);
    }
    return [...figures, exactly('audit: timers that are still wrong', wrongIn(file), 0)];
  } finally {
    await app.stop();
  }
}

/** In a process of its own, with nobody to tell it when to look. */
async function brokenWhileItRuns(): Promise<readonly Figure[]> {
  return withProgram(1, async ({ folder, itr }) => {
    const file = join(folder, 'itr.db');
    const tickets: number[] = [];
    for (const _ of FAULTS) tickets.push(await raiseAt(itr.url));
    await until('the first audit', async () => /audited/.test(await saidAt(itr.url)), {
      withinMs: FIRST_AUDIT_MS,
      everyMs: 500,
    });
    const figures: Figure[] = [];
    for (const [i, { name, sql, says, undo }] of FAULTS.entries()) {
      const ticket = tickets[i]!;
      change(file, sql(ticket, Date.now()));
      const from = performance.now();
      const isTold = await until(name, async () => says(ticket).test(await saidAt(itr.url)), {
        withinMs: 30_000,
        everyMs: 100,
      }).catch(() => false);
      const ms = isTold ? performance.now() - from : NaN;
      figures.push(below(`audit: ${name}: told after`, ms, { name: 'limit', value: FLAGGED_MS }, 'ms'));
      if (undo !== null) change(file, undo);
    }
    return [...figures, exactly('audit: timers that are still wrong', wrongIn(file), 0)];
  });
}
