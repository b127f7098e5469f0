import { randomBytes } from 'node:crypto';
import * as http from 'node:http';
import type { Sender } from './courier.ts';
import { encrypt, signature } from './crypto.ts';
import type { FeishuApp, JsonObject, Outcome } from './types.ts';

export type RawResponse = { status: number; body: string; headers: http.IncomingHttpHeaders };
export type RequestUrls = { events: string; callbacks: string };

class Timeout extends Error {}

/** Feishu's POST to the app's request URLs: encrypted and signed if the app has an encrypt key. */
export class Webhook implements Sender {
  readonly urls = new Map<string, RequestUrls>();
  /** The platform is away: nothing arrives. */
  away = false;
  private readonly clock: () => number;
  private readonly deadlineMs: number;

  constructor(clock: () => number, deadlineMs: number) {
    this.clock = clock;
    this.deadlineMs = deadlineMs;
  }

  async send(app: FeishuApp, payload: JsonObject): Promise<Outcome> {
    const started = performance.now();
    const ms = (): number => performance.now() - started;
    const urls = this.urls.get(app.id);
    if (!urls || this.away) return { acked: false, reason: 'connection_failed', ms: 0 };
    const { body, headers } = this.dress(app, payload);
    try {
      const url = isCallback(payload) ? urls.callbacks : urls.events;
      const answer = await this.post(url, body, headers);
      if (answer.status === 200) return { acked: true, body: answer.body, ms: ms() };
      return { acked: false, reason: 'http_error', status: answer.status, ms: ms() };
    } catch (error) {
      return { acked: false, reason: error instanceof Timeout ? 'timeout' : 'connection_failed', ms: ms() };
    }
  }

  /** Body and headers as they go over the wire. `timestamp` in seconds; give another one to play an attacker. */
  dress(app: FeishuApp, payload: JsonObject, timestamp?: number): { body: string; headers: Record<string, string> } {
    const json = JSON.stringify(payload);
    if (app.encryptKey === '') return { body: json, headers: {} };
    const body = JSON.stringify({ encrypt: encrypt(app.encryptKey, json) });
    const at = String(timestamp ?? Math.floor(this.clock() / 1000));
    const nonce = randomBytes(8).toString('hex');
    return {
      body,
      headers: {
        'X-Lark-Request-Timestamp': at,
        'X-Lark-Request-Nonce': nonce,
        'X-Lark-Signature': signature(at, nonce, app.encryptKey, body),
      },
    };
  }

  /** One POST. Rejects after the deadline, or with the socket's error. */
  async post(url: string, body: string, headers: Record<string, string>): Promise<RawResponse> {
    return await new Promise((resolve, reject) => {
      const all = {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': String(Buffer.byteLength(body)),
      };
      const request = http.request(
        url,
        { method: 'POST', agent: false, headers: { ...all, ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            clearTimeout(timer);
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers });
          });
        },
      );
      const timer = setTimeout(() => request.destroy(new Timeout()), this.deadlineMs);
      request.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      request.end(body);
    });
  }
}

const isCallback = ({ header }: JsonObject): boolean =>
  typeof header === 'object' &&
  header !== null &&
  'event_type' in header &&
  header.event_type === 'card.action.trigger';
