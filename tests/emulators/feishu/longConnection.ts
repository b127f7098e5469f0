import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketConnection } from '../slack/webSocket.ts';
import type { Sender } from './courier.ts';
import { decodeFrame, encodeFrame, headersOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { ClientConfig, EmulatorOptions, FeishuApp, JsonObject, Outcome } from './types.ts';
import type { World } from './world.ts';

/**
 * `ready` with the client's first ping, which the SDK sends as soon as it is connected: what comes before falls into the
 * moment between its handshake and its listener, and is lost in it.
 */
type Link = { app: string; service: number; socket: WebSocketConnection; frozen: boolean; ready: boolean };
type Waiting = { link: Link; settle: (outcome: Outcome) => void };

/** 1 busy, 403 forbidden, 514 authentication, 1000040343 internal (the only one worth another try), 1000040350 too many. */
export type HandshakeCode = 1 | 403 | 514 | 1000040343 | 1000040350;

const maxConnections = 50;
const control = 0;
const data = 1;

/** Feishu's end of the long connection: addresses, frames to ONE connection of the app, acks, pings, and its faults. */
export class LongConnection implements Sender {
  /** The platform is away. */
  away = false;
  readonly clientConfig: ClientConfig;
  private readonly world: World;
  private readonly deadlineMs: number;
  private readonly fragmentBytes: number;
  private readonly tickets = new Map<string, { app: string; service: number }>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly refusals: HandshakeCode[] = [];
  private links: Link[] = [];
  private nextService = 33554678;

  constructor(world: World, options: EmulatorOptions) {
    this.world = world;
    this.deadlineMs = options.ackDeadlineMs ?? 3000;
    this.fragmentBytes = options.fragmentBytes ?? 65_536;
    this.clientConfig = {
      ReconnectCount: -1,
      ReconnectInterval: 1,
      ReconnectNonce: 0,
      PingInterval: 120,
      ...options.clientConfig,
    };
  }

  /** Those that are ready to hear. */
  get connections(): number {
    return this.links.filter(({ ready }) => ready).length;
  }

  /** The next `times` clients that ask for an address are refused. */
  refuse(code: HandshakeCode, times: number): void {
    for (let n = 0; n < times; n += 1) this.refusals.push(code);
  }

  /** POST /callback/ws/endpoint. Its answers are HTTP 200 throughout. */
  endpoint(body: JsonObject, origin: string): JsonObject {
    const app = this.world.apps.get(String(body.AppID));
    const refused = this.refusals.shift();
    const no = (code: HandshakeCode, msg: string): JsonObject => ({ code, msg, data: {} });
    if (refused !== undefined) return no(refused, 'refused by the test');
    if (app?.secret !== body.AppSecret || !app) return no(514, 'app_id or app_secret is invalid');
    if (app.delivery !== 'socket') return no(403, 'long connection is not the subscription mode of this app');
    if (this.links.filter((link) => link.app === app.id).length >= maxConnections)
      return no(1000040350, 'the number of connections exceeded the limit');
    const ticket = randomUUID();
    const service = this.nextService++;
    this.tickets.set(ticket, { app: app.id, service });
    const query = `fpid=493&aid=552564&device_id=${service}1&access_key=${ticket}&service_id=${service}&ticket=${ticket}`;
    return {
      code: 0,
      msg: '',
      data: { URL: `${origin.replace('http', 'ws')}/ws/v2?${query}`, ClientConfig: { ...this.clientConfig } },
    };
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://feishu').searchParams.get('ticket') ?? '';
    const issued = this.tickets.get(ticket);
    this.tickets.delete(ticket);
    if (!issued || this.away) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const connection = WebSocketConnection.accept(request, socket, head);
    if (!connection) return;
    const link: Link = { ...issued, socket: connection, frozen: false, ready: false };
    connection.onBinary = (bytes) => this.heard(link, bytes);
    connection.onText = () => void this.world.warnings.push('long connection: a text frame');
    connection.onClose = () => this.gone(link);
    this.links.push(link);
  }

  async send(app: FeishuApp, payload: JsonObject): Promise<Outcome> {
    const mine = this.links.filter((link) => link.app === app.id && link.ready && link.socket.open);
    const link = mine[Math.floor(this.world.random() * mine.length)];
    if (!link || this.away) return { acked: false, reason: 'connection_failed', ms: 0 };
    const started = performance.now();
    const id = randomUUID();
    return await new Promise<Outcome>((resolve) => {
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve({ ...outcome, ms: performance.now() - started });
      };
      const timer = setTimeout(() => settle({ acked: false, reason: 'timeout', ms: 0 }), this.deadlineMs);
      this.waiting.set(id, { link, settle });
      // Into a half-open connection it is said all the same, and nobody hears it.
      if (!link.frozen) for (const frame of this.frames(link, id, payload)) link.socket.sendBinary(encodeFrame(frame));
    });
  }

  /** Cuts connections without a word. */
  drop(which: 'oldest' | 'all' = 'all'): void {
    for (const link of this.chosen(which)) link.socket.kill();
  }

  /** Closes connections as a gateway does that is being replaced. */
  kick(which: 'oldest' | 'all' = 'all'): void {
    for (const link of this.chosen(which)) {
      link.socket.close(1001);
      this.gone(link);
    }
  }

  /** They stay open, but nothing said there is heard any more, in either direction: a router has forgotten them. */
  freeze(which: 'oldest' | 'all' = 'all'): void {
    for (const link of this.chosen(which)) link.frozen = true;
  }

  async stop(): Promise<void> {
    for (const link of this.links) link.socket.close(1001);
    const deadline = performance.now() + 100;
    while (this.links.length > 0 && performance.now() < deadline) await new Promise((wake) => setTimeout(wake, 5));
    this.drop();
    for (const { settle } of [...this.waiting.values()]) settle({ acked: false, reason: 'connection_failed', ms: 0 });
  }

  private chosen(which: 'oldest' | 'all'): Link[] {
    return which === 'all' ? [...this.links] : this.links.slice(0, 1);
  }

  private frames(link: Link, id: string, payload: JsonObject): Frame[] {
    const bytes = Buffer.from(JSON.stringify(payload));
    const sum = Math.max(1, Math.ceil(bytes.length / this.fragmentBytes));
    return Array.from({ length: sum }, (_, seq) => ({
      SeqID: seq + 1,
      LogID: 1,
      service: link.service,
      method: data,
      headers: pairs({ type: 'event', message_id: id, sum: String(sum), seq: String(seq), trace_id: randomUUID() }),
      payload: bytes.subarray(seq * this.fragmentBytes, (seq + 1) * this.fragmentBytes),
    }));
  }

  private heard(link: Link, bytes: Buffer): void {
    if (link.frozen || this.away) return;
    const frame = decodeFrame(bytes);
    const headers = headersOf(frame);
    if (frame.method === control) {
      if (headers.type === 'ping') this.pong(link, frame);
      return;
    }
    const waiting = this.waiting.get(headers.message_id ?? '');
    if (!waiting) return;
    // An ack after the deadline found nobody waiting: Feishu has already planned the redelivery.
    if (headers.biz_rt === undefined) this.world.warnings.push('long connection: an ack without biz_rt');
    waiting.settle(ackOf(frame));
  }

  private pong(link: Link, ping: Frame): void {
    const payload = Buffer.from(JSON.stringify(this.clientConfig));
    link.socket.sendBinary(encodeFrame({ ...ping, headers: pairs({ type: 'pong' }), payload }));
    link.ready = true;
    this.world.changed();
  }

  private gone(link: Link): void {
    this.links = this.links.filter((other) => other !== link);
    for (const waiting of [...this.waiting.values()]) {
      if (waiting.link === link) waiting.settle({ acked: false, reason: 'connection_failed', ms: 0 });
    }
    this.world.changed();
  }
}

/** `{code, data}`: `data` is the handler's answer as JSON in base64. */
function ackOf(frame: Frame): Outcome {
  try {
    const ack = JSON.parse(Buffer.from(frame.payload ?? []).toString('utf8')) as { code?: number; data?: string };
    if (ack.code !== 200) return { acked: false, reason: 'handler_failed', status: ack.code ?? 0, ms: 0 };
    return { acked: true, body: Buffer.from(ack.data ?? '', 'base64').toString('utf8'), ms: 0 };
  } catch {
    return { acked: false, reason: 'bad_answer', ms: 0 };
  }
}

const pairs = (headers: Record<string, string>): { key: string; value: string }[] =>
  Object.entries(headers).map(([key, value]) => ({ key, value }));
