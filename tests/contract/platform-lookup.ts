import { describe, expect, it } from 'vitest';

import { inChat, sendText } from './platform-bench.ts';
import type { PlatformBench } from './platform-bench.ts';

/** What can be asked. */
export function lookupContract(bench: () => PlatformBench): void {
  describe('asked', () => {
    it('a thread is told oldest first, with who is a bot', async () => {
      const root = await bench().says('lin', 'orders fail, @wei');
      bench().clock.advance(1_000);
      const to = { kind: 'thread', chat: bench().chat, thread: root } as const;
      const { message } = await sendText(bench(), to, 'seen');
      bench().clock.advance(1_000);
      const last = await bench().says('wei', 'since when?', { thread: root });
      await bench().says('lin', 'another matter');
      const told = await bench().platform.history(bench().chat, root);
      const { lin, wei } = bench().ids;
      expect(told).toMatchObject([
        { message: root, user: lin, text: `orders fail, @${wei}`, mentions: [wei], isBot: false },
        { message, text: 'seen', isBot: true },
        { message: last, user: wei, text: 'since when?', mentions: [], isBot: false },
      ]);
      const times = told.map(({ at }) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(await bench().platform.history(bench().chat, bench().noMessage)).toEqual([]);
    });

    it('the thread of a message is its root; of nothing, none', async () => {
      const root = await bench().says('lin', 'orders fail');
      const answer = await bench().says('wei', 'since when?', { thread: root });
      const threadOf = (message: string): Promise<string | null> => bench().platform.threadOf(bench().chat, message);
      expect(await threadOf(answer)).toBe(root);
      expect(await threadOf(root)).toBe(root);
      expect(await threadOf(bench().noMessage)).toBeNull();
    });

    it('a person has a name; nobody has none', async () => {
      const { platform, ids, names, nobody } = bench();
      expect(await platform.profile(ids.lin)).toMatchObject({ name: names.lin, isBot: false });
      expect(await platform.profile(nobody)).toBeNull();
    });

    it('a chat has a name; what is none has none', async () => {
      expect(await bench().platform.chatName(bench().chat)).toContain(bench().chatTitle);
      expect(await bench().platform.chatName(bench().nowhere)).toBeNull();
    });

    it('a message has a page', async () => {
      const ref = await sendText(bench(), inChat(bench()), 'hello');
      expect(await bench().platform.permalink(ref)).toMatch(/^https?:\/\/\S+$/);
    });
  });

  describe('a room', () => {
    const room = { name: 'itr-1-orders', topic: 'orders fail' };

    it('opened twice is one, with those in it whom the platform let in', async () => {
      const rooms = bench().platform.rooms!;
      const sinceMs = bench().clock.now();
      const first = await rooms.open({ ...room, sinceMs });
      if ('refused' in first) throw new Error(first.detail);
      expect(await bench().members(first.chat)).toEqual([]);
      bench().clock.advance(60_000);
      expect(await rooms.open({ ...room, sinceMs })).toEqual(first);
      const { lin, wei } = bench().ids;
      expect(await rooms.invite(first.chat, [wei, bench().nobody, lin])).toEqual([bench().nobody]);
      expect(await rooms.invite(first.chat, [wei])).toEqual([]);
      expect([...(await bench().members(first.chat))].sort()).toEqual([lin, wei].sort());
      const ref = await sendText(bench(), { kind: 'chat', chat: first.chat }, 'in here');
      expect(await bench().text(ref)).toContain('in here');
    });
  });
}
