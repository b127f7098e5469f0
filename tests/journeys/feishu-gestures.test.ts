import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, DUTY, DUTY2, FEISHU_EXAMPLE, FeishuScene } from '../support/feishu-scene.ts';
import { toldAfter, whispers } from '../support/feishu-steps.ts';
import { answers, claimed, events, happened, raise, ticketOf, times, untroubled } from '../support/feishu-ticket.ts';

let scene: FeishuScene;

afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
  await scene.close();
});
afterAll(stopPostgres);

describe('gestures on Feishu', () => {
  it('OneSecond waits for the customer, Typing goes on; who does not own it is told so privately', async () => {
    scene = await FeishuScene.open({ mode: 'ws' });
    const { feishu } = scene;
    const { number, work, id } = await claimed(scene, '数据库故障,暂停');
    expect(await toldAfter(scene, 'li', () => feishu.reacts('li', work, 'OneSecond'))).toContain(id);
    await feishu.reacts('wei', work, 'OneSecond');
    await scene.untilStatus('pending', number);
    await scene.until(() => scene.text(work).includes('等客户'));
    await feishu.reacts('wei', work, 'Typing');
    await scene.untilStatus('in_progress', number);
  });

  it('Fire gives it to the next line, Alarm raises the severity and calls the lead', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { number, work, id } = await claimed(scene, '数据库故障,升级');
    await feishu.reacts('li', work, 'Alarm');
    const told = await scene.hears(DUTY, [id, 'S3 调为 S2']);
    expect(told.mentions.map(({ name }) => name)).toContain('梅');
    await feishu.reacts('wei', work, 'Fire');
    await scene.hears(DUTY2, [`${id} `]);
    await scene.hears(DUTY2, ['接手']);
    expect((await scene.ticket(number))['team']).toBe('db-l2');
    await scene.until(() => scene.text(work).includes('已转到 **数据库二线**'));
  });

  it('DONE by the owner resolves from his report, by the requester confirms; CrossMark reopens', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { number, work, id, root } = await claimed(scene, '数据库故障,打勾');
    await answers(scene, 'wei', work, '已解决,配置改错了,改回参数后恢复正常');
    await scene.hears(ACME, ['改回参数']);
    await feishu.reacts('wei', work, 'DONE');
    await scene.untilStatus('resolved', number);
    const ask = await scene.until(() =>
      feishu.thread(root).find((one) => scene.text(one.id).includes(`${id} 已由 魏伟 解决`)),
    );
    await feishu.reacts('lin', ask.id, 'CrossMark');
    await scene.untilStatus('in_progress', number);
    await scene.until(() => times(scene, work, '重新打开') > 0);
    await feishu.reacts('wei', work, 'CheckMark');
    await scene.untilStatus('resolved', number);
    const again = await scene.until(() => feishu.thread(root).findLast((one) => one.content.includes('"confirm"')));
    await feishu.reacts('lin', again.id, 'DONE');
    await scene.untilStatus('closed', number);
  });

  it('Pin keeps a message as evidence; what people react to each other means nothing and asks Feishu nothing', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { number, root, work } = await claimed(scene, '数据库故障,随手表情');
    const shown = await answers(scene, 'lin', root, '慢日志如下 10:12');
    await scene.hears(DUTY, ['慢日志']);
    expect(await toldAfter(scene, 'lin', () => feishu.reacts('lin', shown.id, 'Pin'))).toContain('证据');
    await scene.quiet();
    const [before, calls] = [await happened(scene, number), feishu.calls().length];
    const heard = whispers(scene, 'zhou').length + whispers(scene, 'wei').length;
    for (const emoji of ['THUMBSUP', 'OK', 'SMILE']) await feishu.reacts('zhou', work, emoji);
    await scene.quiet();
    expect(feishu.calls().slice(calls)).toEqual([]);
    for (const emoji of ['OnIt', 'DONE', 'Fire', 'CrossMark']) await feishu.reacts('zhou', shown.id, emoji);
    await feishu.reacts('wei', shown.id, 'DONE');
    await scene.quiet();
    expect(await happened(scene, number)).toEqual(before);
    expect(feishu.calls('message.get')).toEqual([]);
    expect(whispers(scene, 'zhou').length + whispers(scene, 'wei').length).toBe(heard);
  });

  it('a reaction without a meaning on an unknown message is not asked for; one with a meaning is, once', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const root = await feishu.says('lin', ACME, '数据库连不上');
    await scene.quiet();
    await scene.app.stop();
    await scene.startApp();
    await feishu.reacts('zhou', root.id, 'THUMBSUP');
    await scene.quiet();
    expect(feishu.calls('message.get')).toEqual([]);
    await feishu.reacts('zhou', root.id, 'Loudspeaker');
    await ticketOf(scene, root.id);
    expect(feishu.calls('message.get').length).toBeGreaterThan(0);
  });

  it('a reaction to a card from before a restart still finds its ticket, without asking', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'itr-feishu-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    scene = await FeishuScene.open({ folder });
    const { feishu } = scene;
    const { number, work } = await raise(scene, '数据库故障,重启以前');
    await scene.quiet();
    await scene.app.stop();
    await scene.startApp(folder);
    await feishu.reacts('wei', work, 'OnIt');
    expect((await scene.untilStatus('in_progress', number))['assignee']).toBe('wei');
    expect(feishu.calls('message.get')).toEqual([]);
  });

  it('are configured otherwise: SALUTE claims, OnIt does not any more, and the card says so', async () => {
    const config = FEISHU_EXAMPLE.replace(
      '  capture: [ticket, 🎫]',
      '  feishu: { claim: [SALUTE] }\n  capture: [ticket, 🎫]',
    );
    scene = await FeishuScene.open({ config });
    const { feishu } = scene;
    const { number, work } = await raise(scene, '数据库故障,敬礼');
    expect(scene.text(work)).toContain('或者用 :SALUTE: 认领');
    await feishu.reacts('li', work, 'OnIt');
    await scene.quiet();
    expect((await scene.ticket(number))['status']).toBe('queued');
    await feishu.reacts('wei', work, 'SALUTE');
    expect((await scene.untilStatus('in_progress', number))['assignee']).toBe('wei');
  });

  it('a bot’s own reactions and messages, and other bots’, are nobody’s', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { number, work, root } = await raise(scene, '数据库故障,机器人');
    feishu.addApp({ id: 'cli_00000000000000bb', name: 'ci' });
    feishu.world.chat(ACME).bots.add('cli_00000000000000bb');
    await scene.quiet();
    const before = await events(scene, number);
    for (const [id, app] of [
      ['own', feishu.app.id],
      ['other', 'cli_00000000000000bb'],
    ] as const)
      await feishu.deliver({
        schema: '2.0',
        header: {
          event_id: `reaction-${id}`,
          event_type: 'im.message.reaction.created_v1',
          create_time: String(scene.clock.now()),
          token: feishu.app.verificationToken,
          app_id: feishu.app.id,
          tenant_key: feishu.app.tenantKey,
        },
        event: {
          message_id: work,
          reaction_type: { emoji_type: 'OnIt' },
          operator_type: 'app',
          app_id: app,
          action_time: String(scene.clock.now()),
        },
      });
    await feishu.botSays('cli_00000000000000bb', ACME, 'build 77 failed', { replyTo: root, inThread: true });
    await feishu.botSays('cli_00000000000000bb', ACME, '@bot 建单 数据库又慢了');
    await scene.quiet();
    expect(await events(scene, number)).toEqual(before);
    expect(((await scene.app.api('/api/v1/tickets')).body['items'] as unknown[]).length).toBe(1);
  });
});
