import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { configOf, dutyOf, intakeOf, OWNER, REQUESTER } from '../../bench/support/config.ts';
import { sleep, until } from '../../bench/support/numbers.ts';
import { below, exactly, notRun, told } from '../../bench/support/report.ts';
import type { Figure } from '../../bench/support/report.ts';
import { visibleText } from '../emulators/slack/index.ts';
import type { SlackEmulator, SlackMessage } from '../emulators/slack/index.ts';
import { postgresIsMissing, startPostgres } from '../support/postgres.ts';
import { Fleet } from './fleet.ts';
import { environment, openWorkspace } from './program.ts';

export interface KillOptions {
  readonly database: 'sqlite' | 'postgresql';
  readonly processes: number;
  readonly kills: number;
  /** Between two kills, at random up to twice as long. */
  readonly pauseMs: number;
}

export const TEAMS = 20;
/** Threads between two kills. */
const THREADS = 8;
/** The reminder of a ticket that nobody has claimed. */
const TARGET_S = 5;
// Without a ladder: one that begins to climb after a quarter of an hour would be a second reminder to a run that takes longer.
export const CONFIG = `${configOf(TEAMS).replaceAll('response: 30m', `response: ${TARGET_S}s`)}
ladders: { none: [{ after: 30d, whom: duty, how: mention }] }
`.replaceAll('tier: L1, assign: duty,', 'tier: L1, assign: duty, ladder: none,');
const DRAIN_MS = 120_000;

/**
 * `kill -9` at random moments while threads become tickets, are claimed, and are reminded of: at the end every thread has one ticket, one card, one work
 * card and, if nobody claimed it, one reminder.
 */
