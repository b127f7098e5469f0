import { afterEach, describe, expect, it } from 'vitest';
import type { FeishuOptions } from '../../../src/adapters/feishu/index.ts';
import type { FeishuEmulator } from '../../emulators/feishu/index.ts';
import { HandClock } from '../../support/clock.ts';
import { ACME, asked, gate, scene, tenant, types, type Scene } from './scene.ts';

const scenes: Scene[] = [];
const emulators: FeishuEmulator[] = [];
afterEach(async () => {
  for (const one of scenes.splice(0)) await one.stop();
  for (const one of emulators.splice(0)) await one.stop();
});

type More = NonNullable<Parameters<typeof scene>[1]>;
/** Everything that waits, waits shortly. */
const QUICK: FeishuOptions['pace'] = { soonMs: 10, lateMs: 30, leaseEveryMs: 20 };
const CONFIG = { ReconnectInterval: 0.02, ReconnectNonce: 0, PingInterval: 120 };

const open = async (more: More = {}): Promise<Scene> => {
  const made = await scene('ws', {
    ...more,
    emulator: { clientConfig: CONFIG, ...more.emulator },
    bot: { pace: QUICK, ...more.bot },
  });
  scenes.push(made);
  return made;
};

const asking = ({ feishu }: Scene): number => feishu.calls('ws.endpoint').length;

describe('what comes in', () => {
  it('messages, reactions, words of the menu and presses, each acknowledged', async () => {
    const scene = await open();
    const { feishu, bot } = scene;
    const { id } = await feishu.says('lin', ACME, 'down');
    await feishu.reacts('wei', id, 'OnIt');
    await feishu.opensMenu('wei', 'mine');
    scene.before = (event) => {
      if (event.type === 'button' && event.reply !== null) bot.settled?.(event.reply);
      return Promise.resolve();
    };
    const ref = await bot.send({ kind: 'chat', chat: ACME }, asked('x'), 'm1');
    await feishu.presses('wei', ref.message, 'Claim');
    expect(types(scene.stored)).toEqual(['message', 'reaction_added', 'command', 'button']);
    expect(feishu.deliveries().every(({ acked }) => acked)).toBe(true);
    expect(bot.webhooks).toEqual([]);
    expect(bot.health()).toEqual({ ok: true, line: `feishu: “ITR” (${feishu.app.id}); long connection` });
    expect(feishu.warnings()).toEqual([]);
  });

  it('the empty header.token of the long connection is no fault', async () => {
    const { feishu, stored } = await open({ bot: { verificationToken: 'set for the webhook' } });
    await feishu.says('lin', ACME, 'down');
    expect(feishu.deliveries()[0]?.payload).toMatchObject({ header: { token: '' } });
    expect(stored).toHaveLength(1);
  });

  it('what comes in pieces is put together', async () => {
    const { feishu, stored } = await open({ emulator: { fragmentBytes: 300 } });
    const text = '数据库'.repeat(2_000);
    await feishu.says('lin', ACME, text);
    expect(stored).toMatchObject([{ type: 'message', text }]);
  });

  it('a handler that throws is acknowledged with 500 and delivered again; stored once', async () => {
    const clock = new HandClock(Date.now());
    const scene = await open({ emulator: { clock } });
    let tries = 0;
    scene.before = () => ((tries += 1) === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve());
    await scene.feishu.says('lin', ACME, 'down');
    expect(scene.feishu.deliveries()[0]?.attempts).toMatchObject([
      { acked: false, reason: 'handler_failed', status: 500 },
    ]);
    clock.advance(15_000);
    await scene.feishu.waitFor(() => scene.feishu.deliveries()[0]?.acked === true);
    expect([scene.events.length, scene.stored.length]).toEqual([2, 1]);
  });

  it('delivered twice, and delivered again because the acknowledgement was lost: stored once', async () => {
    const clock = new HandClock(Date.now());
    const scene = await open({ emulator: { clock } });
    scene.feishu.loseAcks(1);
    const { deliveries } = await scene.feishu.says('lin', ACME, 'down');
    clock.advance(15_000);
    await scene.feishu.waitFor(() => deliveries[0]?.acked === true);
    if (deliveries[0] !== undefined) await scene.feishu.redeliver(deliveries[0]);
    expect([scene.events.length, scene.stored.length]).toEqual([3, 1]);
  });
});

