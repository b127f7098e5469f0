import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plain } from '../../src/conversations/card.ts';
import { Scene } from './scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

const PROJECT = 'C0ACME';
const DUTY = 'C0DUTY';

/** Lin's thread, captured, with its impact said: in the queue of the first line. */
const queued = async (): Promise<{ root: string; work: { message: string; thread: string } }> => {
  const root = await scene.post('U0LIN', PROJECT, '生产数据库一会儿通一会儿断,大量下单超时,全部门店都受影响');
  await scene.react('U0ZHOU', PROJECT, root, 'ticket');
  return { root, work: scene.workCard() };
};

const claimed = async () => {
  const { root, work } = await queued();
  await scene.react('U0WEI', DUTY, work.message, 'eyes');
  return { root, work };
};

describe('a thread becomes a ticket', () => {
  it('by 🎫 on any of its messages, with what it says, in the name of whoever spoke first', async () => {
    const root = await scene.post('U0LIN', PROJECT, '线上数据库连接经常断,下单很慢');
    const reply = await scene.post('U0LIN', PROJECT, '版本应该是3.2.1', { thread: root });
    await scene.react('U0ZHOU', PROJECT, reply, 'ticket');
    const ticket = await scene.ticket();
    expect(ticket.status).toBe('draft');
    expect(ticket.requester).toEqual({ id: 'slack:U0LIN', name: '林' });
    expect(ticket.project).toBe('acme-core');
    expect(ticket.language).toBe('zh-CN');
    expect(ticket.fields).toMatchObject({ product: 'db', version: '3.2.1', environment: 'production' });
    expect((await scene.timeline()).filter((event) => event.type === 'message')).toHaveLength(2);
    expect(scene.heard(PROJECT, root)[0]).toContain('ITR-1');
  });

  it('once: a second 🎫 is answered privately with the ticket', async () => {
    const { root } = await queued();
    const before = scene.heard(PROJECT).length;
    await scene.react('U0LIN', PROJECT, root, '🎫');
    expect(await scene.storage.store.read.ticket(2)).toBeNull();
    expect(scene.whispered('U0LIN').at(-1)).toContain('ITR-1');
    expect(scene.heard(PROJECT)).toHaveLength(before);
  });

  it('by a word to the bot, at the top of the chat or in a thread', async () => {
    await scene.post('U0LIN', PROJECT, '建单 报表库磁盘快满了,夜里批量任务失败', { to: 'bot' });
    expect((await scene.ticket(1)).fields.title).toBe('报表库磁盘快满了,夜里批量任务失败');
    const root = await scene.post('U0TOM', PROJECT, 'the database rejects our logins since the last restart');
    await scene.post('U0TOM', PROJECT, 'ticket', { thread: root, to: 'bot' });
    const second = await scene.ticket(2);
    expect(second.language).toBe('en');
    expect(second.fields.title).toBe('the database rejects our logins since the last restart');
  });

  it('by the message menu, also of a thread that began before the bot came', async () => {
    scene.platform.histories.set(`${PROJECT}:R1`, [
      {
        message: 'R1',
        user: 'U0LIN',
        at: scene.clock.now() - 3_600_000,
        text: '生产环境数据库主备切换后写不进去',
        mentions: [],
        attachments: [],
        isBot: false,
      },
      {
        message: 'R2',
        user: 'UBOT',
        at: scene.clock.now() - 3_000_000,
        text: 'alert: db write failed',
        mentions: [],
        attachments: [],
        isBot: true,
      },
      {
        message: 'R3',
        user: 'U0ZHOU',
        at: scene.clock.now() - 2_000_000,
        text: '版本 4.0.2',
        mentions: [],
        attachments: [],
        isBot: false,
      },
    ]);
    await scene.happens({ type: 'capture', chat: PROJECT, thread: 'R1', message: 'R3', user: 'U0ZHOU', reply: null });
    const ticket = await scene.ticket();
    expect(ticket.requester.name).toBe('林');
    expect(ticket.firstMessageAt).toBe(scene.clock.now() - 3_600_000);
    expect(ticket.fields.version).toBe('4.0.2');
    const said = (await scene.timeline()).flatMap((event) => (event.type === 'message' ? [event.text] : []));
    expect(said).toEqual(['生产环境数据库主备切换后写不进去', '版本 4.0.2']);
  });

  it('by itself in a chat bound with every_thread', async () => {
    await scene.close();
    scene = await Scene.open(['role: intake, capture: on_request', 'role: intake, capture: every_thread']);
    const root = await scene.post('U0LIN', PROJECT, '数据库备份失败了,个别任务');
    await scene.post('U0LIN', PROJECT, '昨天也有一次', { thread: root });
    expect((await scene.ticket(1)).requester.name).toBe('林');
    expect(await scene.storage.store.read.ticket(2)).toBeNull();
  });

  it('by /itr new with a title: the bot opens the thread', async () => {
    await scene.slash('U0LIN', PROJECT, 'new 数据库查询全部超时');
    const ticket = await scene.ticket();
    expect(ticket.fields.title).toBe('数据库查询全部超时');
    const opened = scene.platform.spoken[0];
    expect(opened?.to).toEqual({ kind: 'chat', chat: PROJECT });
    expect(ticket.threads[0]).toMatchObject({ chat: PROJECT, thread: opened?.ref.thread, role: 'origin' });
    expect(scene.whispered('U0LIN')[0]).toContain('ITR-1');
  });

  it('by /itr new, where the process died when it had opened the thread: it is the same thread', async () => {
    const command = { type: 'command', chat: PROJECT, user: 'U0LIN', text: 'new 数据库连接失败', reply: null } as const;
    await scene.receive({ id: 'E-died', platform: 'slack', at: scene.clock.now(), ...command });
    const [row] = await scene.storage.queues.inbox.due(scene.clock.now(), 1, new Set());
    if (row === undefined) throw new Error('no row');
    vi.spyOn(scene.storage.store, 'write').mockRejectedValueOnce(new Error('killed'));
    await expect(scene.handle(row)).rejects.toThrow('killed');
    const opened = scene.platform.spoken.length;
    await scene.handle(row);
    expect(scene.platform.spoken).toHaveLength(opened);
    expect((await scene.ticket()).threads[0]?.thread).toBe(scene.platform.spoken[0]?.ref.message);
  });

  it('by /itr new alone through a form, whose answer becomes the ticket', async () => {
    await scene.slash('U0LIN', PROJECT, 'new');
    const [form] = scene.platform.forms;
    if (form === undefined) throw new Error('no form');
    expect(scene.whispered('U0LIN')).toEqual([]);
    await scene.happens({
      type: 'form',
      user: 'U0LIN',
      form: form.id,
      context: form.context,
      values: { kind: 'incident', title: '数据库起不来', product: 'db', impact: '全部业务' },
    });
    expect(await scene.ticket()).toMatchObject({ status: 'queued', project: 'acme-core' });
  });

  it('keeps a paste of 3,000 lines, and cuts what is longer with a mark that says so', async () => {
    const paste = [
      '数据库启动失败',
      ...Array.from({ length: 3_000 }, (_, n) => `2026-11-23 09:40:00 ERROR line ${n}`),
    ].join('\n');
    expect(Buffer.byteLength(paste)).toBeGreaterThan(100_000);
    const root = await scene.post('U0LIN', PROJECT, paste);
    await scene.react('U0LIN', PROJECT, root, 'ticket');
    const ticket = await scene.ticket();
    expect(ticket.fields.title).toBe('数据库启动失败');
    const kept = (await scene.timeline()).find((event) => event.type === 'message')?.text ?? '';
    expect(Buffer.byteLength(kept)).toBeLessThan(100_200);
    expect(kept).toMatch(/此处截断，后面还有 \d+ 个字没有保存/);
  });
});

