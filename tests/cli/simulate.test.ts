import { describe, expect, it } from 'vitest';
import { EXAMPLE } from '../support/world.ts';
import { itr } from './helpers.ts';

const FORTNIGHT = ['--from', '2026-11-23T00:00:00+08:00', '--until', '2026-12-07T00:00:00+08:00'];
const DAY = ['--from', '2026-11-23T00:00:00+08:00', '--until', '2026-11-24T00:00:00+08:00'];
const lines = (...tickets: readonly object[]): string => tickets.map((one) => JSON.stringify(one)).join('\n');

const files = (tickets = '', config = EXAMPLE) => ({ 'itr.config.yaml': config, 't.jsonl': tickets });
const HOLE = EXAMPLE.replace('people: [wei, li]', 'people: [wei, null]');

interface Document {
  pings: { at: string; person: string; how: string; ticket: string; why: string; night: boolean }[];
  holes: object[];
  night: object[];
  breaches: { ticket: string; clock: string; dueAt: string }[];
  refused: object[];
  tickets: number;
}
const simulated = async (tickets: string, stretch = DAY) => {
  const answer = await itr(['simulate', ...stretch, '--tickets', 't.jsonl', '--json'], { files: files(tickets) });
  return { ...answer, found: JSON.parse(answer.out) as Document };
};

