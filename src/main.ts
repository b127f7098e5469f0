import { withLiveAddress } from './address.ts';
import { withBindings } from './config/bindings.ts';
import type { ConfigIssue } from './config/issue.ts';
import { openLivePolicy } from './config/live.ts';
import type { LivePolicy } from './config/live.ts';
import { findConfig } from './config/source.ts';
import { connect } from './connect.ts';
import { createDeliver } from './conversations/deliver.ts';
import { NotYet, createHandle } from './conversations/handle.ts';
import { DeliveryError } from './conversations/platform.ts';
import type { ChatPlatform, Receive } from './conversations/platform.ts';
import { createReceive } from './conversations/receive.ts';
import type { Desk, Directory } from './desk/desk.ts';
import { createDirectory } from './desk/directory.ts';
import { createFire } from './desk/fire.ts';
import { sharesWork } from './desk/staffing.ts';
import { createDesk } from './desk/perform.ts';
import type { Wake } from './desk/ports.ts';
import { createReplan } from './desk/replan.ts';
import { createWorld } from './desk/world.ts';
import type { WorldSource } from './desk/world.ts';
import { holeJob, reportHoles } from './hole-job.ts';
import { askUnmatched, identityJob } from './identity-job.ts';
import type { IdentityDeps } from './identity-job.ts';
import { digestJob, postDigests, retentionJob, titlesJob } from './jobs.ts';
import type { Logger } from './log.ts';
import type { ItrOptions } from './options.ts';
import { createPlanning } from './planning.ts';
import { startHousekeeping } from './scheduler/housekeeping.ts';
import { createInboxStep } from './scheduler/inbox.ts';
import { createLoop } from './scheduler/loop.ts';
import type { Loop } from './scheduler/loop.ts';
import { createOutboxStep } from './scheduler/outbox.ts';
import { createTimersStep } from './scheduler/timers.ts';
import { inSpokenLanguage } from './spoken.ts';
import { openStorage } from './storage/index.ts';
import type { Storage } from './storage/index.ts';
import { isTrouble } from './storage/trouble.ts';
import { createSelfWatch } from './start-watch.ts';
import type { SelfWatch } from './start-watch.ts';
import { startWeb } from './start-web.ts';
import { createLive } from './web/live.ts';
import { createMetrics } from './web/metrics.ts';

/** The running program. */
export interface Itr {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  readonly storage: Storage;
  readonly desk: Desk;
  readonly directory: Directory;
  readonly world: WorldSource;
  readonly config: LivePolicy;
  readonly platforms: ReadonlyMap<string, ChatPlatform>;
  /** What housekeeping does in the morning. */
  postDigests(): Promise<void>;
  /** What it does every ten seconds and every hour: it looks for what is wrong with itself. */
  readonly watch: Pick<SelfWatch, 'look' | 'audit'>;
  /** Stops accepting, lets what is under way finish, closes. */
  stop(): Promise<void>;
}

/** The configuration cannot be used; `itr config check` says the same. */
export class ConfigError extends Error {
  readonly issues: readonly ConfigIssue[];

  constructor(label: string, issues: readonly ConfigIssue[]) {
    super(`${label} cannot be used`);
    this.name = 'ConfigError';
    this.issues = issues;
  }
}

/** Timers of one moment are rung together. Every change of a ticket has something to say, and most of it has to wait for its chat's rate limit. */
const SPACING_MS = { timers: 10, outbox: 40 };

type Loops = Partial<Record<'inbox' | 'timers' | 'outbox', Loop>>;

/** The composition root: builds everything, knows all, is known by none. */
export async function startItr(options: ItrOptions): Promise<Itr> {
  const { clock } = options;
  const { env, listensAt } = withLiveAddress(options.env);
  const config = await openConfig(options);

  const loops: Loops = {};
  const wake: Wake = (loop, dueAt) => loops[loop]?.nudge(dueAt);
  const elsewhere: { changed: (what: 'world' | number) => void } = { changed: () => undefined };
  const storage = await openStorage({
    url: env.database.url,
    now: clock.now,
    wake,
    use: 'server',
    changedElsewhere: (what) => {
      elsewhere.changed(what);
    },
    failed: (error) => options.log.warn({ err: error }, 'a connection to the database broke; it is opened again'),
  });
  try {
    return await assemble(options, { env, listensAt, config, storage, loops, elsewhere });
  } catch (error) {
    // A port that is taken, say: the database is left as a clean stop leaves it.
    config.close();
    await storage.close();
    throw error;
  }
}

