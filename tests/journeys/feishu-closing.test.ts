import { afterAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { FEISHU, FeishuStage } from '../support/feishu-stage.ts';
import { closingStory } from './stories/closing.ts';

closingStory(FEISHU);
afterAll(stopPostgres);

describe('closing over the long connection', () => {
  it('rated by one tap, which is answered over the card, and with a comment by form', async () => {
    const stage = await FeishuStage.open({ mode: 'ws' });
    try {
      const { number, ask, root } = await stage.resolved('数据库故障,长连接评价');
      await stage.reacts('lin', ask, 'confirm');
      await stage.untilStatus('closed', number);
      const rating = await stage.until(() => stage.saidIn(root).find((one) => stage.source(one).includes('rate:4')));
      expect(await stage.isTold('lin', rating, 'rate:4')).toContain('收到 4 分');
      await stage.untilHappened('rated', number);
      await stage.fillsIn('lin', rating, 'form:rate', { score: '5', comment: '响应很快' });
      await stage.until(async () => (await stage.timeline(number)).some((one) => one['text'] === '响应很快'));
      expect(await stage.troubles()).toEqual([]);
    } finally {
      await stage.close();
    }
  });
});
