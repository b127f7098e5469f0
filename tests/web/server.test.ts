import { request } from 'node:http';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { afterEach, describe, expect, test } from 'vitest';
import { startHttp } from '../../src/web/server.ts';
import type { HttpServer } from '../../src/web/server.ts';

let server: HttpServer;
afterEach(() => server.stop());

const start = async (app: Hono, more: Partial<Parameters<typeof startHttp>[0]> = {}) => {
  server = await startHttp({ app, webhooks: [], host: '127.0.0.1', port: 0, ...more });
  return server;
};

describe('the server', () => {
  test('hands a webhook the raw request, before everything else', async () => {
    const app = new Hono();
    app.all('*', (c) => c.text('app'));
    const heard: Buffer[] = [];
    await start(app, {
      webhooks: [
        {
          path: '/slack/events',
          handle: (incoming, response) => {
            incoming.on('data', (chunk: Buffer) => heard.push(chunk));
            incoming.on('end', () => response.end('webhook'));
          },
        },
      ],
    });
    const post = (path: string) =>
      fetch(`${server.url}${path}`, { method: 'POST', body: '{"a": 1 }' }).then((answer) => answer.text());
    expect(await post('/slack/events?x=1')).toBe('webhook');
    expect(Buffer.concat(heard).toString()).toBe('{"a": 1 }');
    expect(await post('/slack/events/')).toBe('app');
  });

  test('finishes what is under way when it stops, and takes nothing new', async () => {
    const app = new Hono();
    let finish: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      app.get('/slow', async (c) => {
        const done = new Promise<void>((finished) => {
          finish = finished;
        });
        resolve();
        await done;
        return c.text('finished');
      });
    });
    await start(app);
    const { url } = server;
    const slow = fetch(`${url}/slow`);
    await begun;
    const stopped = server.stop();
    await expect(fetch(`${url}/slow`)).rejects.toThrow();
    finish();
    expect(await (await slow).text()).toBe('finished');
    await stopped;
  });

  test('a stream that nobody ends does not hold it', async () => {
    const app = new Hono();
    app.get('/events', (c) =>
      streamSSE(c, async (stream) => {
        await stream.writeSSE({ data: 'hello' });
        await new Promise(() => undefined);
      }),
    );
    await start(app, { patienceMs: 100 });
    await new Promise<void>((resolve) => {
      request(`${server.url}/events`, (answer) =>
        answer.once('data', () => {
          answer.on('error', () => undefined);
          resolve();
        }),
      )
        .on('error', () => undefined)
        .end();
    });
    const before = performance.now();
    await server.stop();
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test('a port that is taken is said', async () => {
    await start(new Hono());
    await expect(startHttp({ app: new Hono(), webhooks: [], host: '127.0.0.1', port: server.port })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
