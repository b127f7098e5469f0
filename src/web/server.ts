import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /**
   * Stops accepting, lets open requests end, closes idle connections; what is still open after `patienceMs` is cut off. Streams are ended by `onStop`
   * first. May be called twice.
   */
  stop(): Promise<void>;
}

export interface HttpOptions {
  readonly app: { fetch(request: Request): Response | Promise<Response> };
  /** Exact paths that get the raw, unread request, before everything else. */
  readonly webhooks: readonly {
    readonly path: string;
    handle(request: IncomingMessage, response: ServerResponse): void;
  }[];
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Ends what would otherwise stay open: streams. */
  readonly onStop?: () => void;
  readonly patienceMs?: number;
}

const PATIENCE_MS = 5_000;

/** @throws the system's error where the port cannot be had (EADDRINUSE, EACCES). */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const webhooks = new Map(options.webhooks.map((webhook) => [webhook.path, webhook]));
  const listener = getRequestListener((request) => options.app.fetch(request), { overrideGlobalObjects: false });
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const webhook = webhooks.get(path);
    if (webhook !== undefined) webhook.handle(request, response);
    else void listener(request, response);
  });
  // A client that sends its headers a byte at a time must not hold a socket for ever; answers may take as long as they need.
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 10_000;

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  let stopping: Promise<void> | null = null;
  return {
    url: `http://${hostOf(options.host)}:${port}`,
    port,
    stop() {
      stopping ??= close(server, options);
      return stopping;
    },
  };
}

async function close(server: Server, { onStop, patienceMs = PATIENCE_MS }: HttpOptions): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  onStop?.();
  server.closeIdleConnections();
  // A connection that has just answered its last request becomes idle only now, and would wait for its keep-alive to end.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 50);
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, patienceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

/** What can be put into a browser. */
const hostOf = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};
