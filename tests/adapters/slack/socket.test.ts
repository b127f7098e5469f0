import { afterEach, describe, expect, it } from 'vitest';
import pino from 'pino';
import { clientOptions } from '../../../src/adapters/slack/sdk.ts';
import { SocketReceiver } from '../../../src/adapters/slack/socket.ts';
import type { Immediate } from '../../../src/conversations/platform.ts';
import { rig, types, type Rig } from './harness.ts';

let made: Rig | undefined;
const open = async (...args: Parameters<typeof rig> extends [unknown, ...infer Rest] ? Rest : never): Promise<Rig> => {
  made = await rig('socket', ...args);
  const { slack } = made;
  if (args[0]?.start !== false) await slack.waitFor(() => slack.sockets === 2);
  return made;
};
afterEach(async () => made?.stop());

const accepted: Immediate = { kind: 'accepted' };

describe('what comes in', () => {
  it('events, commands and buttons, each acknowledged', async () => {
    const { slack, bot, events } = await open();
    await slack.post('U0LIN', 'C0ACME', 'down');
    await slack.slash('U0WEI', 'C0DB', '/itr', 'mine');
    const actions = [{ action: 'claim', value: '1', label: 'Claim' }];
    const ref = await bot.send({ kind: 'chat', chat: 'C0DB' }, { text: ['x'], actions, language: 'en' }, 'm1');
    await slack.click('U0WEI', 'C0DB', ref.message, 'claim');
    expect(types(events)).toEqual(['message', 'command', 'button']);
    await slack.waitFor(() => slack.world.deliveries.every((delivery) => delivery.acked));
    expect(bot.webhooks).toEqual([]);
    expect(bot.health()).toEqual({ ok: true, line: 'slack: @itr in Acme Support; Socket Mode, 2 of 2 connections' });
  });

  it('nothing is acknowledged before it is stored; what could not be is delivered again', async () => {
    const rig = await open({ emulator: { ackDeadlineMs: 200 } });
    let tries = 0;
    rig.receive = () => ((tries += 1) === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve(accepted));
    await rig.slack.post('U0LIN', 'C0ACME', 'down');
    await rig.slack.waitFor(() => rig.slack.world.deliveries.every((delivery) => delivery.acked));
    expect(rig.slack.world.deliveries[0]?.attempts.map((attempt) => attempt.acked)).toEqual([false, true]);
    expect(rig.events.map(({ id }) => id)).toEqual([rig.events[0]?.id, rig.events[0]?.id]);
  });

  it('a form’s mistakes ride in the acknowledgement', async () => {
    const rig = await open();
    await rig.slack.slash('U0WEI', 'C0DB', '/itr', 'new');
    const [command] = rig.events;
    if (command?.type !== 'command' || command.reply === null) throw new Error('no reply token');
    const inputs = [{ name: 'title', label: 'Title', kind: 'text', required: false }] as const;
    await rig.bot.openForm(command.reply, { id: 'new', context: '', title: 'New', submit: 'OK', cancel: 'No', inputs });
    rig.receive = () => Promise.resolve({ kind: 'form_errors', errors: { title: 'What is wrong?' } });
    expect(await rig.slack.submitView('U0WEI', {})).toEqual({ action: 'errors', errors: { title: 'What is wrong?' } });
  });

  it('that Slack holds events back does not end the process', async () => {
    const { slack, events } = await open();
    expect((await slack.rateLimitedEvent()).acked).toBe(true);
    expect(events).toMatchObject([{ type: 'platform_trouble', trouble: 'rate_limited' }]);
    await slack.post('U0LIN', 'C0ACME', 'still there');
    expect(types(events)).toEqual(['platform_trouble', 'message']);
  });

  it('the same envelope again is the same event', async () => {
    const { slack, events } = await open();
    const { deliveries } = await slack.post('U0LIN', 'C0ACME', 'down');
    for (const delivery of deliveries) await slack.redeliver(delivery);
    expect(events).toHaveLength(2);
    expect(events[0]?.id).toBe(events[1]?.id);
  });
});

