import { describe, expect, test } from 'vitest';
import { NINE, world } from './world.ts';

describe('the clock', () => {
  test('is pushed forward by a span, or to where something is due', async () => {
    const { call, time, see } = await world({ nextPoint: () => Promise.resolve(NINE + 900_000) });
    expect(await call('POST', '/clock', { advanceMs: 60_000 })).toMatchObject({ json: { now: NINE + 60_000 } });
    expect(await call('POST', '/clock', { toNextPoint: true })).toMatchObject({ json: { now: NINE + 900_000 } });
    // Something is due now: a second is let pass rather than nothing.
    await call('POST', '/clock', { toNextPoint: true });
    expect(time.ms).toBe(NINE + 901_000);
    expect((await see('lin')).clock).toMatchObject({ movable: true, advancedMs: 901_000 });
  });

  test('has nowhere to go when nothing runs', async () => {
    const { call } = await world({ nextPoint: () => Promise.resolve(null) });
    expect(await call('POST', '/clock', { toNextPoint: true })).toMatchObject({
      status: 409,
      json: { code: 'nothing_due' },
    });
  });

  test.each([{ advanceMs: -1 }, { advanceMs: 0 }, { advanceMs: 1e12 }, { advanceMs: 1.5 }, {}, { toNextPoint: false }])(
    'refuses %j',
    async (move) => {
      const { call, time } = await world();
      expect(await call('POST', '/clock', move)).toMatchObject({ status: 400 });
      expect(time.ms).toBe(NINE);
    },
  );

  test('does not move while a real platform is configured', async () => {
    const { call, see } = await world({ clock: null });
    expect(await call('POST', '/clock', { advanceMs: 1000 })).toMatchObject({
      status: 409,
      json: { code: 'clock_fixed' },
    });
    expect((await see('lin')).clock).toMatchObject({ movable: false });
  });
});

test('what fails for a reason of ours is logged under the id that the answer carries', async () => {
  const failed: [unknown, string][] = [];
  const broken = new Error('no policy');
  const { call } = await world({
    gestures: () => {
      throw broken;
    },
    failed: (error, errorId) => void failed.push([error, errorId]),
  });
  const { status, json } = await call('GET', '/state?as=lin');
  expect(status).toBe(500);
  expect(failed).toEqual([[broken, json['errorId']]]);
  expect(json['detail']).toContain(json['errorId']);
  // A visitor's mistake is none of ours.
  await call('GET', '/state?as=nobody');
  expect(failed).toHaveLength(1);
});

describe('the page', () => {
  test('is served with a policy under which no inline script runs', async () => {
    const { platform } = await world();
    const page = await platform.routes.request('/playground');
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|style="/);
    for (const [, file] of html.matchAll(/(?:src|href)="(\/playground\/assets\/[^"]+)"/g))
      expect((await platform.routes.request(file ?? '')).status, file).toBe(200);
  });

  test('an asset that has not changed is not sent again; nothing outside the folder is sent at all', async () => {
    const { platform } = await world();
    const css = await platform.routes.request('/playground/assets/playground.css');
    const again = await platform.routes.request('/playground/assets/playground.css', {
      headers: { 'if-none-match': css.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
    for (const name of ['..%2f..%2fpackage.json', 'nothing.js', '.env', 'index.html.bak'])
      expect((await platform.routes.request(`/playground/assets/${name}`)).status).toBe(404);
  });

  test('hears of every change over SSE, and the stream ends with the platform', async () => {
    const { platform, say } = await world();
    const response = await platform.routes.request('/playground/api/events');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    expect(first?.value).toMatch(/^event: changed\ndata: \d+/);
    await say('lin', '新消息');
    const second = await reader?.read();
    expect(second?.value).toMatch(/^event: changed/);
    await platform.stop();
    for (;;) if ((await reader?.read())?.done) break;
  });

  test('shows the gestures of the configuration', async () => {
    const { see } = await world();
    expect((await see('lin')).gestures).toContainEqual({ gesture: 'claim', emoji: ['eyes', '👀'] });
  });
});
