import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, happened, inThread, nextWhisper, timeline, times, whispers } from '../support/slack-ticket.ts';

let scene: SlackScene;

beforeAll(async () => {
  scene = await SlackScene.open();
});

afterAll(async () => {
  await scene.close();
});

const recorded = (number: number, text: string) =>
  scene.until(async () => (await timeline(scene, number)).some((event) => event['text'] === text));

describe('the project’s thread and the work thread are kept in step', () => {
  it('both ways, in the author’s name, each message once', async () => {
    const { slack } = scene;
    const { ts, work } = await claimed(scene, '数据库故障,同步');
    await slack.post('U0ZHOU', 'C0ACME', '我补充一下,是早上开始的', { thread_ts: ts });
    expect(visibleText(await scene.hears('C0DUTY', ['早上开始'], work))).toContain('zhou');
    await slack.post('U0WEI', 'C0DUTY', '在看慢日志了', { thread_ts: work });
    expect(visibleText(await scene.hears('C0ACME', ['慢日志'], ts))).toContain('魏伟');
    await slack.post('U0LI', 'C0DUTY', '我来协助', { thread_ts: work });
    await scene.hears('C0ACME', ['我来协助'], ts);
    await scene.quiet();
    expect(inThread(scene, 'C0ACME', ts).filter((one) => /^\*.*慢日志/.test(visibleText(one)))).toHaveLength(1);
    expect(times(scene, 'C0DUTY', work, '早上开始')).toBe(1);
    // What was carried over is not carried back.
    expect(times(scene, 'C0DUTY', work, '慢日志')).toBe(0);
    expect(times(scene, 'C0ACME', ts, '早上开始')).toBe(0);
  });

  it('and their edits and deletions', async () => {
    const { slack } = scene;
    const { ts, work } = await claimed(scene, '数据库故障,编辑');
    const asked = await slack.post('U0LIN', 'C0ACME', '端口是5432', { thread_ts: ts });
    const copy = await scene.hears('C0DUTY', ['5432'], work);
    await slack.edit('U0LIN', 'C0ACME', asked.ts, '端口是5433');
    await scene.until(() => scene.text('C0DUTY', copy.ts).includes('5433'));
    await slack.delete('U0LIN', 'C0ACME', asked.ts);
    await scene.until(() => scene.text('C0DUTY', copy.ts).includes('已撤回'));

    const answer = await slack.post('U0WEI', 'C0DUTY', '请改成6432', { thread_ts: work });
    const other = await scene.hears('C0ACME', ['6432'], ts);
    await slack.edit('U0WEI', 'C0DUTY', answer.ts, '请改成6433');
    await scene.until(() => scene.text('C0ACME', other.ts).includes('6433'));
    await slack.delete('U0WEI', 'C0DUTY', answer.ts);
    await scene.until(() => scene.said('C0ACME', ['6433'], ts) === undefined);
    expect(times(scene, 'C0ACME', ts, '6432')).toBe(0);
  });

  it('with their files, which stay when the words are edited', async () => {
    const { slack } = scene;
    const { ts, work, number } = await claimed(scene, '数据库故障,截图');
    const shot = await slack.post('U0LIN', 'C0ACME', '见截图', {
      thread_ts: ts,
      files: [{ name: 'slow.png', mimetype: 'image/png' }],
    });
    const copy = await scene.hears('C0DUTY', ['见截图', 'slow.png'], work);
    await slack.edit('U0LIN', 'C0ACME', shot.ts, '见截图,右下角');
    await scene.until(() => scene.text('C0DUTY', copy.ts).includes('右下角'));
    expect(scene.text('C0DUTY', copy.ts)).toContain('slow.png');
    await slack.post('U0WEI', 'C0DUTY', '', { thread_ts: work, files: [{ name: 'patch.sql' }] });
    await scene.hears('C0ACME', ['patch.sql'], ts);
    const said = (await timeline(scene, number)).filter((event) => event['type'] === 'message');
    expect(said.filter((event) => JSON.stringify(event['attachments']).includes('.'))).toHaveLength(2);
  });

  it('a reply that is also sent to the channel counts once', async () => {
    const { slack } = scene;
    const { ts, work, number } = await claimed(scene, '数据库故障,广播');
    await slack.post('U0LIN', 'C0ACME', '大家注意,全站受影响', { thread_ts: ts, broadcast: true });
    await scene.hears('C0DUTY', ['全站受影响'], work);
    await scene.quiet();
    expect(times(scene, 'C0DUTY', work, '全站受影响')).toBe(1);
    expect((await timeline(scene, number)).filter((event) => event['text'] === '大家注意,全站受影响')).toHaveLength(1);
  });

  it('internal notes stay inside: by //, by the word, also when edited', async () => {
    const { slack } = scene;
    const { ts, work, number } = await claimed(scene, '数据库故障,内部');
    const note = await slack.post('U0WEI', 'C0DUTY', '// 怀疑是交换机', { thread_ts: work });
    await recorded(number, '// 怀疑是交换机');
    await slack.edit('U0WEI', 'C0DUTY', note.ts, '// 怀疑是核心交换机');
    await slack.mention('U0WEI', 'C0DUTY', '备注 客户的网管休假了', { thread_ts: work });
    await recorded(number, '备注 客户的网管休假了');
    await slack.mention('U0WEI', 'C0DUTY', '内部 别告诉客户', { thread_ts: work });
    // What the bot does not understand was said to it all the same, not to the project.
    const before = whispers(scene, 'U0WEI').length;
    await slack.mention('U0WEI', 'C0DUTY', '这个客户的机房又进水了', { thread_ts: work });
    expect(await nextWhisper(scene, 'U0WEI', before)).toContain('没看懂');
    await scene.quiet();
    for (const word of ['交换机', '网管', '别告诉', '进水']) expect(scene.said('C0ACME', [word], ts)).toBeUndefined();
  });

  it('commands to the bot, other bots, unfurled links and the bot’s own edits are not carried', async () => {
    const { slack } = scene;
    const { ts, work, number } = await claimed(scene, '数据库故障,杂音');
    slack.addUser({ id: 'U0CI', name: 'ci', isBot: true });
    for (const channel of ['C0ACME', 'C0DUTY']) await slack.joinChannel('U0CI', channel);
    const link = await slack.post('U0LIN', 'C0ACME', '参考 https://example.com/a', { thread_ts: ts });
    const copy = await scene.hears('C0DUTY', ['example.com/a'], work);
    await scene.quiet();
    const before = await happened(scene, number);
    const updates = slack.calls('chat.update').filter((call) => call.args['ts'] === copy.ts).length;
    await slack.unfurl('C0ACME', link.ts);
    await slack.post('U0CI', 'C0ACME', 'build 77 failed', { thread_ts: ts });
    await slack.webhook('C0ACME', 'disk 98%', { thread_ts: ts });
    await slack.post('U0CI', 'C0DUTY', 'build 78 failed', { thread_ts: work });
    await slack.mention('U0WEI', 'C0DUTY', `${number}`, { thread_ts: work });
    await scene.quiet();
    expect(scene.said('C0DUTY', ['build 77'], work) ?? scene.said('C0DUTY', ['disk'], work)).toBeUndefined();
    expect(scene.said('C0ACME', ['build 78'], ts)).toBeUndefined();
    expect(slack.calls('chat.update').filter((call) => call.args['ts'] === copy.ts)).toHaveLength(updates);
    const after = await happened(scene, number);
    expect(after.slice(before.length)).toEqual(['message']);
    expect(inThread(scene, 'C0ACME', ts).some((one) => visibleText(one) === `*魏伟*: ${number}`)).toBe(false);
  });

  it('an answer resumes what waits for the customer; a word that is no thanks asks “solved or not”', async () => {
    const { slack } = scene;
    const { ts, work, number } = await claimed(scene, '数据库故障,等答复');
    await slack.post('U0WEI', 'C0DUTY', '等客户', { thread_ts: work });
    await scene.untilStatus('pending', number);
    await slack.post('U0LIN', 'C0ACME', '稍等,我去取日志', { thread_ts: ts });
    await scene.untilStatus('in_progress', number);
    await slack.mention('U0WEI', 'C0DUTY', '解决 调大了连接池 #configuration', { thread_ts: work });
    await scene.untilStatus('resolved', number);
    await slack.post('U0LIN', 'C0ACME', '谢谢', { thread_ts: ts });
    await scene.quiet();
    expect(scene.said('C0ACME', ['是解决了，还是还有问题'], ts)).toBeUndefined();
    await slack.post('U0LIN', 'C0ACME', '刚才又断了一次', { thread_ts: ts });
    const asked = await scene.hears('C0ACME', ['是解决了，还是还有问题'], ts);
    expect((await scene.ticket(number))['status']).toBe('resolved');
    await slack.click('U0LIN', 'C0ACME', asked.ts, 'reopen');
    await scene.untilStatus('in_progress', number);
  });
});
