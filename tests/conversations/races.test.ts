/** Two things at once, as they happen with several processes, or when one has just died. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Scene } from './scene.ts';

const [PROJECT, DUTY] = ['C0ACME', 'C0DUTY'];

describe('a card that is recorded between the two questions, where it belongs and whether one is on its way', () => {
  let scene: Scene;
  let card: string;
  beforeEach(async () => {
    scene = await Scene.open();
    const root = await scene.post('U0LIN', PROJECT, '生产环境数据库时断时续,全部线上下单都失败了,版本3.2.1');
    await scene.react('U0ZHOU', PROJECT, root, 'ticket');
    expect((await scene.ticket()).status).toBe('queued');
    card = scene.workCard().message;
    const { read } = scene.storage.store;
    const [placeOfMessage, ticketOfThread] = [read.placeOfMessage.bind(read), read.ticketOfThread.bind(read)];
    // Another process records it when this one has just not found it; the door asks first.
    let recorded = false;
    read.isSending = () => Promise.resolve(!(recorded = true));
    read.placeOfMessage = async (key) => (recorded || key.message !== card ? placeOfMessage(key) : null);
    read.ticketOfThread = async (platform, chat, thread) =>
      recorded || thread !== card ? ticketOfThread(platform, chat, thread) : null;
  });
  afterEach(() => scene.close());

  it('is claimed by 👀', async () => {
    await scene.react('U0WEI', DUTY, card, 'eyes');
    expect(await scene.ticket()).toMatchObject({ status: 'in_progress', assignee: { id: 'wei' } });
  });

  it('is answered: the words join its ticket', async () => {
    await scene.post('U0WEI', DUTY, '在看了', { thread: card });
    expect(scene.heard(PROJECT).join()).toContain('在看了');
  });
});
