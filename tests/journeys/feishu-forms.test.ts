import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, DUTY, FeishuScene } from '../support/feishu-scene.ts';
import type { FeishuMode } from '../support/feishu-scene.ts';
import { buttonsOn, lastToast, opens, rungBy, toldAfter, whispers } from '../support/feishu-steps.ts';
import { answers, claimed, events, inTopic, raise, ticketOf, untroubled } from '../support/feishu-ticket.ts';

let scene: FeishuScene;

afterAll(stopPostgres);

const event = async (number: number, type: string): Promise<Record<string, unknown> | undefined> =>
  (await events(scene, number)).findLast((one) => one['type'] === type);

describe.each<{ readonly mode: FeishuMode }>([{ mode: 'webhook' }, { mode: 'ws' }])(
  'forms on Feishu ($mode)',
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

    it('the intake form shows what is known; what is missing is a toast that names it, and the form stays', async () => {
      const { feishu } = scene;
      const root = await feishu.says('lin', ACME, '数据库连不上,版本3.2.1');
      await feishu.reacts('lin', root.id, 'Loudspeaker');
      const { card, number, id } = await ticketOf(scene, root.id);
      const form = await opens(scene, 'lin', card, 'form:intake');
      expect(lastToast(scene, 'lin')).toBe('表单已发出，填好提交就行。');
      expect(feishu.message(form).root).toBe(root.id);
      expect(rungBy(scene, form)).toEqual(['ou_lin']);
      expect(feishu.message(form).content).toContain('"default_value":"3.2.1"');
      await feishu.submits('lin', form, { impact: '   ' });
      expect(feishu.toasts('lin').at(-1)).toMatchObject({ type: 'error', content: '影响范围：这一项要填' });
      expect(scene.text(form)).toContain('[保存]');
      await feishu.submits('lin', form, { impact: '部分用户', environment: 'production', since: '今天 9:10' });
      expect(feishu.toasts('lin').at(-1)).toMatchObject({ type: 'success', content: '已提交。' });
      expect((await scene.untilStatus('queued', number))['environment']).toBe('production');
      expect(scene.text(form)).toBe(`补充信息 ${id}\n<at id=ou_lin></at> 已提交。`);
      await expect(feishu.submits('zhou', form, {})).rejects.toThrow('no submit button');
      await scene.until(() => scene.text(card).includes('环境 生产'));
    });

    it('resolve: solution, cause and closure', async () => {
      const { feishu } = scene;
      const { number, work, card, id } = await claimed(scene, '数据库故障,填方案');
      const form = await opens(scene, 'wei', work, 'form:resolve');
      expect(scene.text(form)).toContain(`解决 ${id}`);
      await feishu.submits('wei', form, { solution: '扩容到 200', cause: 'capacity', closure: 'workaround' });
      await scene.untilStatus('resolved', number);
      expect(await event(number, 'resolved')).toMatchObject({
        solution: '扩容到 200',
        cause: 'capacity',
        closure: 'workaround',
      });
      await scene.until(() => scene.text(card).includes('方案：扩容到 200'));
    });

    it('pend: a reason, until when; a time that cannot be read is said, and nothing typed is lost', async () => {
      const { feishu } = scene;
      const { number, work } = await claimed(scene, '数据库故障,等供应商');
      const form = await opens(scene, 'wei', work, 'form:pend');
      await feishu.submits('wei', form, { reason: 'vendor', until: '某个时候' });
      expect(lastToast(scene, 'wei')).toContain('到什么时候：看不懂这个时间');
      await feishu.submits('wei', form, { reason: 'vendor', until: '2h', note: '等供应商的补丁' });
      await scene.untilStatus('pending', number);
      expect(await event(number, 'pended')).toMatchObject({ reason: 'vendor', note: '等供应商的补丁' });
      scene.clock.advance(2 * 3_600_000);
      await scene.untilStatus('in_progress', number);
    });

    it('transfer: to a name; one nobody has is answered with those who are near', async () => {
      const { feishu } = scene;
      const { number, work } = await claimed(scene, '数据库故障,转给别人');
      const form = await opens(scene, 'wei', work, 'form:transfer');
      await feishu.submits('wei', form, { to: '李里' });
      expect(lastToast(scene, 'wei')).toMatch(/转给谁：没有叫“李里”的人或团队/);
      await feishu.submits('wei', form, { to: '李丽', note: '熟悉这块' });
      await scene.until(async () => (await scene.ticket(number))['assignee'] === 'li');
      const brief = await scene.until(() =>
        inTopic(scene, work).find((one) => scene.text(one.id).includes('交接说明：熟悉这块')),
      );
      expect(rungBy(scene, brief.id)).toContain('ou_li');
      const back = await opens(scene, 'li', brief.id, 'form:return');
      await feishu.submits('li', back, { note: '我今天休假' });
      await scene.until(async () => (await scene.ticket(number))['assignee'] === 'wei');
    });

    it('severity: asked for by a word that lacks it, privately, where the form then is', async () => {
      const { feishu } = scene;
      const { number, work } = await claimed(scene, '数据库故障,改级别');
      const before = whispers(scene, 'wei').length;
      await toldAfter(scene, 'wei', () => answers(scene, 'wei', work, '@bot 级别'));
      const asked = whispers(scene, 'wei')[before];
      const form = await opens(scene, 'wei', asked?.id ?? '', 'form:set_severity');
      expect(feishu.message(form).chat).toBe(feishu.p2p('wei'));
      await feishu.submits('wei', form, { severity: 'S1', note: '全部订单失败' });
      await scene.until(async () => (await scene.ticket(number))['severity'] === 'S1');
      await scene.hears(DUTY, ['调为 S1', '全部订单失败']);
    });

    it('one that is not his to fill in is refused over the card, before he types anything', async () => {
      const { feishu } = scene;
      const { work, id } = await claimed(scene, '数据库故障,不是他的');
      await scene.until(() => buttonsOn(scene, work).includes('form:resolve'));
      await scene.quiet();
      const before = feishu.messages(DUTY).length;
      await feishu.presses('li', work, { a: 'form:resolve' });
      expect(lastToast(scene, 'li')).toContain(id);
      await scene.quiet();
      expect(feishu.messages(DUTY)).toHaveLength(before);
    });

    it('one that stands in the chat and is sent by somebody else: refused over the form, which stays for its owner', async () => {
      const { feishu } = scene;
      const { work, id, number } = await claimed(scene, '数据库故障,别人来填');
      const form = await opens(scene, 'wei', work, 'form:resolve');
      await feishu.submits('li', form, { solution: '我来写', cause: 'unknown' });
      expect(feishu.toasts('li').at(-1)).toMatchObject({ type: 'error' });
      expect(lastToast(scene, 'li')).toContain(id);
      await scene.quiet();
      expect((await scene.ticket(number))['status']).toBe('in_progress');
      await feishu.submits('wei', form, { solution: '还是我来写', cause: 'unknown' });
      await scene.untilStatus('resolved', number);
      expect(scene.text(form)).toContain('<at id=ou_wei></at> 已提交。');
    });

    it('one that was filled in after the ticket had moved on: said, and the words are still there', async () => {
      const { feishu } = scene;
      const { work, number, root } = await raise(scene, '数据库故障,晚了一步');
      await feishu.reacts('wei', work, 'OnIt');
      await scene.untilStatus('in_progress', number);
      const form = await opens(scene, 'wei', work, 'form:resolve');
      await answers(scene, 'lin', root, '@bot 取消');
      await scene.untilStatus('cancelled', number);
      await feishu.submits('wei', form, { solution: '写了很久的方案', cause: 'unknown' });
      expect(feishu.toasts('wei').at(-1)).toMatchObject({ type: 'error' });
      expect(lastToast(scene, 'wei')).toContain('已撤销');
      expect(scene.text(form)).toContain('[确定]');
    });
  },
);
