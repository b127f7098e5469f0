import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DutySchema,
  ExplainSchema,
  ProblemSchema,
  TicketListSchema,
  TicketWithTimelineSchema,
} from '../../src/web/api/ticket-schema.ts';
import { LIN, START, openOffice } from './raised.ts';
import type { Json, Office } from './raised.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.stop());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  office.app.api('/api/v1/tickets', { method: 'POST', body, headers });
const get = (path: string) => office.app.api(path);
const raw = (path: string, init: RequestInit = {}) => fetch(`${office.app.url}${path}`, init);
const numbers = (body: Json): string[] => (body['items'] as { number: string }[]).map(({ number }) => number);

describe('raising a ticket', () => {
  test('with its mandatory fields it is registered and dispatched at once', async () => {
    const { status, body } = await post({
      title: '下单很慢',
      product: 'DB',
      impact: '全部用户',
      project: '阿克美核心系统',
      requester: LIN,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'queued',
      product: 'db',
      project: 'acme-core',
      customer: 'acme',
      team: 'db-l1',
      requester: LIN,
      missing: [],
    });
    expect(TicketWithTimelineSchema.safeParse(body).error).toBeUndefined();
    expect(body['clocks']).toContainEqual(
      expect.objectContaining({
        metric: 'response',
        kind: 'SLA',
        state: 'running',
        policy: 'gold',
        source: 'contract A-2026-01',
      }) as unknown,
    );
  });

  test('without them it stays a draft, and says what is missing', async () => {
    const { status, body } = await post({ title: 'Only a title' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'draft',
      stage: 'acceptance',
      missing: ['product', 'impact'],
      requester: 'api',
      language: 'en',
    });
  });

  test('its place is in the answer', async () => {
    const made = await raw('/api/v1/tickets', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'x' }),
    });
    const { number } = (await made.json()) as { number: string };
    expect(made.headers.get('location')).toBe(`/api/v1/tickets/${number}`);
  });

  test('a key used again gives the same ticket; with another body it is refused', async () => {
    const body = { title: 'once', severity: 'S2' };
    const headers = { 'idempotency-key': 'monitor-7' };
    const [first, again] = [await post(body, headers), await post({ severity: 'S2', title: 'once' }, headers)];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body['number']).toBe(first.body['number']);
    const other = await post({ title: 'another' }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    const next = await post({ title: 'the next' });
    // The number that the repetition had taken for a moment was given back.
    expect(Number(String(next.body['number']).slice(4))).toBe(Number(String(first.body['number']).slice(4)) + 1);
  });

  test('at the same instant, too', async () => {
    const both = await Promise.all([1, 2, 3, 4].map(() => post({ title: 'race' }, { 'idempotency-key': 'race' })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(both.map(({ body }) => body['number'])).size).toBe(1);
  });

  test.each([
    [{}, 'title', /is needed/],
    [{ title: '  ' }, 'title', /at least one character/],
    [{ title: 'x'.repeat(201) }, 'title', /at most 200/],
    [{ title: 'x', titel: 'y' }, 'titel', /did you mean title/],
    [{ title: 'x', severity: 'high' }, 'severity', /S1, S2, S3, S4/],
    [{ title: 'x', kind: 'bug' }, 'kind', /incident/],
    [{ title: 'x', project: 'acme' }, 'project', /Did you mean acme-core/],
    [{ title: 'x', requester: 'wai' }, 'requester', /wei/],
    [[], 'body', /object/],
  ])('%j is told what would be right', async (body, name, problem) => {
    const answer = await post(body);
    expect(answer.status).toBe(422);
    expect(ProblemSchema.safeParse(answer.body).error).toBeUndefined();
    expect(answer.body['errors']).toContainEqual({ name, problem: expect.stringMatching(problem) as string });
  });

  test('what is no JSON, of another type, or too large is refused as such', async () => {
    const send = (body: string, type = 'application/json') =>
      raw('/api/v1/tickets', { method: 'POST', headers: { 'content-type': type }, body }).then(
        (answer) => answer.status,
      );
    expect(await send('{"title":')).toBe(400);
    expect(await send('')).toBe(400);
    expect(await send('title=x', 'application/x-www-form-urlencoded')).toBe(415);
    expect(await send('{"title":"x"}', 'text/plain')).toBe(415);
    expect(await send(JSON.stringify({ title: 'x', description: 'y'.repeat(1_100_000) }))).toBe(413);
  });
});