interface Begun extends ReturnType<typeof withLiveAddress> {
  readonly config: LivePolicy;
  readonly storage: Storage;
  readonly loops: Loops;
  /** What another process on this database changed. */
  readonly elsewhere: { changed: (what: 'world' | number) => void };
}

async function assemble(
  options: ItrOptions,
  { env, listensAt, config, storage, loops, elsewhere }: Begun,
): Promise<Itr> {
  const { log, clock } = options;
  const { store, queues } = storage;
  for (const name of storage.migrated) log.info({ migration: name }, 'database migrated');

  const platforms = new Map<string, ChatPlatform>();
  const connected = (): ReadonlySet<string> => new Set(platforms.keys());
  const spoken = inSpokenLanguage(config);
  const world = createWorld(store, spoken, connected, (policy, bindings) => withBindings(policy, bindings).policy);
  await world.refresh();
  const directory = createDirectory(world.policy, connected);
  const live = createLive();
  elsewhere.changed = (what) => {
    if (typeof what === 'number') live.changed(what);
    else
      world.refresh().catch((error: unknown) => {
        log.error({ err: error }, 'what was bound in chat could not be read again');
      });
  };
  const metrics = createMetrics();
  const desk = createDesk({ clock, world, addresses: (person) => directory.addresses(person), changed: live.changed });

  const shared = {
    store,
    desk,
    directory,
    world,
    platforms,
    get publicUrl() {
      return env.publicUrl;
    },
    now: clock.now,
    log,
  };
  const receive: Receive = createReceive({ ...shared, inbox: storage.inbox });
  const { platforms: made, playground } = await connect({
    env,
    policy: world.policy,
    store,
    receive,
    clock,
    leads: (name) => storage.leads(name),
    nextPoint: () => queues.timers.nextDue(),
    speak: config.source.file === null ? spoken.speak : null,
    log,
  });
  for (const platform of made) platforms.set(platform.name, platform);

  const inbox = createInboxStep({
    inbox: queues.inbox,
    clock,
    chance: Math.random,
    handle: createHandle(shared),
    isEarly: (error) => error instanceof NotYet,
    isAway: isTrouble,
    failed: (row, error, buried) =>
      error instanceof NotYet && !buried
        ? log.debug({ event: row.id }, error.message)
        : log.error({ err: error, event: row.id, buried }, 'an event could not be handled'),
    nudge: () => loops.inbox?.nudge(),
  });
  const outbox = createOutboxStep({
    outbox: queues.outbox,
    clock,
    chance: Math.random,
    deliver: createDeliver(shared),
    failureOf: (error) => (error instanceof DeliveryError ? error : null),
    isAway: isTrouble,
    gapOf: (lane) => platforms.get(lane.split(':')[0] ?? '')?.capabilities.minGapPerChatMs ?? 0,
    done: (row, outcome) => metrics.delivered(row.lane.split(':')[0] ?? '', outcome),
    failed: (row, error, buried) => log.warn({ err: error, row: row.key, lane: row.lane, buried }, 'not delivered'),
    nudge: (dueAt) => loops.outbox?.nudge(dueAt),
  });
  const timers = createTimersStep({
    timers: queues.timers,
    clock,
    // Two transactions that hold the turns of several teams could wait for each other.
    together: () => (sharesWork(world.policy()) ? 1 : queues.timers.together),
    fire: createFire(store, desk),
    failed: (row, error) =>
      log.error({ err: error, ticket: row.ticket, clock: row.timer.clock }, 'a timer could not be acted on'),
    fired: metrics.timerFired,
  });
  const loop = (name: string, step: Parameters<typeof createLoop>[0]['step'], spacing?: number): Loop =>
    createLoop({
      step,
      ...(spacing === undefined ? {} : { spacing }),
      now: clock.now,
      failed: (error) => log.error({ err: error, loop: name }, 'a loop met an error'),
    });
  loops.inbox = loop('inbox', inbox.step);
  // Where they are rung one by one, waiting for others makes them late for nothing.
  loops.timers = loop('timers', timers, queues.timers.together > 1 ? SPACING_MS.timers : 0);
  loops.outbox = loop('outbox', outbox.step, SPACING_MS.outbox);
  clock.onMove(() => {
    for (const one of Object.values(loops)) one.nudge();
  });

  const replan = createReplan(store, desk, (above) => storage.queries.openNumbers(above, 100));
  const planning = createPlanning({ store, replan, revision: () => config.current().revision, log });
  config.onChange(() => {
    log.info({ file: config.source.label }, 'configuration reloaded');
    planning.changed();
  });
  config.watch();

  const watch = createSelfWatch({ storage, world, directory, platforms, clock, log, planning: planning.busy });
  const web = await startWeb({
    ...options,
    watch: watch.view,
    env,
    config,
    storage,
    desk,
    directory,
    world,
    platforms,
    live,
    metrics,
    playground,
  });
  listensAt(web.url);
  // SQLite has one process; whoever held a lease is dead. With PostgreSQL it does nothing.
  await queues.outbox.endLeases();
  // The playground puts the clock back to where its visitor left it, so platforms start before the loops ask what is due.
  await startPlatforms(made, log);
  await planning.resume();
  for (const one of [...Object.values(loops), watch]) one.start();
  const digests = { store, world, directory, publicUrl: env.publicUrl, now: clock.now };
  const identities = { store, world, platforms, now: clock.now, log };
  const stopping = new AbortController();
  const housekeeping = startHousekeeping(
    [
      digestJob(digests),
      holeJob(digests),
      identityJob(identities, stopping.signal),
      titlesJob(storage.retention, world.policy().timezone),
      retentionJob(storage.retention, world.policy().timezone, clock.now),
    ],
    () => storage.leads('housekeeping'),
    (job, error) => log.error({ err: error, job }, 'housekeeping failed'),
  );
  const asking = askAtStart(identities, storage, stopping.signal);

  return {
    url: web.url,
    storage,
    desk,
    directory,
    world,
    config,
    platforms,
    watch,
    postDigests: async () => {
      await postDigests(digests);
      await reportHoles(digests);
      await askUnmatched(identities);
    },
    async stop() {
      config.close();
      stopping.abort();
      // What cannot end in order, for want of a database say, must not keep the rest, and with it the process, going.
      const ended = (part: string, stopped: Promise<unknown>): Promise<unknown> =>
        stopped.catch((error: unknown) => {
          log.error({ err: error, part }, 'a part did not stop in order');
        });
      // In this order nothing is accepted that is not stored, and nothing is written after the database is closed.
      await Promise.all(made.map((platform) => ended(platform.name, platform.stop())));
      await ended('web', web.stop());
      await ended('housekeeping', housekeeping.stop());
      await asking;
      await ended('watch', watch.stop());
      await Promise.all(Object.entries(loops).map(([name, one]) => ended(name, one.stop())));
      await Promise.all([ended('inbox', inbox.idle()), ended('outbox', outbox.idle())]);
      await ended('database', storage.close());
    },
  };
}

