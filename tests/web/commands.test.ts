import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PublicCommandType } from '../../src/domain/commands.ts';
import { PUBLIC_COMMANDS } from '../../src/domain/commands.ts';
import { FROM } from '../../src/domain/transitions.ts';
import type { Status } from '../../src/domain/words.ts';
import { STATUSES } from '../../src/domain/words.ts';
import { TicketWithTimelineSchema } from '../../src/web/api/ticket-schema.ts';
import { LIN, STRANGER, openOffice } from './raised.ts';
import type { Json, Office } from './raised.ts';

let office: Office;
/** One ticket in each status; refusals leave them there. */
const standing = new Map<Status, string>();

beforeAll(async () => {
  office = await openOffice();
  for (const status of STATUSES) standing.set(status, await office.ticketIn(status));
});
afterAll(() => office.stop());

interface Row {
  readonly from: Status;
  readonly by: string;
  readonly with?: Json;
  /** Of what happens: an event's type, and the status after. */
  readonly event: string;
  readonly to: Status;
  /** Somebody who may not. */
  readonly not?: string;
}

/** The contract's table. `acknowledge`, `accept_handover`, `return`, `evidence`, `internal` and `link` need more than a status: below. */
const TABLE: Readonly<Partial<Record<PublicCommandType, Row>>> = {
  set: {
    from: 'in_progress',
    by: LIN,
    with: { fields: { version: 'V3.2' } },
    event: 'fields_changed',
    to: 'in_progress',
  },
  register: { from: 'draft', by: 'wei', event: 'registered', to: 'queued', not: LIN },
  authorize: { from: 'draft', by: 'mei', with: { reason: '客户关系' }, event: 'authorized', to: 'queued', not: 'wei' },
  reject: {
    from: 'queued',
    by: 'mei',
    with: { reason: 'out_of_scope', note: '非产品问题' },
    event: 'rejected',
    to: 'rejected',
    not: 'wei',
  },
  claim: { from: 'queued', by: 'wei', event: 'claimed', to: 'in_progress', not: 'zhao' },
  assign: { from: 'queued', by: 'mei', with: { to: 'li' }, event: 'assigned', to: 'in_progress', not: 'wei' },
  transfer: {
    from: 'in_progress',
    by: 'wei',
    with: { to: '数据库二线', note: '主从复制' },
    event: 'transferred',
    to: 'queued',
    not: 'li',
  },
  release: { from: 'in_progress', by: 'wei', event: 'released', to: 'queued', not: 'li' },
  pend: {
    from: 'in_progress',
    by: 'wei',
    with: { reason: 'vendor', until: '2h' },
    event: 'pended',
    to: 'pending',
    not: 'li',
  },
  consent: { from: 'pending', by: LIN, event: 'pended', to: 'pending', not: 'wei' },
  resume: { from: 'pending', by: LIN, event: 'resumed', to: 'in_progress', not: STRANGER },
  escalate: { from: 'queued', by: 'mei', event: 'escalated', to: 'queued', not: LIN },
  set_severity: {
    from: 'in_progress',
    by: 'li',
    with: { severity: 'S1' },
    event: 'severity_changed',
    to: 'in_progress',
    not: LIN,
  },
  restore: { from: 'in_progress', by: 'wei', event: 'restored', to: 'restored', not: 'li' },
  resolve: {
    from: 'in_progress',
    by: 'wei',
    with: { solution: '调大连接池', cause: 'capacity' },
    event: 'resolved',
    to: 'resolved',
    not: 'li',
  },
  confirm: { from: 'resolved', by: LIN, event: 'confirmed', to: 'closed', not: 'wei' },
  reopen: { from: 'closed', by: LIN, with: { note: '又出现了' }, event: 'reopened', to: 'in_progress', not: STRANGER },
  close: { from: 'resolved', by: 'mei', event: 'closed', to: 'closed', not: 'wei' },
  cancel: { from: 'queued', by: LIN, event: 'cancelled', to: 'cancelled', not: 'wei' },
  comment: {
    from: 'in_progress',
    by: 'wei',
    with: { text: '请发日志' },
    event: 'message',
    to: 'in_progress',
    not: STRANGER,
  },
  note: { from: 'in_progress', by: 'wei', with: { text: '怀疑交换机' }, event: 'note', to: 'in_progress', not: LIN },
  rate: { from: 'closed', by: LIN, with: { score: 5, text: '很快' }, event: 'rated', to: 'closed', not: 'wei' },
};

