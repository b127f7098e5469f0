import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel, WebClient } from '@slack/web-api';
import type { Logger } from '@slack/web-api';
import type { View } from '@slack/types';
import { AppDidNotRespond, buttonsOf, SlackEmulator, visibleText } from './emulators/slack/index.ts';
import type { EmulatorOptions } from './emulators/slack/index.ts';

type BoltApp = InstanceType<typeof App>;

/** The strict answers these tests provoke would otherwise fill the screen. */
const logger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function workspace(options: EmulatorOptions = {}): Promise<SlackEmulator> {
  const slack = await SlackEmulator.start(options);
  closers.push(() => slack.stop());
  slack.addUser({ id: 'U0LIN', name: 'lin', realName: '林小雨', email: 'lin@acme.example', locale: 'zh-CN' });
  slack.addUser({ id: 'U0WEI', name: 'wei', realName: '魏工', locale: 'zh-CN', tz: 'Asia/Shanghai' });
  slack.addChannel({ id: 'C0ACME', name: 'acme-help', members: ['U0LIN', 'U0WEI'] });
  return slack;
}

const client = (slack: SlackEmulator, token = slack.botToken): WebClient =>
  new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    timeout: 1000,
    rejectRateLimitedCalls: true,
    logger,
  });

const clientOptions = (slack: SlackEmulator) => ({ slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });

async function httpApp(slack: SlackEmulator, processBeforeResponse = false): Promise<BoltApp> {
  const receiver = new HTTPReceiver({
    signingSecret: slack.signingSecret,
    processBeforeResponse,
    logger,
    port: 0,
  });
  const app = new App({
    receiver,
    token: slack.botToken,
    convoStore: false,
    clientOptions: clientOptions(slack),
    logger,
  });
  const server = (await app.start(0)) as Server;
  closers.push(() => app.stop());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  slack.setRequestUrl(`http://127.0.0.1:${address.port}/slack/events`);
  return app;
}

async function socketApp(slack: SlackEmulator, clientPingTimeout = 300): Promise<BoltApp> {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    installerOptions: { clientOptions: clientOptions(slack) },
    logger,
    clientPingTimeout,
  });
  const app = new App({
    receiver,
    token: slack.botToken,
    convoStore: false,
    clientOptions: clientOptions(slack),
    logger,
  });
  await app.start();
  closers.push(() => app.stop());
  return app;
}

const failure = async (work: Promise<unknown>): Promise<{ error: string; messages: string[] }> => {
  try {
    await work;
  } catch (error) {
    const { data } = error as { data?: { error: string; response_metadata?: { messages?: string[] } } };
    if (!data) throw error;
    return { error: data.error, messages: data.response_metadata?.messages ?? [] };
  }
  throw new Error('expected the call to fail');
};

const button = (action_id: string, text: string, value?: string) => ({
  type: 'button' as const,
  action_id,
  text: { type: 'plain_text' as const, text },
  ...(value === undefined ? {} : { value }),
});
const card = (...texts: string[]) => [
  { type: 'section' as const, text: { type: 'mrkdwn' as const, text: '*#128* printer on fire' } },
  { type: 'actions' as const, block_id: 'acts', elements: texts.map((text) => button(text, text, `${text}-128`)) },
];
const modal = (): View => ({
  type: 'modal',
  callback_id: 'new_ticket',
  title: { type: 'plain_text', text: 'New ticket' },
  submit: { type: 'plain_text', text: 'Create' },
  private_metadata: 'C0ACME',
  notify_on_close: true,
  blocks: [
    {
      type: 'input',
      block_id: 'title',
      label: { type: 'plain_text', text: 'Title' },
      element: { type: 'plain_text_input', action_id: 'title_text', max_length: 20 },
    },
    {
      type: 'input',
      block_id: 'level',
      label: { type: 'plain_text', text: 'Level' },
      element: {
        type: 'static_select',
        action_id: 'level_pick',
        options: ['P1', 'P2'].map((value) => ({ text: { type: 'plain_text' as const, text: value }, value })),
      },
    },
  ],
});

