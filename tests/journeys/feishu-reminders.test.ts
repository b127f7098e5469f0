import { afterEach, describe, expect, it } from 'vitest';
import { BOSS, DUTY, DUTY2, FEISHU_EXAMPLE, FeishuScene } from '../support/feishu-scene.ts';
import {
  answers,
  claimed,
  events,
  happened,
  inTopic,
  raise,
  times,
  timesIn,
  untroubled,
} from '../support/feishu-ticket.ts';
import type { Raised } from '../support/feishu-ticket.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let scene: FeishuScene;

afterEach(async () => {
  await scene.close();
});

const points = async (number: number, clock: string): Promise<string[]> =>
  (await events(scene, number))
    .filter((one) => one['type'] === 'point_reached' && one['clock'] === clock)
    .map((one) => `${String(one['point'])}/${String(one['occurrence'])}`);

const source = (message: string): string => JSON.stringify(scene.feishu.message(message).content);

/** What one person alone was told, oldest first. */
const told = (person: string, ...words: string[]): string[] =>
  scene.feishu
    .direct(person)
    .map((one) => scene.text(one.id))
    .filter((text) => words.every((word) => text.includes(word)));

describe('reminders on Feishu', () => {
  it('at 50, 75 and 90 % once each, in the work topic; at 100 % management, again each hour until it is acknowledged', async () => {
    // Points only: an owner silent for so long would lose the ticket.
    scene = await FeishuScene.open({ config: `${FEISHU_EXAMPLE}\nsilent_owner: off\n` });
    const { feishu, clock } = scene;
    // S1: 4 h to restore, around the clock.
    const { number, work, id, root } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    expect((await scene.ticket(number))['severity']).toBe('S1');
    await answers(scene, 'wei', work, '正在切换备库');
    await scene.until(() => times(scene, root, '正在切换备库') > 0);
    const reminders = (): number => times(scene, work, `${id} 恢复还剩`);

    clock.advance(2 * HOUR);
    const half = await scene.until(() => inTopic(scene, work).find((one) => scene.text(one.id).includes('恢复还剩')));
    expect(source(half.id)).toContain('ou_wei');
    expect(scene.text(half.id)).toContain('最近进展是');
    expect(scene.text(half.id)).toContain('正在切换备库');
    clock.advance(HOUR);
    await scene.until(() => reminders() === 2);
    clock.advance(36 * MINUTE);
    await scene.until(() => reminders() === 3);
    await scene.quiet();
    expect(await points(number, 'restore')).toEqual(['50%/0', '75%/0', '90%/0']);
    expect(timesIn(scene, BOSS, id, '恢复')).toBe(0);

    clock.advance(24 * MINUTE);
    const ping = await scene.hears(BOSS, [`${id} 恢复`, '超时']);
    expect(scene.text(ping.id)).toContain('魏伟');
    expect(source(ping.id)).toContain('ou_chen');
    await scene.tells('chen', [id]);
    clock.advance(HOUR);
    await scene.until(async () => (await points(number, 'restore')).includes('100%/1'));
    await scene.until(() => timesIn(scene, BOSS, `${id} 恢复`, '超时') === 2);
    await feishu.presses('chen', ping.id, { a: 'acknowledge' });
    await scene.until(async () => (await happened(scene, number)).includes('acknowledged'));
    await scene.until(() => times(scene, work, '陈', '知悉') > 0);
    clock.advance(3 * HOUR);
    await scene.quiet();
    expect((await points(number, 'restore')).filter((one) => one.startsWith('100%'))).toEqual(['100%/0', '100%/1']);
    expect(timesIn(scene, BOSS, `${id} 恢复`, '超时')).toBe(2);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('nobody on duty: said in the duty chat, and the lead is told directly', async () => {
    scene = await FeishuScene.open({
      config: FEISHU_EXAMPLE.replace(
        'db-l1: { timezone: Asia/Shanghai, starts: "2026-11-02"',
        'db-l1: { timezone: Asia/Shanghai, starts: "2027-11-01"',
      ),
    });
    const { id, work } = await raise(scene, '数据库故障,空班');
    expect(scene.text(work)).toContain(id);
    await scene.hears(DUTY, ['数据库一线现在没有值班人', '梅']);
    await scene.tells('mei', [id, '现在没有值班人，所以直接找你']);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('quiet hours: what is said to one person waits for their end, and comes then, once', async () => {
    scene = await FeishuScene.open({
      config: FEISHU_EXAMPLE.replace('{ name: 梅,', '{ quiet: ["09:00-12:00"], name: 梅,'),
    });
    const { clock } = scene;
    // S3: nobody claims it, and the ladder would tell Mei at 09:56.
    const { id, number } = await raise(scene, '数据库有点慢', { answer: '个别用户受影响' });
    clock.advance(15 * MINUTE);
    await scene.until(async () => (await happened(scene, number)).includes('reminded'));
    clock.advance(15 * MINUTE);
    await scene.hears(BOSS, [id, '需要关注']);
    expect(told('mei')).toEqual([]);
    await scene.until(() => scene.feishu.buzzes('chen').length === 1);
    clock.advance(110 * MINUTE);
    await scene.tells('mei', [id, '需要关注']);
    expect(told('mei', '需要关注')).toHaveLength(1);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('storm control: what comes to one person after the first three is one message with a list', async () => {
    scene = await FeishuScene.open({ config: `${FEISHU_EXAMPLE}\nstorm: { more_than: 3, within: 10m }\n` });
    const { clock, feishu } = scene;
    const raised: Raised[] = [];
    for (let n = 1; n <= 6; n += 1)
      raised.push(await raise(scene, `数据库有点慢，第${n}号`, { answer: '个别用户受影响' }));
    clock.advance(16 * MINUTE);
    await scene.until(() => raised.every(({ id }) => told('mei', id).length > 0));
    await scene.quiet();
    const list = told('mei').findLast((text) => raised.filter(({ id }) => text.includes(id)).length > 1);
    expect(list).toBeDefined();
    expect(told('mei').length).toBeLessThan(raised.length);
    for (const { id } of raised) expect(told('mei', id)).toHaveLength(1);
    expect(feishu.buzzes('mei')).toEqual([]);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('the brief: what it is, what was tried, the evidence, the time; the first line reads where it went', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { work, id, root, number } = await claimed(scene, '生产环境数据库连接失败,版本3.2.1');
    await answers(scene, 'wei', work, '重启了 proxy,没有用');
    await answers(scene, 'wei', work, '// 怀疑交换机');
    const log = await feishu.sendsFile(
      'lin',
      feishu.message(root).chat,
      { name: 'slow.log' },
      { replyTo: root, inThread: true },
    );
    await scene.until(() => times(scene, work, 'slow.log') > 0);
    await feishu.reacts('lin', log.id, 'Pin');
    await scene.until(async () => (await happened(scene, number)).includes('evidence'));
    await answers(scene, 'wei', work, '@bot 升级 需要看内核参数');
    const card = await scene.hears(DUTY2, [`${id} `]);
    const brief = await scene.until(() => inTopic(scene, card.id).find((one) => scene.text(one.id).includes('接手')));
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
      expect(scene.text(brief.id)).toContain(word);
    await feishu.reacts('sun', card.id, 'OnIt');
    await scene.untilStatus('in_progress', number);
    await answers(scene, 'sun', card.id, '@bot 转派 赵');
    await scene.until(async () => (await scene.ticket(number))['assignee'] === 'zhao');
    await scene.until(() => times(scene, card.id, `接手 ${id}`) === 2);
    const offDuty = inTopic(scene, card.id).findLast((one) => scene.text(one.id).includes('接手'));
    expect(source(offDuty?.id ?? '')).toContain('ou_zhao');
    await scene.until(() => scene.text(work).includes('已转到'));
    expect(scene.text(work)).not.toMatch(/待认领|处理中|值班/);
    expect(await untroubled(scene)).toEqual([]);
  });
});
