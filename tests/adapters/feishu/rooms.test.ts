import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rooms } from '../../../src/conversations/platform.ts';
import { ACME, scene, type Scene } from './scene.ts';

let made: Scene;
let rooms: Rooms;
const since = 1_763_350_000_000;
const room = (name = 'ITR-42 db', sinceMs = since) => ({ name, topic: 'ITR-42 · db', sinceMs });

beforeEach(async () => {
  made = await scene('webhook');
  if (made.bot.rooms === undefined) throw new Error('Feishu has rooms');
  rooms = made.bot.rooms;
});
afterEach(() => made.stop());

const opened = async (...args: Parameters<typeof room>): Promise<string> => {
  const answer = await rooms.open(room(...args));
  if ('refused' in answer) throw new Error(answer.detail);
  return answer.chat;
};
const named = (name: string) => [...made.feishu.world.chats.values()].filter((chat) => chat.name === name);

describe('a war room on Feishu', () => {
  it('is a private group with nobody in it but the bot', async () => {
    const chat = await opened();
    expect(made.feishu.world.chat(chat)).toMatchObject({ kind: 'group', name: 'ITR-42 db' });
    expect(made.feishu.world.chat(chat).members.size).toBe(0);
    expect(made.feishu.calls('chat.create')[0]?.body).toMatchObject({
      chat_type: 'private',
      description: 'ITR-42 · db',
    });
  });

  it('opened again, it is the one that is there; nobody knows whether the first call got through', async () => {
    made.feishu.fault({ call: 'chat.create', kind: 'reset-after-success' });
    await expect(rooms.open(room())).rejects.toMatchObject({ unknown: true });
    const chat = await opened();
    expect(await opened()).toBe(chat);
    expect(named('ITR-42 db')).toHaveLength(1);
  });

  it('one of another time, or another name, is another', async () => {
    const first = await opened();
    expect(await opened('ITR-42 db', since + 1)).not.toBe(first);
    expect(await opened('ITR-43 db')).not.toBe(first);
  });

  it('lets people in, fifty at once, and says who could not be', async () => {
    const { feishu } = made;
    const chat = await opened();
    const many = Array.from({ length: 60 }, (_, n) => `p${n}`);
    for (const key of many) feishu.addPerson({ key, name: key, openId: `ou_${key}` });
    feishu.addPerson({ key: 'left', name: 'Left', openId: 'ou_left', resigned: true });
    const users = ['ou_wei', 'ou_left', 'ou_nobody', 'not an id', ...many.map((key) => `ou_${key}`)];
    expect([...(await rooms.invite(chat, users))].sort()).toEqual(['not an id', 'ou_left', 'ou_nobody']);
    expect(feishu.world.chat(chat).members.size).toBe(61);
    expect(feishu.calls('chat.addMembers').map(({ body }) => (body['id_list'] as string[]).length)).toEqual([50, 13]);
    expect(await rooms.invite(chat, ['ou_wei'])).toEqual([]);
  });

  it('a group that is no more takes nobody in', async () => {
    const chat = await opened();
    made.feishu.world.chat(chat).disbanded = true;
    expect(await rooms.invite(chat, ['ou_wei'])).toEqual(['ou_wei']);
  });

  it.each([
    [99991672, { refused: 'scope', detail: 'im:chat:create, im:chat.members:write_only' }],
    [232025, { refused: 'forbidden', detail: '232025' }],
    [232034, { refused: 'forbidden', detail: '232034' }],
  ] as const)('%d is an answer, not a fault', async (code, answer) => {
    made.feishu.fault({ call: 'chat.create', kind: 'error', code });
    expect(await rooms.open(room())).toEqual(answer);
    expect(named('ITR-42 db')).toEqual([]);
  });

  it.each([
    ['too many calls for groups', { kind: 'error', code: 232019 }, { retryAfterMs: 1_000 }],
    ['a 429', { kind: '429', resetSeconds: 3 }, { retryAfterMs: 3_000 }],
    ['a server’s fault', { kind: '5xx' }, { unknown: true }],
  ] as const)('%s may pass, and is tried again', async (_, fault, error) => {
    made.feishu.fault({ call: 'chat.create', ...fault });
    await expect(rooms.open(room())).rejects.toMatchObject({ permanent: false, ...error });
    made.feishu.fault({ call: 'chat.addMembers', ...fault });
    await expect(rooms.invite(ACME, ['ou_wei'])).rejects.toMatchObject({ permanent: false });
  });
});
