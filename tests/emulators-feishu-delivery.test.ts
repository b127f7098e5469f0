import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adaptDefault, WSClient } from '@larksuiteoapi/node-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { AppDidNotAnswer, decrypt, encrypt } from './emulators/feishu/index.ts';
import type { FeishuEmulator, JsonObject } from './emulators/feishu/index.ts';
import {
  afterwards,
  button,
  card,
  CHAT,
  client,
  closeAll,
  connected,
  dispatcher,
  logger,
  refusal,
  start,
  tenant,
  text,
  toChat,
} from './support/feishu-sdk.ts';
import type { Heard } from './support/feishu-sdk.ts';

afterEach(closeAll);

describe('the long connection, with the SDK at the other end', () => {
  it('brings what people say, with its mentions as Feishu writes them', async () => {
    const { feishu } = await tenant();
    const heard = await connected(feishu);
    const { deliveries } = await feishu.says('lin', CHAT, '@bot');
    expect(deliveries[0]).toMatchObject({ acked: true, what: 'im.message.receive_v1' });
    expect(heard.event[0]).toMatchObject({
      token: '',
      sender: { sender_type: 'user', sender_id: { open_id: feishu.openId('lin') } },
      message: {
        chat_type: 'group',
        content: text('@_user_1 '),
        mentions: [{ key: '@_user_1', id: { open_id: feishu.app.openId }, name: 'ITR' }],
      },
    });
    await feishu.says('lin', CHAT, '@all 开会');
    expect(heard.event[1]).toMatchObject({ message: { content: text('@_all 开会') } });
    expect((heard.event[1]?.message as JsonObject).mentions).toBeUndefined();
  });

  it('tells of reactions without naming the chat', async () => {
    const { feishu } = await tenant();
    const heard = await connected(feishu);
    const { id } = await feishu.says('lin', CHAT, 'hallo');
    await feishu.reacts('wei', id, 'OnIt');
    await feishu.unreacts('wei', id, 'OnIt');
    const [, created, deleted] = heard.event;
    expect(created).toMatchObject({ message_id: id, operator_type: 'user', reaction_type: { emoji_type: 'OnIt' } });
    expect(created).not.toHaveProperty('chat_id');
    expect(deleted).toMatchObject({ event_type: 'im.message.reaction.deleted_v1' });
  });

  it('sends a large event in several frames', async () => {
    const { feishu } = await tenant({ fragmentBytes: 200 });
    const heard = await connected(feishu);
    const words = '很长的一句话'.repeat(50);
    await feishu.says('lin', CHAT, words);
    expect(heard.event[0]).toMatchObject({ message: { content: text(words) } });
  });

  it('delivers again when the handler has thrown, and when the ack was lost', async () => {
    const { feishu, clock } = await tenant();
    const heard = await connected(feishu);
    heard.answer = () => {
      heard.answer = () => ({});
      throw new Error('database is down');
    };
    const { deliveries } = await feishu.says('lin', CHAT, 'hallo');
    const [delivery] = deliveries;
    expect(delivery?.attempts).toMatchObject([{ acked: false, reason: 'handler_failed', status: 500 }]);
    feishu.loseAcks(1);
    clock.advance(15_000);
    await feishu.settled();
    clock.advance(300_000);
    await feishu.settled();
    expect(delivery?.attempts.map(({ acked, at }) => [acked, at - start])).toEqual([
      [false, 0],
      [false, 15_000],
      [true, 315_000],
    ]);
    expect(new Set(heard.event.map(({ event_id }) => event_id)).size).toBe(1);
  });

  it('gives each event to one connection, and goes on when one is cut', async () => {
    const { feishu } = await tenant();
    const one = await connected(feishu);
    const two = await connected(feishu);
    for (let n = 0; n < 12; n += 1) await feishu.says('lin', CHAT, `nr ${n}`);
    expect(one.event.length).toBeGreaterThan(0);
    expect(two.event.length).toBeGreaterThan(0);
    expect(one.event.length + two.event.length).toBe(12);
    feishu.dropConnections();
    await feishu.waitFor(() => feishu.connections === 2);
    const { deliveries } = await feishu.says('lin', CHAT, 'wieder');
    expect(deliveries[0]?.acked).toBe(true);
  });

  it('leaves a half-open connection to the pings of the client', async () => {
    const { feishu } = await tenant({ clientConfig: { PingInterval: 0.2 } });
    // Below the interval: each ping starts the client's waiting anew.
    await connected(feishu, 0.1);
    const asked = feishu.calls('ws.endpoint').length;
    feishu.freezeConnections();
    await feishu.waitFor(() => feishu.calls('ws.endpoint').length > asked && feishu.connections === 1);
    const { deliveries } = await feishu.says('lin', CHAT, 'hört mich jemand');
    expect(deliveries[0]?.acked).toBe(true);
  });

  it('is back after the gateway has closed it', async () => {
    const { feishu } = await tenant();
    await connected(feishu);
    feishu.kickConnections();
    await feishu.waitFor(() => feishu.connections === 1 && feishu.calls('ws.endpoint').length === 2);
    const { deliveries } = await feishu.says('lin', CHAT, 'wieder');
    expect(deliveries[0]?.acked).toBe(true);
  });

  it('refuses connections with the code it is told', async () => {
    const { feishu } = await tenant();
    feishu.refuseConnections(1000040350);
    const failed = new Promise<Error>((resolve) => {
      const socket = new WSClient({
        appId: feishu.app.id,
        appSecret: feishu.app.secret,
        domain: feishu.url,
        logger,
        onError: resolve,
      });
      afterwards(() => socket.close({ force: true }));
      void socket.start({ eventDispatcher: dispatcher({ event: [], answer: () => ({}) }) });
    });
    expect((await failed).message).toContain('code=1000040350');
  });

  it('lets people press, and shows them the answer', async () => {
    const { feishu } = await tenant();
    const heard = await connected(feishu);
    const api = client(feishu);
    const sent = await api.im.message.create(
      toChat(card('ITR-1', [button('认领', { a: 'claim', t: 'ITR-1' })]), { msg_type: 'interactive' }),
    );
    const id = sent.data?.message_id ?? '';
    expect(feishu.text(id)).toBe('ITR-1\n[认领]');
    heard.answer = () => ({
      toast: { type: 'success', content: '已认领' },
      card: { type: 'raw', data: JSON.parse(card('ITR-1 魏工')) as JsonObject },
    });
    await feishu.presses('wei', id, '认领');
    expect(heard.event[0]).toMatchObject({
      operator: { open_id: feishu.openId('wei') },
      action: { value: { a: 'claim', t: 'ITR-1' }, tag: 'button' },
      context: { open_message_id: id, open_chat_id: CHAT },
      create_time: `${start}000`,
    });
    expect(feishu.toasts('wei')).toMatchObject([{ type: 'success', content: '已认领' }]);
    expect(feishu.text(id)).toBe('ITR-1 魏工');
  });

  it('shows a red line when the answer is wrong, and asks only once', async () => {
    const { feishu } = await tenant();
    const heard = await connected(feishu);
    const content = card('ITR-1', [button('认领', { a: 'claim' })]);
    const sent = await client(feishu).im.message.create(toChat(content, { msg_type: 'interactive' }));
    const id = sent.data?.message_id ?? '';
    heard.answer = () => ({ toast: { type: 'fine', content: 'x' } });
    await expect(feishu.presses('wei', id, { a: 'claim' })).rejects.toThrow(AppDidNotAnswer);
    heard.answer = () => ({ card: { type: 'raw', data: { elements: [] } } });
    await expect(feishu.presses('wei', id, '认领')).rejects.toThrow('200830');
    expect(feishu.toasts('wei').map(({ code }) => code)).toEqual([200672, 200830]);
    expect(heard.event).toHaveLength(2);
  });

  it('lets people fill in a form', async () => {
    const { feishu } = await tenant();
    const heard = await connected(feishu);
    const choices = ['P1', 'P2'].map((value) => ({ text: { tag: 'plain_text', content: value }, value }));
    const form = {
      tag: 'form',
      name: 'edit',
      elements: [
        { tag: 'input', name: 'title', required: true },
        { tag: 'select_static', name: 'severity', options: choices },
        { tag: 'select_person', name: 'owner' },
        { tag: 'date_picker', name: 'due' },
        { tag: 'button', name: 'edit|ITR-1', text: { tag: 'plain_text', content: '保存' }, form_action_type: 'submit' },
      ],
    };
    const sent = await client(feishu).im.message.create(toChat(card('ITR-1', [form]), { msg_type: 'interactive' }));
    const id = sent.data?.message_id ?? '';
    await expect(feishu.submits('wei', id, { severity: 'P1' })).rejects.toThrow('required field left empty: title');
    await feishu.submits('wei', id, { title: '打印机', severity: 'P1', owner: 'lin', due: '2026-11-20' });
    expect(heard.event[0]?.action).toMatchObject({
      name: 'edit|ITR-1',
      form_value: { title: '打印机', severity: 'P1', owner: feishu.openId('lin'), due: '2026-11-20 +0800' },
    });
  });
});

