import { afterEach, describe, expect, it } from 'vitest';
import type { Fault } from '../emulators/feishu/index.ts';
import { ACME, DUTY, FeishuScene } from '../support/feishu-scene.ts';
import type { FeishuMode } from '../support/feishu-scene.ts';
import { answers, claimed, happened, inTopic, raise, ticketOf, times, untroubled } from '../support/feishu-ticket.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
let scene: FeishuScene;

afterEach(async () => {
  await scene.close();
});

const said = (root: string): string[] => inTopic(scene, root).map((one) => scene.text(one.id));

/** Most messages that stand in one chat within any second. */
const mostInASecond = (chat: string): number => {
  const instants = scene.feishu.messages(chat, { from: 'bot' }).map((one) => one.createdAt);
  return Math.max(...instants.map((from) => instants.filter((at) => at >= from && at < from + SECOND).length));
};

describe('when Feishu fails', () => {
  it('30 messages due at once for one chat leave within five a second, in order, none lost and none twice', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { root, work } = await claimed(scene, '数据库故障,三十句');
    await scene.quiet();
    const words = Array.from({ length: 30 }, (_, n) => `第${String(n + 1).padStart(2, '0')}句`);
    feishu.holdEvents();
    for (const word of words) await answers(scene, 'wei', work, word);
    await feishu.releaseEvents();
    await scene.until(() => times(scene, root, '第30句') === 1);
    await scene.quiet();
    expect(said(root).flatMap((text) => /第\d\d句/.exec(text)?.[0] ?? [])).toEqual(words);
    expect(mostInASecond(ACME)).toBeLessThanOrEqual(5);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('30 tickets at once: each has its one card in the project’s chat and in the duty chat', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const roots: string[] = [];
    feishu.holdEvents();
    for (let n = 1; n <= 30; n += 1) {
      const { id } = await feishu.says('lin', ACME, `数据库全部用户故障，第${n}号`);
      await feishu.reacts('lin', id, 'Loudspeaker');
      roots.push(id);
    }
    await feishu.releaseEvents();
    const numbers = new Set<number>();
    for (const root of roots) numbers.add((await ticketOf(scene, root)).number);
    expect(numbers.size).toBe(30);
    await scene.until(() => feishu.messages(DUTY, { from: 'bot' }).length >= 30);
    await scene.quiet();
    for (const number of numbers)
      expect(
        feishu.messages(DUTY, { from: 'bot' }).filter((one) => scene.text(one.id).includes(`ITR-${number} `)),
      ).toHaveLength(1);
    for (const chat of [ACME, DUTY]) expect(mostInASecond(chat)).toBeLessThanOrEqual(5);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('other bots use up the chat’s limit: refused, waited for, said in order', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { root, work } = await claimed(scene, '数据库故障,别的机器人');
    await scene.quiet();
    feishu.othersSpeak(ACME, 5);
    await answers(scene, 'wei', work, '第一句');
    await answers(scene, 'wei', work, '第二句');
    await scene.until(() => times(scene, root, '第二句') === 1);
    await scene.quiet();
    expect(said(root).flatMap((text) => /第.句/.exec(text)?.[0] ?? [])).toEqual(['第一句', '第二句']);
    expect(feishu.calls('message.reply').some((call) => call.code === 230020)).toBe(true);
    // It is the others who were too fast; what was refused was not tried again within the second.
    const refused = feishu.calls('message.reply').filter((call) => call.code === 230020);
    expect(refused.length).toBeLessThanOrEqual(2);
    expect(feishu.warnings()).toEqual([]);
  });

  it('429 with a time: nothing of this kind before it is over', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { root, work } = await claimed(scene, '数据库故障,限流');
    await scene.quiet();
    feishu.fault({ call: 'message.reply', kind: '429', resetSeconds: 1 });
    await answers(scene, 'wei', work, '第一句');
    await answers(scene, 'wei', work, '第二句');
    await scene.until(() => times(scene, root, '第二句') === 1);
    await scene.quiet();
    const calls = feishu.calls('message.reply');
    // Nothing was tried in between, although the bot's own clock has run on by minutes.
    expect(calls.slice(calls.findIndex((call) => call.status === 429)).map((call) => call.status)).toEqual([
      429, 200, 200,
    ]);
    expect([times(scene, root, '第一句'), times(scene, root, '第二句')]).toEqual([1, 1]);
    expect(await untroubled(scene)).toEqual([]);
  });

  const faults: readonly (readonly [
    string,
    Omit<Extract<Fault, { kind: '5xx' | 'reset' | 'reset-after-success' | 'garbage' }>, 'call'>,
  ])[] = [
    ['500', { kind: '5xx' }],
    ['a connection that breaks before Feishu has done it', { kind: 'reset' }],
    ['a connection that breaks after Feishu has done it', { kind: 'reset-after-success' }],
    ['a page of HTML', { kind: 'garbage' }],
  ];
  it.each(faults)('%s: said once, neither lost nor doubled', async (name, fault) => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { id: root } = await feishu.says('lin', ACME, `数据库全部用户故障 ${name}`);
    for (const call of ['message.reply', 'message.create', 'message.patch']) feishu.fault({ call, times: 2, ...fault });
    await feishu.reacts('lin', root, 'Loudspeaker');
    const { id } = await ticketOf(scene, root);
    const work = await scene.hears(DUTY, [`${id} `]);
    await feishu.reacts('wei', work.id, 'OnIt');
    await scene.until(() => scene.text(work.id).includes('魏伟'));
    await scene.quiet();
    expect(times(scene, root, `${id} `)).toBe(1);
    expect(feishu.messages(DUTY, { from: 'bot' }).filter((one) => scene.text(one.id).includes(`${id} `))).toHaveLength(
      1,
    );
    expect(await untroubled(scene)).toEqual([]);
  });

  it('what is refused for good is shown, and `itr outbox retry` says it once the cause is mended', async () => {
    scene = await FeishuScene.open();
    const { feishu, app } = scene;
    const { root, work } = await claimed(scene, '数据库故障,禁言');
    await scene.quiet();
    feishu.world.chat(ACME).muted = true;
    await answers(scene, 'wei', work, '被拦下的话');
    const letter = await scene.until(async () => (await app.storage.queues.outbox.deadLetters(10))[0]);
    expect(letter.error).toContain('230035');
    feishu.world.chat(ACME).muted = false;
    // As the verb does that is told to people beside a running program.
    const { body } = await app.api('/api/v1/outbox/retry', { method: 'POST', body: { all: true } });
    expect(body).toMatchObject({ retried: 1 });
    await scene.until(() => times(scene, root, '被拦下的话') === 1);
    expect(await untroubled(scene)).toEqual([]);
  });
});

