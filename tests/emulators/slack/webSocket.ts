import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The server half of RFC 6455, as much as Socket Mode and Feishu's long connection need: text and binary frames out,
 * masked and possibly fragmented ones in, ping, pong and close. By hand because no WebSocket server is among the
 * project's dependencies. No compression: the handshake answer names no extension, so the client must not use one.
 */
export class WebSocketConnection {
  onText: (text: string) => void = () => {};
  onBinary: (bytes: Buffer) => void = () => {};
  onPong: () => void = () => {};
  onClose: (code: number) => void = () => {};
  open = true;
  private readonly socket: Duplex;
  private pending: Buffer = Buffer.alloc(0);
  private fragments: Buffer[] = [];
  private isBinary = false;
  private closeCode = 1006;

  private constructor(socket: Duplex) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.read(chunk));
    socket.on('error', () => this.finished());
    socket.on('close', () => this.finished());
    socket.on('end', () => socket.end());
  }

  /** Completes the handshake, or refuses and returns undefined. */
  static accept(request: IncomingMessage, socket: Duplex, head: Buffer): WebSocketConnection | undefined {
    const key = request.headers['sec-websocket-key'];
    if (!key || request.headers['sec-websocket-version'] !== '13') {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      return undefined;
    }
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const connection = new WebSocketConnection(socket);
    if (head.length > 0) connection.read(head);
    return connection;
  }

  send(text: string): void {
    this.frame(0x1, Buffer.from(text, 'utf8'));
  }

  sendBinary(bytes: Buffer): void {
    this.frame(0x2, bytes);
  }

  ping(): void {
    this.frame(0x9, Buffer.from('Ping from applink-emulator'));
  }

  /** Says goodbye first; the client answers with its own close frame. */
  close(code = 1000): void {
    const body = Buffer.alloc(2);
    body.writeUInt16BE(code);
    this.frame(0x8, body);
    this.open = false;
  }

  /** As a cable pulled out: no close frame. */
  kill(): void {
    this.socket.destroy();
    this.finished();
  }

  private frame(opcode: number, body: Buffer): void {
    if (!this.open || this.socket.destroyed) return;
    const { length } = body;
    let header: Buffer;
    if (length < 126) header = Buffer.from([0x80 | opcode, length]);
    else if (length < 65_536) {
      header = Buffer.from([0x80 | opcode, 126, 0, 0]);
      header.writeUInt16BE(length, 2);
    } else {
      header = Buffer.concat([Buffer.from([0x80 | opcode, 127]), Buffer.alloc(8)]);
      header.writeBigUInt64BE(BigInt(length), 2);
    }
    this.socket.write(Buffer.concat([header, body]));
  }

  private read(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    for (let frame = this.next(); frame; frame = this.next()) this.handle(frame);
  }

  private next(): { fin: boolean; opcode: number; body: Buffer } | undefined {
    const bytes = this.pending;
    if (bytes.length < 2) return undefined;
    const [first = 0, second = 0] = bytes;
    const masked = (second & 0x80) !== 0;
    let length = second & 0x7f;
    let at = 2;
    if (length === 126) {
      if (bytes.length < 4) return undefined;
      length = bytes.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return undefined;
      length = Number(bytes.readBigUInt64BE(2));
      at = 10;
    }
    const end = at + (masked ? 4 : 0) + length;
    if (bytes.length < end) return undefined;
    const body = Buffer.from(bytes.subarray(end - length, end));
    if (masked) for (let i = 0; i < length; i += 1) body[i] = (body[i] ?? 0) ^ (bytes[at + (i % 4)] ?? 0);
    this.pending = bytes.subarray(end);
    return { fin: (first & 0x80) !== 0, opcode: first & 0x0f, body };
  }

  private handle({ fin, opcode, body }: { fin: boolean; opcode: number; body: Buffer }): void {
    if (opcode === 0x9) return this.frame(0xa, body);
    if (opcode === 0xa) return this.onPong();
    if (opcode === 0x8) {
      this.closeCode = body.length >= 2 ? body.readUInt16BE(0) : 1005;
      this.frame(0x8, body.subarray(0, 2));
      this.open = false;
      this.socket.end();
      return this.finished();
    }
    if (opcode !== 0x0) this.isBinary = opcode === 0x2;
    this.fragments.push(body);
    if (!fin) return;
    const whole = Buffer.concat(this.fragments);
    this.fragments = [];
    if (this.isBinary) this.onBinary(whole);
    else this.onText(whole.toString('utf8'));
  }

  private finished(): void {
    if (this.closeCode === 0) return;
    const code = this.closeCode;
    this.closeCode = 0;
    this.open = false;
    this.onClose(code);
  }
}
