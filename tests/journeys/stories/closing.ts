import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Platform, Stage } from '../../support/stage.ts';

const DAY = 24 * 3_600_000;

export function closingStory(platform: Platform): void {
  describe(`closing, on ${platform.title}`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await platform.open();
    });
    afterEach(async () => {
      expect(await stage.troubles()).toEqual([]);
      await stage.close();
    });

    it('without an answer: a reminder after one business day, closed after three; a reaction to that reopens', async () => {
      // Thursday morning; the service calendar is closed at the weekend.
      const { number, root, id } = await stage.resolved('数据库故障,没人答复');
      stage.clock.advance(DAY);
      const reminder = await stage.hears(root, `${id} 还在等确认`);
      expect(stage.rings(reminder)).toEqual(['lin']);
      expect(stage.days(reminder)).toEqual(['11-24']);
      stage.clock.advance(3 * DAY);
      await stage.quiet();
      expect((await stage.ticket(number))['status']).toBe('resolved');
      expect(stage.found(root, `${id} 还在等确认`)).toHaveLength(1);
      stage.clock.advance(DAY);
      await stage.untilStatus('closed', number);
      const closed = await stage.hears(root, `一直没有收到确认，${id} 已自动关闭`);
      expect(stage.source(closed)).toContain('rate:5');
      await stage.reacts('lin', closed, 'reopen');
      await stage.untilStatus('in_progress', number);
    });

    it('confirmed by a reaction to the solution, rated by one tap and with a comment by form; reopened from the card', async () => {
      const { number, ask, root, card, work } = await stage.resolved('数据库故障,评价');
      await stage.reacts('lin', ask, 'confirm');
      await stage.untilStatus('closed', number);
      const rating = await stage.until(() => stage.saidIn(root).find((one) => stage.source(one).includes('rate:4')));
      await stage.presses('lin', rating, 'rate:4');
      await stage.untilHappened('rated', number);
      await stage.fillsIn('lin', rating, 'form:rate', { score: '5', comment: '响应很快' });
      await stage.until(async () => {
        const last = (await stage.timeline(number)).findLast((one) => one['type'] === 'rated');
        return last?.['score'] === 5 && last['text'] === '响应很快';
      });
      await stage.until(() => stage.source(card).includes('"reopen"'));
      await stage.presses('lin', card, 'reopen');
      await stage.untilStatus('in_progress', number);
      await stage.hears(work, '重新打开');
    });

    it('by the button; nobody but the requester’s side confirms', async () => {
      const { number, ask } = await stage.resolved('数据库故障,按钮确认');
      expect(await stage.isTold('li', ask, 'confirm')).toContain(`由提出人 ${stage.nameOf('lin')} 一方来做`);
      expect((await stage.ticket(number))['status']).toBe('resolved');
      await stage.presses('zhou', ask, 'confirm');
      await stage.untilStatus('closed', number);
    });

    it('the bare word of the requester confirms; “重新打开” with a reason reopens', async () => {
      const first = await stage.resolved('数据库故障,说确认');
      await stage.says('lin', first.root, '确认');
      await stage.untilStatus('closed', first.number);
      const second = await stage.resolved('数据库故障,说没好');
      await stage.calls('lin', second.root, '重新打开 下午又断了');
      await stage.untilStatus('in_progress', second.number);
      await stage.hears(second.work, '重新打开了', '下午又断了');
    });

    it('resolving asks for the cause where the words do not say it', async () => {
      const { number, work } = await stage.claimed('数据库故障,缺原因');
      const asked = await stage.whisperAfter('wei', () => stage.calls('wei', work, '解决 现在好了'));
      expect(stage.text(asked)).toContain('还要填几项');
      await stage.fillsIn('wei', asked, 'form:resolve', { solution: '现在好了', cause: 'unknown' });
      await stage.untilStatus('resolved', number);
    });
  });
}
