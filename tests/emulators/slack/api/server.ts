import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Courier } from '../courier.ts';
import type { Faults } from '../faults.ts';
import { Rates } from '../rates.ts';
import type { SocketModeServer } from '../socketMode.ts';
import type { Fault, JsonObject } from '../types.ts';
import type { World } from '../world.ts';
import { parseBody, readBody } from './body.ts';
import { call } from './call.ts';
import type { Answer } from './call.ts';
import { ApiContext } from './context.ts';
import { respond } from './responseUrl.ts';

/** The emulator's front door: Web API, response_urls, private files, and the WebSocket upgrade. */
export class ApiServer {
  origin = '';
  context: ApiContext;
  private readonly world: World;
  private readonly faults: Faults;
  private readonly rates: Rates;
  private readonly server: http.Server;
  private readonly held = new Set<NodeJS.Timeout>();

  constructor(world: World, courier: Courier, faults: Faults, sockets: SocketModeServer | undefined) {
    this.world = world;
    this.faults = faults;
    this.rates = new Rates(world.now);
    this.context = new ApiContext(world, courier, sockets, '');
    this.server = http.createServer((request, response) => {
      this.route(request, response).catch((error: unknown) => {
        world.warnings.push(`emulator failed: ${String(error)}`);
        if (!response.headersSent) response.writeHead(500);
        response.end(String(error));
      });
    });
    this.server.on('upgrade', (request, socket, head) => {
      if (sockets) sockets.upgrade(request, socket, head);
      else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    });
  }

  async listen(port: number, courier: Courier, sockets: SocketModeServer | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', resolve);
    });
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.context = new ApiContext(this.world, courier, sockets, this.origin);
  }

  async stop(): Promise<void> {
    for (const timer of this.held) clearTimeout(timer);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async route(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const body = await readBody(request);
    if (url.pathname.startsWith('/api/')) return await this.api(request, response, url, body);
    if (url.pathname.startsWith('/response/')) return await this.responseUrl(request, response, url, body);
    if (url.pathname.startsWith('/files-pri/')) return this.file(request, response, url);
    response.writeHead(404).end();
  }

  private async api(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    url: URL,
    body: string,
  ): Promise<void> {
    const method = url.pathname.slice('/api/'.length);
    const parsed = parseBody(request.headers['content-type'] ?? '', body, url.searchParams);
    if ('error' in parsed) {
      const answer: Answer = { status: 200, body: { ok: false, error: parsed.error }, headers: {} };
      this.log(method, {}, answer, undefined);
      return this.write(response, answer);
    }
    const { token: formToken, ...args } = parsed.args;
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? (typeof formToken === 'string' ? formToken : undefined);
    await this.withFault(response, method, args, () => call(this.context, this.rates, method, token, args));
  }

  private async responseUrl(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    url: URL,
    body: string,
  ): Promise<void> {
    const parsed = parseBody(request.headers['content-type'] ?? '', body, new URLSearchParams());
    const args = 'error' in parsed ? {} : parsed.args;
    const id = url.pathname.slice('/response/'.length);
    await this.withFault(response, 'response_url', args, async () => {
      return { ...respond(this.context, id, args), headers: {} };
    });
  }

  private file(request: http.IncomingMessage, response: http.ServerResponse, url: URL): void {
    // Slack answers a missing token with a sign-in page and 200, the classic trap of url_private.
    if (request.headers.authorization !== `Bearer ${this.world.botToken}`) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><title>Sign in to Slack</title>');
      return;
    }
    const id = url.pathname.split('/')[2] ?? '';
    const known = this.world.files.get(id);
    if (!known) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': String(known.file.mimetype) }).end(known.content);
  }

  /** Runs the call unless a fault forbids it, logs it, and answers, hangs up or keeps silent as the fault says. */
  private async withFault(
    response: http.ServerResponse,
    method: string,
    args: JsonObject,
    run: () => Promise<Answer>,
  ): Promise<void> {
    const fault = this.faults.take(method, args);
    if (fault?.kind === 'delay') await this.pause(fault.ms);
    const answer = this.instead(fault) ?? (await run());
    this.log(method, args, answer, fault);
    switch (fault?.kind) {
      case 'drop':
      case 'drop-after-success':
        response.destroy();
        return;
      case 'timeout-after-success':
        await this.pause(fault.ms);
        return this.write(response, answer);
      case 'garbage':
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Slack is having trouble</html>');
        return;
      default:
        return this.write(response, answer);
    }
  }

  private instead(fault: Fault | undefined): Answer | undefined {
    switch (fault?.kind) {
      case '429': {
        const headers = { 'retry-after': String(fault.retryAfter ?? 1) };
        return { status: 429, body: { ok: false, error: 'ratelimited' }, headers };
      }
      case '500':
        return { status: fault.status ?? 500, body: { ok: false, error: 'internal_error' }, headers: {} };
      case 'error':
        return { status: 200, body: { ok: false, error: fault.error }, headers: {} };
      case 'drop':
      case 'garbage':
        return { status: 0, body: { ok: false, error: fault.kind }, headers: {} };
      default:
        return undefined;
    }
  }

  private log(method: string, args: JsonObject, answer: Answer, fault: Fault | undefined): void {
    const { ok, error } = answer.body;
    this.world.calls.push({
      n: this.world.calls.length + 1,
      method,
      at: this.world.now(),
      args,
      status: answer.status,
      ok: ok === true,
      ...(typeof error === 'string' ? { error } : {}),
      result: answer.body,
      ...(fault ? { fault: fault.kind } : {}),
    });
    this.world.changed();
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

  private write(response: http.ServerResponse, answer: Answer): void {
    if (response.destroyed) return;
    const headers = { 'content-type': 'application/json; charset=utf-8', ...answer.headers };
    response.writeHead(answer.status, headers).end(JSON.stringify(answer.body));
  }
}
