/**
 * A platform at its busiest: so many connections, each with one signed event under way, every event another one; or, with a rate, an event at each of its
 * instants, whatever became of those before. A process of its own, and bare sockets, since
 * a comfortable client costs more than the servers that it measures. Prints a `LoadResult`.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { percentile } from './numbers.ts';
import { REQUESTER, TALK, intakeOf } from './config.ts';
import { feishuEvents } from './feishu-events.ts';
import { slackSignature } from './slack-stub.ts';

export interface LoadOrder {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Not counted: until the code is compiled and the connections are open. */
  readonly warmUpSeconds: number;
  /** Left out: as many as are answered. A latency counts from the instant at which an event should have been sent: who keeps us waiting is not forgiven. */
  readonly perSecond?: number;
  /** Over so many channels the threads that become tickets are spread; left out: one. */
  readonly channels?: number;
  /** Whose events they are; left out: Slack's. */
  readonly platform?: 'feishu';
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** 200s in all, the warm-up's included. */
  readonly acknowledged: number;
  readonly others: number;
}

const { url, connections, seconds, warmUpSeconds, perSecond, channels, platform } = JSON.parse(
  process.argv[2]!,
) as LoadOrder;
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
  const channel = n % 20 === 0 ? intakeOf((n / 20) % (channels ?? 1)) : TALK;
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

function slackRequest(): string {
  const body = envelope();
  const timestamp = Math.floor(Date.now() / 1000);
  return (
    `POST /slack/events HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
    `X-Slack-Request-Timestamp: ${timestamp}\r\nX-Slack-Signature: ${slackSignature(timestamp, body)}\r\n\r\n${body}`
  );
}

const request = platform === 'feishu' ? feishuEvents(hostname, run) : slackRequest;

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

/** With a rate: instants at which an event was due and no connection was free; and connections that wait, in turns, since a server hangs up on one that rests for 5 s. */
const overdue: number[] = [];
const idle: ((dueAt: number) => void)[] = [];

function connection(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1');
    let dueAt = 0;
    let answer = '';
    const sendFor = (at: number): void => {
      dueAt = at;
      if (dueAt < end) socket.write(request());
      else {
        socket.destroy();
        resolve();
      }
    };
    const next = (): void => {
      const waiting = perSecond === undefined ? performance.now() : overdue.shift();
      if (waiting === undefined) idle.push(sendFor);
      else sendFor(waiting);
    };
    socket.on('connect', next);
    socket.on('data', (chunk: string) => {
      answer += chunk;
      if (!isWhole(answer)) return;
      const now = performance.now();
      if (dueAt >= countFrom && (perSecond !== undefined || now < end)) latencies.push(now - dueAt);
      if (answer.startsWith('HTTP/1.1 200')) acknowledged += 1;
      else others += 1;
      answer = '';
      next();
    });
    socket.on('error', reject);
    socket.on('end', () => reject(new Error('the server hung up')));
  });
}

/** Sends each event when it is due, as far as this process is let. */
async function keepRate(rate: number): Promise<void> {
  const startedAt = performance.now();
  for (let sent = 0, dueAt = startedAt; dueAt < end;) {
    for (; dueAt <= performance.now() && dueAt < end; dueAt = startedAt + (++sent * 1000) / rate) {
      const free = idle.shift();
      if (free === undefined) overdue.push(dueAt);
      else free(dueAt);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  // What is still under way is answered, then each connection learns that it is over.
  for (let i = 0; i < connections; i++) {
    const free = idle.shift();
    if (free === undefined) overdue.push(end);
    else free(end);
  }
}

await Promise.all([
  ...Array.from({ length: connections }, connection),
  ...(perSecond === undefined ? [] : [keepRate(perSecond)]),
]);
const result: LoadResult = {
  perSecond: latencies.length / seconds,
  p50: percentile(latencies, 0.5),
  p99: percentile(latencies, 0.99),
  p999: percentile(latencies, 0.999),
  max: percentile(latencies, 1),
  acknowledged,
  others,
};
console.log(JSON.stringify(result));
