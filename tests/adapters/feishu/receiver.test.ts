import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../emulators/feishu/index.ts';
import { encrypt, signature } from '../../emulators/feishu/index.ts';
import { HandClock } from '../../support/clock.ts';
import { ACME, asked, gate, said, scene, types, type Scene } from './scene.ts';

const PATH = '/feishu/events';
const HOUR_S = 3_600;

let made: Scene | undefined;
afterEach(async () => {
  await made?.stop();
  made = undefined;
});
const open = async (
  ...args: Parameters<typeof scene> extends [unknown, ...infer Rest] ? Rest : never
): Promise<Scene> => (made = await scene('webhook', ...args));

const now = (): number => Math.floor(Date.now() / 1000);

const message = ({ feishu }: Scene, text = 'down', header: JsonObject = {}): JsonObject => ({
  schema: '2.0',
  header: {
    event_id: 'ev-1',
    event_type: 'im.message.receive_v1',
    create_time: '1763349990000',
    token: feishu.app.verificationToken,
    app_id: feishu.app.id,
    tenant_key: feishu.app.tenantKey,
    ...header,
  },
  event: {
    sender: { sender_id: { open_id: 'ou_lin' }, sender_type: 'user', tenant_key: feishu.app.tenantKey },
    message: {
      message_id: 'om_1',
      create_time: '1763349990000',
      chat_id: ACME,
      chat_type: 'group',
      message_type: 'text',
      content: JSON.stringify({ text }),
    },
  },
});

type Headers = Record<string, string>;

const post = async ({ feishu, url }: Scene, body: string, headers: Headers, path = PATH): Promise<number> =>
  (await feishu.postRaw(`${url}${path}`, body, headers)).status;

/** Signed by who has the key. */
const signed = ({ feishu }: Scene, body: string, timestamp = now()): Headers => ({
  'X-Lark-Request-Timestamp': String(timestamp),
  'X-Lark-Request-Nonce': 'n1',
  'X-Lark-Signature': signature(String(timestamp), 'n1', feishu.app.encryptKey, body),
});

