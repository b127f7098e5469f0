import { afterEach, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, inThread, timeline } from '../support/slack-ticket.ts';
import { EXAMPLE } from '../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let scene: SlackScene;

afterEach(async () => {
  await scene.close();
});

/** The 75 % point does `what` too; S1 has 4 h to restore, around the clock. */
const config = (what: string, from = '', to = ''): string =>
  `${EXAMPLE.replace('- { at: 75%, remind: assignee }', `- { at: 75%, remind: assignee, ${what} }`).replace(from, to)}\nsilent_owner: off\n`;

describe('what a point does', () => {
  it('escalate: tier: the second line gets card and brief with the reason, the first line reads where it went', async () => {
    scene = await SlackScene.open({ config: config('escalate: tier') });
    const { slack, clock } = scene;
    const { number, work, id, ts } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    await slack.post('U0WEI', 'C0DUTY', '正在切换备库', { thread_ts: work });
    await scene.hears('C0ACME', ['正在切换备库'], ts);
    clock.advance(3 * HOUR);
    const second = await scene.hears('C0DUTY2', [`${id} `]);
    const brief = visibleText(await scene.hears('C0DUTY2', ['接手'], second.ts));
    for (const word of ['数据库一线', '正在切换备库', '恢复到了 75% 的时点，自动升级']) expect(brief).toContain(word);
    const reminded = await scene.hears('C0DUTY', [`${id} 恢复还剩`, '已自动升级到数据库二线'], work);
    expect(reminded.text).toContain('<@U0WEI>');
    await scene.quiet();
    clock.advance(10 * MINUTE);
    await scene.quiet();
    const escalated = (await timeline(scene, number)).filter((one) => one['type'] === 'escalated');
    expect(escalated).toMatchObject([
      { actor: 'itr', kind: 'functional', team: 'db-l2', because: { clock: 'restore', point: '75%' } },
    ]);
  });

  it('escalate: tier of a last tier: the team is told so, and the ladder is climbed', async () => {
    scene = await SlackScene.open({ config: config('escalate: tier', ', escalates_to: db-l2', '') });
    const { slack, clock } = scene;
    const { work, id } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    clock.advance(3 * HOUR);
    await scene.hears('C0DUTY', [`${id} 恢复还剩`, '数据库一线没有下一级可升，改为逐级通知'], work);
    clock.advance(15 * MINUTE);
    const lead = await scene.until(() => slack.dms('U0MEI').find((one) => visibleText(one).includes(id)));
    expect(visibleText(lead)).toContain('需要关注');
  });

  it('buzz: a direct message that says that it is urgent, in the middle of quiet hours, and who got it is on the timeline', async () => {
    scene = await SlackScene.open({
      config: config('buzz: [assignee, lead]', '{ name: 魏伟,', '{ quiet: "00:00-23:59", name: 魏伟,'),
    });
    const { slack, clock } = scene;
    const { number, id } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    clock.advance(3 * HOUR);
    for (const user of ['U0WEI', 'U0MEI']) {
      const urgent = await scene.until(() => slack.dms(user).find((one) => visibleText(one).includes('加急')));
      expect(visibleText(urgent)).toContain(`${id} 恢复还剩`);
    }
    const point = (await timeline(scene, number)).find((one) => one['point'] === '75%' && one['clock'] === 'restore');
    expect(point).toMatchObject({
      buzz: [
        { whom: 'assignee', person: 'wei' },
        { whom: 'lead', person: 'mei' },
      ],
    });
    const page = await (await fetch(`${scene.app.url}/tickets/ITR-${number}`)).text();
    expect(page).toContain('已加急呼叫 魏伟、梅');
  });
});

