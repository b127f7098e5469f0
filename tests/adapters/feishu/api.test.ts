import { inspect } from 'node:util';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Api } from '../../../src/adapters/feishu/api.ts';
import { codeOf } from '../../../src/adapters/feishu/errors.ts';
import type { FeishuEmulator } from '../../emulators/feishu/index.ts';
import { ACME, collect, DUTY, failing, said, scene, tenant, type Scene } from './scene.ts';

let made: Scene | undefined;
let feishu: FeishuEmulator | undefined;
afterEach(async () => {
  await made?.stop();
  await feishu?.stop();
  [made, feishu] = [undefined, undefined];
});

const open = async (
  ...args: Parameters<typeof scene> extends [unknown, ...infer Rest] ? Rest : never
): Promise<Scene> => (made = await scene('webhook', ...args));

/** The API alone, with a clock of its own that both sides share. */
const bare = async (
  more: { readonly appSecret?: string; readonly timeoutMs?: number; readonly domain?: string } = {},
) => {
  const clock = { ms: 1_763_350_000_000 };
  feishu = await tenant('webhook', { clock: { now: () => clock.ms } });
  const { logged, log } = collect();
  const { id: appId, secret: appSecret } = feishu.app;
  const api = new Api({ appId, appSecret, domain: feishu.url, log, monotonic: () => clock.ms, ...more });
  const create = (chat: string, uuid: string) =>
    api.call('im.message.create', (client, options) =>
      client.im.message.create(
        {
          params: { receive_id_type: 'chat_id' },
          data: { receive_id: chat, msg_type: 'text', content: JSON.stringify({ text: 'x' }), uuid },
        },
        options,
      ),
    );
  const person = () =>
    api.call<{ readonly items?: unknown }>('contact.user.batch', (client, options) =>
      client.contact.user.batch({ params: { user_ids: ['ou_lin', 'ou_wei'], user_id_type: 'open_id' } }, options),
    );
  return { feishu, clock, api, create, person, logged };
};

const tokenCalls = (emulator: FeishuEmulator): number => emulator.calls('token').length;

