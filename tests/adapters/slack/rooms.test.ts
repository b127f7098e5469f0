import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rooms } from '../../../src/conversations/platform.ts';
import { rig, type Rig } from './harness.ts';

let scene: Rig;
let rooms: Rooms;
const room = (sinceMs = Date.now()) => ({ name: 'itr-42-db', topic: 'ITR-42 · db', sinceMs });

beforeEach(async () => {
  scene = await rig('http');
  if (scene.bot.rooms === undefined) throw new Error('Slack has rooms');
  rooms = scene.bot.rooms;
});
afterEach(() => scene.stop());

const channel = (id: string) => scene.slack.world.channel(id);
const made = async (...args: Parameters<typeof room>): Promise<string> => {
  const opened = await rooms.open(room(...args));
  if ('refused' in opened) throw new Error(opened.detail);
  return opened.chat;
};
const privateChannels = (): string[] =>
  [...scene.slack.world.channels.values()].flatMap(({ kind, name }) => (kind === 'group' ? [name] : []));

describe('a war room on Slack', () => {
  it('is a private channel with a topic', async () => {
    const chat = await made();
    expect(channel(chat)).toMatchObject({ kind: 'group', name: 'itr-42-db', topic: 'ITR-42 · db' });
    expect(scene.slack.world.warnings).toEqual([]);
  });

  it('opened again, it is the one that is there; nobody knows whether the first call got through', async () => {
    scene.slack.fault({ method: 'conversations.create', kind: 'drop-after-success' });
    await expect(rooms.open(room())).rejects.toMatchObject({ unknown: true });
    const chat = await made();
    expect(await made()).toBe(chat);
    expect(privateChannels()).toEqual(['itr-42-db']);
  });

  it('while Slack has not said who the bot is, a taken name is nobody’s: it is tried again, not made twice', async () => {
    const chat = await made();
    const late = await rig('http', { start: false });
    try {
      const api = late.bot.rooms;
      late.slack.addChannel({ id: 'G0TAKEN', name: 'itr-42-db', private: true });
      await expect(api?.open(room())).rejects.toMatchObject({ permanent: false });
      expect([...late.slack.world.channels.values()].filter(({ kind }) => kind === 'group')).toHaveLength(1);
    } finally {
      await late.stop();
    }
    expect(await made()).toBe(chat);
  });

  it('a name that others have gets a number; so does one of our own from an earlier database', async () => {
    scene.slack.addChannel({ id: 'G0OLD', name: 'itr-42-db', private: true, members: [] });
    scene.slack.addChannel({ id: 'C0PEOPLE', name: 'itr-42-db-2', members: ['U0LIN'], botIsMember: false });
    const chat = await made(Date.now() + 3_600_000);
    expect(channel(chat).name).toBe('itr-42-db-3');
  });

  it('lets people in one by one, and says who could not be', async () => {
    const chat = await made();
    scene.slack.addUser({ id: 'U0FAR', name: 'far', teamId: 'T0OTHER' });
    expect(await rooms.invite(chat, ['U0WEI', 'U0FAR', 'U0NOBODY', 'U0LIN'])).toEqual(['U0FAR', 'U0NOBODY']);
    expect(await rooms.invite(chat, ['U0WEI'])).toEqual([]);
    expect([...channel(chat).members].sort()).toEqual(['U0BOT', 'U0LIN', 'U0WEI']);
  });

  it.each([
    ['missing_scope', { refused: 'scope', detail: 'groups:write' }],
    ['restricted_action', { refused: 'forbidden', detail: 'restricted_action' }],
    ['user_is_restricted', { refused: 'forbidden', detail: 'user_is_restricted' }],
    ['channel_limit_reached', { refused: 'other', detail: 'channel_limit_reached' }],
  ] as const)('%s is an answer, not a fault', async (error, answer) => {
    scene.slack.fault({ method: 'conversations.create', kind: 'error', error });
    expect(await rooms.open(room())).toEqual(answer);
    expect(privateChannels()).toEqual([]);
  });

  it('what may pass is tried again, and a topic that Slack will not have costs no room', async () => {
    scene.slack.fault({ method: 'conversations.create', kind: '429', retryAfter: 3 });
    await expect(rooms.open(room())).rejects.toMatchObject({ permanent: false, retryAfterMs: 3_000 });
    scene.slack.fault({ method: 'conversations.setTopic', kind: 'error', error: 'too_long' });
    expect(channel(await made()).topic).toBe('');
  });
});
