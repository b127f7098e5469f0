import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App, Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { answer, header, readBody } from '../http.ts';
import type { Intake } from './intake.ts';
import { isRaw, text, type Raw } from './payload.ts';
import { createVerify } from './signature.ts';

/** Slack's largest payloads (views) are 250 kB; form encoding may triple that. */
const MAX_BODY = 1024 * 1024;

/**
 * Slack over HTTP, as Bolt's `Receiver`: everything is committed before Slack is told "received", and where that fails Slack is told to come again.
 * It owns no server: `handle` is mounted on the common port.
 */
export class HttpReceiver implements Receiver {
  private app: App | undefined;
  private accepting = false;
  private running = 0;
  private idle: (() => void) | undefined;
  private readonly intake: Intake;
  private readonly verify: ReturnType<typeof createVerify>;
  private readonly log: Logger;

  constructor(options: {
    readonly signingSecret: string;
    readonly intake: Intake;
    /** The real time: signatures are dated by Slack, whatever the product's own clock says. */
    readonly clock: () => number;
    readonly log: Logger;
  }) {
    this.intake = options.intake;
    this.verify = createVerify(options.signingSecret, options.clock);
    this.log = options.log;
  }

  init(app: App): void {
    this.app = app;
  }

  start(): Promise<void> {
    this.accepting = true;
    return Promise.resolve();
  }

  /** From here on Slack is told to come again; resolves when what had come before is stored and answered. */
  async stop(): Promise<void> {
    this.accepting = false;
    if (this.running > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.running += 1;
    this.serve(request, response)
      .catch((error: unknown) => {
        // Most likely the database. Slack repeats at once, after a minute and after five.
        this.log.error({ err: error }, 'Slack payload not stored; Slack will repeat it');
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
    // Before the HMAC: a stranger must not make us hash, or hold, a hundred megabytes.
    const raw = await readBody(request, MAX_BODY);
    if (raw === 'too large') return answer(response, 413, undefined, { connection: 'close' });
    if (raw === 'broke off') return;
    const form = isForm(request.headers['content-type']);
    const signed = this.verify(raw, header(request, 'x-slack-request-timestamp'), header(request, 'x-slack-signature'));
    if (!signed) {
      // The certificate check of a command's address is not signed, and carries nothing.
      const isCheck =
        form === true && raw.length < 4096 && new URLSearchParams(raw.toString('utf8')).get('ssl_check') === '1';
      return answer(response, isCheck ? 200 : 401);
    }
    if (form === null) return answer(response, 415);
    const payload = parse(raw, form);
    if (payload === null) return answer(response, 400);
    if (payload['type'] === 'event_callback' || payload['type'] === 'app_rate_limited') {
      await this.intake(payload);
      return answer(response, 200);
    }
    if (payload['type'] === 'url_verification') {
      return answer(response, 200, { challenge: text(payload, 'challenge') ?? '' });
    }
    if (text(payload, 'ssl_check') === '1') return answer(response, 200);
    await this.interact(payload, response);
  }

  private async interact(body: Raw, response: ServerResponse): Promise<void> {
    if (this.app === undefined) throw new Error('HttpReceiver: no Bolt app');
    let said: unknown;
    await this.app.processEvent({
      body: { ...body },
      ack: (what?: unknown) => {
        said = what;
        return Promise.resolve();
      },
    });
    // Whatever Bolt knows no kind for has nobody here to act on it, and an error would only be shown to the person who pressed.
    answer(response, 200, said);
  }
}

/** True: form fields; false: JSON; null: neither. Slack has sent both with and without a charset. */
const isForm = (contentType: string | undefined): boolean | null => {
  const [type] = (contentType ?? '').split(';');
  if (type?.trim().toLowerCase() === 'application/json') return false;
  return type?.trim().toLowerCase() === 'application/x-www-form-urlencoded' ? true : null;
};

const parse = (raw: Buffer, form: boolean): Raw | null => {
  try {
    const body = raw.toString('utf8');
    if (!form) return object(JSON.parse(body));
    const fields = new URLSearchParams(body);
    const payload = fields.get('payload');
    // A slash command is its own fields.
    return payload === null ? Object.fromEntries(fields) : object(JSON.parse(payload));
  } catch {
    return null;
  }
};

const object = (value: unknown): Raw | null => (isRaw(value) ? value : null);
