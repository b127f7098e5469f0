import type { RunningClock } from './clock.ts';
import type { ChatPlatform } from './conversations/platform.ts';
import { tellSymptom } from './conversations/self-watch.ts';
import { when } from './conversations/texts/index.ts';
import { symptomTexts } from './conversations/texts/symptoms.ts';
import type { Directory } from './desk/desk.ts';
import type { WorldSource } from './desk/world.ts';
import { HOUR, MINUTE } from './domain/instant.ts';
import type { Language } from './domain/words.ts';
import type { Logger } from './log.ts';
import { isOursToMend } from './planning.ts';
import { createLoop } from './scheduler/loop.ts';
import type { Storage } from './storage/index.ts';
import { createAuditor } from './watch/auditor.ts';
import type { AuditResult } from './watch/auditor.ts';
import { createWatch } from './watch/watch.ts';
import type { WatchCheck, WatchView } from './web/deps.ts';

export interface StartWatchDeps {
  readonly storage: Storage;
  readonly world: WorldSource;
  readonly directory: Directory;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  readonly clock: RunningClock;
  readonly log: Logger;
  /** Timers are being planned anew. */
  readonly planning: () => boolean;
}

export interface SelfWatch {
  readonly view: WatchView;
  /** One look at everything; what begins or ends is told. */
  look(): Promise<void>;
  /** One audit of all open tickets; null: it was given up. */
  audit(): Promise<AuditResult | null>;
  start(): void;
  stop(): Promise<void>;
}

const FIRST_AUDIT_MS = MINUTE;
/** It takes a thousandth of the time at most: a small database is audited every ten seconds, a large one every hour. */
const AUDIT_EVERY_MS = { least: 10_000, most: HOUR, times: 1_000 };
/** A watch that has missed this many looks is no watch. */
const ASLEEP_MS = MINUTE;
const NAMES = ['late_timer', 'inbox', 'outbox', 'dead_letters', 'buried_events', 'clock', 'audit', 'rows'];

