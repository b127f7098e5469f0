import { describe, expect, it } from 'vitest';
import { itr } from './helpers.ts';

const CONFIG =
  'timezone: America/New_York\ncalendars: { ny: { hours: { mon-fri: ["09:00-17:00"] }, closed: ["2026-11-26"] } }\n';
const due = (...args: string[]) => itr(['sla', 'due', ...args]);

describe('itr sla', () => {
  it.each([
    ['cn', '2026-09-30T17:00:00+08:00', '8h', '2026-10-08T17:30:00+08:00'],
    ['cn', '2026-10-09T17:30:00+08:00', '2h', '2026-10-10T10:30:00+08:00'],
    ['cn', '2026-11-20T17:59:00+08:00', '30m', '2026-11-23T09:29:00+08:00'],
    ['cn', '2026-02-14T17:00:00+08:00', '8h', '2026-02-24T17:30:00+08:00'],
    ['24x7', '2026-03-28T20:00:00Z', '4h', '2026-03-29T00:00:00+00:00'],
    ['night-desk', '2026-03-28T23:00:00+01:00', '5h', '2026-03-29T05:00:00+02:00'],
  ])('due on %s from %s for %s is %s', async (calendar, from, span, answer) => {
    expect(await due('--calendar', calendar, '--from', from, '--for', span)).toEqual({
      code: 0,
      out: `${answer}\n`,
      err: '',
    });
  });

  it('--json gives the instant in UTC and on the spot', async () => {
    const { out } = await due('--calendar', 'cn', '--from', '2026-09-30T17:00:00+08:00', '--for', '8h', '--json');
    expect(out).toBe('{"due":"2026-10-08T09:30:00Z","local":"2026-10-08T17:30:00+08:00"}\n');
  });

  it('elapsed says how much open time has passed', async () => {
    const args = [
      'sla',
      'elapsed',
      '--calendar',
      'cn',
      '--from',
      '2026-09-30T17:00:00+08:00',
      '--to',
      '2026-10-08T17:29:30+08:00',
    ];
    expect((await itr(args)).out).toBe('7h59m30s\n');
    expect((await itr([...args, '--json'])).out).toBe('{"ms":28770000}\n');
  });

  it('takes the configuration from --config, ITR_CONFIG, or the folder', async () => {
    const args = ['sla', 'due', '--calendar', 'ny', '--from', '2026-11-25T16:00:00-05:00', '--for', '3h'];
    const answer = { code: 0, out: '2026-11-27T11:00:00-05:00\n', err: '' };
    expect(await itr([...args, '--config', 'mine.yaml'], { files: { 'mine.yaml': CONFIG } })).toEqual(answer);
    expect(await itr(args, { files: { 'mine.yaml': CONFIG }, env: { ITR_CONFIG: 'mine.yaml' } })).toEqual(answer);
    expect(await itr(args, { files: { 'itr.config.yaml': CONFIG } })).toEqual(answer);
    expect(await itr(args)).toMatchObject({ code: 2, out: '' });
  });

  it.each([
    [['--calendar', 'cx', '--from', '2026-09-30T17:00:00Z', '--for', '8h'], 'did you mean "cn"?'],
    [['--calendar', 'cn', '--from', '2026-09-30T17:00:00', '--for', '8h'], 'has no offset'],
    [['--calendar', 'cn', '--from', 'yesterday', '--for', '8h'], 'not an instant'],
    [['--calendar', 'cn', '--from', '2026-09-30T17:00:00Z', '--for', '8'], 'write 8m'],
    [['--calendar', 'cn', '--from', '2026-09-30T17:00:00Z'], '--for is needed'],
    [['--batch', 'nowhere.jsonl'], 'cannot read nowhere.jsonl'],
  ])('%j is a wrong call', async (args, part) => {
    const { code, out, err } = await due(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(part);
  });

  it('a wrong configuration is told with all its mistakes, on standard error', async () => {
    const files = { 'itr.config.yaml': 'locale: zh\nentitlement: no\n' };
    const { code, out, err } = await itr(
      ['sla', 'due', '--calendar', 'cn', '--from', '2026-01-01T00:00:00Z', '--for', '1h'],
      { files },
    );
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/itr\.config\.yaml:1:9: error: locale: .*\nitr\.config\.yaml:2:14: error: entitlement: /);
  });
});

describe('itr sla --batch', () => {
  const lines = [
    '{"calendar":"cn","from":"2026-09-30T17:00:00+08:00","for":"8h"}',
    'nonsense',
    '',
    '{"calendar":"cx","from":"2026-09-30T17:00:00+08:00","for":"8h"}',
    '{"calendar":"cn","from":"2026-09-30T17:00:00","for":"8h"}',
    '{"calendar":"cn","for":"8h"}',
    '{"calendar":"24x7","from":"2026-03-28T20:00:00.500Z","for":"4h"}',
    '',
    '',
  ].join('\r\n');

  it('answers each line on its own line, in order, mistakes included', async () => {
    const { code, out, err } = await itr(['sla', 'due', '--batch', 'in.jsonl'], { files: { 'in.jsonl': lines } });
    expect([code, err]).toEqual([0, '']);
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(answers.map((answer) => answer['due'] ?? 'error')).toEqual([
      '2026-10-08T09:30:00Z',
      'error',
      'error',
      'error',
      'error',
      'error',
      '2026-03-29T00:00:00.500Z',
    ]);
    expect(answers[3]?.['error']).toContain('unknown calendar "cx"');
    expect(answers[4]?.['error']).toContain('offset');
    expect(answers[5]?.['error']).toContain('"from" is needed');
  });

  it('elapsed reads standard input, too', async () => {
    const stdin =
      '{"calendar":"cn","from":"2026-11-20T17:00:00+08:00","to":"2026-11-23T09:30:00+08:00"}\n{"calendar":"cn","from":"2026-11-20T17:00:00+08:00","to":"2026-11-19T09:30:00+08:00"}';
    expect((await itr(['sla', 'elapsed', '--batch', '-'], { stdin })).out).toBe('{"ms":5400000}\n{"ms":0}\n');
  });

  it('keeps the order over many lines', async () => {
    const day = (i: number): string => new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString();
    const input = Array.from({ length: 5000 }, (_, i) =>
      JSON.stringify({ calendar: '24x7', from: day(i), for: '1h' }),
    ).join('\n');
    const { out } = await itr(['sla', 'due', '--batch', 'in.jsonl'], { files: { 'in.jsonl': input } });
    const answers = out
      .trimEnd()
      .split('\n')
      .map((line) => Date.parse((JSON.parse(line) as { due: string }).due));
    expect(answers).toEqual(Array.from({ length: 5000 }, (_, i) => Date.parse(day(i + 1))));
  });
});
