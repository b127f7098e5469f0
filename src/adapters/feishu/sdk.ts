import type { Logger as SdkLogger } from '@larksuiteoapi/node-sdk';
import type { Logger } from 'pino';

/** Bearer tokens, secrets and the tickets in a connection's address never reach a log. */
export const redact = (line: string): string =>
  line
    .replace(/\b(t|u|a)-[\w-]{10,}/g, '[token]')
    .replace(/(app_?secret["']?\s*[:=]\s*["']?)[^"'&\s,}]+/gi, '$1[secret]')
    .replace(/([?&](?:access_key|ticket|device_id)=)[^&\s"]+/g, '$1[hidden]');

/** The SDK speaks through our log, from warnings upwards, and only in words: what else it logs are requests with their headers, and whole payloads. */
export const sdkLogger = (log: Logger): SdkLogger => {
  const line = (parts: readonly unknown[]): string =>
    redact(
      parts
        .flat(3)
        .map(said)
        .filter((part) => part !== '')
        .join(' '),
    );
  return {
    trace: () => undefined,
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts: unknown[]) => log.warn(line(parts)),
    error: (...parts: unknown[]) => log.warn(line(parts)),
  };
};

const said = (part: unknown): string =>
  part instanceof Error ? part.message : typeof part === 'string' || typeof part === 'number' ? String(part) : '';
