import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answer, readBody } from './http.ts';

/** Slack's largest payloads (views) are 250 kB, form encoding may triple that; Feishu's messages are up to 150 KB, encryption adds a third. */
const MAX_BODY = 1024 * 1024;

/**
 * What every platform that calls an address is served by: nothing is read before `start` or after `stop`, and no more than MAX_BODY of it; where `take`
 * rejects, the platform is told to come again. It owns no server: `handle` is mounted on the common port.
 */
export abstract class Webhook {
  private accepting = false;
  private running = 0;
  private idle: (() => void) | undefined;
  private readonly platform: string;
  protected readonly log: Logger;

  protected constructor(platform: string, log: Logger) {
    this.platform = platform;
    this.log = log;
  }

  /** Verifies, stores and answers. Rejects when it could not be stored. */
  protected abstract take(raw: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void>;

  start(): Promise<void> {
    this.accepting = true;
    return Promise.resolve();
  }

  /** From here on the platform is told to come again; resolves when what had come before is stored and answered. */
  async stop(): Promise<void> {
    this.accepting = false;
    if (this.running > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.running += 1;
    this.serve(request, response)
      .catch((error: unknown) => {
        // Most likely the database. Slack repeats at once, after a minute and after five; Feishu after 15 s, 5 min, 1 h and 6 h.
        this.log.error({ err: error }, `${this.platform} payload not stored; ${this.platform} will repeat it`);
        answer(response, 503);
      })
      .finally(() => {
        this.running -= 1;
        if (this.running === 0) this.idle?.();
      });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return answer(response, 405, undefined, { allow: 'POST' });
    if (!this.accepting) return answer(response, 503);
    // Before any hash: a stranger must not make us hash, or hold, a hundred megabytes.
    const raw = await readBody(request, MAX_BODY);
    if (raw === 'too large') return answer(response, 413, undefined, { connection: 'close' });
    if (raw !== 'broke off') await this.take(raw, request, response);
  }
}
