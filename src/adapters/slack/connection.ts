import { SocketModeClient } from '@slack/socket-mode';
import type { WebClientOptions } from '@slack/web-api';
import { at, isRaw, text, type Raw } from './payload.ts';

const OPEN_MS = 20_000;
const CLOSE_MS = 2_000;

/** Why a connection will not carry anything more. `frame`: Slack announced it, and why; else it broke. */
export type Ending = { readonly frame: string | null };

export type Ack = (answer?: unknown) => Promise<void>;
export type OnEnvelope = (type: string, payload: Raw, ack: Ack) => Promise<void>;

/**
 * One Socket Mode connection, from its opening to its end; never re-opened. The SDK's client does the handshake, the pings and the acknowledgements;
 * we stand before its reading of frames, because 3.1.0 closes the connection as soon as Slack asks for a new one (nothing is deliverable for 5 s), and
 * because a frame without `event` (app_rate_limited) makes it throw where nobody can catch it, which ends the process.
 */
export class Connection {
  /** Resolves once, when a replacement is needed. */
  readonly ending: Promise<Ending>;
  private end: (ending: Ending) => void = () => undefined;
  private running = 0;
  private idle: (() => void) | undefined;
  private closed: Promise<void> | undefined;
  private readonly client: SocketModeClient;

  constructor(options: {
    readonly appToken: string;
    readonly client: WebClientOptions;
    /** Must never reject. */
    readonly onEnvelope: OnEnvelope;
  }) {
    const { logger, ...clientOptions } = options.client;
    this.ending = new Promise((resolve) => (this.end = resolve));
    this.client = new SocketModeClient({
      appToken: options.appToken,
      autoReconnectEnabled: false,
      clientOptions,
      ...(logger === undefined ? {} : { logger }),
    });
    const readers = this.client.listeners('ws_message');
    this.client.removeAllListeners('ws_message');
    this.client.on('ws_message', (data: unknown) => {
      const frame = this.admit(data);
      if (frame !== null) for (const reader of readers) reader.call(this.client, frame, false);
    });
    this.client.on('slack_event', (event: { type: string; body: unknown; ack: Ack }) => {
      this.running += 1;
      void options.onEnvelope(event.type, isRaw(event.body) ? event.body : {}, event.ack).finally(() => {
        this.running -= 1;
        if (this.running === 0) this.idle?.();
      });
    });
    this.client.on('disconnected', () => this.end({ frame: null }));
  }

  /** Resolves when Slack has said hello. Rejects with the SDK's error, or after 20 s. */
  async open(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no hello from Slack within 20 s')), OPEN_MS);
    });
    const started = this.client.start().catch((error: unknown) => {
      // The SDK says nothing where the connection broke before the hello.
      throw error instanceof Error ? error : new Error('the connection broke before it was open');
    });
    try {
      await Promise.race([started, late]);
    } catch (error) {
      started.catch(() => undefined);
      void this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets what has arrived be stored and acknowledged, then hangs up. */
  close(): Promise<void> {
    this.closed ??= this.hangUp();
    return this.closed;
  }

  private async hangUp(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    let timer: NodeJS.Timeout | undefined;
    // A peer that does not answer the close frame must not hold up the end.
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([this.client.disconnect(), late]);
    clearTimeout(timer);
  }

  /** The frame as the SDK may read it; null: not for the SDK. */
  private admit(data: unknown): string | null {
    if (typeof data !== 'string') return null;
    let frame: unknown;
    try {
      frame = JSON.parse(data);
    } catch {
      return null;
    }
    if (!isRaw(frame) || typeof frame['type'] !== 'string') return null;
    if (frame['type'] === 'disconnect') {
      this.end({ frame: text(frame, 'reason') ?? 'unknown' });
      return null;
    }
    if (frame['type'] === 'hello') return data;
    if (text(frame, 'envelope_id') === null || !isRaw(frame['payload'])) return null;
    // Under another type the SDK hands it on without looking for `event`.
    const hasEvent = text(at(at(frame, 'payload'), 'event'), 'type') !== null;
    return frame['type'] === 'events_api' && !hasEvent ? JSON.stringify({ ...frame, type: 'notice' }) : data;
  }
}
