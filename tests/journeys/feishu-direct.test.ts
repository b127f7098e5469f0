import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, DUTY, FeishuScene } from '../support/feishu-scene.ts';
import { toldAfter, whispers } from '../support/feishu-steps.ts';
import { claimed, raise, untroubled } from '../support/feishu-ticket.ts';

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

const made = async (): Promise<Record<string, unknown>[]> =>
  (await scene.app.api('/api/v1/tickets')).body['items'] as Record<string, unknown>[];

/** Chooses from the bot's menu, and is shown something. */
const chooses = (person: string, key: string): Promise<string> =>
  toldAfter(scene, person, () => scene.feishu.opensMenu(person, key));

describe('the direct conversation with the bot', () => {
  it('says once what the bot is for, to whoever opens it empty', async () => {
    const { feishu } = scene;
    const told = await toldAfter(scene, 'lin', () => feishu.entersP2p('lin'));
    expect(told).toContain('Loudspeaker');
    expect(told).toContain('“建单”');
    expect(told).not.toContain('/itr');
    await feishu.entersP2p('lin');
    await scene.quiet();
    expect(whispers(scene, 'lin')).toHaveLength(1);
  });

  it('has a menu: mine, duty, board, help', async () => {
    const { number } = await claimed(scene, '数据库故障,菜单');
    expect(await chooses('wei', 'mine')).toContain(`ITR-${number}`);
    expect(await chooses('lin', 'mine')).toContain(`ITR-${number}`);
    expect(await chooses('sun', 'mine')).toContain('你名下没有');
    expect(await chooses('wei', 'duty')).toContain('值班');
    expect(await chooses('wei', 'board')).toContain('https://itr.example.com/board');
    expect(await chooses('zhou', 'help')).toContain('@我');
  });

  it('new in the menu: one of us fills in a form, and is told the number', async () => {
    const { feishu } = scene;
    const before = whispers(scene, 'wei').length;
    await feishu.opensMenu('wei', 'new');
    const form = await scene.until(() => whispers(scene, 'wei')[before]);
    expect(scene.text(form.id)).toContain('标题');
    await feishu.submits('wei', form.id, { title: '数据库证书快到期', impact: '还没有影响' });
    const told = await scene.until(() => whispers(scene, 'wei')[before + 1]);
    expect(scene.text(told.id)).toMatch(/已建单 ITR-\d+/);
    expect((await made())[0]).toMatchObject({ title: '数据库证书快到期', requester: 'wei' });
  });

  it('new in the menu, of somebody in no project: it is taken all the same, and he is told its number', async () => {
    const { feishu } = scene;
    const before = whispers(scene, 'joe').length;
    await feishu.opensMenu('joe', 'new');
    const form = await scene.until(() => whispers(scene, 'joe')[before]);
    await feishu.submits('joe', form.id, { title: '数据库打不开', impact: '全部用户' });
    const told = await scene.until(() => whispers(scene, 'joe')[before + 1]);
    expect(scene.text(told.id)).toMatch(/已建单 ITR-\d+/);
    expect((await made())[0]).toMatchObject({ title: '数据库打不开', requester: 'feishu:ou_joe' });
  });

  it('takes words: a ticket by its number, one it does not know, and 建单, which belongs into the project’s chat', async () => {
    const { feishu } = scene;
    const { number, id } = await raise(scene, '数据库故障,私聊查看');
    expect(await toldAfter(scene, 'lin', () => feishu.tells('lin', `查看 ${number}`))).toContain(id);
    expect(await toldAfter(scene, 'lin', () => feishu.tells('lin', '查看 999'))).toContain('没有 ITR-999');
    expect(await toldAfter(scene, 'lin', () => feishu.tells('lin', '建单 数据库慢'))).toContain('请在项目群里建单');
    expect(await toldAfter(scene, 'wei', () => feishu.tells('wei', '认领'))).toContain('哪个工单');
    await toldAfter(scene, 'wei', () => feishu.tells('wei', `认领 ${number}`));
    expect((await scene.ticket(number))['assignee']).toBe('wei');
  });

  it('what is not understood has buttons that say it', async () => {
    const { feishu } = scene;
    const before = whispers(scene, 'wei').length;
    expect(await toldAfter(scene, 'wei', () => feishu.tells('wei', '值搬'))).toContain('没看懂“值搬”');
    const unknown = whispers(scene, 'wei')[before];
    const told = await toldAfter(scene, 'wei', () => feishu.presses('wei', unknown?.id ?? '', '值班'));
    expect(told).toContain('值班');
    for (const chat of [ACME, DUTY])
      expect(feishu.messages(chat, { from: 'bot' }).some((one) => scene.text(one.id).includes('没看懂'))).toBe(false);
  });
});
