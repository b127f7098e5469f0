import { describe, expect, it } from 'vitest';
import { formatEnvIssue, readEnv } from '../../src/config/env.ts';
import type { Env } from '../../src/config/env.ts';

const envOf = (vars: Record<string, string>): Env => {
  const result = readEnv(vars);
  if (!result.ok) throw new Error(result.errors.map(formatEnvIssue).join('\n'));
  return result.env;
};

const mistakes = (vars: Record<string, string>): string[] => {
  const result = readEnv(vars);
  return result.ok ? [] : result.errors.map((issue) => issue.name);
};

const SLACK = { SLACK_BOT_TOKEN: 'any text', SLACK_SIGNING_SECRET: 'secret' };

const FEISHU_ID = 'cli_0123456789abcdef';

describe('the environment', () => {
  it('with nothing set runs the playground on this machine', () => {
    expect(envOf({})).toEqual({
      database: { kind: 'sqlite', url: 'file:./data/itr.db', name: 'file:./data/itr.db', file: './data/itr.db' },
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      configFile: null,
      logLevel: 'info',
      playground: true,
      apiToken: null,
      sessionSecret: null,
      oidc: null,
      slack: null,
      feishu: null,
      wecom: null,
      isLoopback: true,
      notYet: [],
    });
    expect(Object.isFrozen(envOf({}))).toBe(true);
  });

  it('a variable set to nothing is unset', () => {
    expect(envOf({ PORT: '', SLACK_BOT_TOKEN: ' ', ITR_CONFIG: '' })).toEqual(envOf({}));
  });

  it('Slack: one secret says how, both mean Socket Mode; no playground then, unless asked for', () => {
    expect(envOf(SLACK)).toMatchObject({
      slack: { mode: 'http', apiUrl: 'https://slack.com/api/' },
      playground: false,
    });
    expect(envOf({ ...SLACK, SLACK_APP_TOKEN: 'x' }).slack).toMatchObject({ mode: 'socket', signingSecret: 'secret' });
    expect(envOf({ ...SLACK, PLAYGROUND: 'on', SLACK_API_URL: 'http://localhost:9/api' })).toMatchObject({
      playground: true,
      slack: { apiUrl: 'http://localhost:9/api/' },
    });
  });

  it.each([
    ['a bot token alone', { SLACK_BOT_TOKEN: 'x' }, ['SLACK_BOT_TOKEN']],
    ['a secret alone', { SLACK_SIGNING_SECRET: 'x' }, ['SLACK_BOT_TOKEN']],
    ['an app token alone', { SLACK_APP_TOKEN: 'x' }, ['SLACK_BOT_TOKEN']],
    ['a port that is none', { PORT: '70000' }, ['PORT']],
    ['a port in words', { PORT: 'http' }, ['PORT']],
    ['an unknown level', { LOG_LEVEL: 'loud' }, ['LOG_LEVEL']],
    ['neither on nor off', { PLAYGROUND: 'maybe' }, ['PLAYGROUND']],
    ['an address that is none', { PUBLIC_URL: 'itr.example.com' }, ['PUBLIC_URL']],
    ['PostgreSQL without a database', { DATABASE_URL: 'postgresql://u:p@h' }, ['DATABASE_URL']],
    ['an unknown database', { DATABASE_URL: 'mysql://h/d' }, ['DATABASE_URL']],
    ['half of Feishu', { FEISHU_APP_ID: 'cli_x' }, ['FEISHU_APP_SECRET']],
    [
      'a Feishu webhook that proves nothing',
      { FEISHU_APP_ID: 'c', FEISHU_APP_SECRET: 's', FEISHU_MODE: 'webhook' },
      ['FEISHU_MODE'],
    ],
    [
      'an App ID with which the SDK would do nothing',
      { FEISHU_APP_ID: 'cli_x', FEISHU_APP_SECRET: 's' },
      ['FEISHU_APP_ID'],
    ],
    [
      'paid ringing without a number',
      { FEISHU_APP_ID: FEISHU_ID, FEISHU_APP_SECRET: 's', FEISHU_URGENT: 'sms:10,phone' },
      ['FEISHU_URGENT'],
    ],
    [
      'looking for missed messages never',
      { FEISHU_APP_ID: FEISHU_ID, FEISHU_APP_SECRET: 's', FEISHU_LOOK_MINUTES: '0' },
      ['FEISHU_LOOK_MINUTES'],
    ],
    [
      'looking for them less often than they can be had',
      { FEISHU_APP_ID: FEISHU_ID, FEISHU_APP_SECRET: 's', FEISHU_LOOK_MINUTES: '721' },
      ['FEISHU_LOOK_MINUTES'],
    ],
    ['a third of OIDC', { OIDC_ISSUER: 'https://id.example.com' }, ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']],
    ['open to the world', { HOST: '0.0.0.0' }, ['HOST']],
    ['open to the world with chat keys only', { HOST: '::', ...SLACK }, ['HOST']],
    [
      'everything at once',
      { PORT: 'x', LOG_LEVEL: 'y', HOST: '10.0.0.1', SLACK_BOT_TOKEN: 'z' },
      ['PORT', 'LOG_LEVEL', 'SLACK_BOT_TOKEN', 'HOST'],
    ],
  ])('%s is refused', (_what, vars, names) => {
    expect(mistakes(vars as Record<string, string>)).toEqual(names);
  });

  it('every mistake says what to do, and repeats no password', () => {
    const result = readEnv({ DATABASE_URL: 'postgresql://u:topsecret@h', HOST: '0.0.0.0' });
    const text = result.ok ? '' : result.errors.map(formatEnvIssue).join('\n');
    expect(text).toContain('names no PostgreSQL server and database');
    expect(text).toContain('HOST: "0.0.0.0" can be reached from outside');
    expect(text).toContain('set ITR_API_TOKEN');
    expect(text).not.toContain('topsecret');
  });

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])('%s is this machine', (HOST) => {
    expect(envOf({ HOST }).isLoopback).toBe(true);
  });

  it('with an API token it may be reached from outside', () => {
    expect(envOf({ HOST: '0.0.0.0', ITR_API_TOKEN: 't', PUBLIC_URL: 'https://itr.example.com/' })).toMatchObject({
      isLoopback: false,
      publicUrl: 'https://itr.example.com',
    });
  });

  it('sign-in that does not work yet protects nothing, and says so', () => {
    const oidc = { OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' };
    expect(mistakes({ HOST: '0.0.0.0', ...oidc })).toEqual(['HOST']);
    expect(envOf(oidc).notYet).toEqual(['OIDC_ISSUER: sign-in by OpenID Connect']);
  });

  it('other platforms are read, and named as not acted on', () => {
    const env = envOf({
      FEISHU_APP_ID: FEISHU_ID,
      FEISHU_APP_SECRET: 'b',
      WECOM_GROUP_WEBHOOK_wr0ABC: 'https://example.com/hook?key=1',
    });
    expect(env.feishu).toMatchObject({ mode: 'ws', domain: 'https://open.feishu.cn', lookEveryMs: 300_000 });
    expect(
      envOf({ FEISHU_APP_ID: FEISHU_ID, FEISHU_APP_SECRET: 'b', FEISHU_LOOK_MINUTES: '60' }).feishu?.lookEveryMs,
    ).toBe(3_600_000);
    expect(env.wecom?.groupWebhooks).toEqual({ wr0ABC: 'https://example.com/hook?key=1' });
    expect(env.notYet).toHaveLength(1);
  });

  it.each([
    ['file:./x.db', './x.db'],
    ['file:/var/lib/itr.db', '/var/lib/itr.db'],
    ['file:///var/lib/itr.db', '/var/lib/itr.db'],
  ])('%s is the file %s', (url, file) =>
    expect(envOf({ DATABASE_URL: url }).database).toMatchObject({ kind: 'sqlite', file }),
  );

  it('a PostgreSQL database is shown without its password', () =>
    expect(
      envOf({ DATABASE_URL: 'postgresql://u:topsecret@db.example.com:5433/itr?sslmode=require' }).database,
    ).toMatchObject({
      kind: 'postgresql',
      name: 'postgresql://db.example.com:5433/itr',
    }));
});