describe('with a Bolt app over HTTP', () => {
  it('plays a thread: post, reaction, card, click, edit of the card', async () => {
    const slack = await workspace();
    const app = await httpApp(slack);
    app.event('reaction_added', async ({ event, client: api }) => {
      if (event.item.type !== 'message') return;
      const { channel, ts } = event.item;
      await api.chat.postMessage({ channel, thread_ts: ts, text: 'Ticket', blocks: card('claim', 'close') });
    });
    app.action('claim', async ({ ack, body, client: api, respond }) => {
      await ack();
      if (body.type !== 'block_actions' || !body.channel || !body.message) return;
      const { id: channel } = body.channel;
      await api.chat.update({ channel, ts: body.message.ts, text: 'claimed', blocks: card('close') });
      await respond({ text: 'you have it', response_type: 'ephemeral', replace_original: false });
    });
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'printer <on> fire & smoke, @wei');
    await slack.react('U0WEI', 'C0ACME', ts, 'ticket');
    const posted = await slack.waitFor(() => slack.messages('C0ACME', { thread_ts: ts, from: 'bot' })[0]);
    expect(posted).toMatchObject({ user: 'U0BOT', bot_id: 'B0BOT', thread_ts: ts, parent_user_id: 'U0LIN' });
    expect(buttonsOf(posted).map((b) => b.action_id)).toEqual(['claim', 'close']);
    await slack.click('U0WEI', 'C0ACME', posted.ts, 'claim');
    await slack.waitFor(() => slack.ephemerals('U0WEI')[0]);
    expect(slack.message('C0ACME', ts)).toMatchObject({
      text: 'printer &lt;on&gt; fire &amp; smoke, <@U0WEI>',
      reply_count: 1,
      reactions: [{ name: 'ticket', users: ['U0WEI'], count: 1 }],
    });
    expect(visibleText(slack.message('C0ACME', posted.ts) ?? {})).toContain('printer on fire');
    await expect(slack.click('U0WEI', 'C0ACME', posted.ts, 'claim')).rejects.toThrow('no element claim');
    await slack.settled();
    const edits = slack.deliveries('message.message_changed').map((d) => d.payload.event);
    expect(edits).toHaveLength(1);
    expect(edits[0]).toMatchObject({ message: { bot_id: 'B0BOT' }, hidden: true });
    expect(edits[0]).not.toHaveProperty('user');
    expect(slack.undelivered()).toEqual([]);
  });

  it('delivers a mention twice, with two event ids and one ts', async () => {
    const slack = await workspace();
    const app = await httpApp(slack);
    const seen: string[] = [];
    app.event('message', async ({ event }) => void seen.push(`message ${event.ts}`));
    app.event('app_mention', async ({ event }) => void seen.push(`mention ${event.ts} ${event.text}`));
    const { ts, deliveries } = await slack.mention('U0LIN', 'C0ACME', '工单 开');
    await slack.waitFor(() => seen.length === 2, { pollMs: 10 });
    expect(seen.sort()).toEqual([`mention ${ts} <@U0BOT> 工单 开`, `message ${ts}`]);
    expect(new Set(deliveries.map((d) => d.eventId)).size).toBe(2);
  });

  it('answers commands, opens and submits modals, keeps a home tab', async () => {
    const slack = await workspace();
    const app = await httpApp(slack);
    const submitted: unknown[] = [];
    let stale: string | undefined;
    app.command('/itr', async ({ ack, command, client: api }) => {
      if (command.text.startsWith('new')) {
        await ack();
        stale = command.trigger_id;
        await api.views.open({ trigger_id: command.trigger_id, view: modal() });
      } else await ack(`you said ${command.text}`);
    });
    app.view('new_ticket', async ({ ack, view }) => {
      const title = view.state.values.title?.title_text?.value ?? '';
      if (title === 'bad') return await ack({ response_action: 'errors', errors: { title: 'Say more' } });
      submitted.push([title, view.state.values.level?.level_pick?.selected_option?.value, view.private_metadata]);
      return await ack();
    });
    app.event('app_home_opened', async ({ event, client: api }) => {
      const blocks = card('refresh');
      await api.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
    });
    app.action('refresh', async ({ ack, body, client: api }) => {
      await ack();
      await api.views.publish({ user_id: body.user.id, view: { type: 'home', blocks: card('refreshed') } });
    });
    expect(await slack.slash('U0LIN', 'C0ACME', '/itr', 'show @wei a<b')).toMatchObject({
      text: 'you said show <@U0WEI|wei> a&lt;b',
    });
    expect(slack.ephemerals('U0LIN')[0]?.text).toContain('you said show');
    expect(await slack.slash('U0LIN', 'C0ACME', '/itr', 'new')).toMatchObject({ text: '' });
    await slack.waitFor(() => slack.openView('U0LIN'));
    await expect(slack.submitView('U0LIN', { title: 'x' })).rejects.toThrow('required fields left empty: level');
    await expect(slack.submitView('U0LIN', { title: 'x'.repeat(21) })).rejects.toThrow('0..20');
    await expect(slack.submitView('U0LIN', { level: 'P9' })).rejects.toThrow('no option P9');
    expect(await slack.submitView('U0LIN', { title: 'bad', level: 'P1' })).toEqual({
      action: 'errors',
      errors: { title: 'Say more' },
    });
    expect(await slack.submitView('U0LIN', { title_text: '打印机', level: 'P2' })).toMatchObject({ action: 'close' });
    expect(submitted).toEqual([['打印机', 'P2', 'C0ACME']]);
    expect(slack.openView('U0LIN')).toBeUndefined();
    const again = await failure(client(slack).views.open({ trigger_id: stale ?? '', view: modal() }));
    expect(again.error).toBe('exchanged_trigger_id');
    await slack.openHome('U0LIN');
    await slack.waitFor(() => slack.home('U0LIN'));
    await slack.clickHome('U0LIN', 'refresh');
    await slack.waitFor(() => buttonsOf(slack.home('U0LIN') ?? {})[0]?.action_id === 'refreshed');
  });

  it('updates and deletes through response_url, five times at most', async () => {
    const slack = await workspace();
    const app = await httpApp(slack);
    const urls: string[] = [];
    app.command('/itr', async ({ ack, command }) => {
      urls.push(command.response_url);
      await ack({ text: 'menu', blocks: card('hide') });
    });
    app.action('hide', async ({ ack, respond }) => {
      await ack();
      await respond({ delete_original: true });
    });
    const { ts = '' } = await slack.slash('U0LIN', 'C0ACME', '/itr');
    await slack.click('U0LIN', 'C0ACME', ts, 'hide');
    await slack.waitFor(() => slack.ephemerals('U0LIN').length === 0);
    const use = async () => {
      const body = JSON.stringify({ text: 'hi', response_type: 'in_channel' });
      return await fetch(urls[0] ?? '', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    };
    for (let i = 0; i < 5; i += 1) expect((await use()).status).toBe(200);
    const sixth = await use();
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
    expect(slack.messages('C0ACME')[0]).toMatchObject({ subtype: 'bot_message', text: 'hi' });
  });

  it('retries what fails, three times, with Slack’s headers', async () => {
    const slack = await workspace();
    const app = await httpApp(slack, true);
    const tries: (string | undefined)[] = [];
    app.event('message', async ({ context }) => {
      tries.push(`${context.retryNum ?? 0} ${context.retryReason ?? ''}`.trim());
      if (tries.length < 3) throw new Error('database is locked');
    });
    await slack.post('U0LIN', 'C0ACME', 'one');
    await slack.settled();
    expect(tries).toEqual(['0', '1 http_error', '2 http_error']);
    expect(slack.deliveries('message')[0]?.acked).toBe(true);
    slack.setRequestUrl('http://127.0.0.1:9/nobody');
    await slack.post('U0LIN', 'C0ACME', 'two');
    await slack.settled();
    expect(slack.undelivered()[0]?.attempts.map((a) => (a.acked ? '' : a.reason))).toEqual(
      Array.from({ length: 4 }, () => 'connection_failed'),
    );
  });

  it('signs what it sends; a stranger is refused', async () => {
    const slack = await workspace();
    const app = await httpApp(slack);
    let heard = 0;
    app.event('message', async () => void (heard += 1));
    expect(await slack.verifyUrl()).toBe(true);
    const { deliveries } = await slack.post('U0LIN', 'C0ACME', 'hello');
    const body = JSON.stringify(deliveries[0]?.payload);
    const json = { 'Content-Type': 'application/json' };
    const old = Math.floor(Date.now() / 1000) - 600;
    expect((await slack.postRaw('/slack/events', body, { ...json, ...slack.sign(body, old) })).status).toBe(401);
    expect((await slack.postRaw('/slack/events', body, { ...json, ...slack.sign(`${body} `) })).status).toBe(401);
    expect((await slack.postRaw('/slack/events', body, { ...json, ...slack.sign(body) })).status).toBe(200);
    await slack.deliver(deliveries[0]?.payload ?? {}, { duplicate: 2, retryNum: 1 });
    await slack.waitFor(() => heard === 5, { pollMs: 10 });
  });

  it('shows the person an error when an interaction is not acknowledged', async () => {
    const slack = await workspace({ ackDeadlineMs: 100 });
    const app = await httpApp(slack);
    app.command('/slow', async () => {});
    await expect(slack.slash('U0LIN', 'C0ACME', '/slow')).rejects.toThrow(AppDidNotRespond);
  });

  it('duplicates and shuffles when asked', async () => {
    const slack = await workspace();
    const app = await httpApp(slack);
    const order: string[] = [];
    app.event('message', async ({ event }) => void order.push('text' in event ? (event.text ?? '') : ''));
    slack.setDelivery({ duplicate: 1, shuffle: true });
    await Promise.all(Array.from({ length: 12 }, (_, i) => slack.post('U0LIN', 'C0ACME', String(i))));
    await slack.waitFor(() => order.length === 24, { pollMs: 10 });
    expect(order.slice().sort((a, b) => Number(a) - Number(b))).not.toEqual(order);
    expect(new Set(order).size).toBe(12);
  });
});

