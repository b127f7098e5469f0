import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { answer, header } from '../http.ts';
import { at, isRaw, text, type Raw } from '../raw.ts';
import { Webhook } from '../webhook.ts';
import { decrypt, verifies } from './crypto.ts';
import type { Intake } from './intake.ts';

const SAID_EVERY_MS = 60_000;
const MAX_AHEAD_MS = 5 * 60_000;
/** The last of Feishu's repetitions comes after six hours, and nobody says whether it is signed anew. What is older is nothing of Feishu's. */
const MAX_AGE_MS = 8 * 3_600_000;

/**
 * Feishu over HTTP. In this order: size, signature over the bytes as they came, age, decryption, verification token and app, and only then a look at what it
 * is; everything is committed before the 200. The SDK's own adapters do none of that reliably.
 */
export class WebhookReceiver extends Webhook {
  private refusedAt = -Infinity;
  private readonly options: {
    readonly appId: string;
    readonly encryptKey: string;
    readonly verificationToken: string | null;
    readonly intake: Intake;
    /** The real time, UTC ms: signatures are dated by Feishu, whatever the product's own clock says. */
    readonly clock: () => number;
  };

  constructor(options: WebhookReceiver['options'] & { readonly log: Logger }) {
    super('Feishu', options.log);
    this.options = options;
  }

  protected async take(raw: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.isSigned(request, raw)) return this.refuse(response, 'its signature is not by FEISHU_ENCRYPT_KEY');
    const payload = this.opened(raw);
    if (payload === null) return answer(response, 400);
    if (!this.isOurs(payload))
      return this.refuse(response, 'its verification token or app id is not the configured one');
    if (payload['type'] === 'url_verification')
      return answer(response, 200, { challenge: text(payload, 'challenge') ?? '' });
    answer(response, 200, await this.options.intake(payload));
  }

  /** Said at most once a minute: a wrong key has to show, and a stranger must not fill the log. */
  private refuse(response: ServerResponse, why: string): void {
    const now = performance.now();
    if (now - this.refusedAt >= SAID_EVERY_MS) {
      this.refusedAt = now;
      this.log.warn(`A call to Feishu's address was refused with 401: ${why}`);
    }
    answer(response, 401);
  }

  private isSigned(request: IncomingMessage, raw: Buffer): boolean {
    const signed = {
      timestamp: header(request, 'x-lark-request-timestamp'),
      nonce: header(request, 'x-lark-request-nonce'),
      signature: header(request, 'x-lark-signature'),
    };
    if (signed.signature === undefined) return this.isChallenge(raw);
    if (!verifies(signed, this.options.encryptKey, raw)) return false;
    const age = this.options.clock() - Number(signed.timestamp) * 1000;
    return age >= -MAX_AHEAD_MS && age <= MAX_AGE_MS;
  }

  /** The check of the address is encrypted, and on some tenants not signed: it carries nothing, and whoever has the key may have the challenge back. */
  private isChallenge(raw: Buffer): boolean {
    return raw.length < 4096 && this.opened(raw)?.['type'] === 'url_verification';
  }

  private opened(raw: Buffer): Raw | null {
    try {
      const outer: unknown = JSON.parse(raw.toString('utf8'));
      const encrypted = isRaw(outer) ? text(outer, 'encrypt') : null;
      // With a key set everything of Feishu's is encrypted.
      if (encrypted === null) return null;
      const inner: unknown = JSON.parse(decrypt(this.options.encryptKey, encrypted));
      return isRaw(inner) ? inner : null;
    } catch {
      return null;
    }
  }

  /** Of the header, never of the event: a card's own `token` is another thing. */
  private isOurs(payload: Raw): boolean {
    const { appId, verificationToken } = this.options;
    const head = at(payload, 'header');
    const app = text(head, 'app_id');
    if (app !== null && app !== appId) return false;
    const token = text(head, 'token') ?? text(payload, 'token');
    return verificationToken === null || token === verificationToken;
  }
}