describe.each<{ readonly mode: FeishuMode }>([{ mode: 'ws' }, { mode: 'webhook' }])('events ($mode)', ({ mode }) => {
  it('Feishu away for a minute, then busy: what was said before, meanwhile and after arrives once', async () => {
    scene = await FeishuScene.open({ mode });
    const { feishu, clock } = scene;
    const { root, work } = await claimed(scene, '数据库故障,平台中断');
    await scene.quiet();
    feishu.away(true);
    await answers(scene, 'wei', work, '中断时说的');
    const comment = { type: 'comment', text: '控制台里说的', as: 'wei' };
    const { status } = await scene.app.api('/api/v1/tickets/ITR-1/commands', { method: 'POST', body: comment });
    expect(status).toBe(200);
    clock.advance(MINUTE);
    feishu.away(false);
    feishu.fault({ call: 'message.reply', kind: '429', resetSeconds: 1, times: 3 });
    if (mode === 'ws') await feishu.waitFor(() => feishu.connections > 0, { timeoutMs: 15_000 });
    await answers(scene, 'wei', work, '恢复后说的');
    // The webhook has no second look: what Feishu could not deliver comes with its next attempt.
    clock.advance(5 * MINUTE);
    const words = ['中断时说的', '控制台里说的', '恢复后说的'];
    await scene.until(() => words.every((word) => times(scene, root, word) > 0));
    await scene.quiet();
    expect(words.map((word) => times(scene, root, word))).toEqual([1, 1, 1]);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('doubled, reordered and unacknowledged events do nothing twice', async () => {
    scene = await FeishuScene.open({ mode });
    const { feishu, clock } = scene;
    const { number, root, work } = await claimed(scene, '数据库故障,重复投递');
    feishu.holdEvents();
    await answers(scene, 'lin', root, '只算一次');
    await answers(scene, 'lin', root, '后来说的');
    await feishu.reacts('lin', root, 'Pin');
    feishu.loseAcks(2);
    await feishu.releaseEvents('reversed');
    await scene.until(() => times(scene, work, '只算一次') > 0 && times(scene, work, '后来说的') > 0);
    clock.advance(16 * SECOND);
    await feishu.settled();
    for (const delivery of feishu.deliveries()) await feishu.redeliver(delivery);
    await scene.quiet();
    const types = await happened(scene, number);
    for (const type of ['captured', 'registered', 'claimed', 'evidence'])
      expect([type, types.filter((one) => one === type).length]).toEqual([type, 1]);
    expect([times(scene, work, '只算一次'), times(scene, work, '后来说的')]).toEqual([1, 1]);
    expect(feishu.deliveries().some((delivery) => delivery.attempts.length > 1)).toBe(true);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('an event that comes six hours late is taken as what it is', async () => {
    scene = await FeishuScene.open({ mode });
    const { feishu, clock } = scene;
    const { root, work } = await claimed(scene, '数据库故障,迟到', { answer: '个别用户受影响' });
    feishu.holdEvents();
    const late = await answers(scene, 'lin', root, '六小时前说的');
    clock.advance(6 * HOUR);
    await scene.quiet();
    await feishu.releaseEvents();
    await scene.until(() => times(scene, work, '六小时前说的') === 1);
    await scene.quiet();
    expect(late.deliveries[0]?.acked).toBe(true);
    expect(times(scene, work, '六小时前说的')).toBe(1);
    expect(await untroubled(scene)).toEqual([]);
  });
});

describe('the way to us', () => {
  it('a webhook that answers nothing is tried after 15 s, 5 min, 1 h and 6 h; the last of them is enough', async () => {
    scene = await FeishuScene.open({ mode: 'webhook' });
    const { feishu, clock, app } = scene;
    const { root, work } = await claimed(scene, '数据库故障,回调不通', { answer: '个别用户受影响' });
    await scene.quiet();
    feishu.setRequestUrl('http://127.0.0.1:9/feishu/events');
    const { deliveries } = await answers(scene, 'lin', root, '第五次才到');
    for (const wait of [15 * SECOND, 5 * MINUTE, HOUR]) {
      clock.advance(wait);
      feishu.tick();
      await feishu.settled();
    }
    feishu.setRequestUrl({ events: `${app.url}/feishu/events`, callbacks: `${app.url}/feishu/cards` });
    clock.advance(6 * HOUR);
    await scene.until(() => times(scene, work, '第五次才到') === 1);
    const attempts = deliveries[0]?.attempts ?? [];
    expect(attempts.map((attempt) => attempt.acked)).toEqual([false, false, false, false, true]);
    await scene.quiet();
    expect(times(scene, work, '第五次才到')).toBe(1);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('connections that break or are closed while people talk lose nothing and double nothing', async () => {
    scene = await FeishuScene.open({ mode: 'ws' });
    const { feishu, clock } = scene;
    const { root, work } = await raise(scene, '数据库故障,断线');
    const words = Array.from({ length: 12 }, (_, n) => `断线第${String(n).padStart(2, '0')}句`);
    for (const [n, word] of words.entries()) {
      if (n % 4 === 1) feishu.dropConnections();
      if (n % 4 === 3) feishu.kickConnections();
      await answers(scene, 'lin', root, word);
    }
    await feishu.waitFor(() => feishu.connections > 0, { timeoutMs: 15_000 });
    clock.advance(16 * SECOND);
    await scene.until(() => words.every((word) => times(scene, work, word) > 0));
    await feishu.settled();
    clock.advance(6 * MINUTE);
    await scene.quiet();
    expect(words.map((word) => times(scene, work, word))).toEqual(words.map(() => 1));
    expect(await untroubled(scene)).toEqual([]);
  });

  it('what people tap while the connection is broken is found: a claim, and a message that becomes a ticket', async () => {
    scene = await FeishuScene.open({ mode: 'ws' });
    const { feishu } = scene;
    const { number, work } = await raise(scene, '数据库故障,断线时认领');
    await scene.quiet();
    feishu.app.subscriptions.delete('im.message.reaction.created_v1');
    const slow = await feishu.says('lin', ACME, '数据库又慢了,断线时建单');
    await feishu.reacts('wei', work, 'OnIt');
    await feishu.reacts('lin', slow.id, 'Loudspeaker');
    feishu.app.subscriptions.add('im.message.reaction.created_v1');
    feishu.dropConnections();
    expect((await scene.untilStatus('in_progress', number))['assignee']).toBe('wei');
    await ticketOf(scene, slow.id);
    await scene.quiet();
    expect((await happened(scene, number)).filter((type) => type === 'claimed')).toHaveLength(1);
    expect(await untroubled(scene)).toEqual([]);
  });
});
