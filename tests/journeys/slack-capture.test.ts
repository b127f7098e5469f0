import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { happened, inThread, nextWhisper, ticketOf, timeline, whispers } from '../support/slack-ticket.ts';
import { EXAMPLE } from '../support/world.ts';

let scene: SlackScene;

const config = EXAMPLE.replace(
  '- { platform: slack, id: C0DUTY,',
  '- { platform: slack, id: C0EVERY, project: acme-core, role: intake, capture: every_thread }\n  - { platform: slack, id: C0DUTY,',
);

beforeAll(async () => {
  scene = await SlackScene.open({ config });
  const { slack } = scene;
  slack.addChannel({ id: 'C0EVERY', name: 'proj-every', members: ['U0LIN', 'U0ZHOU', 'U0WEI'] });
});

afterAll(async () => {
  await scene.close();
});

const made = async (): Promise<number> => ((await scene.app.api('/api/v1/tickets')).body['items'] as unknown[]).length;

describe('a thread becomes a ticket', () => {
  it('by the message shortcut, on a reply as well as on the first message; who pressed is told', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0LIN', 'C0ACME', '数据库备份失败,磁盘满了');
    const reply = await slack.post('U0ZHOU', 'C0ACME', '我这边也是', { thread_ts: ts });
    await slack.messageShortcut('U0ZHOU', 'C0ACME', reply.ts, 'create_ticket');
    const { number, card } = await ticketOf(scene, 'C0ACME', ts);
    expect(scene.text('C0ACME', card)).toContain('备份失败');
    const ticket = await scene.ticket(number);
    expect(ticket['requester']).toBe('slack:U0LIN');
    expect((await timeline(scene, number)).filter((event) => event['type'] === 'message')).toHaveLength(2);
  });

  it('by @-mention with 建单 in the thread, in which nothing but the first message is the title', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0LIN', 'C0ACME', '数据库主从延迟越来越大');
    await slack.mention('U0LIN', 'C0ACME', '建单', { thread_ts: ts });
    const { number, card } = await ticketOf(scene, 'C0ACME', ts);
    expect(scene.text('C0ACME', card)).toContain('数据库主从延迟越来越大');
    expect((await scene.ticket(number))['title']).toBe('数据库主从延迟越来越大');
    expect(scene.text('C0ACME', card)).not.toContain('建单');
  });

  it('by @-mention with "new" and the words in one message', async () => {
    const { slack } = scene;
    const { ts } = await slack.mention('U0JOE', 'C0ACME', 'new the database rejects every login');
    const { number } = await ticketOf(scene, 'C0ACME', ts);
    expect((await scene.ticket(number))['title']).toBe('the database rejects every login');
  });

  it('with the names of those it names, in its title as on the console', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0LIN', 'C0ACME', '数据库从早上起就连不上,<@U0ZHOU> 也试过');
    await slack.mention('U0LIN', 'C0ACME', '建单', { thread_ts: ts });
    const { number, id, card } = await ticketOf(scene, 'C0ACME', ts);
    const title = String((await scene.ticket(number))['title']);
    expect(title).toMatch(/^数据库从早上起就连不上,@[^U]\S* 也试过$/);
    expect(scene.text('C0ACME', card)).toContain(title);
    const page = await (await fetch(`${scene.app.url}/tickets/${id}`)).text();
    expect(page).not.toMatch(/@U0/);
  });

  it('by /itr new with words: a thread is opened in the requester’s name, the card stands under it', async () => {
    const { slack } = scene;
    await slack.slash('U0LIN', 'C0ACME', '/itr', 'new 数据库监控没有数据');
    const root = await scene.until(() =>
      slack
        .messages('C0ACME', { from: 'bot' })
        .find((one) => visibleText(one).includes('数据库监控没有数据') && (one.thread_ts ?? one.ts) === one.ts),
    );
    const { number } = await ticketOf(scene, 'C0ACME', root.ts);
    expect(visibleText(root)).toContain('*lin*');
    expect((await scene.ticket(number))['requester']).toBe('slack:U0LIN');
  });

  it('by /itr new without words: the form is opened at once', async () => {
    const { slack } = scene;
    await slack.slash('U0ZHOU', 'C0ACME', '/itr', 'new');
    const view = await scene.until(() => slack.openView('U0ZHOU'));
    expect(visibleText(view)).toContain('标题');
    await slack.submitView('U0ZHOU', { title: '数据库慢查询告警', impact: '个别报表' });
    const root = await scene.until(() => scene.said('C0ACME', ['数据库慢查询告警']));
    const { number } = await ticketOf(scene, 'C0ACME', root.ts);
    const ticket = await scene.ticket(number);
    expect([ticket['requester'], ticket['impact']]).toEqual(['slack:U0ZHOU', '个别报表']);
  });

  it('by the global shortcut: one of us raises one without any chat, and is told its number', async () => {
    const { slack } = scene;
    const before = slack.dms('U0WEI').length;
    await slack.globalShortcut('U0WEI', 'new_ticket');
    await scene.until(() => slack.openView('U0WEI'));
    await slack.submitView('U0WEI', { title: '数据库证书快到期', impact: '还没有影响' });
    const told = await scene.until(() => slack.dms('U0WEI')[before]);
    expect(visibleText(told)).toMatch(/ITR-\d+/);
  });

  it('by itself in a channel with capture: every_thread; replies are not captured again', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0LIN', 'C0EVERY', '数据库连接被重置');
    const { number } = await ticketOf(scene, 'C0EVERY', ts);
    const count = await made();
    await slack.post('U0ZHOU', 'C0EVERY', '我也遇到了', { thread_ts: ts });
    await scene.until(async () => (await timeline(scene, number)).some((event) => event['text'] === '我也遇到了'));
    await scene.quiet();
    expect(await made()).toBe(count);
  });

  it('only once: 🎫, shortcut and mention again answer with the ticket that is there', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0LIN', 'C0ACME', '数据库升级后报错');
    await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
    const { number, id } = await ticketOf(scene, 'C0ACME', ts);
    const count = await made();
    let before = whispers(scene, 'U0ZHOU').length;
    await slack.react('U0ZHOU', 'C0ACME', ts, 'ticket');
    expect(await nextWhisper(scene, 'U0ZHOU', before)).toContain(id);
    before = whispers(scene, 'U0ZHOU').length;
    await slack.messageShortcut('U0ZHOU', 'C0ACME', ts, 'create_ticket');
    expect(await nextWhisper(scene, 'U0ZHOU', before)).toContain(`已经是 ${id} 了`);
    before = whispers(scene, 'U0ZHOU').length;
    await slack.mention('U0ZHOU', 'C0ACME', '建单', { thread_ts: ts });
    expect(await nextWhisper(scene, 'U0ZHOU', before)).toContain(id);
    await scene.quiet();
    expect(await made()).toBe(count);
    expect((await happened(scene, number)).filter((type) => type === 'captured')).toHaveLength(1);
    expect(inThread(scene, 'C0ACME', ts).filter((one) => visibleText(one).includes('待补充'))).toHaveLength(1);
  });

  it('with all that was said before the bot came, bots left out', async () => {
    const { slack } = scene;
    slack.addUser({ id: 'U0HOOK', name: 'monitor', isBot: true });
    slack.addChannel({
      id: 'C0OLD',
      name: 'proj-old',
      members: ['U0LIN', 'U0ZHOU', 'U0HOOK', 'U0ADMIN'],
      botIsMember: false,
    });
    const { ts } = await slack.post('U0LIN', 'C0OLD', '昨天开始数据库偶尔连不上,版本3.1.0');
    scene.clock.advance(60_000);
    await slack.post('U0HOOK', 'C0OLD', 'CPU 98%', { thread_ts: ts });
    await slack.post('U0ZHOU', 'C0OLD', '全部用户都受影响', { thread_ts: ts });
    await slack.joinBot('C0OLD');
    await scene.hears('C0OLD', ['/itr bind project']);
    await slack.slash('U0ADMIN', 'C0OLD', '/itr', 'bind project acme-core');
    await scene.hears('C0OLD', ['已绑定']);
    await slack.react('U0ZHOU', 'C0OLD', ts, 'ticket');
    const { number, card } = await ticketOf(scene, 'C0OLD', ts);
    await scene.until(() => scene.text('C0OLD', card).includes('3.1.0'));
    const ticket = await scene.ticket(number);
    expect(ticket['requester']).toBe('slack:U0LIN');
    expect(Date.parse(String(ticket['firstMessageAt']))).toBe(Math.floor(Number(ts) * 1000));
    const said = (await timeline(scene, number)).filter((event) => event['type'] === 'message');
    expect(said.map((event) => event['text'])).toEqual(['昨天开始数据库偶尔连不上,版本3.1.0', '全部用户都受影响']);
  });

  it('is asked for one field at a time, and for nothing that the thread says already', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0LIN', 'C0ACME', '生产环境数据库全部用户登录失败,版本3.2.1,从10:20开始');
    await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
    const { number } = await ticketOf(scene, 'C0ACME', ts);
    await scene.untilStatus('queued', number);
    await scene.quiet();
    expect(inThread(scene, 'C0ACME', ts).filter((one) => visibleText(one).includes('直接回复'))).toEqual([]);

    const second = await slack.post('U0LIN', 'C0ACME', '数据库连不上');
    await slack.react('U0LIN', 'C0ACME', second.ts, 'ticket');
    const vague = await ticketOf(scene, 'C0ACME', second.ts);
    await scene.hears('C0ACME', ['影响到哪些业务'], second.ts);
    await slack.post('U0LIN', 'C0ACME', '不清楚', { thread_ts: second.ts });
    await scene.untilStatus('queued', vague.number);
    await scene.quiet();
    const questions = inThread(scene, 'C0ACME', second.ts).filter((one) => visibleText(one).includes('直接回复'));
    expect(questions).toHaveLength(1);
  });

  it('or is registered as it is, or turns out to be none, by the buttons of the card', async () => {
    const { slack } = scene;
    const first = await slack.post('U0LIN', 'C0ACME', '数据库有点慢');
    await slack.react('U0LIN', 'C0ACME', first.ts, 'ticket');
    const asItIs = await ticketOf(scene, 'C0ACME', first.ts);
    await scene.hears('C0ACME', ['影响到哪些业务'], first.ts);
    await slack.click('U0LIN', 'C0ACME', asItIs.card, 'register');
    await scene.untilStatus('queued', asItIs.number);
    await scene.until(() => scene.text('C0ACME', asItIs.card).includes('待认领'));

    const second = await slack.post('U0LIN', 'C0ACME', '数据库又有点慢');
    await slack.react('U0LIN', 'C0ACME', second.ts, 'ticket');
    const none = await ticketOf(scene, 'C0ACME', second.ts);
    await slack.click('U0LIN', 'C0ACME', none.card, 'cancel');
    await scene.untilStatus('cancelled', none.number);
    await scene.until(() => scene.text('C0ACME', none.card).includes('已撤销'));
  });
});
