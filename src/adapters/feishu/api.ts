import { AppType, Client, LoggerLevel, withTenantToken } from '@larksuiteoapi/node-sdk';
import type { Logger } from 'pino';
import { at, isRaw, text } from '../raw.ts';
import { Account } from './account.ts';
import { codeOf, TOKEN_CODES, toDeliveryError, type ApiName } from './errors.ts';
import { httpInstance, NoAnswer, Refusal } from './http.ts';
import { Pace } from './pace.ts';
import { sdkLogger } from './sdk.ts';
import { askToken, Tokens } from './token.ts';

/** What every answer of Feishu's has around its data. */
export interface Answer<D> {
  readonly code?: number | undefined;
  readonly msg?: string | undefined;
  readonly data?: D | undefined;
}

type Options = ReturnType<typeof withTenantToken>;
type Run<T> = (client: Client, options: Options) => Promise<T>;

/**
 * Calls of Feishu's API, so that the SDK's traps are behind one door: one token for all who ask, a time-out, `code` looked at although the status is 200,
 * no error that carries the token, and no call before Feishu wants one. Every failure is a `DeliveryError`.
 */
export class Api {
  readonly account: Account;
  readonly domain: string;
  private readonly client: Client;
  private readonly tokens: Tokens;
  private readonly pace: Pace;

  constructor(options: {
    readonly appId: string;
    readonly appSecret: string;
    readonly domain: string;
    readonly log: Logger;
    /** ms: tokens and limits run by it, whatever becomes of the product's own clock. */
    readonly monotonic: () => number;
    /** For an answer of Feishu's. */
    readonly timeoutMs?: number;
  }) {
    const { appId, appSecret, domain, log, monotonic } = options;
    const http = httpInstance(options.timeoutMs);
    this.pace = new Pace(monotonic);
    this.domain = domain;
    this.client = new Client({
      appId,
      appSecret,
      appType: AppType.SelfBuild,
      domain,
      httpInstance: http,
      logger: sdkLogger(log),
      loggerLevel: LoggerLevel.warn,
      // Its own has no single flight, and takes a refusal for a token.
      disableTokenCache: true,
    });
    this.tokens = new Tokens({
      ask: askToken({ domain, appId, appSecret, request: (what) => http.request(what) }),
      now: monotonic,
    });
    this.account = new Account({ appId, ask: () => this.whoAmI(), log });
  }

  /** Throws `DeliveryError`, with the `Refusal` as its cause where Feishu said no. */
  async call<D>(api: ApiName, run: Run<Answer<D>>): Promise<D> {
    const answer = await this.answered(api, run);
    return (answer.data ?? {}) as D;
  }

  /** A token, so that the first message need not wait for it; and whether the keys are right. */
  async warm(): Promise<void> {
    try {
      await this.tokens.get();
    } catch (error) {
      this.account.failed('auth.token', error);
      throw toDeliveryError('auth.token', error);
    }
  }

  private async answered<T extends Answer<unknown>>(api: ApiName, run: Run<T>): Promise<T> {
    this.pace.take(api);
    await this.warm();
    try {
      const result = await this.once(run);
      this.account.works(api);
      return result;
    } catch (error) {
      const failure = toDeliveryError(api, error);
      if (failure.scope === 'platform' && error instanceof Refusal && failure.retryAfterMs !== null)
        this.pace.close(api, failure.retryAfterMs);
      this.account.failed(api, error);
      throw failure;
    }
  }

  private async once<T extends Answer<unknown>>(run: Run<T>): Promise<T> {
    const token = await this.tokens.get();
    try {
      return await checked(run(this.client, withTenantToken(token)));
    } catch (error) {
      if (!TOKEN_CODES.has(codeOf(error) ?? 0)) throw error;
      this.tokens.refused(token);
      return checked(run(this.client, withTenantToken(await this.tokens.get())));
    }
  }

  private async whoAmI(): Promise<{ readonly openId: string; readonly name: string }> {
    // Not under `data`, as everything else is.
    const answer = await this.answered('bot.info', (client, options) =>
      client.request<Answer<never>>({ method: 'GET', url: '/open-apis/bot/v3/info' }, options),
    );
    const bot = isRaw(answer) ? at(answer, 'bot') : {};
    const openId = text(bot, 'open_id');
    if (openId === null) throw new NoAnswer('bot/v3/info names no bot: switch the bot ability on', true);
    return { openId, name: text(bot, 'app_name') ?? 'bot' };
  }
}

/** The SDK resolves with whatever a 200 says. */
const checked = async <T extends Answer<unknown>>(asked: Promise<T>): Promise<T> => {
  const answer: unknown = await asked;
  if (!isRaw(answer)) throw new NoAnswer('an answer that is none', true);
  if (answer['code'] !== 0) throw new Refusal(200, answer, () => null);
  return answer as unknown as T;
};
