import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Conflict } from '../../src/desk/ports.ts';
import type { Tx } from '../../src/desk/ports.ts';
import type { Storage } from '../../src/storage/index.ts';
import { aMessage, aNote, aTicket, aTimer, claimed, ended, saying, T0 } from './storage-builders.ts';

/** A database that can be closed and opened again. */
export interface Bench {
  readonly storage: Storage;
  readonly wakes: readonly (readonly [loop: string, dueAt?: number])[];
  setClock(now: number): void;
  restart(): Promise<void>;
  close(): Promise<void>;
}

type PersonLinkDraft = Parameters<Tx['askPerson']>[0];

const nobody: ReadonlySet<string> = new Set();
const broken = new Error('the work breaks');

/** What every database must do for the desk. */
/** @param numbers `without gaps`: what was undone gives its number back */
export function storeContract(
  name: string,
  open: () => Promise<Bench>,
  numbers: 'without gaps' | 'ascending' = 'without gaps',
): void {
  describe(`store on ${name}`, () => {
    let bench: Bench;
    const write = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => bench.storage.store.write(work);
    const read = (): Storage['store']['read'] => bench.storage.store.read;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    it('keeps a ticket, its events, timers and threads together, also over a restart', async () => {
      const threads = [{ platform: 'slack', chat: 'C1', thread: 't1', role: 'origin', team: null }] as const;
      const ticket = aTicket(1, 2, { threads });
      const events = [aNote(1, 'first 第一'), aNote(2, 'emoji 👀 and a "quote"')];
      const timers = [aTimer('resolve', T0 + 2), aTimer('claim', T0 + 1, { occurrence: 3 })];
      await write((tx) => tx.saveTicket({ ticket, expectedSeq: 0, events, timers }));
      await bench.restart();
      expect(await read().ticket(1)).toEqual(ticket);
      expect(await read().ticket(2)).toBeNull();
      expect(await read().ticketOfThread('slack', 'C1', 't1')).toBe(1);
      expect(await read().timeline(1)).toEqual(events);
      expect(await read().timeline(1, { afterSeq: 1, limit: 5 })).toEqual(events.slice(1));
      expect(await read().timersOf(1)).toEqual([timers[1], timers[0]]);
      expect(bench.wakes).toContainEqual(['timers', T0 + 1]);
    });

    it('lets only one of two writers add the next event', async () => {
      await write((tx) => tx.saveTicket({ ticket: aTicket(1, 1), expectedSeq: 0, events: [aNote(1)], timers: [] }));
      const add = (text: string): Promise<void> =>
        write((tx) => tx.saveTicket({ ticket: aTicket(1, 2), expectedSeq: 1, events: [aNote(2, text)], timers: [] }));
      const [first, second] = await Promise.allSettled([add('wins'), add('loses')]);
      expect(first.status).toBe('fulfilled');
      expect(second).toMatchObject({ status: 'rejected', reason: expect.any(Conflict) as unknown });
      expect((await read().timeline(1)).map((event) => 'text' in event && event.text)).toEqual(['note 1', 'wins']);
      const again = write((tx) => tx.saveTicket({ ticket: aTicket(1, 1), expectedSeq: 0, events: [], timers: [] }));
      await expect(again).rejects.toThrow(Conflict);
    });

    it('gives a thread to one ticket only', async () => {
      const threads = [{ platform: 'slack', chat: 'C1', thread: 't1', role: 'origin', team: null }] as const;
      const capture = (n: number): Promise<void> =>
        write((tx) => tx.saveTicket({ ticket: aTicket(n, 1, { threads }), expectedSeq: 0, events: [], timers: [] }));
      await capture(1);
      await expect(capture(2)).rejects.toThrow(Conflict);
      expect(await read().ticket(2)).toBeNull();
    });

    it('replaces the whole set of timers, and re-plans without an event', async () => {
      const save = (...timers: ReturnType<typeof aTimer>[]): Promise<void> =>
        write((tx) => tx.saveTicket({ ticket: aTicket(1, 1), expectedSeq: 1, events: [], timers }));
      await write((tx) => tx.saveTicket({ ticket: aTicket(1, 1), expectedSeq: 0, events: [], timers: [] }));
      await save(aTimer('resolve', T0), aTimer('claim', T0));
      await save(aTimer('resolve', T0 + 9, { point: '100' }), aTimer('update', T0));
      expect(await read().timersOf(1)).toEqual([aTimer('update', T0), aTimer('resolve', T0 + 9, { point: '100' })]);
    });

    it('undoes everything of a work that throws, numbers included', async () => {
      const failed = write(async (tx) => {
        const number = await tx.nextNumber();
        await tx.saveTicket({
          ticket: aTicket(number, 1),
          expectedSeq: 0,
          events: [aNote(1)],
          timers: [aTimer('a', 1)],
        });
        await tx.enqueue([saying('a')]);
        await tx.setKeyValue('a', 'b');
        throw broken;
      });
      await expect(failed).rejects.toThrow(broken);
      expect(bench.wakes).toEqual([]);
      expect(await read().ticket(1)).toBeNull();
      expect(await read().timeline(1)).toEqual([]);
      expect(await read().keyValue('a')).toBeNull();
      expect(await bench.storage.queues.timers.nextDue()).toBeNull();
      expect(await bench.storage.queues.outbox.nextDue(nobody)).toBeNull();
      const next = [await write((tx) => tx.nextNumber()), await write((tx) => tx.nextNumber())];
      expect(next).toEqual(numbers === 'without gaps' ? [1, 2] : [2, 3]);
    });

    it('keeps what others write while a transaction is open that then rolls back', async () => {
      let goOn = (): void => undefined;
      const pause = new Promise<void>((resolve) => (goOn = resolve));
      const rolledBack = write(async (tx) => {
        await tx.setKeyValue('inside', 'x');
        await pause;
        throw broken;
      });
      const event = { id: 'e1', lane: 'l', platform: 'slack', payload: '{}', receivedAt: T0 };
      const beside = [
        bench.storage.inbox.accept(event),
        write((tx) => tx.setKeyValue('beside', 'y')),
        read().keyValue('inside'),
      ] as const;
      // The read neither waits for the open transaction nor sees it.
      expect(await beside[2]).toBeNull();
      goOn();
      await expect(rolledBack).rejects.toThrow(broken);
      expect(await beside[0]).toBe('stored');
      await beside[1];
      expect(await read().keyValue('beside')).toBe('y');
      expect(await read().keyValue('inside')).toBeNull();
      expect(await bench.storage.queues.inbox.due(T0, 9, nobody)).toHaveLength(1);
    });

    it('does not let a statement that nobody awaited escape its transaction', async () => {
      let late: Promise<void> = Promise.resolve();
      const failed = write((tx) => {
        late = tx.setKeyValue('floating', 'x');
        return Promise.reject(broken);
      });
      await expect(failed).rejects.toThrow(broken);
      await late;
      expect(await read().keyValue('floating')).toBeNull();
      let ended: Tx | null = null;
      await write((tx) => Promise.resolve(void (ended = tx)));
      await expect((ended as unknown as Tx).setKeyValue('after', 'x')).rejects.toThrow('has ended');
    });

    it('remembers the first value of a key', async () => {
      expect(await write((tx) => tx.remember('k', 'one'))).toEqual({ first: true });
      expect(await write((tx) => tx.remember('k', 'two'))).toEqual({ first: false, value: 'one' });
    });

    it('finds the place of what people wrote and of what the bot sent', async () => {
      const copyOf = { platform: 'wecom', chat: 'R', message: 'm9' };
      const card = {
        ticket: 1,
        platform: 'slack',
        chat: 'C1',
        thread: 't1',
        role: 'work',
        message: 'b1',
        shows: 'h',
        editedAt: T0,
      } as const;
      const sent = {
        marker: 'k1',
        ticket: null,
        kind: 'carry',
        platform: 'slack',
        chat: 'C1',
        thread: 't1',
        message: 'b1',
        copyOf,
        at: T0,
      } as const;
      const threads = [{ platform: 'slack', chat: 'C1', thread: 't1', role: 'work', team: 'db-l1' }] as const;
      await write(async (tx) => {
        await tx.saveTicket({ ticket: aTicket(1, 1, { threads }), expectedSeq: 0, events: [], timers: [] });
        await tx.saveMessage(aMessage('m1'));
        await tx.saveCard({ ...card, shows: 'old' });
        await tx.saveCard(card);
        await tx.saveSent({ ...sent, copyOf: null });
        await tx.saveSent(sent);
      });
      const place = (message: string): Promise<unknown> =>
        read().placeOfMessage({ platform: 'slack', chat: 'C1', message });
      expect(await place('m1')).toEqual({ thread: 't1', ticket: 1, sentAs: null, copyOf: null });
      expect(await place('b1')).toEqual({ thread: 't1', ticket: 1, sentAs: 'carry', copyOf });
      expect(await place('m2')).toBeNull();
      expect(await read().card('slack', 'C1', 't1')).toEqual(card);
      expect(await read().sent('k1')).toEqual(sent);
    });

    it('keeps messages, their edits and deletions', async () => {
      await write(async (tx) => {
        await tx.saveMessage(aMessage('m2', { at: T0 + 5 }));
        await tx.saveMessage(aMessage('m1'));
        await tx.saveMessage(aMessage('m3', { at: T0 + 9, text: 'a\0b' }));
        await tx.editMessage(aMessage('m1'), 'edited');
        await tx.deleteMessage(aMessage('m2'));
      });
      expect(await read().threadMessages('slack', 'C1', 't1')).toEqual([
        aMessage('m1', { text: 'edited' }),
        aMessage('m2', { at: T0 + 5, deleted: true }),
        aMessage('m3', { at: T0 + 9, text: 'a\ufffdb' }),
      ]);
    });

    it('keeps people, bound chats, swaps of duty and settings', async () => {
      const identity = {
        platform: 'slack',
        user: 'U1',
        name: 'Wei',
        email: null,
        mobile: '+8613800138000',
        language: 'en',
        timezone: 'Asia/Shanghai',
        isBot: false,
        at: T0,
      } as const;
      const binding = {
        platform: 'slack',
        id: 'C1',
        role: 'duty',
        project: null,
        team: 'db-l1',
        capture: 'on_request',
        source: 'chat',
      } as const;
      const swap = { team: 'db-l1', person: 'wei', from: T0, until: T0 + 1 };
      await write(async (tx) => {
        await tx.saveIdentity({ ...identity, name: 'old' });
        await tx.saveIdentity(identity);
        await tx.saveBinding({ ...binding, by: 'mei', at: T0 });
        await tx.saveOverride({ ...swap, person: 'mei', by: 'mei' });
        await tx.saveOverride({ ...swap, by: 'mei' });
        await tx.setKeyValue('a', '1');
        await tx.setKeyValue('a', '2');
        await tx.setKeyValue('b', '1');
        await tx.setKeyValue('b', null);
      });
      expect(await read().identity('slack', 'U1')).toEqual(identity);
      expect(await read().identity('slack', 'U2')).toBeNull();
      expect(await read().bindings()).toEqual([binding]);
      expect((await read().overrides()).map(({ person }) => person)).toEqual(['mei', 'wei']);
      expect([await read().keyValue('a'), await read().keyValue('b')]).toEqual(['2', null]);
      expect(await write((tx) => tx.removeBinding('slack', 'C1'))).toBe(true);
      expect(await write((tx) => tx.removeBinding('slack', 'C1'))).toBe(false);
    });

    it('asks a user once who he is, and takes one answer', async () => {
      const asked = { platform: 'slack', user: 'U1', person: 'wei', by: 'email', askedAt: T0 } as const;
      const answer = { platform: 'slack', user: 'U1', person: 'wei', at: T0 + 5 };
      const ask = (link: PersonLinkDraft): Promise<boolean> => write((tx) => tx.askPerson(link));
      const isAnswered = (state: 'confirmed' | 'refused', person = 'wei'): Promise<boolean> =>
        write((tx) => tx.answerPerson({ ...answer, person, state }));
      expect(await read().personLink('slack', 'U1')).toBeNull();
      expect([await ask(asked), await ask({ ...asked, askedAt: T0 + 1 })]).toEqual([true, false]);
      expect(await read().personLink('slack', 'U1')).toEqual({ ...asked, state: 'asked', answeredAt: null });
      expect([await isAnswered('confirmed', 'li'), await isAnswered('confirmed'), await isAnswered('refused')]).toEqual(
        [false, true, false],
      );
      const confirmed = { ...asked, state: 'confirmed', answeredAt: T0 + 5 };
      expect(await read().personLinks()).toEqual([confirmed]);
      expect(await ask({ ...asked, askedAt: T0 + 9 })).toBe(false);
      expect(await ask({ ...asked, person: 'li', by: 'mobile', askedAt: T0 + 9 })).toBe(true);
      expect(await read().personLinks()).toEqual([
        { ...asked, person: 'li', by: 'mobile', state: 'asked', askedAt: T0 + 9, answeredAt: null },
      ]);
    });

    it('takes back who somebody is: for good, or until he is asked again', async () => {
      const asked = { platform: 'slack', user: 'U1', person: 'wei', by: 'email', askedAt: T0 } as const;
      const unlink = (user: string, askAgain: boolean): Promise<boolean> =>
        write((tx) => tx.unlinkPerson('slack', user, { askAgain, at: T0 + 7 }));
      await write(async (tx) => {
        await tx.askPerson(asked);
        await tx.answerPerson({ platform: 'slack', user: 'U1', person: 'wei', state: 'confirmed', at: T0 + 5 });
      });
      expect([await unlink('U2', false), await unlink('U1', false)]).toEqual([false, true]);
      expect(await read().personLinks()).toEqual([{ ...asked, state: 'refused', answeredAt: T0 + 7 }]);
      expect(await write((tx) => tx.askPerson(asked))).toBe(false);
      expect(await unlink('U1', true)).toBe(true);
      expect(await read().personLinks()).toEqual([]);
      expect(await write((tx) => tx.askPerson(asked))).toBe(true);
    });

    it('lists, searches and counts tickets', async () => {
      await write(async (tx) => {
        for (let n = 1; n <= 7; n++) {
          const fields = { title: n === 3 ? '磁盘满 100%' : `Ticket ${n}` };
          const ticket = aTicket(n, 1, { fields, ...(n === 5 ? { project: 'gemini' } : {}) });
          const state = n === 2 ? claimed(ticket) : n === 4 ? ended(ticket) : ticket;
          await tx.saveTicket({ ticket: state, expectedSeq: 0, events: [], timers: [] });
        }
      });
      const { queries } = bench.storage;
      const numbers = async (filter: Partial<Parameters<typeof queries.listTickets>[0]>): Promise<number[]> =>
        (await queries.listTickets({ limit: 50, ...filter })).tickets.map(({ number }) => number);
      expect(await numbers({})).toEqual([7, 6, 5, 4, 3, 2, 1]);
      expect(await numbers({ status: ['in_progress', 'cancelled'] })).toEqual([4, 2]);
      expect(await numbers({ assignee: 'wei' })).toEqual([2]);
      expect(await numbers({ assignee: null, project: 'gemini' })).toEqual([5]);
      expect(await numbers({ q: '100%' })).toEqual([3]);
      expect(await numbers({ q: '%' })).toEqual([3]);
      expect(await numbers({ q: 'itr-6' })).toEqual([6]);
      expect(await numbers({ q: 'ticket' })).toEqual([7, 6, 5, 4, 2, 1]);
      expect(await numbers({ q: 'ticket', status: ['draft'] })).toEqual([7, 6, 5, 1]);
      expect(await numbers({ q: 'ticket', status: ['draft', 'cancelled'], limit: 3 })).toEqual([7, 6, 5]);
      expect(await numbers({ q: '4', status: ['cancelled'] })).toEqual([4]);
      expect(await numbers({ q: '5', project: 'gemini' })).toEqual([5]);
      expect(await queries.countByStatus({ q: 'ticket' })).toMatchObject({ draft: 4, in_progress: 1, cancelled: 1 });
      const first = await queries.listTickets({ limit: 3 });
      const second = await queries.listTickets({ limit: 3, cursor: first.cursor ?? '' });
      const third = await queries.listTickets({ limit: 3, cursor: second.cursor ?? '' });
      expect([first, second, third].map((page) => page.tickets.length)).toEqual([3, 3, 1]);
      expect(third.cursor).toBeNull();
      await expect(queries.listTickets({ limit: 3, cursor: 'x' })).rejects.toThrow(RangeError);
      expect(await queries.countByStatus()).toMatchObject({ draft: 5, in_progress: 1, cancelled: 1, closed: 0 });
      expect(await queries.board({ statuses: ['draft', 'pending'], limit: 2, team: 'db-l1' })).toMatchObject([
        { status: 'draft', count: 5, tickets: [{ number: 7 }, { number: 6 }] },
        { status: 'pending', count: 0, tickets: [] },
      ]);
      expect((await read().openTickets({ requester: 'mei', limit: 3 })).map((t) => t.number)).toEqual([7, 6, 5]);
      expect((await read().openTickets({ assignee: 'wei', limit: 3 })).map((t) => t.number)).toEqual([2]);
    });

    describe('words in titles', () => {
      const titles = [
        '支付失败，无法退款',
        'Payment API is DOWN',
        '50% of "orders" lost',
        "it's under_score \\ back",
        'DB',
        '支',
      ];
      const find = async (q: string, more: object = {}): Promise<number[]> =>
        (await bench.storage.queries.listTickets({ q, limit: 50, ...more })).tickets.map(({ number }) => number);
      /** Looked for without walking over the newest tickets, as it is with many. */
      const count = async (q: string): Promise<number> =>
        Object.values(await bench.storage.queries.countByStatus({ q })).reduce((all, some) => all + some, 0);
      const retitle = (number: number, seq: number, title: string): Promise<void> =>
        write((tx) =>
          tx.saveTicket({
            ticket: aTicket(number, seq, { fields: { title } }),
            expectedSeq: seq - 1,
            events: [aNote(seq)],
            timers: [],
          }),
        );
      const WORDS: readonly (readonly [string, readonly number[]])[] = [
        ['支付', [1]],
        ['退款', [1]],
        ['付失败', [1]],
        ['支', [6, 1]],
        ['款', [1]],
        ['败退', []],
        ['payMENT', [2]],
        ['down', [2]],
        ['db', [5]],
        ['wn', [2]],
        ['%', [3]],
        ['0% o', [3]],
        ['_', [4]],
        ['der_sc', [4]],
        ['"', [3]],
        ['"orders"', [3]],
        ["'", [4]],
        ["it's", [4]],
        ['\\', [4]],
        ['\\ b', [4]],
        ['* OR *', []],
        ["':*", []],
        ['unheard of', []],
      ];

      beforeEach(async () => {
        for (const [i, title] of titles.entries()) await retitle(i + 1, 1, title);
      });

      it.each(['before they are in the index', 'by the index'])('are found %s', async (when) => {
        if (when === 'by the index') await bench.storage.retention.indexTitles();
        for (const [word, numbers] of WORDS) {
          expect([word, await find(word)]).toEqual([word, numbers]);
          expect([word, await count(word)]).toEqual([word, numbers.length]);
        }
      });

      it('are those of the title as it is now', async () => {
        await bench.storage.retention.indexTitles();
        await retitle(1, 2, '登录失败');
        expect([await count('支付'), await count('登录'), await find('登录')]).toEqual([0, 1, [1]]);
        await bench.storage.retention.indexTitles();
        expect([await count('支付'), await count('登录'), await find('登录')]).toEqual([0, 1, [1]]);
      });

      it('are found behind more tickets than are looked through first', async () => {
        await write(async (tx) => {
          for (let number = 10; number < 2_100; number++)
            await tx.saveTicket({ ticket: aTicket(number, 1), expectedSeq: 0, events: [], timers: [] });
        });
        await bench.storage.retention.indexTitles();
        for (const [word, numbers] of WORDS) expect([word, await find(word)]).toEqual([word, numbers]);
        expect(await find('支付', { team: 'db-l1', status: ['draft'] })).toEqual([1]);
        expect(await find('支付', { team: 'other' })).toEqual([]);
        expect(await find('ITR-5')).toEqual([5]);
        expect((await bench.storage.queries.listTickets({ q: 'ticket', limit: 2 })).tickets).toMatchObject([
          { number: 2099 },
          { number: 2098 },
        ]);
      });
    });

    it('counts tickets by status after each change, also once the counts were added up', async () => {
      const { queries, retention } = bench.storage;
      const counts = async (): Promise<(number | undefined)[]> => {
        const { draft, in_progress, cancelled } = await queries.countByStatus();
        const [column] = await queries.board({ statuses: ['cancelled'], limit: 1 });
        return [draft, in_progress, cancelled, column?.count];
      };
      const save = (ticket: ReturnType<typeof aTicket>): Promise<void> =>
        write((tx) =>
          tx.saveTicket({
            ticket,
            expectedSeq: ticket.seq - 1,
            events: ticket.seq === 1 ? [] : [aNote(ticket.seq)],
            timers: [],
          }),
        );
      for (const number of [1, 2, 3]) await save(aTicket(number, 1));
      expect(await counts()).toEqual([3, 0, 0, 0]);
      await save(claimed(aTicket(1, 2)));
      for (const number of [2, 3]) await save(ended(aTicket(number, 2)));
      expect(await counts()).toEqual([0, 1, 2, 2]);
      await retention.prune({ inboxBefore: 0, outboxBefore: 0, messagesBefore: 0 });
      expect(await counts()).toEqual([0, 1, 2, 2]);
      await save(claimed(aTicket(3, 3)));
      await save(ended(aTicket(1, 3)));
      expect(await counts()).toEqual([0, 1, 2, 2]);
      await save(ended(aTicket(3, 4)));
      await retention.prune({ inboxBefore: 0, outboxBefore: 0, messagesBefore: 0 });
      expect(await counts()).toEqual([0, 0, 3, 3]);
      const broken = write(async (tx) => {
        await tx.saveTicket({ ticket: ended(aTicket(4, 1)), expectedSeq: 0, events: [], timers: [] });
        throw new Error('the work breaks');
      });
      await expect(broken).rejects.toThrow('the work breaks');
      expect(await counts()).toEqual([0, 0, 3, 3]);
    });

    it('forgets what is old, over and handled, and nothing else', async () => {
      const { inbox, queues, retention } = bench.storage;
      const threads = [{ platform: 'slack', chat: 'C1', thread: 't1', role: 'origin', team: null }] as const;
      bench.setClock(T0);
      for (const id of ['old', 'waiting', 'dead']) {
        await inbox.accept({ id, lane: id, platform: 'slack', payload: '{}', receivedAt: T0 });
      }
      await queues.inbox.bury('dead', 'broken');
      await write(async (tx) => {
        await tx.finishInbox('old');
        await tx.enqueue([saying('said'), saying('waits', { lane: 'slack:C2' })]);
        await tx.remember('k', 'v');
        await tx.saveTicket({ ticket: aTicket(1, 1, { threads }), expectedSeq: 0, events: [], timers: [] });
        await tx.saveMessage(aMessage('m1'));
        await tx.saveMessage(aMessage('m2', { thread: 'no ticket' }));
      });
      const [said] = await queues.outbox.claim(T0, T0 + 1, 1, nobody);
      if (said !== undefined) await queues.outbox.sent(said, T0);
      const prune = (before: number): Promise<number> =>
        retention.prune({ inboxBefore: before, outboxBefore: before, messagesBefore: before });
      expect(await prune(T0)).toBe(0);
      expect(await prune(T0 + 1)).toBe(4);
      expect(await prune(T0 + 1)).toBe(0);
      expect(await queues.inbox.due(T0, 9, nobody)).toMatchObject([{ id: 'waiting' }]);
      expect(await bench.storage.queries.buriedEvents(9)).toMatchObject([{ id: 'dead', error: 'broken' }]);
      expect(await read().threadMessages('slack', 'C1', 't1')).toHaveLength(1);
    });
  });
}
