import { describe, expect, it } from 'vitest';

import type { Immediate } from '../../src/conversations/platform.ts';
import { heard, inChat, marker, sendText, theOnly } from './platform-bench.ts';
import type { PlatformBench } from './platform-bench.ts';

const accepted: Immediate = { kind: 'accepted' };

/** What comes in. */
export function inboundContract(bench: () => PlatformBench): void {
  describe('what comes in', () => {
    it('is acknowledged after it was stored, not before', async () => {
      let store = (): void => undefined;
      bench().receive = () =>
        new Promise((resolve) => {
          store = () => resolve(accepted);
        });
      const before = bench().acknowledged();
      const said = bench().says('lin', 'orders fail');
      await expect.poll(() => bench().events.length).toBe(1);
      expect(bench().acknowledged()).toBe(before);
      store();
      await said;
      await expect.poll(() => bench().acknowledged()).toBe(before + 1);
    });

    it('comes again where it could not be stored, and is the same event then', async () => {
      bench().receive = () => Promise.reject(new Error('the disk is full'));
      const before = bench().acknowledged();
      await bench().says('lin', 'orders fail');
      await bench().says('lin', 'and payments');
      const first = bench().events[0];
      expect(bench().acknowledged()).toBe(before);
      bench().receive = () => Promise.resolve(accepted);
      bench().events.length = 0;
      bench().comesAgain();
      await expect.poll(() => heard(bench()).length, { timeout: 8_000 }).toBe(2);
      expect(bench().events.find(({ id }) => id === first?.id)).toEqual(first);
      expect(heard(bench()).map((event) => event.type === 'message' && event.text)).toEqual(
        expect.arrayContaining(['orders fail', 'and payments']),
      );
    });

    it('a message at top level is its own thread, one below it is in the thread of the first', async () => {
      const root = await bench().says('lin', 'orders fail');
      expect(theOnly(bench(), 'message')).toMatchObject({
        platform: bench().platform.name,
        at: bench().clock.now(),
        chat: bench().chat,
        thread: root,
        message: root,
        user: bench().ids.lin,
        text: 'orders fail',
        mentions: [],
        addressed: false,
        direct: false,
        attachments: [],
      });
      bench().events.length = 0;
      bench().clock.advance(1_000);
      const answer = await bench().says('wei', 'since when?', { thread: root });
      expect(theOnly(bench(), 'message')).toMatchObject({ thread: root, message: answer, user: bench().ids.wei });
      bench().events.length = 0;
      await bench().says('lin', 'since nine', { thread: root });
      expect(theOnly(bench(), 'message')).toMatchObject({ thread: root, text: 'since nine' });
    });

    it('text comes as people read it', async () => {
      const text = 'if (a < b && c > d) 50% *not bold* _x_ `y` "z" 中文，😀';
      await bench().says('lin', text);
      expect(theOnly(bench(), 'message').text).toBe(text);
    });

    it('nothing comes of what bots say, this one or others', async () => {
      const ref = await sendText(bench(), inChat(bench()), 'hello');
      await bench().platform.edit(ref, { text: ['hello again'], language: 'en' });
      const thread = await bench().says('lin', 'orders fail');
      await sendText(bench(), { kind: 'thread', chat: bench().chat, thread }, 'a card');
      await bench().otherBotSays('disk full on db-3');
      await bench().settled();
      expect(theOnly(bench(), 'message').text).toBe('orders fail');
    });

    it('a mention of somebody is named by his id', async () => {
      await bench().says('lin', 'look @wei');
      const { wei } = bench().ids;
      expect(theOnly(bench(), 'message')).toMatchObject({ text: `look @${wei}`, mentions: [wei], addressed: false });
    });

    it('a mention of the bot addresses it, and is left out of the text', async () => {
      await bench().says('lin', `${bench().atBot} ticket please`);
      expect(theOnly(bench(), 'message')).toMatchObject({ text: 'ticket please', mentions: [], addressed: true });
    });

    it('what is said to the bot alone is direct, and addresses it', async () => {
      await bench().says('lin', 'help', { direct: true });
      const event = theOnly(bench(), 'message');
      expect(event).toMatchObject({ text: 'help', direct: true, addressed: true, user: bench().ids.lin });
      expect(event.chat).not.toBe(bench().chat);
    });

    it('a file comes with its name', async () => {
      await bench().says('lin', 'the log', { file: 'pooler.log' });
      const { attachments } = theOnly(bench(), 'message');
      expect(attachments.map(({ name }) => name)).toEqual(bench().files ? ['pooler.log'] : []);
      for (const { id } of attachments) expect(id).not.toBe('');
    });

    it('a reaction says who, what and where; put on again, it is another event', async () => {
      expect(bench().platform.capabilities.reactions).toBe(true);
      const message = await bench().says('lin', 'orders fail');
      const { message: card } = await sendText(bench(), inChat(bench()), 'a card');
      bench().events.length = 0;
      for (const target of [message, card]) {
        for (const change of ['reacts', 'unreacts', 'reacts'] as const) {
          bench().clock.advance(1_000);
          await bench()[change]('wei', target);
        }
      }
      await bench().settled();
      const what = { chat: bench().chat, user: bench().ids.wei, emoji: bench().emoji };
      expect(heard(bench())).toMatchObject(
        [message, card].flatMap((target) =>
          (['reaction_added', 'reaction_removed', 'reaction_added'] as const).map((type) => ({
            ...what,
            type,
            message: target,
          })),
        ),
      );
    });
  });

  describe('a button', () => {
    it('says which, with what value, and can be answered', async () => {
      const value = '工单'.repeat(100);
      const thread = await bench().says('lin', 'orders fail');
      bench().events.length = 0;
      const actions = [
        { action: 'rate', value: '1', label: 'Bad' },
        { action: 'rate', value, label: 'Good' },
        { action: 'open', value: '', label: 'Page', url: 'https://itr.example/1' },
      ];
      const card = { head: 'ITR-1', title: 'orders fail', tone: 'info', lines: [], fields: [], actions } as const;
      const to = { kind: 'thread', chat: bench().chat, thread } as const;
      const ref = await bench().platform.send(to, { card, language: 'en' }, marker());
      const done = bench().presses('wei', ref, 'Good');
      await expect.poll(() => bench().events.length).toBe(1);
      const event = theOnly(bench(), 'button');
      expect(event).toMatchObject({
        chat: bench().chat,
        message: ref.message,
        user: bench().ids.wei,
        action: 'rate',
        value,
      });
      expect([thread, null]).toContain(event.thread);
      expect(event.reply).not.toBeNull();
      bench().platform.settled?.(event.reply!);
      await done;
    });
  });
}