const rows = Object.entries(TABLE) as [PublicCommandType, Row][];
const types = (body: Json): string[] => (body['timeline'] as { type: string }[]).map((entry) => entry.type);
const MORE: Readonly<Partial<Record<PublicCommandType, Json>>> = {
  link: { to: 'ITR-1', as: 'related' },
};

describe('each command of the table', () => {
  test.each(rows)('%s is done', async (type, row) => {
    const number = await office.ticketIn(row.from);
    const { status, body } = await office.tell(number, { type, as: row.by, ...row.with });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body['status']).toBe(row.to);
    expect(types(body)).toContain(row.event);
    expect(TicketWithTimelineSchema.safeParse(body).error).toBeUndefined();
  });

  test.each(rows.filter(([, row]) => row.not !== undefined))('%s is refused to whoever may not', async (type, row) => {
    const number = standing.get(row.from) ?? '';
    const { status, body } = await office.tell(number, { type, as: row.not, ...row.with });
    expect(status).toBe(403);
    expect(body).toMatchObject({ status: 403, code: 'not-allowed', instance: `/api/v1/tickets/${number}/commands` });
    const after = await office.app.api(`/api/v1/tickets/${number}`);
    expect(after.body['status']).toBe(row.from);
    expect((after.body['timeline'] as Json[]).at(-1)).toMatchObject({ type: 'refused', command: type, actor: row.not });
  });

  const wrong = rows.flatMap(([type, row]) =>
    STATUSES.filter((status) => !FROM[type].includes(status)).map((status) => [type, status, row] as const),
  );
  test.each(wrong)('%s is not possible while it is %s', async (type, status, row) => {
    const told = await office.tell(standing.get(status) ?? '', { type, as: row.by, ...row.with });
    expect(told.status).toBe(409);
    const possible = told.body['possible'] as string[];
    expect(possible).toEqual(PUBLIC_COMMANDS.filter((one) => FROM[one].includes(status)));
    expect(told.body['detail']).toMatch(/^ITR-\d+ /);
  });

  test.each(PUBLIC_COMMANDS)('%s with a parameter it does not have is told which it takes', async (type) => {
    const row = TABLE[type];
    const { status, body } = await office.tell('ITR-1', { type, ...row?.with, ...MORE[type], asap: true });
    expect(status).toBe(422);
    expect(body['errors']).toContainEqual({ name: 'asap', problem: expect.stringContaining(`"${type}"`) as string });
  });
});