describe('with a Bolt app over Socket Mode', () => {
  it('carries events, commands and clicks', async () => {
    const slack = await workspace({ mode: 'socket', ackDeadlineMs: 300 });
    const app = await socketApp(slack);
    const heard: string[] = [];
    app.event('message', async ({ event }) => void heard.push('text' in event ? (event.text ?? '') : ''));
    app.command('/itr', async ({ ack, command }) => await ack(`heard ${command.text}`));
    app.command('/dead', async () => {});
    app.action('claim', async ({ ack, client: api, body }) => {
      await ack();
      await api.reactions.add({
        channel: 'C0ACME',
        timestamp: 'message' in body ? (body.message?.ts ?? '') : '',
        name: 'eyes',
      });
    });
    expect(slack.sockets).toBe(1);
    await slack.post('U0LIN', 'C0ACME', 'x'.repeat(70_000));
    await slack.waitFor(() => heard[0]?.length === 70_000, { pollMs: 5 });
    expect(await slack.slash('U0LIN', 'C0ACME', '/itr', 'there')).toMatchObject({ text: 'heard there' });
    await expect(slack.slash('U0LIN', 'C0ACME', '/dead')).rejects.toThrow('did not respond to /dead: timeout');
    const { ts = '' } = await client(slack).chat.postMessage({
      channel: 'C0ACME',
      text: 'card',
      blocks: card('claim'),
    });
    await slack.click('U0WEI', 'C0ACME', ts, 'claim');
    await slack.waitFor(() => slack.reactions('C0ACME', ts)[0]);
  });

  it('refreshes and loses connections; what found nobody comes again', async () => {
    const slack = await workspace({ mode: 'socket', retryDelaysMs: [200, 1500, 3000] });
    const app = await socketApp(slack);
    const heard: unknown[] = [];
    app.event('message', async ({ event, body }) => void heard.push([event.ts, body.event_id]));
    await slack.disconnectSocket('refresh_requested');
    expect(slack.sockets).toBe(0);
    const { ts, deliveries } = await slack.post('U0LIN', 'C0ACME', 'in the gap');
    await slack.waitFor(() => heard.length > 0, { pollMs: 20, timeoutMs: 8000 });
    expect(slack.sockets).toBe(1);
    expect(heard).toEqual([[ts, deliveries[0]?.eventId]]);
    expect(deliveries[0]?.attempts[0]).toMatchObject({ acked: false, reason: 'connection_failed' });
    expect(slack.calls('apps.connections.open')).toHaveLength(2);
  });

  it('sends each envelope to one of two connections', async () => {
    const slack = await workspace({ mode: 'socket', ackDeadlineMs: 1000 });
    const heard: string[] = [];
    for (const name of ['a', 'b']) {
      const app = await socketApp(slack);
      app.event('message', async () => void heard.push(name));
    }
    for (let i = 0; i < 10; i += 1) await slack.post('U0LIN', 'C0ACME', `n${i}`);
    await slack.waitFor(() => heard.length === 10, { pollMs: 5 });
    expect(new Set(heard)).toEqual(new Set(['a', 'b']));
  });
});