describe('the bot asks and understands', () => {
  it('fills the asked field by a free answer, with whatever else it says, and raises a guessed severity', async () => {
    const root = await scene.post('U0LIN', PROJECT, '数据库报错,连接被拒');
    await scene.react('U0LIN', PROJECT, root, 'ticket');
    expect((await scene.ticket()).asking?.field).toBe('impact');
    await scene.post('U0LIN', PROJECT, '全部门店下单都失败,V3.2,生产环境', { thread: root });
    const ticket = await scene.ticket();
    expect(ticket).toMatchObject({ status: 'queued', severity: 'S1' });
    expect(ticket.fields).toMatchObject({ version: '3.2', environment: 'production', impact_level: 'high' });
  });

  it('takes "不清楚" for an answer, and a question back for none', async () => {
    const root = await scene.post('U0LIN', PROJECT, '数据库报错,连接被拒');
    await scene.react('U0LIN', PROJECT, root, 'ticket');
    await scene.post('U0LIN', PROJECT, '这个影响范围怎么看?', { thread: root });
    expect((await scene.ticket()).status).toBe('draft');
    await scene.post('U0LIN', PROJECT, '不清楚', { thread: root });
    expect((await scene.ticket()).status).toBe('queued');
  });

  it('understands an edited message of a draft anew, and keeps both versions', async () => {
    const root = await scene.post('U0LIN', PROJECT, '数据库 3.2.1 报错,连接被拒');
    await scene.react('U0LIN', PROJECT, root, 'ticket');
    await scene.happens({
      type: 'message_edited',
      chat: PROJECT,
      thread: root,
      message: root,
      user: 'U0LIN',
      text: '数据库 3.2.4 报错,连接被拒',
    });
    expect((await scene.ticket()).fields.version).toBe('3.2.4');
    const types = (await scene.timeline()).map((event) => event.type);
    expect(types).toContain('message');
    expect(types).toContain('message_edited');
    await scene.happens({ type: 'message_deleted', chat: PROJECT, message: root });
    expect((await scene.timeline()).map((event) => event.type)).toContain('message_deleted');
  });

  it('ignores edits and deletions of messages it never saw', async () => {
    await scene.happens({ type: 'message_edited', chat: PROJECT, thread: 'X', message: 'X', user: 'U0LIN', text: 'x' });
    await scene.happens({ type: 'message_deleted', chat: PROJECT, message: 'X' });
    expect(scene.platform.spoken).toEqual([]);
  });
});

