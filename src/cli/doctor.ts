import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DAY, toIsoUtc } from '../domain/instant.ts';
import { StorageUnusable } from '../storage/errors.ts';
import { databaseFile } from '../storage/locate.ts';
import { auditTimers } from './doctor-audit.ts';
import { readServerEnv } from './server-env.ts';
import type { ServerEnv } from './server-env.ts';
import { readArgs } from './verb.ts';
import type { Io, Verb } from './verb.ts';

export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly line: string;
  /** What to do about it. */
  readonly fix?: string;
}

export const verb: Verb = {
  name: 'doctor',
  summary: 'checks keys, scopes, reachability, the configuration, the database and the clock',
  usage: ['doctor [--json]'],
  example: 'itr doctor        # ok    slack  signed in as @itr at Example',

  async run(args, io) {
    const { values } = readArgs(args, { json: { type: 'boolean' } });
    const env = readServerEnv(io, { listens: true });
    if (env === null) return 1;
    const findings = [
      ...(await configuration(env, io)),
      ...(await database(env, io)),
      ...(await slack(env, io)),
      ...(await feishu(env, io)),
    ];
    // Slack knows the time better; without it only what cannot be is found.
    if (env.slack === null) findings.push(...(await clock(io)));
    if (values.json === true) {
      await io.out(`${JSON.stringify(findings)}\n`);
    } else {
      for (const { what, ok, line, fix } of findings) {
        await io.out(`${ok ? 'ok  ' : 'FAIL'}  ${what}  ${line}\n${fix === undefined || ok ? '' : `      → ${fix}\n`}`);
      }
    }
    return findings.every((finding) => finding.ok) ? 0 : 1;
  },
};

async function configuration(env: ServerEnv, io: Io): Promise<Finding[]> {
  const { findConfig, loadConfig } = await import('../config/source.ts');
  const source = findConfig(env.configFile, io.cwd);
  const loaded = await loadConfig(source, { now: io.now() });
  const what = 'configuration';
  if (loaded.ok) return [{ what, ok: true, line: `${source.label}, ${count(loaded.warnings.length, 'warning')}` }];
  const first = loaded.errors[0];
  const place = first === undefined || first.line === 0 ? '' : ` in line ${first.line}`;
  return [
    {
      what,
      ok: false,
      line: `${source.label}: ${count(loaded.errors.length, 'mistake')}, the first${place}: ${first?.message ?? ''}`,
      fix: `run: itr config check ${source.label}`,
    },
  ];
}

async function database(env: ServerEnv, io: Io): Promise<Finding[]> {
  const what = 'database';
  const { name } = env.database;
  if (env.database.kind === 'sqlite') {
    const file = databaseFile(env.database.url);
    // To open it would make it, and this verb only looks.
    if (file === null || !existsSync(file)) {
      const line = `${name} is not there yet`;
      const folder = file === null ? null : nearestFolder(file);
      if (folder === null || mayMakeIn(folder)) return [{ what, ok: true, line: `${line}; \`itr start\` makes it` }];
      const fix = `let this user write to ${folder}, or set DATABASE_URL to another path`;
      return [{ what, ok: false, line: `${line}, and cannot be made in ${folder}`, fix }];
    }
  }
  try {
    const { openStorage } = await import('../storage/index.ts');
    const storage = await openStorage({ url: env.database.url, now: io.now, wake: () => undefined, use: 'look' });
    const faults = await storage.integrity();
    const lacking = storage.pending.length;
    // Tables of migrations to come are not there to be asked.
    const depth =
      lacking > 0
        ? { dead: 0 }
        : await storage.queues.outbox.depth(io.now()).catch((error: unknown) => {
            // A damaged database may not even be counted; what is wrong with it is known already.
            if (faults.length === 0) throw error;
            return { dead: 0 };
          });
    const audit = lacking > 0 || faults.length > 0 ? [] : await auditTimers(storage, env, io);
    await storage.close();
    const dead: Finding[] =
      depth.dead === 0
        ? []
        : [
            {
              what: 'outbox',
              ok: false,
              line: count(depth.dead, 'dead letter'),
              fix: 'run: itr outbox list, mend the cause, then: itr outbox retry --all',
            },
          ];
    const upgrade = lacking === 0 ? '' : `; \`itr start\` applies ${count(lacking, 'migration')}`;
    if (faults.length === 0) return [{ what, ok: true, line: `${name}, sound${upgrade}` }, ...audit, ...dead];
    return [{ what, ok: false, line: faults.slice(0, 3).join('; '), fix: DAMAGED[env.database.kind] }, ...dead];
  } catch (error) {
    const line = error instanceof Error ? error.message : String(error);
    // Its sentence says what to do.
    if (error instanceof StorageUnusable) return [{ what, ok: false, line }];
    return [{ what, ok: false, line, fix: `check that ${name} can be written by this user` }];
  }
}

