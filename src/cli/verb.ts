import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

/** What a verb may touch of the world, so that tests can hand it another one. */
export interface Io {
  /** The answer, and nothing but the answer. Resolves when there is room for more. */
  out(text: string): Promise<void>;
  /** Logs, hints, mistakes. */
  err(text: string): void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly stdin: NodeJS.ReadableStream;
}

/** 0: done. 1: a rule said no. 2: wrong call. */
export type ExitCode = 0 | 1 | 2;

/**
 * One verb, one file. Keep what is imported at the top of that file light: `itr --help` loads all of them. A database or an
 * SDK belongs into `await import(…)` inside `run`.
 */
export interface Verb {
  readonly name: string;
  /** One line, for the list of verbs. */
  readonly summary: string;
  /** One line for each way to call it, without the leading `itr`. */
  readonly usage: readonly string[];
  /** A call that works as it stands, and what it prints. */
  readonly example: string;
  /** `args` is what follows the verb; `--help` never comes here. Throws `WrongCall` for exit code 2. */
  run(args: readonly string[], io: Io): Promise<ExitCode>;
}

/** The caller has to write it differently; the dispatcher shows the message and the usage, and exits 2. */
export class WrongCall extends Error {}

/** It cannot be done as things are; the message is one sentence that says what to do, and all that is shown (exit 1). */
export class Refused extends Error {}

/** `parseArgs`, with its complaints (unknown option, missing value) as a wrong call. */
export const readArgs = <const O extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: O,
) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (error instanceof TypeError) throw new WrongCall(error.message);
    throw error;
  }
};

/** The value of an option that has to be there. */
export const needed = (value: string | undefined, option: string): string => {
  if (value === undefined || value === '') throw new WrongCall(`--${option} is needed`);
  return value;
};

/** Text that the domain reads; what it cannot read is a wrong call. */
export const readValue = <T>(option: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new WrongCall(`--${option}: ${error.message}`);
    throw error;
  }
};