describe('gestures', () => {
  it('👀 on the work card claims; the second is told who was first; removing the winning one gives it back', async () => {
    const { work } = await queued();
    await scene.react('U0WEI', DUTY, work.message, 'eyes');
    expect(await scene.ticket()).toMatchObject({ status: 'in_progress', assignee: { id: 'wei' } });
    await scene.react('U0LI', DUTY, work.message, 'raising_hand');
    expect(scene.whispered('U0LI')[0]).toContain('魏伟');
    await scene.react('U0LI', DUTY, work.message, 'raising_hand', 'reaction_removed');
    expect((await scene.ticket()).status).toBe('in_progress');
    await scene.react('U0WEI', DUTY, work.message, 'eyes', 'reaction_removed');
    expect((await scene.ticket()).status).toBe('queued');
  });

  it('👀 on anything else in the world claims nothing, and nobody is told', async () => {
    const { root } = await queued();
    await scene.react('U0WEI', PROJECT, root, 'eyes');
    const chatter = await scene.post('U0WEI', DUTY, '早');
    await scene.react('U0LI', DUTY, chatter, 'eyes');
    expect((await scene.ticket()).status).toBe('queued');
    expect(scene.platform.whispers).toEqual([]);
  });

  it('who may not is told privately', async () => {
    const { work } = await queued();
    await scene.react('U0ZHAO', DUTY, work.message, 'eyes');
    expect((await scene.ticket()).status).toBe('queued');
    expect(scene.whispered('U0ZHAO')).toHaveLength(1);
  });

  it('✅ of the owner resolves with his last report, or asks for what is missing', async () => {
    const { root, work } = await claimed();
    await scene.react('U0WEI', DUTY, work.message, 'white_check_mark');
    expect((await scene.ticket()).status).toBe('in_progress');
    expect(scene.platform.whispers.at(-1)?.what.actions?.[0]?.action).toBe('form:resolve');
    await scene.post('U0WEI', DUTY, '连接池参数太小,已调整到 200', { thread: work.thread });
    await scene.react('U0WEI', DUTY, work.message, 'white_check_mark');
    expect(await scene.ticket()).toMatchObject({
      status: 'resolved',
      cause: 'configuration',
      solution: '连接池参数太小,已调整到 200',
    });
    const ask = scene.platform.spoken.findLast(({ ref }) => ref.thread === root);
    await scene.react('U0LIN', PROJECT, ask?.ref.message ?? '', '✅');
    expect((await scene.ticket()).status).toBe('closed');
    await scene.react('U0LIN', PROJECT, ask?.ref.message ?? '', 'repeat');
    expect((await scene.ticket()).status).toBe('in_progress');
  });

  it('⏸ pends for the customer, whose answer resumes; 🔺 goes up a tier; 🚨 raises the severity', async () => {
    const { root, work } = await claimed();
    await scene.react('U0WEI', DUTY, work.message, 'double_vertical_bar');
    expect(await scene.ticket()).toMatchObject({ status: 'pending', reason: 'customer' });
    await scene.post('U0LIN', PROJECT, '日志发邮件了', { thread: root });
    expect((await scene.ticket()).status).toBe('in_progress');
    await scene.react('U0WEI', DUTY, work.message, 'small_red_triangle');
    expect((await scene.ticket()).team).toBe('db-l2');
    const before = (await scene.ticket()).severity;
    await scene.react('U0ZHAO', 'C0DUTY2', scene.workCard('C0DUTY2').message, 'rotating_light');
    const after = (await scene.ticket()).severity;
    expect(before === 'S1' ? scene.whispered('U0ZHAO').length : after < before).toBeTruthy();
  });

  it('🔒 and 📌 mark the message; an emoji without a meaning is nothing', async () => {
    const { work } = await claimed();
    const said = await scene.post('U0WEI', DUTY, '看到慢日志了', { thread: work.thread });
    await scene.react('U0WEI', DUTY, said, 'pushpin');
    await scene.react('U0WEI', DUTY, said, 'lock');
    await scene.react('U0WEI', DUTY, said, 'tada');
    const ticket = await scene.ticket();
    expect(ticket.evidence).toEqual([{ platform: 'slack', chat: DUTY, message: said }]);
    expect(ticket.internal).toHaveLength(1);
    expect(scene.whispered('U0WEI')).toHaveLength(2);
  });
});