describe('parameters', () => {
  const needed: readonly (readonly [Json, string, RegExp])[] = [
    [{ type: 'clame' }, 'type', /did you mean claim/],
    [{}, 'type', /is needed/],
    [{ type: 'set' }, 'fields', /is needed/],
    [{ type: 'set', fields: { impct: 'x' } }, 'impct', /did you mean impact/],
    [{ type: 'reject', reason: 'lazy' }, 'reason', /one of not_entitled, out_of_scope, duplicate, not "lazy"/],
    [{ type: 'reject', reason: 'duplicate', of: 'ITR-9999' }, 'of', /no ticket ITR-9999/],
    [{ type: 'assign', to: 'Wey' }, 'to', /Did you mean 魏伟/],
    [{ type: 'transfer', to: 'db-l9' }, 'to', /db-l1/],
    [{ type: 'pend' }, 'reason', /one of customer/],
    [{ type: 'pend', reason: 'customer', until: 'soon' }, 'until', /2026-09-30T17:00:00\+08:00.*2h/],
    [{ type: 'pend', reason: 'vendor', until: '99999999999d' }, 'until', /too long a duration.*36525d/],
    [{ type: 'pend', reason: 'vendor', until: '99999999d' }, 'until', /too long a duration.*36525d/],
    [{ type: 'escalate', to: 'nowhere' }, 'to', /no team called "nowhere"/],
    [{ type: 'set_severity', severity: 'S5' }, 'severity', /S1, S2, S3, S4/],
    [{ type: 'resolve', cause: 'defect' }, 'solution', /is needed: a text/],
    [{ type: 'rate', score: 6 }, 'score', /from 1 to 5/],
    [{ type: 'rate', score: 'high' }, 'score', /whole number/],
    [{ type: 'comment', text: 7 }, 'text', /must be a text, not 7/],
    [{ type: 'link', to: 'ITR-2' }, 'as', /duplicate, parent, child, related/],
    [{ type: 'link', to: 'seven', as: 'child' }, 'to', /ITR-2/],
    [{ type: 'evidence', message: 'nothing' }, 'message', /no such message/],
    [{ type: 'claim', as: 'we' }, 'as', /wei \(魏伟\)/],
    [{ type: 'claim', as: 'nobody-near-anything' }, 'as', /platform:id/],
  ];
  test.each(needed)('%j is told what would be right', async (command, name, problem) => {
    const { status, body } = await office.tell(standing.get('in_progress') ?? '', command);
    expect(status).toBe(422);
    expect(body['errors']).toEqual(
      expect.arrayContaining([{ name, problem: expect.stringMatching(problem) as string }]) as unknown,
    );
  });

  test('a cause that the configuration does not have is told which are near', async () => {
    const number = await office.ticketIn('in_progress');
    const { status, body } = await office.tell(number, {
      type: 'resolve',
      as: 'wei',
      solution: 'x',
      cause: 'configuratoin',
    });
    expect(status).toBe(422);
    expect(body['near']).toContain('configuration');
  });

  test('an instant that has passed is no time to wait for', async () => {
    const number = await office.ticketIn('in_progress');
    const command = { type: 'pend', as: 'wei', reason: 'vendor', until: '2026-11-01T00:00:00Z' };
    expect(await office.tell(number, command)).toMatchObject({ status: 422 });
  });

  test('who is left out is the owner of the token', async () => {
    const number = await office.ticketIn('queued');
    const { body } = await office.tell(number, { type: 'claim' });
    expect(body).toMatchObject({ status: 'in_progress', assignee: 'api' });
  });
});