describe('with a bare client', () => {
  it('repeats an envelope that is not acknowledged, under the same envelope_id', async () => {
    const slack = await workspace({ mode: 'socket', ackDeadlineMs: 60, retryDelaysMs: [10, 10, 10] });
    const clientOptions = { slackApiUrl: slack.apiUrl };
    const socket = new SocketModeClient({ appToken: slack.appToken, clientOptions, logger, clientPingTimeout: 100 });
    closers.push(() => socket.disconnect());
    type Seen = { envelope_id: string; retry_num: number; retry_reason: string; ack: () => Promise<void> };
    const seen: Seen[] = [];
    socket.on('slack_event', (event: Seen) => {
      seen.push(event);
      if (event.retry_num === 2) void event.ack();
    });
    await socket.start();
    await slack.post('U0LIN', 'C0ACME', 'hello');
    await slack.settled();
    expect(seen.map((e) => [e.retry_num, e.retry_reason])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
    ]);
    expect(new Set(seen.map((e) => e.envelope_id)).size).toBe(1);
    expect(slack.undelivered()).toEqual([]);
    slack.killSocket();
    await slack.waitFor(() => slack.sockets === 0);
    await slack.waitFor(() => slack.sockets === 1);
    await slack.disconnectSocket('warning');
    expect(slack.sockets).toBe(0);
  });

  it('stops retrying at X-Slack-No-Retry, and times out after the deadline', async () => {
    const slack = await workspace({ ackDeadlineMs: 50, retryDelaysMs: [5, 5, 5] });
    const asked: IncomingHttpHeaders[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers);
      if (asked.length === 2) response.writeHead(500, { 'X-Slack-No-Retry': '1' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await slack.post('U0LIN', 'C0ACME', 'hello');
    await slack.settled();
    expect(asked.map((h) => h['x-slack-retry-reason'])).toEqual([undefined, 'http_timeout']);
    expect(slack.undelivered()).toHaveLength(1);
  });
});

describe('the Web API is strict', () => {
  it('about tokens, scopes and methods', async () => {
    const slack = await workspace({ mode: 'socket' });
    expect((await failure(client(slack, 'xoxb-wrong').auth.test())).error).toBe('invalid_auth');
    expect((await failure(client(slack, slack.appToken).auth.test())).error).toBe('not_allowed_token_type');
    expect((await failure(client(slack).apps.connections.open({}))).error).toBe('not_allowed_token_type');
    expect((await failure(client(slack).team.info())).error).toBe('missing_scope');
    expect((await failure(client(slack).apiCall('chat.meow'))).error).toBe('unknown_method');
    expect(await (await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' })).json()).toMatchObject({
      error: 'not_authed',
    });
    const { response_metadata: scopes, user_id } = await client(slack).auth.test();
    expect(scopes?.scopes).toContain('chat:write');
    expect(user_id).toBe(slack.botUserId);
    await slack.revokeTokens();
    expect((await failure(client(slack).auth.test())).error).toBe('token_revoked');
  });

  it('about messages', async () => {
    const slack = await workspace();
    slack.addChannel({ id: 'C0OUT', name: 'out', members: ['U0LIN'], botIsMember: false });
    slack.addChannel({ id: 'G0OUT', name: 'secret', members: ['U0LIN'], private: true, botIsMember: false });
    const { chat, conversations } = client(slack);
    const text = 'hi';
    const post = (more: object) => failure(chat.postMessage({ channel: 'C0ACME', ...more } as never));
    expect((await post({})).error).toBe('no_text');
    expect((await post({ channel: 'C0NONE', text })).error).toBe('channel_not_found');
    expect((await post({ channel: 'C0OUT', text })).error).toBe('not_in_channel');
    expect((await post({ channel: 'G0OUT', text })).error).toBe('channel_not_found');
    expect((await post({ text, thread_ts: '17' })).error).toBe('invalid_thread_ts');
    expect((await post({ text, thread_ts: '1700000000.000000' })).error).toBe('thread_not_found');
    expect((await post({ text, metadata: { event_type: 'x' } })).error).toBe('invalid_metadata_format');
    expect((await post({ text, blocks: '[{' })).error).toBe('invalid_blocks_format');
    expect((await post({ text, markdown_text: 'x' })).error).toBe('markdown_text_conflict');
    const root = await chat.postMessage({ channel: 'C0ACME', text: '长'.repeat(40_001) });
    expect(slack.message('C0ACME', root.ts ?? '')?.text).toHaveLength(40_000);
    const metadata = { event_type: 'itr', event_payload: { n: 7 } };
    const reply = await chat.postMessage({ channel: 'C0ACME', text, thread_ts: root.ts ?? '', metadata });
    expect((await post({ text, thread_ts: reply.ts })).error).toBe('invalid_thread_ts');
    const where = { channel: 'C0ACME', ts: root.ts ?? '' };
    expect((await conversations.replies(where)).messages?.[1]).not.toHaveProperty('metadata');
    const thread = await conversations.replies({ ...where, include_all_metadata: true });
    expect(thread.messages?.[1]?.metadata).toEqual(metadata);
    const single = await conversations.replies({ channel: 'C0ACME', ts: reply.ts ?? '', limit: 1 });
    expect(single.messages?.map((m) => m.thread_ts)).toEqual([root.ts]);
    expect((await failure(chat.update({ ...where, text: 'x'.repeat(4001) }))).error).toBe('msg_too_long');
    expect((await failure(chat.update({ ...where, ts: '1.2', text }))).error).toBe('message_not_found');
    const foreign = await slack.post('U0LIN', 'C0ACME', 'mine');
    expect((await failure(chat.update({ channel: 'C0ACME', ts: foreign.ts, text }))).error).toBe('cant_update_message');
    expect((await failure(chat.delete({ channel: 'C0ACME', ts: foreign.ts }))).error).toBe('cant_delete_message');
    expect((await failure(chat.postEphemeral({ channel: 'C0ACME', user: 'U0NOT', text }))).error).toBe(
      'user_not_in_channel',
    );
    // Replies to a root that has been deleted land at the top of the channel, and Slack says so only by omission.
    const gone = await slack.post('U0LIN', 'C0ACME', 'oops');
    await slack.delete('U0LIN', 'C0ACME', gone.ts);
    const stray = await chat.postMessage({ channel: 'C0ACME', text, thread_ts: gone.ts });
    expect(stray.message?.thread_ts).toBeUndefined();
    await slack.kickBot('C0ACME');
    expect((await post({ text })).error).toBe('not_in_channel');
    await slack.joinBot('C0ACME', 'U0LIN');
    await slack.archive('C0ACME');
    expect((await post({ text })).error).toBe('is_archived');
    expect(slack.deliveries().map((d) => d.what)).toEqual(
      expect.arrayContaining(['member_left_channel', 'member_joined_channel', 'channel_archive']),
    );
  });

  it('about blocks', async () => {
    const slack = await workspace();
    const post = (blocks: unknown[]) =>
      failure(client(slack).chat.postMessage({ channel: 'C0ACME', text: 'x', blocks: blocks as never }));
    const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
    const actions = (...elements: unknown[]) => ({ type: 'actions', elements });
    const cases: [unknown[], string][] = [
      [[{ type: 'sectionn' }], 'unsupported type: sectionn [json-pointer:/blocks/0/type]'],
      [[section('x'.repeat(3001))], 'must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
      [[section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
      [Array.from({ length: 51 }, () => ({ type: 'divider' })), 'no more than 50 items allowed [json-pointer:/blocks]'],
      [[actions(button('a', '长'.repeat(76)))], '76 characters [json-pointer:/blocks/0/elements/0/text/text]'],
      [[actions(button('a', 'a', 'v'.repeat(2001)))], '/blocks/0/elements/0/value'],
      [[actions(button('a', 'a'), button('a', 'b'))], '`action_id` already exists: a'],
      [[actions(...Array.from({ length: 26 }, (_, i) => button(`a${i}`, 'a')))], 'no more than 25 items'],
      [[{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], 'unsupported type: mrkdwn'],
      [[{ type: 'context', elements: [] }], 'no less than 1 items'],
      [
        [
          { ...section('a'), block_id: 'b' },
          { ...section('a'), block_id: 'b' },
        ],
        '`block_id` already exists: b',
      ],
    ];
    for (const [blocks, expected] of cases) {
      const { error, messages } = await post(blocks);
      expect([error, messages.join('\n')]).toEqual(['invalid_blocks', expect.stringContaining(expected)]);
    }
    const long = Array.from({ length: 5 }, () => section('x'.repeat(2900)));
    expect((await post(long)).error).toBe('msg_blocks_too_long');
  });

  it('about views', async () => {
    const now = { ms: Date.parse('2026-11-21T02:00:00Z') };
    const slack = await workspace({ now: () => now.ms });
    const { views } = client(slack);
    const view = modal();
    const user_id = 'U0LIN';
    const untitled = { ...view, title: { type: 'plain_text', text: 'x'.repeat(25) } } as View;
    const bad = await failure(views.open({ trigger_id: 'x', view: untitled }));
    expect(bad.error).toBe('invalid_arguments');
    expect(bad.messages[0]).toContain('must be less than 25 characters [json-pointer:/view/title/text]');
    expect((await failure(views.open({ trigger_id: '1.2.x', view }))).error).toBe('invalid_trigger_id');
    const trigger = slack.world.trigger('U0LIN');
    now.ms += 3001;
    expect((await failure(views.open({ trigger_id: trigger, view }))).error).toBe('expired_trigger_id');
    const open = await views.open({ trigger_id: slack.world.trigger('U0LIN'), view });
    const view_id = open.view?.id ?? '';
    const hash = open.view?.hash ?? '';
    await views.update({ view_id, hash, view });
    expect((await failure(views.update({ view_id, hash, view }))).error).toBe('hash_conflict');
    for (let depth = 2; depth <= 3; depth += 1) await views.push({ trigger_id: slack.world.trigger('U0LIN'), view });
    const push = await failure(views.push({ trigger_id: slack.world.trigger('U0LIN'), view }));
    expect(push.error).toBe('push_limit_reached');
    const home = await views.publish({ user_id, view: { type: 'home', blocks: card('a') } });
    await views.publish({ user_id, hash: home.view?.hash ?? '', view: { type: 'home', blocks: card('b') } });
    const late = { user_id, hash: home.view?.hash ?? '', view: { type: 'home' as const, blocks: card('c') } };
    expect((await failure(views.publish(late))).error).toBe('hash_conflict');
  });

  it('about channels that the app makes: names, people, topics, the scope', async () => {
    const slack = await workspace();
    const { conversations } = client(slack);
    const made = await conversations.create({ name: 'itr-1', is_private: true });
    expect(made.channel).toMatchObject({ name: 'itr-1', is_private: true, is_member: true, creator: slack.botUserId });
    const channel = made.channel?.id ?? '';
    for (const [name, error] of [
      ['itr-1', 'name_taken'],
      ['ITR 2', 'invalid_name_specials'],
      ['x'.repeat(81), 'invalid_name_maxlength'],
    ] as const)
      expect((await failure(conversations.create({ name, is_private: true }))).error).toBe(error);
    await conversations.invite({ channel, users: 'U0LIN' });
    for (const [users, error] of [
      ['U0LIN', 'already_in_channel'],
      ['U0NOBODY', 'user_not_found'],
      [slack.botUserId, 'cant_invite_self'],
    ] as const)
      expect((await failure(conversations.invite({ channel, users }))).error).toBe(error);
    expect((await failure(conversations.setTopic({ channel, topic: 'x'.repeat(251) }))).error).toBe('too_long');
    await conversations.setTopic({ channel, topic: 'db' });
    const listed = await conversations.list({ types: 'private_channel' });
    expect(listed.channels).toMatchObject([{ id: channel, topic: { value: 'db' } }]);
    slack.world.scopes.delete('groups:write');
    const denied = await failure(conversations.create({ name: 'itr-3', is_private: true }));
    expect(denied.error).toBe('missing_scope');
  });

  it('about people, rates and the rest', async () => {
    const now = { ms: Date.parse('2026-11-21T02:00:00Z') };
    const slack = await workspace({ now: () => now.ms, enforceRates: true });
    const api = client(slack);
    const { user } = await api.users.info({ user: 'U0WEI', include_locale: true });
    expect(user).toMatchObject({ locale: 'zh-CN', tz: 'Asia/Shanghai', tz_offset: 28_800 });
    expect((await api.users.lookupByEmail({ email: 'LIN@acme.example' })).user?.id).toBe('U0LIN');
    expect((await failure(api.users.lookupByEmail({ email: 'no@acme.example' }))).error).toBe('users_not_found');
    expect((await failure(api.usergroups.users.list({ usergroup: 'S1' }))).error).toBe('no_such_subteam');
    const im = await api.conversations.open({ users: 'U0LIN' });
    await api.chat.postMessage({ channel: im.channel?.id ?? '', text: 'one' });
    await api.chat.postMessage({ channel: 'U0LIN', text: 'two' });
    expect(slack.dms('U0LIN').map((m) => m.text)).toEqual(['one', 'two']);
    const posts = Array.from({ length: 4 }, () => api.chat.postMessage({ channel: 'C0ACME', text: 'x' }));
    const rejected = (await Promise.allSettled(posts)).filter((p) => p.status === 'rejected');
    expect(rejected.map((p) => p.reason as unknown)).toMatchObject([{ retryAfter: 1 }]);
    now.ms += 1000;
    const { ts = '' } = await api.chat.postMessage({ channel: 'C0ACME', text: 'x' });
    const link = await api.chat.getPermalink({ channel: 'C0ACME', message_ts: ts });
    expect(link.permalink).toBe(`https://acme.slack.com/archives/C0ACME/p${ts.replace('.', '')}`);
    await api.reactions.add({ channel: 'C0ACME', timestamp: ts, name: 'eyes' });
    const twice = await failure(api.reactions.add({ channel: 'C0ACME', timestamp: ts, name: 'eyes' }));
    expect(twice.error).toBe('already_reacted');
  });
});

describe('the workspace', () => {
  it('tells of files, webhooks, guests, broadcasts, edits, tombstones and duty groups as Slack does', async () => {
    const slack = await workspace();
    const app = await httpApp(slack);
    const events: Record<string, unknown>[] = [];
    app.use(async ({ body, next }) => {
      if ('event' in body) events.push({ ...(body.event as object), team_id: body.team_id });
      await next();
    });
    const last = async (match: object) =>
      await slack.waitFor(() => {
        expect(events.at(-1)).toMatchObject(match);
        return events.at(-1);
      });
    const files = [{ name: '截图.png', mimetype: 'image/png', content: 'pixels' }];
    const { ts } = await slack.post('U0LIN', 'C0ACME', 'see', { files });
    await last({ subtype: 'file_share', files: [{ name: '截图.png' }], channel_type: 'channel' });
    const url = slack.message('C0ACME', ts)?.files?.[0]?.url_private ?? '';
    expect(await (await fetch(url)).text()).toContain('Sign in');
    const authorization = `Bearer ${slack.botToken}`;
    expect(await (await fetch(url, { headers: { authorization } })).text()).toBe('pixels');
    const alert = await slack.webhook('C0ACME', 'disk full');
    expect(await last({ subtype: 'bot_message', username: 'alerts' })).not.toHaveProperty('user');
    await slack.react('U0WEI', 'C0ACME', alert.ts, 'eyes');
    expect(await last({ reaction: 'eyes', user: 'U0WEI' })).not.toHaveProperty('item_user');
    await slack.unreact('U0WEI', 'C0ACME', alert.ts, 'eyes');
    await last({ type: 'reaction_removed' });
    slack.addUser({ id: 'W0CLIENT', name: 'client', teamId: 'T0CLIENT' });
    await slack.joinChannel('W0CLIENT', 'C0ACME', 'U0LIN');
    const reply = await slack.post('W0CLIENT', 'C0ACME', 'same here', { thread_ts: ts, broadcast: true });
    await last({ subtype: 'thread_broadcast', thread_ts: ts, root: { ts, reply_count: 1 }, team_id: 'T0CLIENT' });
    await slack.edit('W0CLIENT', 'C0ACME', reply.ts, 'not here');
    await last({ subtype: 'message_changed', message: { text: 'not here', edited: { user: 'W0CLIENT' } } });
    await slack.delete('U0LIN', 'C0ACME', ts);
    await last({ subtype: 'message_changed', message: { subtype: 'tombstone' } });
    await slack.delete('W0CLIENT', 'C0ACME', reply.ts);
    await last({ subtype: 'message_deleted', deleted_ts: reply.ts });
    slack.addUsergroup({ id: 'S0DUTY', handle: 'duty', users: ['U0LIN'] });
    await slack.setUsergroup('S0DUTY', ['U0WEI']);
    await slack.waitFor(() => events.some((e) => e.type === 'subteam_members_changed'));
    expect(await client(slack).usergroups.users.list({ usergroup: 'S0DUTY' })).toMatchObject({ users: ['U0WEI'] });
    await slack.renameChannel('C0ACME', 'acme');
    await last({ type: 'channel_rename', channel: { id: 'C0ACME', name: 'acme' } });
    await slack.mention('U0LIN', slack.dmChannel('U0LIN'), 'in private');
    await last({ type: 'message', channel_type: 'im' });
    await slack.uninstall();
    expect((await failure(client(slack).auth.test())).error).toBe('account_inactive');
  });

  it('says nothing of channels the bot is not in, nor of events the app has not asked for', async () => {
    const slack = await workspace({ subscriptions: ['message.channels'] });
    await httpApp(slack);
    slack.addChannel({ id: 'C0OUT', name: 'out', members: ['U0LIN'], botIsMember: false });
    const outside = await slack.post('U0LIN', 'C0OUT', 'psst');
    const inside = await slack.post('U0LIN', 'C0ACME', 'hello');
    await slack.react('U0WEI', 'C0ACME', inside.ts, 'eyes');
    expect(outside.deliveries).toEqual([]);
    expect(slack.deliveries().map((d) => d.what)).toEqual(['message']);
  });

  it('redelivers what it believes lost, and notes what it would rather not see', async () => {
    const slack = await workspace({ retryDelaysMs: [5, 5, 5] });
    const app = await httpApp(slack);
    const ids: string[] = [];
    app.event('message', async ({ body }) => void ids.push(body.event_id));
    slack.setDelivery({ loseAck: 1 });
    await slack.post('U0LIN', 'C0ACME', 'again and again');
    await slack.settled();
    expect([ids.length, new Set(ids).size]).toEqual([4, 1]);
    slack.setDelivery({});
    await client(slack).chat.postMessage({ channel: 'C0ACME', blocks: card('a'), threadTs: 'x' } as never);
    expect(slack.warnings()).toEqual([
      'chat.postMessage: unknown threadTs',
      'chat.postMessage: blocks without text: notifications and screen readers get nothing',
    ]);
    await expect(slack.waitFor(() => false, { timeoutMs: 20 })).rejects.toThrow(/call 2 chat.postMessage ok[^]*sent/);
  });

  it('draws threads, homes and modals', async () => {
    const slack = await workspace();
    const { ts } = await slack.post('U0LIN', 'C0ACME', '登录 <502> :fire:');
    await slack.react('U0WEI', 'C0ACME', ts, 'ticket');
    const { chat, views } = client(slack);
    await chat.postMessage({ channel: 'C0ACME', thread_ts: ts, text: 'x', blocks: card('认领') });
    await chat.postEphemeral({ channel: 'C0ACME', user: 'U0WEI', thread_ts: ts, text: '只给 <@U0WEI> 看' });
    const page = await slack.renderHtml('C0ACME', ts, { locale: 'zh-CN', viewer: 'U0WEI' });
    for (const piece of [
      '林小雨',
      '登录 &lt;502&gt; 🔥',
      '🎫 1',
      '1 条回复',
      '<b>#128</b>',
      '认领</button>',
      '@魏工',
    ]) {
      expect(page).toContain(piece);
    }
    await views.publish({ user_id: 'U0LIN', view: { type: 'home', blocks: card('刷新') } });
    expect(await slack.renderHome('U0LIN')).toContain('刷新</button>');
    await views.open({ trigger_id: slack.world.trigger('U0LIN'), view: modal() });
    expect(await slack.renderView('U0LIN')).toContain('New ticket');
  });
});

describe('faults', () => {
  it('come in the order and number asked for', async () => {
    const slack = await workspace();
    const { chat } = client(slack);
    const method = 'chat.postMessage';
    const post = (channel = 'C0ACME') => chat.postMessage({ channel, text: 'x' });
    slack.fault({ method, channel: 'C0ACME', kind: '429', retryAfter: 2 });
    slack.fault({ method, channel: 'C0ACME', kind: '500' });
    slack.fault({ method, channel: 'C0ACME', kind: 'error', error: 'internal_error' });
    slack.fault({ method, channel: 'C0ACME', kind: 'drop' });
    slack.fault({ method, channel: 'C0ACME', kind: 'drop-after-success' });
    slack.fault({ method, channel: 'C0ACME', kind: 'timeout-after-success', ms: 5000 });
    await post('U0LIN');
    await expect(post()).rejects.toMatchObject({ retryAfter: 2 });
    await expect(post()).rejects.toMatchObject({ statusCode: 500 });
    await expect(post()).rejects.toMatchObject({ data: { error: 'internal_error' } });
    await expect(post()).rejects.toThrow();
    expect(slack.messages('C0ACME')).toHaveLength(0);
    await expect(post()).rejects.toThrow();
    await expect(post()).rejects.toThrow();
    expect(slack.messages('C0ACME')).toHaveLength(2);
    await post();
    expect(slack.calls(method).map((c) => c.fault)).toEqual([
      undefined,
      '429',
      '500',
      'error',
      'drop',
      'drop-after-success',
      'timeout-after-success',
      undefined,
    ]);
  });
});
