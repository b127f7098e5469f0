import { afterEach, describe, expect, it } from 'vitest';
import type { Paid } from '../../../src/adapters/feishu/urgent.ts';
import { HandClock } from '../../support/clock.ts';
import { failing, gate, said, scene, type Scene } from './scene.ts';

let made: Scene | undefined;
afterEach(async () => {
  await made?.stop();
  made = undefined;
});

const NOVEMBER = Date.UTC(2026, 10, 19, 1, 41);
const open = async (paid: readonly Paid[] = [], more: Parameters<typeof scene>[1] = {}): Promise<Scene> =>
  (made = await scene('webhook', { ...more, bot: { paid, now: () => NOVEMBER, ...more.bot } }));

const wei = { kind: 'direct', user: 'ou_wei' } as const;
const wake = { ...said('wake up'), urgent: true } as const;
const rung = ({ feishu }: Scene): string[] => feishu.buzzes('wei').map(({ way }) => way);

describe('ringing by the app', () => {
  it('a direct message that is urgent rings on the phone; another does not', async () => {
    const scene = await open();
    await scene.bot.send(wei, said('no hurry'), 'm1');
    expect(rung(scene)).toEqual([]);
    const ref = await scene.bot.send(wei, wake, 'm2');
    expect(scene.feishu.buzzes('wei')).toMatchObject([{ message: ref.message, way: 'app' }]);
  });

  it('whom Feishu does not ring it names without an error: said, but nobody heard it', async () => {
    const { bot, feishu } = await open();
    const ref = await bot.send(wei, said('x'), 'm0');
    feishu.world.chat(ref.chat).members.delete('wei');
    const error = await failing(bot.send(wei, wake, 'm1'));
    expect(error).toMatchObject({ permanent: true, unreached: true });
    expect(feishu.messages(ref.chat).map(({ id }) => feishu.text(id))).toEqual(['x', 'wake up']);
  });

  it.each([
    [230052, 'the conversation forbids it'],
    [230023, 'more than 200 unread'],
    [230024, 'the quota is used up'],
    [99991672, 'the scope is missing: tried again, it would be said a second time after an hour'],
  ])('%d, %s: said, but nobody heard it', async (code) => {
    const { bot, feishu } = await open();
    feishu.fault({ call: 'urgent.app', kind: 'error', code });
    expect(await failing(bot.send(wei, wake, 'm1'))).toMatchObject({ permanent: true, unreached: true });
    expect(feishu.direct('wei')).toHaveLength(1);
  });

  it('what passes is tried again: one message, and then it rings', async () => {
    const scene = await open();
    const { bot, feishu } = scene;
    feishu.fault({ call: 'urgent.app', kind: '5xx' });
    expect(await failing(bot.send(wei, wake, 'm1'))).toMatchObject({ permanent: false, unreached: false });
    await bot.send(wei, wake, 'm1');
    expect(rung(scene)).toEqual(['app']);
    expect(feishu.direct('wei')).toHaveLength(1);
  });

  it('over 200 unread: Feishu rings nobody any more', async () => {
    const { bot, feishu } = await open();
    const { message } = await bot.send(wei, wake, 'm1');
    for (let n = 0; n < 200; n += 1)
      feishu.world.buzzes.push({ message, person: 'wei', way: 'app', at: 0, read: false });
    expect(await failing(bot.send(wei, wake, 'm2'))).toMatchObject({ unreached: true });
    feishu.readsBuzzes('wei');
    await bot.send(wei, wake, 'm3');
    expect(feishu.buzzes('wei')).toHaveLength(202);
  });
});

