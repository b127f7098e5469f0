import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from '../faults.ts';
import type { LongConnection } from '../longConnection.ts';
import { isObject } from '../types.ts';
import type { Fault, Json, JsonObject } from '../types.ts';
import { Tokens } from './apps.ts';
import { call, routeOf, tooMany } from './call.ts';
import type { Reply } from './call.ts';
import type { Platform } from './context.ts';

type Incoming = { name: string; method: string; path: string; query: URLSearchParams; body: JsonObject };

const tokenPath = '/open-apis/auth/v3/tenant_access_token/internal';
const endpointPath = '/callback/ws/endpoint';

/** The emulator's front door: the API, the addresses of long connections, and their WebSocket upgrade. */
export class ApiServer {
  origin = '';
  /** The platform is away: every connection is reset. */
  away = false;
  readonly tokens: Tokens;
  private readonly platform: Platform;
  private readonly faults: Faults;
  private readonly sockets: LongConnection;
  private readonly server: http.Server;
  private readonly held = new Set<NodeJS.Timeout>();

  constructor(platform: Platform, faults: Faults, sockets: LongConnection) {
    this.platform = platform;
    this.faults = faults;
    this.sockets = sockets;
    this.tokens = new Tokens(platform.world);
    this.server = http.createServer((request, response) => {
      this.route(request, response).catch((error: unknown) => {
        platform.world.warnings.push(`emulator failed: ${String(error)}`);
        if (!response.headersSent) response.writeHead(500);
        response.end(String(error));
      });
    });
    this.server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const timer of this.held) clearTimeout(timer);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async route(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (this.away) return void request.socket.resetAndDestroy();
    this.platform.courier.tick();
    const url = new URL(request.url ?? '/', this.origin);
    const method = request.method ?? 'GET';
    const body = await readJson(request);
    const incoming = { name: nameOf(method, url.pathname), method, path: url.pathname, query: url.searchParams, body };
    const fault = this.faults.take(incoming.name, incoming.path, body);
    if (fault?.kind === 'slow') await this.pause(fault.ms);
    const reply = this.instead(fault) ?? this.answer(incoming, request.headers.authorization ?? '');
    this.log(incoming, request.headers.authorization ?? '', reply, fault);
    switch (fault?.kind) {
      case 'reset':
      case 'reset-after-success':
        request.socket.resetAndDestroy();
        return;
      case 'timeout-after-success':
        await this.pause(fault.ms);
        return write(response, reply);
      case 'garbage':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Feishu is having trouble</html>');
        return;
      default:
        return write(response, reply);
    }
  }

  private answer(incoming: Incoming, authorization: string): Reply {
    const { method, path, body } = incoming;
    if (method === 'POST' && path === tokenPath) return { status: 200, body: this.tokens.issue(body), headers: {} };
    if (method === 'POST' && path === endpointPath) {
      return { status: 200, body: this.sockets.endpoint(body, this.origin), headers: {} };
    }
    return call(this.platform, this.tokens, { ...incoming, authorization });
  }

  private instead(fault: Fault | undefined): Reply | undefined {
    switch (fault?.kind) {
      case '429': {
        const { code, message, headers } = tooMany(fault.resetSeconds ?? 1);
        return { status: 429, body: { code, msg: message }, headers };
      }
      case '5xx':
        return { status: fault.status ?? 500, body: { code: fault.code ?? 2200, msg: 'internal error' }, headers: {} };
      case 'error':
        return {
          status: fault.status ?? 400,
          body: { code: fault.code, msg: fault.msg ?? 'refused by the test' },
          headers: {},
        };
      case 'reset':
      case 'garbage':
        return { status: 0, body: { code: -1, msg: fault.kind }, headers: {} };
      default:
        return undefined;
    }
  }

  private log(incoming: Incoming, authorization: string, reply: Reply, fault: Fault | undefined): void {
    const { world } = this.platform;
    const { name, method, path, body } = incoming;
    const query: Record<string, string[]> = {};
    for (const key of incoming.query.keys()) query[key] = incoming.query.getAll(key);
    const app = this.tokens.appOf(authorization.replace('Bearer ', '')) ?? String(body.app_id ?? body.AppID ?? '');
    const { app_secret, AppSecret, ...shown } = body;
    void [app_secret, AppSecret];
    world.calls.push({
      n: world.calls.length + 1,
      name,
      method,
      path,
      app,
      at: world.now(),
      query,
      body: shown,
      status: reply.status,
      code: Number(reply.body.code ?? 0),
      result: reply.body,
      ...(fault ? { fault: fault.kind } : {}),
    });
    world.changed();
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.held.delete(timer);
        resolve();
      }, ms);
      this.held.add(timer);
    });
  }
}

function nameOf(method: string, path: string): string {
  if (path === tokenPath) return 'token';
  if (path === endpointPath) return 'ws.endpoint';
  return routeOf(method, path)?.route.name ?? 'unknown';
}

function write(response: http.ServerResponse, { status, body, headers, download }: Reply): void {
  if (response.destroyed) return;
  if (download) {
    const disposition = `attachment; filename="${encodeURIComponent(download.name)}"`;
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-disposition': disposition });
    response.end(download.content);
    return;
  }
  const all = { 'content-type': 'application/json; charset=utf-8', ...headers };
  response.writeHead(status, all).end(JSON.stringify(body));
}

/** A body that is no JSON object is an empty one: the API then misses its fields. */
async function readJson(request: http.IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    const json = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Json;
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}