describe('words in a thread', () => {
  it('bare words count where engineers work, and only there', async () => {
    const { root, work } = await queued();
    await scene.post('U0WEI', PROJECT, '认领', { thread: root });
    expect((await scene.ticket()).status).toBe('queued');
    await scene.post('U0WEI', DUTY, '认领', { thread: work.thread });
    expect(await scene.ticket()).toMatchObject({ status: 'in_progress', assignee: { id: 'wei' } });
    await scene.post('U0WEI', DUTY, '先别升级', { thread: work.thread });
    expect((await scene.ticket()).team).toBe('db-l1');
    await scene.post('U0WEI', DUTY, '升级', { thread: work.thread });
    expect((await scene.ticket()).team).toBe('db-l2');
  });

  it('what is said to the bot is not carried to the customer; internal notes are not either', async () => {
    const { root, work } = await claimed();
    await scene.post('U0WEI', DUTY, '// 怀疑是交换机', { thread: work.thread });
    await scene.post('U0WEI', DUTY, '等客户', { thread: work.thread, to: 'bot' });
    await scene.post('U0WEI', DUTY, '请发一下今天的慢日志', { thread: work.thread });
    const heard = scene.heard(PROJECT, root).join('\n');
    expect(heard).not.toContain('交换机');
    expect(scene.platform.spoken.filter(({ what }) => plain(what.text ?? []) === '等客户')).toEqual([]);
    expect(heard).toContain('慢日志');
    expect(await scene.ticket()).toMatchObject({ status: 'pending', reason: 'customer' });
  });

  it('hands over by name, and says who may have been meant by a name nobody has', async () => {
    const { work } = await claimed();
    await scene.post('U0WEI', DUTY, '转派 @Zhoa', { thread: work.thread, to: 'bot' });
    expect(scene.whispered('U0WEI').at(-1)).toContain('Zhoa');
    await scene.post('U0WEI', DUTY, '转派给 @U0LI 我要下班了', { thread: work.thread, to: 'bot' });
    expect(await scene.ticket()).toMatchObject({ assignee: { id: 'li' } });
  });

  it('resolves in one line; the requester confirms with a bare word', async () => {
    const { root, work } = await claimed();
    await scene.post('U0WEI', DUTY, '解决 连接池配置过小,已调到 200', { thread: work.thread, to: 'bot' });
    expect(await scene.ticket()).toMatchObject({ status: 'resolved', cause: 'configuration' });
    await scene.post('U0LIN', PROJECT, '确认', { thread: root });
    expect((await scene.ticket()).status).toBe('closed');
  });

  it('asks for the cause where the words speak for none', async () => {
    const { work } = await claimed();
    await scene.post('U0WEI', DUTY, '解决 好了', { thread: work.thread, to: 'bot' });
    expect((await scene.ticket()).status).toBe('in_progress');
    expect(scene.platform.whispers.at(-1)?.what.actions?.[0]).toMatchObject({ action: 'form:resolve', value: '1' });
  });

  it('what it does not understand gets the three likeliest, privately', async () => {
    const { work } = await claimed();
    await scene.post('U0WEI', DUTY, 'escalte', { thread: work.thread, to: 'bot' });
    const last = scene.platform.whispers.at(-1)?.what;
    expect(last?.actions).toHaveLength(3);
    expect(last?.actions?.[0]?.value).toMatch(/^1:(?:升级|escalate)$/);
    await scene.press('U0WEI', DUTY, work.thread, last?.actions?.[0]?.action ?? '', last?.actions?.[0]?.value ?? '');
    expect((await scene.ticket()).team).toBe('db-l2');
  });

  it('shows a card where everybody may see it, and nothing of others to a customer', async () => {
    const { root } = await queued();
    await scene.post('U0LIN', PROJECT, '1', { to: 'bot' });
    expect(scene.heard(PROJECT).at(-1)).toContain('ITR-1');
    await scene.slash('U0STRANGER', 'C0ELSE', 'show 1');
    expect(scene.whispered('U0STRANGER')[0]).toContain('没有 ITR-1');
    expect(scene.heard(PROJECT, root).length).toBeGreaterThan(0);
  });
});

