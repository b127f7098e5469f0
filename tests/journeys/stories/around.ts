import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Chat, Person, Platform, Stage } from '../../support/stage.ts';

export const CONSOLE = 'https://itr.example.com';
const CHATS = ['acme', 'duty', 'duty2', 'boss', 'loose'] as const;

export function aroundStory(platform: Platform): void {
  describe(`around the tickets, on ${platform.title}`, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await platform.open({ env: { PUBLIC_URL: CONSOLE } });
    });
    afterEach(async () => {
      expect(await stage.troubles()).toEqual([]);
    });
    afterAll(() => stage.close());

    it('questions in either language are answered to whoever asks, and nobody else', async () => {
      const { number, id } = await stage.claimed('数据库故障,查询');
      await stage.quiet();
      const said = (): number[] => CHATS.map((chat) => stage.saidIn(chat).length);
      const before = said();
      for (const show of ['show', '查看']) {
        expect(await stage.asks('wei', 'duty', `${show} ${number}`)).toContain('数据库故障,查询');
        expect(await stage.asks('wei', 'duty', `${show} 4711`)).toContain('没有 ITR-4711');
      }
      for (const mine of ['mine', '我的']) {
        expect(await stage.asks('wei', 'duty', mine)).toContain(id);
        expect(await stage.asks('lin', 'acme', mine)).toContain(id);
      }
      for (const duty of ['duty', '值班']) {
        expect(await stage.asks('wei', 'duty', duty)).toMatch(/数据库一线.*魏伟/s);
        expect(await stage.asks('lin', 'acme', `${duty} 数据库二线`)).toContain('数据库二线');
      }
      for (const board of ['board', '看板'])
        expect(await stage.asks('wei', 'duty', board)).toContain(`${CONSOLE}/board`);
      for (const why of ['explain', '为什么'])
        expect(await stage.asks('wei', 'duty', `${why} ${number}`)).toContain('合同');
      for (const help of ['help', '帮助']) expect(await stage.asks('wei', 'duty', help)).toContain('认领');
      expect(await stage.asks('lin', 'acme', '你好啊机器人')).toContain('没看懂');
      await stage.quiet();
      expect(said()).toEqual(before);
    });

    it('the bot called with a number shows the card in the thread, its title linked to the console', async () => {
      const { number, id } = await stage.raise('数据库故障,卡片');
      const asked = await stage.calls('wei', 'duty', String(number));
      const card = await stage.hears(asked, id, '数据库故障,卡片');
      expect(stage.source(card)).toContain(`${CONSOLE}/tickets/${id}`);
    });

    it('a direct message is understood like a command, changes the ticket it names, and is never captured', async () => {
      const { number, id } = await stage.claimed('数据库故障,私聊');
      expect(await stage.asksDirectly('wei', '我的')).toContain(id);
      expect(await stage.asksDirectly('wei', `${number}`)).toContain('数据库故障,私聊');
      expect(await stage.asksDirectly('wei', '帮助')).toContain('认领');
      expect(await stage.asksDirectly('lin', '建单 数据库坏了')).toMatch(/项目群|群里/);
      expect(await stage.asksDirectly('lin', '你好啊机器人')).toContain('没看懂');
      expect(await stage.asksDirectly('wei', `等客户 ${id}`)).toContain('挂起');
      await stage.untilStatus('pending', number);
    });

    it('binding in either language: project, team, every thread, and back; only by those who may, and not against the file', async () => {
      stage.addsChat('new', ['admin', 'lin', 'wei']);
      const told = async (who: Person, chat: Chat, words: string): Promise<string> =>
        stage.text(await stage.whisperAfter(who, () => stage.orders(who, chat, words)));
      for (const [bind, project] of [
        ['bind', 'project'],
        ['绑定', '项目'],
      ] as const) {
        expect(await told('lin', 'new', `${bind} ${project} acme-core`)).toContain('要管理员来做');
        expect(await told('admin', 'new', `${bind} ${project} acme-cor`)).toContain('acme-core');
        expect(await told('admin', 'new', bind)).toContain('用法');
        expect(await told('admin', 'acme', `${bind} ${project} acme-core`)).toContain('配置文件');
      }
      await stage.orders('admin', 'new', 'bind project acme-core every_thread');
      await stage.hears('new', '已绑定到', '阿克美核心系统');
      const thread = await stage.says('lin', 'new', '数据库死锁');
      await stage.hears(thread, 'ITR-');
      await stage.orders('admin', 'new', 'unbind');
      await stage.hears('new', '已解除绑定');
      await stage.orders('admin', 'new', 'bind team db-rd');
      await stage.hears('new', '已绑定到 数据库研发');
      const { id, work } = await stage.claimed('数据库故障,给研发');
      await stage.calls('wei', work, '升级 数据库研发');
      await stage.hears('new', `${id} `);
      await stage.orders('admin', 'new', '解绑');
      await stage.until(() => stage.found('new', '已解除绑定').length === 2);
    });

    it('the morning digest goes to each duty chat once, however often it is started', async () => {
      const words = '今天的值班和工单';
      await stage.app.postDigests();
      await stage.app.postDigests();
      const first = await stage.hears('duty', words);
      await stage.hears('duty2', words);
      await stage.quiet();
      for (const chat of ['duty', 'duty2'] as const) expect(stage.found(chat, words)).toHaveLength(1);
      expect(stage.text(first)).toContain(`值班 ${stage.bold('魏伟')}`);
      stage.clock.advance(24 * 3_600_000);
      await stage.app.postDigests();
      await stage.until(() => stage.found('duty', words).length === 2);
    });
  });
}
