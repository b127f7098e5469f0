import { describe, expect, it } from 'vitest';
import { readAction, readActionValue } from '../../src/conversations/actions.ts';
import { plain, type Card } from '../../src/conversations/card.ts';
import { briefCard } from '../../src/conversations/cards/brief.ts';
import { digestCard } from '../../src/conversations/cards/digest.ts';
import { explainCard, explained } from '../../src/conversations/cards/explain.ts';
import { homeSections } from '../../src/conversations/cards/home.ts';
import { ticketList } from '../../src/conversations/cards/list.ts';
import { ticketCard } from '../../src/conversations/cards/ticket-card.ts';
import { viewOf, type TicketView } from '../../src/conversations/cards/view.ts';
import { workCard } from '../../src/conversations/cards/work-card.ts';
import type { Command } from '../../src/domain/commands.ts';
import { LANGUAGES, type Language } from '../../src/domain/words.ts';
import { Life, ORIGIN, at, lin, worldWith } from '../support/world.ts';

const world = worldWith();
const MIN = 60_000;
const HOUR = 60 * MIN;
/** A Friday morning; the calendar is open. */
const T0 = at('2026-11-20T09:41+08:00');
const ZONE = 'Asia/Shanghai';
const URL = 'https://itr.example.com/';

const see = (life: Life, now: number, options: Partial<TicketView> = {}): TicketView => ({
  ...viewOf(life.ticket, world, now, URL, ZONE, '👀'),
  ...options,
});

/** A card as somebody reads it, one line each, buttons last. */
const read = (card: Card): readonly string[] => [
  `[${card.tone}] ${card.head}`,
  card.title,
  ...card.lines.map(plain),
  ...card.fields.map((field) => `${field.label}: ${plain(field.value)}`),
  ...(card.note === undefined ? [] : [plain(card.note)]),
  card.actions.map((action) => `〔${action.label}〕`).join(''),
];

const draft = (): Life =>
  new Life(
    world,
    {
      fields: {
        title: '生产环境数据库时断时续，下单很慢',
        product: 'db',
        version: '3.2.1',
        environment: 'production',
        since: '2026-11-20T09:41:00+08:00',
      },
    },
    T0,
  );
const s1 = (): Life =>
  new Life(
    world,
    {
      severity: 'S1',
      severityGuessed: false,
      fields: {
        title: '生产环境数据库连接失败，全部线上下单失败',
        product: 'db',
        version: '3.2.1',
        environment: 'production',
        impact: '全部线上下单',
      },
    },
    T0,
  );
const after = (life: Life, ...steps: readonly (readonly [Command, Parameters<Life['do']>[1], number])[]): Life => {
  for (const [command, by, minutes] of steps) life.do(command, by, T0 + minutes * MIN);
  return life;
};
const CLAIM = [{ type: 'claim' }, 'wei', 6] as const;
const RESOLVE = [
  { type: 'resolve', solution: '连接池配置过小，已调整到 200', cause: 'configuration' },
  'wei',
  60,
] as const;

