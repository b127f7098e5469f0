import { afterEach, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed, happened, resolved, timeline, times } from '../support/slack-ticket.ts';

const DAY = 24 * 3_600_000;
let scene: SlackScene;

afterEach(async () => {
  await scene.close();
});

describe('closing', () => {
  it('without an answer: a reminder after one business day, closed after three, each said in the thread', async () => {
    scene = await SlackScene.open();
    const { slack, clock } = scene;
    // Thursday morning; the service calendar is closed at the weekend.
    const { number, ts, id } = await resolved(scene, '数据库故障,没人答复');
    clock.advance(DAY);
    const reminder = await scene.hears('C0ACME', [`${id} 还在等确认`], ts);
    expect(reminder.text).toContain('<@U0LIN>');
    expect(visibleText(reminder)).toContain('11-24');
    clock.advance(3 * DAY);
    await scene.quiet();
    expect((await scene.ticket(number))['status']).toBe('resolved');
    expect(times(scene, 'C0ACME', ts, `${id} 还在等确认`)).toBe(1);
    clock.advance(DAY);
    await scene.untilStatus('closed', number);
    const closed = await scene.hears('C0ACME', [`一直没有收到确认，${id} 已自动关闭`], ts);
    expect(JSON.stringify(closed.blocks)).toContain('rate:5');
    await slack.react('U0LIN', 'C0ACME', closed.ts, 'repeat');
    await scene.untilStatus('in_progress', number);
  });

  it('confirmed by button, rated by one tap and with a comment by form; reopened from the card', async () => {
    scene = await SlackScene.open();
    const { slack } = scene;
    const { number, ask, ts, card, work } = await resolved(scene, '数据库故障,评价');
    await slack.click('U0LIN', 'C0ACME', ask, 'confirm');
    await scene.untilStatus('closed', number);
    const rating = await scene.until(() =>
      slack
        .messages('C0ACME', { thread_ts: ts, from: 'bot' })
        .find((one) => JSON.stringify(one.blocks ?? []).includes('rate:4')),
    );
    await slack.click('U0LIN', 'C0ACME', rating.ts, 'rate:4');
    await scene.until(async () => (await happened(scene, number)).includes('rated'));
    await slack.click('U0LIN', 'C0ACME', rating.ts, 'form:rate');
    await scene.until(() => slack.openView('U0LIN'));
    await slack.submitView('U0LIN', { score: '5', comment: '响应很快' });
    await scene.until(async () => {
      const last = (await timeline(scene, number)).findLast((one) => one['type'] === 'rated');
      return last?.['score'] === 5 && last['text'] === '响应很快';
    });
    // Nobody but the requester's side rates or confirms.
    await scene.until(() => JSON.stringify(slack.message('C0ACME', card)?.blocks).includes('"reopen"'));
    await slack.click('U0LIN', 'C0ACME', card, 'reopen');
    await scene.untilStatus('in_progress', number);
    await scene.hears('C0DUTY', ['重新打开'], work);
  });

  it('the bare word of the requester confirms; “重新打开” with a reason reopens', async () => {
    scene = await SlackScene.open();
    const { slack } = scene;
    const first = await resolved(scene, '数据库故障,说确认');
    await slack.post('U0LIN', 'C0ACME', '确认', { thread_ts: first.ts });
    await scene.untilStatus('closed', first.number);
    const second = await resolved(scene, '数据库故障,说没好');
    await slack.mention('U0LIN', 'C0ACME', '重新打开 下午又断了', { thread_ts: second.ts });
    await scene.untilStatus('in_progress', second.number);
    await scene.hears('C0DUTY', ['重新打开了', '下午又断了'], second.work);
  });

  it('resolving asks for the cause where the words do not say it', async () => {
    scene = await SlackScene.open();
    const { slack } = scene;
    const { number, work } = await claimed(scene, '数据库故障,缺原因');
    const before = slack.ephemerals('U0WEI').length;
    await slack.mention('U0WEI', 'C0DUTY', '解决 现在好了', { thread_ts: work });
    const asked = await scene.until(() => slack.ephemerals('U0WEI')[before]);
    expect(visibleText(asked)).toContain('还要填几项');
    await slack.click('U0WEI', 'C0DUTY', asked.ts, 'form:resolve');
    await scene.until(() => slack.openView('U0WEI'));
    await slack.submitView('U0WEI', { solution: '现在好了', cause: 'unknown' });
    await scene.untilStatus('resolved', number);
  });
});
