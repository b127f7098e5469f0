import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Environment } from './process.ts';

export const FEISHU_APP = 'cli_0123456789abcdef';
export const ENCRYPT_KEY = 'benchmark-encrypt-key';
export const VERIFICATION_TOKEN = 'benchmark-verification-token';

/** A Feishu that says yes to everything, at once: where the emulator's strictness would only cost processor time. */
export async function startFeishuStub(): Promise<{ readonly env: Environment; stop(): void }> {
  let messages = 0;
  const answerTo = (method: string, path: string): object => {
    if (path.endsWith('/tenant_access_token/internal')) return { tenant_access_token: 't-benchmark', expire: 7200 };
    if (path.endsWith('/bot/v3/info')) return { bot: { open_id: 'ou_bot', app_name: 'itr' } };
    if (path.endsWith('/users/batch')) return { data: { items: [{ name: 'somebody' }] } };
    if (method === 'POST' && path.includes('/im/v1/messages'))
      return { data: { message_id: `om_sent${++messages}`, chat_id: 'oc_chat' } };
    return { data: { items: [], has_more: false } };
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://feishu');
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ code: 0, msg: 'ok', ...answerTo(request.method ?? 'GET', pathname) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      FEISHU_DOMAIN: `http://127.0.0.1:${port}`,
      FEISHU_MODE: 'webhook',
      FEISHU_APP_ID: FEISHU_APP,
      FEISHU_APP_SECRET: 'benchmark-secret',
      FEISHU_ENCRYPT_KEY: ENCRYPT_KEY,
      FEISHU_VERIFICATION_TOKEN: VERIFICATION_TOKEN,
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
