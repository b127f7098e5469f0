import { EventDispatcher, LoggerLevel, WSClient, type HttpInstance } from '@larksuiteoapi/node-sdk';
import type { Logger } from 'pino';
import { at, isRaw, text, type Raw } from '../raw.ts';
import { httpInstance, NoAnswer } from './http.ts';
import { isAppId } from './ids.ts';
import type { Intake } from './intake.ts';
import { redact, sdkLogger } from './sdk.ts';

export interface LongPace {
  /**
   * After a ping without an answer, seconds. Off by default, and then a half-open socket stays “connected” for ever; Feishu's interval between pings is
   * 120 s, so a dead one is found within 150 s.
   */
  readonly pongWithinS: number;
  /** After what may pass by itself. Feishu says how often to try only once a connection was open, and the SDK's own pause before that is two minutes. */
  readonly soonMs: number;
  /** After what somebody has to mend: refused keys, an app that is not published, too many connections. */
  readonly lateMs: number;
  readonly leaseEveryMs: number;
}

const PACE: LongPace = { pongWithinS: 30, soonMs: 5_000, lateMs: 60_000, leaseEveryMs: 5_000 };
const HANDSHAKE_MS = 15_000;
const STOP_MS = 5_000;
/** The SDK says nothing of a first attempt that fails; the program does not wait for it with everything else. */
const START_MS = 3_000;

/** What Feishu answers whoever asks for the address of a connection. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: 'Feishu is busy',
  403: 'Feishu gives this app no long connection: choose it under Events & Callbacks, and publish a version of the app',
  514: 'Feishu refuses the keys: check FEISHU_APP_ID and FEISHU_APP_SECRET',
  1000040343: 'Feishu has an internal error',
  1000040350: 'this app has too many connections: end the other processes that are connected as it',
};
const BUSY = 1;
/** The only one after which the SDK tries again by itself. */
const INTERNAL = 1000040343;

export interface LongOptions {
  readonly appId: string;
  readonly appSecret: string;
  readonly domain: string;
  readonly intake: Intake;
  /** Whether this process is the one that holds the connection; asked again and again. */
  readonly leads: () => Promise<boolean>;
  /** A connection is there, the first or another: what came meanwhile has to be asked for. */
  readonly connected: () => void;
  readonly broke: () => void;
  readonly log: Logger;
  readonly pace?: Partial<LongPace> | undefined;
}

/**
 * Feishu's long connection. Feishu gives each event to any one connection of the app, so one process holds one, by a lease: the others stand by, and take it
 * over within seconds. The SDK opens it again when it breaks.
 */
export class LongConnection {
  private client: WSClient | null = null;
  private stopping = false;
  private running = 0;
  private idle: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private problem: string | null = null;
  private standingBy = false;
  private readonly options: LongOptions;
  private readonly pace: LongPace;

  constructor(options: LongOptions) {
    this.options = options;
    this.pace = { ...PACE, ...options.pace };
  }

  /** Resolves when the connection is open, or the first attempt has failed; from then on it keeps itself alive. */
  async start(): Promise<void> {
    this.stopping = false;
    // The SDK would do nothing with such an id, and say nothing.
    if (!isAppId(this.options.appId))
      return this.say('FEISHU_APP_ID is not of the form cli_ and 16 hexadecimal digits');
    await this.lease();
  }

