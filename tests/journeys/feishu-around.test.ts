import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { FEISHU, FeishuStage } from '../support/feishu-stage.ts';
import { aroundStory, CONSOLE } from './stories/around.ts';

aroundStory(FEISHU);
afterAll(stopPostgres);

describe('around the tickets, on Feishu alone', () => {
  let stage: FeishuStage;
  beforeAll(async () => {
    stage = await FeishuStage.open({ env: { PUBLIC_URL: CONSOLE } });
  });
  afterAll(() => stage.close());

  it('mine in the menu: what I work on and what I raised, each linked to the console', async () => {
    const { feishu } = stage.scene;
    const owned = await stage.claimed('数据库故障,菜单一');
    const waiting = await stage.raise('数据库故障,菜单二');
    const mine = await stage.whisperAfter('wei', () => feishu.opensMenu('wei', 'mine'));
    expect(stage.text(mine)).toContain(`${CONSOLE}/tickets/${owned.id}`);
    const raised = await stage.whisperAfter('lin', () => feishu.opensMenu('lin', 'mine'));
    for (const { id } of [owned, waiting]) expect(stage.text(raised)).toContain(id);
    expect(await stage.troubles()).toEqual([]);
  });
});
