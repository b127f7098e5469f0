import type { App, Receiver } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import { Connection, type Ack, type Ending, type OnEnvelope } from './connection.ts';
import { ACCESS_ERRORS, codeOf, toDeliveryError } from './errors.ts';
import type { Intake } from './intake.ts';
import type { Raw } from './payload.ts';
import { redact } from './sdk.ts';

export interface Pace {
  /** First wait after a failure; doubled up to `maxMs`. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** After what only a person can put right: a refused token, Socket Mode switched off. */
  readonly slowMs: number;
}

const STOP_MS = 5_000;
const PACE: Pace = { firstMs: 500, maxMs: 30_000, slowMs: 60_000 };

/**
 * Slack over Socket Mode, as Bolt's `Receiver`. Several connections at once: Slack gives each envelope to any one of them, so while one is renewed (every
 * few hours, or when it breaks) the others carry on. A renewal that Slack announces opens the new connection before it closes the old one.
 */
export class SocketReceiver implements Receiver {
  private app: App | undefined;
  private stopping = false;
  private readonly live = new Set<Connection>();
  private readonly sleepers = new Set<() => void>();
  private readonly closing = new Set<Promise<void>>();
  private slots: Promise<void>[] = [];
  private problem: string | null = null;
  private readonly options: {
    readonly appToken: string;
    readonly connections: number;
    readonly client: () => WebClientOptions;
    readonly intake: Intake;
    readonly log: Logger;
    readonly pace?: Pace;
  };

  constructor(options: SocketReceiver['options']) {
    this.options = options;
  }

  init(app: App): void {
    this.app = app;
  }

  /** Resolves when one connection is open, or the first attempts have failed; from then on it keeps itself alive. */
  async start(): Promise<void> {
    this.stopping = false;
    await new Promise<void>((resolve) => {
      this.slots = Array.from({ length: this.options.connections }, () => this.keepOpen(resolve));
    });
  }

  /** Stops taking in, and resolves when what had arrived is stored and acknowledged. What is not taken in any more, Slack delivers again. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const wake of this.sleepers) wake();
    // A connection that is just being opened may hang for longer than anybody waits for an end.
    const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
    await Promise.race([Promise.all(this.slots), late]);
    await Promise.all([...this.closing]);
  }

  health(): { readonly ok: boolean; readonly line: string } {
    const [open, wanted] = [this.live.size, this.options.connections];
    const line = `Socket Mode, ${Math.min(open, wanted)} of ${wanted} connections`;
    return { ok: open > 0, line: this.problem === null ? line : `${line}: ${this.problem}` };
  }

  private async keepOpen(onFirst: () => void): Promise<void> {
    const { firstMs, maxMs, slowMs } = this.options.pace ?? PACE;
    let failures = 0;
    let old: Connection | null = null;
    while (!this.stopping) {
      const connection = this.newConnection();
      try {
        await connection.open();
        failures = 0;
        this.problem = null;
        this.live.add(connection);
      } catch (error) {
        failures += 1;
        this.retire(old);
        old = null;
        onFirst();
        const wait = this.failed(error) ? slowMs : Math.max(retryAfter(error), backoff(failures, firstMs, maxMs));
        await this.sleep(wait);
        continue;
      }
      onFirst();
      this.retire(old);
      old = null;
      const ending = await Promise.race([connection.ending, this.stopped()]);
      if (ending === null) {
        this.retire(connection);
        break;
      }
      const wait = this.next(ending, slowMs, firstMs);
      if (wait === 0) old = connection;
      else {
        this.retire(connection);
        await this.sleep(wait);
      }
    }
    this.retire(old);
  }

  /** How long to wait before the replacement; 0: at once, and the old connection stays until it is there. */
  private next(ending: Ending, slowMs: number, firstMs: number): number {
    switch (ending.frame) {
      case 'warning':
      case 'refresh_requested':
        return 0;
      case 'link_disabled':
        this.say('Socket Mode is switched off in the app’s settings');
        return slowMs;
      case 'too_many_websockets':
        this.say('Slack allows an app 10 connections, and has that many');
        return slowMs;
      default:
        this.options.log.warn({ reason: ending.frame }, 'Slack connection lost; opening another');
        return firstMs;
    }
  }

  private newConnection(): Connection {
    return new Connection({
      appToken: this.options.appToken,
      client: this.options.client(),
      onEnvelope: (type, payload, ack) => this.take(type, payload, ack),
    });
  }

  private readonly take: OnEnvelope = async (type, payload, ack) => {
    if (this.stopping) return;
    try {
      if (type === 'interactive' || type === 'slash_commands') await this.interact(payload, ack);
      else {
        await this.options.intake(payload);
        await ack();
      }
    } catch (error) {
      // Not stored, or the connection broke before the acknowledgement: either way Slack repeats it, and what was stored is a duplicate then.
      this.options.log.error({ err: error, type }, 'Slack envelope not acknowledged; Slack will repeat it');
    }
  };

  private async interact(body: Raw, ack: Ack): Promise<void> {
    if (this.app === undefined) throw new Error('SocketReceiver: no Bolt app');
    let said: unknown;
    await this.app.processEvent({
      body: { ...body },
      ack: (what?: unknown) => {
        said = what;
        return Promise.resolve();
      },
    });
    await ack(said);
  }

  /** True: trying again soon is of no use. */
  private failed(error: unknown): boolean {
    const code = codeOf(error);
    const refused =
      code !== null && (ACCESS_ERRORS.has(code) || code === 'not_allowed_token_type' || code === 'missing_scope');
    this.say(
      refused
        ? `Slack refuses the app token (${code}): check SLACK_APP_TOKEN (xapp-…, scope connections:write)`
        : redact(toDeliveryError('apps.connections.open', error).message),
    );
    return refused;
  }

  private say(problem: string): void {
    if (this.problem !== problem) this.options.log.error(problem);
    this.problem = problem;
  }

  private retire(connection: Connection | null): void {
    if (connection === null) return;
    this.live.delete(connection);
    const closed = connection.close().finally(() => this.closing.delete(closed));
    this.closing.add(closed);
  }

  private stopped(): Promise<null> {
    return new Promise((resolve) => this.onStop(() => resolve(null)));
  }

  private sleep(ms: number): Promise<void> {
    // Asked to stop while an attempt was failing: there is nothing to wait for, and nothing that would wake it.
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const forget = this.onStop(done);
      function done(): void {
        clearTimeout(timer);
        forget();
        resolve();
      }
    });
  }

  private onStop(wake: () => void): () => void {
    if (this.stopping) wake();
    else this.sleepers.add(wake);
    return () => this.sleepers.delete(wake);
  }
}

const backoff = (failures: number, firstMs: number, maxMs: number): number =>
  Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 20)) * (0.75 + Math.random() / 4);

const retryAfter = (error: unknown): number => toDeliveryError('apps.connections.open', error).retryAfterMs ?? 0;
