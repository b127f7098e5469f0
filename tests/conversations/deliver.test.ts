import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plain } from '../../src/conversations/card.ts';
import { createDeliver, type Deliver } from '../../src/conversations/deliver.ts';
import { DeliveryError } from '../../src/conversations/platform.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { createDirectory } from '../../src/desk/directory.ts';
import { createDesk } from '../../src/desk/perform.ts';
import type { OutboxDraft } from '../../src/desk/ports.ts';
import { SYSTEM, type Actor, type CaptureCommand, type Command } from '../../src/domain/commands.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import type { OutboxRow } from '../../src/scheduler/ports.ts';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { HandClock } from '../support/clock.ts';
import { ORIGIN, at, lin, person, worldWith } from '../support/world.ts';
import { FakePlatform } from './fake-platform.ts';

const T0 = at('2026-11-20T09:41+08:00');
const MIN = 60_000;

const CAPTURE: CaptureCommand = {
  type: 'capture',
  kind: 'incident',
  severity: 'S1',
  severityGuessed: false,
  fields: { title: '全部线上下单失败', product: 'db', impact: '全部线上下单' },
  language: 'zh-CN',
  requester: { id: lin.id, name: lin.name },
  project: 'acme-core',
  firstMessageAt: T0,
  thread: ORIGIN,
  messages: [],
};

let world = worldWith();
let storage: Storage;
let clock: HandClock;
let slack: FakePlatform;
let desk: Desk;
let deliver: Deliver;
let dropped: string[];

beforeEach(async () => {
  world = worldWith();
  clock = new HandClock(T0);
  slack = new FakePlatform();
  dropped = [];
  storage = await openStorage({ url: 'file::memory:', now: () => clock.now(), wake: () => undefined });
  const directory = createDirectory(
    () => world.policy,
    () => world.platforms,
  );
  const source = { current: () => world, policy: () => world.policy, refresh: () => Promise.resolve() };
  desk = createDesk({ clock, world: source, addresses: (id) => directory.addresses(id) });
  deliver = createDeliver({
    store: storage.store,
    desk,
    world: source,
    platforms: new Map([['slack', slack]]),
    directory,
    publicUrl: null,
    now: () => clock.now(),
    log: { debug: (about, message) => dropped.push(`${message} ${JSON.stringify(about)}`) },
  });
});

afterEach(() => storage.close());

const raise = (more: Partial<CaptureCommand> = {}): Promise<Ticket> =>
  storage.store.write(async (tx) => (await desk.capture(tx, { ...CAPTURE, ...more }, lin)).ticket);
const act = async (command: Command, by: Actor | string, number = 1): Promise<void> => {
  const actor = typeof by === 'string' ? person(by, world) : by;
  const outcome = await storage.store.write((tx) => desk.perform(tx, number, command, actor));
  if (!outcome.ok) throw outcome.refusal;
};
const due = (): Promise<readonly OutboxRow[]> =>
  storage.queues.outbox.claim(clock.now(), clock.now() + 30_000, 50, new Set());
/** Delivers what is due until nothing is, as the loop does; a row that has to wait is left. */
const run = async (): Promise<readonly number[]> => {
  const waits: number[] = [];
  for (let turn = 0; turn < 50; turn++) {
    const rows = await due();
    if (rows.length === 0) return waits;
    for (const row of rows) {
      const done = await deliver(row);
      if (done === 'sent') await storage.queues.outbox.sent(row, clock.now());
      else {
        waits.push(done.postponeUntil);
        await storage.queues.outbox.retry(row, done.postponeUntil, 'later', false);
      }
    }
  }
  throw new Error('rows without end');
};
const enqueue = (draft: Omit<OutboxDraft, 'dueAt'>): Promise<void> =>
  storage.store.write((tx) => tx.enqueue([{ ...draft, dueAt: clock.now() }]));

