/** Contracts, children and call-backs, as Slack sees them. */
import { afterEach, describe, expect, it } from 'vitest';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, raise } from '../support/slack-ticket.ts';
import { EXAMPLE } from '../support/world.ts';

let scene: SlackScene;
afterEach(() => scene.close());

const open = async (...changes: readonly (readonly [string, string])[]): Promise<SlackScene> => {
  const config = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no "${from}"`);
    return text.replace(from, to);
  }, EXAMPLE);
  scene = await SlackScene.open({ config });
  return scene;
};

describe('another team’s part of a ticket', () => {
  it('is raised with a word in the work thread; its parent’s card shows how it stands, and says when it is solved', async () => {
    const { slack } = await open();
    const { number, work } = await claimed(scene, '数据库故障,还要查存储');
    await slack.mention('U0WEI', 'C0DUTY', '子单 数据库二线 查一下存储', { thread_ts: work });
    await scene.until(() => scene.text('C0DUTY', work).includes('子单：ITR-2 数据库二线 待认领'));
    const card = await scene.hears('C0DUTY2', ['ITR-2', '查一下存储']);
    await slack.click('U0ZHAO', 'C0DUTY2', card.ts, 'claim');
    expect((await scene.untilStatus('in_progress', 2))['parent']).toBe(`ITR-${number}`);
    await slack.mention('U0ZHAO', 'C0DUTY2', '解决 磁盘满了，已扩容 #capacity', { thread_ts: card.ts });
    await scene.untilStatus('resolved', 2);
    await scene.hears('C0DUTY', ['子单都解决了', 'ITR-2'], work);
  });
});

describe('a ticket that no contract covers', () => {
  it('the manager is asked directly, the requester is told, and the authorization calls the team', async () => {
    const { slack } = await open(
      ['entitlement: open', 'entitlement: enforce'],
      ['until: "2026-12-31"', 'until: "2026-06-30"'],
    );
    const { number, ts, work } = await raise(scene, '数据库故障,合同过期');
    await scene.hears('C0ACME', ['已请 陈 确认'], ts);
    expect(scene.text('C0DUTY', work)).not.toContain('等你认领');
    await slack.react('U0WEI', 'C0DUTY', work, 'eyes');
    await scene.quiet();
    expect((await scene.ticket(number))['status']).toBe('queued');
    await slack.mention('U0MEI', 'C0DUTY', '授权 老客户，先处理', { thread_ts: work });
    await scene.hears('C0DUTY', ['梅', '已授权', '老客户'], work);
    await slack.react('U0LI', 'C0DUTY', work, 'raising_hand');
    expect((await scene.untilStatus('in_progress', number))['entitlement']).toBe('authorized');
  });
});

describe('a call-back', () => {
  it('is asked of the lead when the ticket is closed, and a word ends it', async () => {
    const { slack } = await open(['close: { ', 'close: { callback: { sample: 100% }, ']);
    const { number, work } = await claimed(scene, '数据库故障,要回访');
    await slack.mention('U0WEI', 'C0DUTY', '解决 已调大连接池 #configuration', { thread_ts: work });
    await scene.untilStatus('resolved', number);
    await scene.app.api(`/api/v1/tickets/ITR-${number}/commands`, {
      method: 'POST',
      body: { type: 'close', as: 'mei' },
    });
    await scene.until(async () => ((await scene.ticket(number))['tasks'] as unknown[]).length === 1);
    await slack.mention('U0MEI', 'C0DUTY', '回访 客户很满意', { thread_ts: work });
    await scene.until(async () => {
      const [task] = (await scene.ticket(number))['tasks'] as { readonly doneBy: string | null }[];
      return task?.doneBy === 'mei';
    });
  });
});