async function openConfig({ env, log, clock, cwd }: ItrOptions): Promise<LivePolicy> {
  const source = findConfig(env.configFile, cwd);
  const opened = await openLivePolicy({
    source,
    now: clock.now,
    onError: (errors) => {
      for (const issue of errors)
        log.error({ line: issue.line, path: issue.path }, `${source.label}: ${issue.message}`);
      log.error(`${source.label} is wrong and was not loaded; the configuration before it stays in force`);
    },
  });
  if (!opened.ok) throw new ConfigError(source.label, opened.errors);
  for (const warning of opened.live.warnings()) log.warn({ line: warning.line }, `${source.label}: ${warning.message}`);
  return opened.live;
}

/** Not waited for: a platform may be slow to say who its people are, and the bot is there meanwhile. */
async function askAtStart(deps: IdentityDeps, storage: Storage, stopped: AbortSignal): Promise<void> {
  try {
    if (await storage.leads('housekeeping')) await askUnmatched(deps, stopped);
  } catch (error) {
    deps.log.error({ err: error }, 'people could not be asked who they are');
  }
}

/** One platform that cannot start must not keep the others from their users. */
async function startPlatforms(platforms: readonly ChatPlatform[], log: Logger): Promise<void> {
  await Promise.all(
    platforms.map((platform) =>
      platform.start().catch((error: unknown) => {
        log.error({ err: error, platform: platform.name }, 'a platform could not start');
      }),
    ),
  );
}
