import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { SLACK, SlackStage } from '../support/slack-stage.ts';
import { claimStory } from './stories/claim.ts';

claimStory(SLACK);
afterAll(stopPostgres);

describe('a ticket has one owner, on Slack alone', () => {
  let stage: SlackStage;
  beforeAll(async () => {
    stage = await SlackStage.open();
  });
  afterAll(() => stage.close());

  it('by a slash command with its number; without one the bot asks which', async () => {
    const { number, id } = await stage.raise('数据库故障,命令认领');
    expect(await stage.asks('wei', 'duty', 'claim')).toMatch(/哪个工单/);
    expect(await stage.asks('wei', 'duty', `claim ${number}`)).toContain(`${id} 归你处理`);
    await stage.untilStatus('in_progress', number);
  });

  it('whatever Slack does to the reactions of two: twice, late, in another order', async () => {
    const { slack } = stage.scene;
    for (let round = 0; round < 3; round++) {
      const { number, work } = await stage.raise(`数据库故障,抢单${round}`);
      const before = { wei: stage.whispers('wei').length, li: stage.whispers('li').length };
      slack.setRetryDelays([50, 100, 200]);
      slack.setDelivery({ duplicate: 1, shuffle: true, shuffleMs: 30, loseAck: 0.4 });
      await Promise.all([stage.reacts('wei', work, 'claim'), stage.reacts('li', work, 'claim otherwise')]);
      await stage.quiet();
      slack.setDelivery({});
      const { assignee } = await stage.untilStatus('in_progress', number);
      expect(['wei', 'li']).toContain(assignee);
      const claims = (await stage.timeline(number)).filter(({ type }) => type === 'claimed');
      expect(claims).toHaveLength(1);
      const [loser, winner] = assignee === 'wei' ? (['li', '魏伟'] as const) : (['wei', '李丽'] as const);
      const told = stage.whispers(loser).slice(before[loser]);
      expect(told.map((message) => stage.text(message))).toEqual([
        expect.stringContaining(`${winner}刚刚认领了 ITR-${number}`),
      ]);
    }
  });
});