  /** Stops taking in, and resolves when what had arrived is stored and acknowledged. What is not taken in any more, Feishu delivers again. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    if (this.running > 0) {
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([new Promise<void>((resolve) => (this.idle = resolve)), late]);
      // The SDK sends the acknowledgement a few steps after what it acknowledges.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.close();
  }

  get isOpen(): boolean {
    return this.client?.getConnectionStatus().state === 'connected';
  }

  health(): { readonly ok: boolean; readonly line: string } {
    if (this.standingBy) return { ok: true, line: 'long connection: another process holds it' };
    if (this.isOpen) return { ok: true, line: 'long connection' };
    return { ok: false, line: `long connection: ${this.problem ?? 'not connected'}` };
  }

  private async lease(): Promise<void> {
    clearTimeout(this.timer);
    try {
      const leads = await this.options.leads();
      if (this.ended()) return;
      this.standingBy = !leads;
      if (leads && this.client === null) await this.open();
      if (!leads) this.close();
    } catch (error) {
      // The database; whether another has the lease now is not known, and two connections lose nothing.
      this.options.log.warn({ err: error }, 'Feishu: the lease of the connection could not be read');
    }
    if (this.ended()) return;
    this.timer = setTimeout(() => void this.lease(), this.pace.leaseEveryMs);
    this.timer.unref();
  }

  private async open(): Promise<void> {
    const { appId, appSecret, domain, log } = this.options;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, START_MS).unref();
      let wasOpen = false;
      const opened = (): void => {
        wasOpen = true;
        this.problem = null;
        resolve();
        // The SDK still says that it is connecting until this has returned.
        setImmediate(() => this.options.connected());
      };
      const client = new WSClient({
        appId,
        appSecret,
        domain,
        httpInstance: this.http((code) => {
          const isTriedAgain = code === null || code === INTERNAL;
          // Once it was open, Feishu has told the SDK how often.
          if (wasOpen && isTriedAgain) return;
          this.giveUp(client, isTriedAgain || code === BUSY ? this.pace.soonMs : this.pace.lateMs);
          resolve();
        }),
        logger: sdkLogger(log),
        loggerLevel: LoggerLevel.warn,
        handshakeTimeoutMs: HANDSHAKE_MS,
        wsConfig: { pingTimeout: this.pace.pongWithinS },
        onReady: opened,
        onReconnected: opened,
        onReconnecting: () => {
          this.say('the connection broke; opening another');
          this.options.broke();
          resolve();
        },
        onError: (error) => {
          this.say(redact(error.message));
          this.giveUp(client, this.pace.lateMs);
          resolve();
        },
      });
      this.client = client;
      // It tells of what it could not do by `onError`, and of nothing by this promise.
      client.start({ eventDispatcher: this.dispatcher() }).catch((error: unknown) => {
        this.say(redact(error instanceof Error ? error.message : String(error)));
        this.giveUp(client, this.pace.lateMs);
        resolve();
      });
    });
  }

  /** With which the SDK asks for the address of a connection. What goes wrong there it keeps to itself, or half of it. */
  private http(failed: (code: number | null) => void): HttpInstance {
    const http = httpInstance();
    const ask = async (options: Parameters<HttpInstance['request']>[0]): Promise<unknown> => {
      try {
        const answer: unknown = await http.request(options);
        if (!isRaw(answer)) throw new NoAnswer('an answer that is none', true);
        const code = Number(answer['code']);
        if (code === 0) return answer;
        this.say(`${REFUSALS[code] ?? text(answer, 'msg') ?? 'refused'} (${code})`);
        failed(code);
        // Without `data` the SDK stumbles before it looks at the code.
        return { ...answer, data: at(answer, 'data') };
      } catch (error) {
        this.say(redact(error instanceof Error ? error.message : String(error)));
        failed(null);
        throw error;
      }
    };
    return { ...http, request: ask as HttpInstance['request'] };
  }

  /** The SDK tries no more: after a while we do. */
  private giveUp(client: WSClient, retryMs: number): void {
    if (this.client !== client) return;
    client.close({ force: true });
    const again = setTimeout(() => {
      if (this.client === client) this.client = null;
    }, retryMs);
    again.unref();
  }

  /** In good order: an acknowledgement that is on its way still leaves. */
  private close(): void {
    this.client?.close();
    this.client = null;
  }

  private dispatcher(): EventDispatcher {
    return new RawDispatcher(this.options.log, (payload) => this.take(payload));
  }

  private async take(payload: Raw): Promise<Raw> {
    // Thrown: acknowledged with 500, and delivered again.
    if (this.stopping) throw new Error('the process ends');
    this.running += 1;
    try {
      return await this.options.intake(payload);
    } catch (error) {
      this.options.log.error({ err: error }, 'Feishu event not stored; Feishu will repeat it');
      throw error;
    } finally {
      this.running -= 1;
      if (this.running === 0) this.idle?.();
    }
  }

  private ended(): boolean {
    return this.stopping;
  }

  private say(problem: string): void {
    if (this.problem !== problem) this.options.log.warn(`Feishu's long connection: ${problem}`);
    this.problem = problem;
  }
}

/** Hands payloads on as they came. The SDK's own flattens header and event into one, where a card's token overwrites the header's. */
class RawDispatcher extends EventDispatcher {
  private readonly take: (payload: Raw) => Promise<Raw>;

  constructor(log: Logger, take: (payload: Raw) => Promise<Raw>) {
    super({ logger: sdkLogger(log), loggerLevel: LoggerLevel.warn });
    this.take = take;
  }

  override async invoke(data: unknown): Promise<Raw> {
    return isRaw(data) ? this.take(data) : {};
  }
}
