import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, happened, ticketOf, timeline } from '../support/slack-ticket.ts';

let scene: SlackScene;

beforeAll(async () => {
  scene = await SlackScene.open();
  const { slack } = scene;
  slack.addUser({ id: 'W0EXT', name: 'ext', realName: 'Eva Extern', locale: 'zh-CN', teamId: 'T0OTHER' });
  await slack.joinChannel('W0EXT', 'C0ACME');
});

afterAll(async () => {
  await scene.close();
});

describe('people and programs from outside', () => {
  it('somebody of another organization (Slack Connect) raises, answers and confirms like any requester', async () => {
    const { slack } = scene;
    const { number, ts, work } = await claimed(scene, '数据库故障,外部客户', { user: 'W0EXT' });
    expect((await scene.ticket(number))['requester']).toBe('slack:W0EXT');
    await slack.post('W0EXT', 'C0ACME', '我们这边也看到了', { thread_ts: ts });
    await scene.hears('C0DUTY', ['我们这边也看到了'], work);
    await slack.mention('U0WEI', 'C0DUTY', '解决 调大连接池 #configuration', { thread_ts: work });
    await scene.untilStatus('resolved', number);
    const ask = await scene.hears('C0ACME', ['已由 魏伟 解决'], ts);
    await slack.react('W0EXT', 'C0ACME', ask.ts, 'white_check_mark');
    await scene.untilStatus('closed', number);
  });

  it('also where Slack will not tell who it is', async () => {
    const { slack } = scene;
    slack.addUser({ id: 'U0HIDDEN', name: 'hidden', locale: 'zh-CN', teamId: 'T0OTHER' });
    await slack.joinChannel('U0HIDDEN', 'C0ACME');
    slack.fault({ method: 'users.info', kind: 'error', error: 'user_not_visible', times: 100 });
    const { ts } = await slack.post('U0HIDDEN', 'C0ACME', '数据库全部用户连不上');
    await slack.react('U0HIDDEN', 'C0ACME', ts, 'ticket');
    const { number } = await ticketOf(scene, 'C0ACME', ts);
    expect((await scene.ticket(number))['requester']).toBe('slack:U0HIDDEN');
    slack.clearFaults();
  });

  it('a person who may read nothing of another customer’s ticket is told that there is none', async () => {
    const { slack } = scene;
    const { number, id } = await claimed(scene, '数据库故障,别人看不到');
    slack.addUser({ id: 'U0FAR', name: 'far', locale: 'zh-CN' });
    slack.addChannel({ id: 'C0FAR', name: 'far-away', members: ['U0FAR'] });
    const before = slack.ephemerals('U0FAR').length;
    await slack.slash('U0FAR', 'C0FAR', '/itr', `show ${number}`);
    const told = await scene.until(() => slack.ephemerals('U0FAR')[before]);
    expect(visibleText(told)).toContain(`没有 ${id}`);
    expect(visibleText(told)).not.toContain('别人看不到');
  });

  it('other bots, webhooks and the bot’s own messages raise, claim and confirm nothing', async () => {
    const { slack } = scene;
    slack.addUser({ id: 'U0ROBOT', name: 'robot', isBot: true });
    for (const channel of ['C0ACME', 'C0DUTY']) await slack.joinChannel('U0ROBOT', channel);
    const count = ((await scene.app.api('/api/v1/tickets')).body['items'] as unknown[]).length;
    const alert = await slack.post('U0ROBOT', 'C0ACME', '数据库告警 CPU 99%');
    await slack.react('U0ROBOT', 'C0ACME', alert.ts, 'ticket');
    await slack.mention('U0ROBOT', 'C0ACME', '建单 数据库告警');
    await slack.webhook('C0ACME', '数据库告警 磁盘');
    await scene.quiet();
    expect(((await scene.app.api('/api/v1/tickets')).body['items'] as unknown[]).length).toBe(count);
    // But a person may make a ticket of what a monitor said.
    await slack.react('U0LIN', 'C0ACME', alert.ts, 'ticket');
    const { number } = await ticketOf(scene, 'C0ACME', alert.ts);
    expect((await scene.ticket(number))['requester']).toBe('slack:U0LIN');
  });

  it('an unfurled link and the bot’s own edits are no edits of anybody', async () => {
    const { slack } = scene;
    const { number, ts } = await claimed(scene, '数据库故障,见 https://example.com/x');
    await scene.quiet();
    const before = await happened(scene, number);
    await slack.unfurl('C0ACME', ts);
    await scene.quiet();
    expect(await happened(scene, number)).toEqual(before);
    expect((await timeline(scene, number)).some((one) => one['type'] === 'message_edited')).toBe(false);
  });
});
