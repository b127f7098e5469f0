import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { DUTY } from '../support/feishu-scene.ts';
import type { FeishuMode } from '../support/feishu-scene.ts';
import { FEISHU, FeishuStage } from '../support/feishu-stage.ts';
import { lastToast } from '../support/feishu-steps.ts';
import { claimStory } from './stories/claim.ts';

const MODES: readonly { readonly mode: FeishuMode }[] = [{ mode: 'webhook' }, { mode: 'ws' }];

for (const { mode } of MODES)
  claimStory({ ...FEISHU, title: `Feishu (${mode})`, open: (options) => FeishuStage.open({ ...options, mode }) });
afterAll(stopPostgres);

describe.each(MODES)('a ticket has one owner, on Feishu alone ($mode)', ({ mode }) => {
  let stage: FeishuStage;
  beforeAll(async () => {
    stage = await FeishuStage.open({ mode });
  });
  afterEach(async () => {
    expect(await stage.troubles()).toEqual([]);
  });
  afterAll(() => stage.close());

  it.each(['OnIt', 'Get', 'MeMeMe'])('by %s on the card, which names it', async (emoji) => {
    const { number, work, card } = await stage.raise(`数据库故障,用${emoji}认领`);
    expect(stage.text(work)).toContain('或者用 :OnIt: 认领');
    await stage.scene.feishu.reacts('li', work.id, emoji);
    expect((await stage.untilStatus('in_progress', number))['assignee']).toBe('li');
    await stage.until(() => stage.text(card).includes('李丽'));
  });

  it('by 认领 in a reply that only quotes the card', async () => {
    const { number, work } = await stage.raise('数据库故障,引用认领');
    await stage.scene.feishu.says('wei', DUTY, '@bot 认领', { replyTo: work.id });
    expect((await stage.untilStatus('in_progress', number))['assignee']).toBe('wei');
  });

  it('also when Feishu tells of putting on and taking off in the wrong order', async () => {
    const { feishu } = stage.scene;
    const { number, work } = await stage.raise('数据库故障,乱序');
    await stage.quiet();
    feishu.holdEvents();
    void stage.reacts('wei', work, 'claim');
    stage.clock.advance(2_000);
    void stage.unreacts('wei', work, 'claim');
    await feishu.releaseEvents('reversed');
    await stage.quiet();
    const ticket = await stage.ticket(number);
    expect([ticket['status'], ticket['assignee']]).toEqual(['queued', null]);
  });

  it('of two who press at once the second is told over the card, and so is a customer', async () => {
    const { number, work } = await stage.raise('数据库故障,同时按');
    await Promise.all([stage.presses('wei', work, 'claim'), stage.presses('li', work, 'claim')]);
    const { assignee } = await stage.untilStatus('in_progress', number);
    const second = assignee === 'wei' ? 'li' : 'wei';
    expect(lastToast(stage.scene, second)).toMatch(/(魏伟|李丽)刚刚认领了 ITR-\d+|已私聊回复你/);
    expect((await stage.timeline(number)).filter(({ type }) => type === 'claimed')).toHaveLength(1);
    const other = await stage.raise('数据库故障,客户按');
    expect(await stage.isTold('lin', other.work, 'claim')).toContain(other.id);
  });
});