describe('slash commands and buttons', () => {
  it('without a number the bot asks which, naming the open tickets', async () => {
    await claimed();
    await scene.slash('U0WEI', DUTY, 'claim');
    const which = scene.platform.whispers.at(-1)?.what;
    expect(which?.actions?.[0]).toMatchObject({ action: 'say:1', value: '1:claim' });
    await scene.slash('U0WEI', DUTY, 'pend 1 customer');
    expect((await scene.ticket()).status).toBe('pending');
    expect(scene.whispered('U0WEI').at(-1)).toContain('ITR-1');
  });

  it.each([
    ['mine', 'ITR-1'],
    ['duty db-l1', '李丽'],
    ['board', 'http://itr.test/board'],
    ['help', '/itr'],
    ['explain 1', 'gold'],
    ['show 1', 'ITR-1'],
  ])('/itr %s answers privately', async (words, answer) => {
    await claimed();
    await scene.slash('U0WEI', DUTY, words);
    expect(scene.whispered('U0WEI').join('\n')).toContain(answer);
  });

  it('a form is opened at the door; who may not fill it in is told instead', async () => {
    const { work } = await claimed();
    await scene.press('U0LIN', DUTY, work.thread, 'form:resolve', '1');
    expect(scene.platform.forms).toEqual([]);
    expect(scene.whispered('U0LIN')).toHaveLength(1);
    await scene.press('U0WEI', DUTY, work.thread, 'form:resolve', '1');
    const [form] = scene.platform.forms;
    const lacking = await scene.happens({
      type: 'form',
      user: 'U0WEI',
      form: 'resolve',
      context: form?.context ?? '',
      values: { solution: '', cause: 'network', closure: 'solved' },
    });
    expect(lacking.kind === 'form_errors' && Object.keys(lacking.errors)).toEqual(['solution']);
    await scene.happens({
      type: 'form',
      user: 'U0WEI',
      form: 'resolve',
      context: form?.context ?? '',
      values: { solution: '换了交换机', cause: 'network', closure: 'solved' },
    });
    expect(await scene.ticket()).toMatchObject({ status: 'resolved', cause: 'network' });
    await scene.press('U0LIN', PROJECT, (await scene.ticket()).threads[0]?.thread ?? null, 'confirm', '1');
    await scene.press('U0LIN', PROJECT, null, 'rate:5', '1');
    expect(await scene.ticket()).toMatchObject({ status: 'closed', rating: { score: 5 } });
  });

  it('a token that came too late is said', async () => {
    const { work } = await claimed();
    scene.platform.tokens = false;
    await scene.press('U0WEI', DUTY, work.thread, 'form:resolve', '1');
    expect(scene.whispered('U0WEI')[0]).toContain('过期');
  });

  it('a button of another release, or about a ticket that is not there, is answered', async () => {
    await scene.press('U0WEI', DUTY, null, 'teleport', '1');
    await scene.press('U0WEI', DUTY, null, 'claim', '99');
    expect(scene.whispered('U0WEI')).toHaveLength(2);
  });
});

