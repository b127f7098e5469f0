import { createHmac } from 'node:crypto';
import * as http from 'node:http';
import type { Sender } from './courier.ts';
import type { Attempt, Json, JsonObject, Outcome, Parcel, RequestUrls } from './types.ts';

export type RawResponse = { status: number; body: string; headers: http.IncomingHttpHeaders };

export class HttpSender implements Sender {
  urls: RequestUrls | undefined;
  private readonly secret: string;
  private readonly clock: () => number;
  private readonly deadlineMs: number;
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

  constructor(secret: string, clock: () => number, deadlineMs: number) {
    this.secret = secret;
    this.clock = clock;
    this.deadlineMs = deadlineMs;
  }

  setUrls(urls: string | RequestUrls): void {
    this.urls = typeof urls === 'string' ? { events: urls, interactivity: urls, commands: urls } : urls;
  }

  /** `timestamp` in seconds; give an old one to play an attacker. */
  sign(body: string, timestamp = Math.floor(this.clock() / 1000)): Record<string, string> {
    const signature = createHmac('sha256', this.secret).update(`v0:${timestamp}:${body}`).digest('hex');
    return { 'X-Slack-Request-Timestamp': String(timestamp), 'X-Slack-Signature': `v0=${signature}` };
  }

  async send(parcel: Parcel, attempt: Attempt): Promise<Outcome> {
    const started = performance.now();
    const ms = (): number => performance.now() - started;
    if (!this.urls) return { acked: false, reason: 'connection_failed', ms: 0 };
    const { url, body, type } = this.dress(parcel, this.urls);
    const retry: Record<string, string> =
      attempt.num > 0
        ? { 'X-Slack-Retry-Num': String(attempt.num), 'X-Slack-Retry-Reason': attempt.reason ?? 'http_error' }
        : {};
    try {
      // Only events go over kept-alive sockets. One the app has just closed fails the attempt; an event is then simply
      // delivered again, but nobody repeats a click.
      const agent = parcel.kind === 'events_api' ? this.agent : undefined;
      const response = await this.post(url, body, { ...this.sign(body), 'Content-Type': type, ...retry }, agent);
      if (response.status >= 200 && response.status < 300) {
        return { acked: true, status: response.status, body: parse(response.body), ms: ms() };
      }
      const noRetry = response.headers['x-slack-no-retry'] === '1';
      return { acked: false, reason: 'http_error', status: response.status, noRetry, ms: ms() };
    } catch (error) {
      return { acked: false, reason: error instanceof Timeout ? 'http_timeout' : 'connection_failed', ms: ms() };
    }
  }

  /** One POST. Rejects with Timeout after the deadline, with the socket's error otherwise. */
  async post(url: string, body: string, headers: Record<string, string>, agent?: http.Agent): Promise<RawResponse> {
    return await new Promise((resolve, reject) => {
      const options = {
        method: 'POST',
        agent: agent ?? false,
        headers: {
          'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          Accept: '*/*',
          'Content-Length': String(Buffer.byteLength(body)),
          ...headers,
        },
      };
      const request = http.request(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          clearTimeout(timer);
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers });
        });
      });
      const timer = setTimeout(() => request.destroy(new Timeout()), this.deadlineMs);
      request.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      request.end(body);
    });
  }

  stop(): void {
    this.agent.destroy();
  }

  private dress(parcel: Parcel, urls: RequestUrls): { url: string; body: string; type: string } {
    const form = 'application/x-www-form-urlencoded';
    switch (parcel.kind) {
      case 'events_api':
        return { url: urls.events, body: JSON.stringify(parcel.payload), type: 'application/json' };
      case 'interactive': {
        const body = new URLSearchParams({ payload: JSON.stringify(parcel.payload) }).toString();
        return { url: urls.interactivity, body, type: form };
      }
      case 'slash_commands':
        return { url: urls.commands, body: new URLSearchParams(strings(parcel.payload)).toString(), type: form };
    }
  }
}

class Timeout extends Error {}

function strings(payload: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value ?? '')]));
}

/** A body that is not JSON is a plain-text answer, allowed for slash commands. */
function parse(body: string): Json | undefined {
  if (body === '') return undefined;
  try {
    return JSON.parse(body) as Json;
  } catch {
    return body;
  }
}
