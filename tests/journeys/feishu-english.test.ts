import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { FEISHU } from '../support/feishu-stage.ts';
import type { FeishuStage } from '../support/feishu-stage.ts';
import { lastToast } from '../support/feishu-steps.ts';
import { english, englishStory, openWithTom } from './stories/english.ts';

englishStory(FEISHU);
afterAll(stopPostgres);

describe('what flashes up over the screen', () => {
  let stage: FeishuStage;
  beforeAll(async () => {
    stage = await openWithTom(FEISHU);
  });
  afterEach(async () => {
    expect(await stage.troubles()).toEqual([]);
  });
  afterAll(() => stage.close());
  const toast = (): string => lastToast(stage.scene, 'joe');

  it('is English for who writes English, whatever he fills in or presses', async () => {
    const { feishu } = stage.scene;
    const root = await stage.says('joe', 'acme', 'Connection pool exhausted after the 3.2.1 upgrade on staging');
    await stage.reacts('joe', root, 'capture');
    const { number, id, card } = await stage.ticketOf(root);
    const form = await stage.opens('joe', card, 'form:intake');
    expect(toast()).toBe('The form is in the chat: fill it in and submit it.');
    await form.submits({ impact: ' ' });
    expect(toast()).toBe('Impact: This is needed');
    await form.submits({ impact: 'some users cannot log in' });
    expect(toast()).toBe('Submitted.');
    await stage.hears(root, 'Submitted by <at id=ou_joe></at>.');

    const work = await stage.hears('duty', `${id} `);
    await stage.reacts('tom', work, 'claim');
    await stage.untilStatus('in_progress', number);
    english(stage.text(await stage.whisperAfter('joe', () => feishu.reacts('joe', card.id, 'Fire'))));
    await stage.calls('tom', work, 'resolve pool was too small, raised to 200 #configuration');
    const ask = await stage.hears(root, 'resolved', 'pool was too small', 'Confirm');
    await stage.reacts('joe', ask, 'confirm');
    await stage.untilStatus('closed', number);
    const rating = await stage.hears(root, 'How did we do');
    expect(await stage.isTold('joe', rating, 'rate:4')).toBe('Thanks for the 4. A reply here adds a comment.');
    for (const { content } of feishu.toasts('joe')) english(content);
  });

  it('is Chinese once he writes Chinese', async () => {
    const root = await stage.says('joe', 'acme', '数据库今天一直报错');
    await stage.reacts('joe', root, 'capture');
    const { card } = await stage.ticketOf(root);
    await stage.opens('joe', card, 'form:intake');
    expect(toast()).toBe('表单已发出，填好提交就行。');
  });
});
