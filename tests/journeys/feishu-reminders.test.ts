import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { FEISHU, FeishuStage } from '../support/feishu-stage.ts';
import type { Raised } from '../support/stage.ts';
import { MINUTE, remindersStory } from './stories/reminders.ts';

remindersStory(FEISHU);
afterAll(stopPostgres);

describe('reminders that spare one person', () => {
  let stage: FeishuStage;
  afterEach(async () => {
    expect(await stage.troubles()).toEqual([]);
    await stage.close();
  });

  it('quiet hours: what is said to one person waits for their end, and comes then, once', async () => {
    stage = await FeishuStage.open({
      config: FEISHU.example.replace('{ name: 梅,', '{ quiet: ["09:00-12:00"], name: 梅,'),
    });
    const { feishu } = stage.scene;
    // S3: nobody claims it, and the ladder would tell Mei at 09:56.
    const { id, number } = await stage.raise('数据库有点慢', '个别用户受影响');
    stage.clock.advance(15 * MINUTE);
    await stage.untilHappened('reminded', number);
    stage.clock.advance(15 * MINUTE);
    await stage.hears('boss', id, '需要关注');
    expect(stage.saidTo('mei')).toEqual([]);
    await stage.until(() => feishu.buzzes('chen').length === 1);
    stage.clock.advance(110 * MINUTE);
    await stage.hearsDirectly('mei', id, '需要关注');
    expect(stage.foundDirectly('mei', '需要关注')).toHaveLength(1);
  });

  it('storm control: what comes to one person after the first three is one message with a list', async () => {
    stage = await FeishuStage.open({ config: `${FEISHU.example}\nstorm: { more_than: 3, within: 10m }\n` });
    const { feishu } = stage.scene;
    const raised: Raised[] = [];
    for (let n = 1; n <= 6; n += 1) raised.push(await stage.raise(`数据库有点慢，第${n}号`, '个别用户受影响'));
    stage.clock.advance(16 * MINUTE);
    await stage.until(() => raised.every(({ id }) => stage.foundDirectly('mei', id).length > 0));
    await stage.quiet();
    const list = stage
      .saidTo('mei')
      .map((message) => stage.text(message))
      .findLast((text) => raised.filter(({ id }) => text.includes(id)).length > 1);
    expect(list).toBeDefined();
    expect(stage.saidTo('mei').length).toBeLessThan(raised.length);
    for (const { id } of raised) expect(stage.foundDirectly('mei', id)).toHaveLength(1);
    expect(feishu.buzzes('mei')).toEqual([]);
  });
});
