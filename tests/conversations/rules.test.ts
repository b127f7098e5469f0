/** docs/domain.md, what of its rules is decided where people talk: who raised it, gestures, the two threads, and what is read of a rule. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plain } from '../../src/conversations/card.ts';
import { outboxRows } from '../../src/desk/address.ts';
import type { Command } from '../../src/domain/commands.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { reportHoles } from '../../src/hole-job.ts';
import { Life, ORIGIN, person, worldWith } from '../support/world.ts';
import { Scene } from './scene.ts';

const PROJECT = 'C0ACME';
const DUTY = 'C0DUTY';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open(); // Monday 2026-11-23 09:41: li is on duty for db-l1
});
afterEach(() => scene.close());
const anew = async (...changes: readonly (readonly [string, string])[]): Promise<void> => {
  await scene.close();
  scene = await Scene.open(...changes);
};

/** Lin's thread, captured by Zhou, in the queue of the first line. */
const queued = async (): Promise<{ root: string; work: { message: string; thread: string } }> => {
  const root = await scene.post('U0LIN', PROJECT, '生产数据库3.2.1一会儿通一会儿断,大量下单超时,全部门店都受影响');
  await scene.react('U0ZHOU', PROJECT, root, 'ticket');
  return { root, work: scene.workCard() };
};
const claimed = async () => {
  const places = await queued();
  await scene.react('U0LI', DUTY, places.work.message, 'eyes');
  return places;
};
const events = async (type: string, number = 1) =>
  (await scene.timeline(number)).filter((event) => event.type === type);

describe('Requester: the author of the first message of the thread, whoever captures it', () => {
  it.each([
    ['somebody else of the project', 'U0ZHOU'],
    ['an engineer', 'U0WEI'],
    ['somebody nobody knows', 'U0FAR'],
  ])('captured by %s', async (_who, user) => {
    const root = await scene.post('U0LIN', PROJECT, '报表库连不上,全部用户');
    await scene.post('U0ZHOU', PROJECT, '我这边也是', { thread: root });
    await scene.react(user, PROJECT, root, 'ticket');
    expect((await scene.ticket()).requester).toEqual({ id: 'slack:U0LIN', name: '林' });
  });

  it('somebody the directory does not know captures, answers, confirms and reopens', async () => {
    const root = await scene.post('U0LIN', PROJECT, '报表查询很慢');
    await scene.react('U0FAR', PROJECT, root, 'ticket');
    expect((await scene.ticket()).status).toBe('draft');
    await scene.post('U0FAR', PROJECT, '数据库', { thread: root });
    await scene.post('U0FAR', PROJECT, '全部用户都受影响', { thread: root });
    expect((await scene.ticket()).status).toBe('queued');
    await scene.react('U0LI', DUTY, scene.workCard().message, 'eyes');
    await scene.post('U0LI', DUTY, '解决 连接池配置过小,已调到 200', { thread: scene.workCard().thread, to: 'bot' });
    await scene.post('U0FAR', PROJECT, '确认', { thread: root });
    expect((await scene.ticket()).status).toBe('closed');
    await scene.react('U0FAR', PROJECT, root, 'repeat');
    expect((await scene.ticket()).status).toBe('in_progress');
  });
});

describe('Capture is idempotent', () => {
  it('a second 🎫 on any message of the thread, by anybody, answers with that ticket', async () => {
    const { root } = await queued();
    const reply = await scene.post('U0ZHOU', PROJECT, '端口 5433', { thread: root });
    const card = scene.platform.spoken.find(({ ref, what }) => ref.chat === PROJECT && what.card !== undefined);
    for (const [user, message] of [
      ['U0LIN', root],
      ['U0ZHOU', reply],
      ['U0WEI', card?.ref.message ?? ''],
    ] as const) {
      await scene.react(user, PROJECT, message, 'ticket');
      expect(scene.whispered(user).at(-1)).toContain('ITR-1');
    }
    expect(await scene.storage.store.read.ticket(2)).toBeNull();
    expect(await events('captured')).toHaveLength(1);
  });

  it('tickets are numbered one after the other', async () => {
    for (const text of ['数据库慢', '备份失败', '登录不了']) {
      const root = await scene.post('U0LIN', PROJECT, text);
      await scene.react('U0LIN', PROJECT, root, 'ticket');
    }
    expect(scene.heard(PROJECT).join('\n')).toMatch(/ITR-1[^]*ITR-2[^]*ITR-3/);
  });
});

