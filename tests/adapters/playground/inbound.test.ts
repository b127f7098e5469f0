import { describe, expect, test } from 'vitest';
import { memoryStore, messagesOf, NINE, world } from './world.ts';

describe('what people do becomes events', () => {
  test('a message, an answer in its thread, with mentions read out of the text', async () => {
    const { say, heard } = await world();
    const root = await say('lin', '生产环境慢');
    await say('zhou', '@itr 转派 @魏伟,抄送 @Lisa 和 li@example.com', root);

    expect(heard).toMatchObject([
      {
        type: 'message',
        platform: 'playground',
        at: NINE,
        thread: root,
        message: root,
        addressed: false,
        direct: false,
      },
      {
        type: 'message',
        user: 'zhou',
        thread: root,
        text: '转派 @wei,抄送 @Lisa 和 li@example.com',
        mentions: ['wei'],
      },
    ]);
    expect(heard[1]).toMatchObject({ addressed: true });
    expect(new Set(heard.map((event) => event.id)).size).toBe(2);
  });

  test('edits, deletions and reactions; the same reaction twice is one', async () => {
    const { say, call, heard, see } = await world();
    const id = await say('lin', '慢');
    await call('PATCH', `/messages/${id}`, { as: 'lin', text: '很慢' });
    await call('POST', `/messages/${id}/reactions`, { as: 'wei', emoji: '🎫', on: true });
    await call('POST', `/messages/${id}/reactions`, { as: 'wei', emoji: '🎫', on: true });
    expect(messagesOf(await see('lin'), 'proj-acme').at(-1)?.reactions).toEqual([{ emoji: '🎫', users: ['wei'] }]);
    await call('POST', `/messages/${id}/reactions`, { as: 'wei', emoji: '🎫', on: false });
    await call('DELETE', `/messages/${id}?as=lin`);

    expect(heard.slice(1).map((event) => event.type)).toEqual([
      'message_edited',
      'reaction_added',
      'reaction_removed',
      'message_deleted',
    ]);
  });

  test('/itr is a command, leaves no message, and other commands are refused', async () => {
    const { call, heard, see } = await world();
    const before = messagesOf(await see('lin'), 'proj-acme').length;
    const done = await call('POST', '/messages', { as: 'lin', chat: 'proj-acme', text: '/itr show 128' });
    const other = await call('POST', '/messages', { as: 'lin', chat: 'proj-acme', text: '/giphy cat' });

    expect(done.status).toBe(200);
    expect(heard).toMatchObject([{ type: 'command', chat: 'proj-acme', text: 'show 128' }]);
    expect(other).toMatchObject({ status: 400, json: { code: 'unknown_command' } });
    expect(messagesOf(await see('lin'), 'proj-acme')).toHaveLength(before);
  });

  test.each(['// 怀疑是交换机', '/etc/hosts 不对', '/ 目录满了'])('%s is a message, not a command', async (text) => {
    const { say, heard } = await world();
    await say('wei', text);
    expect(heard).toMatchObject([{ type: 'message', text }]);
  });

  test('a direct message addresses the bot without its name, and only its owner sees it', async () => {
    const { call, heard, see } = await world();
    await call('POST', '/messages', { as: 'wei', chat: 'dm:wei', text: '我的工单' });
    const nosy = await call('POST', '/messages', { as: 'li', chat: 'dm:wei', text: '?' });

    expect(heard).toMatchObject([{ type: 'message', direct: true, addressed: true }]);
    expect(nosy.status).toBe(404);
    expect((await see('li')).chats.map((chat) => chat.id)).not.toContain('dm:wei');
  });

  test('only the author changes a message', async () => {
    const { say, call } = await world();
    const id = await say('lin', '慢');
    expect(await call('PATCH', `/messages/${id}`, { as: 'wei', text: '快' })).toMatchObject({ status: 403 });
    expect(await call('DELETE', `/messages/${id}?as=wei`)).toMatchObject({ status: 403 });
  });

  test.each([
    ['nobody we know', { as: 'mallory', chat: 'proj-acme', text: 'x' }, 400, 'unknown_person'],
    ['no such chat', { as: 'lin', chat: 'nowhere', text: 'x' }, 404, 'unknown_chat'],
    ['no such thread', { as: 'lin', chat: 'proj-acme', thread: 'm999', text: 'x' }, 404, 'unknown_message'],
    ['nothing said', { as: 'lin', chat: 'proj-acme', text: ' \n' }, 400, 'empty'],
    ['far too long', { as: 'lin', chat: 'proj-acme', text: 'x'.repeat(40_001) }, 413, 'too_long'],
    ['not what we asked for', { as: 'lin', chat: 7 }, 400, 'bad_request'],
  ])('%s is refused', async (_what, json, status, code) => {
    const { call, heard } = await world();
    expect(await call('POST', '/messages', json)).toMatchObject({ status, json: { code } });
    expect(heard).toEqual([]);
  });

  test('a 3,000-line paste is taken whole', async () => {
    const { say, heard } = await world();
    const paste = Array.from({ length: 3000 }, (_, line) => `line ${line}`).join('\n');
    await say('lin', paste);
    expect(heard[0]).toMatchObject({ text: paste });
  });

  test('a form posted from another site, which is not JSON, is refused', async () => {
    const { platform } = await world();
    const body = JSON.stringify({ as: 'lin', chat: 'proj-acme', text: 'x' });
    const response = await platform.routes.request('/playground/api/messages', { method: 'POST', body });
    expect(response.status).toBe(400);
  });
});