describe('a ticket is raised', () => {
  it('the card answers in the thread, the work card calls the one on duty and opens the work thread', async () => {
    await raise();
    await run();
    expect(slack.read('C0ACME')).toEqual(['[ITR-1 · 故障 · S1 · 待认领]']);
    expect(slack.read('C0DUTY')).toEqual(['@U0WEI ITR-1（S1）等你认领。 [ITR-1 · 故障 · S1 · 待认领]']);
    const ticket = await storage.store.read.ticket(1);
    const card = slack.posted.find(({ ref }) => ref.chat === 'C0DUTY');
    expect(ticket?.threads).toContainEqual({
      platform: 'slack',
      chat: 'C0DUTY',
      thread: card?.ref.thread,
      role: 'work',
      team: 'db-l1',
    });
    expect(
      await storage.store.read.placeOfMessage({ platform: 'slack', chat: 'C0DUTY', message: card?.ref.message ?? '' }),
    ).toMatchObject({
      ticket: 1,
      sentAs: 'card',
    });
  });

  it('missing fields are asked for one at a time; what is answered meanwhile is not asked', async () => {
    await raise({ fields: { title: '连不上' } });
    await act({ type: 'set', fields: { product: 'db' } }, lin);
    await run();
    expect(slack.read('C0ACME').filter((line) => line.includes('？'))).toEqual([
      '影响到哪些业务或多少用户？直接回复这条就行，不清楚也可以说“不清楚”。',
    ]);
  });

  it('nobody on duty is said in the duty chat, and the lead is told directly', async () => {
    world = worldWith(['people: [wei, li]', 'people: [null, li]']);
    await raise();
    await run();
    expect(slack.read('C0DUTY')).toEqual([
      '@U0MEI 数据库一线现在没有值班人，已直接通知组长 梅。 [ITR-1 · 故障 · S1 · 待认领]',
    ]);
    expect(slack.read('D:U0MEI')[0]).toMatch(/^数据库一线现在没有值班人，所以直接找你。ITR-1 需要关注/);
  });
});

describe('the card', () => {
  it('is edited in place, and five quick changes are one edit', async () => {
    await raise();
    await run();
    clock.advance(5_000);
    await act({ type: 'claim' }, 'wei');
    for (const version of ['1', '2', '3', '4']) await act({ type: 'set', fields: { version } }, 'wei');
    await run();
    expect(slack.read('C0ACME')).toEqual(['[ITR-1 · 故障 · S1 · 处理中 · 魏伟]']);
    expect(slack.posted.map(({ edits }) => edits)).toEqual([1, 1]);
  });

  it('waits until the platform takes another edit', async () => {
    await raise();
    await run();
    clock.advance(1_000);
    await act({ type: 'claim' }, 'wei');
    expect(await run()).toEqual([T0 + 3_000, T0 + 3_000]);
    clock.advance(2_000);
    expect(await run()).toEqual([]);
    expect(slack.read('C0ACME')).toEqual(['[ITR-1 · 故障 · S1 · 处理中 · 魏伟]']);
  });

  it('is not edited for the passing of time, or for what it does not show', async () => {
    await raise();
    await run();
    clock.advance(2 * MIN);
    await act({ type: 'link', to: 2, as: 'related' }, 'wei');
    await run();
    expect(slack.posted.map(({ edits }) => edits)).toEqual([0, 0]);
  });

  it('is posted anew where somebody deleted it, once', async () => {
    await raise();
    await run();
    const first = slack.posted.find(({ ref }) => ref.chat === 'C0ACME');
    if (first !== undefined) first.gone = true;
    clock.advance(5_000);
    await act({ type: 'claim' }, 'wei');
    await run();
    clock.advance(5_000);
    await act({ type: 'set', fields: { version: '3.2' } }, 'wei');
    await run();
    expect(slack.read('C0ACME')).toEqual(['[ITR-1 · 故障 · S1 · 处理中 · 魏伟]']);
  });

  it('that the platform does not take now is tried again', async () => {
    await raise();
    slack.fault = { when: 'before', error: new DeliveryError('slow down', { retryAfterMs: 1_000 }) };
    const [row] = await due();
    if (row === undefined) throw new Error('no row');
    await expect(deliver(row)).rejects.toThrow('slow down');
    await storage.queues.outbox.retry(row, clock.now(), 'slow down', false);
    clock.advance(31_000);
    await run();
    expect(slack.posted).toHaveLength(2);
  });
});

