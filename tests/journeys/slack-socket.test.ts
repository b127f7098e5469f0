import { afterEach, describe, expect, it } from 'vitest';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, ticketOf, times } from '../support/slack-ticket.ts';

let scene: SlackScene;

afterEach(async () => {
  await scene.close();
});

const readiness = async (): Promise<string> => {
  const answer = await fetch(`${scene.app.url}/readyz`);
  return `${answer.status} ${await answer.text()}`;
};

describe('Socket Mode', () => {
  it('renews its connections, announced or broken, without losing an event', async () => {
    scene = await SlackScene.open({ mode: 'socket' });
    const { slack } = scene;
    slack.setRetryDelays([100, 300, 900]);
    const { ts, work } = await claimed(scene, '数据库故障,换连接');
    const trouble = [
      () => slack.disconnectSocket('warning'),
      () => slack.disconnectSocket('refresh_requested'),
      () => Promise.resolve(slack.killSocket('oldest')),
      () => slack.disconnectSocket('refresh_requested', 'all'),
    ];
    for (const [round, happens] of trouble.entries()) {
      const [, sent] = await Promise.all([
        happens(),
        slack.post('U0LIN', 'C0ACME', `第${round}句话`, { thread_ts: ts }),
      ]);
      expect(sent.ts).toBeDefined();
      await scene.hears('C0DUTY', [`第${round}句话`], work);
      await slack.waitFor(() => slack.sockets >= 2, { timeoutMs: 10_000 });
    }
    await scene.quiet();
    for (const round of trouble.keys()) expect(times(scene, 'C0DUTY', work, `第${round}句话`)).toBe(1);
    expect(slack.undelivered()).toEqual([]);
  });

  it('all connections broken at once: what Slack repeats is taken, once', async () => {
    scene = await SlackScene.open({ mode: 'socket' });
    const { slack } = scene;
    const { ts, work } = await claimed(scene, '数据库故障,全断');
    slack.killSocket('all');
    await slack.post('U0LIN', 'C0ACME', '断线时说的', { thread_ts: ts });
    await scene.hears('C0DUTY', ['断线时说的'], work);
    await slack.settled();
    await scene.quiet();
    expect(times(scene, 'C0DUTY', work, '断线时说的')).toBe(1);
  });

  it('app_rate_limited is no crash here either; Socket Mode switched off is said in the readiness', async () => {
    scene = await SlackScene.open({ mode: 'socket' });
    const { slack, app } = scene;
    expect((await slack.rateLimitedEvent()).acked).toBe(true);
    await scene.until(() => app.logged.join('').includes('rate_limited'));
    const { ts } = await slack.post('U0LIN', 'C0ACME', '数据库全部用户故障');
    await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
    await ticketOf(scene, 'C0ACME', ts);
    expect(await readiness()).toContain('2 of 2 connections');
    await slack.disconnectSocket('link_disabled');
    await scene.until(async () => (await readiness()).includes('switched off'));
    expect(await readiness()).toMatch(/^503/);
  });
});