test('a body whose length is not announced is read, and bounded, too', async () => {
  const send = async (text: string): Promise<number> => {
    const body = new Blob([text]).stream();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    return (await raw('/api/v1/tickets', init as RequestInit)).status;
  };
  expect(await send('{"title":"streamed"}')).toBe(201);
  expect(await send(JSON.stringify({ title: 'x', description: 'y'.repeat(1_100_000) }))).toBe(413);
});

describe('finding tickets', () => {
  beforeAll(async () => {
    await office.raise({ title: 'needle in a haystack' });
    await office.ticketIn('in_progress');
  });

  test('newest first, a page at a time', async () => {
    const all = await get('/api/v1/tickets?limit=200');
    expect(TicketListSchema.safeParse(all.body).error).toBeUndefined();
    const order = numbers(all.body).map((number) => Number(number.slice(4)));
    expect(order).toEqual([...order].sort((a, b) => b - a));
    const paged: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await get(`/api/v1/tickets?limit=3&cursor=${cursor}`);
      paged.push(...numbers(body));
      if (body['next'] === null) break;
      cursor = body['next'] as string;
    }
    expect(paged).toEqual(numbers(all.body));
  });

  test.each([
    ['status=in_progress', 1],
    ['status=in_progress,resolved&assignee=wei', 1],
    ['assignee=魏伟', 1],
    ['assignee=li', 0],
    ['q=NEEDLE', 1],
    ['q=itr-1', 1],
    ['team=数据库一线&status=in_progress', 1],
    ['project=nowhere', 0],
    ['status=&assignee=&team=&project=&q=needle&cursor=&limit=', 1],
  ])('?%s', async (query, count) => {
    const { status, body } = await get(`/api/v1/tickets?${query}`);
    expect(status).toBe(200);
    expect(numbers(body)).toHaveLength(count);
    expect((body['items'] as Json[]).every((item) => !('timeline' in item))).toBe(true);
  });

  test.each([
    ['status=open', /no status.*queued/],
    ['status=queud', /Did you mean queued/],
    ['limit=0', /1 to 200/],
    ['limit=201', /1 to 200/],
    ['limit=ten', /1 to 200/],
    ['cursor=xyz', /"next"/],
    ['assigne=wei', /assigne: is not a parameter.*did you mean assignee\?.*it takes status, assignee, team/],
  ])('?%s is told what would be right', async (query, detail) => {
    const { status, body } = await get(`/api/v1/tickets?${query}`);
    expect(status).toBe(400);
    expect(body['detail']).toMatch(detail);
  });

  test('by number, written any way; what is not there is not found', async () => {
    for (const said of ['ITR-1', 'itr-1', '1'])
      expect((await get(`/api/v1/tickets/${said}`)).body['number']).toBe('ITR-1');
    for (const said of ['ITR-9999', 'seven', 'ITR-0']) {
      const { status, body } = await get(`/api/v1/tickets/${said}`);
      expect(status).toBe(404);
      expect(body['detail']).toContain('There is no ticket');
    }
    expect(await office.tell('ITR-9999', { type: 'claim' })).toMatchObject({ status: 404 });
  });
});

