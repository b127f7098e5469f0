import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { VERBS } from '../../src/cli/verbs.ts';
import { itr } from './helpers.ts';

const OURS = ['config', 'sla', 'duty'];

describe('itr', () => {
  it('lists every verb with --help', async () => {
    const { code, out, err } = await itr(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const name of Object.keys(VERBS)) expect(out).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });

  it('without a verb is a wrong call: the list goes to standard error', async () => {
    const { code, out, err } = await itr([]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage: itr VERB');
  });

  it.each(Object.keys(VERBS))('%s --help has usage and an example', async (name) => {
    const { code, out, err } = await itr([name, '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`Usage:\n  itr ${name}`);
    expect(out).toMatch(/Example:\n {2}\S/);
    expect(await itr(['help', name])).toEqual({ code, out, err });
  });

  it('an unknown verb is answered with what it is near to, else with all there are', async () => {
    const { code, out, err } = await itr(['dutty']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^itr: unknown verb "dutty"; did you mean duty\?/);
    expect((await itr(['dcotor'])).err).toContain('did you mean doctor?');
    expect((await itr(['bogus'])).err).toMatch(/^itr: unknown verb "bogus"; there are start, config, sla, /);
    expect((await itr(['constructor'])).code).toBe(2);
  });

  it.each([
    ...OURS.map((verb) => [verb]),
    ['sla', 'duee'],
    ['sla', 'due'],
    ['duty', 'whom'],
    ['config', 'chek'],
    ['sla', 'due', '--calender', 'cn'],
  ])('%s %s %s is a wrong call, answered with the usage', async (...args) => {
    const { code, out, err } = await itr(args.filter((arg) => arg !== undefined));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`Usage:\n  itr ${args[0]}`);
  });

  it('as a program writes nothing but the answer to standard output', () => {
    const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const args = [
      '--import',
      'tsx',
      program,
      'sla',
      'due',
      '--calendar',
      '24x7',
      '--from',
      '2026-03-28T20:00:00Z',
      '--for',
      '4h',
    ];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, '2026-03-29T00:00:00+00:00\n']);
  });
});