describe('connections come and go', () => {
  it.each(['refresh_requested', 'warning'] as const)('%s: nothing is missed meanwhile', async (reason) => {
    const { slack, events } = await open();
    for (let sent = 1; sent <= 60; sent += 1) {
      if (sent % 20 === 10) {
        await slack.waitFor(() => slack.sockets === 2);
        void slack.disconnectSocket(reason, 'oldest');
      }
      await slack.post('U0LIN', 'C0ACME', `m${sent}`);
    }
    expect(events).toHaveLength(60);
    expect(slack.world.deliveries.flatMap(({ attempts }) => attempts).filter(({ acked }) => !acked)).toEqual([]);
    await slack.waitFor(() => slack.sockets === 2);
  });

  it('all renewed at one moment: what Slack could not deliver comes with its repetition', async () => {
    const { slack, events } = await open();
    void slack.disconnectSocket('refresh_requested', 'all');
    await Promise.all(Array.from({ length: 20 }, (_, i) => slack.post('U0LIN', 'C0ACME', `m${i}`)));
    await slack.waitFor(() => new Set(events.map(({ id }) => id)).size === 20);
  });

  it('what was on its way over the old connection is still acknowledged there', async () => {
    const rig = await open();
    let store: () => void = () => undefined;
    rig.receive = () => new Promise((resolve) => (store = () => resolve(accepted)));
    const posted = rig.slack.post('U0LIN', 'C0ACME', 'down');
    await expect.poll(() => rig.events.length).toBe(1);
    await rig.slack.disconnectSocket('refresh_requested', 'all');
    store();
    await posted;
    expect(rig.slack.world.deliveries[0]?.attempts).toMatchObject([{ acked: true }]);
  });

  it('a connection that is cut is opened again while the other carries on', async () => {
    const { slack, events, bot } = await open();
    slack.killSocket('oldest');
    await slack.post('U0LIN', 'C0ACME', 'down');
    expect(events).toHaveLength(1);
    await slack.waitFor(() => slack.sockets === 2);
    await expect.poll(() => bot.health().line).toContain('2 of 2');
  });

  it('Slack down at the start: the start ends, and it gets through later', async () => {
    const { slack, bot, events } = await open({ start: false });
    slack.fault({ method: 'apps.connections.open', kind: '500', times: 3 });
    slack.fault({ method: 'auth.test', kind: '500', times: 1 });
    await bot.start();
    expect(bot.health().ok).toBe(false);
    await slack.waitFor(() => slack.sockets === 2, { timeoutMs: 10_000 });
    await expect.poll(() => bot.health().ok, { timeout: 5_000 }).toBe(true);
    await slack.post('U0LIN', 'C0ACME', 'down');
    expect(events).toHaveLength(1);
  });

  it('a refused app token is said, not hammered, and ends nothing', async () => {
    const { slack, bot } = await open({ slack: { appToken: 'xapp-wrong' }, start: false });
    await bot.start();
    await expect.poll(() => bot.health().line).toContain('SLACK_APP_TOKEN');
    expect(bot.health()).toMatchObject({ ok: false });
    // A whole other exchange with Slack: one that hammers would have come again meanwhile.
    await bot.profile('U0LIN');
    expect(slack.world.calls.filter(({ method }) => method === 'apps.connections.open')).toHaveLength(2);
    const wrong = (await bot.diagnose()).filter(({ ok }) => !ok);
    expect(wrong[0]?.fix).toContain('connections:write');
  });

  it('Socket Mode switched off is said', async () => {
    const { slack, bot } = await open();
    await slack.disconnectSocket('link_disabled');
    await expect.poll(() => bot.health().line).toContain('switched off');
    expect(bot.health().ok).toBe(false);
  });

  it('after what only a person can put right it waits long, else at most the cap', async () => {
    const { slack } = await open({ slack: { appToken: 'xapp-wrong' }, start: false });
    const log = pino({ level: 'silent' });
    const receiver = new SocketReceiver({
      appToken: 'xapp-wrong',
      connections: 1,
      client: () => clientOptions({ apiUrl: slack.apiUrl, log }),
      intake: () => Promise.resolve(accepted),
      log,
      pace: { firstMs: 1, maxMs: 5, slowMs: 40 },
    });
    const refused = (): number => slack.world.calls.filter(({ method }) => method === 'apps.connections.open').length;
    const startedAt = performance.now();
    await receiver.start();
    await slack.waitFor(() => refused() >= 4);
    await receiver.stop();
    // At least: three long waits lie between four refusals; with the cap of 5 ms it would take 15.
    expect(performance.now() - startedAt).toBeGreaterThan(100);
  });
});

describe('the end', () => {
  it('stop waits for what is being stored, acknowledges it, and hangs up', async () => {
    const rig = await open();
    let store: () => void = () => undefined;
    rig.receive = () => new Promise((resolve) => (store = () => resolve(accepted)));
    const posted = rig.slack.post('U0LIN', 'C0ACME', 'down');
    await expect.poll(() => rig.events.length).toBe(1);
    let stopped = false;
    const stopping = rig.bot.stop().then(() => (stopped = true));
    // A whole other exchange with Slack: had it wanted to end, it would have.
    await rig.bot.profile('U0LIN');
    expect(stopped).toBe(false);
    store();
    await posted;
    await stopping;
    expect(rig.slack.world.deliveries[0]?.attempts).toMatchObject([{ acked: true }]);
    await rig.slack.waitFor(() => rig.slack.sockets === 0);
  });

  it('no token and no payload reaches the log', async () => {
    const { slack, logged } = await open();
    await slack.post('U0LIN', 'C0ACME', 'a secret matter');
    slack.killSocket('all');
    await slack.waitFor(() => slack.sockets === 2);
    expect(logged.join()).not.toMatch(/xoxb-|xapp-|ticket=\w|secret matter/);
  });
});