describe('the token', () => {
  it('ten cold calls make one request for it, where the SDK makes ten', async () => {
    const { feishu, person } = await bare();
    await Promise.all(Array.from({ length: 10 }, person));
    expect(tokenCalls(feishu)).toBe(1);
    expect(feishu.calls('user.batch')).toHaveLength(10);
  });

  it('is asked for again before it ends', async () => {
    const { feishu, clock, person } = await bare();
    await person();
    clock.ms += 7_200_000 - 6 * 60_000;
    await person();
    expect(tokenCalls(feishu)).toBe(1);
    clock.ms += 2 * 60_000;
    await person();
    expect(tokenCalls(feishu)).toBe(2);
    expect(feishu.calls('user.batch').map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  it('a dead one is renewed once, for all who notice, and their calls are repeated', async () => {
    const { feishu, person } = await bare();
    await person();
    feishu.revokeTokens();
    await Promise.all(Array.from({ length: 5 }, person));
    expect(tokenCalls(feishu)).toBe(2);
    expect(feishu.calls('user.batch').filter(({ code }) => code === 0)).toHaveLength(6);
  });

  it('refused twice, the call fails and may be tried later: no circle', async () => {
    const { feishu, create } = await bare();
    feishu.fault({ call: 'message.create', kind: 'error', code: 99991663, times: 9 });
    const error = await failing(create(ACME, 'u1'));
    expect(error).toMatchObject({ permanent: false, scope: 'platform' });
    expect(feishu.calls('message.create')).toHaveLength(2);
  });

  it('a wrong secret is an error that tells what to do, although Feishu answers 200', async () => {
    const { bot } = await open({ bot: { appSecret: 'another' } });
    expect(bot.health()).toMatchObject({ ok: false });
    expect(bot.health().line).toMatch(/refuses the keys.*10014.*FEISHU_APP_ID and FEISHU_APP_SECRET/);
    const error = await failing(bot.send({ kind: 'chat', chat: ACME }, said('x'), 'm1'));
    expect(error).toMatchObject({ permanent: false, scope: 'platform', retryAfterMs: 300_000 });
    expect(codeOf(error)).toBe(10014);
  });

  it('a server that is not on the app’s list of addresses is told so', async () => {
    const { bot, feishu } = await open();
    feishu.fault({ call: 'message.create', kind: 'error', code: 99991401, status: 403 });
    await failing(bot.send({ kind: 'chat', chat: ACME }, said('x'), 'm1'));
    expect(bot.health()).toMatchObject({ ok: false });
    expect(bot.health().line).toContain('IP allow-list');
    await bot.profile('ou_lin');
    expect(bot.health().ok).toBe(true);
  });

  it('and stays told so while the bot is asked for again, sooner than is let through', async () => {
    const { api, feishu } = await bare();
    feishu.fault({ call: 'bot.info', kind: 'error', code: 99991401, status: 403, times: 9 });
    await api.account.start();
    expect(api.account.health().line).toContain('IP allow-list');
    await api.account.start();
    api.account.stop();
    expect(feishu.calls('bot.info')).toHaveLength(1);
    expect(api.account.health().line).toContain('IP allow-list');
  });
});

describe('an answer that is none, or a no', () => {
  it('200 with another code than 0 is an error, which the SDK hands on as success', async () => {
    const { feishu, create } = await bare();
    feishu.fault({ call: 'message.create', kind: 'error', code: 230002, status: 200 });
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ permanent: true, gone: true });
  });

  it('names the call and Feishu’s log id, not the request', async () => {
    const { create } = await bare();
    const error = await failing(create('oc_nowhere', 'u1'));
    expect(error.message).toMatch(/^Feishu im\.message\.create: 230034 .* \(log_id \w+\)$/);
  });

  it('a page instead of an answer leaves it open whether it was done', async () => {
    const { feishu, create } = await bare();
    feishu.fault({ call: 'message.create', kind: 'garbage' });
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ unknown: true, permanent: false });
  });

  it('a call without answer ends: the SDK would wait for ever', async () => {
    const { feishu, create } = await bare({ timeoutMs: 1_000 });
    await create(ACME, 'u0');
    feishu.fault({ call: 'message.create', kind: 'timeout-after-success', ms: 60_000 });
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ unknown: true, scope: 'platform' });
    expect(feishu.messages(ACME)).toHaveLength(2);
  });

  it('a connection that is reset after Feishu has done it is unknown', async () => {
    const { feishu, create } = await bare();
    feishu.fault({ call: 'message.create', kind: 'reset-after-success' });
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ unknown: true, permanent: false });
  });

  it('where nobody listens, nothing was sent', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { create } = await bare({ domain: `http://127.0.0.1:${port}` });
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ unknown: false, scope: 'platform' });
  });

  it('lists in a query are repeated keys', async () => {
    const { feishu, person } = await bare();
    expect((await person()).items).toHaveLength(2);
    expect(feishu.calls('user.batch')[0]?.query['user_ids']).toEqual(['ou_lin', 'ou_wei']);
  });
});

describe('limits', () => {
  it('after a 429 nothing of that API leaves before the time Feishu named; the others go on', async () => {
    const { feishu, clock, create, person } = await bare();
    feishu.fault({ call: 'message.create', kind: '429', resetSeconds: 7 });
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ retryAfterMs: 7_000, unknown: false });
    clock.ms += 3_000;
    expect(await failing(create(DUTY, 'u2'))).toMatchObject({ retryAfterMs: 4_000, unknown: false });
    await person();
    expect(feishu.calls('message.create')).toHaveLength(1);
    clock.ms += 4_000;
    await create(ACME, 'u1');
    expect(feishu.violations()).toEqual([]);
  });

  it('the older APIs say the same with a 400', async () => {
    const { feishu, create } = await bare();
    feishu.fault({ call: 'message.create', kind: 'error', code: 99991400, status: 400 });
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ retryAfterMs: 1_000, permanent: false });
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ permanent: false });
    expect(feishu.calls('message.create')).toHaveLength(1);
  });

  it('230020 rests the chat only: Feishu does not say for how long', async () => {
    const { feishu, clock, create } = await bare();
    feishu.othersSpeak(ACME, 5);
    expect(await failing(create(ACME, 'u1'))).toMatchObject({ scope: 'chat', retryAfterMs: 1_000, unknown: false });
    await create(DUTY, 'u2');
    clock.ms += 1_001;
    await create(ACME, 'u1');
    expect(feishu.messages(ACME)).toHaveLength(1);
  });

  it('a storm of calls stays below 50 a second and 1,000 a minute, and Feishu refuses none', async () => {
    const { feishu, clock, person } = await bare();
    let done = 0;
    for (let second = 0; second < 26; second += 1) {
      for (let n = 0; n < 60; n += 1) {
        try {
          await person();
          done += 1;
        } catch (error) {
          expect(error).toMatchObject({ permanent: false, unknown: false });
          break;
        }
      }
      clock.ms += 1_000;
    }
    expect(feishu.violations()).toEqual([]);
    expect(done).toBe(900);
    expect(feishu.calls('user.batch')).toHaveLength(done);
  });
});

