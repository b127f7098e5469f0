import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Chat } from '../emulators/feishu/index.ts';
import { FEISHU_EXAMPLE, FeishuScene } from '../support/feishu-scene.ts';
import { answers, claimed, events, inTopic, times, untroubled } from '../support/feishu-ticket.ts';

const HOUR = 3_600_000;
let scene: FeishuScene;

const folders: string[] = [];

afterEach(async () => {
  await scene.close();
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
});

/** Kept when the program stops, for the next to go on with. */
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'itr-feishu-'));
  folders.push(made);
  return made;
};

const BY_POINT = `${FEISHU_EXAMPLE.replace('- { at: 75%, remind: assignee }', '- { at: 75%, remind: assignee, war_room: true }')}\nsilent_owner: off\n`;

/** Groups that the bot has made. */
const rooms = (): Chat[] => [...scene.feishu.world.chats.values()].filter(({ name }) => name.startsWith('itr-'));
const room = () => scene.until(() => rooms()[0]);
const opened = (work: string, id: string) =>
  scene.until(() => inTopic(scene, work).find((one) => scene.text(one.id).includes(`${id} 的作战室已经开好`)));
const messagesIn = async (number: number) =>
  (await events(scene, number)).filter((one) => one['type'] === 'message' && one['role'] === 'war_room');

describe('a war room on Feishu', () => {
  it('by a point: the brief comes first, then its people; the talk stays in it and on the timeline', async () => {
    scene = await FeishuScene.open({ config: BY_POINT });
    const { feishu, clock } = scene;
    const { number, work, id, root } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    await answers(scene, 'wei', work, '正在切换备库');
    await scene.until(() => times(scene, root, '正在切换备库') > 0);
    clock.advance(3 * HOUR);
    const told = await opened(work, id);
    const { id: chat, kind, members } = await room();
    expect([kind, [...members].sort()]).toEqual(['group', ['chen', 'mei', 'wei']]);
    expect(JSON.stringify(feishu.message(told.id).content)).toContain(`openChatId=${chat}`);
    const [first, ...more] = feishu.messages(chat, { from: 'bot' });
    expect(more).toEqual([]);
    for (const word of ['作战室', '正在切换备库', '不会传给客户']) expect(scene.text(first?.id ?? '')).toContain(word);

    // A room is a chat: what stands at its top belongs to the ticket, and so do the topics people make in it.
    const top = await feishu.says('wei', chat, '备库切换卡在主从延迟');
    await answers(scene, 'mei', top.id, '我找网络组');
    await scene.until(async () => (await messagesIn(number)).length === 2);
    expect(await messagesIn(number)).toMatchObject([
      { actor: 'wei', text: '备库切换卡在主从延迟', internal: true },
      { actor: 'mei', text: '我找网络组', internal: true },
    ]);
    await feishu.reacts('wei', top.id, 'Pin');
    await scene.until(async () => (await events(scene, number)).some((one) => one['type'] === 'evidence'));
    await scene.quiet();
    for (const thread of [root, work]) expect(times(scene, thread, '主从延迟')).toBe(0);

    await feishu.says('wei', chat, '@bot 业务恢复');
    await scene.untilStatus('restored', number);
    await answers(scene, 'mei', work, '@bot 作战室');
    await scene.tells('mei', ['已经有作战室了']);
    expect(rooms()).toHaveLength(1);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('without the scope: said once in the work topic with what to do; with it, a second word opens it', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { work, id } = await claimed(scene, '生产数据库全部宕机');
    feishu.app.scopes.delete('im:chat:create');
    feishu.app.scopes.delete('im:chat');
    await answers(scene, 'wei', work, '@bot 作战室');
    await scene.until(() => times(scene, work, `${id} 的作战室没有开成`, 'im:chat:create', '发布新版本') === 1);
    await scene.quiet();
    expect(times(scene, work, '作战室没有开成')).toBe(1);
    feishu.app.scopes.add('im:chat:create');
    await answers(scene, 'wei', work, '@bot 开作战室');
    await opened(work, id);
    expect((await room()).members.has('wei')).toBe(true);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('whoever cannot be let in is named, and the others are in', async () => {
    scene = await FeishuScene.open({ config: BY_POINT });
    const { feishu, clock } = scene;
    const { work, id } = await claimed(scene, '生产数据库全部宕机', { answer: '全部用户都用不了' });
    feishu.world.person('mei').resigned = true;
    clock.advance(3 * HOUR);
    const told = await opened(work, id);
    expect(scene.text(told.id)).toContain('梅 没能拉进去，请手动邀请或另行联系');
    expect([...(await room()).members].sort()).toEqual(['chen', 'wei']);
  });

  it('answers of Feishu’s that are lost make no second group, and nobody is greeted twice', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { work, id } = await claimed(scene, '生产数据库全部宕机');
    for (const call of ['chat.create', 'chat.addMembers']) feishu.fault({ call, kind: 'reset-after-success' });
    await scene.quiet();
    feishu.fault({ call: 'message.create', kind: 'reset-after-success' });
    await answers(scene, 'wei', work, '@bot 作战室');
    await opened(work, id);
    await scene.quiet();
    const { id: chat } = await room();
    expect(feishu.calls('chat.create').filter((call) => call.fault !== undefined)).toHaveLength(1);
    expect(feishu.messages(chat, { from: 'bot' })).toHaveLength(1);
    expect(rooms()).toHaveLength(1);
    expect(await untroubled(scene)).toEqual([]);
  });

  it('a process that ends between the group and the record of it: the next one goes on in the same group', async () => {
    scene = await FeishuScene.open({ folder: folder() });
    const { feishu } = scene;
    const { work, id } = await claimed(scene, '生产数据库全部宕机');
    await scene.quiet();
    feishu.fault({ call: 'message.create', kind: 'reset', times: 100 });
    await answers(scene, 'wei', work, '@bot 作战室');
    const { id: chat } = await room();
    await scene.until(() => feishu.calls('message.create').some((call) => call.fault === 'reset'));
    await scene.app.stop();
    feishu.clearFaults();
    await scene.startApp(scene.app.folder);
    await opened(work, id);
    expect(rooms().map((one) => one.id)).toEqual([chat]);
    expect(feishu.messages(chat, { from: 'bot' })).toHaveLength(1);
    expect(await untroubled(scene)).toEqual([]);
  });
});