describe('nothing is said twice', () => {
  const privately = (chat: string | null): Parameters<Deliver>[0] => ({
    key: 'private:e1:0',
    ticket: null,
    delivery: {
      kind: 'private',
      platform: 'slack',
      chat,
      thread: null,
      user: 'U0LI',
      reply: null,
      what: { text: ['不是你的工单。'], language: 'zh-CN' },
    },
    createdAt: clock.now(),
    unknown: false,
  });

  it('a work card with an unknown outcome is looked up, and the thread is linked all the same', async () => {
    await raise();
    const row = (await due()).find(({ lane }) => lane === 'slack:C0DUTY');
    if (row === undefined) throw new Error('no row');
    slack.fault = { when: 'after', error: new DeliveryError('timed out', { unknown: true }) };
    await expect(deliver(row)).rejects.toThrow('timed out');
    expect((await storage.store.read.ticket(1))?.threads).toHaveLength(1);
    expect(await deliver({ ...row, unknown: true })).toBe('sent');
    expect(slack.read('C0DUTY')).toHaveLength(1);
    expect((await storage.store.read.ticket(1))?.threads).toHaveLength(2);
  });

  it('a row that comes again after it was sent is not sent again', async () => {
    await raise();
    const rows = await due();
    for (const row of rows) await deliver(row);
    for (const row of rows) expect(await deliver({ ...row, unknown: true })).toBe('sent');
    expect(slack.posted).toHaveLength(2);
  });

  it('where the platform can find nothing, a page is rather sent twice than lost', async () => {
    slack.capabilities = { ...slack.capabilities, findByMarker: false };
    await raise();
    const row = (await due()).find(({ lane }) => lane === 'slack:C0DUTY');
    if (row === undefined) throw new Error('no row');
    slack.fault = { when: 'after', error: new DeliveryError('timed out', { unknown: true }) };
    await expect(deliver(row)).rejects.toThrow();
    await deliver({ ...row, unknown: true });
    expect(slack.read('C0DUTY')).toHaveLength(2);
  });

  it('an answer to one person that may not have been shown is rather whispered twice than lost', async () => {
    const row = privately('C0ACME');
    slack.fault = { when: 'after', error: new DeliveryError('timed out', { unknown: true }) };
    await expect(deliver(row)).rejects.toThrow('timed out');
    expect(await deliver({ ...row, unknown: true })).toBe('sent');
    expect(slack.whispers).toHaveLength(2);
  });

  it('what nobody has asked for goes to a person directly, where it is looked for and not said twice', async () => {
    const row = privately(null);
    slack.fault = { when: 'after', error: new DeliveryError('timed out', { unknown: true }) };
    await expect(deliver(row)).rejects.toThrow('timed out');
    expect(await deliver({ ...row, unknown: true })).toBe('sent');
    expect([slack.posted.length, slack.whispers.length]).toEqual([1, 0]);
  });

  it('a ticket that comes back to a team calls in its thread, not with a second card', async () => {
    await raise();
    await run();
    await act({ type: 'claim' }, 'wei');
    await act({ type: 'escalate' }, 'wei');
    await run();
    expect(slack.read('C0DUTY2')[0]).toMatch(/等你认领.*\[ITR-1/);
    await act({ type: 'claim' }, 'zhao');
    await act({ type: 'transfer', to: { team: 'db-l1' } }, 'zhao');
    await run();
    const back = slack.posted.filter(({ ref, what }) => ref.chat === 'C0DUTY' && what.text !== undefined);
    expect(plain(back.find(({ what }) => plain(what.text ?? []).includes('又回到'))?.what.text ?? [])).toBe(
      '@U0WEI ITR-1 又回到数据库一线，等待认领。前面的经过都在这个话题里。',
    );
    expect((await storage.store.read.ticket(1))?.threads.filter(({ chat }) => chat === 'C0DUTY')).toHaveLength(1);
  });
});

describe('the two threads are kept in step', () => {
  const said = (
    chat: string,
    message: string,
    text: string,
    attachments: readonly { name: string; url: string | null }[] = [],
  ) => ({
    key: { platform: 'slack', chat, message },
    author: chat === 'C0ACME' ? { id: lin.id, name: '林' } : { id: 'wei', name: '魏伟' },
    side: chat === 'C0ACME' ? ('customer' as const) : ('service' as const),
    at: clock.now(),
    text,
    attachments,
  });

  it('a message is carried in its author’s name, with its attachments; its edit and deletion follow', async () => {
    await raise();
    await run();
    const message = said('C0ACME', '1.7', '慢日志见附件', [{ name: 'slow.log', url: 'https://files/slow.log' }]);
    await act({ type: 'message', message, role: 'origin', internal: false }, lin);
    await run();
    expect(slack.read('C0DUTY').at(-1)).toBe('林> 慢日志见附件\n📎 slow.log');
    await act({ type: 'message_edited', key: message.key, text: '慢日志见附件，10:12 的' }, lin);
    await run();
    expect(slack.read('C0DUTY').at(-1)).toBe('林> 慢日志见附件，10:12 的\n📎 slow.log');
    await act({ type: 'message_deleted', key: message.key }, lin);
    await run();
    expect(slack.read('C0DUTY').at(-1)).toBe('林> （这条消息已撤回）');
    expect(slack.read('C0DUTY')).toHaveLength(2);
    const copy = slack.posted.at(-1)?.ref.message ?? '';
    expect(await storage.store.read.placeOfMessage({ platform: 'slack', chat: 'C0DUTY', message: copy })).toMatchObject(
      {
        ticket: 1,
        sentAs: 'carry',
        copyOf: message.key,
      },
    );
  });

  it('a name in a carried message pings nobody', async () => {
    await raise();
    await run();
    await act(
      {
        type: 'message',
        message: said('C0DUTY', '5.7', '@U0LIN <!channel> 版本是多少？'),
        role: 'work',
        internal: false,
      },
      'wei',
    );
    await run();
    expect(slack.posted.at(-1)?.what.text).toEqual(['@U0LIN <!channel> 版本是多少？']);
    expect(slack.posted.at(-1)?.ref.chat).toBe('C0ACME');
  });

  it('an edit of what was never carried changes nothing', async () => {
    await raise();
    await run();
    const message = said('C0DUTY', '5.8', '// 怀疑是交换机');
    await act({ type: 'message', message, role: 'work', internal: true }, 'wei');
    await act({ type: 'message_edited', key: message.key, text: '// 不是交换机' }, 'wei');
    await run();
    expect(slack.posted).toHaveLength(2);
  });
});

describe('reminders and escalation', () => {
  const ring = async (id: string): Promise<void> => {
    const timer = (await storage.store.read.timersOf(1)).find((one) => one.clock === id);
    if (timer === undefined) throw new Error(`no timer ${id}`);
    if (timer.dueAt > clock.now()) clock.advance(timer.dueAt - clock.now());
    await act({ type: 'timer_due', clock: id, point: timer.point, occurrence: timer.occurrence }, SYSTEM);
  };

  it('before the target: how long, until when, what one can do about it', async () => {
    await raise();
    await act({ type: 'claim' }, 'wei');
    await run();
    await ring('restore');
    await run();
    const reminder = slack.posted.at(-1);
    expect(reminder?.ref.chat).toBe('C0DUTY');
    expect(plain(reminder?.what.text ?? [])).toMatch(/^@U0WEI ITR-1 恢复还剩 [^（]+（1[123]:\d\d）。还没有进展记录。$/);
    expect(reminder?.what.actions?.map(({ action }) => action)).toEqual(['form:progress', 'escalate', 'form:pend']);
  });

  it('after it: management sees it where management reads, with buttons to acknowledge and reassign', async () => {
    await raise();
    await act({ type: 'claim' }, 'wei');
    await act({ type: 'comment', text: '正在切换备库' }, 'wei');
    await run();
    for (let i = 0; i < 4; i++) await ring('restore');
    await run();
    const ping = slack.posted.find(({ ref }) => ref.chat === 'C0BOSS');
    expect(plain(ping?.what.text ?? [])).toMatch(
      /^@U0CHEN ITR-1 恢复刚刚超时 · S1 · 阿克美 · 处理人 魏伟（数据库一线） · 全部线上下单失败。最近进展是 09:41 的“正在切换备库”。$/,
    );
    expect(ping?.what.actions?.map(({ action }) => action)).toEqual(['acknowledge', 'show', 'form:transfer']);
    expect(slack.read('D:U0CHEN')).toHaveLength(1);
  });

  it('is dropped when the ticket was settled meanwhile', async () => {
    await raise();
    await act({ type: 'claim' }, 'wei');
    await run();
    const before = slack.posted.length;
    await ring('restore');
    await act({ type: 'resolve', solution: '已切换备库', cause: 'defect' }, 'wei');
    await run();
    const later = slack.posted.slice(before).map(({ what }) => plain(what.text ?? []));
    expect(later.filter((text) => text.includes('还剩'))).toEqual([]);
    expect(dropped.join()).toContain('lost its point');
  });
});

describe('the end', () => {
  it('resolved: both threads are told, the requester is asked; confirmed: one tap rates', async () => {
    await raise();
    await act({ type: 'claim' }, 'wei');
    await run();
    await act({ type: 'resolve', solution: '连接池配置过小，已调整到 200', cause: 'configuration' }, 'wei');
    await run();
    expect(slack.read('C0ACME').at(-1)).toBe(
      '@U0LIN ITR-1 已由 魏伟 解决：连接池配置过小，已调整到 200 〔✅ 确认解决〕〔🔁 没有解决〕',
    );
    expect(slack.read('C0DUTY').at(-1)).toBe('ITR-1 已由 魏伟 解决：连接池配置过小，已调整到 200');
    await act({ type: 'confirm' }, lin);
    await run();
    expect(slack.read('C0ACME').at(-1)).toBe(
      '林 已确认，ITR-1 关闭。这次处理怎么样？点一下就行，说明可写可不写。 〔★〕〔★★〕〔★★★〕〔★★★★〕〔★★★★★〕〔写评价〕',
    );
  });

  it('a hand-over brings the brief to the new owner', async () => {
    await raise();
    await act({ type: 'claim' }, 'wei');
    await run();
    await act(
      { type: 'transfer', to: { person: { id: 'li', name: '李丽', teams: ['db-l1'] } }, note: '需要看备库' },
      'wei',
    );
    await run();
    const brief = slack.posted.at(-1)?.what;
    expect(plain(brief?.text ?? [])).toMatch(/^@U0LI /);
    expect(brief?.card?.head).toBe('接手 ITR-1 · 从 魏伟 到 李丽');
    expect(brief?.card?.actions.map(({ action }) => action)).toEqual(['accept_handover', 'form:return', 'show']);
  });
});

describe('what is already worded', () => {
  const what = { text: ['你好'], language: 'zh-CN' as const };

  it('a private answer takes the nearest way that is open', async () => {
    const answer = (key: string, chat: string | null, reply: string | null) =>
      enqueue({
        key,
        lane: 'slack:@U0LI',
        ticket: null,
        delivery: { kind: 'private', platform: 'slack', chat, thread: null, user: 'U0LI', reply, what },
      });
    await answer('a', 'C0DUTY', 'token');
    await run();
    expect(slack.replies).toHaveLength(1);
    slack.tokenWorks = false;
    await answer('b', 'C0DUTY', 'token');
    await run();
    expect(slack.whispers).toEqual([{ user: 'U0LI', what }]);
    await answer('c', null, null);
    await run();
    expect(slack.read('D:U0LI')).toEqual(['你好']);
  });

  it('an answer for everybody goes to its thread, and a page to the person', async () => {
    await raise();
    await enqueue({
      key: 's',
      lane: 'slack:C0NEW',
      ticket: null,
      delivery: { kind: 'say', platform: 'slack', chat: 'C0NEW', thread: '7.7', what },
    });
    await enqueue({
      key: 'h',
      lane: 'slack:@U0WEI',
      ticket: null,
      delivery: { kind: 'home', platform: 'slack', user: 'U0WEI' },
    });
    await run();
    expect(slack.posted.find(({ ref }) => ref.chat === 'C0NEW')?.ref.thread).toBe('7.7');
    expect(slack.homes.get('U0WEI')?.map(({ title, items }) => [title, items.length])).toEqual([
      ['我处理的工单', 0],
      ['数据库一线 · 待认领', 1],
      ['我提出的工单', 0],
    ]);
  });
});

it('errors of the platform pass through; a platform that is not connected is a permanent one', async () => {
  await enqueue({
    key: 'x',
    lane: 'feishu:oc_1',
    ticket: null,
    delivery: { kind: 'say', platform: 'feishu', chat: 'oc_1', thread: null, what: { text: ['x'], language: 'en' } },
  });
  const [row] = await due();
  if (row === undefined) throw new Error('no row');
  await expect(deliver(row)).rejects.toMatchObject({ name: 'DeliveryError', permanent: true, scope: 'platform' });
});