describe('the card in the thread where it was raised', () => {
  it('says what was understood and what is missing', () => {
    expect(read(ticketCard(see(draft(), T0 + MIN), 'zh-CN'))).toEqual([
      '[info] ITR-1 · 故障 · S2（推断） · 待补充',
      '生产环境数据库时断时续，下单很慢',
      '产品 数据库 · 版本 3.2.1 · 环境 生产 · 开始于 09:41 · 客户 阿克美',
      '还差：影响范围',
      '〔补充信息〕〔按现状登记〕〔不是问题〕',
    ]);
  });

  it('once registered says the team, who is on duty, and the promised instants', () => {
    expect(read(ticketCard(see(s1(), T0 + MIN), 'zh-CN'))).toEqual([
      '[danger] ITR-1 · 故障 · S1 · 待认领',
      '生产环境数据库连接失败，全部线上下单失败',
      '产品 数据库 · 版本 3.2.1 · 环境 生产 · 影响范围 全部线上下单 · 客户 阿克美',
      '数据库一线 · 值班 魏伟',
      '承诺：09:56 前响应 · 13:41 前恢复 · 11-21 09:41 前解决（合同 A-2026-01）',
      '〔补充信息〕〔查看〕',
    ]);
  });

  it('says the same in English', () => {
    expect(read(ticketCard(see(s1(), T0 + MIN), 'en'))).toEqual([
      '[danger] ITR-1 · incident · S1 · waiting for an owner',
      '生产环境数据库连接失败，全部线上下单失败',
      'product 数据库 · version 3.2.1 · environment production · impact 全部线上下单 · customer 阿克美',
      '数据库一线 · on duty 魏伟',
      'Response by 09:56 · Restoration by 13:41 · Resolution by Sat 21 Nov 09:41 (contract A-2026-01)',
      '〔Add details〕〔Open〕',
    ]);
  });

  it('gives instants that the platform can show in the time zone of each reader', () => {
    const promise = ticketCard(see(s1(), T0), 'en').lines.at(-1) ?? [];
    expect(promise).toContainEqual({ kind: 'instant', ms: T0 + 15 * MIN, text: '09:56' });
  });

  it('names the owner, and what was kept', () => {
    const card = read(ticketCard(see(after(s1(), CLAIM), T0 + 7 * MIN), 'zh-CN'));
    expect(card[0]).toBe('[danger] ITR-1 · 故障 · S1 · 处理中 · 魏伟');
    expect(card).toContain('处理人 魏伟（数据库一线）');
    expect(card).toContain('承诺：响应 6 分，达成 · 13:41 前恢复 · 11-21 09:41 前解决（合同 A-2026-01）');
  });

  it('pending: says what is waited for, and that a reply is enough', () => {
    const life = after(s1(), CLAIM, [{ type: 'pend', reason: 'customer' }, 'wei', 10]);
    const card = read(ticketCard(see(life, T0 + 30 * MIN), 'zh-CN'));
    expect(card[0]).toBe('[neutral] ITR-1 · 故障 · S1 · 等客户 · 魏伟');
    expect(card).toContain('等客户，自 09:51 起');
    expect(card).toContain('在等项目组的答复，在话题里回复就会继续处理。');
    expect(card.at(-1)).toBe('〔继续处理〕〔查看〕');
  });

  it('resolved: says the solution and asks for the word of who raised it', () => {
    const card = ticketCard(see(after(s1(), CLAIM, RESOLVE), T0 + HOUR), 'zh-CN');
    expect(card.tone).toBe('success');
    expect(read(card)).toContain('方案：连接池配置过小，已调整到 200');
    expect(card.actions.map(({ action, label }) => [action, label])).toEqual([
      ['confirm', '✅ 确认解决'],
      ['reopen', '🔁 没有解决'],
      ['show', '查看'],
    ]);
  });

  it('closed: can be reopened inside the window, not after it', () => {
    const life = after(s1(), CLAIM, RESOLVE, [{ type: 'confirm' }, lin, 61]);
    const card = ticketCard(see(life, T0 + 2 * HOUR), 'zh-CN');
    expect(read(card)).toContain('原因：配置 · 已解决');
    expect(read(card)).toContain('已确认，10:42 关闭');
    expect(card.actions.map(({ action }) => action)).toEqual(['reopen', 'show']);
    expect(ticketCard(see(life, T0 + 30 * 24 * HOUR), 'zh-CN').actions.map(({ action }) => action)).toEqual(['show']);
  });

  it('shows the customer nothing internal: no clock between teams, no note', () => {
    const life = after(s1(), CLAIM, [{ type: 'note', text: '怀疑是交换机' }, 'wei', 8]);
    for (const language of LANGUAGES) {
      const text = JSON.stringify(ticketCard(see(life, T0 + 40 * MIN), language));
      expect(text).not.toMatch(/OLA|怀疑是交换机|本线处理|tier/);
    }
  });

  it('asks for the ticket in the chat where there is no address of a page', () => {
    const card = ticketCard({ ...see(s1(), T0), url: null }, 'zh-CN');
    expect(card.actions.at(-1)).toEqual({ action: 'show', value: '1', label: '查看' });
  });
});