/** The one that is there; those on the way from it to the file are made at the start. */
function nearestFolder(file: string): string {
  let folder = dirname(resolve(file));
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

function mayMakeIn(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

const DAMAGED = {
  sqlite: 'stop the program and restore a backup',
  postgresql: 'mend it in postgresql.conf, then restart PostgreSQL',
} as const;

async function clock(io: Io): Promise<Finding[]> {
  const what = 'clock';
  const { newestMigrationAt } = await import('../storage/index.ts');
  const now = io.now();
  const zone = io.env['TZ'] || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const oldest = newestMigrationAt();
  // A day of grace: the date of a migration is that of its writer's zone.
  if (now < oldest - DAY) {
    const line = `${toIsoUtc(now)} is before this version was written (${toIsoUtc(oldest).slice(0, 10)})`;
    return [{ what, ok: false, line, fix: 'set the system clock, and let NTP keep it' }];
  }
  if (!isZone(zone)) {
    const fix = 'set TZ to a name such as Asia/Shanghai, or leave it out';
    return [{ what, ok: false, line: `TZ="${zone}" is no time zone`, fix }];
  }
  return [{ what, ok: true, line: `${toIsoUtc(now)}, time zone ${zone}` }];
}

const isZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name.replace(/^:/, '') });
    return true;
  } catch {
    return false;
  }
};

async function feishu(env: ServerEnv, io: Io): Promise<Finding[]> {
  if (env.feishu === null) return [{ what: 'feishu', ok: true, line: 'not configured' }];
  const [{ createFeishu }, { createLog }] = await Promise.all([
    import('../adapters/feishu/index.ts'),
    import('../log.ts'),
  ]);
  const adapter = createFeishu({
    ...env.feishu,
    paid: env.feishu.urgent,
    receive: async () => ({ kind: 'accepted' }),
    isGesture: () => false,
    chatOf: async () => null,
    watched: () => [],
    talks: async () => [],
    keep: { load: async () => null, save: async () => undefined },
    leads: async () => false,
    language: () => 'en',
    log: createLog({ level: 'silent' }),
    now: io.now,
  });
  const found = await adapter.diagnose();
  return found.map(({ ok, line, fix }) => ({ what: 'feishu', ok, line, ...(fix === undefined ? {} : { fix }) }));
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

async function slack(env: ServerEnv, io: Io): Promise<Finding[]> {
  if (env.slack === null) return [{ what: 'slack', ok: true, line: 'not configured' }];
  const [{ createSlack }, { createLog }] = await Promise.all([
    import('../adapters/slack/index.ts'),
    import('../log.ts'),
  ]);
  const { botToken, signingSecret, appToken, apiUrl } = env.slack;
  const adapter = createSlack({
    botToken,
    ...(signingSecret === null ? {} : { signingSecret }),
    ...(appToken === null ? {} : { appToken }),
    apiUrl,
    receive: async () => ({ kind: 'accepted' }),
    log: createLog({ level: 'silent' }),
    now: io.now,
  });
  const found = await adapter.diagnose();
  return found.map(({ ok, line, fix }) => ({ what: 'slack', ok, line, ...(fix === undefined ? {} : { fix }) }));
}
