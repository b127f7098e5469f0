import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReceive, type ReceiveDeps } from '../../src/conversations/receive.ts';
import type { ChatEvent } from '../../src/conversations/platform.ts';
import { Scene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

const message: ChatEvent = {
  id: 'E1',
  platform: 'slack',
  at: 0,
  type: 'message',
  chat: 'C0ACME',
  thread: 'T1',
  message: 'M2',
  user: 'U0LIN',
  text: '早',
  mentions: [],
  addressed: false,
  direct: false,
  attachments: [],
};

describe('the door', () => {
  it('stores an event once, under the platform’s own id and its thread’s lane', async () => {
    expect(await scene.receive(message)).toEqual({ kind: 'accepted' });
    expect(await scene.receive(message)).toEqual({ kind: 'duplicate' });
    const [row] = await scene.storage.queues.inbox.due(scene.clock.now(), 5, new Set());
    expect(row).toMatchObject({ id: 'slack:E1', lane: 'slack:C0ACME:T1' });
    expect(JSON.parse(row?.payload ?? '')).toEqual(message);
  });

  it('mends a text that no database or chat can hold', async () => {
    await scene.receive({ ...message, id: 'E-nul', text: 'a\0b \ud83d 👀' });
    const [row] = await scene.storage.queues.inbox.due(scene.clock.now(), 5, new Set());
    expect(JSON.parse(row?.payload ?? '')).toMatchObject({ text: 'ab \ufffd 👀' });
  });

  describe('puts what happens to a message behind what was said in its thread', () => {
    const laneOfReactionTo = async (to: string): Promise<string | undefined> => {
      await scene.receive({
        id: 'E-r',
        platform: 'slack',
        at: 0,
        type: 'reaction_added',
        chat: 'C0ACME',
        message: to,
        user: 'U0LIN',
        emoji: 'x',
      });
      const rows = await scene.storage.queues.inbox.due(scene.clock.now(), 5, new Set());
      return rows.find(({ id }) => id === 'slack:E-r')?.lane;
    };

    it('also where the message is an answer', async () => {
      const root = await scene.post('U0LIN', 'C0ACME', '数据库慢');
      const reply = await scene.post('U0LIN', 'C0ACME', '还在慢', { thread: root });
      expect(await laneOfReactionTo(reply)).toBe(`slack:C0ACME:${root}`);
    });

    it('also where its first message and the answers to it are still to be handled', async () => {
      expect(await laneOfReactionTo('T1')).toBe('slack:C0ACME:T1');
      await scene.receive(message);
      await scene.receive({ ...message, id: 'E2', message: 'T2', text: '3.2.1' });
      const rows = await scene.storage.queues.inbox.due(scene.clock.now(), 5, new Set());
      expect(rows.map(({ id }) => id)).toEqual(['slack:E-r']);
    });
  });

  it('reads nothing for a plain message', async () => {
    const unread = new Proxy(
      {},
      {
        get: (_, name) => () => {
          throw new Error(`read ${String(name)}`);
        },
      },
    );
    const accepted: string[] = [];
    const deps = {
      inbox: { accept: async ({ id }: { id: string }) => (accepted.push(id), 'stored' as const) },
      store: { read: unread },
      world: {
        policy: () => {
          throw new Error('policy');
        },
      },
      platforms: new Map(),
      directory: unread,
      now: () => 0,
      log: { info: () => {}, warn: () => {} },
    } as unknown as ReceiveDeps;
    await createReceive(deps)(message);
    expect(accepted).toEqual(['slack:E1']);
  });

  it('rejects what could not be stored, so that the platform delivers it again', async () => {
    const deps = {
      inbox: { accept: () => Promise.reject(new Error('disk full')) },
      now: () => 0,
    } as unknown as ReceiveDeps;
    await expect(createReceive(deps)(message)).rejects.toThrow('disk full');
  });

  it('opens no form about a ticket that is not his to see', async () => {
    await scene.slash('U0LIN', 'C0ACME', 'new 数据库连不上');
    await scene.slash('U0STRANGER', 'C0ELSE', 'rate 1');
    expect(scene.platform.forms).toEqual([]);
  });

  it('gives a form what was said already', async () => {
    await scene.slash('U0LIN', 'C0ACME', 'new 数据库连不上,全部用户');
    await scene.slash('U0WEI', 'C0DUTY', 'claim 1');
    await scene.slash('U0WEI', 'C0DUTY', 'resolve 1 好了');
    const [form] = scene.platform.forms;
    expect(form?.id).toBe('resolve');
    expect(form?.inputs.find((input) => input.name === 'solution')?.value).toBe('好了');
    expect((await scene.ticket()).status).toBe('in_progress');
  });
});