describe('itr simulate', () => {
  it('without tickets it looks at duty alone; exit 0 where somebody is there all the time', async () => {
    expect(await itr(['simulate', ...FORTNIGHT], { files: files() })).toEqual({
      code: 0,
      out: 'no tickets; 0 holes in duty\n',
      err: '',
    });
  });

  it('exits 1 on a hole, and says when, and who stands in', async () => {
    expect(await itr(['simulate', ...FORTNIGHT], { files: files('', HOLE) })).toEqual({
      code: 1,
      out: [
        "hole: db-l1: nobody's turn from 2026-11-23T09:00:00+08:00 until 2026-11-30T09:00:00+08:00: only mei, who leads the team",
        'no tickets; 1 hole in duty\n',
      ].join('\n'),
      err: '',
    });
  });

  it('--json is one document, empty lists included', async () => {
    const { code, out } = await itr(['simulate', ...FORTNIGHT, '--json'], { files: files('', HOLE) });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      from: '2026-11-22T16:00:00Z',
      until: '2026-12-06T16:00:00Z',
      pings: [],
      holes: [{ team: 'db-l1', from: '2026-11-23T01:00:00Z', until: '2026-11-30T01:00:00Z', standsIn: 'mei' }],
      night: [],
      breaches: [],
      escalations: [],
      refused: [],
      tickets: 0,
    });
  });

  it('lists what a point takes to the next tier, as text and with --json', async () => {
    const ticket = {
      id: 'INC-8',
      at: '2026-11-23T10:00:00+08:00',
      severity: 'S1',
      project: 'acme-core',
      product: 'DB',
    };
    const claim = { type: 'claim', at: '2026-11-23T10:01:00+08:00' };
    const record = lines({
      ...ticket,
      events: [claim, { type: 'message', at: '2026-11-23T10:30:00+08:00', as: 'li' }],
    });
    const config = EXAMPLE.replace(
      '- { at: 75%, remind: assignee }',
      '- { at: 75%, remind: assignee, escalate: tier }',
    ).concat('\nsilent_owner: off\n');
    const call = ['simulate', ...DAY, '--tickets', 't.jsonl'];
    const text = await itr(call, { files: files(record, config) });
    expect(text.out).toContain('escalation: INC-8: 2026-11-23T13:00:00+08:00 restore 75%: db-l1 to db-l2\n');
    const { out } = await itr([...call, '--json'], { files: files(record, config) });
    expect((JSON.parse(out) as { escalations: object[] }).escalations).toEqual([
      { at: '2026-11-23T05:00:00Z', ticket: 'INC-8', clock: 'restore', point: '75%', from: 'db-l1', to: 'db-l2' },
    ]);
  });

  it('lists who would be pinged, who at night, and what would breach', async () => {
    const ticket = {
      id: 'INC-7',
      at: '2026-11-23T23:00:00+08:00',
      severity: 'S1',
      project: 'acme-core',
      product: 'DB',
    };
    const { code, out, err } = await itr(['simulate', ...DAY, '--tickets', 't.jsonl'], {
      files: files(lines(ticket)),
    });
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('2026-11-23T23:00:00+08:00 INC-7: li (mention): came to db-l1 [night]\n');
    expect(out).toContain('2026-11-23T23:07:30+08:00 INC-7: li (mention): response 50% [night]\n');
    expect(out).toContain('breach: INC-7 (S1): response of gold was due 2026-11-23T23:15:00+08:00\n');
    expect(out).toMatch(/^at night: chen: \d+ pings$/m);
    expect(out).toMatch(/1 ticket, \d+ pings \(\d+ at night\), 1 ticket would breach; 0 holes in duty\n$/);
  });

  it('--json tells the same of tickets', async () => {
    const { found } = await simulated(
      lines({ id: 7, at: '2026-11-23T10:00:00+08:00', severity: 'S2', project: 'acme-core', product: 'db' }),
    );
    expect(found.tickets).toBe(1);
    expect(found.pings[0]).toEqual({
      at: '2026-11-23T02:00:00Z',
      person: 'li',
      how: 'mention',
      ticket: '7',
      why: 'came to db-l1',
      night: false,
    });
    expect(found.breaches).toContainEqual(
      expect.objectContaining({ ticket: '7', clock: 'response', dueAt: '2026-11-23T02:15:00Z' }),
    );
  });

  it('what the record says was done was done: by whom it names, with its pauses', async () => {
    const { found, err } = await simulated(
      lines({
        at: '2026-11-23T10:00:00+08:00',
        severity: 'S2',
        project: 'acme-core',
        product: 'db',
        events: [
          { type: 'claim', at: '2026-11-23T10:05:00+08:00', as: 'wei' },
          { type: 'message', at: '2026-11-23T10:10:00+08:00', as: 'wei', text: 'on it' },
          { type: 'pend', at: '2026-11-23T10:20:00+08:00', reason: 'customer', until: '2h' },
          { type: 'message', at: '2026-11-23T11:00:00+08:00', text: 'here is the log' },
          { type: 'set_severity', at: '2026-11-23T11:05:00+08:00', severity: 'S3' },
          { type: 'restore', at: '2026-11-23T11:10:00+08:00' },
          { type: 'resolve', at: '2026-11-23T11:20:00+08:00' },
          { type: 'confirm', at: '2026-11-23T11:30:00+08:00' },
        ],
      }),
    );
    expect(err).toBe('');
    expect([found.refused, found.breaches]).toEqual([[], []]);
    expect(found.pings.map(({ ticket }) => ticket)).toContain('line 1');
  });

  it('a recorded event that does not fit is told, not fatal', async () => {
    const ticket = {
      at: '2026-11-23T10:00:00+08:00',
      events: [{ type: 'resolve', at: '2026-11-23T10:05:00+08:00', as: 'wei' }],
    };
    const { code, found, err } = await simulated(lines(ticket));
    expect([code, found.refused.length]).toEqual([0, 1]);
    expect(err).toContain('1 recorded event did not fit');
  });

  it('reads standard input', async () => {
    const stdin = lines({ at: '2026-11-23T10:00:00+08:00' });
    const { code, out } = await itr(['simulate', ...DAY, '--tickets', '-'], { files: files(), stdin });
    expect(code).toBe(0);
    expect(out).toContain('1 ticket, ');
  });

  it('a record with mistakes is a wrong call; all of them are told by line, nothing is simulated', async () => {
    const text = [
      '{"at":"2026-11-23T10:00:00+08:00","id":"a"}',
      '{"at":"2026-11-23"}',
      'nonsense',
      '{"at":"2026-11-23T10:00:00+08:00","severity":"S9"}',
      '{"at":"2026-11-23T10:00:00+08:00","id":"a"}',
      '',
      '{"at":"2026-11-23T10:00:00+08:00","project":"acme-cor"}',
      '{"at":"2026-11-23T10:00:00+08:00","colour":"red"}',
      '{"at":"2026-11-23T10:00:00+08:00","first_message_at":"2026-11-23T11:00:00+08:00"}',
      '{"at":"2026-11-23T10:00:00+08:00","events":[{"type":"claim","at":"2026-11-22T10:00:00+08:00","as":"we"}]}',
    ].join('\n');
    const { code, out, err } = await itr(['simulate', ...DAY, '--tickets', 't.jsonl'], { files: files(text) });
    expect([code, out]).toEqual([2, '']);
    const told = err.trimEnd().split('\n');
    const places = told.map((line) => /^t\.jsonl:(\d+): /.exec(line)?.[1]);
    expect(places).toEqual(['2', '3', '4', '5', '7', '8', '9', '10', '10']);
    expect(told[0]).toContain('not an instant');
    expect(told[1]).toContain('not JSON');
    expect(told[3]).toContain('"a" is on line 1 already');
    expect(told[4]).toContain('did you mean "acme-core"?');
    expect(told[5]).toContain('unknown key colour');
    expect(told[6]).toContain('lies after at');
    expect(err).toContain('events[0].as: unknown person "we"; did you mean "wei"?');
  });

  it.each([
    [['--from', '2026-11-23T00:00:00Z'], '--until is needed'],
    [['--until', '2026-11-23T00:00:00Z'], '--from is needed'],
    [['--from', '2026-11-23', '--until', '2026-11-24T00:00:00Z'], '--from'],
    [['--from', '2026-11-24T00:00:00Z', '--until', '2026-11-24T00:00:00Z'], 'not after --from'],
    [[...DAY, 'now'], 'too much'],
    [[...DAY, '--tickets', 'none.jsonl'], 'there is no file none.jsonl'],
  ])('%j is a wrong call', async (args, part) => {
    const { code, out, err } = await itr(['simulate', ...args], { files: files() });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(part);
  });

  it('a configuration with mistakes guards a merge too', async () => {
    const { code, err } = await itr(['simulate', ...DAY], { files: files('', 'locale: zh\n') });
    expect(code).toBe(1);
    expect(err).toContain('locale');
  });
});
