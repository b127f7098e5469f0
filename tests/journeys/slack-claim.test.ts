import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SlackScene } from '../support/slack-scene.ts';
import { buttonsOn, claimed, happened, nextWhisper, raise, whispers } from '../support/slack-ticket.ts';

const MINUTE = 60_000;
let scene: SlackScene;

beforeAll(async () => {
  scene = await SlackScene.open();
});

afterEach(() => {
  scene.slack.setDelivery({});
});

afterAll(async () => {
  await scene.close();
});

describe('a ticket has one owner', () => {
  it('by the button, whose card then has the next steps instead', async () => {
    const { slack } = scene;
    const { number, work, card } = await raise(scene, '数据库故障,按钮认领');
    await slack.click('U0LI', 'C0DUTY', work, 'claim');
    expect((await scene.untilStatus('in_progress', number))['assignee']).toBe('li');
    await scene.until(() => scene.text('C0DUTY', work).includes('处理中 · 李丽'));
    await scene.until(() => scene.text('C0ACME', card).includes('处理人 *李丽*'));
    expect(buttonsOn(scene, 'C0DUTY', work)).not.toContain('"claim"');
    expect(buttonsOn(scene, 'C0DUTY', work)).toContain('form:resolve');
  });

  it('by the bare word in the work thread, or the same word after a mention', async () => {
    const { slack } = scene;
    const first = await raise(scene, '数据库故障,第一单');
    await slack.post('U0WEI', 'C0DUTY', '认领', { thread_ts: first.work });
    expect((await scene.untilStatus('in_progress', first.number))['assignee']).toBe('wei');
    // Its card says 待认领 until it is drawn again.
    await scene.until(() => scene.said('C0ACME', ['认领'], first.ts) === undefined);
    const second = await raise(scene, '数据库故障,叫机器人认领');
    await slack.mention('U0WEI', 'C0DUTY', '认领', { thread_ts: second.work });
    expect((await scene.untilStatus('in_progress', second.number))['assignee']).toBe('wei');
  });

  it('by a slash command with its number; without one the bot asks which', async () => {
    const { slack } = scene;
    const { number, id } = await raise(scene, '数据库故障,命令认领');
    const before = whispers(scene, 'U0WEI').length;
    await slack.slash('U0WEI', 'C0DUTY', '/itr', 'claim');
    expect(await nextWhisper(scene, 'U0WEI', before)).toMatch(/哪个工单/);
    await slack.slash('U0WEI', 'C0DUTY', '/itr', `claim ${number}`);
    await scene.untilStatus('in_progress', number);
    await scene.until(() => whispers(scene, 'U0WEI').some((text) => text.includes(`${id} 归你处理`)));
  });

  it('is released when he takes the winning reaction away within five minutes', async () => {
    const { slack } = scene;
    const { number, work, card } = await claimed(scene, '数据库故障,取消认领');
    await slack.unreact('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.untilStatus('queued', number);
    await scene.until(() => scene.text('C0DUTY', work).includes('待认领'));
    await scene.until(() => scene.text('C0ACME', card).includes('待认领'));
    await slack.react('U0LI', 'C0DUTY', work, 'raising_hand');
    expect((await scene.untilStatus('in_progress', number))['assignee']).toBe('li');
  });

  it('but not after five minutes, not by another’s reaction, not by another emoji', async () => {
    const { slack } = scene;
    const { number, work } = await claimed(scene, '数据库故障,五分钟以后');
    await slack.react('U0LI', 'C0DUTY', work, 'eyes');
    await slack.unreact('U0LI', 'C0DUTY', work, 'eyes');
    await slack.react('U0WEI', 'C0DUTY', work, 'raising_hand');
    await slack.unreact('U0WEI', 'C0DUTY', work, 'raising_hand');
    await scene.quiet();
    expect((await scene.ticket(number))['assignee']).toBe('wei');
    scene.clock.advance(5 * MINUTE + 1_000);
    await slack.unreact('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.quiet();
    const ticket = await scene.ticket(number);
    expect([ticket['status'], ticket['assignee']]).toEqual(['in_progress', 'wei']);
    expect(await happened(scene, number)).not.toContain('released');
  });

  it('whatever Slack does to the reactions of two: twice, late, in another order', async () => {
    const { slack } = scene;
    for (let round = 0; round < 3; round++) {
      const { number, work } = await raise(scene, `数据库故障,抢单${round}`);
      const before = [whispers(scene, 'U0WEI').length, whispers(scene, 'U0LI').length] as const;
      slack.setRetryDelays([50, 100, 200]);
      slack.setDelivery({ duplicate: 1, shuffle: true, shuffleMs: 30, loseAck: 0.4 });
      await Promise.all([
        slack.react('U0WEI', 'C0DUTY', work, 'eyes'),
        slack.react('U0LI', 'C0DUTY', work, 'raising_hand'),
      ]);
      await scene.quiet();
      slack.setDelivery({});
      const { assignee } = await scene.untilStatus('in_progress', number);
      const types = await happened(scene, number);
      expect(types.filter((type) => type === 'claimed')).toHaveLength(1);
      const [loser, seen, winner] =
        assignee === 'wei' ? (['U0LI', before[1], '魏伟'] as const) : (['U0WEI', before[0], '李丽'] as const);
      expect(['wei', 'li']).toContain(assignee);
      const told = whispers(scene, loser).slice(seen);
      expect(told).toHaveLength(1);
      expect(told[0]).toContain(`${winner}刚刚认领了 ITR-${number}`);
    }
  });

  it('nobody of another team, and nobody of the project; each is told privately what would work', async () => {
    const { slack } = scene;
    const { number, work, id } = await raise(scene, '数据库故障,别的团队');
    const before = [whispers(scene, 'U0ZHAO').length, whispers(scene, 'U0LIN').length] as const;
    await slack.react('U0ZHAO', 'C0DUTY', work, 'eyes');
    const told = await nextWhisper(scene, 'U0ZHAO', before[0]);
    expect(told).toContain(`不能直接认领 ${id}`);
    expect(told).toContain('梅');
    await slack.react('U0LIN', 'C0DUTY', work, 'eyes');
    expect(await nextWhisper(scene, 'U0LIN', before[1])).toContain(id);
    const ticket = await scene.ticket(number);
    expect([ticket['status'], ticket['assignee']]).toEqual(['queued', null]);
    expect((await happened(scene, number)).filter((type) => type === 'refused')).toHaveLength(2);
  });
});