describe('nothing is lost', () => {
  test('what the bot cannot take stays in the chat and is delivered later, once and in order', async () => {
    const { platform, say, call, heard, bot, store } = await world();
    const accept = bot.answer;
    bot.answer = () => Promise.reject(new Error('database away'));
    const said = await call('POST', '/messages', { as: 'lin', chat: 'proj-acme', text: '一' });
    expect(said).toMatchObject({ status: 200, json: { delivered: false } });
    expect(platform.health()).toMatchObject({ ok: false });

    bot.answer = accept;
    await say('lin', '二');
    expect(heard.map((event) => event.type === 'message' && event.text)).toEqual(['一', '二']);
    expect(platform.health()).toMatchObject({ ok: true });
    expect(JSON.parse(store.json ?? '')).toMatchObject({ pending: [] });
  });

  test('what was waiting at a crash is delivered at the next start, under the same id', async () => {
    const first = await world();
    first.bot.answer = () => Promise.reject(new Error('killed'));
    await first.say('lin', '一');
    const waiting = JSON.parse(first.store.json ?? '') as { pending: { id: string }[] };

    const second = await world({ store: memoryStore(first.store.json) });
    expect(second.heard).toMatchObject([{ id: waiting.pending[0]?.id, text: '一' }]);
  });

  test('the message is on disk before the bot hears of it', async () => {
    const { say, bot, store } = await world();
    let onDisk = '';
    bot.answer = () => {
      onDisk = store.json ?? '';
      return Promise.resolve({ kind: 'accepted' });
    };
    await say('lin', '先存再说');
    expect(onDisk).toContain('先存再说');
  });

  test('a click that could not be stored says so, since it leaves nothing behind', async () => {
    const { call, bot } = await world();
    bot.answer = () => Promise.reject(new Error('database away'));
    const clicked = await call('POST', '/messages', { as: 'lin', chat: 'proj-acme', text: '/itr mine' });
    expect(clicked).toMatchObject({ status: 503, json: { code: 'not_stored' } });
  });

  test('chats survive a restart, and so does the clock that was pushed forward', async () => {
    const first = await world();
    const id = await first.say('lin', '还在吗');
    await first.call('POST', '/clock', { advanceMs: 3_600_000 });
    await first.platform.stop();

    const second = await world({ store: memoryStore(first.store.json) });
    expect(messagesOf(await second.see('lin'), 'proj-acme').at(-1)).toMatchObject({ id });
    expect(second.time.ms).toBe(NINE + 3_600_000);
    expect(await second.say('lin', '在')).not.toBe(id);
  });

  test('chats that cannot be read are begun anew, above every number given out before', async () => {
    const { platform, see } = await world({ store: memoryStore('{"version":0}') });
    expect(platform.health().line).toContain('could not be read');
    expect(Number(messagesOf(await see('lin'), 'proj-acme')[0]?.id.slice(1))).toBeGreaterThan(1_000_000);
  });

  test('after stop nothing is accepted', async () => {
    const { platform, call } = await world();
    await platform.stop();
    const said = await call('POST', '/messages', { as: 'lin', chat: 'proj-acme', text: 'x' });
    expect(said).toMatchObject({ status: 503, json: { code: 'stopping' } });
  });

  test('a full chat forgets whole threads, the longest silent first', async () => {
    const { say, see } = await world();
    const old = await say('lin', 'old');
    for (let n = 0; n < 400; n += 1) await say('lin', `n${n}`);
    const left = messagesOf(await see('lin'), 'proj-acme');
    expect(left).toHaveLength(400);
    expect(left.map((message) => message.id)).not.toContain(old);
  });
});