describe('what is stored', () => {
  it('what people say and do, each acknowledged', async () => {
    const { feishu, bot, events } = await open();
    const { id } = await feishu.says('lin', ACME, '@bot down');
    await feishu.reacts('wei', id, 'OnIt');
    await feishu.opensMenu('wei', 'mine');
    expect(types(events)).toEqual(['message', 'reaction_added', 'command']);
    expect(feishu.deliveries().every(({ acked }) => acked)).toBe(true);
    expect(bot.health()).toEqual({ ok: true, line: `feishu: “ITR” (${feishu.app.id}); webhook` });
  });

  it('nothing is acknowledged before it is stored', async () => {
    const scene = await open();
    const { passed, open: store } = gate();
    scene.before = () => passed;
    let answered = false;
    const saying = scene.feishu.says('lin', ACME, 'down').then(() => (answered = true));
    await expect.poll(() => scene.events.length).toBe(1);
    // A whole other exchange: had it wanted to answer, it would have.
    expect(await post(scene, '{}', {})).toBe(401);
    expect(answered).toBe(false);
    store();
    await saying;
    expect(scene.feishu.deliveries()[0]).toMatchObject({ acked: true });
  });

  it('a handler that throws: 503, and Feishu comes again after 15 seconds; the SDK’s adapter would never answer', async () => {
    const clock = new HandClock(Date.now());
    const scene = await open({ emulator: { clock, signingNow: Date.now } });
    let tries = 0;
    scene.before = () => ((tries += 1) === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve());
    await scene.feishu.says('lin', ACME, 'down');
    expect(scene.feishu.deliveries()[0]?.attempts).toMatchObject([{ acked: false, status: 503 }]);
    clock.advance(15_000);
    await scene.feishu.waitFor(() => scene.feishu.deliveries()[0]?.acked === true);
    expect(types(scene.stored)).toEqual(['message']);
  });

  it('a replay, and one delivered again although it was acknowledged: stored once', async () => {
    const scene = await open();
    const { body, headers } = scene.feishu.dress(message(scene));
    expect([await post(scene, body, headers), await post(scene, body, headers)]).toEqual([200, 200]);
    expect(scene.events).toHaveLength(2);
    expect(scene.stored).toHaveLength(1);
  });

  it('one message told under two event ids: stored once', async () => {
    const scene = await open();
    await scene.feishu.deliver(message(scene));
    await scene.feishu.deliver(message(scene, 'down', { event_id: 'ev-2' }));
    expect(scene.stored).toHaveLength(1);
  });

  it('what is said before it is known who the bot is comes again: it may be said to the bot', async () => {
    const clock = new HandClock(Date.now());
    made = await scene('webhook', { start: false, emulator: { clock, signingNow: Date.now } });
    const { feishu, bot, stored } = made;
    feishu.fault({ call: 'bot.info', kind: '5xx' });
    await bot.start();
    await feishu.says('lin', ACME, '@bot claim');
    await feishu.says('lin', ACME, 'nobody is named here');
    expect(stored).toMatchObject([{ type: 'message', text: 'nobody is named here' }]);
    await feishu.waitFor(() => bot.health().ok);
    clock.advance(15_000);
    await feishu.waitFor(() => stored.length === 2);
    expect(stored[1]).toMatchObject({ addressed: true, text: 'claim' });
  });

  it('what was recalled before it is heard, since Feishu has to repeat it, was not said', async () => {
    const clock = new HandClock(Date.now());
    const scene = await open({ emulator: { clock, signingNow: Date.now } });
    const { feishu } = scene;
    scene.before = () => Promise.reject(new Error('disk full'));
    const { id } = await feishu.says('lin', ACME, 'the password is hunter2');
    scene.before = () => Promise.resolve();
    await feishu.recalls('lin', id);
    clock.advance(15_000);
    await feishu.waitFor(() => feishu.deliveries()[0]?.acked === true);
    expect(types(scene.stored)).toEqual(['message_deleted']);
  });

  it('our own messages do not come back', async () => {
    const { feishu, bot, events } = await open();
    await bot.send({ kind: 'chat', chat: ACME }, said('hello'), 'm1');
    await feishu.settled();
    expect(events).toEqual([]);
  });

  it('an event that nobody here knows, or of a shape nobody knows, is acknowledged and not stored', async () => {
    const scene = await open();
    const { header } = message(scene);
    await scene.feishu.deliver(message(scene, 'x', { event_type: 'im.chat.updated_v1' }));
    await scene.feishu.deliver({ schema: '2.0', header, event: 'none' });
    await scene.feishu.deliver({ ...message(scene), event: { message: { chat_id: ACME, content: 7 } } });
    expect(scene.feishu.deliveries().map(({ acked }) => acked)).toEqual([true, true, true]);
    expect(scene.stored).toEqual([]);
  });

  it('a card callback is answered in its response, within the deadline, when nobody answers it', async () => {
    const { feishu, bot } = await open();
    const ref = await bot.send({ kind: 'chat', chat: ACME }, asked('orders fail'), 'm1');
    const answer = await feishu.presses('wei', ref.message, 'Claim');
    expect(answer.toast).toBeUndefined();
    expect(feishu.deliveries('card.action.trigger')[0]?.attempts[0]?.ms).toBeLessThan(2_900);
  });
});

