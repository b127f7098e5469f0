import { afterEach, describe, expect, it } from 'vitest';
import { rig, types, type Rig } from './harness.ts';

const PATH = '/slack/events';
const JSON_TYPE = { 'Content-Type': 'application/json' };
const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };

let made: Rig | undefined;
const open = async (...args: Parameters<typeof rig> extends [unknown, ...infer Rest] ? Rest : never): Promise<Rig> =>
  (made = await rig('http', ...args));
afterEach(async () => made?.stop());

const message = (text = 'x'): string =>
  JSON.stringify({
    type: 'event_callback',
    team_id: 'T0ITR',
    event_id: 'Ev1',
    event: {
      type: 'message',
      user: 'U0LIN',
      channel: 'C0ACME',
      channel_type: 'channel',
      ts: '1763349990.000200',
      text,
    },
  });

describe('what is stored', () => {
  it('a message, its mention and a reaction, each acknowledged after the commit', async () => {
    const { slack, bot, events } = await open();
    const { ts } = await slack.mention('U0LIN', 'C0ACME', '建单');
    await slack.react('U0WEI', 'C0ACME', ts, 'eyes');
    expect(events.slice(0, 2).map((event) => event.id)).toEqual([`slack:msg:C0ACME:${ts}`, `slack:msg:C0ACME:${ts}`]);
    expect(events.at(-1)).toMatchObject({ type: 'reaction_added', emoji: 'eyes', user: 'U0WEI' });
    expect(slack.world.deliveries.every((delivery) => delivery.acked)).toBe(true);
    expect(bot.health()).toEqual({ ok: true, line: 'slack: @itr in Acme Support; HTTP' });
  });

  it('nothing is acknowledged before it is stored', async () => {
    const rig = await open();
    let store: () => void = () => undefined;
    rig.receive = () => new Promise((resolve) => (store = () => resolve({ kind: 'accepted' })));
    let answered = false;
    const posted = rig.slack.post('U0LIN', 'C0ACME', 'down').then(() => (answered = true));
    await expect.poll(() => rig.events.length).toBe(1);
    // A whole other exchange: had it wanted to answer, it would have.
    await rig.slack.postRaw('/slack/events', '{}');
    expect(answered).toBe(false);
    store();
    await posted;
    expect(answered).toBe(true);
  });

  it('what could not be stored is asked for again, and then stored', async () => {
    const rig = await open();
    let tries = 0;
    rig.receive = () =>
      (tries += 1) === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve({ kind: 'accepted' });
    await rig.slack.post('U0LIN', 'C0ACME', 'down');
    await rig.slack.waitFor(() => rig.slack.world.deliveries.every((delivery) => delivery.acked));
    const [delivery] = rig.slack.world.deliveries;
    expect(delivery?.attempts.map((attempt) => attempt.acked)).toEqual([false, true]);
    expect(delivery?.attempts[0]).toMatchObject({ status: 503 });
    expect(types(rig.events)).toEqual(['message', 'message']);
  });

  it('our own messages and edits come back from Slack and are dropped', async () => {
    const { slack, bot, events } = await open();
    const ref = await bot.send({ kind: 'chat', chat: 'C0ACME' }, { text: ['hello'], language: 'en' }, 'm1');
    await bot.edit(ref, { text: ['hello again'], language: 'en' });
    await slack.waitFor(() => slack.world.deliveries.length >= 2 && slack.world.deliveries.every(({ acked }) => acked));
    expect(events).toEqual([]);
  });

  it('commands, buttons, shortcuts and forms pass through Bolt and are acknowledged after the commit', async () => {
    const rig = await open();
    const { slack, bot, events } = rig;
    await slack.slash('U0WEI', 'C0DB', '/itr', 'show 128');
    const actions = [{ action: 'claim', value: '128', label: 'Claim' }];
    const ref = await bot.send({ kind: 'chat', chat: 'C0DB' }, { text: ['x'], actions, language: 'en' }, 'm1');
    await slack.click('U0WEI', 'C0DB', ref.message, 'claim');
    await slack.messageShortcut('U0WEI', 'C0DB', ref.message, 'create_ticket');
    await slack.globalShortcut('U0WEI', 'new_ticket');
    expect(types(events)).toEqual(['command', 'button', 'capture', 'button']);
    rig.receive = () => Promise.reject(new Error('disk full'));
    await expect(slack.slash('U0WEI', 'C0DB', '/itr', 'mine')).rejects.toThrow();
  });

  it('a form that lacks something comes back with the mistake under its input', async () => {
    const rig = await open();
    const { slack, bot, events } = rig;
    await slack.slash('U0WEI', 'C0DB', '/itr', 'resolve 128');
    const [command] = events;
    if (command?.type !== 'command' || command.reply === null) throw new Error('no reply token');
    const input = { name: 'solution', label: 'Solution', kind: 'long_text', required: false } as const;
    const form = { id: 'resolve', context: '128', title: 'Resolve', submit: 'OK', cancel: 'Cancel', inputs: [input] };
    expect(await bot.openForm(command.reply, form)).toBe(true);
    rig.receive = (event) =>
      Promise.resolve(
        event.type === 'form' && event.values['solution'] === ''
          ? { kind: 'form_errors', errors: { solution: 'Say what helped.' } }
          : { kind: 'accepted' },
      );
    expect(await slack.submitView('U0WEI', {})).toEqual({ action: 'errors', errors: { solution: 'Say what helped.' } });
    expect(await slack.submitView('U0WEI', { solution: 'pool to 200' })).toMatchObject({ action: 'close' });
    expect(events.at(-1)).toMatchObject({
      type: 'form',
      form: 'resolve',
      context: '128',
      values: { solution: 'pool to 200' },
    });
  });

  it('a button that only opens a page is acknowledged and not stored', async () => {
    const { slack, bot, events } = await open();
    const actions = [{ action: 'show', value: '1', label: 'Open', url: 'https://itr.example/tickets/ITR-1' }];
    const ref = await bot.send({ kind: 'chat', chat: 'C0DB' }, { text: ['x'], actions, language: 'en' }, 'm1');
    await slack.click('U0WEI', 'C0DB', ref.message, 'open-page');
    expect(events).toEqual([]);
  });

  it('that Slack holds events back is an event, and answered 200', async () => {
    const { slack, events } = await open();
    const delivery = await slack.rateLimitedEvent();
    expect(delivery.acked).toBe(true);
    expect(events).toMatchObject([{ type: 'platform_trouble', trouble: 'rate_limited' }]);
  });

  it('a payload that cannot be understood is not asked for again', async () => {
    const { slack, events } = await open();
    const body = JSON.stringify({ type: 'event_callback', event: 7 });
    expect((await slack.postRaw(PATH, body, { ...slack.sign(body), ...JSON_TYPE })).status).toBe(200);
    expect(events).toEqual([]);
  });
});