describe('the card in the duty chat', () => {
  it('says what is left, whose it is, and how to take it', () => {
    expect(read(workCard(see(s1(), T0 + 5 * MIN, { clocks: slaOnly(s1(), T0 + 5 * MIN) }), 'zh-CN'))).toEqual([
      '[danger] ITR-1 · 故障 · S1 · 待认领',
      '生产环境数据库连接失败，全部线上下单失败',
      '阿克美 / 阿克美核心系统 · 数据库 3.2.1 · 生产',
      '影响范围 全部线上下单',
      '响应剩余 10 分（09:56） · 恢复剩余 3 小时 55 分（13:41） · 解决剩余 23 小时 55 分（11-21 09:41）',
      '数据库一线 · 值班 魏伟',
      '或者用 👀 认领',
      '〔认领〕〔转派〕〔查看〕',
    ]);
  });

  it('shows the agreement between teams, too', () => {
    const card = workCard(see(s1(), T0 + 2 * MIN), 'zh-CN');
    expect(plain(card.lines[2] ?? [])).toContain('OLA 认领剩余 3 分（09:46）');
  });

  it('after the claim: the owner, what was kept, and the next steps', () => {
    const card = workCard(see(after(s1(), CLAIM), T0 + 6 * MIN), 'zh-CN');
    expect(card.head).toBe('ITR-1 · 故障 · S1 · 处理中 · 魏伟');
    expect(plain(card.lines[2] ?? [])).toContain('响应 6 分，达成');
    expect(card.actions.map(({ action }) => action)).toEqual([
      'form:resolve',
      'form:pend',
      'escalate',
      'form:progress',
      'form:transfer',
      'show',
    ]);
    expect(card.note).toBeUndefined();
  });

  it('turns red and says by how much when a promise is broken', () => {
    const card = workCard(see(after(s1(), CLAIM), T0 + 5 * HOUR), 'zh-CN');
    expect(card.tone).toBe('danger');
    expect(plain(card.lines[2] ?? [])).toContain('恢复超时 1 小时（应在 13:41 前）');
  });

  it('without a rota turn says so', () => {
    const hole = worldWith(['people: [wei, li]', 'people: [null, li]']);
    const life = new Life(hole, { fields: s1().ticket.fields }, T0);
    const view = viewOf(life.ticket, hole, T0, null, ZONE);
    expect(read(workCard(view, 'zh-CN'))).toContain('数据库一线 · 现在没有值班人');
  });

  it('a handed-over ticket is accepted or returned first', () => {
    const life = after(s1(), CLAIM, [
      { type: 'transfer', to: { person: { id: 'li', name: '李丽', teams: ['db-l1'] } } },
      'wei',
      20,
    ]);
    const card = workCard(see(life, T0 + 21 * MIN), 'zh-CN');
    expect(read(card)).toContain('从 魏伟 交接过来，等待接手');
    expect(card.actions.slice(0, 2).map(({ action }) => action)).toEqual(['accept_handover', 'form:return']);
  });
});

const slaOnly = (life: Life, now: number): TicketView['clocks'] =>
  see(life, now).clocks.filter(({ clock }) => clock.kind === 'SLA' && clock.metric !== 'update');

