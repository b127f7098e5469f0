import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App, Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { answer, header } from '../http.ts';
import { Webhook } from '../webhook.ts';
import type { Intake } from './intake.ts';
import { isRaw, text, type Raw } from './payload.ts';
import { createVerify } from './signature.ts';

/** Slack over HTTP, as Bolt's `Receiver`: everything is committed before Slack is told "received", and where that fails Slack is told to come again. */
export class HttpReceiver extends Webhook implements Receiver {
  private app: App | undefined;
  private readonly intake: Intake;
  private readonly verify: ReturnType<typeof createVerify>;

  constructor(options: {
    readonly signingSecret: string;
    readonly intake: Intake;
    /** The real time: signatures are dated by Slack, whatever the product's own clock says. */
    readonly clock: () => number;
    readonly log: Logger;
  }) {
    super('Slack', options.log);
    this.intake = options.intake;
    this.verify = createVerify(options.signingSecret, options.clock);
  }

  init(app: App): void {
    this.app = app;
  }

  protected async take(raw: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
