import { NoAnswer, Refusal } from './http.ts';

/** Asked for this long before Feishu would refuse the old one. */
const EARLY_MS = 5 * 60_000;

/**
 * The app's access token. However many ask at once, one request is made: the SDK would make one each, and its own refusals say nothing of the reason.
 */
export class Tokens {
  private held: { readonly token: string; readonly until: number } | null = null;
  private asking: Promise<string> | null = null;
  private readonly ask: () => Promise<{ readonly token: string; readonly expiresInMs: number }>;
  private readonly now: () => number;

  constructor(options: { readonly ask: Tokens['ask']; readonly now: () => number }) {
    this.ask = options.ask;
    this.now = options.now;
  }

  /** Throws what `ask` throws. */
  get(): Promise<string> {
    if (this.held !== null && this.now() < this.held.until) return Promise.resolve(this.held.token);
    this.asking ??= this.renew().finally(() => (this.asking = null));
    return this.asking;
  }

  /** Feishu refuses this one. Another, which somebody has fetched meanwhile, stays. */
  refused(token: string): void {
    if (this.held?.token === token) this.held = null;
  }

  private async renew(): Promise<string> {
    const { token, expiresInMs } = await this.ask();
    this.held = { token, until: this.now() + Math.max(expiresInMs - EARLY_MS, expiresInMs / 2) };
    return token;
  }
}

/** `POST /auth/v3/tenant_access_token/internal` for the app with these keys. */
export const askToken =
  (options: {
    readonly domain: string;
    readonly appId: string;
    readonly appSecret: string;
    readonly request: (options: {
      readonly url: string;
      readonly method: 'POST';
      readonly data: unknown;
    }) => Promise<unknown>;
  }): (() => Promise<{ readonly token: string; readonly expiresInMs: number }>) =>
  async () => {
    const answer = await options.request({
      url: `${options.domain}/open-apis/auth/v3/tenant_access_token/internal`,
      method: 'POST',
      data: { app_id: options.appId, app_secret: options.appSecret },
    });
    if (typeof answer !== 'object' || answer === null) throw new NoAnswer('an answer that is none', true);
    const { tenant_access_token: token, expire } = answer as { tenant_access_token?: unknown; expire?: unknown };
    // A wrong secret is answered 200, with a number.
    if (typeof token !== 'string' || token === '') throw new Refusal(200, answer, () => null);
    return { token, expiresInMs: (typeof expire === 'number' ? expire : 7200) * 1000 };
  };
