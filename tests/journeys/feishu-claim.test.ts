import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { DUTY, FeishuScene } from '../support/feishu-scene.ts';
import type { FeishuMode } from '../support/feishu-scene.ts';
import { buttonsOn, lastToast, toldAfter, whispers } from '../support/feishu-steps.ts';
import { answers, claimed, happened, raise, untroubled } from '../support/feishu-ticket.ts';

const MINUTE = 60_000;
let scene: FeishuScene;

afterAll(stopPostgres);

describe.each<{ readonly mode: FeishuMode }>([{ mode: 'webhook' }, { mode: 'ws' }])(
  'a ticket has one owner ($mode)',
  ({ mode }) => {
    beforeAll(async () => {
      scene = await FeishuScene.open({ mode });
    });

    afterEach(async () => {
      expect(await untroubled(scene)).toEqual([]);
    });

    afterAll(async () => {
      await scene.close();
    });

    it.each(['OnIt', 'Get', 'MeMeMe'])('by %s on the card, which names it', async (emoji) => {
      const { feishu } = scene;
      const { number, work, card } = await raise(scene, `数据库故障,用${emoji}认领`);
      expect(scene.text(work)).toContain('或者用 :OnIt: 认领');
      await feishu.reacts('li', work, emoji);
      expect((await scene.untilStatus('in_progress', number))['assignee']).toBe('li');
      await scene.until(() => scene.text(card).includes('李丽'));
    });

    it('by the button, whose card then has the next steps instead', async () => {
      const { feishu } = scene;
      const { number, work, card } = await raise(scene, '数据库故障,按钮认领');
      await feishu.presses('li', work, '认领');
      expect((await scene.untilStatus('in_progress', number))['assignee']).toBe('li');
      await scene.until(() => scene.text(work).includes('处理中'));
      await scene.until(() => scene.text(card).includes('处理人 **李丽**'));
      expect(buttonsOn(scene, work)).not.toContain('claim');
      expect(buttonsOn(scene, work)).toContain('form:resolve');
    });

    it('by the word 认领: bare in the topic, addressed in a reply that only quotes', async () => {
      const { feishu } = scene;
      const first = await raise(scene, '数据库故障,第一单');
      await answers(scene, 'wei', first.work, '认领');
      expect((await scene.untilStatus('in_progress', first.number))['assignee']).toBe('wei');
      const second = await raise(scene, '数据库故障,引用认领');
      await feishu.says('wei', DUTY, '@bot 认领', { replyTo: second.work });
      expect((await scene.untilStatus('in_progress', second.number))['assignee']).toBe('wei');
      const third = await raise(scene, '数据库故障,带编号认领');
      await feishu.says('li', DUTY, `@bot 认领 ${third.number}`);
      expect((await scene.untilStatus('in_progress', third.number))['assignee']).toBe('li');
    });

    it('is released when he takes the winning reaction away within five minutes, and not after', async () => {
      const { feishu } = scene;
      const { number, work, card } = await claimed(scene, '数据库故障,取消认领');
      await feishu.unreacts('wei', work, 'OnIt');
      await scene.untilStatus('queued', number);
      await scene.until(() => scene.text(work).includes('待认领'));
      await scene.until(() => scene.text(card).includes('待认领'));
      await feishu.reacts('li', work, 'Get');
      await scene.untilStatus('in_progress', number);
      await feishu.reacts('li', work, 'MeMeMe');
      await feishu.unreacts('li', work, 'MeMeMe');
      await scene.quiet();
      scene.clock.advance(5 * MINUTE + 1_000);
      await feishu.unreacts('li', work, 'Get');
      await scene.quiet();
      const ticket = await scene.ticket(number);
      expect([ticket['status'], ticket['assignee']]).toEqual(['in_progress', 'li']);
    });

    it('also when Feishu tells of putting on and taking off in the wrong order', async () => {
      const { feishu } = scene;
      const { number, work } = await raise(scene, '数据库故障,乱序');
      await scene.quiet();
      feishu.holdEvents();
      void feishu.reacts('wei', work, 'OnIt');
      scene.clock.advance(2_000);
      void feishu.unreacts('wei', work, 'OnIt');
      await feishu.releaseEvents('reversed');
      await scene.quiet();
      const ticket = await scene.ticket(number);
      expect([ticket['status'], ticket['assignee']]).toEqual(['queued', null]);
    });

    it('the second claimer is told privately who was first: after a reaction, and over the card after a press', async () => {
      const { feishu } = scene;
      const { id, work, number } = await claimed(scene, '数据库故障,抢单');
      const told = await toldAfter(scene, 'li', () => feishu.reacts('li', work, 'Get'));
      expect(told).toContain(`魏伟刚刚认领了 ${id}`);
      const other = await raise(scene, '数据库故障,同时按');
      await Promise.all([feishu.presses('wei', other.work, '认领'), feishu.presses('li', other.work, '认领')]);
      const { assignee } = await scene.untilStatus('in_progress', other.number);
      const loser = assignee === 'wei' ? 'li' : 'wei';
      expect(lastToast(scene, loser)).toMatch(/(魏伟|李丽)刚刚认领了 ITR-\d+|已私聊回复你/);
      expect((await happened(scene, other.number)).filter((type) => type === 'claimed')).toHaveLength(1);
      expect((await happened(scene, number)).filter((type) => type === 'claimed')).toHaveLength(1);
    });

    it('nobody of another team and nobody of the project; each is told what would work', async () => {
      const { feishu } = scene;
      const { number, work, id } = await raise(scene, '数据库故障,别的团队');
      const told = await toldAfter(scene, 'zhao', () => feishu.reacts('zhao', work, 'OnIt'));
      expect(told).toContain(`不能直接认领 ${id}`);
      expect(told).toContain('梅');
      const before = whispers(scene, 'lin').length;
      await feishu.presses('lin', work, '认领');
      await scene.until(() => lastToast(scene, 'lin').length > 0);
      await scene.quiet();
      expect(
        [
          lastToast(scene, 'lin'),
          ...whispers(scene, 'lin')
            .slice(before)
            .map((one) => scene.text(one.id)),
        ].join(),
      ).toContain(id);
      const ticket = await scene.ticket(number);
      expect([ticket['status'], ticket['assignee']]).toEqual(['queued', null]);
    });
  },
);
