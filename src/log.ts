import { pino } from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

/** Whatever looks like a Slack token, also one that is not ours: people paste them into chats. */
const TOKEN_SHAPES = /\bxox[a-z]-[\w-]{6,}|\bxapp-[\w-]{6,}|\bBearer\s+[\w.~+/-]{8,}=*/g;

/**
 * JSON lines to standard error, since standard output belongs to the answers of the CLI.
 * @param secrets values that must never be seen, wherever they hide (an error message, a URL, a header)
 */
export function createLog(options: {
  readonly level: string;
  readonly secrets?: readonly string[];
  readonly write?: (line: string) => void;
}): Logger {
  const secrets = (options.secrets ?? []).filter((secret) => secret.length >= 6);
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  // The line as a whole is cleaned, after serialization: a list of paths would miss the place nobody thought of.
  const clean = (line: string): string =>
    secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line.replace(TOKEN_SHAPES, '[secret]'));
  return pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => write(clean(line)) },
  );
}