describe('every card', () => {
  const lives: readonly (readonly [string, () => Life])[] = [
    ['draft', draft],
    ['queued', s1],
    ['in_progress', () => after(s1(), CLAIM)],
    ['pending', () => after(s1(), CLAIM, [{ type: 'pend', reason: 'vendor', until: T0 + 5 * HOUR }, 'wei', 9])],
    ['restored', () => after(s1(), CLAIM, [{ type: 'restore' }, 'wei', 9])],
    ['resolved', () => after(s1(), CLAIM, RESOLVE)],
    ['closed', () => after(s1(), CLAIM, RESOLVE, [{ type: 'confirm' }, lin, 61])],
    ['rejected', () => after(s1(), [{ type: 'reject', reason: 'duplicate', of: 7 }, 'mei', 3])],
    ['cancelled', () => after(s1(), [{ type: 'cancel' }, lin, 3])],
  ];
  const cards = (view: TicketView, language: Language): readonly Card[] => [
    ticketCard(view, language),
    workCard(view, language),
  ];

  it.each(lives)('%s: is small, complete, and has only buttons that are understood', (_status, make) => {
    for (const language of LANGUAGES)
      for (const card of cards(see(make(), T0 + 2 * HOUR), language)) {
        expect(JSON.stringify(card).length).toBeLessThan(3_500);
        expect(card.title).not.toBe('');
        expect(card.lines.length).toBeLessThanOrEqual(8);
        for (const line of card.lines) expect(plain(line)).not.toMatch(/undefined|null|\[object/);
        expect(card.actions.length).toBeLessThanOrEqual(6);
        expect(new Set(card.actions.map(({ action }) => action)).size).toBe(card.actions.length);
        for (const { action, value } of card.actions) {
          expect(readAction(action), action).not.toBeNull();
          expect(readActionValue(value)).toEqual({ ticket: 1, extra: '' });
        }
      }
  });

  it('is short even where people wrote a lot', () => {
    const long = '很长的话'.repeat(2_000);
    const life = new Life(
      world,
      { fields: { title: '长'.repeat(200), product: 'db', impact: long.slice(0, 4_000) } },
      T0,
    );
    for (const card of cards(see(life, T0), 'zh-CN')) expect(JSON.stringify(card).length).toBeLessThan(3_500);
  });

  it('carries the text of people as plain text', () => {
    const life = new Life(world, { fields: { title: '<!channel> *现在* @U0WEI', product: 'db', impact: '全部' } }, T0);
    for (const card of cards(see(life, T0), 'zh-CN')) {
      expect(card.title).toBe('<!channel> *现在* @U0WEI');
      expect(JSON.stringify(card)).not.toContain('"kind":"mention"');
    }
  });

  it('drawn without the times left is the same a minute later', () => {
    const life = after(s1(), CLAIM);
    for (const language of LANGUAGES)
      expect(cards(see(life, T0 + 10 * MIN, { relative: false }), language)).toEqual(
        cards(see(life, T0 + 11 * MIN, { relative: false }), language),
      );
  });
});

describe('the hand-over brief', () => {
  it('tells what it is, what was tried, what is kept as evidence, what is open, and the times', () => {
    const key = { platform: 'slack', chat: 'C0DUTY', message: '9.9' };
    const message = {
      key,
      author: { id: 'wei', name: '魏伟' },
      side: 'service' as const,
      at: T0 + 20 * MIN,
      text: '重启 proxy，无效',
      attachments: [],
    };
    const life = after(
      s1(),
      CLAIM,
      [{ type: 'message', message, role: 'origin', internal: false }, 'wei', 20],
      [{ type: 'note', text: '扩连接池到 200，10 分钟后复现' }, 'wei', 30],
      [{ type: 'evidence', message: key }, 'wei', 31],
      [{ type: 'escalate', note: '需要二线看备库' }, 'wei', 48],
    );
    const handover = life.notices.find(({ body }) => body.type === 'handover')?.body;
    if (handover?.type !== 'handover') throw new Error('no hand-over');
    const card = briefCard(see(life, T0 + 48 * MIN), handover, life.history, 'zh-CN');
    expect(card.head).toBe('接手 ITR-1 · 从 数据库一线 到 数据库二线');
    const lines = read(card);
    expect(lines).toContain('现象：影响范围 全部线上下单');
    expect(lines).toContain('环境：数据库 · 3.2.1 · 生产');
    expect(lines).toContain('已做：重启 proxy，无效 · 扩连接池到 200，10 分钟后复现');
    expect(lines).toContain('证据：📌 消息 10:01 重启 proxy，无效');
    expect(lines).toContain('交接说明：需要二线看备库');
    expect(lines.find((line) => line.startsWith('时间：'))).toContain('响应 6 分，达成');
  });
});

describe('lists', () => {
  const tickets = (): readonly TicketView[] => [
    see(after(s1(), CLAIM), T0 + 10 * MIN),
    see(draft(), T0 + 10 * MIN),
    see(s1(), T0 + 5 * HOUR),
  ];

  it('put what is overdue first', () => {
    const card = ticketList('我的工单 · 3', tickets(), 'zh-CN', ['没有']);
    expect(card.title).toBe('我的工单 · 3');
    expect(card.tone).toBe('warning');
    expect(plain(card.lines[0] ?? [])).toMatch(/^ITR-1 · S1 · 待认领 · .*响应超时/);
    expect(card.lines[0]?.[0]).toEqual({ kind: 'link', text: 'ITR-1', url: 'https://itr.example.com/tickets/ITR-1' });
  });

  it('say that there is nothing, and how many were left out', () => {
    expect(ticketList('x', [], 'zh-CN', ['没有']).lines).toEqual([['没有']]);
    const many = ticketList(
      'x',
      Array.from({ length: 20 }, () => see(s1(), T0)),
      'zh-CN',
      ['没有'],
    );
    expect(many.lines).toHaveLength(15);
    expect(plain(many.note ?? [])).toBe('还有 5 个没有列出');
  });

  it('the morning digest says who is on duty, where the rota has a hole, and what is open', () => {
    const card = digestCard(
      {
        teamName: '数据库一线',
        duty: '魏伟',
        next: '李丽',
        holes: [{ from: at('2026-11-21T20:00+08:00'), until: at('2026-11-21T22:00+08:00') }],
        tickets: tickets(),
        now: T0,
        timezone: ZONE,
      },
      'zh-CN',
    );
    expect(read(card).slice(0, 5)).toEqual([
      '[warning] 数据库一线',
      '今天的值班和工单',
      '值班 魏伟，之后是 李丽',
      '⚠️ 11-21 20:00 到 11-21 22:00 没有排值班人',
      '待认领 1 · 处理中 1 · 已超时 1',
    ]);
  });

  it('the start page shows work, queues and what one raised, each with its next step', () => {
    const view = see(s1(), T0);
    const sections = homeSections(
      { working: [], raised: [view], queues: [{ team: '数据库一线', tickets: [view] }] },
      'zh-CN',
    );
    expect(sections.map(({ title, items }) => [title, items.length])).toEqual([
      ['我处理的工单', 0],
      ['数据库一线 · 待认领', 1],
      ['我提出的工单', 1],
    ]);
    expect(sections[1]?.items[0]?.actions.map(({ action }) => action)).toEqual(['claim', 'show']);
    expect(homeSections({ working: null, raised: [], queues: [] }, 'en').map(({ title }) => title)).toEqual([
      'Tickets I raised',
    ]);
  });

  it('an explanation names the rule, the source of the promise, and each clock', () => {
    const view = see(s1(), T0 + 10 * MIN);
    const clocks = view.clocks.map(({ clock }) => explained(clock, world.policy, view.now, view.timezone));
    const lines = read(explainCard(view, clocks, 'zh-CN', false));
    expect(lines).toContain('派给 数据库一线：规则 3');
    expect(lines).toContain('服务级别 gold，依据 合同 A-2026-01');
    expect(lines).toContain('恢复: 计时中 · 4 小时服务时间（日历 24x7），从 09:41 起 · 到 13:41 · 已计 10 分');
    expect(lines.join()).toContain('OLA 认领: ');
  });

  it.each([
    ['round_robin', '按轮流分给 魏伟', 'Given to 魏伟, whose turn it was'],
    ['least_loaded', '分给 魏伟：当时手上的工单最少', 'Given to 魏伟, who had the fewest in hand'],
  ])('an explanation says to whom it was given by %s', (how, zh, en) => {
    const sharing = worldWith(['ola: standard, assign: duty', `ola: standard, assign: ${how}`]);
    const view = see(new Life(sharing, {}, T0), T0 + 10 * MIN);
    expect(read(explainCard(view, [], 'zh-CN', false))).toContain(zh);
    expect(read(explainCard(view, [], 'en', false))).toContain(en);
  });
});

describe('clocks on cards', () => {
  const strict = worldWith(
    ['pause_needs_consent: false', 'pause_needs_consent: true'],
    ['lead: zhao, assign: duty', 'lead: zhao, ola: standard, assign: duty'],
    ['S2: { response: 30m, restore: 8h, resolve: 24h', 'S2: { response: 30m, restore: 8h, resolve: 9h'],
  );
  const owned = (): Life => {
    const life = new Life(strict, { severity: 'S2' }, T0);
    life.do({ type: 'claim' }, 'wei', T0 + MIN);
    return life;
  };
  const seen = (life: Life, now: number) => viewOf(life.ticket, strict, now, URL, ZONE, '👀');

  it('a pause that needs consent asks for it, says until when, and from when it counts', () => {
    const life = owned();
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MIN);
    const asked = ticketCard(seen(life, T0 + 11 * MIN), 'zh-CN');
    expect(read(asked)).toContain('计时还在走，你们同意后才暂停；11:51 前没有答复，视为同意。');
    expect(asked.actions[0]).toMatchObject({ action: 'consent' });
    life.do({ type: 'consent' }, lin, T0 + 20 * MIN);
    const agreed = ticketCard(seen(life, T0 + 21 * MIN), 'zh-CN');
    expect(read(agreed)).toContain('项目组已同意，计时自 10:01 暂停。');
    expect(agreed.actions.map(({ action }) => action)).not.toContain('consent');
  });

  it('L1 overran: the work card says what is left for L2', () => {
    const life = owned();
    life.do({ type: 'escalate' }, 'wei', T0 + 3 * 60 * MIN);
    expect(read(workCard(seen(life, T0 + 3 * 60 * MIN), 'zh-CN')).join()).toContain('L2 还有 ');
    expect(read(workCard(seen(life, T0 + 3 * 60 * MIN), 'zh-CN')).join()).toContain('L1 超了 1 小时');
  });

  it('“why is it due then” counts by day and names what does not count', () => {
    const life = owned();
    life.do({ type: 'pend', reason: 'customer' }, 'wei', T0 + 10 * MIN);
    life.do({ type: 'consent' }, lin, T0 + 20 * MIN);
    life.do({ type: 'resume' }, 'wei', T0 + 80 * MIN);
    const now = T0 + 90 * MIN;
    const clocks = life.ticket.clocks
      .filter(({ id }) => id === 'resolve')
      .map((clock) => explained(clock, strict.policy, now, ZONE));
    expect(read(explainCard(seen(life, now), clocks, 'en', true)).join('\n')).toContain(
      'Why Mon 23 Nov 13:41: 9 h of service time (calendar cn) from 09:41. Counted: Fri 5 h 49 m, Mon 3 h 11 m. Not counted: lunch, nights, the weekend, and 1 h of service time waiting for you (10:01 – 11:01, put on hold by 魏伟, agreed to).',
    );
    expect(read(explainCard(seen(life, now), clocks, 'zh-CN', true)).join('\n')).toContain(
      '等你们答复的 1 小时服务时间',
    );
  });
});

it('the origin thread of these tests is the one of the example', () => {
  expect(draft().ticket.threads).toEqual([ORIGIN]);
});
