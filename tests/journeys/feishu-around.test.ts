import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, DUTY, DUTY2, FeishuScene } from '../support/feishu-scene.ts';
import { toldAfter } from '../support/feishu-steps.ts';
import { answers, claimed, inTopic, raise, ticketOf, timesIn, untroubled } from '../support/feishu-ticket.ts';

let scene: FeishuScene;

beforeAll(async () => {
  scene = await FeishuScene.open({ env: { PUBLIC_URL: 'https://itr.example.com' } });
});

afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
});

afterAll(async () => {
  await scene.close();
  await stopPostgres();
});

/** What somebody is told privately for what he does, once all else has been said. */
async function hears(person: string, act: () => Promise<unknown>): Promise<string> {
  await scene.quiet();
  return toldAfter(scene, person, act);
}

/** What the bot answers in the direct conversation. */
const direct = (person: string, words: string): Promise<string> =>
  hears(person, () => scene.feishu.tells(person, words));

describe('around the tickets, on Feishu', () => {
  it('questions asked directly are answered there, and the chats read nothing of them', async () => {
    const { feishu } = scene;
    const { number, id } = await claimed(scene, '数据库故障,查询');
    await scene.quiet();
    const said = (): number[] => [ACME, DUTY, DUTY2].map((chat) => feishu.messages(chat, { from: 'bot' }).length);
    const before = said();
    expect(await direct('wei', `查看 ${number}`)).toContain('数据库故障,查询');
    expect(await direct('wei', '我的')).toContain(id);
    expect(await direct('lin', '我的')).toContain(id);
    expect(await direct('wei', '值班')).toMatch(/数据库一线.*魏伟/s);
    expect(await direct('lin', '值班 数据库二线')).toContain('数据库二线');
    expect(await direct('wei', '看板')).toContain('https://itr.example.com/board');
    expect(await direct('wei', `为什么 ${number}`)).toContain('合同');
    expect(await direct('wei', '帮助')).toContain('认领');
    expect(await direct('wei', '查看 4711')).toContain('没有 ITR-4711');
    expect(await direct('lin', '你好啊机器人')).toContain('没看懂');
    await scene.quiet();
    expect(said()).toEqual(before);
  });

  it('@bot 128 shows the card in the topic, its title linked to the console', async () => {
    const { feishu } = scene;
    const { number, id } = await raise(scene, '数据库故障,卡片');
    const { id: asked } = await feishu.says('wei', DUTY, `@bot ${number}`);
    const card = await scene.until(() => inTopic(scene, asked).find((one) => scene.text(one.id).includes(id)));
    expect(scene.text(card.id)).toContain('数据库故障,卡片');
    expect(card.content).toContain(`https://itr.example.com/tickets/${id}`);
  });

  it('a direct message is understood like a command, and changes the ticket it names', async () => {
    const { number, id } = await claimed(scene, '数据库故障,私聊');
    expect(await direct('wei', `${number}`)).toContain('数据库故障,私聊');
    expect(await direct('wei', `等客户 ${id}`)).toContain('挂起');
    await scene.untilStatus('pending', number);
  });

  it('mine in the menu: what I work on and what I raised, each linked to the console', async () => {
    const { feishu } = scene;
    const owned = await claimed(scene, '数据库故障,菜单一');
    const waiting = await raise(scene, '数据库故障,菜单二');
    const mine = await hears('wei', () => feishu.opensMenu('wei', 'mine'));
    expect(mine).toContain(`https://itr.example.com/tickets/${owned.id}`);
    const raised = await hears('lin', () => feishu.opensMenu('lin', 'mine'));
    for (const { id } of [owned, waiting]) expect(raised).toContain(id);
  });

  it('binding by word: project, team, every thread, and back; only by those who may, and not against the file', async () => {
    const { feishu } = scene;
    feishu.addChat({ id: 'oc_new', name: 'proj-new', members: ['admin', 'lin', 'wei'] });
    const told = (person: string, chat: string, words: string): Promise<string> =>
      hears(person, () => feishu.says(person, chat, `@bot ${words}`));
    expect(await told('lin', 'oc_new', '绑定 项目 acme-core')).toContain('要管理员来做');
    expect(await told('admin', 'oc_new', '绑定 项目 acme-cor')).toContain('acme-core');
    expect(await told('admin', 'oc_new', '绑定')).toContain('用法');
    expect(await told('admin', ACME, '绑定 项目 acme-core')).toContain('配置文件');
    await feishu.says('admin', 'oc_new', '@bot bind project acme-core every_thread');
    await scene.hears('oc_new', ['已绑定到', '阿克美核心系统']);
    const { id: root } = await feishu.says('lin', 'oc_new', '数据库死锁');
    await ticketOf(scene, root);
    await feishu.says('admin', 'oc_new', '@bot 解绑');
    await scene.hears('oc_new', ['已解除绑定']);
    await feishu.says('admin', 'oc_new', '@bot bind team db-rd');
    await scene.hears('oc_new', ['已绑定到 数据库研发']);
    const { id, work } = await claimed(scene, '数据库故障,给研发');
    await answers(scene, 'wei', work, '@bot 升级 数据库研发');
    await scene.hears('oc_new', [`${id} `]);
    await feishu.says('admin', 'oc_new', '@bot 解绑');
    await scene.until(() => timesIn(scene, 'oc_new', '已解除绑定') === 2);
  });

  it('the morning digest goes to each duty chat once, however often it is started', async () => {
    const words = '今天的值班和工单';
    await scene.app.postDigests();
    await scene.app.postDigests();
    const first = await scene.hears(DUTY, [words]);
    await scene.hears(DUTY2, [words]);
    await scene.quiet();
    for (const chat of [DUTY, DUTY2]) expect(timesIn(scene, chat, words)).toBe(1);
    expect(scene.text(first.id)).toMatch(/值班 .*魏伟/);
    scene.clock.advance(24 * 3_600_000);
    await scene.app.postDigests();
    await scene.until(() => timesIn(scene, DUTY, words) === 2);
  });
});