describe('who is let in', () => {
  it.each<[string, number, number]>([
    ['now', 0, 200],
    ['4 minutes ahead', 240, 200],
    ['10 minutes ahead', 600, 401],
    ['6 hours ago, as Feishu’s last repetition may be', -6 * HOUR_S, 200],
    ['9 hours ago', -9 * HOUR_S, 401],
  ])('signed %s', async (_, offset, status) => {
    const scene = await open();
    const { body, headers } = scene.feishu.dress(message(scene), now() + offset);
    expect(await post(scene, body, headers)).toBe(status);
    expect(scene.stored).toHaveLength(status === 200 ? 1 : 0);
  });

  it.each<[string, (scene: Scene, body: string, headers: Headers) => [string, Headers]]>([
    ['a timestamp of 2001, signed', (s, body) => [body, signed(s, body, 1_000_000_000)]],
    [
      'a timestamp that is none, signed',
      (s, body) => [
        body,
        {
          ...signed(s, body),
          'X-Lark-Request-Timestamp': 'soon',
          'X-Lark-Signature': signature('soon', 'n1', s.feishu.app.encryptKey, body),
        },
      ],
    ],
    ['no signature at all', (_, body) => [body, {}]],
    ['no timestamp', (s, body) => [body, { ...signed(s, body), 'X-Lark-Request-Timestamp': '' }]],
    [
      'another key’s signature',
      (_, body) => [
        body,
        {
          'X-Lark-Request-Timestamp': String(now()),
          'X-Lark-Request-Nonce': 'n1',
          'X-Lark-Signature': signature(String(now()), 'n1', 'guessed', body),
        },
      ],
    ],
    [
      'one bit of the signature',
      (_, body, headers) => [
        body,
        {
          ...headers,
          'X-Lark-Signature': (headers['X-Lark-Signature'] ?? '').replace(/^./, (c) => (c === '0' ? '1' : '0')),
        },
      ],
    ],
    ['one bit of the body', (_, body, headers) => [body.replace(/.(?="})/, (c) => (c === 'A' ? 'B' : 'A')), headers]],
    [
      'a signature cut short',
      (_, body, headers) => [
        body,
        { ...headers, 'X-Lark-Signature': (headers['X-Lark-Signature'] ?? '').slice(0, 63) },
      ],
    ],
    [
      'a signature too long',
      (_, body, headers) => [body, { ...headers, 'X-Lark-Signature': `${headers['X-Lark-Signature'] ?? ''}0` }],
    ],
    [
      'a signature that is no hexadecimal',
      (_, body, headers) => [body, { ...headers, 'X-Lark-Signature': 'z'.repeat(64) }],
    ],
    ['an empty signature', (_, body, headers) => [body, { ...headers, 'X-Lark-Signature': '' }]],
    ['another nonce', (_, body, headers) => [body, { ...headers, 'X-Lark-Request-Nonce': 'other' }]],
  ])('%s: 401, where the SDK answers 200', async (_, forge) => {
    const scene = await open();
    const { body, headers } = scene.feishu.dress(message(scene));
    expect(await post(scene, ...forge(scene, body, headers))).toBe(401);
    expect(scene.events).toEqual([]);
  });

  it('a refused call is told of in the log once a minute, with what to look at, and without what it said', async () => {
    const scene = await open();
    const { body, headers } = scene.feishu.dress(message(scene));
    for (let n = 0; n < 5; n += 1) await post(scene, body, { ...headers, 'X-Lark-Signature': 'f'.repeat(64) });
    const told = scene.logged.filter((line) => line.includes('401'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('its signature is not by FEISHU_ENCRYPT_KEY');
    expect(told[0]).not.toContain(scene.feishu.app.encryptKey);
  });

  it('signed with other spaces: the bytes count, not the SDK’s own JSON of them', async () => {
    const scene = await open();
    const body = JSON.stringify(
      { encrypt: encrypt(scene.feishu.app.encryptKey, JSON.stringify(message(scene))) },
      null,
      2,
    );
    expect(await post(scene, body, signed(scene, body))).toBe(200);
    expect(scene.stored).toHaveLength(1);
  });

  it('a query string in the path is no obstacle', async () => {
    const scene = await open();
    const { body, headers } = scene.feishu.dress(message(scene));
    expect(await post(scene, body, headers, `${PATH}?from=feishu`)).toBe(200);
    expect(scene.stored).toHaveLength(1);
  });

  it('another verification token, or none: 401, although it is signed; the SDK never compares it', async () => {
    const scene = await open();
    for (const token of ['another', '']) {
      const { body, headers } = scene.feishu.dress(message(scene, 'x', { token }));
      expect(await post(scene, body, headers)).toBe(401);
    }
    expect(scene.events).toEqual([]);
  });

  it('another app’s id: 401', async () => {
    const scene = await open();
    const { body, headers } = scene.feishu.dress(message(scene, 'x', { app_id: 'cli_ffffffffffffffff' }));
    expect(await post(scene, body, headers)).toBe(401);
    expect(scene.events).toEqual([]);
  });

  it('signed, but not encrypted: 400; and so is signed rubbish', async () => {
    const scene = await open();
    for (const body of [
      JSON.stringify(message(scene)),
      '{',
      '[]',
      '',
      JSON.stringify({ encrypt: 'AAAA' }),
      JSON.stringify({ encrypt: encrypt(scene.feishu.app.encryptKey, '7') }),
    ])
      expect(await post(scene, body, signed(scene, body))).toBe(400);
    expect(scene.events).toEqual([]);
  });

  it('the challenge is echoed to who has the key, and with the right token only', async () => {
    const scene = await open();
    const { feishu } = scene;
    expect(await feishu.verifyUrl()).toBe(true);
    const ask = (token: string, key = feishu.app.encryptKey): string =>
      JSON.stringify({ encrypt: encrypt(key, JSON.stringify({ challenge: 'c1', token, type: 'url_verification' })) });
    const { verificationToken } = feishu.app;
    // The console's check is not signed on every tenant.
    expect(await feishu.postRaw(`${scene.url}${PATH}`, ask(verificationToken), {})).toMatchObject({
      status: 200,
      body: JSON.stringify({ challenge: 'c1' }),
    });
    expect(await post(scene, ask('another'), {})).toBe(401);
    expect(await post(scene, ask(verificationToken, 'guessed'), {})).toBe(401);
    const bare = JSON.stringify({ challenge: 'c1', token: verificationToken, type: 'url_verification' });
    expect(await post(scene, bare, {})).toBe(401);
  });

  it('no Encrypt Key: the adapter does not begin, since anybody’s words would be Feishu’s', async () => {
    const { feishu } = await open();
    await expect(scene('webhook', { feishu, bot: { encryptKey: null } })).rejects.toThrow('FEISHU_ENCRYPT_KEY');
  });

  it('only POST', async () => {
    const { url } = await open();
    const answer = await fetch(`${url}${PATH}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('a body over 1 MB: 413, before it is hashed', async () => {
    const scene = await open();
    const body = 'x'.repeat(1024 * 1024 + 1);
    const status = await post(scene, body, signed(scene, body)).catch(() => 413);
    expect(status).toBe(413);
    const fits = JSON.stringify({
      encrypt: encrypt(scene.feishu.app.encryptKey, JSON.stringify(message(scene, 'x'.repeat(600 * 1024)))),
    });
    expect(await post(scene, fits, signed(scene, fits))).toBe(200);
  });

  it('a body without length is counted as it comes', async () => {
    const { url, events } = await open();
    const chunk = new Uint8Array(64 * 1024);
    let left = 40;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => ((left -= 1) < 0 ? controller.close() : controller.enqueue(chunk)),
    });
    const status = await fetch(`${url}${PATH}`, { method: 'POST', body, duplex: 'half' }).then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(events).toEqual([]);
  });

  it('a body that comes slowly is taken when it is whole, and holds nobody else up; one that breaks off is nothing', async () => {
    const scene = await open();
    const { body, headers } = scene.feishu.dress(message(scene));
    const begun = (): ReturnType<typeof httpRequest> => {
      const request = httpRequest(`${scene.url}${PATH}`, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      });
      request.write(body.slice(0, 20));
      return request;
    };
    const broken = begun();
    broken.on('error', () => undefined);
    const slow = begun();
    const status = new Promise<number>((resolve) =>
      slow.on('response', (response) => resolve(response.resume().statusCode ?? 0)),
    );
    await scene.feishu.says('lin', ACME, 'meanwhile');
    expect(scene.stored).toHaveLength(1);
    broken.destroy();
    slow.end(body.slice(20));
    expect(await status).toBe(200);
    expect(scene.stored).toHaveLength(2);
  });

  it('no secret, and nothing that was said, reaches the log', async () => {
    const scene = await open();
    const { body, headers } = scene.feishu.dress(message(scene, 'a secret matter'));
    await post(scene, body, {});
    scene.before = () => Promise.reject(new Error('disk full'));
    await post(scene, body, headers);
    expect(scene.logged.join()).toContain('not stored');
    for (const secret of [
      scene.feishu.app.encryptKey,
      scene.feishu.app.verificationToken,
      scene.feishu.app.secret,
      'secret matter',
    ])
      expect(scene.logged.join()).not.toContain(secret);
  });
});

describe('the end', () => {
  it('stop waits for what is being stored, and refuses what comes after', async () => {
    const scene = await open();
    const { passed, open: store } = gate();
    scene.before = () => passed;
    const saying = scene.feishu.says('lin', ACME, 'down');
    await expect.poll(() => scene.events.length).toBe(1);
    let stopped = false;
    const stopping = scene.bot.stop().then(() => (stopped = true));
    const { body, headers } = scene.feishu.dress(message(scene, 'late'));
    expect(await post(scene, body, headers)).toBe(503);
    expect(stopped).toBe(false);
    store();
    await saying;
    await stopping;
    expect(scene.feishu.deliveries()[0]).toMatchObject({ acked: true });
  });
});
