import { describe, expect, it } from 'vitest';
import type { Platform } from '../../support/stage.ts';

const HOUR = 3_600_000;

export function mainJobStory(platform: Platform, skipped = false): void {
  describe(`the main job on ${platform.title}`, () => {
    it.skipIf(skipped)(
      'a thread becomes a ticket, is claimed by reaction, reminded, escalated, resolved and confirmed',
      async () => {
        const stage = await platform.open();
        try {
          // 1–2: Lin writes, Zhou reacts.
          const root = await stage.says('lin', 'acme', '生产环境数据库时断时续,下单很慢');
          await stage.says('lin', root, '版本好像是3.2.1');
          await stage.reacts('zhou', root, 'capture');

          // 3: the card, and one question.
          const card = await stage.hears(root, 'ITR-1', '生产环境数据库时断时续');
          expect(stage.text(card)).toContain('3.2.1');
          await stage.until(() => stage.saidIn(root).length === 2);
          await stage.says('lin', root, '刚刚开始全部线上下单都失败了');

          // 4–5: registered, dispatched; the work card in the duty chat mentions Wei, who claims by reaction.
          await stage.untilStatus('queued', 1);
          const work = await stage.hears('duty', 'ITR-1', 'S1');
          expect(stage.rings(work)).toEqual(['wei']);
          await stage.reacts('wei', work, 'claim');
          expect((await stage.untilStatus('in_progress', 1))['assignee']).toBe('wei');
          await stage.until(() => stage.text(card).includes('魏伟'));
          await stage.until(() => stage.text(work).includes('魏伟'));

          // The second claimer is told privately who was first.
          const told = await stage.whisperAfter('li', () => stage.reacts('li', work, 'claim otherwise'));
          expect(stage.text(told)).toContain('魏伟');

          // 6: the threads are kept in step; internal notes stay inside.
          await stage.says('wei', work, '能发一下 10:00 的 AWR 报告吗?');
          await stage.hears(root, 'AWR');
          await stage.says('wei', work, '// suspect the switch');
          await stage.calls('wei', work, '等客户');
          await stage.untilStatus('pending', 1);
          await stage.says('lin', root, '报告在附件里');
          await stage.untilStatus('in_progress', 1);
          await stage.hears(work, '报告在附件里');
          expect(stage.found('acme', 'suspect')).toEqual([]);

          // 7: reminded, and alive; then the manager is pinged, who acknowledges.
          stage.clock.advance(3.1 * HOUR);
          await stage.hears(work, 'ITR-1', '恢复还剩');
          await stage.says('wei', work, '还在看 AWR');
          await stage.hears(root, '还在看 AWR');
          stage.clock.advance(HOUR);
          const ping = await stage.hears('boss', 'ITR-1');
          await stage.presses('chen', ping, 'acknowledge');
          await stage.untilHappened('acknowledged', 1);

          // 8: up a tier: the second line gets a card and a brief.
          await stage.calls('wei', work, '升级');
          const second = await stage.hears('duty2', 'ITR-1');
          await stage.hears(second, '接手');
          await stage.reacts('sun', second, 'claim');
          await stage.until(() => stage.text(second).includes('处理中'));
          expect((await stage.ticket(1))['assignee']).toBe('sun');

          // 9: resolved with a cause, confirmed by reaction, rated.
          const solution = '连接池配置过小,已调整到200';
          await stage.fillsIn('sun', second, 'form:resolve', { solution, cause: 'configuration' });
          await stage.untilStatus('resolved', 1);
          const ask = await stage.hears(root, '连接池配置过小');
          await stage.reacts('lin', ask, 'confirm');
          await stage.untilStatus('closed', 1);
          const rating = await stage.until(() =>
            stage.saidIn(root).find((one) => stage.source(one).includes('rate:5')),
          );
          await stage.presses('lin', rating, 'rate:5');
          await stage.untilHappened('rated', 1);
          expect(await stage.troubles()).toEqual([]);
        } finally {
          await stage.close();
        }
      },
    );
  });
}