describe('what never leaves', () => {
  it.each([
    'om_1/../../x',
    'om_1/../../../contact/v3/users',
    '../x',
    'om_%2e%2e',
    'om_1?x=1',
    '',
    'OM_1',
    `om_${'x'.repeat(200)}`,
  ])('the id "%s" in no path', async (id) => {
    const { bot, feishu } = await open();
    const before = feishu.calls().length;
    const ref = { platform: 'feishu', chat: ACME, thread: id, message: id };
    expect(await failing(bot.edit(ref, said('x')))).toMatchObject({ permanent: true });
    expect(await failing(bot.send({ kind: 'thread', chat: ACME, thread: id }, said('x'), 'm'))).toMatchObject({
      permanent: true,
    });
    expect(await failing(bot.send({ kind: 'direct', user: id }, said('x'), 'm'))).toMatchObject({ permanent: true });
    expect(await bot.rooms?.invite(ACME, [id])).toEqual([id]);
    expect([
      await bot.history(ACME, id),
      await bot.threadOf(ACME, id),
      await bot.chatName(id),
      await bot.profile(id),
    ]).toEqual([[], null, null, null]);
    expect(feishu.calls()).toHaveLength(before);
  });

  it('no token, secret or ticket is in any line of the log, nor in any error or its causes', async () => {
    made = await scene('ws', { emulator: { clientConfig: { ReconnectInterval: 0.01 } } });
    const { bot, feishu, logged } = made;
    const errors: unknown[] = [];
    const faults = [
      { kind: 'error', code: 230001 },
      { kind: 'error', code: 99991672 },
      { kind: 'error', code: 230002, status: 200 },
      { kind: '429' },
      { kind: '5xx' },
      { kind: 'reset' },
      { kind: 'reset-after-success' },
      { kind: 'garbage' },
    ] as const;
    for (const fault of faults) {
      feishu.fault({ call: 'message.reply', ...fault });
      const root = await feishu.says('lin', ACME, fault.kind);
      const to = { kind: 'thread', chat: ACME, thread: root.id } as const;
      errors.push(await failing(bot.send(to, said('x'), fault.kind)));
    }
    feishu.dropConnections();
    feishu.refuseConnections(1000040343, 2);
    await feishu.waitFor(() => feishu.calls('ws.endpoint').filter(({ code }) => code === 0).length > 1);
    await feishu.waitFor(() => feishu.connections === 1);
    const tokens = feishu.calls('token').map(({ result }) => String(result['tenant_access_token']));
    const urls = feishu.calls('ws.endpoint').flatMap(({ result }) => {
      const { data } = result as { data?: { URL?: string } };
      return data?.URL === undefined ? [] : [new URL(data.URL).searchParams.get('ticket') ?? ''];
    });
    const secrets = [feishu.app.secret, ...tokens, ...urls];
    expect(secrets.length).toBeGreaterThan(3);
    const all = [...logged, ...errors.map((error) => inspect(error, { depth: 20, showHidden: true }))].join('\n');
    expect(logged.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(all.includes(secret), secret).toBe(false);
  });
});
