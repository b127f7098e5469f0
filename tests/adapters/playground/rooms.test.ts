import { expect, test } from 'vitest';
import { memoryStore, world } from './world.ts';

const ROOM = { name: 'itr-42', topic: 'ITR-42 · 数据库宕机', sinceMs: 0 };
const chatsOf = async (see: Awaited<ReturnType<typeof world>>['see'], as: string) =>
  (await see(as)).chats.map(({ id }) => id);

test('a room stands among the chats of those who are in it, and of nobody else; it survives a restart', async () => {
  const store = memoryStore();
  const { platform, see } = await world({ store });
  expect(await platform.rooms?.open(ROOM)).toEqual({ chat: 'itr-42' });
  expect(await platform.rooms?.open(ROOM)).toEqual({ chat: 'itr-42' });
  expect(await platform.rooms?.invite('itr-42', ['wei', 'nobody'])).toEqual(['nobody']);
  await platform.send({ kind: 'chat', chat: 'itr-42' }, { text: ['简报'], language: 'zh-CN' }, 'brief');
  expect(await chatsOf(see, 'wei')).toContain('itr-42');
  expect(await chatsOf(see, 'lin')).not.toContain('itr-42');
  await platform.stop();

  const again = await world({ store });
  expect((await again.see('wei')).chats.find(({ id }) => id === 'itr-42')?.messages).toMatchObject([
    { content: { text: ['简报'] } },
  ]);
});

test('who is not in it can neither write nor react there', async () => {
  const { platform, call, heard } = await world();
  await platform.rooms?.open(ROOM);
  await platform.rooms?.invite('itr-42', ['wei']);
  expect((await call('POST', '/messages', { as: 'wei', chat: 'itr-42', text: '先切备库' })).status).toBe(200);
  expect((await call('POST', '/messages', { as: 'lin', chat: 'itr-42', text: '你们在说什么' })).status).toBeGreaterThan(
    399,
  );
  expect(heard.map((event) => event.type)).toEqual(['message']);
});
