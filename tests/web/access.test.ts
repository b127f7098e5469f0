import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOffice } from './raised.ts';
import type { Office } from './raised.ts';

const TOKEN = 'correct horse battery staple'.replaceAll(' ', '-');
const HTML = { accept: 'text/html' };

describe('with an API token', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ ITR_API_TOKEN: TOKEN, SESSION_SECRET: 'a-session-secret' });
  });
  afterAll(() => office.stop());

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${office.app.url}${path}`, { redirect: 'manual', ...init });
  const signIn = (token: string, next = '/board') =>
    ask('/login', { method: 'POST', body: new URLSearchParams({ token, next }) });

  test.each([
    ['/api/v1/tickets', {}],
    ['/api/v1/tickets', { authorization: 'Bearer wrong' }],
    ['/api/v1/tickets', { authorization: `Basic ${TOKEN}` }],
    ['/api/v1/events', {}],
    ['/api/v1/duty', { authorization: 'Bearer ' }],
  ])('%s with %j is not answered', async (path, headers) => {
    const answer = await ask(path, { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  test('with the token it is', async () => {
    const answer = await ask('/api/v1/tickets', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each(['/healthz', '/readyz', '/metrics', '/api/openapi.json'])('%s needs no token', async (path) => {
    expect((await ask(path)).status).toBe(200);
  });

  test('pages lead to the sign-in, and back', async () => {
    const away = await ask('/tickets/ITR-1?order=oldest', { headers: HTML });
    expect([away.status, away.headers.get('location')]).toEqual([
      302,
      '/login?next=%2Ftickets%2FITR-1%3Forder%3Doldest',
    ]);
    expect((await ask('/board')).status).toBe(401);
    expect((await ask('/playground/api/state?as=lin')).status).toBe(401);

    const wrong = await signIn('guess');
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).toContain('令牌不对');
    expect(wrong.headers.get('set-cookie')).toBeNull();

    const right = await signIn(TOKEN);
    expect([right.status, right.headers.get('location')]).toEqual([303, '/board']);
    const cookie = right.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const headers = { ...HTML, cookie: cookie.split(';', 1)[0] ?? '' };
    const board = await ask('/board', { headers });
    expect(board.status).toBe(200);
    expect(await board.text()).toContain('退出');
    // A page reads through its session; to change something takes the token.
    expect((await ask('/api/v1/tickets', { headers })).status).toBe(200);
    const post = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{"title":"x"}' };
    expect((await ask('/api/v1/tickets', post)).status).toBe(401);
    expect((await ask('/playground/api/state?as=lin', { headers })).status).toBe(200);

    const forged = {
      ...headers,
      cookie: headers.cookie.replace(/\.(.)/, (_all, letter: string) => `.${letter === 'a' ? 'b' : 'a'}`),
    };
    expect((await ask('/board', { headers: forged })).status).toBe(302);
    const prolonged = { ...headers, cookie: headers.cookie.replace(/=(\d)/, '=9$1') };
    expect((await ask('/board', { headers: prolonged })).status).toBe(302);
    const out = await ask('/logout', { method: 'POST', headers });
    expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/);
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', ''])('nobody is led to %s', async (next) => {
    expect((await signIn(TOKEN, next)).headers.get('location')).toBe('/');
  });

  test('guessing is slow', async () => {
    let last = 0;
    for (let guess = 0; guess < 30; guess++) last = (await signIn(`guess ${guess}`)).status;
    expect(last).toBe(429);
    // Who knows the token is not locked out by those who guess.
    expect((await signIn(TOKEN)).status).toBe(303);
    expect((await signIn('one more guess')).status).toBe(429);
  });
});

describe('on this machine, with nothing configured', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.stop());

  const as = (host: string, path: string) =>
    new Promise<number>((resolve, reject) => {
      request(`${office.app.url}${path}`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });

  test('the console is open, and says so', async () => {
    const board = await fetch(`${office.app.url}/board`);
    expect(board.status).toBe(200);
    expect(await board.text()).toContain('ITR_API_TOKEN');
  });

  test('but not to a foreign name that was made to point here', async () => {
    for (const path of ['/api/v1/tickets', '/board', '/playground/api/state?as=lin']) {
      expect(await as('evil.example:3000', path)).toBe(403);
      expect(await as('localhost:3000', path)).toBe(200);
      expect(await as('[::1]:3000', path)).toBe(200);
    }
  });
});
