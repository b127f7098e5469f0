import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, inThread, raise } from '../support/slack-ticket.ts';

let scene: SlackScene;

beforeAll(async () => {
  scene = await SlackScene.open();
});

beforeEach(() => {
  scene.slack.clearFaults();
});

afterAll(async () => {
  await scene.close();
});

const edits = (ts: string): number[] =>
  scene.slack
    .calls('chat.update')
    .filter((call) => call.args['ts'] === ts && call.ok)
    .map((call) => call.at);

const cardsIn = (channel: string, thread: string, id: string): number =>
  inThread(scene, channel, thread).filter((one) => new RegExp(`${id} · .* · S\\d`).test(visibleText(one))).length;

describe('cards', () => {
  it('one a thread, edited in place, at most once in three seconds whatever happens meanwhile', async () => {
    const { slack } = scene;
    const { ts, work, card, id, number } = await claimed(scene, '数据库故障,连续变化');
    for (const severity of ['S2', 'S1', 'S2', 'S3', 'S1', 'S4']) {
      await slack.slash('U0MEI', 'C0DUTY', '/itr', `severity ${number} ${severity}`);
      scene.clock.advance(200);
    }
    await scene.until(() => scene.text('C0ACME', card).includes('S4'));
    await scene.until(() => scene.text('C0DUTY', work).includes('S4'));
    for (const words of ['等客户', '继续', '等客户', '继续']) {
      await slack.mention('U0WEI', 'C0DUTY', words, { thread_ts: work });
      scene.clock.advance(700);
    }
    await scene.quiet();
    for (const one of [card, work]) {
      const at = edits(one);
      expect(at.length).toBeGreaterThan(1);
      expect(at.length).toBeLessThan(10);
      for (const [index, when] of at.entries()) {
        if (index > 0) expect(when - (at[index - 1] ?? 0)).toBeGreaterThanOrEqual(3_000);
      }
    }
    expect([cardsIn('C0ACME', ts, id), cardsIn('C0DUTY', work, id)]).toEqual([1, 1]);
  });

  it('every message says in its notification what it is, and lets no link unfurl', async () => {
    const { slack } = scene;
    await claimed(scene, '数据库故障,通知文字');
    await scene.quiet();
    for (const call of [...slack.calls('chat.postMessage'), ...slack.calls('chat.update')]) {
      expect(String(call.args['text']).trim()).not.toBe('');
    }
    for (const call of slack.calls('chat.postMessage')) expect(String(call.args['unfurl_links'])).toBe('false');
    expect(slack.warnings()).toEqual([]);
  });

  it('one that somebody deleted is posted anew, once', async () => {
    const { slack } = scene;
    const { ts, card, id, number, work } = await raise(scene, '数据库故障,卡片被删');
    slack.world.remove('C0ACME', card);
    await slack.react('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.untilStatus('in_progress', number);
    const fresh = await scene.hears('C0ACME', [id, '处理中'], ts);
    expect(fresh.ts).not.toBe(card);
    await scene.quiet();
    expect(cardsIn('C0ACME', ts, id)).toBe(1);
  });

  it('an old card’s button, pressed after the ticket has moved on, says what is possible now', async () => {
    const { slack } = scene;
    const { id, work } = await raise(scene, '数据库故障,旧按钮');
    slack.fault({ method: 'chat.update', kind: '429', retryAfter: 5, channel: 'C0DUTY' });
    await slack.react('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.untilStatus('in_progress', Number(id.slice(4)));
    const before = slack.ephemerals('U0LI').length;
    await slack.click('U0LI', 'C0DUTY', work, 'claim');
    const told = await scene.until(() => slack.ephemerals('U0LI')[before]);
    expect(visibleText(told)).toContain(`魏伟刚刚认领了 ${id}`);
    await scene.until(() => scene.text('C0DUTY', work).includes('处理中'));
  });

  it('ten tickets at once keep the pace that Slack allows, and all are answered', async () => {
    const { slack } = scene;
    slack.enforceRates(true);
    const roots = await Promise.all(
      Array.from({ length: 10 }, (_, n) => slack.post('U0LIN', 'C0ACME', `数据库全部用户故障第${n}号`)),
    );
    await Promise.all(roots.map(({ ts }) => slack.react('U0LIN', 'C0ACME', ts, 'ticket')));
    for (const { ts } of roots) await scene.hears('C0ACME', ['ITR-'], ts);
    await scene.quiet();
    slack.enforceRates(false);
    const refused = slack.calls('chat.postMessage').filter((call) => call.status === 429);
    expect(refused).toEqual([]);
    const posts = slack.calls('chat.postMessage').filter((call) => call.args['channel'] === 'C0ACME');
    for (const [index, post] of posts.entries())
      if (index > 0) expect(post.at - (posts[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  });
});
