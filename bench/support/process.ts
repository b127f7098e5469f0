import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './numbers.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A process of its own, so that what is measured shares an event loop with nothing. */
export interface Running {
  readonly pid: number;
  /** Resident memory, MB. */
  rss(): number;
  /** Everything it has printed. */
  printed(): string;
  /** Takes it off the processor while others are measured. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
  /** Resolves with its output when it has ended by itself. */
  ended(): Promise<string>;
}

function run(args: readonly string[], options: { readonly env?: Environment; readonly cwd?: string } = {}): Running {
  // Nothing of the caller's own settings: a token in his shell must not meet a benchmark.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...options.env };
  const child = spawn(process.execPath, args, { env, cwd: options.cwd ?? ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot start ${args.join(' ')}`);
  let out = '';
  let all = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    all += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()));
  const exit = once(child, 'close');
  // Also where a benchmark throws, or is interrupted: nothing of it stays behind.
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    pid,
    rss() {
      const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return Number(kilobytes) / 1024;
    },
    printed: () => all,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exit;
      clearTimeout(impatient);
    },
    async ended() {
      await exit;
      if (child.exitCode !== 0) throw new Error(`${args.join(' ')} failed:\n${all}`);
      return out;
    },
  };
}

export type Environment = Readonly<Record<string, string>>;

/** A script of this folder that prints its address once it listens. */
export async function startServer(script: string): Promise<Running & { readonly url: string }> {
  const server = run(scriptArgs(script));
  return { ...server, url: await addressOf(server) };
}

/** A script of this folder that ends by itself and prints JSON. */
export async function runScript<T>(script: string, input: unknown): Promise<T> {
  return JSON.parse(await run([...scriptArgs(script), JSON.stringify(input)]).ended()) as T;
}

const scriptArgs = (script: string): string[] => ['--import', 'tsx', join(ROOT, 'bench', 'support', script)];

/** The program as its users start it, in a folder of its own; `data` outlives it. */
export async function startProgram(
  folder: string,
  options: { readonly env?: Environment; readonly config?: string; readonly port?: number } = {},
): Promise<Running & { readonly url: string }> {
  const env: Record<string, string> = { PORT: String(options.port ?? 0), LOG_LEVEL: 'warn', ...options.env };
  if (options.config !== undefined) writeFileSync(join(folder, 'itr.config.yaml'), options.config);
  const program = run([join(ROOT, 'bin', 'itr.mjs'), 'start'], { env, cwd: folder });
  // On a known port the caller can see it answer before it says so.
  const url = options.port === undefined ? await addressOf(program) : `http://127.0.0.1:${options.port}`;
  return { ...program, url };
}

/** A verb of `itr`, beside the program of that folder; what it prints. */
export const runTool = (folder: string, args: readonly string[]): Promise<string> =>
  run([join(ROOT, 'bin', 'itr.mjs'), ...args], { cwd: folder }).ended();

/** Where the program keeps its data by default. */
export const databaseIn = (folder: string): string => join(folder, 'data', 'itr.db');

async function addressOf(server: Running): Promise<string> {
  try {
    return await until('its address', () => /http:\/\/[\w.:]+/.exec(server.printed())?.[0] ?? null, {
      withinMs: 20_000,
    });
  } catch (error) {
    throw new Error(`not started:\n${server.printed()}`, { cause: error });
  }
}

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'itr-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
