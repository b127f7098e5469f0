import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningClock } from '../../src/clock.ts';
import { createClock } from '../../src/clock.ts';
import { readEnv } from '../../src/config/env.ts';
import { createLog } from '../../src/log.ts';
import { startItr } from '../../src/main.ts';
import type { Itr } from '../../src/main.ts';
import { postgresIsMissing, startPostgres } from './postgres.ts';
import type { PostgresServer } from './postgres.ts';

export interface App extends Itr {
  readonly folder: string;
  readonly databaseUrl: string;
  /** What it has logged, one JSON line each. */
  readonly logged: readonly string[];
  /** A request to its API, as the administrator. */
  api(
    path: string,
    init?: { readonly method?: string; readonly body?: unknown; readonly headers?: Record<string, string> },
  ): Promise<{
    readonly status: number;
    readonly body: Record<string, unknown>;
  }>;
}

/** The real program in this process: real server, real database in a folder of its own. */
export async function startApp(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly config?: string;
    readonly clock?: RunningClock;
    /** Left out: SQLite, unless the environment has ITR_TEST_DATABASE=postgresql, by which every journey can be run on it. */
    readonly database?: 'sqlite' | 'postgresql';
    /** An earlier run's folder, to go on with its database. Kept when the app stops. */
    readonly folder?: string;
  } = {},
): Promise<App> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'itr-'));
  const database = options.database ?? process.env['ITR_TEST_DATABASE'];
  const url = database === 'postgresql' ? await postgresOf(folder) : `file:${folder}/itr.db`;
  const vars: Record<string, string> = { PORT: '0', DATABASE_URL: url, ...options.env };
  if (options.config !== undefined) {
    writeFileSync(join(folder, 'itr.config.yaml'), options.config);
    vars['ITR_CONFIG'] = join(folder, 'itr.config.yaml');
  }
  const read = readEnv(vars);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const logged: string[] = [];
  const log = createLog({
    level: process.env['TEST_LOG'] ?? 'info',
    secrets: Object.values(vars).filter((value) => /^xox|^xapp|secret/i.test(value)),
    write: (line) => {
      logged.push(line);
      if (process.env['TEST_LOG'] !== undefined) process.stderr.write(line);
    },
  });
  const itr = await startItr({ env: read.env, log, clock: options.clock ?? createClock(), cwd: folder });
  return {
    ...itr,
    folder,
    databaseUrl: url,
    logged,
    async api(path, init = {}) {
      const response = await fetch(`${itr.url}${path}`, {
        method: init.method ?? 'GET',
        headers: { 'content-type': 'application/json', ...init.headers },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async stop() {
      await itr.stop();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

let server: Promise<PostgresServer> | null = null;
const databases = new Map<string, Promise<string>>();

/** The database that belongs to a folder, on the one server of this worker. */
async function postgresOf(folder: string): Promise<string> {
  const missing = postgresIsMissing();
  if (missing !== null) throw new Error(missing);
  server ??= startPostgres().then((started) => {
    process.once('exit', () => void started.kill());
    return started;
  });
  const started = await server;
  let database = databases.get(folder);
  if (database === undefined) databases.set(folder, (database = started.database()));
  return database;
}

/** For the `afterAll` of tests that used it. */
export async function stopPostgres(): Promise<void> {
  await (await server)?.stop();
  server = null;
  databases.clear();
}
