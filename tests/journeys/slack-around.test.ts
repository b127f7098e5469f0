import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, nextWhisper, raise, whispers } from '../support/slack-ticket.ts';

let scene: SlackScene;

beforeAll(async () => {
  scene = await SlackScene.open({ env: { PUBLIC_URL: 'https://itr.example.com' } });
});

afterAll(async () => {
  await scene.close();
});

async function asks(user: string, channel: string, words: string): Promise<string> {
  const before = whispers(scene, user).length;
  await scene.slack.slash(user, channel, '/itr', words);
  return nextWhisper(scene, user, before);
}

async function direct(user: string, words: string): Promise<string> {
  const { slack } = scene;
  const before = slack.dms(user).filter((one) => one.user === slack.botUserId).length;
  await slack.post(user, slack.dmChannel(user), words);
  return visibleText(await scene.until(() => slack.dms(user).filter((one) => one.user === slack.botUserId)[before]));
}

describe('around the tickets', () => {
  it('slash commands answer whoever asks, and nobody else', async () => {
    const { slack } = scene;
    const { number, id } = await claimed(scene, '数据库故障,查询');
    await scene.quiet();
    const posts = slack.calls('chat.postMessage').length;
    expect(await asks('U0WEI', 'C0DUTY', `show ${number}`)).toContain('数据库故障,查询');
    expect(await asks('U0WEI', 'C0DUTY', 'mine')).toContain(id);
    expect(await asks('U0LIN', 'C0ACME', 'mine')).toContain(id);
    expect(await asks('U0WEI', 'C0DUTY', 'duty')).toMatch(/数据库一线.*魏伟/s);
    expect(await asks('U0LIN', 'C0ACME', 'duty 数据库二线')).toContain('数据库二线');
    expect(await asks('U0WEI', 'C0DUTY', 'board')).toContain('https://itr.example.com/board');
    expect(await asks('U0WEI', 'C0DUTY', `explain ${number}`)).toContain('合同');
    expect(await asks('U0WEI', 'C0DUTY', 'help')).toContain('/itr show 128');
    expect(await asks('U0WEI', 'C0DUTY', '')).toContain('建单');
    expect(await asks('U0WEI', 'C0DUTY', 'show 4711')).toContain('没有 ITR-4711');
    expect(slack.calls('chat.postMessage')).toHaveLength(posts);
  });

  it('@itr 128 shows the card in the thread, its title linked to the console', async () => {
    const { slack } = scene;
    const { number, id } = await raise(scene, '数据库故障,卡片');
    const { ts } = await slack.mention('U0WEI', 'C0DUTY', String(number));
    const card = await scene.hears('C0DUTY', [id, '数据库故障,卡片'], ts);
    expect(JSON.stringify(card.blocks)).toContain(`https://itr.example.com/tickets/${id}`);
  });

  it('a direct message is understood like a command, and never captured', async () => {
    const { number, id } = await claimed(scene, '数据库故障,私聊');
    expect(await direct('U0WEI', '我的')).toContain(id);
    expect(await direct('U0WEI', `${number}`)).toContain('数据库故障,私聊');
    expect(await direct('U0WEI', '帮助')).toContain('认领');
    expect(await direct('U0LIN', '建单 数据库坏了')).toMatch(/项目群|群里/);
    expect(await direct('U0LIN', '你好啊机器人')).toContain('没看懂');
    expect(await direct('U0WEI', `等客户 ${id}`)).toContain('挂起');
    await scene.untilStatus('pending', number);
  });

  it('the home page: what I work on, what my team has waiting, what I raised', async () => {
    const { slack } = scene;
    const owned = await claimed(scene, '数据库故障,主页一');
    const waiting = await raise(scene, '数据库故障,主页二');
    await slack.openHome('U0WEI');
    const home = await scene.until(() => {
      const view = slack.home('U0WEI');
      return view && visibleText(view).includes(waiting.id) ? view : null;
    });
    const read = visibleText(home);
    expect(read.indexOf(owned.id)).toBeGreaterThan(read.indexOf('我处理的工单'));
    expect(read.indexOf(waiting.id)).toBeGreaterThan(read.indexOf('数据库一线 · 待认领'));
    expect(JSON.stringify(home)).toContain(`https://itr.example.com/tickets/${owned.id}`);
    await slack.clickHome('U0WEI', 'claim', { value: String(waiting.number) });
    await scene.untilStatus('in_progress', waiting.number);
    await slack.openHome('U0LIN');
    await scene.until(() => visibleText(slack.home('U0LIN') ?? { text: '' }).includes('我提出的工单'));
    expect(visibleText(slack.home('U0LIN')!)).not.toContain('待认领\n');
  });

  it('binding by command: project, team, every thread, and back; only by those who may, and not against the file', async () => {
    const { slack } = scene;
    slack.addChannel({ id: 'C0NEW', name: 'proj-new', members: ['U0ADMIN', 'U0LIN', 'U0WEI'] });
    expect(await asks('U0LIN', 'C0NEW', 'bind project acme-core')).toContain('要管理员来做');
    expect(await asks('U0ADMIN', 'C0NEW', 'bind project acme-cor')).toContain('acme-core');
    expect(await asks('U0ADMIN', 'C0NEW', 'bind')).toContain('用法');
    expect(await asks('U0ADMIN', 'C0ACME', 'bind project acme-core')).toContain('配置文件');
    await slack.slash('U0ADMIN', 'C0NEW', '/itr', 'bind project acme-core every_thread');
    await scene.hears('C0NEW', ['已绑定到', '阿克美核心系统']);
    const { ts } = await slack.post('U0LIN', 'C0NEW', '数据库死锁');
    await scene.hears('C0NEW', ['ITR-'], ts);
    await slack.slash('U0ADMIN', 'C0NEW', '/itr', 'unbind');
    await scene.hears('C0NEW', ['已解除绑定']);
    await slack.slash('U0ADMIN', 'C0NEW', '/itr', 'bind team db-rd');
    await scene.hears('C0NEW', ['已绑定到 数据库研发']);
    const { id, work } = await claimed(scene, '数据库故障,给研发');
    await slack.mention('U0WEI', 'C0DUTY', '升级 数据库研发', { thread_ts: work });
    await scene.hears('C0NEW', [`${id} `]);
    await slack.slash('U0ADMIN', 'C0NEW', '/itr', 'unbind');
  });

  it('the morning digest goes to each duty channel once, however often it is started', async () => {
    const { slack } = scene;
    await scene.app.postDigests();
    await scene.app.postDigests();
    const first = await scene.hears('C0DUTY', ['今天的值班和工单']);
    await scene.hears('C0DUTY2', ['今天的值班和工单']);
    await scene.quiet();
    for (const channel of ['C0DUTY', 'C0DUTY2'])
      expect(
        slack.messages(channel, { from: 'bot' }).filter((one) => visibleText(one).includes('今天的值班和工单')),
      ).toHaveLength(1);
    expect(visibleText(first)).toContain('值班 *魏伟*');
    scene.clock.advance(24 * 3_600_000);
    await scene.app.postDigests();
    await scene.until(
      () =>
        slack.messages('C0DUTY', { from: 'bot' }).filter((one) => visibleText(one).includes('今天的值班和工单'))
          .length === 2,
    );
  });
});