describe('connections come and go', () => {
  it('one that is cut is opened again, and what was said meanwhile is taken in once', async () => {
    const clock = new HandClock(Date.now());
    const scene = await open({ emulator: { clock }, bot: { now: clock.now, pace: QUICK } });
    const { feishu, bot } = scene;
    await bot.catchUp();
    feishu.dropConnections();
    await feishu.says('lin', ACME, 'while nobody listened');
    expect(feishu.deliveries()[0]?.attempts).toMatchObject([{ acked: false, reason: 'connection_failed' }]);
    await feishu.waitFor(() => scene.stored.length === 1 && feishu.connections === 1, { pollMs: 5 });
    clock.advance(15_000);
    await feishu.waitFor(() => feishu.deliveries()[0]?.acked === true);
    expect(scene.stored).toMatchObject([{ type: 'message', text: 'while nobody listened' }]);
    expect(bot.health().ok).toBe(true);
  });

  it('one that the gateway closes, too', async () => {
    const { feishu, stored } = await open();
    feishu.kickConnections();
    await feishu.waitFor(() => feishu.connections === 1);
    await feishu.says('lin', ACME, 'still there');
    expect(stored).toHaveLength(1);
  });

  it('a half-open one is found by a ping without an answer: the SDK by itself keeps it for ever', async () => {
    const scene = await open({
      emulator: { clientConfig: { ...CONFIG, PingInterval: 0.1 } },
      bot: { pace: { ...QUICK, pongWithinS: 0.05 } },
    });
    const before = asking(scene);
    scene.feishu.freezeConnections();
    await scene.feishu.waitFor(() => asking(scene) > before);
    await scene.feishu.waitFor(() => scene.feishu.connections >= 1, { pollMs: 5 });
    scene.feishu.dropConnections('oldest');
    await scene.feishu.waitFor(() => scene.bot.health().ok, { pollMs: 5 });
    expect(scene.logged.join()).toContain('no pong/inbound within');
  });

  it('Feishu away and back', async () => {
    const scene = await open();
    scene.feishu.away(true);
    await scene.feishu.waitFor(() => !scene.bot.health().ok, { pollMs: 5 });
    scene.feishu.away(false);
    await scene.feishu.waitFor(() => scene.bot.health().ok && scene.feishu.connections === 1, { pollMs: 5 });
    await scene.feishu.says('lin', ACME, 'back');
    expect(scene.stored).toHaveLength(1);
  });
});

describe('a handshake that Feishu refuses', () => {
  it.each([
    [1, 'busy'],
    [403, 'Events & Callbacks'],
    [514, 'FEISHU_APP_ID and FEISHU_APP_SECRET'],
    [1000040343, 'internal error'],
    [1000040350, 'too many connections'],
  ] as const)('%d is told in health, and tried again', async (code, words) => {
    const feishu = await tenant('ws', { clientConfig: CONFIG });
    emulators.push(feishu);
    feishu.refuseConnections(code, 3);
    const scene = await open({ feishu, start: false, bot: { pace: { ...QUICK, soonMs: 150, lateMs: 150 } } });
    await scene.bot.start();
    expect(scene.bot.health().ok).toBe(false);
    expect(scene.bot.health().line).toContain(words);
    expect(scene.bot.health().line).toContain(`(${code})`);
    await feishu.waitFor(() => feishu.connections === 1);
    await feishu.waitFor(() => scene.bot.health().ok, { pollMs: 5 });
    expect(asking(scene)).toBe(4);
  });

  it.each([1, 514, 1000040343, 1000040350] as const)('%d after a break, too', async (code) => {
    const scene = await open();
    scene.feishu.refuseConnections(code, 2);
    scene.feishu.dropConnections();
    await scene.feishu.waitFor(() => scene.bot.health().line.includes(`(${code})`), { pollMs: 1 });
    await scene.feishu.waitFor(() => scene.feishu.connections === 1);
    await scene.feishu.says('lin', ACME, 'back');
    expect(scene.stored).toHaveLength(1);
  });

  it('a page instead of an answer, and no answer at all, are tried again soon', async () => {
    const feishu = await tenant('ws', { clientConfig: CONFIG });
    emulators.push(feishu);
    feishu.fault({ call: 'ws.endpoint', kind: 'garbage' });
    feishu.fault({ call: 'ws.endpoint', kind: 'reset' });
    feishu.fault({ call: 'ws.endpoint', kind: '5xx' });
    const scene = await open({ feishu, start: false });
    await scene.bot.start();
    await feishu.waitFor(() => feishu.connections === 1);
    expect(asking(scene)).toBe(4);
  });

  it('an app id of another form is refused in words: the SDK does nothing with it, and says nothing', async () => {
    const scene = await open({ start: false, bot: { appId: 'cli_short' } });
    await scene.bot.start();
    expect(scene.bot.health()).toMatchObject({ ok: false });
    expect(scene.bot.health().line).toMatch(/FEISHU_APP_ID is not of the form cli_/);
    expect(asking(scene)).toBe(0);
  });
});

