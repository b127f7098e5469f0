import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, FEISHU_EXAMPLE, FeishuScene, LOOSE } from '../support/feishu-scene.ts';
import { toldAfter, whispers } from '../support/feishu-steps.ts';
import { answers, events, happened, inTopic, ticketOf, untroubled } from '../support/feishu-ticket.ts';

const EVERY = 'oc_every';
const TOPICS = 'oc_topics';
const FLAT = 'oc_flat';
const LATE = 'oc_late';
let scene: FeishuScene;

const config = FEISHU_EXAMPLE.replace(
  '- { platform: feishu, id: oc_duty,',
  [
    `- { platform: feishu, id: ${EVERY}, project: acme-core, role: intake, capture: every_thread }`,
    `- { platform: feishu, id: ${TOPICS}, project: acme-core, role: intake }`,
    `- { platform: feishu, id: ${FLAT}, project: acme-core, role: intake }`,
    `- { platform: feishu, id: ${LATE}, project: acme-core, role: intake }`,
    '- { platform: feishu, id: oc_duty,',
  ].join('\n  '),
);

beforeAll(async () => {
  scene = await FeishuScene.open({ config });
  const members = ['lin', 'zhou', 'joe', 'wei'];
  const { feishu } = scene;
  feishu.addChat({ id: EVERY, name: 'proj-every', members });
  feishu.addChat({ id: TOPICS, name: 'proj-topics', members, topic: true });
  feishu.addChat({ id: FLAT, name: 'proj-flat', members, threads: false });
  feishu.addChat({ id: LATE, name: 'proj-late', members, bots: [] });
});

afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
});

afterAll(async () => {
  await scene.close();
  await stopPostgres();
});

const made = async (): Promise<number> => ((await scene.app.api('/api/v1/tickets')).body['items'] as unknown[]).length;
const said = async (number: number): Promise<unknown[]> =>
  (await events(scene, number)).filter((event) => event['type'] === 'message').map((event) => event['text']);

/** The bot's first answer to a message where there are no topics: it quotes the message. */
const quoting = (root: string, words: string) =>
  scene.until(() =>
    scene.feishu
      .messages(scene.feishu.message(root).chat, { from: 'bot' })
      .find((one) => one.root === root && scene.text(one.id).includes(words)),
  );

