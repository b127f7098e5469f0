import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { ACCESS_ERRORS, codeOf, toDeliveryError } from './errors.ts';
import type { Self } from './inbound.ts';
import { redact } from './sdk.ts';

/** How often a refused token is tried again: the app may be installed again under the same one. */
const REFUSED_RETRY_MS = 60_000;
const MAX_RETRY_MS = 60_000;

/** Who the bot is, and whether Slack accepts its token. Asked at the start and until Slack answers: a Slack that is down stops no start. */
export class Account implements Self {
  teamId: string | null = null;
  enterpriseId: string | null = null;
  botUserId: string | null = null;
  botId: string | null = null;
  /** Null: all is well. */
  problem: string | null = 'not asked yet';
  /** Methods that Slack will not let us call until somebody adds a scope, and its words for it; the rest goes on. */
  private readonly lacking = new Map<string, string>();
  private name = '';
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private stopped = false;
  private readonly client: WebClient;
  private readonly log: Logger;

  constructor(client: WebClient, log: Logger) {
    this.client = client;
    this.log = log;
  }

  health(): { readonly ok: boolean; readonly line: string } {
    const lines = [this.problem ?? this.name, ...this.lacking.values()];
    return { ok: this.problem === null, line: lines.join('; ') };
  }

  /** Resolves after the first answer, or the first failure; goes on trying by itself. */
  async start(): Promise<void> {
    this.stopped = false;
    try {
      const answer = await this.client.auth.test();
      this.teamId = answer.team_id ?? null;
      this.enterpriseId = answer.enterprise_id ?? null;
      this.botUserId = answer.user_id ?? null;
      this.botId = answer.bot_id ?? null;
      this.name = `@${answer.user ?? 'bot'} in ${answer.team ?? answer.team_id ?? 'an unnamed workspace'}`;
      this.works();
    } catch (error) {
      this.failures += 1;
      this.failed('auth.test', error);
      const delay = this.refused(error) ? REFUSED_RETRY_MS : Math.min(1_000 * 2 ** (this.failures - 1), MAX_RETRY_MS);
      if (this.ended()) return;
      this.timer = setTimeout(() => void this.start(), delay);
      // A test or a CLI verb that forgets to stop must be able to end.
      this.timer.unref();
    }
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private ended(): boolean {
    return this.stopped;
  }

  /** Some call succeeded. */
  works(): void {
    if (this.problem !== null && this.name !== '') this.log.info(`Slack accepts the token: ${this.name}`);
    if (this.name !== '') this.problem = null;
    this.failures = 0;
  }

  /** Some call failed; only what concerns the whole platform is remembered. */
  failed(method: string, error: unknown): void {
    const code = codeOf(error);
    if (this.refused(error)) {
      this.say(`Slack refuses the bot token (${code}): check SLACK_BOT_TOKEN, or install the app again`);
    } else if (code === 'missing_scope') {
      const { message } = toDeliveryError(method, error);
      if (!this.lacking.has(method)) this.log.error(`${message}: add the scope and install the app again`);
      this.lacking.set(method, message);
    } else if (method === 'auth.test') {
      this.say(redact(toDeliveryError(method, error).message));
    }
  }

  /** Slack said so by an event. */
  lost(detail: string): void {
    this.say(`${detail}: install the app again and set SLACK_BOT_TOKEN`);
  }

  private refused(error: unknown): boolean {
    return ACCESS_ERRORS.has(codeOf(error) ?? '');
  }

  private say(problem: string): void {
    if (this.problem !== problem) this.log.error(problem);
    this.problem = problem;
  }
}
