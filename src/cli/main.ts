import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { near } from '../domain/near.ts';
import { StorageUnusable } from '../storage/errors.ts';
import type { ExitCode, Io, Verb } from './verb.ts';
import { Refused, WrongCall } from './verb.ts';
import { VERBS } from './verbs.ts';

/** Runs `itr ARGS`; never throws for what a caller can write. */
export const main = async (args: readonly string[], io: Io = processIo()): Promise<ExitCode> => {
  const [first, ...rest] = args;
  if (first === undefined) {
    io.err(await overview());
    return 2;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest[0] === undefined)) {
    await io.out(await overview());
    return 0;
  }
  const name = first === 'help' ? (rest[0] ?? '') : first;
  const load = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (load === undefined) {
    const verbs = Object.keys(VERBS);
    const likely = near(name, verbs);
    const hint =
      likely.length > 0
        ? `did you mean ${likely.join(' or ')}? "itr --help" lists all`
        : `there are ${verbs.join(', ')}; "itr --help" explains them`;
    io.err(`itr: unknown verb "${name}"; ${hint}\n`);
    return 2;
  }
  const { verb } = await load();
  // What follows `--` is not ours to read.
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (first === 'help' || own.includes('--help') || own.includes('-h')) {
    await io.out(helpOf(verb));
    return 0;
  }
  try {
    return await verb.run(rest, io);
  } catch (error) {
    if (error instanceof WrongCall) {
      io.err(`itr ${name}: ${error.message}\n\n${usageOf(verb)}\n`);
      return 2;
    }
    if (error instanceof Refused || error instanceof StorageUnusable) {
      io.err(`itr ${name}: ${error.message}\n`);
      return 1;
    }
    // Nobody foresaw this one: whoever mends it needs to see where it came from.
    io.err(`itr ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
};

const overview = async (): Promise<string> => {
  const verbs = await Promise.all(Object.values(VERBS).map(async (load) => (await load()).verb));
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  const lines = verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`);
  return [
    'itr: from issue to resolution, in group chats',
    '',
    'Usage: itr VERB [ARGUMENTS]',
    '',
    ...lines,
    '',
    '"itr VERB --help" explains one, with an example. Exit codes: 0 done, 1 a rule said no, 2 wrong call.',
    'With --json the answer is JSON on standard output; what went wrong is a sentence on standard error, as without.',
    '',
  ].join('\n');
};

const usageOf = (verb: Verb): string => ['Usage:', ...verb.usage.map((line) => `  itr ${line}`)].join('\n');

const helpOf = (verb: Verb): string =>
  `itr ${verb.name}: ${verb.summary}\n\n${usageOf(verb)}\n\nExample:\n${verb.example.replace(/^/gm, '  ')}\n`;

/** `.env` of the current folder, below what the shell says: every verb must read what the server reads. */
const dotEnv = (): Readonly<Record<string, string | undefined>> =>
  existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};

const processIo = (): Io => {
  // `itr … | head` closes the pipe early; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) =>
      new Promise((resolve) => (process.stdout.write(text) ? resolve() : process.stdout.once('drain', resolve))),
    err: (text) => void process.stderr.write(text),
    cwd: process.cwd(),
    env: { ...dotEnv(), ...process.env },
    now: () => Date.now(),
    stdin: process.stdin,
  };
};

// Run directly (`tsx src/cli/main.ts`); bin/itr.mjs imports it and calls `main` itself.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  // Set, not exited with: what is written to a pipe has to get out first.
  process.exitCode = await main(process.argv.slice(2));
}
