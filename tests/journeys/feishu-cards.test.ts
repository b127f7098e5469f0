import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, DUTY, FeishuScene } from '../support/feishu-scene.ts';
import { lastToast } from '../support/feishu-steps.ts';
import { answers, claimed, inTopic, raise, untroubled } from '../support/feishu-ticket.ts';

const DAY = 24 * 3_600_000;
let scene: FeishuScene;

beforeAll(async () => {
  scene = await FeishuScene.open();
});

afterEach(async () => {
  scene.feishu.clearFaults();
  expect(await untroubled(scene)).toEqual([]);
});

afterAll(async () => {
  await scene.close();
  await stopPostgres();
});

const patches = (message: string): number[] =>
  scene.feishu
    .calls('message.patch')
    .filter((call) => call.path.endsWith(message) && call.code === 0)
    .map((call) => call.at);

const cardsIn = (root: string, id: string): number =>
  inTopic(scene, root).filter((one) => one.type === 'interactive' && scene.text(one.id).startsWith(`${id} · `)).length;

describe('cards on Feishu', () => {
  it('one a topic, patched in place, at most once in three seconds whatever happens meanwhile', async () => {
    const { feishu } = scene;
    const { root, work, card, id } = await claimed(scene, '数据库故障,连续变化');
    await scene.quiet();
    scene.clock.advance(10_000);
    await scene.quiet();
    const before = patches(work).length;
    for (const severity of ['S2', 'S1', 'S2', 'S4']) {
      await answers(scene, 'wei', work, `@bot 级别 ${severity}`);
      scene.clock.advance(200);
    }
    await scene.until(() => scene.text(card).includes('S4') && scene.text(work).includes('S4'));
    expect(patches(work).length - before).toBeLessThanOrEqual(2);
    for (const words of ['等客户', '继续', '等客户', '继续']) {
      await answers(scene, 'wei', work, `@bot ${words}`);
      scene.clock.advance(700);
    }
    await scene.quiet();
    for (const one of [card, work])
      for (const [index, when] of patches(one).entries())
        if (index > 0) expect(when - (patches(one)[index - 1] ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(cardsIn(root, id)).toBe(1);
    expect(feishu.message(card).edits).toBe(patches(card).length);
  });

  it('every one may be updated, has words for the notification, and is drawn in Feishu’s second format', async () => {
    await claimed(scene, '数据库故障,通知文字');
    await scene.quiet();
    const cards = [ACME, DUTY]
      .flatMap((chat) => scene.feishu.messages(chat, { from: 'bot' }))
      .filter((one) => one.type === 'interactive');
    expect(cards.length).toBeGreaterThan(2);
    for (const { id } of cards) {
      const card = scene.feishu.card(id);
      expect(card).toMatchObject({ schema: '2.0', config: { update_multi: true } });
      expect(JSON.stringify(card['config'])).not.toContain('"content":""');
    }
  });

  it('one that somebody recalled is posted anew, once', async () => {
    const { feishu } = scene;
    const { root, card, id, number, work } = await raise(scene, '数据库故障,卡片被撤');
    feishu.world.message(card).recalled = true;
    await feishu.reacts('wei', work, 'OnIt');
    await scene.untilStatus('in_progress', number);
    const fresh = await scene.until(() => inTopic(scene, root).find((one) => scene.text(one.id).includes('处理中')));
    expect(fresh.id).not.toBe(card);
    await scene.quiet();
    expect(cardsIn(root, id)).toBe(1);
  });

  it('one older than fourteen days, which Feishu lets nobody change, is posted anew', async () => {
    const { feishu } = scene;
    const { root, card, id, number } = await claimed(scene, '数据库故障,很久以后');
    await scene.quiet();
    scene.clock.advance(15 * DAY);
    await scene.quiet();
    await feishu.says('mei', DUTY, `@bot 级别 ${number} S1`);
    await scene.until(async () => (await scene.ticket(number))['severity'] === 'S1');
    const fresh = await scene.until(() =>
      inTopic(scene, root).find(
        (one) => one.id !== card && scene.text(one.id).startsWith(`${id} · `) && scene.text(one.id).includes('S1'),
      ),
    );
    expect(feishu.message(fresh.id).createdAt).toBeGreaterThan(feishu.message(card).createdAt + 14 * DAY);
    await scene.quiet();
    expect(cardsIn(root, id)).toBe(2);
    expect(
      feishu.calls('message.patch').filter((call) => call.path.endsWith(card) && call.code === 230031),
    ).toHaveLength(1);
  });

  it('an old card’s button, pressed after the ticket has moved on, says over the card what is possible now', async () => {
    const { feishu } = scene;
    const { id, work, number } = await raise(scene, '数据库故障,旧按钮');
    await scene.quiet();
    feishu.fault({ call: 'message.patch', kind: '429', resetSeconds: 5 });
    await feishu.reacts('wei', work, 'OnIt');
    await scene.untilStatus('in_progress', number);
    await feishu.presses('li', work, '认领');
    expect(lastToast(scene, 'li')).toContain(`魏伟刚刚认领了 ${id}`);
    await scene.until(() => scene.text(work).includes('处理中'));
  });

  it('ten tickets at once keep the pace that Feishu allows, and all are answered', async () => {
    const { feishu } = scene;
    const roots = [];
    for (let n = 0; n < 10; n++) roots.push(await feishu.says('lin', ACME, `数据库全部用户故障第${n}号`));
    await Promise.all(roots.map(({ id }) => feishu.reacts('lin', id, 'Loudspeaker')));
    for (const { id } of roots)
      await scene.until(() => inTopic(scene, id).some((one) => scene.text(one.id).includes('ITR-')));
    await scene.quiet();
    expect(feishu.calls('message.reply').filter((call) => call.code !== 0)).toEqual([]);
  });
});
