import { afterEach, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, happened, inThread, raise, timeline, times } from '../support/slack-ticket.ts';
import { EXAMPLE } from '../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let scene: SlackScene;

afterEach(async () => {
  await scene.close();
});

const said = (channel: string, ...words: string[]): number =>
  scene.slack.messages(channel, { from: 'bot' }).filter((one) => words.every((word) => visibleText(one).includes(word)))
    .length;

const points = async (number: number, clock: string): Promise<string[]> =>
  (await timeline(scene, number))
    .filter((one) => one['type'] === 'point_reached' && one['clock'] === clock)
    .map((one) => `${String(one['point'])}/${String(one['occurrence'])}`);

describe('reminders', () => {
  it('at 50, 75 and 90 % once each, in the work thread; at 100 % management, again each hour until it is acknowledged', async () => {
    // Points only: an owner silent for so long would lose the ticket.
    scene = await SlackScene.open({ config: `${EXAMPLE}\nsilent_owner: off\n` });
    const { slack, clock } = scene;
    // S1: 4 h to restore, around the clock.
    const { number, work, id, ts } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    expect((await scene.ticket(number))['severity']).toBe('S1');
    await slack.post('U0WEI', 'C0DUTY', '正在切换备库', { thread_ts: work });
    await scene.hears('C0ACME', ['正在切换备库'], ts);
    const reminders = (): number => times(scene, 'C0DUTY', work, `${id} 恢复还剩`);

    clock.advance(2 * HOUR);
    const half = await scene.hears('C0DUTY', [`${id} 恢复还剩`], work);
    expect(half.text).toContain('<@U0WEI>');
    expect(visibleText(half)).toContain('最近进展是');
    expect(visibleText(half)).toContain('正在切换备库');
    clock.advance(HOUR);
    await scene.until(() => reminders() === 2);
    clock.advance(36 * MINUTE);
    await scene.until(() => reminders() === 3);
    await scene.quiet();
    expect(await points(number, 'restore')).toEqual(['50%/0', '75%/0', '90%/0']);
    expect(said('C0BOSS', id, '恢复')).toBe(0);

    clock.advance(24 * MINUTE);
    const ping = await scene.hears('C0BOSS', [`${id} 恢复`, '超时']);
    expect(visibleText(ping)).toContain('魏伟');
    expect(ping.text).toContain('<@U0CHEN>');
    await scene.until(() => slack.dms('U0CHEN').some((one) => visibleText(one).includes(id)));
    clock.advance(HOUR);
    await scene.until(async () => (await points(number, 'restore')).includes('100%/1'));
    await scene.until(() => said('C0BOSS', `${id} 恢复`, '超时') === 2);
    await slack.click('U0CHEN', 'C0BOSS', ping.ts, 'acknowledge');
    await scene.until(async () => (await happened(scene, number)).includes('acknowledged'));
    await scene.hears('C0DUTY', ['陈', '知悉'], work);
    clock.advance(3 * HOUR);
    await scene.quiet();
    expect((await points(number, 'restore')).filter((one) => one.startsWith('100%'))).toEqual(['100%/0', '100%/1']);
    expect(said('C0BOSS', `${id} 恢复`, '超时')).toBe(2);
  });

  it('what nobody claims climbs the ladder: the lead after 15 minutes, the manager after 30; a claim ends it', async () => {
    scene = await SlackScene.open();
    const { slack, clock } = scene;
    const { number, work, id } = await raise(scene, '数据库故障,没人接');
    expect(scene.slack.message('C0DUTY', work)?.text).toContain('<@U0WEI>');
    clock.advance(15 * MINUTE);
    const lead = await scene.until(() => slack.dms('U0MEI').find((one) => visibleText(one).includes(id)));
    expect(visibleText(lead)).toContain('需要关注');
    expect(slack.dms('U0CHEN')).toEqual([]);
    clock.advance(15 * MINUTE);
    await scene.until(() => slack.dms('U0CHEN').find((one) => visibleText(one).includes(id)));
    await scene.hears('C0BOSS', [id, '需要关注']);
    await slack.react('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.untilStatus('in_progress', number);
    await scene.quiet();
    const told = slack.dms('U0MEI').length;
    clock.advance(20 * MINUTE);
    await scene.quiet();
    expect(slack.dms('U0MEI')).toHaveLength(told);
  });

  it('acknowledging stops the ladder before the manager is told', async () => {
    scene = await SlackScene.open();
    const { slack, clock } = scene;
    const { number, id } = await raise(scene, '数据库故障,组长知道了');
    clock.advance(15 * MINUTE);
    const lead = await scene.until(() => slack.dms('U0MEI').find((one) => visibleText(one).includes(id)));
    await slack.click('U0MEI', slack.dmChannel('U0MEI'), lead.ts, 'acknowledge');
    await scene.until(async () => (await happened(scene, number)).includes('acknowledged'));
    clock.advance(20 * MINUTE);
    await scene.quiet();
    expect(slack.dms('U0CHEN')).toEqual([]);
  });

  it('nobody on duty: said in the duty channel, and the lead is told directly', async () => {
    scene = await SlackScene.open({
      config: EXAMPLE.replace(
        'db-l1: { timezone: Asia/Shanghai, starts: "2026-11-02"',
        'db-l1: { timezone: Asia/Shanghai, starts: "2027-11-01"',
      ),
    });
    const { slack } = scene;
    const { id, work } = await raise(scene, '数据库故障,空班');
    expect(scene.text('C0DUTY', work)).toContain(id);
    await scene.hears('C0DUTY', ['数据库一线现在没有值班人', '梅']);
    const told = await scene.until(() => slack.dms('U0MEI').find((one) => visibleText(one).includes(id)));
    expect(visibleText(told)).toContain('现在没有值班人，所以直接找你');
  });

  it('the brief: what it is, what was tried, the evidence, the time; on escalation, transfer and return', async () => {
    scene = await SlackScene.open();
    const { slack } = scene;
    const { work, id, ts, number } = await claimed(scene, '生产环境数据库连接失败,版本3.2.1');
    await slack.post('U0WEI', 'C0DUTY', '重启了 proxy,没有用', { thread_ts: work });
    await slack.post('U0WEI', 'C0DUTY', '// 怀疑交换机', { thread_ts: work });
    const log = await slack.post('U0LIN', 'C0ACME', '慢日志 10:12 见附件', {
      thread_ts: ts,
      files: [{ name: 'slow.log' }],
    });
    await scene.hears('C0DUTY', ['slow.log'], work);
    await slack.react('U0LIN', 'C0ACME', log.ts, 'pushpin');
    await scene.until(async () => (await happened(scene, number)).includes('evidence'));
    await slack.mention('U0WEI', 'C0DUTY', '升级 需要看内核参数', { thread_ts: work });
    const second = await scene.hears('C0DUTY2', [`${id} `]);
    const brief = visibleText(await scene.hears('C0DUTY2', ['接手'], second.ts));
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
    await slack.react('U0SUN', 'C0DUTY2', second.ts, 'eyes');
    await scene.untilStatus('in_progress', number);
    await slack.mention('U0SUN', 'C0DUTY2', '转派 赵', { thread_ts: second.ts });
    await scene.until(async () => (await scene.ticket(number))['assignee'] === 'zhao');
    await scene.until(() => times(scene, 'C0DUTY2', second.ts, `接手 ${id}`) === 2);
    const offDuty = inThread(scene, 'C0DUTY2', second.ts).findLast((one) => visibleText(one).includes('接手'));
    expect(offDuty?.text).toContain('<@U0ZHAO>');
    // The first line can read where it went, and claims it no more.
    await scene.until(() => scene.text('C0DUTY', work).includes('已转到'));
    expect(scene.text('C0DUTY', work)).not.toMatch(/待认领|处理中|值班/);
  });
});
