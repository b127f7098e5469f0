import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { texts } from '../../src/conversations/texts/index.ts';
import type { Queries } from '../../src/storage/index.ts';
import { createWeb } from '../../src/web/app.ts';
import type { WebDeps } from '../../src/web/deps.ts';
import { createLive } from '../../src/web/live.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { openOffice } from './raised.ts';
import type { Office } from './raised.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.stop());

/** The real parts, some of them broken. */
const web = (broken: Partial<WebDeps>) => {
  const { desk, storage, directory, world } = office.app;
  const logged: object[] = [];
  const log = { info: () => undefined, warn: () => undefined, error: (facts: object) => void logged.push(facts) };
  const app = createWeb({
    desk,
    store: storage.store,
    queries: storage.queries,
    directory,
    policy: () => world.policy(),
    world: () => world.current(),
    outbox: storage.queues.outbox,
    deadLetters: storage.queues.outbox,
    people: { list: () => Promise.resolve([]), unlink: () => Promise.resolve(false) },
    platforms: () => [],
    env: { apiToken: null, sessionSecret: null, publicUrl: 'http://localhost:3000', isLoopback: true },
    now: () => office.clock.now(),
    log,
    metrics: createMetrics(),
    live: createLive(),
    watch: {
      names: () => new Map(),
      checks: () => [],
      noted: () => Promise.resolve([]),
      unwritable: () => null,
      stillUnwritable: () => Promise.resolve(null),
      lookedMs: () => 0,
      auditedMs: () => null,
      audited: () => ({ tickets: 0, differences: 0 }),
    },
    playground: null,
    configError: () => null,
    version: 'test',
    words: (language) => texts(language).words,
    ...broken,
  });
  return { app, logged };
};

const failing = (): Queries => {
  const fail = () => Promise.reject(new Error('the disk is on fire'));
  return {
    listTickets: fail,
    openNumbers: fail,
    countByStatus: fail,
    board: fail,
    backlog: fail,
    buriedEvents: fail,
    counter: fail,
    tierFigures: fail,
    watch: { waiting: fail, clock: fail, noted: fail },
  };
};

describe('when something fails', () => {
  test('people get a page and programs a problem, with an id that is in the log and nothing of what went wrong', async () => {
    const { app, logged } = web({ queries: failing() });
    const page = await app.request('/board?lang=en', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(500);
    const html = await page.text();
    const id = /Error id (\w+)/.exec(html)?.[1];
    expect(html).not.toContain('on fire');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const problem = await app.request('/api/v1/tickets');
    expect(problem.headers.get('content-type')).toBe('application/problem+json');
    const body = (await problem.json()) as { errorId: string };
    expect(JSON.stringify(body)).not.toContain('on fire');
    expect(logged).toMatchObject([{ errorId: id, path: '/board' }, { errorId: body.errorId }]);
  });

  test('readiness names the part that does not work', async () => {
    const { app } = web({
      queries: failing(),
      platforms: () => [
        { name: 'slack', health: () => ({ ok: false, line: 'slack: invalid_auth; check SLACK_BOT_TOKEN' }) },
      ],
    });
    const ready = await app.request('/readyz');
    expect(ready.status).toBe(503);
    const text = await ready.text();
    expect(text).toContain('FAIL database: the disk is on fire');
    expect(text).toContain('FAIL slack: invalid_auth');
    expect((await app.request('/healthz')).status).toBe(200);
    const json = await app.request('/readyz', { headers: { accept: 'application/json' } });
    expect(await json.json()).toMatchObject({ ready: false });
  });

  test('metrics without the database: what is counted in it is left out, not the last figures again; the rest is told', async () => {
    const { queues } = office.app.storage;
    let away = false;
    const outbox = { depth: (now: number) => (away ? Promise.reject(new Error('gone')) : queues.outbox.depth(now)) };
    const platforms = () => [{ name: 'slack', health: () => ({ ok: true, line: 'slack: connected' }) }];
    const { app } = web({ outbox, platforms });
    const metrics = async (): Promise<string> => {
      const answer = await app.request('/metrics');
      expect(answer.status).toBe(200);
      return answer.text();
    };
    const counted =
      /^(?:itr_tickets|itr_queue_depth|itr_queue_oldest_seconds|itr_dead_letters|itr_unrouted_total)[{ ]/m;
    const before = await metrics();
    expect(before).toMatch(counted);
    expect(before).toContain('itr_database_up 1\n');
    away = true;
    const meanwhile = await metrics();
    expect(meanwhile).not.toMatch(counted);
    expect(meanwhile).toContain('itr_database_up 0\n');
    expect(meanwhile).toContain('itr_platform_up{platform="slack"} 1\n');
    expect(meanwhile).toMatch(/^process_resident_memory_bytes \d/m);
    away = false;
    expect(await metrics()).toMatch(counted);
  });

  test('a wrong configuration file is said, and the last good one goes on', async () => {
    const { app } = web({ configError: () => 'teams.db-l1.lead: there is no person "mai"' });
    const ready = await app.request('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.text()).toMatch(/warn configuration: .*ignored.*mai/);
  });

  test('a queue that stands still is not ready', async () => {
    const { app } = web({ outbox: { depth: () => Promise.resolve({ waiting: 3, oldestMs: 900_000, dead: 2 }) } });
    const ready = await app.request('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('FAIL outbox: 3 waiting, oldest 900 s, 2 given up: stuck');
  });

  test('reachable from outside without a token, it answers nobody', async () => {
    const { app } = web({
      env: { apiToken: null, sessionSecret: null, publicUrl: 'https://itr.example.com', isLoopback: false },
    });
    expect((await app.request('/api/v1/tickets')).status).toBe(401);
    expect((await app.request('/board', { headers: { accept: 'text/html' } })).status).toBe(302);
    expect((await app.request('/login', { method: 'POST', body: new URLSearchParams({ token: '' }) })).status).toBe(
      401,
    );
  });

  test('without a playground the board is the first page', async () => {
    const { app } = web({});
    expect((await app.request('/')).headers.get('location')).toBe('/board');
  });
});