describe('An edit keeps both versions, a deletion is marked', () => {
  it('also once it is being worked on', async () => {
    const { root } = await claimed();
    const said = await scene.post('U0LIN', PROJECT, '端口是 5432', { thread: root });
    await scene.happens({
      type: 'message_edited',
      chat: PROJECT,
      thread: root,
      message: said,
      user: 'U0LIN',
      text: '端口是 5433',
    });
    await scene.happens({ type: 'message_deleted', chat: PROJECT, message: said });
    const key = { platform: 'slack', chat: PROJECT, message: said };
    expect((await scene.timeline()).filter((event) => 'key' in event && event.key?.message === said)).toMatchObject([
      { type: 'message', key, text: '端口是 5432' },
      { type: 'message_edited', key, text: '端口是 5433', actor: { id: 'slack:U0LIN' } },
      { type: 'message_deleted', key },
    ]);
  });
});

describe('👀 claims on the bot’s messages and in work threads, not on any message of the world', () => {
  it.each<
    readonly [string, (places: Awaited<ReturnType<typeof queued>>) => Promise<readonly [string, string]>, boolean]
  >([
    ['the work card', ({ work }) => Promise.resolve([DUTY, work.message]), true],
    [
      'a colleague’s word in the work thread',
      async ({ work }) => [DUTY, await scene.post('U0WEI', DUTY, '看一下', { thread: work.thread })],
      true,
    ],
    [
      'the card in the origin thread',
      () =>
        Promise.resolve([
          PROJECT,
          scene.platform.spoken.find(({ ref, what }) => ref.chat === PROJECT && what.card !== undefined)?.ref.message ??
            '',
        ]),
      true,
    ],
    ['what the requester wrote', ({ root }) => Promise.resolve([PROJECT, root]), false],
    ['talk in the duty chat', async () => [DUTY, await scene.post('U0WEI', DUTY, '早')], false],
    ['talk in the project’s chat', async () => [PROJECT, await scene.post('U0LIN', PROJECT, '早')], false],
  ])('%s', async (_what, where, claims) => {
    const [chat, message] = await where(await queued());
    await scene.react('U0LI', chat, message, 'eyes');
    expect((await scene.ticket()).status).toBe(claims ? 'in_progress' : 'queued');
  });

  it('two at the same instant: one wins, the other is told who', async () => {
    const { work } = await queued();
    for (const [id, user] of [
      ['E-1', 'U0WEI'],
      ['E-2', 'U0LI'],
    ] as const)
      await scene.receive({
        id,
        platform: 'slack',
        at: scene.clock.now(),
        type: 'reaction_added',
        chat: DUTY,
        message: work.message,
        user,
        emoji: 'eyes',
      });
    await scene.settle();
    expect(await events('claimed')).toHaveLength(1);
    const { assignee } = (await scene.ticket()) as { assignee?: { id: string; name: string } };
    const loser = assignee?.id === 'wei' ? 'U0LI' : 'U0WEI';
    expect(scene.whispered(loser).join()).toContain(assignee?.name);
  });

  it('a refusal is on the timeline, with who and why', async () => {
    const { work } = await queued();
    await scene.react('U0ZHAO', DUTY, work.message, 'eyes');
    expect(await events('refused')).toMatchObject([{ command: 'claim', actor: { id: 'zhao' } }]);
    expect((await scene.ticket()).status).toBe('queued');
  });
});

