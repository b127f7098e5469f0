/** Contracts, children and call-backs, as Feishu sees them. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { DUTY, DUTY2, FEISHU_EXAMPLE, FeishuScene } from '../support/feishu-scene.ts';
import { answers, claimed, raise, times, untroubled } from '../support/feishu-ticket.ts';

let scene: FeishuScene;
afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
  await scene.close();
});
afterAll(stopPostgres);

const open = async (...changes: readonly (readonly [string, string])[]): Promise<FeishuScene> => {
  const config = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no "${from}"`);
    return text.replace(from, to);
  }, FEISHU_EXAMPLE);
  scene = await FeishuScene.open({ config });
  return scene;
};

describe('another team’s part of a ticket, on Feishu', () => {
  it('is raised with a word in the work topic; its parent’s card shows how it stands, and says when it is solved', async () => {
    const { feishu } = await open();
    const { number, work } = await claimed(scene, '数据库故障,还要查存储');
    await answers(scene, 'wei', work, '@bot 子单 数据库二线 查一下存储');
    await scene.until(() => /子单：.*ITR-2.* 数据库二线 待认领/.test(scene.text(work)));
    const card = await scene.hears(DUTY2, ['ITR-2', '查一下存储']);
    await feishu.presses('zhao', card.id, { a: 'claim' });
    expect((await scene.untilStatus('in_progress', 2))['parent']).toBe(`ITR-${number}`);
    await answers(scene, 'zhao', card.id, '@bot 解决 磁盘满了，已扩容 #capacity');
    await scene.untilStatus('resolved', 2);
    await scene.until(() => times(scene, work, '子单都解决了', 'ITR-2') === 1);
  });
});

describe('a ticket that no contract covers, on Feishu', () => {
  it('the manager is asked directly, the requester is told, and the authorization calls the team', async () => {
    const { feishu } = await open(
      ['entitlement: open', 'entitlement: enforce'],
      ['until: "2026-12-31"', 'until: "2026-06-30"'],
    );
    const { number, id, root, work } = await raise(scene, '数据库故障,合同过期');
    await scene.until(() => times(scene, root, '已请 陈 确认') === 1);
    await scene.tells('chen', [id]);
    expect(scene.said(DUTY, [id, '等你认领'])).toBeUndefined();
    await feishu.reacts('wei', work, 'OnIt');
    await scene.quiet();
    expect((await scene.ticket(number))['status']).toBe('queued');
    await answers(scene, 'mei', work, '@bot 授权 老客户，先处理');
    await scene.until(() => times(scene, work, '梅', '已授权', '老客户') === 1);
    await scene.hears(DUTY, [id, '等你认领']);
    await feishu.reacts('li', work, 'OnIt');
    expect((await scene.untilStatus('in_progress', number))['entitlement']).toBe('authorized');
  });
});

describe('a call-back, on Feishu', () => {
  it('is asked of the lead when the ticket is closed, and a word ends it', async () => {
    await open(['close: { ', 'close: { callback: { sample: 100% }, ']);
    const { number, work } = await claimed(scene, '数据库故障,要回访');
    await answers(scene, 'wei', work, '@bot 解决 已调大连接池 #configuration');
    await scene.untilStatus('resolved', number);
    await scene.app.api(`/api/v1/tickets/ITR-${number}/commands`, {
      method: 'POST',
      body: { type: 'close', as: 'mei' },
    });
    await scene.until(async () => ((await scene.ticket(number))['tasks'] as unknown[]).length === 1);
    await answers(scene, 'mei', work, '@bot 回访 客户很满意');
    await scene.until(async () => {
      const [task] = (await scene.ticket(number))['tasks'] as { readonly doneBy: string | null }[];
      return task?.doneBy === 'mei';
    });
  });
});
