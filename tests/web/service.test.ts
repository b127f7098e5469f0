/** Routing, children, entitlement and 9-9-1 through the API and a real database. */
import { afterEach, describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { HandClock } from '../support/clock.ts';
import { EXAMPLE } from '../support/world.ts';
import { LIN, START } from './raised.ts';
import type { Json } from './raised.ts';

const apps: App[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop()));
});

async function open(...changes: readonly (readonly [string, string])[]) {
  const config = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no "${from}"`);
    return text.replace(from, to);
  }, EXAMPLE);
  const clock = new HandClock(START);
  // Without any chat: nobody of the example has an identity on the playground.
  const app = await startApp({ config, clock, env: { PLAYGROUND: 'off' } });
  apps.push(app);
  const post = (path: string, body: Json) => app.api(path, { method: 'POST', body });
  const get = (path: string) => app.api(path);
  return {
    app,
    clock,
    get,
    raise: async (more: Json = {}): Promise<Json> => {
      const title = '数据库时断时续';
      const made = await post('/api/v1/tickets', {
        title,
        product: 'db',
        impact: '全部',
        project: 'acme-core',
        requester: LIN,
        ...more,
      });
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
      return made.body;
    },
    tell: (number: unknown, command: Json) => post(`/api/v1/tickets/${String(number)}/commands`, command),
    post,
  };
}

const page = async (app: App, path: string): Promise<string> => (await fetch(`${app.url}${path}`)).text();

describe('assignment from the database', () => {
  it('by turns: one after the other, also after the last', async () => {
    const { app, raise } = await open(['ola: standard, assign: duty', 'ola: standard, assign: round_robin']);
    const owners = [];
    for (let i = 0; i < 4; i++) owners.push((await raise())['assignee']);
    expect(owners).toEqual(['wei', 'li', 'mei', 'wei']);
    const why = JSON.parse(await page(app, '/api/v1/tickets/ITR-2/explain')) as { routing: Json };
    expect(why.routing['shared']).toEqual({ how: 'round_robin', to: 'li', toName: '李丽' });
  });

  it('by load: who has the fewest in hand; what is solved weighs nothing', async () => {
    const { raise, tell } = await open(['ola: standard, assign: duty', 'ola: standard, assign: least_loaded']);
    const first = await raise();
    expect([first['assignee'], (await raise())['assignee'], (await raise())['assignee']]).toEqual(['wei', 'li', 'mei']);
    await tell(first['number'], { type: 'resolve', as: 'wei', solution: 'x', cause: 'defect' });
    expect((await raise())['assignee']).toBe('wei');
  });
});

describe('what no rule fits', () => {
  it('is counted: in the metrics and on the health page', async () => {
    const { app, raise } = await open(['  - { when: {}, team: db-l1 }\n', '']);
    expect(await page(app, '/metrics')).toContain('itr_unrouted_total 0');
    await raise({ title: 'printer', product: 'printer' });
    expect(await page(app, '/metrics')).toContain('itr_unrouted_total 1');
    expect(await page(app, '/readyz')).toContain('1 ticket fitted no rule');
  });
});

describe('children', () => {
  it('are raised under their parent, and the parent shows how they stand', async () => {
    const { raise, tell, post, get } = await open();
    const { number } = await raise();
    const made = await post('/api/v1/tickets', { title: '查存储', parent: number, team: 'db-l2', requester: 'wei' });
    expect(made).toMatchObject({
      status: 201,
      body: { team: 'db-l2', parent: number, status: 'queued', project: 'acme-core' },
    });
    const child = made.body['number'];
    const of = async () => (await get(`/api/v1/tickets/${String(number)}`)).body;
    expect(await of()).toMatchObject({
      links: [{ to: child, as: 'child' }],
      children: [{ number: child, status: 'queued', team: 'db-l2' }],
    });
    await tell(child, { type: 'claim', as: 'zhao' });
    await tell(child, { type: 'resolve', as: 'zhao', solution: '扩容', cause: 'capacity' });
    expect(await of()).toMatchObject({ children: [{ number: child, status: 'resolved' }] });
  });

  it('a link is seen from both sides; no ticket stands below itself', async () => {
    const { raise, tell, get } = await open();
    const [a, b, c] = [await raise(), await raise(), await raise()].map((ticket) => ticket['number']);
    await tell(a, { type: 'link', to: b, as: 'child', actor: 'wei' });
    await tell(b, { type: 'link', to: c, as: 'child', actor: 'wei' });
    expect((await get(`/api/v1/tickets/${String(c)}`)).body['links']).toEqual([{ to: b, as: 'parent' }]);
    expect(await tell(c, { type: 'link', to: a, as: 'child', actor: 'wei' })).toMatchObject({ status: 422 });
    expect(await tell(a, { type: 'link', to: c, as: 'child', actor: 'wei' })).toMatchObject({ status: 422 });
    expect((await tell(a, { type: 'link', to: b, as: 'child', actor: 'wei' })).status).toBe(200);
  });

  it('bad input is answered as such', async () => {
    const { post, raise } = await open();
    const { number } = await raise();
    expect((await post('/api/v1/tickets', { title: 'x', team: 'db-l2' })).status).toBe(422);
    expect((await post('/api/v1/tickets', { title: 'x', parent: 'ITR-99' })).status).toBe(404);
    expect((await post('/api/v1/tickets', { title: 'x', parent: number, team: 'nobody' })).status).toBe(422);
    expect((await post('/api/v1/tickets', { title: 'x', parent: number, requester: LIN })).status).toBe(403);
  });
});

describe('entitlement', () => {
  it('is shown, withholds what it must, and is given by authorization', async () => {
    const { raise, tell } = await open(
      ['entitlement: open', 'entitlement: enforce'],
      ['until: "2026-12-31"', 'until: "2026-06-30"'],
    );
    const ticket = await raise();
    expect(ticket).toMatchObject({ entitlement: 'waiting', status: 'queued', clocks: [] });
    expect(await tell(ticket['number'], { type: 'claim', as: 'wei' })).toMatchObject({
      status: 409,
      body: { reason: 'not_entitled' },
    });
    const { body } = await tell(ticket['number'], { type: 'authorize', as: 'chen', reason: '老客户' });
    expect(body).toMatchObject({ entitlement: 'authorized' });
    expect((await tell(ticket['number'], { type: 'claim', as: 'wei' })).status).toBe(200);
  });
});

describe('GET /api/v1/reports/tiers', () => {
  it('gives the shares and the skipped lines', async () => {
    const { raise, tell, get, clock } = await open();
    const solve = async (number: unknown, as: string) => {
      await tell(number, { type: 'claim', as });
      await tell(number, { type: 'resolve', as, solution: 'x', cause: 'defect' });
    };
    await solve((await raise())['number'], 'wei');
    const far = (await raise())['number'];
    await tell(far, { type: 'claim', as: 'wei' });
    await tell(far, { type: 'escalate', as: 'wei', to: 'db-rd' });
    await solve(far, 'sun');
    clock.advance(60_000);
    const { status, body } = await get('/api/v1/reports/tiers');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      by: 'week',
      ratio: { L1: 90, L2: 9, L3: 1 },
      rows: [
        {
          key: '2026-W47',
          total: 2,
          counts: { L1: 1, L2: 0, L3: 1 },
          shares: { L1: 50, L2: 0, L3: 50 },
          onTarget: false,
        },
      ],
      skipped: [{ ticket: far, from: 'L1', to: 'L3' }],
    });
    expect((await get('/api/v1/reports/tiers?by=product')).body).toMatchObject({ rows: [{ key: 'db', total: 2 }] });
    expect((await get('/api/v1/reports/tiers?from=2026-01-01&to=2026-02-01')).body).toMatchObject({
      rows: [],
      skipped: [],
    });
    for (const wrong of ['by=colour', 'from=soon', 'from=2026-02-01&to=2026-01-01'])
      expect((await get(`/api/v1/reports/tiers?${wrong}`)).status).toBe(400);
    expect((await get('/api/v1/reports/sla')).status).toBe(501);
  });
});
