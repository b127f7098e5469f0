import { afterEach, describe, expect, it } from 'vitest';
import type { Platform, Stage } from '../../support/stage.ts';

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export function remindersStory(platform: Platform): void {
  describe(`reminders, on ${platform.title}`, () => {
    let stage: Stage;
    const open = async (config = platform.example): Promise<void> => {
      stage = await platform.open({ config });
    };
    afterEach(async () => {
      expect(await stage.troubles()).toEqual([]);
      await stage.close();
    });

    /** The points of a clock that have been reached, as `75%/0`. */
    const points = async (number: number, clock: string): Promise<string[]> =>
      (await stage.timeline(number))
        .filter((one) => one['type'] === 'point_reached' && one['clock'] === clock)
        .map((one) => `${String(one['point'])}/${String(one['occurrence'])}`);

    it('at 50, 75 and 90 % once each, in the work thread; at 100 % management, again each hour until it is acknowledged', async () => {
      // Points only: an owner silent for so long would lose the ticket.
      await open(`${platform.example}\nsilent_owner: off\n`);
      // S1: 4 h to restore, around the clock.
      const { number, work, id, root } = await stage.claimed('生产数据库全部宕机', '全部用户都用不了');
      expect((await stage.ticket(number))['severity']).toBe('S1');
      await stage.says('wei', work, '正在切换备库');
      await stage.hears(root, '正在切换备库');
      const reminders = (): number => stage.found(work, `${id} 恢复还剩`).length;

      stage.clock.advance(2 * HOUR);
      const half = await stage.hears(work, `${id} 恢复还剩`);
      expect(stage.rings(half)).toEqual(['wei']);
      expect(stage.text(half)).toContain('最近进展是');
      expect(stage.text(half)).toContain('正在切换备库');
      stage.clock.advance(HOUR);
      await stage.until(() => reminders() === 2);
      stage.clock.advance(36 * MINUTE);
      await stage.until(() => reminders() === 3);
      await stage.quiet();
      expect(await points(number, 'restore')).toEqual(['50%/0', '75%/0', '90%/0']);
      expect(stage.found('boss', id, '恢复')).toEqual([]);

      stage.clock.advance(24 * MINUTE);
      const overdue = await stage.hears('boss', `${id} 恢复`, '超时');
      expect(stage.text(overdue)).toContain('魏伟');
      expect(stage.rings(overdue)).toEqual(['chen']);
      await stage.hearsDirectly('chen', id);
      stage.clock.advance(HOUR);
      await stage.until(async () => (await points(number, 'restore')).includes('100%/1'));
      await stage.until(() => stage.found('boss', `${id} 恢复`, '超时').length === 2);
      await stage.presses('chen', overdue, 'acknowledge');
      await stage.untilHappened('acknowledged', number);
      await stage.hears(work, '陈', '知悉');
      stage.clock.advance(3 * HOUR);
      await stage.quiet();
      expect((await points(number, 'restore')).filter((one) => one.startsWith('100%'))).toEqual(['100%/0', '100%/1']);
      expect(stage.found('boss', `${id} 恢复`, '超时')).toHaveLength(2);
    });

    it('what nobody claims climbs the ladder: the lead after 15 minutes, the manager after 30; a claim ends it', async () => {
      await open();
      const { number, work, id } = await stage.raise('数据库故障,没人接');
      expect(stage.rings(work)).toEqual(['wei']);
      stage.clock.advance(15 * MINUTE);
      expect(stage.text(await stage.hearsDirectly('mei', id))).toContain('需要关注');
      expect(stage.saidTo('chen')).toEqual([]);
      stage.clock.advance(15 * MINUTE);
      await stage.hearsDirectly('chen', id);
      await stage.hears('boss', id, '需要关注');
      await stage.reacts('wei', work, 'claim');
      await stage.untilStatus('in_progress', number);
      await stage.quiet();
      const told = stage.saidTo('mei').length;
      stage.clock.advance(20 * MINUTE);
      await stage.quiet();
      expect(stage.saidTo('mei')).toHaveLength(told);
    });

    it('acknowledging stops the ladder before the manager is told', async () => {
      await open();
      const { number, id } = await stage.raise('数据库故障,组长知道了');
      stage.clock.advance(15 * MINUTE);
      const lead = await stage.hearsDirectly('mei', id);
      await stage.presses('mei', lead, 'acknowledge');
      await stage.untilHappened('acknowledged', number);
      stage.clock.advance(20 * MINUTE);
      await stage.quiet();
      expect(stage.saidTo('chen')).toEqual([]);
    });

    it('nobody on duty: said in the duty chat, and the lead is told directly', async () => {
      await open(
        platform.example.replace(
          'db-l1: { timezone: Asia/Shanghai, starts: "2026-11-02"',
          'db-l1: { timezone: Asia/Shanghai, starts: "2027-11-01"',
        ),
      );
      const { id, work } = await stage.raise('数据库故障,空班');
      expect(stage.text(work)).toContain(id);
      await stage.hears('duty', '数据库一线现在没有值班人', '梅');
      await stage.hearsDirectly('mei', id, '现在没有值班人，所以直接找你');
    });

    it('the brief: what it is, what was tried, the evidence, the time; on escalation, transfer and return', async () => {
      await open();
      const { work, id, root, number } = await stage.claimed('生产环境数据库连接失败,版本3.2.1');
      await stage.says('wei', work, '重启了 proxy,没有用');
      await stage.says('wei', work, '// 怀疑交换机');
      const log = await stage.sendsFile('lin', root, 'slow.log');
      await stage.hears(work, 'slow.log');
      await stage.reacts('lin', log, 'evidence');
      await stage.untilHappened('evidence', number);
      await stage.calls('wei', work, '升级 需要看内核参数');
      const second = await stage.hears('duty2', `${id} `);
      const brief = stage.text(await stage.hears(second, '接手'));
      for (const word of [
        '数据库一线',
        '数据库二线',
        '3.2.1',
        '重启了 proxy',
        '怀疑交换机',
        'slow.log',
        '需要看内核参数',
        '响应',
      ])
        expect(brief).toContain(word);
      expect(brief).not.toContain('升级 需要看内核参数');
      await stage.reacts('sun', second, 'claim');
      await stage.untilStatus('in_progress', number);
      await stage.calls('sun', second, '转派 赵');
      await stage.until(async () => (await stage.ticket(number))['assignee'] === 'zhao');
      const offDuty = await stage.until(() => stage.found(second, `接手 ${id}`)[1]);
      expect(stage.rings(offDuty)).toEqual(['zhao']);
      // The first line can read where it went, and claims it no more.
      await stage.until(() => stage.text(work).includes('已转到'));
      expect(stage.text(work)).not.toMatch(/待认领|处理中|值班/);
    });
  });
}