/** The program looks after itself: the watch and the auditor, and what is told of them. */
export function createSelfWatch(deps: StartWatchDeps): SelfWatch {
  const { storage, world, directory, platforms, clock, log } = deps;
  const { machine } = clock;
  const now = machine.monotonic;
  let stopping = false;
  let last: { readonly result: AuditResult; readonly endedAt: number } | null = null;
  let differences = 0;

  const auditor = createAuditor({
    store: storage.store,
    openTickets: (above, limit) => storage.queries.openNumbers(above, limit),
    policy: world.policy,
    now: clock.now,
    busy: () => stopping || deps.planning(),
    isOurs: (reads) => isOursToMend(reads, world.policy().revision),
    found: (difference) => log.error({ ...difference }, 'the timers of a ticket were wrong, and were mended'),
    foundRow: (ticket) => log.error({ ticket }, 'the row of a ticket is not what its events make of it'),
    failed: (ticket, error) => log.error({ err: error, ticket }, 'the timers of a ticket could not be audited'),
  });

  async function audit(): Promise<AuditResult | null> {
    const result = await auditor();
    if (result === null) return null;
    last = { result, endedAt: now() };
    const found = result.tickets.length + result.rows.length;
    differences += found;
    log[found > 0 ? 'info' : 'debug']({ tickets: result.looked, differences: found }, 'tickets audited');
    return result;
  }

  const watch = createWatch({
    store: storage.store,
    queries: storage.queries,
    platforms: () => [...platforms.values()].map((platform) => ({ name: platform.name, ...platform.health() })),
    now: clock.now,
    machine,
    audit: () => last?.result ?? null,
    tell: async (tx, turn) => {
      await tellSymptom(tx, { directory, world: world.current(), now: clock.now() }, turn);
    },
    log: ({ what, symptom }) => {
      const line = symptomTexts('en').line(symptom.about);
      if (what === 'begun') log.error({ symptom: symptom.name, ...symptom.about }, line);
      else log.info({ symptom: symptom.name }, `over: ${line}`);
    },
    logWrites(problem) {
      if (problem === null) log.info('the database takes writes again');
      else log.error(`the database takes no writes: ${problem}`);
    },
  });
  clock.onMove(watch.moved);

  const looking = createLoop({
    step: watch.step,
    now,
    failed: (error) => log.error({ err: error, loop: 'watch' }, 'a loop met an error'),
  });
  const startedAt = now();
  const auditing = createLoop({
    async step() {
      if (now() - startedAt < FIRST_AUDIT_MS) return { again: false, nextAt: startedAt + FIRST_AUDIT_MS };
      const from = now();
      const result = await audit();
      if (result === null) return { again: false, nextAt: now() + FIRST_AUDIT_MS };
      // Before the next audit finds that it is mended.
      if (result.tickets.length + result.rows.length > 0) await watch.look();
      const { least, most, times } = AUDIT_EVERY_MS;
      return { again: false, nextAt: now() + Math.min(most, Math.max(least, times * (now() - from))) };
    },
    now,
    failed: (error) => log.error({ err: error, loop: 'audit' }, 'a loop met an error'),
  });

  /** One that never could look stands still, too. */
  const idleMs = (): number => watch.idleMs() ?? now() - startedAt;

  const timeOf = (at: number, language: Language): string =>
    when(at, { now: clock.now(), timezone: world.policy().timezone }, language);

  const view: WatchView = {
    names() {
      const wrong = new Set(watch.symptoms().map(({ name }) => name));
      const adapters = [...platforms.keys()].map((platform) => `adapter:${platform}`);
      return new Map([...NAMES, ...adapters, ...wrong].map((name) => [name, wrong.has(name)]));
    },
    checks(language) {
      const t = symptomTexts(language);
      const symptoms = watch.symptoms().map(({ name, about, since }) => {
        const line = t.since(t.line(about), timeOf(since, language));
        return { name, warning: true, line: `${name}: ${line}` };
      });
      return [...symptoms, watchItself(language, symptoms.length === 0)];
    },
    noted: (language) => notedBy(deps, language, timeOf),
    unwritable: watch.unwritable,
    stillUnwritable: watch.stillUnwritable,
    lookedMs: idleMs,
    auditedMs: () => (last === null ? null : now() - last.endedAt),
    audited: () => ({ tickets: last?.result.looked ?? 0, differences }),
  };

  function watchItself(language: Language, well: boolean): WatchCheck {
    const t = symptomTexts(language);
    const idle = watch.idleMs();
    const name = 'self-watch';
    const said = language === 'en' ? `${name}: ` : '自我监测：';
    if (idleMs() > ASLEEP_MS) return { name, warning: true, line: `${said}${t.asleep(idleMs())}` };
    const facts = [
      well ? t.well(idle) : t.looked(idle ?? 0),
      ...(last === null
        ? []
        : [t.audited(last.result.looked, last.result.tickets.length, timeOf(last.result.at, language))]),
    ];
    return { name, warning: false, line: `${said}${facts.join(language === 'en' ? '; ' : '；')}` };
  }

  return {
    view,
    look: watch.look,
    audit,
    start() {
      looking.start();
      auditing.start();
    },
    async stop() {
      stopping = true;
      await Promise.all([looking.stop(), auditing.stop()]);
    },
  };
}

/** What a platform reported an hour ago, and goes on without, is history. */
const NEWS_MS = HOUR;
const MOST = 20;

async function notedBy(
  { storage, platforms, world, clock }: StartWatchDeps,
  language: Language,
  timeOf: (at: number, language: Language) => string,
): Promise<readonly WatchCheck[]> {
  const t = symptomTexts(language);
  const [troubles, gone] = await Promise.all([
    storage.queries.watch.noted('trouble:'),
    storage.queries.watch.noted('gone:'),
  ]);
  const reported = troubles.flatMap(({ key, value }) => {
    const name = key.slice('trouble:'.length);
    const { trouble, detail, at } = JSON.parse(value) as { trouble: string; detail: string; at: number };
    const platform = platforms.get(name);
    if (platform === undefined || (platform.health().ok && clock.now() - at > NEWS_MS)) return [];
    return [{ name, warning: true, line: `${name}: ${t.trouble(trouble, detail, timeOf(at, language))}` }];
  });
  const left = gone.slice(0, MOST).map(({ key, value }) => {
    const [, name = '', chat = ''] = /^gone:([^:]*):(.*)$/.exec(key) ?? [];
    // A chat that nobody has bound may well do without the bot.
    const warning = world.policy().chats.some((bound) => bound.platform === name && bound.id === chat);
    return { name, warning, line: `${name}: ${t.gone(chat, timeOf(Number(value), language))}` };
  });
  return [...reported, ...left];
}
