import { describe, expect, it } from 'vitest';

import type { Card, RichText } from '../../src/conversations/card.ts';
import { DeliveryError, type Destination, type Outgoing } from '../../src/conversations/platform.ts';
import { inChat, marker, sendText } from './platform-bench.ts';
import type { PlatformBench } from './platform-bench.ts';

const language = 'en';

const card = (more: Partial<Card> = {}): Card => ({
  head: 'ITR-1',
  title: 'orders fail',
  tone: 'info',
  lines: [],
  fields: [],
  actions: [],
  ...more,
});

/** Each platform's way of ringing people, as somebody might type it. */
const RINGING = [
  '<!channel> <!here> <!everyone> <@U0WEI> <!subteam^S0DB>',
  '<at id=all></at> <at id="ou_wei"></at> <at user_id="all">all</at> <at user_id="ou_wei">Wei</at> <at email=a@b.c></at>',
  '@all @_all @channel @here @wei @Wei @魏伟 @所有人 @_user_1',
  '*<!channel>* **<at id=all></at>** [x](<at id=all></at>) `<!here>` \\<!here>',
];

const isUnknown = (error: unknown): boolean => error instanceof DeliveryError && error.unknown;

/** What the bot says. */
export function outboundContract(bench: () => PlatformBench): void {
  describe('said', () => {
    it('in a thread, in a chat, to a person; each can be edited', async () => {
      const root = await bench().says('lin', 'orders fail');
      const { lin } = bench().ids;
      const chat = bench().chat;
      const thread = await sendText(bench(), { kind: 'thread', chat, thread: root }, 'one');
      expect(thread).toMatchObject({ platform: bench().platform.name, chat, thread: root });
      const top = await sendText(bench(), inChat(bench()), 'one');
      expect(top).toMatchObject({ chat, thread: top.message });
      const direct = await sendText(bench(), { kind: 'direct', user: lin }, 'one');
      expect(direct.chat).not.toBe(chat);
      expect(direct.thread).toBe(direct.message);
      for (const ref of [thread, top, direct]) {
        expect(await bench().text(ref)).toBe('one');
        await bench().platform.edit(ref, { text: ['two'], language });
        expect(await bench().text(ref)).toBe('two');
      }
      expect(await bench().seenBy('lin')).toContain('two');
      expect(await bench().seenBy('wei')).not.toContain('two');
    });

    it('a card is replaced in its place', async () => {
      expect(bench().platform.capabilities.edit).toBe(true);
      const ref = await bench().platform.send(inChat(bench()), { card: card(), language }, marker());
      expect(await bench().text(ref)).toContain('orders fail');
      await bench().platform.edit(ref, { card: card({ title: 'orders work' }), language });
      expect(await bench().text(ref)).toContain('orders work');
      expect(await bench().text(ref)).not.toContain('orders fail');
    });

    it('a card that takes the place of a text stands there, or has to be posted anew', async () => {
      const ref = await sendText(bench(), inChat(bench()), 'one');
      const outcome = await bench()
        .platform.edit(ref, { card: card(), language })
        .then(
          () => bench().text(ref),
          (error: unknown) => error,
        );
      if (typeof outcome === 'string') expect(outcome).toContain('orders fail');
      else expect(outcome).toMatchObject({ gone: true, permanent: true, scope: 'message' });
    });

    it('said twice with one marker: one message where the platform can', async () => {
      const say = (): ReturnType<typeof sendText> =>
        bench().platform.send(inChat(bench()), { text: ['only once'], language }, 'contract-twice');
      const [first, second] = [await say(), await say()];
      const all = await bench().shown(bench().chat);
      const count = all.filter((text) => text.includes('only once')).length;
      expect(count).toBe(bench().platform.capabilities.idempotentSend ? 1 : 2);
      expect(second.message === first.message).toBe(bench().platform.capabilities.idempotentSend);
    });

    it('is found by its marker where the platform can', async () => {
      const root = await bench().says('lin', 'orders fail');
      const places: readonly Destination[] = [
        inChat(bench()),
        { kind: 'thread', chat: bench().chat, thread: root },
        { kind: 'direct', user: bench().ids.lin },
      ];
      const since = bench().clock.now();
      for (const to of places) {
        const mark = marker();
        const ref = await bench().platform.send(to, { text: ['x'], language }, mark);
        await sendText(bench(), to, 'another');
        const found = bench().platform.capabilities.findByMarker ? ref : null;
        expect(await bench().platform.find(to, mark, since)).toEqual(found);
        expect(await bench().platform.find(to, mark, since + 3_600_000)).toBeNull();
        expect(await bench().platform.find(to, marker(), since)).toBeNull();
      }
    });

    it('an edit of a message that is gone says so, as does one of a message that never was', async () => {
      const text = await bench().vanishes(await sendText(bench(), inChat(bench()), 'one'));
      const sent = await bench().platform.send(inChat(bench()), { card: card(), language }, marker());
      const drawn = await bench().vanishes(sent);
      const gone = { permanent: true, gone: true, scope: 'message', name: 'DeliveryError' };
      await expect(bench().platform.edit(text, { text: ['two'], language })).rejects.toMatchObject(gone);
      await expect(bench().platform.edit(drawn, { card: card(), language })).rejects.toMatchObject(gone);
    });

    it('to a chat or a person that is none: it will never arrive', async () => {
      const nobody: readonly Destination[] = [
        { kind: 'chat', chat: bench().nowhere },
        { kind: 'direct', user: bench().nobody },
        { kind: 'chat', chat: 'somebody’s chat' },
        { kind: 'direct', user: 'somebody' },
        { kind: 'thread', chat: bench().chat, thread: bench().noMessage },
      ];
      for (const to of nobody)
        await expect(sendText(bench(), to, '?'), JSON.stringify(to)).rejects.toMatchObject({
          name: 'DeliveryError',
          permanent: true,
          unknown: false,
        });
    });

    it('in an outage it is for later, and says whether it may have been said', async () => {
      for (const { name, begin, unknown, connections = 0 } of bench().outages) {
        await begin();
        const send = (): Promise<unknown> => sendText(bench(), inChat(bench()), name).catch((error: unknown) => error);
        let failed = await send();
        for (let dead = 0; dead < connections && isUnknown(failed); dead += 1) failed = await send();
        expect(failed, name).toMatchObject({ name: 'DeliveryError', permanent: false, unknown });
      }
    });

    it('a mention rings one, and what people wrote rings nobody, wherever it stands', async () => {
      const { wei } = bench().ids;
      const mention: RichText = [{ kind: 'mention', user: wei }, ' please'];
      const says: readonly Outgoing[] = [
        { text: mention, language },
        { text: mention, card: card(), language },
        { text: mention, actions: [{ action: 'a', value: '1', label: 'A' }], language },
      ];
      for (const what of says)
        expect(await bench().rings(await bench().platform.send(inChat(bench()), what, marker()))).toEqual([wei]);
      for (const typed of RINGING) {
        const rich: RichText = [
          typed,
          { kind: 'bold', text: typed },
          { kind: 'link', text: typed, url: 'https://itr.example/1' },
          { kind: 'link', text: typed, url: typed },
          { kind: 'mention', user: typed },
          { kind: 'mention', user: 'all' },
          { kind: 'emoji', name: typed, text: typed },
          { kind: 'instant', ms: Number.NaN, text: typed },
        ];
        const everywhere = card({
          head: typed,
          title: typed,
          lines: [rich],
          fields: [
            { label: typed, value: rich },
            { label: 'x', value: [typed] },
          ],
          actions: [{ action: 'a', value: typed, label: typed }],
          note: rich,
        });
        const { actions } = everywhere;
        const author = { name: typed };
        for (const what of [
          { text: rich, author, language },
          { text: rich, author, actions, language },
          { text: rich, author, card: everywhere, language },
        ] as const) {
          const ref = await bench().platform.send(inChat(bench()), what, marker());
          expect(await bench().rings(ref), await bench().stored(ref)).toEqual([]);
          expect(await bench().text(ref)).not.toBe('');
        }
      }
    });

    it('a text of 100,000 characters arrives cut, with the page of the whole', async () => {
      const more = 'https://itr.example/tickets/1';
      const text = ['磁盘满了 <b> & "c" 😀\n'.repeat(6_000).slice(0, 100_000)];
      const root = await bench().says('lin', 'orders fail');
      const to = { kind: 'thread', chat: bench().chat, thread: root } as const;
      const actions = [{ action: 'a', value: '1', label: 'Claim' }];
      for (const what of [
        { text, more, language },
        { text, more, actions, language },
        { text, more, card: card(), language },
      ] as const) {
        const ref = await bench().platform.send(to, what, marker());
        const check = async (): Promise<void> => {
          expect(await bench().text(ref)).toContain('磁盘满了');
          expect((await bench().text(ref)).length > 90_000).toBe(!bench().cuts);
          expect((await bench().stored(ref)).includes(more)).toBe(bench().cuts);
        };
        await check();
        await bench().platform.edit(ref, what);
        await check();
      }
    });
  });
}
