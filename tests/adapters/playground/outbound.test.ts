import { describe, expect, test } from 'vitest';
import type { Card, Form } from '../../../src/conversations/card.ts';
import type { ChatEvent } from '../../../src/conversations/platform.ts';
import { messagesOf, NINE, world } from './world.ts';

const card = (head: string, actions: Card['actions'] = []): Card => ({
  head,
  title: '下单很慢',
  tone: 'info',
  lines: [],
  fields: [],
  actions,
});
const claim = { action: 'claim', value: 'ITR-1', label: '认领' };
const form: Form = {
  id: 'intake',
  context: 'ITR-1',
  title: '补充信息',
  submit: '提交',
  cancel: '取消',
  inputs: [{ name: 'impact', label: '影响', kind: 'text', required: true }],
};
const language = 'zh-CN';

const token = (event: ChatEvent | undefined): string =>
  event && 'reply' in event && event.reply !== null ? event.reply : '';

describe('what the bot does', () => {
  test('sends into a thread, edits in place; the same marker twice is one message', async () => {
    const { platform, say, see } = await world();
    const root = await say('lin', '慢');
    const to = { kind: 'thread', chat: 'proj-acme', thread: root } as const;
    const ref = await platform.send(to, { card: card('draft'), language }, 'k1');
    expect(await platform.send(to, { card: card('draft'), language }, 'k1')).toEqual(ref);
    expect(await platform.find(to, 'k1', NINE)).toEqual(ref);
    expect(await platform.find(to, 'k1', NINE + 1)).toBeNull();
    await platform.edit(ref, { card: card('queued'), language });

    const thread = messagesOf(await see('lin'), 'proj-acme').filter((message) => message.thread === root);
    expect(thread.map((message) => message.content.card?.head)).toEqual([undefined, 'queued']);
  });

  test('an unsaved message is an unknown outcome, and the next try finds it', async () => {
    const { platform, store, see } = await world();
    store.broken = true;
    const to = { kind: 'chat', chat: 'duty-db' } as const;
    await expect(platform.send(to, { text: ['hi'], language }, 'k1')).rejects.toMatchObject({ unknown: true });
    store.broken = false;
    await platform.send(to, { text: ['hi'], language }, 'k1');
    expect(messagesOf(await see('lin'), 'duty-db')).toHaveLength(1);
  });

  test('a direct message opens the chat of that person', async () => {
    const { platform, see } = await world();
    const ref = await platform.send({ kind: 'direct', user: 'chen' }, { text: ['超时'], language }, 'k1');
    expect(ref.chat).toBe('dm:chen');
    expect(messagesOf(await see('chen'), 'dm:chen')).toHaveLength(1);
  });

  test('what is not there is a permanent error that says what is gone', async () => {
    const { platform, say, call } = await world();
    const nowhere = platform.send({ kind: 'chat', chat: 'x' }, { text: ['?'], language }, 'k1');
    await expect(nowhere).rejects.toMatchObject({ permanent: true, gone: true, scope: 'chat' });
    const nobody = platform.send({ kind: 'direct', user: 'x' }, { text: ['?'], language }, 'k2');
    await expect(nobody).rejects.toMatchObject({ permanent: true });
    const id = await say('lin', '慢');
    const foreign = platform.edit({ platform: 'playground', chat: 'proj-acme', thread: id, message: id }, { language });
    await expect(foreign).rejects.toMatchObject({ permanent: true, gone: true });
    await call('DELETE', `/messages/${id}?as=lin`);
    const orphan = platform.send({ kind: 'thread', chat: 'proj-acme', thread: id }, { text: ['!'], language }, 'k3');
    await expect(orphan).resolves.toMatchObject({ thread: id });
  });

  test('a whisper is for one person, and can be put away', async () => {
    const { platform, see, call } = await world();
    await platform.whisper({ chat: 'duty-db', thread: null, user: 'li' }, { text: ['魏伟刚刚认领了'], language });
    expect((await see('wei')).whispers).toEqual([]);
    const [whisper] = (await see('li')).whispers;
    expect(whisper).toMatchObject({ chat: 'duty-db' });
    await call('DELETE', `/whispers/${whisper?.id}?as=li`);
    expect((await see('li')).whispers).toEqual([]);
  });

  test('a button tells who pressed it where; one that is no longer there is refused', async () => {
    const { platform, call, heard } = await world();
    const ref = await platform.send(
      { kind: 'chat', chat: 'duty-db' },
      { card: card('queued', [claim]), language },
      'k1',
    );
    const press = { as: 'wei', on: ref.message, action: 'claim', value: 'ITR-1' };
    expect(await call('POST', '/buttons', press)).toMatchObject({ status: 200 });
    expect(heard).toMatchObject([
      { type: 'button', chat: 'duty-db', thread: ref.thread, message: ref.message, user: 'wei' },
    ]);

    await platform.edit(ref, { card: card('claimed'), language });
    expect(await call('POST', '/buttons', press)).toMatchObject({ status: 409, json: { code: 'button_gone' } });
  });

  test('a form opens for whoever pressed, once; it comes back with its context, and mistakes keep it open', async () => {
    const { platform, call, heard, see, bot } = await world();
    await call('POST', '/messages', { as: 'lin', chat: 'proj-acme', text: '/itr new' });
    const reply = token(heard[0]);
    expect(await platform.openForm(reply, form)).toBe(true);
    expect(await platform.openForm(reply, form)).toBe(false);
    expect((await see('wei')).form).toBeNull();
    const open = (await see('lin')).form;

    const accept = bot.answer;
    bot.answer = () => Promise.resolve({ kind: 'form_errors', errors: { impact: '影响到谁?' } });
    const wrong = await call('POST', `/forms/${open?.id}`, { as: 'lin', values: {} });
    expect(wrong).toMatchObject({ status: 422, json: { errors: { impact: '影响到谁?' } } });

    bot.answer = accept;
    await call('POST', `/forms/${open?.id}`, { as: 'lin', values: { impact: '全部', smuggled: 'x' } });
    expect(heard.at(-1)).toMatchObject({ type: 'form', form: 'intake', context: 'ITR-1', values: { impact: '全部' } });
    expect((await see('lin')).form).toBeNull();
    expect(await call('POST', `/forms/${open?.id}`, { as: 'lin', values: {} })).toMatchObject({ status: 409 });
  });

  test('a token answers privately while it lives', async () => {
    const { platform, call, heard, see, time } = await world();
    await call('POST', '/messages', { as: 'lin', chat: 'proj-acme', text: '/itr mine' });
    const reply = token(heard[0]);
    expect(await platform.reply(reply, { text: ['没有工单'], language })).toBe(true);
    expect((await see('lin')).whispers).toMatchObject([{ chat: 'proj-acme' }]);
    time.advance(6 * 60_000);
    expect(await platform.reply(reply, { text: ['迟了'], language })).toBe(false);
    expect(await platform.openForm('made up', form)).toBe(false);
  });

  test('the start page is published to one person', async () => {
    const { platform, call, heard, see } = await world();
    await call('POST', '/home', { as: 'wei' });
    expect(heard).toMatchObject([{ type: 'home_opened', user: 'wei' }]);
    await platform.publishHome?.(
      'wei',
      [{ title: '我的', empty: '没有', items: [{ text: ['ITR-1'], actions: [claim] }] }],
      language,
    );
    expect((await see('wei')).home).toMatchObject({ sections: [{ title: '我的' }] });
    expect(await call('POST', '/buttons', { as: 'wei', on: 'home', action: 'claim', value: 'ITR-1' })).toMatchObject({
      status: 200,
    });
  });

  test('the seeded thread began before the bot: its history is there, oldest first', async () => {
    const { platform, see, heard } = await world();
    const root = messagesOf(await see('lin'), 'proj-acme').find(
      (m) => m.content.text[0] === '生产环境数据库时断时续,下单很慢',
    );
    const history = await platform.history('proj-acme', root?.id ?? '');
    expect(heard).toEqual([]);
    expect(history.map((message) => [message.user, message.text])).toMatchObject([
      ['lin', '生产环境数据库时断时续,下单很慢'],
      ['lin', '版本好像是3.2.1'],
      ['zhou', expect.any(String)],
    ]);
    expect(await platform.threadOf('proj-acme', history[1]?.message ?? '')).toBe(root?.id);
    expect(await platform.threadOf('proj-acme', 'm999')).toBeNull();
  });

  test('names and links', async () => {
    const { platform } = await world({ publicUrl: () => 'http://x' });
    expect(await platform.profile('wei')).toMatchObject({ name: '魏伟', isBot: false });
    expect(await platform.profile('itr')).toMatchObject({ isBot: true });
    expect(await platform.profile('nobody')).toBeNull();
    expect(await platform.chatName('duty-db')).toBe('duty-db');
    expect(await platform.permalink({ platform: 'playground', chat: 'dm:wei', thread: 'm1', message: 'm2' })).toBe(
      'http://x/playground#dm%3Awei/m1/m2',
    );
  });
});
