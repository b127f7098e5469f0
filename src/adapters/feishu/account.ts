import type { Logger } from 'pino';
import { DeliveryError } from '../../conversations/platform.ts';
import { ACCESS_CODES, codeOf, IP_REFUSED, MISSING_SCOPE, toDeliveryError, type ApiName } from './errors.ts';
import type { Self } from './inbound.ts';
import { redact } from './sdk.ts';

const MAX_RETRY_MS = 60_000;

/** Who the bot is, and whether Feishu accepts its keys. Asked at the start and until Feishu answers: a Feishu that is down stops no start. */
export class Account implements Self {
  openId: string | null = null;
  tenantKey: string | null = null;
  readonly appId: string;
  /** Null: all is well. */
  problem: string | null = 'not asked yet';
  /** What Feishu will not let us call until somebody adds a scope, and its words for it; the rest goes on. */
  private readonly lacking = new Map<ApiName, string>();
  private name = '';
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private stopped = false;
  private readonly ask: () => Promise<{ readonly openId: string; readonly name: string }>;
  private readonly log: Logger;

  constructor(options: { readonly appId: string; readonly ask: Account['ask']; readonly log: Logger }) {
    this.appId = options.appId;
    this.ask = options.ask;
    this.log = options.log;
  }

  health(): { readonly ok: boolean; readonly line: string } {
    const lines = [this.problem ?? `“${this.name}” (${this.appId})`, ...this.lacking.values()];
    return { ok: this.problem === null, line: lines.join('; ') };
  }

  /** Resolves after the first answer, or the first failure; goes on trying by itself. */
  async start(): Promise<void> {
    this.stopped = false;
    try {
      const { openId, name } = await this.ask();
      this.openId = openId;
      this.name = name;
      this.works();
    } catch (error) {
      this.failures += 1;
      this.failed('bot.info', error);
      if (this.ended()) return;
      this.timer = setTimeout(() => void this.start(), Math.min(1_000 * 2 ** (this.failures - 1), MAX_RETRY_MS));
      // A test or a CLI verb that forgets to stop must be able to end.
      this.timer.unref();
    }
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Some call succeeded. */
  works(api?: ApiName): void {
    if (api !== undefined) this.lacking.delete(api);
    if (this.name === '') return;
    if (this.problem !== null) this.log.info(`Feishu accepts the keys: “${this.name}” (${this.appId})`);
    this.problem = null;
    this.failures = 0;
  }

  /** Some call failed; only what concerns the whole platform, or somebody can mend, is remembered. */
  failed(api: ApiName, error: unknown): void {
    const code = codeOf(error);
    const { message } = toDeliveryError(api, error);
    if (code !== null && ACCESS_CODES.has(code)) {
      this.say(
        code === IP_REFUSED
          ? `Feishu refuses this server's address (${redact(message)}): add it to the app's IP allow-list`
          : `Feishu refuses the keys (${redact(message)}): check FEISHU_APP_ID and FEISHU_APP_SECRET`,
      );
    } else if (code !== null && MISSING_SCOPE.has(code)) {
      const line = `${redact(message)}: add the scope, then publish a new version of the app`;
      if (!this.lacking.has(api)) this.log.error(line);
      this.lacking.set(api, line);
    } else if (api === 'bot.info' && !isKeptBack(error)) {
      this.say(redact(message));
    }
  }

  private ended(): boolean {
    return this.stopped;
  }

  private say(problem: string): void {
    if (this.problem !== problem) this.log.error(problem);
    this.problem = problem;
  }
}

/** By our own pace, after Feishu's no: what Feishu said of it stands. */
const isKeptBack = (error: unknown): boolean => error instanceof DeliveryError && error.cause === undefined;