describe('explain', () => {
  test('names the rule, the policy and its source, and what counted until it is due', async () => {
    const number = await office.raise({ severity: 'S2', title: '连接池用尽' });
    const { status, body } = await get(`/api/v1/tickets/${number}/explain?lang=en`);
    expect(status).toBe(200);
    const read = ExplainSchema.parse(body);
    expect(read.routing).toMatchObject({
      team: 'db-l1',
      rule: 'rule 2',
      matched: true,
      when: { keywords: ['连接池', 'connection pool'] },
    });
    const resolve = read.clocks.find((clock) => clock.metric === 'resolve');
    expect(resolve).toMatchObject({
      policy: 'gold',
      source: 'contract A-2026-01',
      targetMs: 24 * 3_600_000,
      calendar: 'cn',
    });
    const sum = (spans: readonly { ms: number }[] = []): number => spans.reduce((all, span) => all + span.ms, 0);
    expect(sum(resolve?.counted)).toBe(resolve?.elapsedMs);
    expect(sum(resolve?.counted) + sum(resolve?.toCome)).toBe(resolve?.targetMs);
    expect(new Set(resolve?.excluded.map((span) => span.reason))).toEqual(new Set(['closed_hours', 'weekend']));
    expect(resolve?.sentence).toContain('Not counted: outside service hours');
  });

  test('the worked case of the domain page: paused, it is due after the weekend', async () => {
    const number = await office.ticketIn('in_progress');
    // 8 h of `cn` from Thursday 15:00, paused from 16:30 to Friday 14:00.
    await office.tell(number, { type: 'set_severity', severity: 'S2', as: 'wei' });
    office.clock.advance(90 * 60_000);
    await office.tell(number, { type: 'pend', reason: 'customer', as: 'wei' });
    const waiting = ExplainSchema.parse((await get(`/api/v1/tickets/${number}/explain`)).body);
    expect(waiting.clocks.find((clock) => clock.metric === 'restore')).toMatchObject({ state: 'paused', dueAt: null });
    office.clock.advance(21.5 * 3_600_000);
    await office.tell(number, { type: 'resume', as: 'wei' });
    const { body } = await get(`/api/v1/tickets/${number}/explain`);
    const restore = ExplainSchema.parse(body).clocks.find((clock) => clock.metric === 'restore');
    expect(restore).toMatchObject({
      targetMs: 8 * 3_600_000,
      dueAt: '2026-11-23T03:30:00Z',
      dueLocal: '2026-11-23T11:30:00+08:00',
    });
    expect(restore?.excluded).toContainEqual({
      from: '2026-11-19T08:30:00Z',
      to: '2026-11-20T06:00:00Z',
      ms: 21.5 * 3_600_000,
      reason: 'paused',
      name: 'customer',
      by: 'wei',
      byName: '魏伟',
      consent: null,
    });
    expect(restore?.counted.reduce((sum, span) => sum + span.ms, 0)).toBe(restore?.elapsedMs);
    expect(restore?.sentence).toContain('不计入');
    office.clock.advance(START - office.clock.now());
  });
});

describe('duty', () => {
  test('of one team at an instant, of all teams now', async () => {
    const one = await get('/api/v1/duty?team=DB L1&at=2026-11-23T09:00:00+08:00');
    expect(DutySchema.parse(one.body)).toMatchObject({
      team: 'db-l1',
      person: 'li',
      from: '2026-11-23T01:00:00Z',
      until: '2026-11-30T01:00:00Z',
      source: 'rotation',
    });
    const { body } = await get('/api/v1/duty');
    expect((body['items'] as Json[]).map((item) => [item['team'], item['person']])).toEqual([
      ['db-l1', 'wei'],
      ['db-l2', 'zhao'],
      ['db-rd', 'sun'],
    ]);
  });

  test.each([
    ['team=db-l9', /Did you mean db-l1/],
    ['team=db-l1&at=yesterday', /is not an instant/],
    ['at=2026-11-23T09:00:00', /has no offset/],
  ])('?%s is told what would be right', async (query, detail) => {
    const { status, body } = await get(`/api/v1/duty?${query}`);
    expect(status).toBe(400);
    expect(body['detail']).toMatch(detail);
  });
});

