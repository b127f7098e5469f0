/**
 * Slack at its busiest: so many connections, each with one signed event under way, every event another one. A process of its own, and bare sockets, since
 * a comfortable client costs more than the servers that it measures. Prints a `LoadResult`.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { percentile } from './numbers.ts';
import { REQUESTER, TALK, intakeOf } from './config.ts';
import { SIGNING_SECRET } from './slack-stub.ts';

export interface LoadOrder {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Not counted: until the code is compiled and the connections are open. */
  readonly warmUpSeconds: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** 200s in all, the warm-up's included. */
  readonly acknowledged: number;
  readonly others: number;
}

const { url, connections, seconds, warmUpSeconds } = JSON.parse(process.argv[2]!) as LoadOrder;
const { hostname, port } = new URL(url);
const run = randomBytes(5).toString('hex').toUpperCase();
const words = 'The orders page is slow again and some of them fail with a time-out after a minute. '.repeat(9);
/** Slack names a message by its instant: 10,000 of them fit into a second here, and two runs are further apart than that. */
const firstSecond = Math.floor(Date.now() / 1000) - 60;
let events = 0;

/** 1.5 KB. One in twenty starts a thread that becomes a ticket; the others are talk that is kept. */
function envelope(): string {
  const n = ++events;
  const ts = `${firstSecond + Math.floor(n / 10_000)}.${String(n % 10_000).padStart(6, '0')}`;
  const channel = n % 20 === 0 ? intakeOf(0) : TALK;
  return JSON.stringify({
    token: 'verification',
    team_id: 'T0',
    api_app_id: 'A0',
    event: {
      type: 'message',
      user: REQUESTER.user,
      ts,
      client_msg_id: '8d9a3a2e-2b57-4b0e-9f5e-0d2f5b1f6a11',
      text: words,
      team: 'T0',
      blocks: [
        {
          type: 'rich_text',
          block_id: 'b1',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words.slice(0, 200) }] }],
        },
      ],
      channel,
      event_ts: ts,
      channel_type: 'channel',
    },
    type: 'event_callback',
    event_id: `Ev${run}${n}`,
    event_time: firstSecond + 60,
    authorizations: [{ team_id: 'T0', user_id: 'U0BOT', is_bot: true, is_enterprise_install: false }],
    is_ext_shared_channel: false,
    event_context: '4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMCJ9',
  });
}

function request(): string {
  const body = envelope();
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  return (
    `POST /slack/events HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
    `X-Slack-Request-Timestamp: ${timestamp}\r\nX-Slack-Signature: v0=${signature}\r\n\r\n${body}`
  );
}

/** An answer is whole: these servers send a length, or chunks. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  return length === undefined ? answer.endsWith('0\r\n\r\n') : answer.length >= head + 4 + Number(length);
}

const latencies: number[] = [];
let [acknowledged, others] = [0, 0];
const countFrom = performance.now() + warmUpSeconds * 1000;
const end = countFrom + seconds * 1000;

function connection(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1');
    let sentAt = 0;
    let answer = '';
    const send = (): void => {
      sentAt = performance.now();
      if (sentAt < end) socket.write(request());
      else {
        socket.destroy();
        resolve();
      }
    };
    socket.on('connect', send);
    socket.on('data', (chunk: string) => {
      answer += chunk;
      if (!isWhole(answer)) return;
      const now = performance.now();
      if (now >= countFrom && now < end) latencies.push(now - sentAt);
      if (answer.startsWith('HTTP/1.1 200')) acknowledged += 1;
      else others += 1;
      answer = '';
      send();
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error('the server hung up')));
  });
}

await Promise.all(Array.from({ length: connections }, connection));
const result: LoadResult = {
  perSecond: latencies.length / seconds,
  p50: percentile(latencies, 0.5),
  p99: percentile(latencies, 0.99),
  max: percentile(latencies, 1),
  acknowledged,
  others,
};
console.log(JSON.stringify(result));
