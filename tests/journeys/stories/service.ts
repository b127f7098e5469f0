import { afterEach, describe, expect, it } from 'vitest';
import type { Platform, Stage } from '../../support/stage.ts';

/** Contracts, children and call-backs, as people see them in chat. */
export function serviceStory(platform: Platform): void {
  let stage: Stage;

  async function open(...changes: readonly (readonly [string, string])[]): Promise<void> {
    const config = changes.reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`the example has no "${from}"`);
      return text.replace(from, to);
    }, platform.example);
    stage = await platform.open({ config });
  }

  afterEach(async () => {
    expect(await stage.troubles()).toEqual([]);
    await stage.close();
  });

  describe(`another team’s part of a ticket, on ${platform.title}`, () => {
    it('is raised with a word in the work thread; its parent’s card shows how it stands, and says when it is solved', async () => {
      await open();
      const { number, work } = await stage.claimed('数据库故障,还要查存储');
      await stage.calls('wei', work, '子单 数据库二线 查一下存储');
      await stage.until(() => stage.text(work).includes('子单：ITR-2 数据库二线 待认领'));
      const card = await stage.hears('duty2', 'ITR-2', '查一下存储');
      await stage.presses('zhao', card, 'claim');
      expect((await stage.untilStatus('in_progress', 2))['parent']).toBe(`ITR-${number}`);
      await stage.calls('zhao', card, '解决 磁盘满了，已扩容 #capacity');
      await stage.untilStatus('resolved', 2);
      await stage.until(() => stage.found(work, '子单都解决了', 'ITR-2').length === 1);
    });
  });

  describe(`a ticket that no contract covers, on ${platform.title}`, () => {
    it('the manager is asked directly, the requester is told, and the authorization calls the team', async () => {
      await open(['entitlement: open', 'entitlement: enforce'], ['until: "2026-12-31"', 'until: "2026-06-30"']);
      const { number, id, root, work } = await stage.raise('数据库故障,合同过期');
      await stage.hears(root, '已请 陈 确认');
      await stage.hearsDirectly('chen', id);
      expect(stage.found('duty', id, '等你认领')).toEqual([]);
      await stage.reacts('wei', work, 'claim');
      await stage.quiet();
      expect((await stage.ticket(number))['status']).toBe('queued');
      await stage.calls('mei', work, '授权 老客户，先处理');
      await stage.hears(work, '梅', '已授权', '老客户');
      await stage.hears('duty', id, '等你认领');
      await stage.reacts('li', work, 'claim');
      expect((await stage.untilStatus('in_progress', number))['entitlement']).toBe('authorized');
    });
  });

  describe(`a call-back, on ${platform.title}`, () => {
    it('is asked of the lead when the ticket is closed, and a word ends it', async () => {
      await open(['close: { ', 'close: { callback: { sample: 100% }, ']);
      const { number, work } = await stage.claimed('数据库故障,要回访');
      await stage.calls('wei', work, '解决 已调大连接池 #configuration');
      await stage.untilStatus('resolved', number);
      await stage.app.api(`/api/v1/tickets/ITR-${number}/commands`, {
        method: 'POST',
        body: { type: 'close', as: 'mei' },
      });
      const tasks = async () => (await stage.ticket(number))['tasks'] as readonly { readonly doneBy: string | null }[];
      await stage.until(async () => (await tasks()).length === 1);
      await stage.calls('mei', work, '回访 客户很满意');
      await stage.until(async () => (await tasks())[0]?.doneBy === 'mei');
    });
  });
}
