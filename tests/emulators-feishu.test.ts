import { Client } from '@larksuiteoapi/node-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import {
  button,
  card,
  CHAT,
  client,
  closeAll,
  logger,
  memory,
  refusal,
  tenant,
  text,
  toChat,
} from './support/feishu-sdk.ts';

afterEach(closeAll);

describe('the API, called by the SDK', () => {
  it('issues a token once, uses it, and refuses it when it has died', async () => {
    const { feishu, clock } = await tenant();
    const api = client(feishu);
    await api.im.message.create(toChat(text('eins')));
    await api.im.message.create(toChat(text('zwei')));
    expect(feishu.calls('token')).toHaveLength(1);
    clock.advance(2 * 3_600_000);
    expect(await refusal(api.im.message.create(toChat(text('drei'))))).toMatchObject({ status: 400, code: 99991663 });
    await client(feishu).im.message.create(toChat(text('drei')));
    feishu.revokeTokens();
    expect(await refusal(api.im.message.create(toChat(text('vier'))))).toMatchObject({ status: 400, code: 99991663 });
    expect(feishu.messages(CHAT, { from: 'bot' }).map(({ id }) => feishu.text(id))).toEqual(['eins', 'zwei', 'drei']);
  });

  it('refuses a wrong secret, a missing token, an unknown path and a missing scope, each in its own way', async () => {
    const { feishu } = await tenant({ app: { scopes: ['im:message:readonly'] } });
    const wrong = new Client({ appId: feishu.app.id, appSecret: 'wrong', domain: feishu.url, logger, cache: memory() });
    await expect(wrong.im.message.create(toChat(text('x')))).rejects.toThrow('code: 10014');
    const bare = await fetch(`${feishu.url}/open-apis/im/v1/messages`, { method: 'POST' });
    expect([bare.status, ((await bare.json()) as { code: number }).code]).toEqual([400, 99991661]);
    const nowhere = await fetch(`${feishu.url}/open-apis/im/v1/nothing`);
    expect(nowhere.status).toBe(404);
    const { status, code, msg } = await refusal(client(feishu).im.message.create(toChat(text('x'))));
    expect([status, code]).toEqual([400, 99991672]);
    expect(msg).toContain('im:message:send_as_bot');
  });

  it('sends, answers in a topic, edits, recalls, and shows it all', async () => {
    const { feishu } = await tenant();
    const api = client(feishu);
    const said = await feishu.says('lin', CHAT, '打印机着火了 @wei');
    const at = `<at user_id="${feishu.openId('wei')}">魏工</at> 请看`;
    const { data } = await api.im.message.reply({
      path: { message_id: said.id },
      data: { msg_type: 'text', content: text(at), reply_in_thread: true },
    });
    expect(data).toMatchObject({
      root_id: said.id,
      parent_id: said.id,
      mentions: [{ key: '@_user_1', id_type: 'open_id' }],
    });
    expect(data?.thread_id).toMatch(/^omt_/);
    expect(feishu.shows(CHAT)).toBe('林小雨: 打印机着火了 @魏工 \n    ITR: @魏工 请看');
    const message_id = data?.message_id ?? '';
    await api.im.message.update({ path: { message_id }, data: { msg_type: 'text', content: text('算了') } });
    expect(feishu.text(message_id)).toBe('算了');
    await api.im.message.delete({ path: { message_id } });
    expect(
      await refusal(api.im.message.reply({ path: { message_id }, data: { msg_type: 'text', content: text('?') } })),
    ).toMatchObject({
      code: 230011,
    });
    const listed = await api.im.message.list({
      params: { container_id_type: 'thread', container_id: data?.thread_id ?? '' },
    });
    expect(listed.data?.items?.map((item) => item.body?.content)).toEqual([
      text('打印机着火了 @_user_1 '),
      'This message was recalled',
    ]);
  });

  it('sends one message per uuid within an hour', async () => {
    const { feishu, clock } = await tenant();
    const api = client(feishu);
    const first = await api.im.message.create(toChat(text('einmal'), { uuid: 'row-1' }));
    const again = await api.im.message.create(toChat(text('einmal'), { uuid: 'row-1' }));
    expect(again.data?.message_id).toBe(first.data?.message_id);
    clock.advance(3_600_000);
    await api.im.message.create(toChat(text('einmal'), { uuid: 'row-1' }));
    expect(feishu.messages(CHAT)).toHaveLength(2);
  });

  it('replaces cards of its own for 14 days, if they are shared', async () => {
    const { feishu, clock } = await tenant();
    const api = client(feishu);
    const sent = await api.im.message.create(
      toChat(card('ITR-1', [button('认领', { a: 'claim' })]), { msg_type: 'interactive' }),
    );
    const path = { message_id: sent.data?.message_id ?? '' };
    await api.im.message.patch({ path, data: { content: card('ITR-1 已认领') } });
    expect(feishu.text(path.message_id)).toBe('ITR-1 已认领');
    expect(await refusal(api.im.message.patch({ path, data: { content: card('x', [], {}) } }))).toMatchObject({
      code: 230001,
    });
    expect(await refusal(api.im.message.patch({ path, data: { content: '{' } }))).toMatchObject({
      code: 230099,
      msg: expect.stringContaining('ErrCode: 200621') as string,
    });
    clock.advance(14 * 86_400_000 + 1);
    const late = client(feishu).im.message.patch({ path, data: { content: card('x') } });
    expect(await refusal(late)).toMatchObject({ code: 230031 });
  });

  it('allows five updates of a card a second', async () => {
    const { feishu } = await tenant();
    const api = client(feishu);
    const sent = await api.im.message.create(toChat(card('ITR-1'), { msg_type: 'interactive' }));
    const path = { message_id: sent.data?.message_id ?? '' };
    for (let n = 0; n < 5; n += 1) await api.im.message.patch({ path, data: { content: card(`ITR-1 ${n}`) } });
    expect(await refusal(api.im.message.patch({ path, data: { content: card('x') } }))).toMatchObject({ code: 230020 });
    expect(feishu.message(path.message_id).edits).toBe(5);
  });

  it('refuses what is too long, outside the chat, or to somebody it may not write to', async () => {
    const { feishu } = await tenant();
    const api = client(feishu);
    expect(await refusal(api.im.message.create(toChat(text('x'.repeat(150 * 1024)))))).toMatchObject({ code: 230025 });
    const long = card('x', [{ tag: 'markdown', content: '长'.repeat(10_240) }]);
    expect(await refusal(api.im.message.create(toChat(long, { msg_type: 'interactive' })))).toMatchObject({
      code: 230025,
    });
    feishu.addChat({ id: 'oc_other', name: 'other', members: ['lin'], bots: [] });
    expect(await refusal(api.im.message.create(toChat(text('x'), { receive_id: 'oc_other' })))).toMatchObject({
      code: 230002,
    });
    const direct = (person: string) =>
      api.im.message.create({
        params: { receive_id_type: 'open_id' },
        data: { receive_id: feishu.openId(person), msg_type: 'text', content: text('hi') },
      });
    await direct('wei');
    expect(feishu.direct('wei')).toHaveLength(1);
    feishu.world.person('wei').resigned = true;
    feishu.world.person('zhou').available = false;
    expect(await refusal(direct('wei'))).toMatchObject({ code: 230029 });
    expect(await refusal(direct('zhou'))).toMatchObject({ code: 230013 });
    await feishu.disbands('lin', CHAT);
    expect(await refusal(api.im.message.create(toChat(text('x'))))).toMatchObject({ code: 232009 });
  });

  it('reacts, and takes back only its own', async () => {
    const { feishu } = await tenant();
    const api = client(feishu);
    const { id } = await feishu.says('lin', CHAT, 'hallo');
    await feishu.reacts('wei', id, 'OnIt');
    const path = { message_id: id };
    const mine = await api.im.messageReaction.create({ path, data: { reaction_type: { emoji_type: 'Typing' } } });
    expect(
      await refusal(api.im.messageReaction.create({ path, data: { reaction_type: { emoji_type: 'EYES' } } })),
    ).toMatchObject({
      code: 231001,
    });
    const listed = await api.im.messageReaction.list({ path });
    expect(listed.data?.items?.map((one) => [one.reaction_type?.emoji_type, one.operator?.operator_type])).toEqual([
      ['OnIt', 'user'],
      ['Typing', 'app'],
    ]);
    const theirs = listed.data?.items?.[0]?.reaction_id ?? '';
    expect(await refusal(api.im.messageReaction.delete({ path: { ...path, reaction_id: theirs } }))).toMatchObject({
      code: 231007,
    });
    await api.im.messageReaction.delete({ path: { ...path, reaction_id: mine.data?.reaction_id ?? '' } });
    expect(feishu.reactions(id).map(({ emoji }) => emoji)).toEqual(['OnIt']);
  });

  it('buzzes those who are in the chat and names the others', async () => {
    const { feishu } = await tenant();
    const api = client(feishu);
    const { data } = await api.im.message.create(toChat(text('P1')));
    const message_id = data?.message_id ?? '';
    const buzz = (people: string[]) =>
      api.im.message.urgentApp({
        path: { message_id },
        params: { user_id_type: 'open_id' },
        data: { user_id_list: people.map((key) => feishu.openId(key)) },
      });
    const answer = await buzz(['wei', 'zhou']);
    expect(answer.data?.invalid_user_id_list).toEqual([feishu.openId('zhou')]);
    expect(feishu.buzzes()).toMatchObject([{ person: 'wei', way: 'app', message: message_id }]);
    const [unread] = feishu.buzzes('wei');
    feishu.world.buzzes.push(...Array.from({ length: 199 }, () => ({ ...unread! })));
    expect(await refusal(buzz(['wei']))).toMatchObject({ code: 230023 });
    const theirs = await feishu.says('lin', CHAT, 'hallo');
    const other = api.im.message.urgentSms({
      path: { message_id: theirs.id },
      params: { user_id_type: 'open_id' },
      data: { user_id_list: [feishu.openId('wei')] },
    });
    expect(await refusal(other)).toMatchObject({ code: 230012 });
  });

  it('knows the people in its range, by id and by address, and lists the members of a chat', async () => {
    const { feishu } = await tenant();
    feishu.world.person('zhou').inContactRange = false;
    const api = client(feishu);
    const ids = ['lin', 'zhou'].map((key) => feishu.openId(key));
    const found = await api.contact.user.batch({ params: { user_ids: ids } });
    expect(found.data?.items?.map(({ name }) => name)).toEqual(['林小雨']);
    const byMail = await api.contact.user.batchGetId({
      params: { user_id_type: 'open_id' },
      data: { emails: ['lin@acme.example', 'nobody@acme.example'] },
    });
    expect(byMail.data?.user_list?.map(({ user_id }) => user_id)).toEqual([feishu.openId('lin'), undefined]);
    const members = await api.im.chatMembers.get({ path: { chat_id: CHAT }, params: { member_id_type: 'open_id' } });
    expect(members.data?.items?.map(({ name }) => name)).toEqual(['林小雨', '魏工']);
    const info = await api.request<{ bot: { open_id: string } }>({ method: 'GET', url: '/open-apis/bot/v3/info' });
    expect(info.bot.open_id).toBe(feishu.app.openId);
  });

  it('hands out the file of a message', async () => {
    const { feishu } = await tenant();
    const { id } = await feishu.sendsFile('lin', CHAT, { name: 'log.txt', content: 'ERROR 42' });
    const { file_key } = JSON.parse(feishu.message(id).content) as { file_key: string };
    const got = await client(feishu).im.messageResource.get({
      path: { message_id: id, file_key },
      params: { type: 'file' },
    });
    const chunks: Buffer[] = [];
    for await (const chunk of got.getReadableStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('ERROR 42');
  });

  it('allows five messages a second to a chat, those of other bots included, and says so', async () => {
    const { feishu, clock } = await tenant();
    const api = client(feishu);
    feishu.othersSpeak(CHAT, 2);
    for (const words of ['1', '2', '3']) await api.im.message.create(toChat(text(words)));
    const { headers, ...over } = await refusal(api.im.message.create(toChat(text('4'))));
    expect(over).toMatchObject({ status: 400, code: 230020 });
    expect(headers['x-ogw-ratelimit-reset']).toBeUndefined();
    expect(feishu.violations()).toEqual([`chat ${CHAT}: over 5 a second`]);
    clock.advance(1000);
    await api.im.message.create(toChat(text('4')));
    expect(feishu.messages(CHAT)).toHaveLength(4);
  });

  it('allows fifty calls of one API a second, then 429 with the seconds to wait', async () => {
    const { feishu } = await tenant();
    const api = client(feishu);
    const info = () => api.request({ method: 'GET', url: '/open-apis/bot/v3/info' });
    for (let n = 0; n < 50; n += 1) await info();
    const { status, code, headers } = await refusal(info());
    expect([status, code, headers['x-ogw-ratelimit-reset']]).toEqual([429, 99991400, '1']);
  });

  it('loses answers, fails and goes away as it is told', async () => {
    const { feishu } = await tenant();
    const api = client(feishu);
    feishu.fault({ call: 'message.create', kind: 'reset-after-success' });
    await expect(api.im.message.create(toChat(text('da')))).rejects.toThrow();
    expect(feishu.messages(CHAT)).toHaveLength(1);
    feishu.fault({ call: 'message.create', kind: '5xx', status: 503 });
    expect(await refusal(api.im.message.create(toChat(text('nicht da'))))).toMatchObject({ status: 503, code: 2200 });
    feishu.fault({ call: '*', kind: '429', resetSeconds: 7 });
    expect((await refusal(api.im.message.create(toChat(text('x'))))).headers['x-ogw-ratelimit-reset']).toBe('7');
    feishu.away(true);
    await expect(api.im.message.create(toChat(text('x')))).rejects.toThrow();
    feishu.away(false);
    await api.im.message.create(toChat(text('wieder da')));
    expect(feishu.messages(CHAT)).toHaveLength(2);
  });
});