describe('the webhook', () => {
  async function listening(feishu: FeishuEmulator, heard: Heard, status?: () => number): Promise<void> {
    const sdk = adaptDefault('/feishu', dispatcher(heard, feishu.app.encryptKey), { autoChallenge: true });
    const server = createServer((request, response) => {
      const other = status?.() ?? 200;
      if (other !== 200) response.writeHead(other).end();
      else void sdk(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    afterwards(() => {
      server.closeAllConnections();
      server.close();
    });
    feishu.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/feishu`);
  }

  it('encrypts and signs so that the SDK takes it, and checks the URL', async () => {
    const { feishu } = await tenant({ delivery: 'webhook', app: { encryptKey: 'schluessel' } });
    const heard: Heard = { event: [], answer: () => ({}) };
    await listening(feishu, heard);
    expect(await feishu.verifyUrl()).toBe(true);
    await feishu.says('lin', CHAT, '@bot 你好');
    expect(heard.event[0]).toMatchObject({
      token: feishu.app.verificationToken,
      message: { content: text('@_user_1 你好') },
    });
  });

  it('sends plain JSON without a signature for an app without an encrypt key', async () => {
    const { feishu } = await tenant({ delivery: 'webhook', app: { encryptKey: '' } });
    const { body, headers } = feishu.dress({ type: 'url_verification', challenge: 'x' });
    expect([JSON.parse(body), headers]).toEqual([{ type: 'url_verification', challenge: 'x' }, {}]);
    const heard: Heard = { event: [], answer: () => ({}) };
    await listening(feishu, heard);
    await feishu.posts('lin', CHAT, '标题', [
      [
        { tag: 'at', user_id: 'wei' },
        { tag: 'text', text: ' 请看' },
      ],
    ]);
    expect(heard.event[0]).toMatchObject({
      message: { message_type: 'post', mentions: [{ key: '@_user_1', name: '魏工' }] },
    });
  });

  it('tries again after 15 seconds, 5 minutes, 1 hour and 6 hours, and then no more', async () => {
    const { feishu, clock } = await tenant({ delivery: 'webhook' });
    await listening(feishu, { event: [], answer: () => ({}) }, () => 500);
    const { deliveries } = await feishu.says('lin', CHAT, 'hallo');
    for (const seconds of [14, 1, 300, 3600, 21_600, 86_400]) {
      clock.advance(seconds * 1000);
      await feishu.settled();
    }
    expect(deliveries[0]?.attempts.map(({ at }) => (at - start) / 1000)).toEqual([0, 15, 315, 3915, 25_515]);
    expect(feishu.undelivered()).toHaveLength(1);
  });

  it('does not wait longer than the deadline, and calls back only once', async () => {
    const { feishu } = await tenant({ delivery: 'webhook', ackDeadlineMs: 100 });
    const heard: Heard = { event: [], answer: () => new Promise(() => {}) };
    await listening(feishu, heard);
    const content = card('ITR-1', [button('认领', { a: 'claim' })]);
    const sent = await client(feishu).im.message.create(toChat(content, { msg_type: 'interactive' }));
    await expect(feishu.presses('wei', sent.data?.message_id ?? '', '认领')).rejects.toThrow('200341');
    expect(heard.event).toHaveLength(1);
  });

  it('decrypts the published vectors, and what it has encrypted itself', () => {
    // From Feishu's page on the encrypt key.
    expect(decrypt('test key', 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=')).toBe('hello world');
    const iv = Buffer.from('P37w+VZImNgPEO1RBhJ6Rg==', 'base64');
    expect(encrypt('test key', 'hello world', iv)).toBe('P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=');
    expect(decrypt('k', encrypt('k', '工单 ITR-1'))).toBe('工单 ITR-1');
  });
});

describe('chats', () => {
  it('tells the bot only what its scopes and its membership let it hear', async () => {
    const { feishu } = await tenant({ app: { scopes: ['im:message.group_at_msg:readonly'] } });
    const heard = await connected(feishu);
    await feishu.says('lin', CHAT, 'ohne');
    await feishu.says('lin', CHAT, '@bot mit');
    await feishu.tells('lin', 'allein');
    expect(heard.event).toHaveLength(1);
    await feishu.removesBot('lin', CHAT);
    await feishu.says('lin', CHAT, '@bot weg');
    expect(heard.event).toHaveLength(1);
  });

  it('tells of the menu, of the way into the conversation, and of what happens to a chat', async () => {
    const { feishu } = await tenant();
    await connected(feishu);
    await feishu.opensMenu('lin', 'my_tickets');
    await feishu.entersP2p('lin');
    await feishu.removesBot('lin', CHAT);
    await feishu.addsBot('lin', CHAT);
    await feishu.joins('zhou', CHAT, 'lin');
    await feishu.disbands('lin', CHAT);
    const operator_id = { open_id: feishu.openId('lin') };
    expect(feishu.deliveries().map(({ what, payload }) => [what, payload.event])).toMatchObject([
      [
        'application.bot.menu_v6',
        { event_key: 'my_tickets', timestamp: Math.floor(start / 1000), operator: { operator_id } },
      ],
      ['im.chat.access_event.bot_p2p_chat_entered_v1', { chat_id: feishu.p2p('lin'), operator_id }],
      ['im.chat.member.bot.deleted_v1', { chat_id: CHAT, operator_id }],
      ['im.chat.member.bot.added_v1', { chat_id: CHAT, operator_id }],
      ['im.chat.member.user.added_v1', { chat_id: CHAT, users: [{ name: '周' }] }],
      ['im.chat.disbanded_v1', { chat_id: CHAT, operator_id }],
    ]);
    expect(feishu.undelivered()).toEqual([]);
  });

  it('opens a topic for every message of a topic group, and lists its first messages only', async () => {
    const { feishu } = await tenant();
    feishu.addChat({ id: 'oc_topic', name: 'topics', members: ['lin'], topic: true });
    const { id, thread } = await feishu.says('lin', 'oc_topic', 'erstens');
    const api = client(feishu);
    const reply = await api.im.message.reply({
      path: { message_id: id },
      data: { msg_type: 'text', content: text('zweitens') },
    });
    expect(reply.data?.thread_id).toBe(thread);
    const params = {
      container_id_type: 'chat',
      container_id: 'oc_topic',
      start_time: String(Math.floor(start / 1000)),
    };
    const listed = await api.im.message.list({ params });
    expect(listed.data?.items?.map(({ message_id }) => message_id)).toEqual([id]);
    const inMs = api.im.message.list({ params: { ...params, start_time: String(start) } });
    expect(await refusal(inMs)).toMatchObject({ code: 230001 });
  });

  it('shows what is in a merged forward only to those who ask for it', async () => {
    const { feishu } = await tenant();
    const heard = await connected(feishu);
    const one = await feishu.says('lin', CHAT, 'eins');
    const both = await feishu.forwards('wei', CHAT, [one.id]);
    expect(heard.event[1]).toMatchObject({ message: { message_type: 'merge_forward' } });
    const got = await client(feishu).im.message.get({ path: { message_id: both.id } });
    expect(got.data?.items?.map(({ message_id, upper_message_id }) => [message_id, upper_message_id])).toEqual([
      [both.id, undefined],
      [one.id, both.id],
    ]);
  });

  it('lets a card be updated twice with the token of its callback', async () => {
    const { feishu } = await tenant();
    await connected(feishu);
    const api = client(feishu);
    const content = card('ITR-1', [button('认领', { a: 'claim' })]);
    const sent = await api.im.message.create(toChat(content, { msg_type: 'interactive' }));
    const id = sent.data?.message_id ?? '';
    const { token } = await feishu.presses('wei', id, '认领');
    const later = (title: string) =>
      api.request({
        method: 'POST',
        url: '/open-apis/interactive/v1/card/update',
        data: { token, card: JSON.parse(card(title)) as JsonObject },
      });
    await later('ITR-1 eins');
    await later('ITR-1 zwei');
    expect(await refusal(later('ITR-1 drei'))).toMatchObject({ code: 300040 });
    expect(feishu.text(id)).toBe('ITR-1 zwei');
  });

  it('holds events back and lets them out in another order', async () => {
    const { feishu } = await tenant();
    const heard = await connected(feishu);
    const { id } = await feishu.says('lin', CHAT, 'hallo');
    feishu.holdEvents();
    await feishu.reacts('wei', id, 'OnIt');
    await feishu.unreacts('wei', id, 'OnIt');
    await feishu.releaseEvents('reversed');
    expect(heard.event.slice(1).map(({ event_type }) => event_type)).toEqual([
      'im.message.reaction.deleted_v1',
      'im.message.reaction.created_v1',
    ]);
  });
});
