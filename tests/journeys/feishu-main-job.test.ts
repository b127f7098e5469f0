import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, BOSS, DUTY, DUTY2, FeishuScene } from '../support/feishu-scene.ts';
import type { FeishuMode } from '../support/feishu-scene.ts';

const HOUR = 3_600_000;
let scene: FeishuScene;

afterEach(async () => {
  await scene.close();
});
afterAll(stopPostgres);

describe.each<{ readonly mode: FeishuMode }>([{ mode: 'ws' }, { mode: 'webhook' }])(
  'the main job on Feishu ($mode)',
  ({ mode }) => {
    it('a thread becomes a ticket, is claimed by reaction, reminded, escalated, resolved and confirmed', async () => {
      scene = await FeishuScene.open({ mode });
      const { feishu } = scene;

      // 1–2: Lin writes, Zhou reacts.
      const root = await feishu.says('lin', ACME, '生产环境数据库时断时续,下单很慢');
      await feishu.says('lin', ACME, '版本好像是3.2.1', { replyTo: root.id, inThread: true });
      await feishu.reacts('zhou', root.id, 'Loudspeaker');

      // 3: the card, and one question.
      const card = await scene.hears(ACME, ['ITR-1', '生产环境数据库时断时续']);
      expect(scene.text(card.id)).toContain('3.2.1');
      await scene.until(() => feishu.messages(ACME, { from: 'bot' }).length === 2);
      await feishu.says('lin', ACME, '刚刚开始全部线上下单都失败了', { replyTo: root.id, inThread: true });

      // 4–5: registered, dispatched; the work card in the duty chat mentions Wei, who claims by reaction.
      await scene.untilStatus('queued');
      const work = await scene.hears(DUTY, ['ITR-1', 'S1']);
      expect(JSON.stringify(feishu.card(work.id))).toContain('<at id=ou_wei></at>');
      await feishu.reacts('wei', work.id, 'OnIt');
      const claimed = await scene.untilStatus('in_progress');
      expect(claimed['assignee']).toBe('wei');
      await scene.until(() => scene.text(card.id).includes('魏伟'));
      await scene.until(() => scene.text(work.id).includes('魏伟'));

      // The second claimer is told privately who was first.
      await feishu.reacts('li', work.id, 'Get');
      await scene.tells('li', ['魏伟']);

      // 6: the threads are kept in step; internal notes stay inside.
      await feishu.says('wei', DUTY, '能发一下 10:00 的 AWR 报告吗?', { replyTo: work.id, inThread: true });
      await scene.hears(ACME, ['AWR']);
      await feishu.says('wei', DUTY, '// suspect the switch', { replyTo: work.id, inThread: true });
      await feishu.says('wei', DUTY, '@bot 等客户', { replyTo: work.id, inThread: true });
      await scene.untilStatus('pending');
      await feishu.says('lin', ACME, '报告在附件里', { replyTo: root.id, inThread: true });
      await scene.untilStatus('in_progress');
      await scene.hears(DUTY, ['报告在附件里']);
      expect(scene.said(ACME, ['suspect'])).toBeUndefined();

      // 7: reminded once, then the manager is pinged, who acknowledges.
      scene.clock.advance(3.1 * HOUR);
      await scene.hears(DUTY, ['ITR-1', '恢复']);
      scene.clock.advance(HOUR);
      const ping = await scene.hears(BOSS, ['ITR-1']);
      await feishu.presses('chen', ping.id, { a: 'acknowledge' });
      await scene.until(async () => (await scene.timeline()).includes('acknowledged'));

      // 8: up a tier: the second line gets a card and a brief.
      await feishu.says('wei', DUTY, '@bot 升级', { replyTo: work.id, inThread: true });
      const second = await scene.hears(DUTY2, ['ITR-1']);
      await scene.hears(DUTY2, ['接手']);
      await feishu.reacts('sun', second.id, 'OnIt');
      await scene.until(() => scene.text(second.id).includes('处理中'));
      expect((await scene.ticket())['assignee']).toBe('sun');

      // 9: resolved with a cause, confirmed by reaction, rated.
      const before = feishu.messages(DUTY2, { from: 'bot' }).length;
      await feishu.presses('sun', second.id, { a: 'form:resolve' });
      const form = await scene.until(() => feishu.messages(DUTY2, { from: 'bot' })[before]);
      await feishu.submits('sun', form.id, { solution: '连接池配置过小,已调整到200', cause: 'configuration' });
      await scene.untilStatus('resolved');
      const ask = await scene.hears(ACME, ['连接池配置过小']);
      await feishu.reacts('lin', ask.id, 'DONE');
      await scene.untilStatus('closed');
      const rating = await scene.until(() =>
        feishu.messages(ACME, { from: 'bot' }).find((one) => one.content.includes('rate:5')),
      );
      await feishu.presses('lin', rating.id, { a: 'rate:5' });
      await scene.until(async () => (await scene.timeline()).includes('rated'));

      expect(feishu.violations()).toEqual([]);
      expect(feishu.warnings()).toEqual([]);
      expect(await scene.app.storage.queues.outbox.deadLetters(10)).toEqual([]);
    });
  },
);
