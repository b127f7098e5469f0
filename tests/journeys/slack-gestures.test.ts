import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, happened, nextWhisper, resolved, timeline, whispers } from '../support/slack-ticket.ts';

let scene: SlackScene;

beforeAll(async () => {
  scene = await SlackScene.open();
});

afterAll(async () => {
  await scene.close();
});

/** Somebody reacts, and is told something privately. */
async function refused(user: string, channel: string, ts: string, emoji: string): Promise<string> {
  const before = whispers(scene, user).length;
  await scene.slack.react(user, channel, ts, emoji);
  return nextWhisper(scene, user, before);
}

const publicly = (): number => scene.slack.calls('chat.postMessage').length;

describe('gestures', () => {
  it('⏸️ waits for the customer, ▶️ goes on; who does not own it is told so privately', async () => {
    const { slack } = scene;
    const { number, work, id } = await claimed(scene, '数据库故障,暂停');
    await scene.quiet();
    const said = publicly();
    expect(await refused('U0LI', 'C0DUTY', work, 'double_vertical_bar')).toContain(id);
    await scene.quiet();
    expect(publicly()).toBe(said);
    await slack.react('U0WEI', 'C0DUTY', work, 'double_vertical_bar');
    expect((await scene.untilStatus('pending', number))['status']).toBe('pending');
    await scene.until(() => scene.text('C0DUTY', work).includes('等客户'));
    await slack.react('U0WEI', 'C0DUTY', work, 'arrow_forward');
    await scene.untilStatus('in_progress', number);
  });

  it('🔺 gives it to the next line, with card, brief and thread there', async () => {
    const { slack } = scene;
    const { number, work, id } = await claimed(scene, '数据库故障,升级');
    await slack.react('U0WEI', 'C0DUTY', work, 'small_red_triangle');
    const second = await scene.hears('C0DUTY2', [`${id} `]);
    await scene.hears('C0DUTY2', ['接手'], second.ts);
    const ticket = await scene.ticket(number);
    expect([ticket['status'], ticket['team'], ticket['tier']]).toEqual(['queued', 'db-l2', 'L2']);
    await scene.until(() => scene.text('C0DUTY', work).includes('已转到 *数据库二线*'));
  });

  it('🚨 raises the severity by one and calls the lead; at S1 there is nothing higher', async () => {
    const { slack } = scene;
    const { number, work, id, card } = await claimed(scene, '数据库故障,提级');
    await slack.react('U0LI', 'C0DUTY', work, 'rotating_light');
    await scene.until(async () => (await happened(scene, number)).includes('severity_changed'));
    const told = await scene.hears('C0DUTY', [id, 'S3 调为 S2'], work);
    expect(told.text).toContain('<@U0MEI>');
    await scene.until(() => scene.text('C0ACME', card).includes('S2'));
    await slack.react('U0WEI', 'C0DUTY', told.ts, 'rotating_light');
    await scene.hears('C0DUTY', [id, 'S2 调为 S1'], work);
    expect(await refused('U0MEI', 'C0DUTY', work, 'rotating_light')).toContain('S1');
    expect(await refused('U0LIN', 'C0ACME', card, 'rotating_light')).toContain(id);
  });

  it('🔒 keeps a message inside, 📌 keeps one as evidence; nobody of the project may mark internal', async () => {
    const { slack } = scene;
    const { number, work, ts } = await claimed(scene, '数据库故障,留证');
    const log = await slack.post('U0WEI', 'C0DUTY', '客户机房的交换机有问题', { thread_ts: work });
    await scene.hears('C0ACME', ['交换机'], ts);
    expect(await refused('U0WEI', 'C0DUTY', log.ts, 'lock')).toContain('内部');
    await scene.until(() => scene.said('C0ACME', ['交换机'], ts) === undefined);
    expect(await refused('U0WEI', 'C0DUTY', log.ts, 'pushpin')).toContain('证据');
    const shown = await slack.post('U0LIN', 'C0ACME', '慢日志如下 10:12', { thread_ts: ts });
    await scene.until(async () => (await timeline(scene, number)).some((one) => one['text'] === '慢日志如下 10:12'));
    expect(await refused('U0LIN', 'C0ACME', shown.ts, 'pushpin')).toContain('证据');
    expect(await refused('U0LIN', 'C0ACME', shown.ts, 'lock')).toContain('由支持团队的工程师来做');
    expect((await happened(scene, number)).filter((type) => type === 'evidence')).toHaveLength(2);
  });

  it('✅ by the owner resolves (with a form where the words are not there), by the requester confirms', async () => {
    const { slack } = scene;
    const { number, work } = await claimed(scene, '数据库故障,打勾');
    expect(await refused('U0LI', 'C0DUTY', work, 'white_check_mark')).toMatch(/魏伟|ITR-/);
    expect(await refused('U0WEI', 'C0DUTY', work, 'white_check_mark')).toContain('还要填几项');
    await slack.unreact('U0WEI', 'C0DUTY', work, 'white_check_mark');
    await slack.post('U0WEI', 'C0DUTY', '已解决,配置改错了,改回参数后恢复正常', { thread_ts: work });
    await scene.quiet();
    if ((await scene.ticket(number))['status'] === 'in_progress')
      await slack.react('U0WEI', 'C0DUTY', work, 'white_check_mark');
    await scene.untilStatus('resolved', number);
    expect((await timeline(scene, number)).find((one) => one['type'] === 'resolved')).toMatchObject({
      cause: 'configuration',
    });
    const before = await scene.hears('C0ACME', ['已由 魏伟 解决', `ITR-${number}`]);
    await slack.react('U0LIN', 'C0ACME', before.ts, 'white_check_mark');
    await scene.untilStatus('closed', number);
  });

  it('🔁 reopens what is resolved or closed, and the owner is called back', async () => {
    const { slack } = scene;
    const { number, ask, work, id } = await resolved(scene, '数据库故障,没修好');
    await slack.react('U0LIN', 'C0ACME', ask, 'repeat');
    await scene.untilStatus('in_progress', number);
    const told = await scene.hears('C0DUTY', [id, '重新打开'], work);
    expect(told.text).toContain('<@U0WEI>');
    expect((await scene.ticket(number))['assignee']).toBe('wei');
  });

  it('👀, ✅ and 🔺 on what people say to each other in the project’s thread mean nothing', async () => {
    const { slack } = scene;
    const { number, ts } = await claimed(scene, '数据库故障,随手表情');
    const chat = await slack.post('U0LIN', 'C0ACME', '我们先观察一下', { thread_ts: ts });
    await scene.quiet();
    const before = await happened(scene, number);
    const heard = whispers(scene, 'U0ZHOU').length + whispers(scene, 'U0WEI').length;
    for (const emoji of ['eyes', 'white_check_mark', 'small_red_triangle', 'repeat'])
      await slack.react('U0ZHOU', 'C0ACME', chat.ts, emoji);
    await slack.react('U0WEI', 'C0ACME', chat.ts, 'eyes');
    await slack.react('U0WEI', 'C0ACME', chat.ts, 'white_check_mark');
    await scene.quiet();
    expect(await happened(scene, number)).toEqual(before);
    expect(whispers(scene, 'U0ZHOU').length + whispers(scene, 'U0WEI').length).toBe(heard);
  });

  it('a skin tone changes nothing', async () => {
    const { slack } = scene;
    const { number, work } = await claimed(scene, '数据库故障,肤色');
    await slack.unreact('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.untilStatus('queued', number);
    await slack.react('U0LI', 'C0DUTY', work, 'raising_hand::skin-tone-3');
    expect((await scene.untilStatus('in_progress', number))['assignee']).toBe('li');
  });
});
