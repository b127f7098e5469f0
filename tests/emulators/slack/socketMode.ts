import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Sender } from './courier.ts';
import type { Attempt, Json, Outcome, Parcel } from './types.ts';
import { WebSocketConnection } from './webSocket.ts';
import type { World } from './world.ts';

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

type Link = { id: number; socket: WebSocketConnection; leaving: boolean };
type Waiting = { link: Link; settle: (outcome: Outcome) => void };

const maxConnections = 10;

/** Slack's end of Socket Mode: tickets, hello, envelopes to ONE of the connections, acks, disconnect frames, pings. */
export class SocketModeServer implements Sender {
  private readonly world: World;
  private readonly ackDeadlineMs: number;
  private readonly tickets = new Set<string>();
  private readonly waiting = new Map<string, Waiting>();
  private links: Link[] = [];
  private nextId = 1;
  private turn = 0;
  private readonly pinger: NodeJS.Timeout;

  constructor(world: World, ackDeadlineMs: number, pingIntervalMs: number) {
    this.world = world;
    this.ackDeadlineMs = ackDeadlineMs;
    this.pinger = setInterval(() => {
      for (const link of this.links) link.socket.ping();
    }, pingIntervalMs);
    this.pinger.unref();
  }

  get connections(): number {
    return this.links.length;
  }

  /** For apps.connections.open. Each URL works once. */
  newTicket(): string {
    const ticket = randomUUID();
    this.tickets.add(ticket);
    return ticket;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://slack');
    if (!this.tickets.delete(url.searchParams.get('ticket') ?? '')) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const connection = WebSocketConnection.accept(request, socket, head);
    if (!connection) return;
    const link: Link = { id: this.nextId++, socket: connection, leaving: false };
    connection.onText = (text) => this.acked(text);
    connection.onClose = () => this.gone(link);
    if (this.links.length >= maxConnections) {
      this.sayDisconnect(link, 'too_many_websockets');
      connection.close();
      return;
    }
    this.links.push(link);
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.links.length,
        debug_info: { host: `applink-${link.id}`, build_number: 10, approximate_connection_time: 18060 },
        connection_info: { app_id: this.world.appId },
      }),
    );
    this.world.changed();
  }

  async send(parcel: Parcel, attempt: Attempt): Promise<Outcome> {
    const usable = this.links.filter((link) => !link.leaving && link.socket.open);
    const link = usable[this.turn++ % Math.max(usable.length, 1)];
    if (!link) return { acked: false, reason: 'connection_failed', ms: 0 };
    const started = performance.now();
    return await new Promise<Outcome>((resolve) => {
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        this.waiting.delete(parcel.envelopeId);
        resolve({ ...outcome, ms: performance.now() - started });
      };
      const timer = setTimeout(() => settle({ acked: false, reason: 'timeout', ms: 0 }), this.ackDeadlineMs);
      this.waiting.set(parcel.envelopeId, { link, settle });
      const isEvent = parcel.kind === 'events_api';
      link.socket.send(
        JSON.stringify({
          envelope_id: parcel.envelopeId,
          payload: parcel.payload,
          type: parcel.kind,
          accepts_response_payload: !isEvent,
          ...(isEvent ? { retry_attempt: attempt.num, retry_reason: attempt.reason ? 'timeout' : '' } : {}),
        }),
      );
    });
  }

  /** Frames one connection (or all); from then on nothing more is sent to it. The client is expected to hang up. */
  disconnect(reason: DisconnectReason, which: 'oldest' | 'all' = reason === 'link_disabled' ? 'all' : 'oldest'): void {
    const staying = this.links.filter((link) => !link.leaving);
    for (const link of which === 'all' ? staying : staying.slice(0, 1)) this.sayDisconnect(link, reason);
  }

  /** Cuts a connection without a word. */
  kill(which: 'oldest' | 'all' = 'oldest'): void {
    for (const link of which === 'all' ? [...this.links] : this.links.slice(0, 1)) link.socket.kill();
  }

  /** Says goodbye, gives the clients a moment to answer, then hangs up. */
  async stop(): Promise<void> {
    clearInterval(this.pinger);
    for (const link of this.links) link.socket.close(1001);
    const deadline = performance.now() + 200;
    while (this.links.length > 0 && performance.now() < deadline) await new Promise((wake) => setTimeout(wake, 5));
    this.kill('all');
    for (const { settle } of [...this.waiting.values()]) settle({ acked: false, reason: 'connection_failed', ms: 0 });
  }

  private sayDisconnect(link: Link, reason: DisconnectReason): void {
    link.leaving = true;
    link.socket.send(
      JSON.stringify({
        type: 'disconnect',
        reason,
        ...(reason === 'too_many_websockets' ? { num_connections: this.links.length } : {}),
        debug_info: { host: `applink-${link.id}` },
        connection_info: { app_id: this.world.appId },
      }),
    );
  }

  private acked(text: string): void {
    let frame: { envelope_id?: string; payload?: Json };
    try {
      frame = JSON.parse(text) as { envelope_id?: string; payload?: Json };
    } catch {
      this.world.warnings.push(`socket: not JSON: ${text.slice(0, 80)}`);
      return;
    }
    const waiting = this.waiting.get(frame.envelope_id ?? '');
    // An ack after the deadline is dropped: Slack has already scheduled the re-delivery.
    waiting?.settle({ acked: true, status: 200, body: frame.payload, ms: 0 });
  }

  private gone(link: Link): void {
    this.links = this.links.filter((other) => other !== link);
    for (const waiting of [...this.waiting.values()]) {
      if (waiting.link === link) waiting.settle({ acked: false, reason: 'connection_failed', ms: 0 });
    }
    this.world.changed();
  }
}