describe('chats', () => {
  it('an unbound chat says how it is bound; the message is kept, and 🎫 works afterwards', async () => {
    const root = await scene.post('U0LIN', 'C0NEW', '核心库连不上了', { to: 'bot' });
    expect(scene.heard('C0NEW', root)[0]).toContain('/itr bind project');
    await scene.slash('U0LIN', 'C0NEW', 'bind project acme-core');
    expect(scene.whispered('U0LIN').at(-1)).toContain('管理员');
    await scene.slash('U0ADMIN', 'C0NEW', 'bind project acme-cor');
    expect(scene.whispered('U0ADMIN').at(-1)).toContain('acme-core');
    await scene.slash('U0ADMIN', 'C0NEW', 'bind project acme-core');
    await scene.react('U0LIN', 'C0NEW', root, 'ticket');
    expect(await scene.ticket()).toMatchObject({ project: 'acme-core', requester: { name: '林' } });
    await scene.slash('U0ADMIN', 'C0NEW', 'unbind');
    expect(scene.heard('C0NEW').at(-1)).toContain('解除');
  });

  it('a binding of the file is the file’s', async () => {
    await scene.slash('U0ADMIN', PROJECT, 'unbind');
    expect(scene.whispered('U0ADMIN')[0]).toContain('配置文件');
  });

  it('what people say elsewhere is nobody’s business: not stored, not answered, nobody looked up', async () => {
    const message = await scene.post('U0LIN', 'C0ELSE', '数据库好慢');
    expect(await scene.storage.store.read.placeOfMessage({ platform: 'slack', chat: 'C0ELSE', message })).toBeNull();
    expect(scene.platform.asked).toEqual([]);
  });

  it('the bot says hello, and keeps the binding when it is thrown out', async () => {
    await scene.happens({ type: 'bot_joined', chat: PROJECT, by: null });
    expect(scene.heard(PROJECT)[0]).toContain('阿克美核心系统');
    await scene.happens({ type: 'bot_left', chat: PROJECT, by: null });
    expect(scene.logged.join()).toContain('no more in this chat');
    await scene.happens({ type: 'bot_joined', chat: 'C0NEW', by: 'U0ADMIN' });
    expect(scene.heard('C0NEW')[0]).toContain('/itr bind project');
  });

  it('no capture in a duty chat', async () => {
    const message = await scene.post('U0WEI', DUTY, '数据库有点慢');
    await scene.react('U0WEI', DUTY, message, 'ticket');
    expect(await scene.storage.store.read.ticket(1)).toBeNull();
    expect(scene.whispered('U0WEI')).toHaveLength(1);
  });
});

describe('what must not break', () => {
  it('a platform that does not answer loses no event', async () => {
    const root = await scene.post('U0LIN', PROJECT, '数据库连接失败');
    scene.platform.down = true;
    const event = { type: 'reaction_added', chat: PROJECT, message: root, user: 'U0NOBODY', emoji: 'ticket' } as const;
    await scene.receive({ id: 'E-down', platform: 'slack', at: scene.clock.now(), ...event });
    const [row] = await scene.storage.queues.inbox.due(scene.clock.now(), 1, new Set());
    if (row === undefined) throw new Error('no row');
    await scene.handle(row);
    expect((await scene.ticket()).requester.name).toBe('林');
  });

  it('the same row handled twice acts once', async () => {
    const root = await scene.post('U0LIN', PROJECT, '数据库连接失败,个别用户');
    const event = { type: 'reaction_added', chat: PROJECT, message: root, user: 'U0LIN', emoji: 'ticket' } as const;
    await scene.receive({ id: 'E-twice', platform: 'slack', at: scene.clock.now(), ...event });
    const [row] = await scene.storage.queues.inbox.due(scene.clock.now(), 1, new Set());
    if (row === undefined) throw new Error('no row');
    await scene.handle(row);
    await scene.handle(row);
    expect(await scene.storage.store.read.ticket(2)).toBeNull();
    expect(scene.platform.whispers).toEqual([]);
  });

  it('another bot is never answered', async () => {
    scene.platform.profiles.set('UBOT', { name: 'alert', email: null, language: null, timezone: null, isBot: true });
    await scene.post('UBOT', PROJECT, '建单 磁盘满', { to: 'bot' });
    expect(scene.platform.spoken).toEqual([]);
    expect(await scene.storage.store.read.ticket(1)).toBeNull();
  });

  it('a profile is asked for once a day, and again when it changed', async () => {
    await scene.post('U0LIN', PROJECT, '早');
    await scene.post('U0LIN', PROJECT, '在吗');
    expect(scene.platform.asked).toEqual(['profile U0LIN']);
    await scene.happens({ type: 'person_changed', user: 'U0LIN' });
    expect(scene.platform.asked).toEqual(['profile U0LIN', 'profile U0LIN']);
  });
});