describe('a war room', () => {
  const room = () => scene.until(() => [...scene.slack.world.channels.values()].find(({ name }) => name === 'itr-1'));

  it('by a point: the brief comes first, then its people; the talk stays in it and on the timeline', async () => {
    scene = await SlackScene.open({ config: config('war_room: true') });
    const { slack, clock } = scene;
    const { number, work, id, ts } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    await slack.post('U0WEI', 'C0DUTY', '正在切换备库', { thread_ts: work });
    await scene.hears('C0ACME', ['正在切换备库'], ts);
    clock.advance(3 * HOUR);
    const opened = await scene.hears('C0DUTY', [`${id} 的作战室已经开好`], work);
    expect(opened.text).toContain('slack.com/archives/');
    const { id: chat, kind, members, topic } = await room();
    expect([kind, [...members].sort()]).toEqual(['group', [slack.botUserId, 'U0CHEN', 'U0MEI', 'U0WEI'].sort()]);
    expect(topic).toContain(id);
    const [first, ...more] = slack.messages(chat, { from: 'bot' });
    expect(more).toEqual([]);
    const brief = first === undefined ? '' : visibleText(first);
    for (const word of ['作战室', '正在切换备库', '不会传给客户']) expect(brief).toContain(word);

    // A room is a chat: what stands at its top belongs to the ticket, and so do the threads people make in it.
    const top = await slack.post('U0WEI', chat, '备库切换卡在主从延迟');
    await slack.post('U0MEI', chat, '我找网络组', { thread_ts: top.ts });
    await scene.until(async () => (await messagesIn(number, 'war_room')).length === 2);
    expect(await messagesIn(number, 'war_room')).toMatchObject([
      { actor: 'wei', text: '备库切换卡在主从延迟', internal: true },
      { actor: 'mei', text: '我找网络组', internal: true },
    ]);
    await slack.react('U0WEI', chat, top.ts, 'pushpin');
    await scene.until(async () => (await timeline(scene, number)).some((one) => one['type'] === 'evidence'));
    await scene.quiet();
    for (const [channel, thread] of [
      ['C0ACME', ts],
      ['C0DUTY', work],
    ] as const)
      expect(inThread(scene, channel, thread).some((one) => visibleText(one).includes('主从延迟'))).toBe(false);

    await slack.mention('U0WEI', chat, '业务恢复');
    await scene.untilStatus('restored', number);
    await slack.mention('U0MEI', 'C0DUTY', '作战室', { thread_ts: work });
    await scene.until(() => slack.ephemerals('U0MEI').some((one) => one.text.includes('已经有作战室了')));
    expect([...slack.world.channels.values()].filter(({ name }) => name.startsWith('itr-1'))).toHaveLength(1);
  });

  it('by hand, without the scope: said in the work thread with what to do; with it, a second word opens it', async () => {
    scene = await SlackScene.open();
    const { slack } = scene;
    const { work, id } = await claimed(scene, '生产数据库全部宕机');
    slack.world.scopes.delete('groups:write');
    await slack.mention('U0WEI', 'C0DUTY', '作战室', { thread_ts: work });
    await scene.hears('C0DUTY', [`${id} 的作战室没有开成`, 'groups:write'], work);
    slack.world.scopes.add('groups:write');
    await slack.mention('U0WEI', 'C0DUTY', '开作战室', { thread_ts: work });
    await scene.hears('C0DUTY', [`${id} 的作战室已经开好`], work);
    expect((await room()).members.has('U0WEI')).toBe(true);
  });

  it('an answer of Slack’s that is lost makes no second room, and nobody is greeted twice', async () => {
    scene = await SlackScene.open();
    const { slack } = scene;
    const { work, id } = await claimed(scene, '生产数据库全部宕机');
    for (const method of ['conversations.create', 'conversations.invite'])
      slack.fault({ method, kind: 'drop-after-success' });
    slack.fault({
      method: 'chat.postMessage',
      kind: 'drop-after-success',
      when: ({ channel }) => String(channel).startsWith('G'),
    });
    await slack.mention('U0WEI', 'C0DUTY', '作战室', { thread_ts: work });
    await scene.hears('C0DUTY', [`${id} 的作战室已经开好`], work);
    await scene.quiet();
    const { id: chat } = await room();
    expect(slack.messages(chat, { from: 'bot' })).toHaveLength(1);
    expect([...slack.world.channels.values()].filter(({ kind }) => kind === 'group')).toHaveLength(1);
  });

  const messagesIn = async (number: number, role: string) =>
    (await timeline(scene, number)).filter((one) => one['type'] === 'message' && one['role'] === role);
});
