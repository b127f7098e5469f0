import { describe, expect, it } from 'vitest';
import { itr } from './helpers.ts';

const who = (team: string, ...args: string[]) => itr(['duty', 'who', '--team', team, ...args]);
const AT = ['--at', '2026-11-20T12:00:00+08:00'];

describe('itr duty who', () => {
  it.each(['db-l1', 'DB-L1', '数据库一线', 'DB L1', 'db l1'])('finds the team as %s', async (name) => {
    expect(await who(name, ...AT)).toEqual({
      code: 0,
      out: 'wei until 2026-11-23T09:00:00+08:00 (rotation)\n',
      err: '',
    });
  });

  it('--json gives exactly person, from, until, source', async () => {
    expect((await who('db-l1', ...AT, '--json')).out).toBe(
      '{"person":"wei","from":"2026-11-16T01:00:00Z","until":"2026-11-23T01:00:00Z","source":"rotation"}\n',
    );
  });

  it('without --at it is now', async () => {
    const { out } = await itr(['duty', 'who', '--team', 'db-l1', '--json'], { now: '2026-11-24T00:00:00Z' });
    expect(JSON.parse(out)).toMatchObject({ person: 'li', from: '2026-11-23T01:00:00Z' });
  });

  it('before the rotation starts it is the lead', async () => {
    expect((await who('db-l1', '--at', '2026-10-01T00:00:00Z', '--json')).out).toBe(
      '{"person":"mei","from":null,"until":"2026-11-02T01:00:00Z","source":"fallback"}\n',
    );
  });

  it('with nobody on duty it exits 1', async () => {
    const files = { 'itr.config.yaml': 'teams: { t: {} }\n' };
    expect(await itr(['duty', 'who', '--team', 't', '--json'], { files })).toEqual({
      code: 1,
      out: '{"person":null,"from":null,"until":null,"source":"fallback"}\n',
      err: '',
    });
    expect((await itr(['duty', 'who', '--team', 't'], { files })).out).toBe('nobody (fallback)\n');
  });

  it.each([
    [['who', '--team', 'db-l9'], 'did you mean "db-l1"?'],
    [['who'], '--team is needed'],
    [['who', '--team', 'db-l1', '--at', '2026-11-20'], 'not an instant'],
    [['who', '--team', 'DB', 'L1'], 'in quotes'],
  ])('%j is a wrong call', async (args, part) => {
    const { code, out, err } = await itr(['duty', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(part);
  });

  it('a name of two teams is not guessed', async () => {
    const files = { 'itr.config.yaml': 'teams: { a: { aliases: [Desk] }, b: { name: desk } }\n' };
    const { code, err } = await itr(['duty', 'who', '--team', 'desk'], { files });
    expect(code).toBe(2);
    expect(err).toContain('several teams: a, b');
  });
});
