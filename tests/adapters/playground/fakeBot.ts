import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import type { Card, CardAction, Form, RichText } from '../../../src/conversations/card.ts';
import type { ChatEvent, ChatPlatform, MessageRef, Outgoing } from '../../../src/conversations/platform.ts';
import { createPlayground, PLAYGROUND_CHATS, PLAYGROUND_PEOPLE } from '../../../src/adapters/playground/index.ts';
import { memoryStore } from './world.ts';

/**
 * A bot with one ticket and no rules, so that the page can be driven and looked at without the rest of the program. What it says is only as right as
 * the pictures need it.
 */
const MINUTE = 60_000;
const language = 'zh-CN';

const form: Form = {
  id: 'intake',
  context: 'ITR-1',
  title: '补充信息 · ITR-1',
  intro: '知道多少填多少,不清楚的可以留空。',
  submit: '提交',
  cancel: '取消',
  inputs: [
    { name: 'impact', label: '影响范围', hint: '影响到哪些业务或多少用户?', kind: 'long_text', required: true },
    { name: 'version', label: '版本', kind: 'text', required: false, value: '3.2.1' },
    {
      name: 'environment',
      label: '环境',
      kind: 'choice',
      required: false,
      value: 'prod',
      options: [
        { value: 'prod', label: '生产' },
        { value: 'staging', label: '预发布' },
      ],
    },
  ],
};

const button = (action: string, label: string, style?: CardAction['style']): CardAction => ({
  action,
  value: 'ITR-1',
  label,
  ...(style ? { style } : {}),
});