describe('a thread on Feishu becomes a ticket', () => {
  it('by the emoji, on a reply as well as on the first message', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', ACME, '数据库备份失败,磁盘满了');
    scene.clock.advance(1_000);
    const reply = await answers(scene, 'zhou', root.id, '我这边也是');
    await feishu.reacts('zhou', reply.id, 'Loudspeaker');
    const { number, card } = await ticketOf(scene, root.id);
    expect(scene.text(card)).toContain('备份失败');
    expect((await scene.ticket(number))['requester']).toBe('feishu:ou_lin');
    expect(await said(number)).toEqual(['数据库备份失败,磁盘满了', '我这边也是']);
  });

  it('by @-mention with 建单 in the topic, of which the first message is the title', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', ACME, '数据库主从延迟越来越大');
    await answers(scene, 'lin', root.id, '@bot 建单');
    const { number, card } = await ticketOf(scene, root.id);
    expect((await scene.ticket(number))['title']).toBe('数据库主从延迟越来越大');
    expect(scene.text(card)).not.toContain('建单');
  });

  it('by 建单 in a reply that quotes and opens no topic', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', ACME, '数据库监控没有数据');
    await feishu.says('zhou', ACME, '@bot 建单', { replyTo: root.id });
    const { number } = await ticketOf(scene, root.id);
    const ticket = await scene.ticket(number);
    expect([ticket['title'], ticket['requester']]).toEqual(['数据库监控没有数据', 'feishu:ou_lin']);
  });

  it('by @-mention with 建单 and the words in one message', async () => {
    const { feishu } = scene;
    const { id } = await feishu.says('lin', ACME, '@bot 建单 数据库证书快到期');
    const { number } = await ticketOf(scene, id);
    expect((await scene.ticket(number))['title']).toBe('数据库证书快到期');
  });

  it('with the names of those it names, in its title as on the console', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', ACME, '数据库从早上起就连不上,@zhou 也试过');
    await feishu.reacts('lin', root.id, 'Loudspeaker');
    const { number, card, id } = await ticketOf(scene, root.id);
    expect((await scene.ticket(number))['title']).toBe('数据库从早上起就连不上,@周 也试过');
    expect(scene.text(card)).not.toContain('ou_');
    await answers(scene, 'lin', root.id, '影响所有人,@wei 请看');
    await scene.until(async () => (await said(number)).length === 2);
    const page = await (await fetch(`${scene.app.url}/tickets/${id}`)).text();
    expect(page).toContain('影响所有人,@魏伟 请看');
    expect(page).not.toMatch(/@ou_/);
  });

  it('by itself in a chat with capture: every_thread; replies are not captured again', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', EVERY, '数据库连接被重置');
    const { number } = await ticketOf(scene, root.id);
    const count = await made();
    await answers(scene, 'zhou', root.id, '我也遇到了');
    await feishu.says('zhou', EVERY, '这是第二句', { replyTo: root.id });
    await scene.until(async () => (await said(number)).length === 3);
    await scene.quiet();
    expect(await made()).toBe(count);
  });

  it('in a chat of topics, where every message is one', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', TOPICS, '数据库慢查询告警');
    await feishu.reacts('zhou', root.id, 'Loudspeaker');
    const { number, card } = await ticketOf(scene, root.id);
    expect(feishu.message(card).thread).toBe(root.thread);
    await answers(scene, 'lin', root.id, '个别报表');
    await scene.untilStatus('queued', number);
  });

  it('in a chat without topics, where the bot quotes instead', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', FLAT, '数据库升级后报错');
    await feishu.reacts('lin', root.id, 'Loudspeaker');
    const card = await quoting(root.id, 'ITR-');
    expect(feishu.message(card.id).thread).toBeUndefined();
    const question = await quoting(root.id, '直接回复这条就行');
    await feishu.says('lin', FLAT, '部分用户受影响', { replyTo: question.id });
    await scene.until(() => scene.text(card.id).includes('待认领'));
    const refused = feishu.calls('message.reply').filter((call) => call.code === 230071 || call.code === 230072);
    expect(refused).toHaveLength(1);
  });

  it('only once: the emoji and 建单 again answer with the ticket that is there', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', ACME, '数据库空间不足');
    await feishu.reacts('lin', root.id, 'Loudspeaker');
    const { number, id } = await ticketOf(scene, root.id);
    const count = await made();
    expect(await toldAfter(scene, 'zhou', () => feishu.reacts('zhou', root.id, 'Loudspeaker'))).toContain(id);
    const again = await toldAfter(scene, 'zhou', () => answers(scene, 'zhou', root.id, '@bot 建单'));
    expect(again).toContain(`已经是 ${id} 了`);
    await scene.quiet();
    expect(await made()).toBe(count);
    expect((await happened(scene, number)).filter((type) => type === 'captured')).toHaveLength(1);
  });

  it('with all that was said before the bot came, bots and recalled messages left out', async () => {
    const { feishu } = scene;
    feishu.addApp({ id: 'cli_00000000000000aa', name: 'monitor' });
    feishu.addChat({
      id: 'oc_old',
      name: 'proj-old',
      members: ['lin', 'zhou', 'admin'],
      bots: ['cli_00000000000000aa'],
    });
    const root = await feishu.says('lin', 'oc_old', '昨天开始数据库偶尔连不上,版本3.1.0');
    scene.clock.advance(60_000);
    await feishu.botSays('cli_00000000000000aa', 'oc_old', 'CPU 98%', { replyTo: root.id, inThread: true });
    const wrong = await answers(scene, 'zhou', root.id, '发错了');
    await feishu.recalls('zhou', wrong.id);
    await answers(scene, 'zhou', root.id, '全部用户都受影响');
    await feishu.addsBot('admin', 'oc_old');
    const hello = await scene.hears('oc_old', ['绑定 项目 acme-core']);
    expect(scene.text(hello.id)).not.toContain('/itr');
    await feishu.says('admin', 'oc_old', '@bot 绑定 项目 acme-core');
    await scene.hears('oc_old', ['已绑定']);
    await feishu.reacts('zhou', root.id, 'Loudspeaker');
    const { number, card } = await ticketOf(scene, root.id);
    await scene.until(() => scene.text(card).includes('3.1.0'));
    expect((await scene.ticket(number))['requester']).toBe('feishu:ou_lin');
    expect(await said(number)).toEqual(['昨天开始数据库偶尔连不上,版本3.1.0', '全部用户都受影响']);
  });

  it('a chat that is not bound is told how it is bound, in the words of Feishu', async () => {
    const { feishu } = scene;
    const root = await feishu.says('lin', LOOSE, '数据库连接不上');
    await feishu.reacts('lin', root.id, 'Loudspeaker');
    const told = await scene.hears(LOOSE, ['还没有绑定项目']);
    expect(scene.text(told.id)).toContain('@我 绑定 项目 acme-core');
    expect(scene.text(told.id)).not.toContain('/itr');
    await feishu.says('admin', LOOSE, '@bot 绑定 项目 acme-core');
    await scene.hears(LOOSE, ['已绑定']);
    await feishu.reacts('zhou', root.id, 'Loudspeaker');
    await ticketOf(scene, root.id);
  });

  it('merged forwards are captured with what they hold', async () => {
    const { feishu } = scene;
    const one = await feishu.says('zhou', FLAT, '数据库从10:20开始连不上');
    const two = await feishu.says('wei', FLAT, '版本是3.2.1');
    const forward = await feishu.forwards('lin', ACME, [one.id, two.id]);
    await feishu.reacts('lin', forward.id, 'Loudspeaker');
    const { number, card } = await ticketOf(scene, forward.id);
    await scene.until(() => scene.text(card).includes('3.2.1'));
    expect((await said(number))[0]).toBe('> 数据库从10:20开始连不上\n> 版本是3.2.1');
    expect((await scene.ticket(number))['title']).toBe('数据库从10:20开始连不上');
  });

  it('posts, pictures, files, videos, stickers and unknown types join it, none is an error', async () => {
    const { feishu } = scene;
    const root = await feishu.posts('lin', ACME, '数据库报错', [
      [{ tag: 'text', text: '部分用户受影响,日志:' }],
      [{ tag: 'code_block', language: 'SQL', text: 'ORA-12514: listener does not know' }],
    ]);
    await feishu.reacts('lin', root.id, 'Loudspeaker');
    const { number } = await ticketOf(scene, root.id);
    const here = { replyTo: root.id, inThread: true };
    await feishu.sendsImage('lin', ACME, { name: 'slow.png' }, here);
    const log = await feishu.sendsFile('lin', ACME, { name: 'alert.log' }, here);
    await feishu.sendsVideo('lin', ACME, { name: 'screen.mp4' }, here);
    await feishu.sendsSticker('lin', ACME, here);
    await feishu.sends('lin', ACME, 'vote', { topic: '今晚升级吗', options: ['是', '否'] }, [], here);
    await feishu.sends('lin', ACME, 'hologram', { shape: 'cube' }, [], here);
    await scene.until(async () => (await said(number)).length === 7);
    expect(await said(number)).toEqual(
      expect.arrayContaining([expect.stringContaining('ORA-12514'), '[sticker]', '[vote] 今晚升级吗', '[hologram]']),
    );
    const attached = (await events(scene, number)).flatMap(
      (event) => (event['attachments'] ?? []) as { name: string }[],
    );
    expect(attached.map(({ name }) => name)).toEqual(expect.arrayContaining(['alert.log', 'screen.mp4']));
    await scene.untilStatus('queued', number);
    const kept = await toldAfter(scene, 'lin', () => feishu.reacts('lin', log.id, 'Pin'));
    expect(kept).toContain('证据');
    expect(await happened(scene, number)).toContain('evidence');
  });

  it('is asked for one field, and for nothing that the thread says already; or is none, by the card’s buttons', async () => {
    const { feishu } = scene;
    const clear = await feishu.says('lin', ACME, '生产环境数据库全部用户登录失败,版本3.2.1,从10:20开始');
    await feishu.reacts('lin', clear.id, 'Loudspeaker');
    const first = await ticketOf(scene, clear.id);
    await scene.untilStatus('queued', first.number);
    await scene.quiet();
    expect(inTopic(scene, clear.id).filter((one) => scene.text(one.id).includes('直接回复'))).toEqual([]);

    const vague = await feishu.says('lin', ACME, '数据库有点慢');
    await feishu.reacts('lin', vague.id, 'Loudspeaker');
    const asItIs = await ticketOf(scene, vague.id);
    await feishu.presses('lin', asItIs.card, '按现状登记');
    await scene.untilStatus('queued', asItIs.number);

    const other = await feishu.says('lin', ACME, '数据库又有点慢');
    await feishu.reacts('lin', other.id, 'Loudspeaker');
    const none = await ticketOf(scene, other.id);
    await feishu.presses('lin', none.card, '不是问题');
    await scene.until(() => scene.text(none.card).includes('已撤销'));
    expect(whispers(scene, 'lin').some((one) => scene.text(one.id).includes('没有成功'))).toBe(false);
  });
});
