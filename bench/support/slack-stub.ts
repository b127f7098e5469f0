import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Environment } from './process.ts';

export const SIGNING_SECRET = 'benchmark-secret';

/** Of a request's raw body, as Slack signs it. */
export const slackSignature = (timestamp: number, body: string): string =>
  `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;

/** A Slack that says yes to everything, at once: where the emulator's strictness would only cost processor time. */
export async function startSlackStub(): Promise<{ readonly env: Environment; stop(): void }> {
  let messages = 0;
  const answers: Readonly<Record<string, () => object>> = {
    'auth.test': () => ({ user_id: 'U0BOT', bot_id: 'B0BOT', user: 'itr', team_id: 'T0', team: 'Bench' }),
    'users.info': () => ({ user: { id: 'U0', name: 'somebody', locale: 'en-US', tz: 'UTC', profile: {} } }),
    'chat.postMessage': () => ({ ts: `1700000000.${String(++messages).padStart(6, '0')}` }),
    'conversations.replies': () => ({ messages: [], has_more: false }),
  };
  const server = createServer((request, response) => {
    const method = request.url?.split('/').pop() ?? '';
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ok: true, ...answers[method]?.() }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      SLACK_API_URL: `http://127.0.0.1:${port}/api/`,
      SLACK_BOT_TOKEN: 'xoxb-benchmark',
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
