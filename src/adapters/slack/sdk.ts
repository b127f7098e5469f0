import { LogLevel, type Logger as SdkLogger } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';

/** Tokens, and the ticket in a Socket Mode address, never reach a log. */
export const redact = (line: string): string =>
  line.replace(/\bx(?:ox[a-z]|app)-[\w.-]+/g, '[token]').replace(/([?&]ticket=)[^&\s"]+/g, '$1[ticket]');

/** Slack's SDK speaks through our log, from warnings upwards: at debug level it writes out whole payloads. */
export const sdkLogger = (log: Logger): SdkLogger => {
  const line = (parts: readonly unknown[]): string =>
    redact(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' '));
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts: unknown[]) => log.warn(line(parts)),
    error: (...parts: unknown[]) => log.error(line(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
};

/**
 * For every client of the SDK; a new object each time, because Bolt and the Socket Mode client write into the one they are given (that is how a
 * workspace was once called with another one's token). No `headers`, for the same reason.
 *
 * The SDK's own retries (10 within 30 minutes) would post a message again whose first answer was lost, and its own wait after a 429 would hold up every
 * other method: the outbox does both, knowing what it does.
 */
export const clientOptions = (options: { readonly apiUrl: string; readonly log: Logger }): WebClientOptions => ({
  slackApiUrl: options.apiUrl,
  logger: sdkLogger(options.log),
  timeout: 10_000,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  allowAbsoluteUrls: false,
});
