import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { FeishuEmulator } from '../emulators/feishu/index.ts';
import { BOSS, DUTY2, FEISHU_EXAMPLE, FeishuScene } from '../support/feishu-scene.ts';
import { answers, claimed, events, happened, inTopic, raise, times, untroubled } from '../support/feishu-ticket.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let scene: FeishuScene;

afterEach(async () => {
  await scene.close();
});

/** The lead's step rings, too. */
const RINGING = FEISHU_EXAMPLE.replace('whom: lead, how: direct }', 'whom: lead, how: [direct, buzz] }');
/** The 75 % point does `what` too; S1 has 4 h to restore, around the clock. */
const config = (what: string, from = '', to = ''): string =>
  `${FEISHU_EXAMPLE.replace('- { at: 75%, remind: assignee }', `- { at: 75%, remind: assignee, ${what} }`).replace(from, to)}\nsilent_owner: off\n`;

const ways = (person: string): string[] => scene.feishu.buzzes(person).map((buzz) => buzz.way);
/** What one person alone was told, oldest first. */
const told = (person: string, ...words: string[]): string[] =>
  scene.feishu
    .direct(person)
    .map((one) => scene.text(one.id))
    .filter((text) => words.every((word) => text.includes(word)));

describe('the ladder on Feishu', () => {
  it('a direct message that rings: the lead after 15 minutes, the manager after 30; a claim ends it', async () => {
    scene = await FeishuScene.open({ config: RINGING });
    const { feishu, clock } = scene;
    const { number, work, id } = await raise(scene, '数据库故障,没人接');
    expect(JSON.stringify(feishu.card(work))).toContain('<at id=ou_wei></at>');
    clock.advance(15 * MINUTE);
    const lead = await scene.tells('mei', [id, '需要关注', '加急']);
    await scene.until(() => ways('mei').length === 1);
    expect(feishu.buzzes('mei')).toMatchObject([{ message: lead.id, way: 'app' }]);
    expect(told('chen')).toEqual([]);
    clock.advance(15 * MINUTE);
    await scene.tells('chen', [id, '需要关注']);
    await scene.hears(BOSS, [id, '需要关注']);
    await scene.until(() => ways('chen').length === 1);
    await feishu.reacts('wei', work, 'OnIt');
    await scene.untilStatus('in_progress', number);
    await scene.quiet();
    clock.advance(20 * MINUTE);
    await scene.quiet();
    expect([ways('mei'), ways('chen'), told('mei').length]).toEqual([['app'], ['app'], 1]);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('acknowledging the message that rang stops it before the manager is told', async () => {
    scene = await FeishuScene.open({ config: RINGING });
    const { feishu, clock } = scene;
    const { number, id } = await raise(scene, '数据库故障,组长知道了');
    clock.advance(15 * MINUTE);
    const lead = await scene.tells('mei', [id]);
    await feishu.presses('mei', lead.id, { a: 'acknowledge' });
    await scene.until(async () => (await happened(scene, number)).includes('acknowledged'));
    clock.advance(20 * MINUTE);
    await scene.quiet();
    expect(told('chen')).toEqual([]);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('FEISHU_URGENT=sms:1,phone:1: once by text message and call besides, then by the app only, also in a new process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'itr-feishu-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    scene = await FeishuScene.open({ config: RINGING, env: { FEISHU_URGENT: 'sms:1,phone:1' }, folder });
    const { clock, feishu } = scene;
    const first = await raise(scene, '数据库故障,第一次');
    clock.advance(15 * MINUTE);
    await scene.tells('mei', [first.id]);
    await scene.until(() => ways('mei').length === 3);
    clock.advance(15 * MINUTE);
    await scene.until(() => ways('chen').length === 1);
    const second = await raise(scene, '数据库故障,第二次');
    clock.advance(15 * MINUTE);
    await scene.tells('mei', [second.id]);
    await scene.until(() => ways('mei').length === 4);
    expect(ways('mei')).toEqual(['app', 'sms', 'phone', 'app']);
    expect(ways('chen')).toEqual(['app']);
    for (const way of ['urgent.sms', 'urgent.phone']) expect(feishu.calls(way)).toHaveLength(1);

    // The number stands in the database: a new process knows it.
    await scene.app.stop();
    await scene.startApp(folder);
    await scene.quiet();
    const third = await raise(scene, '数据库故障,第三次');
    clock.advance(15 * MINUTE);
    await scene.tells('mei', [third.id]);
    await scene.until(() => ways('mei').length === 5);
    expect(ways('mei').at(-1)).toBe('app');
    expect(await untroubled(scene)).toEqual([]);
  });

  const unreached: readonly (readonly [string, (feishu: FeishuEmulator) => void])[] = [
    ['outside of the app’s availability', (feishu) => (feishu.world.person('mei').available = false)],
    ['who has stopped the bot', (feishu) => (feishu.world.person('mei').stoppedBot = true)],
    ['who has resigned', (feishu) => (feishu.world.person('mei').resigned = true)],
    [
      'with 200 unread urgent messages',
      (feishu) => {
        for (let n = 0; n < 200; n += 1)
          feishu.world.buzzes.push({ message: 'om_old', person: 'mei', way: 'app', at: 0, read: false });
      },
    ],
  ];
  it.each(unreached)(
    'somebody %s: the next step at once, and it is said who could not be reached',
    async (_who, make) => {
      scene = await FeishuScene.open({ config: RINGING });
      const { feishu, clock } = scene;
      const { number, id } = await raise(scene, '数据库故障,找不到组长');
      make(feishu);
      const before = clock.now();
      clock.advance(15 * MINUTE);
      await scene.tells('chen', [id, '梅联系不上，已直接升到这里']);
      await scene.hears(BOSS, [id, '梅联系不上']);
      expect(clock.now() - before).toBeLessThan(20 * MINUTE);
      const steps = (await events(scene, number)).filter((one) => one['type'] === 'reminded');
      expect(steps.at(-1)).toMatchObject({ what: 'ladder', step: 2, unreachable: ['梅'] });
      await scene.quiet();
      // What did not arrive is shown, not forgotten.
      expect(await scene.app.storage.queues.outbox.deadLetters(10)).toHaveLength(1);
      expect([...feishu.violations(), ...feishu.warnings()]).toEqual([]);
    },
  );

  it('a ring by call reaches whom the app does not ring: nobody is passed over', async () => {
    scene = await FeishuScene.open({ config: RINGING, env: { FEISHU_URGENT: 'phone:1' } });
    const { feishu, clock } = scene;
    const { id } = await raise(scene, '数据库故障,只能打电话');
    feishu.fault({ call: 'urgent.app', kind: 'error', code: 230024, status: 400 });
    clock.advance(15 * MINUTE);
    await scene.tells('mei', [id]);
    await scene.until(() => ways('mei').includes('phone'));
    await scene.quiet();
    expect(told('chen')).toEqual([]);
    expect(await untroubled(scene)).toEqual([]);
  });
});

describe('what a point does on Feishu', () => {
  it('escalate: tier: the second line gets card and brief with the reason, the first line reads where it went', async () => {
    scene = await FeishuScene.open({ config: config('escalate: tier') });
    const { clock } = scene;
    const { number, work, id, root } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    await answers(scene, 'wei', work, '正在切换备库');
    await scene.until(() => times(scene, root, '正在切换备库') > 0);
    clock.advance(3 * HOUR);
    const second = await scene.hears(DUTY2, [`${id} `]);
    const brief = await scene.until(() => inTopic(scene, second.id).find((one) => scene.text(one.id).includes('接手')));
    for (const word of ['数据库一线', '正在切换备库', '恢复到了 75% 的时点，自动升级'])
      expect(scene.text(brief.id)).toContain(word);
    await scene.until(() => times(scene, work, `${id} 恢复还剩`, '已自动升级到数据库二线') === 1);
    const escalated = (await events(scene, number)).filter((one) => one['type'] === 'escalated');
    expect(escalated).toMatchObject([
      { actor: 'itr', kind: 'functional', team: 'db-l2', because: { clock: 'restore', point: '75%' } },
    ]);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('buzz: rings in the middle of quiet hours, and who was rung is on the timeline', async () => {
    scene = await FeishuScene.open({
      config: config('buzz: [assignee, lead]', '{ name: 魏伟,', '{ quiet: "00:00-23:59", name: 魏伟,'),
    });
    const { clock, feishu } = scene;
    const { number, id } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    clock.advance(3 * HOUR);
    for (const person of ['wei', 'mei']) {
      const rung = await scene.tells(person, ['加急', `${id} 恢复还剩`]);
      await scene.until(() => feishu.buzzes(person).some((buzz) => buzz.message === rung.id));
    }
    const point = (await events(scene, number)).find((one) => one['point'] === '75%' && one['clock'] === 'restore');
    expect(point).toMatchObject({
      buzz: [
        { whom: 'assignee', person: 'wei' },
        { whom: 'lead', person: 'mei' },
      ],
    });
    expect(await untroubled(scene)).toEqual([]);
  });
});