const createBot = (platform: () => ChatPlatform, now: () => number) => {
  let status = 'none';
  let assignee: string | null = null;
  let origin: MessageRef | null = null;
  let work: MessageRef | null = null;
  let thread = { chat: 'proj-acme', thread: '' };
  let startedAt = 0;
  let serial = 0;
  const timeline: Record<string, unknown>[] = [];

  const words: Record<string, string> = {
    draft: '待补充',
    queued: '待认领',
    in_progress: '处理中',
    resolved: '待确认',
    closed: '已关闭',
  };
  const note = (type: string, actor: string, more: Record<string, unknown> = {}): void => {
    timeline.push({ seq: timeline.length + 1, at: new Date(now()).toISOString(), type, actor, ...more });
  };
  const say = (to: { chat: string; thread: string }, what: Omit<Outgoing, 'language'>): Promise<MessageRef> =>
    platform().send({ kind: 'thread', ...to }, { ...what, language }, `k${++serial}`);

  const card = (side: 'origin' | 'work'): Card => {
    const severity = status === 'draft' ? 'S2(推断)' : 'S1';
    const lines: RichText[] =
      status === 'draft'
        ? [['还差:影响范围']]
        : [
            [
              '承诺:',
              { kind: 'instant', ms: startedAt + 15 * MINUTE, text: '15 分' },
              ' 前响应 · ',
              { kind: 'instant', ms: startedAt + 240 * MINUTE, text: '4 小时' },
              ' 前恢复 (合同 A-2026-01,金牌)',
            ],
          ];
    const actions: Record<string, CardAction[]> = {
      draft: [
        button('form', '补充信息', 'primary'),
        button('register', '按现状登记'),
        button('reject', '不是问题', 'danger'),
      ],
      queued: side === 'work' ? [button('claim', '认领', 'primary'), button('transfer', '转派')] : [],
      resolved: side === 'origin' ? [button('confirm', '✅ 确认', 'primary'), button('reopen', '🔁 没解决')] : [],
    };
    const head = ['ITR-1', '故障', severity, words[status], assignee ? '魏伟' : null].filter(Boolean).join(' · ');
    return {
      head,
      title: '生产环境数据库时断时续,下单很慢',
      tone: status === 'closed' ? 'success' : status === 'draft' ? 'info' : status === 'queued' ? 'danger' : 'warning',
      lines,
      fields: [
        { label: '产品', value: ['数据库'] },
        { label: '版本', value: ['3.2.1'] },
        { label: '环境', value: ['生产'] },
        { label: '客户', value: ['阿克美'] },
      ],
      actions: actions[status] ?? [],
      note: side === 'work' ? ['或者用 👀 认领'] : ['提出人 ', { kind: 'mention', user: 'lin' }],
    };
  };

  const redraw = async (): Promise<void> => {
    if (origin) await platform().edit(origin, { card: card('origin'), language });
    if (work) await platform().edit(work, { card: card('work'), language });
  };

  const capture = async (chat: string, root: string): Promise<void> => {
    if (status !== 'none') return;
    thread = { chat, thread: root };
    startedAt = now() - 4 * MINUTE;
    status = 'draft';
    note('captured', 'playground:lin', { severity: 'S2' });
    origin = await say(thread, { card: card('origin') });
    await say(thread, { text: ['影响到哪些业务或多少用户?直接回复这条就行,不清楚也可以说"不清楚"。'] });
  };

  const register = async (): Promise<void> => {
    if (status !== 'draft') return;
    status = 'queued';
    note('fields_changed', 'playground:lin', { fields: { impact: '全部线上下单都失败了' } });
    note('severity_changed', 'itr', { from: 'S2', to: 'S1' });
    note('registered', 'itr');
    note('dispatched', 'itr', { team: '数据库一线', duty: 'wei' });
    await redraw();
    work = await platform().send(
      { kind: 'chat', chat: 'duty-db' },
      { text: [{ kind: 'mention', user: 'wei' }], card: card('work'), language },
      `k${++serial}`,
    );
  };

  const claim = async (user: string, chat: string): Promise<void> => {
    if (status !== 'queued') return;
    if (user !== 'wei') {
      const text = '你不在 数据库一线,不能直接认领 ITR-1。可以请 魏伟 转派,或由组长 梅 指派给你。';
      await platform().whisper({ chat, thread: work?.thread ?? null, user }, { text: [text], language });
      return;
    }
    status = 'in_progress';
    assignee = 'wei';
    note('claimed', 'wei', { assignee: 'wei' });
    await redraw();
  };

  const finish = async (
    to: 'resolved' | 'closed',
    actor: string,
    more: Record<string, unknown> = {},
  ): Promise<void> => {
    status = to;
    note(to, actor, more);
    await redraw();
  };

  const message = async (event: Extract<ChatEvent, { type: 'message' }>): Promise<void> => {
    if (event.thread === thread.thread && status === 'draft') return register();
    if (work && event.thread === work.thread) {
      if (event.addressed && /^(解决|resolve)/.test(event.text))
        return finish('resolved', 'wei', { solution: event.text });
      const internal = event.text.startsWith('//');
      note('message', event.user, { text: event.text, internal });
      if (internal) return;
      await say(thread, { text: [event.text], author: { name: '魏伟' } });
    }
  };

  return {
    async hear(event: ChatEvent): Promise<void> {
      switch (event.type) {
        case 'reaction_added': {
          const root = (await platform().threadOf(event.chat, event.message)) ?? '';
          if (event.emoji === '🎫') await capture(event.chat, root);
          if (event.emoji === '👀' && event.message === work?.message) await claim(event.user, event.chat);
          if (event.emoji === '✅' && status === 'resolved') await finish('closed', 'playground:lin');
          return;
        }
        case 'capture':
          return capture(event.chat, event.thread);
        case 'message':
          return message(event);
        case 'form':
          return register();
        case 'button':
          if (event.action === 'form') await platform().openForm(event.reply ?? '', form);
          if (event.action === 'register') await register();
          if (event.action === 'claim') await claim(event.user, event.chat ?? '');
          if (event.action === 'confirm') await finish('closed', 'playground:lin');
          return;
        case 'command':
          await platform().reply(event.reply ?? '', { text: ['你现在没有工单。'], language });
          return;
        default:
          return;
      }
    },
    nextPoint: (): number | null => (status === 'queued' || status === 'in_progress' ? startedAt + 180 * MINUTE : null),
    async wake(): Promise<void> {
      if (!work || now() < startedAt + 180 * MINUTE) return;
      note('point_reached', 'itr', { clock: 'restore', point: '75%', remind: [{ person: 'wei' }] });
      await say(work, {
        text: [{ kind: 'mention', user: 'wei' }, ' ITR-1 恢复还剩 1 小时。'],
        actions: [button('progress', '更新进展'), button('escalate', '申请升级'), button('pend', '挂起')],
      });
    },
    ticket(): Record<string, unknown> | null {
      if (status === 'none') return null;
      const elapsed = now() - startedAt;
      const clock = (metric: string, kind: string, targetMs: number, done: boolean) => ({
        metric,
        kind,
        state: done ? 'met' : elapsed > targetMs ? 'breached' : 'running',
        targetMs,
        elapsedMs: Math.min(elapsed, done ? 6 * MINUTE : elapsed),
        dueAt: new Date(startedAt + targetMs).toISOString(),
      });
      const done = status === 'resolved' || status === 'closed';
      return {
        number: 1,
        kind: 'incident',
        severity: status === 'draft' ? 'S2' : 'S1',
        status,
        stage: { draft: 'acceptance', queued: 'acceptance', in_progress: 'handling' }[status] ?? 'closing',
        title: '生产环境数据库时断时续,下单很慢',
        team: 'db-l1',
        tier: 'L1',
        contract: 'A-2026-01',
        assignee,
        requester: 'playground:lin',
        clocks:
          status === 'draft'
            ? []
            : [
                clock('response', 'SLA', 15 * MINUTE, assignee !== null),
                clock('restore', 'SLA', 240 * MINUTE, done),
                clock('claim', 'OLA', 5 * MINUTE, assignee !== null),
              ],
        timeline,
      };
    },
  };
};