describe('who is let in', () => {
  const now = (): number => Math.floor(Date.now() / 1000);

  it.each<[string, number, number]>([
    ['now', 0, 200],
    ['4 minutes ago', -240, 200],
    ['4 minutes ahead', 240, 200],
    ['6 minutes ago', -360, 401],
    ['6 minutes ahead, which Bolt lets pass', 360, 401],
    ['a day ahead', 86_400, 401],
  ])('signed %s', async (_, offset, status) => {
    const { slack, events } = await open();
    const body = message();
    expect((await slack.postRaw(PATH, body, { ...slack.sign(body, now() + offset), ...JSON_TYPE })).status).toBe(
      status,
    );
    expect(events).toHaveLength(status === 200 ? 1 : 0);
  });

  it.each<[string, (headers: Record<string, string>) => Record<string, string>]>([
    ['no headers', () => ({})],
    ['no signature', ({ 'X-Slack-Signature': _, ...rest }) => rest],
    ['no timestamp', ({ 'X-Slack-Request-Timestamp': _, ...rest }) => rest],
    [
      'a flipped bit',
      (h) => ({
        ...h,
        'X-Slack-Signature': (h['X-Slack-Signature'] ?? '').replace(/.$/, (c) => (c === '0' ? '1' : '0')),
      }),
    ],
    ['a short signature', (h) => ({ ...h, 'X-Slack-Signature': (h['X-Slack-Signature'] ?? '').slice(0, -2) })],
    ['another version', (h) => ({ ...h, 'X-Slack-Signature': (h['X-Slack-Signature'] ?? '').replace('v0', 'v1') })],
    ['another second', (h) => ({ ...h, 'X-Slack-Request-Timestamp': String(now() - 1) })],
    ['a timestamp that is none', (h) => ({ ...h, 'X-Slack-Request-Timestamp': '0x1' })],
    ['something that is no hex', (h) => ({ ...h, 'X-Slack-Signature': `v0=${'g'.repeat(64)}` })],
  ])('%s: 401, nothing stored', async (_, spoil) => {
    const { slack, events } = await open();
    const body = message();
    const response = await slack.postRaw(PATH, body, { ...spoil(slack.sign(body)), ...JSON_TYPE });
    expect(response.status).toBe(401);
    expect(events).toEqual([]);
  });

  it('another body under a good signature: 401', async () => {
    const { slack, events } = await open();
    const response = await slack.postRaw(PATH, message('y'), { ...slack.sign(message('x')), ...JSON_TYPE });
    expect(response.status).toBe(401);
    expect(events).toEqual([]);
  });

  it('the raw bytes are signed, not what they mean', async () => {
    const { slack } = await open();
    const body = message('全部 🎫').replace('{', '{ \n');
    expect((await slack.postRaw(PATH, body, { ...slack.sign(body), ...JSON_TYPE })).status).toBe(200);
  });

  it('more than 1 MiB is refused before it is hashed', async () => {
    const { slack, events } = await open();
    const body = message('x'.repeat(1024 * 1024));
    const refused = await slack
      .postRaw(PATH, body, { ...slack.sign(body), ...JSON_TYPE })
      .catch(() => ({ status: 413 }));
    expect(refused.status).toBe(413);
    expect(events).toEqual([]);
    const fits = message('x'.repeat(1000 * 1024));
    expect((await slack.postRaw(PATH, fits, { ...slack.sign(fits), ...JSON_TYPE })).status).toBe(200);
  });

  it('a body without length is counted as it comes', async () => {
    const { slack, events } = await open();
    const url = new URL(PATH, slack.world.team.id === '' ? '' : urlOf(slack));
    const chunk = new Uint8Array(64 * 1024);
    let left = 40;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => ((left -= 1) < 0 ? controller.close() : controller.enqueue(chunk)),
    });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    const status = await fetch(url, init).then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(events).toEqual([]);
  });

  it.each([
    ['application/json; charset=utf-8', 200],
    ['Application/JSON', 200],
    ['text/plain', 415],
    ['', 415],
  ])('content type "%s": %d', async (type, status) => {
    const { slack } = await open();
    const body = message();
    expect((await slack.postRaw(PATH, body, { ...slack.sign(body), 'Content-Type': type })).status).toBe(status);
  });

  it('a form with a charset is a form', async () => {
    const { slack, events } = await open();
    const body = new URLSearchParams({
      command: '/itr',
      text: '看板',
      user_id: 'U0LIN',
      channel_id: 'C0ACME',
      trigger_id: '1',
    }).toString();
    const type = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    expect((await slack.postRaw(PATH, body, { ...slack.sign(body), ...type })).status).toBe(200);
    expect(events).toMatchObject([{ type: 'command', text: '看板' }]);
  });

  it('signed rubbish: 400', async () => {
    const { slack } = await open();
    for (const [body, type] of [
      ['{', JSON_TYPE],
      ['[]', JSON_TYPE],
      ['payload=%7B', FORM_TYPE],
    ] as const) {
      expect((await slack.postRaw(PATH, body, { ...slack.sign(body), ...type })).status).toBe(400);
    }
  });

  it('the challenge is echoed, if signed', async () => {
    const { slack } = await open();
    expect(await slack.verifyUrl()).toBe(true);
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    expect((await slack.postRaw(PATH, body, JSON_TYPE)).status).toBe(401);
  });

  it('ssl_check is answered without a signature, and stores nothing', async () => {
    const { slack, events } = await open();
    expect((await slack.postRaw(PATH, 'ssl_check=1&token=x', FORM_TYPE)).status).toBe(200);
    expect((await slack.postRaw(PATH, 'ssl_check=0&command=/itr', FORM_TYPE)).status).toBe(401);
    expect(events).toEqual([]);
  });

  it('only POST', async () => {
    const { slack } = await open();
    expect((await fetch(new URL(PATH, urlOf(slack)))).status).toBe(405);
  });

  it('no secret reaches the log', async () => {
    const { slack, logged } = await open();
    slack.world.authError = 'token_revoked';
    await slack.postRaw(PATH, message(), JSON_TYPE);
    expect(logged.join()).not.toMatch(/xoxb-|xapp-|emulator-secret/);
  });
});

describe('the end', () => {
  it('stop waits for what is being stored, and refuses what comes after', async () => {
    const rig = await open();
    let store: () => void = () => undefined;
    rig.receive = () => new Promise((resolve) => (store = () => resolve({ kind: 'accepted' })));
    const posted = rig.slack.post('U0LIN', 'C0ACME', 'down');
    await expect.poll(() => rig.events.length).toBe(1);
    let stopped = false;
    const stopping = rig.bot.stop().then(() => (stopped = true));
    const body = message('late');
    expect((await rig.slack.postRaw(PATH, body, { ...rig.slack.sign(body), ...JSON_TYPE })).status).toBe(503);
    expect(stopped).toBe(false);
    store();
    await posted;
    await stopping;
    expect(rig.slack.world.deliveries[0]).toMatchObject({ acked: true });
  });
});

const urlOf = (slack: Rig['slack']): string => {
  const url = (slack as unknown as { http: { urls?: { events: string } } }).http.urls?.events;
  if (url === undefined) throw new Error('no request URL');
  return url;
};
