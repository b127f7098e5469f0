import { describe, expect, it } from 'vitest';
import { itr } from './helpers.ts';

const WRONG = [
  'locale: zh',
  'sla_policies: { standard: { targets: { S2: { response: 30 } } } }',
  'close: { reminder: 3d, auto_close: 1d }',
].join('\n');

describe('itr config check', () => {
  it('tells all mistakes with line and path, warnings apart, and exits 1', async () => {
    const { code, out, err } = await itr(['config', 'check', 'x.yaml'], { files: { 'x.yaml': WRONG } });
    expect([code, err]).toEqual([1, '']);
    expect(out.split('\n')).toEqual([
      'x.yaml:1:9: error: locale: found "zh"; did you mean "zh-CN"? wanted one of zh-CN, en',
      'x.yaml:2:56: error: sla_policies.standard.targets.S2.response: found 30 (a number), wanted a duration longer than nothing, such as 15m, 8h or 3d',
      'x.yaml:3:20: warning: close.reminder: found "3d", not before auto_close ("1d"), wanted a reminder before the ticket is closed',
      '2 errors, 1 warning',
      '',
    ]);
  });

  it('--json gives the same, for machines', async () => {
    const { code, out } = await itr(['config', 'check', 'x.yaml', '--json'], { files: { 'x.yaml': WRONG } });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      file: 'x.yaml',
      errors: [{ path: 'locale', line: 1, column: 9, found: '"zh"', wanted: 'one of zh-CN, en' }, { line: 2 }],
      warnings: [{ path: 'close.reminder' }],
    });
  });

  it('a good file is good; what is not acted on yet is said', async () => {
    const files = { 'itr.config.yaml': 'chats: [{ platform: wecom, id: w1, role: escalation }]\n' };
    expect(await itr(['config', 'check'], { files })).toEqual({
      code: 0,
      out: ['itr.config.yaml: not acted on yet: chats on wecom', 'itr.config.yaml is good: 0 warnings\n'].join('\n'),
      err: '',
    });
  });

  it('without a file checks the built-in configuration', async () => {
    const { code, out } = await itr(['config', 'check']);
    expect(code).toBe(0);
    expect(out).toContain('built-in configuration is good');
  });

  it('a file that is not there is a wrong call', async () => {
    const { code, out, err } = await itr(['config', 'check', 'nowhere.yaml']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('there is no file nowhere.yaml');
  });
});

it('itr config schema prints the JSON Schema', async () => {
  const { code, out } = await itr(['config', 'schema']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ title: 'itr.config.yaml', type: 'object', additionalProperties: false });
});