describe('the rest', () => {
  test('changes are told as they happen', async () => {
    const number = await office.ticketIn('queued');
    const stop = new AbortController();
    const stream = await raw('/api/v1/events', { signal: stop.signal });
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = (await reader?.read())?.value ?? '';
    await office.tell(number, { type: 'claim', as: 'wei' });
    while (!heard.includes('in_progress')) heard += (await reader?.read())?.value ?? '';
    const data = /event: ticket\ndata: (.*)\n/.exec(heard)?.[1] ?? '';
    expect(JSON.parse(data)).toMatchObject({ number, status: 'in_progress' });
    stop.abort();
  });

  test('every route of the contract is described', async () => {
    const { body } = await get('/api/openapi.json');
    expect(body['openapi']).toBe('3.1.0');
    const paths = body['paths'] as Record<string, Record<string, { responses: Json }>>;
    expect(Object.keys(paths).sort()).toEqual([
      '/api/v1/duty',
      '/api/v1/events',
      '/api/v1/outbox',
      '/api/v1/outbox/retry',
      '/api/v1/people',
      '/api/v1/people/unlink',
      '/api/v1/reports/tiers',
      '/api/v1/reports/{name}',
      '/api/v1/tickets',
      '/api/v1/tickets/{number}',
      '/api/v1/tickets/{number}/commands',
      '/api/v1/tickets/{number}/explain',
    ]);
    const commands = paths['/api/v1/tickets/{number}/commands']?.['post']?.responses ?? {};
    expect(Object.keys(commands)).toEqual(
      expect.arrayContaining(['200', '401', '403', '404', '409', '422']) as unknown,
    );
    expect(JSON.stringify(body)).toContain('"discriminator"');
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods) as { operationId?: string }[]);
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(operations.length);
  });

  test('reports say plainly that they come later', async () => {
    expect(await get('/api/v1/reports/sla')).toMatchObject({
      status: 501,
      body: { detail: expect.stringContaining('later release') as string },
    });
    expect(await get('/api/v1/reports/gossip')).toMatchObject({ status: 404 });
  });

  test('an unknown address and a wrong method are problems, too', async () => {
    expect(await get('/api/v1/nothing')).toMatchObject({
      status: 404,
      body: { code: 'no-such-address', instance: '/api/v1/nothing' },
    });
    const wrong = await raw('/api/v1/tickets/ITR-1', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    expect(wrong.headers.get('content-type')).toBe('application/problem+json');
    const { detail } = (await (await raw('/api/v1/tickets', { method: 'PUT' })).json()) as Json;
    expect(detail).toBe('PUT is not possible here; this address takes GET and POST');
  });

  test('a text that no database or chat can hold is mended at the door', async () => {
    const number = await office.raise({ title: 'down\u0000 since \ud83d noon 👀' });
    await office.tell(number, { type: 'comment', text: 'a\u0000b \udc00' });
    const { body } = await get(`/api/v1/tickets/${number}`);
    expect(body['title']).toBe('down since \ufffd noon 👀');
    expect(JSON.stringify(body['timeline'])).toContain('ab \ufffd');
    const empty = await office.app.api('/api/v1/tickets', { method: 'POST', body: { title: '\u0000' } });
    expect(empty.status).toBe(422);
  });

  test('health, readiness and metrics', async () => {
    expect((await raw('/healthz')).status).toBe(200);
    const ready = await raw('/readyz');
    const text = await ready.text();
    expect(ready.status, text).toBe(200);
    for (const part of ['database', 'inbox', 'timers', 'outbox', 'playground', 'configuration'])
      expect(text).toContain(`${part}: `);
    const metrics = await (await raw('/metrics')).text();
    expect(metrics).toMatch(/itr_tickets\{status="in_progress"\} [1-9]/);
    expect(metrics).toContain('itr_queue_depth{queue="outbox"}');
    expect(metrics).toContain('itr_timer_lateness_seconds_count');
    expect(metrics).toContain('route="/api/v1/tickets/:number/commands"');
    expect(metrics).toContain('nodejs_eventloop_lag_seconds');
  });
});