export async function killUnderLoad({ database, processes, kills, pauseMs }: KillOptions): Promise<readonly Figure[]> {
  const name = `kill -9, ${database}, ${processes === 1 ? 'one process' : `${processes} processes`}`;
  const missing = database === 'postgresql' ? postgresIsMissing() : null;
  if (missing !== null) return [notRun(name, missing)];
  const postgres = database === 'postgresql' ? await startPostgres({ durable: true }) : null;
  const folder = mkdtempSync(join(tmpdir(), 'itr-kill-'));
  const slack = await openWorkspace(TEAMS);
  const fleet = await Fleet.start(
    folder,
    {
      ...environment(slack, folder, CONFIG),
      ...(postgres === null ? {} : { DATABASE_URL: await postgres.database() }),
    },
    processes,
  );
  slack.setRequestUrl(`${fleet.url}/slack/events`);
  const load = new Load(slack);
  try {
    for (let i = 0; i < kills; i++) {
      const raising = load.raise(THREADS);
      await sleep(pauseMs * (0.2 + 1.8 * Math.random()));
      await fleet.killOne(i);
      await raising;
    }
    await load.raise(THREADS);
    const endedAt = performance.now();
    // Where it never comes to that, the figures below say what is missing.
    while (performance.now() - endedAt < DRAIN_MS && !(await load.isDone(fleet.url))) await sleep(250);
    const drainedMs = performance.now() - endedAt;
    // Whatever would come twice has time to come.
    await sleep(3_000);
    const result = await load.result(fleet.url);
    return [
      exactly(`${name}: kills`, fleet.kills, kills),
      exactly(`${name}: threads without a ticket, of ${load.threads}`, result.lost, 0),
      exactly(`${name}: tickets more than threads`, result.double, 0),
      exactly(`${name}: cards missing or doubled`, result.cards, 0),
      exactly(`${name}: work cards missing or doubled`, result.workCards, 0),
      exactly(`${name}: reminders missing or doubled`, result.reminders, 0),
      exactly(`${name}: claims lost`, result.claims, 0),
      // What was under way when the process died is looked for by its marker before it is sent again.
      exactly(`${name}: sent twice with one marker, of ${load.sent().length}`, load.sentTwice, 0),
      // What Slack has given up, having met a dead process each time, never came: it says whose a loss above would be.
      told(`${name}: events that Slack gave up`, slack.undelivered().length),
      below(`${name}: drained after the last`, drainedMs, { name: 'limit', value: 60_000 }, 'ms'),
    ];
  } finally {
    await fleet.stop();
    await slack.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Thread {
  readonly title: string;
  readonly intake: string;
  readonly duty: string;
  readonly ts: string;
  readonly isClaimed: boolean;
}

/** What people do meanwhile, and what they see at the end. */
export class Load {
  readonly #slack: SlackEmulator;
  readonly #threads: Thread[] = [];

  constructor(slack: SlackEmulator) {
    this.#slack = slack;
  }

  get threads(): number {
    return this.#threads.length;
  }

  /** New threads, of which every third is claimed as soon as its work card is there. */
  async raise(count: number): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, async () => {
        const n = this.#threads.length;
        const team = n % TEAMS;
        const thread = { title: `Trouble ${n}.`, intake: intakeOf(team), duty: dutyOf(team), isClaimed: n % 3 === 0 };
        // Its place is taken before it is awaited.
        this.#threads.push({ ...thread, ts: '' });
        const { ts } = await this.#slack.post(REQUESTER.user, thread.intake, thread.title);
        this.#threads[n] = { ...thread, ts };
        if (!thread.isClaimed) return;
        const card = await until('a work card to claim', () => this.#workCards(thread)[0] ?? null, {
          withinMs: 60_000,
          everyMs: 50,
        });
        await this.#slack.react(OWNER.user, thread.duty, card.ts, 'eyes');
      }),
    );
  }

  /** The markers of all that the bot has said in these channels. */
  sent(): readonly string[] {
    return Array.from({ length: TEAMS }, (_, team) => [intakeOf(team), dutyOf(team)])
      .flat()
      .flatMap((channel) => this.#slack.messages(channel, { from: 'bot' }))
      .map(({ metadata }) => JSON.stringify(metadata?.['event_payload'] ?? null));
  }

  get sentTwice(): number {
    const markers = this.sent();
    return markers.length - new Set(markers).size;
  }

  #workCards({ duty, title }: Pick<Thread, 'duty' | 'title'>): readonly SlackMessage[] {
    return this.#slack
      .messages(duty, { from: 'bot' })
      .filter((one) => (one.thread_ts ?? one.ts) === one.ts && visibleText(one).includes(title));
  }

  #cards({ intake, ts }: Thread): readonly SlackMessage[] {
    return this.#slack
      .messages(intake, { thread_ts: ts, from: 'bot' })
      .filter((one) => visibleText(one).includes('ITR-'));
  }

  #reminders(thread: Thread): readonly SlackMessage[] {
    const [work] = this.#workCards(thread);
    if (work === undefined) return [];
    return this.#slack
      .messages(thread.duty, { thread_ts: work.ts, from: 'bot' })
      .filter((one) => one.ts !== work.ts && /overdue|is over|was due|late/i.test(visibleText(one)));
  }

  async #tickets(url: string): Promise<readonly { readonly title: string; readonly status: string }[]> {
    const all: { title: string; status: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const response = await fetch(`${url}/api/v1/tickets?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = (await response.json()) as { items: typeof all; next: string | null };
      all.push(...page.items);
      cursor = page.next;
    }
    return all;
  }

  async isDone(url: string): Promise<boolean> {
    const result = await this.result(url).catch(() => null);
    if (result === null) return false;
    const { lost, cards, workCards, reminders, claims } = result;
    return lost + cards + workCards + reminders + claims === 0;
  }

  async result(url: string) {
    const tickets = await this.#tickets(url);
    const of = (thread: Thread) => tickets.filter(({ title }) => title === thread.title);
    const wrong = (is: (thread: Thread) => boolean): number => this.#threads.filter((thread) => !is(thread)).length;
    return {
      lost: wrong((thread) => of(thread).length > 0),
      double: tickets.length - this.#threads.length,
      cards: wrong((thread) => this.#cards(thread).length === 1),
      workCards: wrong((thread) => this.#workCards(thread).length === 1),
      // One that was claimed only after its target had passed was reminded of, rightly.
      reminders: wrong((thread) => {
        const { length } = this.#reminders(thread);
        return thread.isClaimed ? length <= 1 : length === 1;
      }),
      claims: wrong((thread) => !thread.isClaimed || of(thread)[0]?.status === 'in_progress'),
    };
  }
}