describe('one process holds it', () => {
  it('only the one with the lease connects; another takes over, and nothing is lost or doubled between them', async () => {
    const clock = new HandClock(Date.now());
    const feishu = await tenant('ws', { clientConfig: CONFIG, clock });
    emulators.push(feishu);
    const lease = { holder: 'a' };
    const first = await open({ feishu, bot: { pace: QUICK, leads: () => Promise.resolve(lease.holder === 'a') } });
    const second = await open({
      feishu,
      bot: { pace: QUICK, leads: () => Promise.resolve(lease.holder === 'b') },
    });
    expect(feishu.connections).toBe(1);
    expect(second.bot.health()).toMatchObject({ ok: true });
    expect(second.bot.health().line).toContain('another process holds it');
    await feishu.says('lin', ACME, 'one');
    lease.holder = 'b';
    await feishu.waitFor(() => first.bot.health().line.includes('another process'), { pollMs: 5 });
    await feishu.waitFor(() => second.bot.health().line.endsWith('long connection') && feishu.connections === 1, {
      pollMs: 5,
    });
    await feishu.says('lin', ACME, 'two');
    clock.advance(15_000);
    await feishu.settled();
    const texts = ({ stored }: Scene): string[] =>
      stored.flatMap((event) => (event.type === 'message' ? [event.text] : []));
    expect([texts(first), texts(second)]).toEqual([['one'], ['two']]);
  });

  it('a lease that cannot be read changes nothing: two connections lose nothing, none would', async () => {
    let broken = false;
    const scene = await open({
      bot: { pace: QUICK, leads: () => (broken ? Promise.reject(new Error('database gone')) : Promise.resolve(true)) },
    });
    broken = true;
    await scene.feishu.waitFor(() => scene.logged.join().includes('could not be read'), { pollMs: 5 });
    await scene.feishu.says('lin', ACME, 'still there');
    expect(scene.stored).toHaveLength(1);
  });
});

describe('the end', () => {
  it('stop lets what is under way be acknowledged, and hangs up', async () => {
    const scene = await open();
    const { passed, open: store } = gate();
    scene.before = () => passed;
    const saying = scene.feishu.says('lin', ACME, 'down');
    await expect.poll(() => scene.events.length).toBe(1);
    let stopped = false;
    const stopping = scene.bot.stop().then(() => (stopped = true));
    // A whole other exchange: had it wanted to end, it would have.
    await scene.bot.profile('ou_lin');
    expect(stopped).toBe(false);
    store();
    await stopping;
    await saying;
    expect(scene.feishu.deliveries()[0]?.attempts).toMatchObject([{ acked: true }]);
    await scene.feishu.waitFor(() => scene.feishu.connections === 0);
  });

  it('it takes in nothing more meanwhile: that comes again, to the next process', async () => {
    const clock = new HandClock(Date.now());
    const first = await open({ emulator: { clock } });
    const { feishu } = first;
    const { passed, open: store } = gate();
    first.before = () => passed;
    const saying = feishu.says('lin', ACME, 'one');
    await expect.poll(() => first.events.length).toBe(1);
    const stopping = first.bot.stop();
    await feishu.says('lin', ACME, 'two');
    expect(feishu.deliveries()[1]?.attempts).toMatchObject([{ acked: false, reason: 'handler_failed' }]);
    store();
    await Promise.all([saying, stopping]);
    const second = await open({ feishu });
    clock.advance(15_000);
    await feishu.waitFor(() => feishu.deliveries()[1]?.acked === true);
    expect(
      [first.stored, second.stored].map((stored) => stored.map((event) => event.type === 'message' && event.text)),
    ).toEqual([['one'], ['two']]);
  });
});
