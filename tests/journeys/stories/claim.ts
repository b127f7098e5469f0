import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Platform, Stage } from '../../support/stage.ts';

const MINUTE = 60_000;

export function claimStory(platform: Platform): void {
  describe(`a ticket has one owner, on ${platform.title}`, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await platform.open();
    });
    afterEach(async () => {
      expect(await stage.troubles()).toEqual([]);
    });
    afterAll(() => stage.close());

    const howOften = async (event: string, number: number): Promise<number> =>
      (await stage.timeline(number)).filter(({ type }) => type === event).length;

    it('by the button, whose card then has the next steps instead', async () => {
      const { number, work, card } = await stage.raise('数据库故障,按钮认领');
      await stage.presses('li', work, 'claim');
      expect((await stage.untilStatus('in_progress', number))['assignee']).toBe('li');
      await stage.until(() => /处理中.* · 李丽/s.test(stage.text(work)));
      await stage.until(() => stage.text(card).includes(`处理人 ${stage.bold('李丽')}`));
      expect(stage.buttons(work)).not.toContain('claim');
      expect(stage.buttons(work)).toContain('form:resolve');
    });

    it('by the word 认领: bare in the work thread, said to the bot there, or anywhere with the number', async () => {
      const first = await stage.raise('数据库故障,第一单');
      await stage.says('wei', first.work, '认领');
      expect((await stage.untilStatus('in_progress', first.number))['assignee']).toBe('wei');
      // Its card says 待认领 until it is drawn again.
      await stage.until(() => stage.found(first.root, '认领').length === 0);
      const second = await stage.raise('数据库故障,叫机器人认领');
      await stage.calls('wei', second.work, '认领');
      expect((await stage.untilStatus('in_progress', second.number))['assignee']).toBe('wei');
      const third = await stage.raise('数据库故障,带编号认领');
      await stage.calls('li', 'duty', `认领 ${third.number}`);
      expect((await stage.untilStatus('in_progress', third.number))['assignee']).toBe('li');
    });

    it('is released when he takes the winning reaction away within five minutes', async () => {
      const { number, work, card } = await stage.claimed('数据库故障,取消认领');
      await stage.unreacts('wei', work, 'claim');
      await stage.untilStatus('queued', number);
      await stage.until(() => stage.text(work).includes('待认领'));
      await stage.until(() => stage.text(card).includes('待认领'));
      await stage.reacts('li', work, 'claim otherwise');
      expect((await stage.untilStatus('in_progress', number))['assignee']).toBe('li');
    });

    it('but not after five minutes, not by another’s reaction, not by another emoji', async () => {
      const { number, work } = await stage.claimed('数据库故障,五分钟以后');
      await stage.reacts('li', work, 'claim');
      await stage.unreacts('li', work, 'claim');
      await stage.reacts('wei', work, 'claim otherwise');
      await stage.unreacts('wei', work, 'claim otherwise');
      await stage.quiet();
      expect((await stage.ticket(number))['assignee']).toBe('wei');
      stage.clock.advance(5 * MINUTE + 1_000);
      await stage.unreacts('wei', work, 'claim');
      await stage.quiet();
      const ticket = await stage.ticket(number);
      expect([ticket['status'], ticket['assignee']]).toEqual(['in_progress', 'wei']);
      expect(await howOften('released', number)).toBe(0);
    });

    it('the second claimer is told privately who was first', async () => {
      const { number, id, work } = await stage.claimed('数据库故障,抢单');
      const told = await stage.whisperAfter('li', () => stage.reacts('li', work, 'claim otherwise'));
      expect(stage.text(told)).toContain(`魏伟刚刚认领了 ${id}`);
      expect(await howOften('claimed', number)).toBe(1);
    });

    it('nobody of another team, and nobody of the project; each is told privately what would work', async () => {
      const { number, work, id } = await stage.raise('数据库故障,别的团队');
      const colleague = await stage.whisperAfter('zhao', () => stage.reacts('zhao', work, 'claim'));
      expect(stage.text(colleague)).toContain(`不能直接认领 ${id}`);
      expect(stage.text(colleague)).toContain('梅');
      const customer = await stage.whisperAfter('lin', () => stage.reacts('lin', work, 'claim'));
      expect(stage.text(customer)).toContain(id);
      const ticket = await stage.ticket(number);
      expect([ticket['status'], ticket['assignee']]).toEqual(['queued', null]);
      expect(await howOften('refused', number)).toBe(2);
    });
  });
}