describe('ringing that the tenant pays for', () => {
  it('text message and call, besides the app, as often a month as was set', async () => {
    const scene = await open([
      { kind: 'sms', perMonth: 2 },
      { kind: 'phone', perMonth: 1 },
    ]);
    for (const marker of ['m1', 'm2', 'm3']) await scene.bot.send(wei, wake, marker);
    expect(rung(scene)).toEqual(['app', 'sms', 'phone', 'app', 'sms', 'app']);
  });

  it('those of other processes, and of before a restart, count', async () => {
    const first = await open([{ kind: 'sms', perMonth: 3 }]);
    await first.bot.send(wei, wake, 'm1');
    await first.bot.send(wei, wake, 'm2');
    const second = await scene('webhook', {
      feishu: first.feishu,
      kept: first.kept,
      bot: { paid: [{ kind: 'sms', perMonth: 3 }], now: () => NOVEMBER },
    });
    await second.bot.send(wei, wake, 'm3');
    await second.bot.send(wei, wake, 'm4');
    await second.stop();
    expect(rung(first).filter((way) => way === 'sms')).toHaveLength(3);
  });

  it('five at once do not all take the last one', async () => {
    // A database whose answers come when the five messages have long been sent.
    const kept = new Map<string, string>();
    const { passed, open: answer } = gate();
    const load = (key: string): Promise<string | null> =>
      (key.startsWith('urgent:') ? passed : Promise.resolve()).then(() => kept.get(key) ?? null);
    const save = (key: string, text: string): Promise<void> => Promise.resolve(void kept.set(key, text));
    const scene = await open([{ kind: 'phone', perMonth: 2 }], { bot: { keep: { load, save } } });
    const sending = ['a', 'b', 'c', 'd', 'e'].map((marker) => scene.bot.send(wei, wake, marker));
    await scene.feishu.waitFor(() => rung(scene).length === 5);
    // A whole other exchange: all five wait for the database by now.
    await scene.bot.profile('ou_lin');
    answer();
    await Promise.all(sending);
    expect(rung(scene).filter((way) => way === 'phone')).toHaveLength(2);
  });

  it('a new month begins anew', async () => {
    const clock = new HandClock(Date.UTC(2026, 10, 30, 23, 0));
    const scene = await open([{ kind: 'sms', perMonth: 1 }], { bot: { now: clock.now } });
    await scene.bot.send(wei, wake, 'm1');
    await scene.bot.send(wei, wake, 'm2');
    clock.advance(2 * 3_600_000);
    await scene.bot.send(wei, wake, 'm3');
    expect(rung(scene).filter((way) => way === 'sms')).toHaveLength(2);
  });

  it('its failure does not fail the message, and is not tried twice: the first may have rung', async () => {
    const scene = await open([{ kind: 'sms', perMonth: 5 }]);
    scene.feishu.fault({ call: 'urgent.sms', kind: 'reset-after-success' });
    await scene.bot.send(wei, wake, 'm1');
    expect(scene.feishu.calls('urgent.sms')).toHaveLength(1);
    expect(scene.logged.join()).toContain('did not ring by sms');
  });

  it('a count that cannot be kept does not fail the message either, and rings nobody at a cost', async () => {
    const scene = await open([{ kind: 'sms', perMonth: 5 }], {
      bot: { keep: { load: () => Promise.reject(new Error('disk full')), save: () => Promise.resolve() } },
    });
    await scene.bot.send(wei, wake, 'm1');
    expect(rung(scene)).toEqual(['app']);
  });

  it('where the app cannot ring, a call does: then somebody has heard it', async () => {
    const scene = await open([{ kind: 'phone', perMonth: 5 }]);
    scene.feishu.fault({ call: 'urgent.app', kind: 'error', code: 230023 });
    await scene.bot.send(wei, wake, 'm1');
    expect(rung(scene)).toEqual(['phone']);
  });

  it('the tenant’s quota used up: nobody heard it, where the app does not ring either', async () => {
    const scene = await open([{ kind: 'phone', perMonth: 5 }]);
    scene.feishu.world.quota.phone = 0;
    scene.feishu.fault({ call: 'urgent.app', kind: 'error', code: 230052 });
    expect(await failing(scene.bot.send(wei, wake, 'm1'))).toMatchObject({ permanent: true, unreached: true });
  });
});