describe('`every_thread`: each top-level message of a person is one ticket, never filtered, never joined', () => {
  it('small talk too, two of the same person too; replies and bots not', async () => {
    await anew(['role: intake, capture: on_request', 'role: intake, capture: every_thread']);
    scene.platform.profiles.set('UBOT', { name: 'alert', email: null, language: null, timezone: null, isBot: true });
    const first = await scene.post('U0LIN', PROJECT, '在吗');
    await scene.post('U0LIN', PROJECT, '数据库备份失败了', { thread: first });
    await scene.post('UBOT', PROJECT, 'alert: disk full');
    await scene.post('U0LIN', PROJECT, '在吗');
    await scene.post('U0WEI', PROJECT, '谢谢');
    const titles = await Promise.all([1, 2, 3].map(async (n) => (await scene.ticket(n)).requester.id));
    expect(titles).toEqual(['slack:U0LIN', 'slack:U0LIN', 'wei']);
    expect(await scene.storage.store.read.ticket(4)).toBeNull();
  });
});

describe('Sync between threads', () => {
  const heardOnce = (chat: string, thread: string, text: string): number =>
    scene.platform.spoken.filter(
      ({ ref, what }) => ref.chat === chat && ref.thread === thread && plain(what.text ?? []).includes(text),
    ).length;

  it('each side reads the other, once, with its author', async () => {
    const { root, work } = await claimed();
    await scene.post('U0ZHOU', PROJECT, '又断了一次', { thread: root });
    await scene.post('U0LI', DUTY, '正在看主备切换', { thread: work.thread });
    await scene.settle();
    expect([heardOnce(DUTY, work.thread, '又断了一次'), heardOnce(PROJECT, root, '正在看主备切换')]).toEqual([1, 1]);
    expect(scene.platform.spoken.find(({ what }) => plain(what.text ?? []) === '又断了一次')?.what.author?.name).toBe(
      '周',
    );
    expect(
      scene.platform.spoken.find(({ what }) => plain(what.text ?? []) === '正在看主备切换')?.what.author?.name,
    ).toBe('李丽');
  });

  it('a note that starts with // stays inside; what is marked 🔒 is taken back; a reaction on the copy means its original', async () => {
    const { root, work } = await claimed();
    await scene.post('U0LI', DUTY, '//怀疑是交换机', { thread: work.thread });
    const said = await scene.post('U0LI', DUTY, '客户机房太热', { thread: work.thread });
    expect(heardOnce(PROJECT, root, '客户机房太热')).toBe(1);
    await scene.react('U0LI', DUTY, said, 'lock');
    await scene.post('U0LI', DUTY, '他们的密码太简单', { thread: work.thread });
    const copy = scene.platform.spoken.findLast(({ ref }) => ref.chat === PROJECT);
    await scene.react('U0LI', PROJECT, copy?.ref.message ?? '', 'lock');
    expect(scene.heard(PROJECT, root).join('\n')).not.toMatch(/交换机|机房太热|密码/);
    expect((await scene.ticket()).internal).toHaveLength(2);
  });

  it('what the bot says is never carried back, nor what another bot says', async () => {
    const { root, work } = await claimed();
    scene.platform.profiles.set('UBOT', { name: 'alert', email: null, language: null, timezone: null, isBot: true });
    const before = scene.platform.spoken.length;
    const copy = await scene.post('U0LIN', PROJECT, '又断了', { thread: root });
    expect(scene.platform.spoken).toHaveLength(before + 1);
    await scene.post('UBOT', DUTY, '又断了', { thread: work.thread });
    await scene.post('UBOT', PROJECT, '正在看', { thread: root });
    expect(scene.platform.spoken).toHaveLength(before + 1);
    expect((await events('message')).map((event) => 'key' in event && event.key?.message)).toContain(copy);
  });

  it('two platforms: the origin is written to on its own, the work thread on the other', () => {
    const world = { ...worldWith(), platforms: new Set(['slack', 'wecom']) };
    const origin = { ...ORIGIN, platform: 'wecom', chat: 'W1', thread: 'w.1' };
    const life = new Life(world, { thread: origin }, scene.clock.now());
    const wei = person('wei', world);
    const say = (role: 'origin' | 'work'): Command => ({
      type: 'message',
      message: {
        key: { platform: role === 'origin' ? 'wecom' : 'slack', chat: 'X', message: role },
        author: { id: wei.id, name: wei.name },
        side: 'service',
        at: scene.clock.now(),
        text: '在看',
        attachments: [],
      },
      role,
      internal: false,
    });
    const lanes = (role: 'origin' | 'work') => {
      life.do(say(role), wei, scene.clock.now());
      const carried = life.notices.filter(({ body }) => body.type === 'carry');
      return outboxRows(life.ticket, carried, world, () => [], scene.clock.now()).map(({ lane }) => lane);
    };
    expect([lanes('work'), lanes('origin')]).toEqual([['wecom:W1'], ['slack:C0DUTY']]);
  });
});