describe('commands that need more than a status', () => {
  test('two claims: one wins, the other is told who', async () => {
    const number = await office.ticketIn('queued');
    const both = await Promise.all(['wei', 'li'].map((as) => office.tell(number, { type: 'claim', as })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const lost = both.find(({ status }) => status === 409);
    expect(lost?.body['detail']).toMatch(/already has an owner: (魏伟|李丽)/);
  });

  test('a transfer to a person is accepted, or returned', async () => {
    const number = await office.ticketIn('in_progress');
    expect(await office.tell(number, { type: 'accept_handover', as: 'wei' })).toMatchObject({ status: 409 });
    const given = await office.tell(number, { type: 'transfer', as: 'wei', to: '李丽' });
    expect(given.body).toMatchObject({ status: 'in_progress', assignee: 'li' });
    expect(await office.tell(number, { type: 'return', as: 'wei' })).toMatchObject({ status: 403 });
    const back = await office.tell(number, { type: 'return', as: 'li', note: '不熟' });
    expect(back.body).toMatchObject({ assignee: 'wei' });
    await office.tell(number, { type: 'transfer', as: 'wei', to: 'li' });
    const taken = await office.tell(number, { type: 'accept_handover', as: 'li' });
    expect(types(taken.body)).toContain('handed_over');
  });

  test('whoever the ladder has reached can acknowledge, the one called first at once; others cannot', async () => {
    const number = await office.raise({ severity: 'S2' });
    expect(await office.tell(number, { type: 'acknowledge', as: LIN })).toMatchObject({ status: 403 });
    expect(await office.tell(number, { type: 'acknowledge', as: 'li' })).toMatchObject({ status: 403 });
    const early = await office.raise({ severity: 'S2' });
    expect(await office.tell(early, { type: 'acknowledge', as: 'wei' })).toMatchObject({ status: 200 });
    expect(await office.tell(early, { type: 'acknowledge', as: 'wei' })).toMatchObject({ status: 409 });
    office.clock.advance(16 * 60_000);
    await vi.waitFor(
      async () => {
        expect(types((await office.app.api(`/api/v1/tickets/${number}`)).body)).toContain('point_reached');
      },
      { timeout: 5_000, interval: 50 },
    );
    const { status, body } = await office.tell(number, { type: 'acknowledge', as: 'chen' });
    expect(status).toBe(200);
    expect(types(body)).toContain('acknowledged');
  });

  test('a message is kept as evidence by its key or its id, or marked internal', async () => {
    const number = await office.ticketIn('in_progress');
    const said = await office.tell(number, { type: 'comment', as: 'wei', text: '日志在此' });
    const { key } = (said.body['timeline'] as { type: string; key?: { message: string } }[]).at(-1) ?? {};
    const kept = await office.tell(number, { type: 'evidence', as: LIN, message: key });
    expect((kept.body['timeline'] as Json[]).at(-1)).toMatchObject({ type: 'evidence', key });
    expect(await office.tell(number, { type: 'internal', as: LIN, message: key })).toMatchObject({ status: 403 });
    const hidden = await office.tell(number, { type: 'internal', as: 'wei', message: key?.message });
    expect((hidden.body['timeline'] as Json[]).at(-1)).toMatchObject({ type: 'note', key, text: null });
  });

  test('a link says how two tickets belong together; its actor is "actor"', async () => {
    const [one, other] = [await office.ticketIn('queued'), await office.ticketIn('queued')];
    expect(await office.tell(one, { type: 'link', to: other, as: 'child', actor: LIN })).toMatchObject({ status: 403 });
    const { body } = await office.tell(one, { type: 'link', to: Number(other.slice(4)), as: 'child', actor: 'wei' });
    expect(body['links']).toEqual([{ to: other, as: 'child' }]);
    expect((body['timeline'] as Json[]).at(-1)).toMatchObject({ type: 'linked', actor: 'wei', to: other, as: 'child' });
    expect(await office.tell(one, { type: 'link', to: one, as: 'child' })).toMatchObject({ status: 422 });
  });

  test('a tier above the last is not there', async () => {
    const number = await office.ticketIn('queued');
    await office.tell(number, { type: 'escalate', as: 'mei', to: 'db-rd' });
    expect(await office.tell(number, { type: 'escalate', as: 'sun' })).toMatchObject({ status: 409 });
  });
});

test('no instant on any timeline is left a number, and people are ids with their names beside them', async () => {
  const { body } = await office.app.api('/api/v1/tickets?limit=200');
  const seen = new Set<string>();
  for (const { number } of body['items'] as { number: string }[]) {
    const ticket = (await office.app.api(`/api/v1/tickets/${number}`)).body;
    for (const type of types(ticket)) seen.add(type);
    const numbers = JSON.stringify(ticket).match(/\b\d{12,}\b/g);
    expect(numbers, `${number}: ${JSON.stringify(ticket)}`).toBeNull();
    for (const entry of ticket['timeline'] as Json[]) expect(typeof entry['actor']).toBe('string');
  }
  expect(seen.size).toBeGreaterThan(25);
});