/** A running playground with that bot, on a port of its own. `ms`: what time it is there. */
export const startFake = async (ms = Date.parse('2026-11-23T01:46:00Z')) => {
  const began = performance.now();
  let ahead = 0;
  const now = (): number => ms + ahead + Math.floor(performance.now() - began);
  let sayLater: Promise<void> = Promise.resolve();
  const bot = createBot(() => platform, now);
  const platform = createPlayground({
    receive: (event) => {
      // As in the real program: the event is only stored here, and acted on afterwards.
      sayLater = sayLater.then(() => bot.hear(event));
      return Promise.resolve({ kind: 'accepted' });
    },
    now,
    clock: {
      now,
      advance: (by) => {
        ahead += by;
        sayLater = sayLater.then(() => bot.wake());
      },
    },
    nextPoint: () => Promise.resolve(bot.nextPoint()),
    people: PLAYGROUND_PEOPLE,
    chats: PLAYGROUND_CHATS,
    store: memoryStore(),
    gestures: () => ({
      capture: ['ticket', '🎫'],
      claim: ['eyes', '👀', 'raising_hand', '🙋'],
      done: ['white_check_mark', '✅'],
      reopen: ['repeat', '🔁'],
      pend: ['double_vertical_bar', '⏸️'],
      resume: ['arrow_forward', '▶️'],
      escalate: ['small_red_triangle', '🔺'],
      raise: ['rotating_light', '🚨'],
      internal: ['lock', '🔒'],
      evidence: ['pushpin', '📌'],
    }),
  });
  await platform.start();
  const app = new Hono();
  app.get('/api/v1/tickets/:id', (c) => {
    const ticket = bot.ticket();
    return ticket ? c.json(ticket) : c.json({ status: 404 }, 404);
  });
  app.route('/', platform.routes);
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    platform,
    async stop() {
      await platform.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