describe('A question asked again', () => {
  const ASK = { 'zh-CN': '麻烦确认一下是什么版本？', en: 'Which version are you on?' } as const;
  it.each([
    ['zh-CN', /^客户已经说过：版本 3\.2\.1（09:41）$/],
    ['en', /^The customer has said it: version 3\.2\.1 \(09:41\)$/],
  ] as const)(
    'the engineer is pointed to what the thread answers already, privately (%s)',
    async (language, expected) => {
      await anew(['name: 李丽,', `name: 李丽, locale: ${language},`]);
      const { root, work } = await claimed();
      scene.clock.advance(20 * MINUTE);
      await scene.post('U0LI', DUTY, ASK[language], { thread: work.thread });
      expect(scene.whispered('U0LI').at(-1)).toMatch(expected);
      expect(scene.whispered('U0LIN')).toEqual([]);
      // It may mean something else: the question goes out all the same.
      expect(scene.heard(PROJECT, root).at(-1)).toBe(ASK[language]);
    },
  );

  it.each([
    ['what nobody has said', '请问是哪个机房？'],
    ['no question', '版本确认过了，是已知问题'],
    ['an internal note', '// 是什么版本？'],
  ])('no pointer for %s', async (_what, text) => {
    const { work } = await claimed();
    await scene.post('U0LI', DUTY, text, { thread: work.thread });
    expect(scene.whispered('U0LI')).toEqual([]);
  });

  it('nor for the customer who asks it himself', async () => {
    const { root } = await claimed();
    await scene.post('U0LIN', PROJECT, '请问你们用的是什么版本？', { thread: root });
    expect(scene.platform.whispers).toEqual([]);
  });
});

describe('Duty: holes are reported ahead of time', () => {
  it('two weeks ahead, to the lead, once each; without a lead, to the administrators', async () => {
    for (const [changes, user] of [
      [[], 'U0MEI'],
      [[['lead: mei, ', '']] as const, 'U0ADMIN'],
    ] as const) {
      await anew(['people: [wei, li]', 'people: [wei, null]'], ...changes);
      const world = worldWith(['people: [wei, li]', 'people: [wei, null]'], ...changes);
      const deps = {
        store: scene.storage.store,
        world: { current: () => world, policy: () => world.policy, refresh: () => Promise.resolve() },
        directory: scene.directory,
        now: () => scene.clock.now(),
      };
      const told = (): string[] =>
        scene.platform.spoken.flatMap(({ to, what }) =>
          to.kind === 'direct' && to.user === user ? [plain(what.text ?? [])] : [],
        );
      await reportHoles(deps);
      await scene.settle();
      expect(told()).toEqual([expect.stringMatching(/数据库一线没有值班人.*11-30/)]);
      scene.clock.advance(HOUR);
      await reportHoles(deps);
      await scene.settle();
      expect(told()).toHaveLength(1);
    }
  });
});

it('a transfer to a person off duty says so to the team', async () => {
  const { work } = await claimed();
  await scene.post('U0LI', DUTY, '转派给 @U0WEI', { thread: work.thread, to: 'bot' });
  expect(await scene.ticket()).toMatchObject({ assignee: { id: 'wei' } });
  expect(scene.heard(DUTY, work.thread).join('\n')).toContain('魏伟 现在不在值班，交接仍然有效。');
});
