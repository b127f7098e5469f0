import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, happened, inThread, ticketOf, times } from '../support/slack-ticket.ts';

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

/** Said by Wei in the work thread; carried to the project's. */
const say = (work: string, text: string) => scene.slack.post('U0WEI', 'C0DUTY', text, { thread_ts: work });

describe('when Slack fails', () => {
  it('429: nothing more to that channel before Retry-After is over, while other channels go on', async () => {
    const { slack } = scene;
    const { ts, work } = await claimed(scene, '数据库故障,限流');
    await scene.quiet();
    slack.fault({ method: 'chat.postMessage', channel: 'C0ACME', kind: '429', retryAfter: 30 });
    await say(work, '第一句');
    const refused = await scene.until(() => slack.calls('chat.postMessage').find((call) => call.status === 429));
    await say(work, '第二句');
    await slack.post('U0LIN', 'C0ACME', '客户的话', { thread_ts: ts });
    await scene.hears('C0DUTY', ['客户的话'], work);
    expect(scene.clock.now() - refused.at).toBeLessThan(30_000);
    scene.clock.advance(30_000 - (scene.clock.now() - refused.at) - 100);
    expect(times(scene, 'C0ACME', ts, '第一句')).toBe(0);
    await scene.hears('C0ACME', ['第一句'], ts);
    await scene.hears('C0ACME', ['第二句'], ts);
    const later = slack
      .calls('chat.postMessage')
      .filter((call) => call.n > refused.n && call.args['channel'] === 'C0ACME');
    for (const call of later) expect(call.at - refused.at).toBeGreaterThanOrEqual(30_000);
    const texts = later.map((call) => String(call.args['text']));
    expect(texts.findIndex((text) => text.includes('第一句'))).toBeLessThan(
      texts.findIndex((text) => text.includes('第二句')),
    );
  });

  for (const [name, fault] of [
    ['an error of the server', { kind: '500', status: 503 }],
    ['a connection that breaks before', { kind: 'drop' }],
    ['a connection that breaks after Slack has done it', { kind: 'drop-after-success' }],
    ['a page of HTML', { kind: 'garbage' }],
    ['“fatal_error”', { kind: 'error', error: 'fatal_error' }],
  ] as const) {
    it(`${name}: said once, neither lost nor doubled`, async () => {
      const { slack } = scene;
      const { ts } = await slack.post('U0LIN', 'C0ACME', `数据库全部用户故障 ${name}`);
      slack.fault({ method: 'chat.postMessage', channel: 'C0ACME', times: 2, ...fault });
      await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
      const { id } = await ticketOf(scene, 'C0ACME', ts);
      await scene.hears('C0DUTY', [`${id} `]);
      await scene.quiet();
      expect(inThread(scene, 'C0ACME', ts).filter((one) => visibleText(one).includes(id))).toHaveLength(1);
      const cards = slack
        .messages('C0DUTY', { from: 'bot' })
        .filter((one) => visibleText(one).includes(`${id} `) && (one.thread_ts ?? one.ts) === one.ts);
      expect(cards).toHaveLength(1);
    });
  }

  it('an answer that comes too late (time-out after success): found again by its marker', async () => {
    const { slack } = scene;
    const { ts, work } = await claimed(scene, '数据库故障,超时');
    await scene.quiet();
    slack.fault({ method: 'chat.postMessage', channel: 'C0ACME', kind: 'drop-after-success' });
    await say(work, '只能说一次');
    await scene.hears('C0ACME', ['只能说一次'], ts);
    await scene.until(() =>
      slack.calls('conversations.replies').some((call) => call.ok && call.args['include_all_metadata'] !== undefined),
    );
    await scene.quiet();
    expect(inThread(scene, 'C0ACME', ts).filter((one) => visibleText(one).includes('*魏伟*: 只能说一次'))).toHaveLength(
      1,
    );
  });

  it('acknowledgements that Slack does not see: it repeats, and nothing happens twice', async () => {
    const { slack } = scene;
    slack.setRetryDelays([30, 60, 90]);
    slack.setDelivery({ loseAck: 0.6, duplicate: 0.5, shuffle: true, shuffleMs: 20 });
    const { number, ts, work } = await claimed(scene, '数据库故障,重复投递');
    await slack.post('U0LIN', 'C0ACME', '只算一次', { thread_ts: ts });
    await scene.hears('C0DUTY', ['只算一次'], work);
    await scene.quiet();
    slack.setDelivery({});
    const types = await happened(scene, number);
    for (const type of ['captured', 'registered', 'claimed'])
      expect(types.filter((one) => one === type)).toHaveLength(1);
    expect(times(scene, 'C0DUTY', work, '只算一次')).toBe(1);
    expect(slack.deliveries().some((delivery) => delivery.attempts.length > 1)).toBe(true);
  });

  it('“app_rate_limited” is acknowledged and logged, and the work goes on', async () => {
    const { slack, app } = scene;
    const { acked } = await slack.rateLimitedEvent();
    expect(acked).toBe(true);
    await scene.until(() => app.logged.join('').includes('rate_limited'));
    const { id } = await claimed(scene, '数据库故障,之后照常');
    expect(id).toMatch(/ITR-\d+/);
  });

  it('a history that may not be read: the ticket is made from what is known', async () => {
    const { slack } = scene;
    slack.addChannel({ id: 'C0DARK', name: 'proj-dark', members: ['U0LIN', 'U0ADMIN'], botIsMember: false });
    const { ts } = await slack.post('U0LIN', 'C0DARK', '数据库老问题');
    await slack.joinBot('C0DARK');
    await slack.slash('U0ADMIN', 'C0DARK', '/itr', 'bind project acme-core');
    await scene.hears('C0DARK', ['已绑定']);
    slack.fault({ method: 'conversations.replies', kind: 'error', error: 'missing_scope', times: 10 });
    await slack.react('U0LIN', 'C0DARK', ts, 'ticket');
    await ticketOf(scene, 'C0DARK', ts);
  });
});
