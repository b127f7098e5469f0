import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { FeishuScene } from '../support/feishu-scene.ts';
import { buttonsOn, lastToast, opens, resolved, rungBy, toldAfter, whispers } from '../support/feishu-steps.ts';
import { answers, claimed, events, happened, inTopic, times, untroubled } from '../support/feishu-ticket.ts';

const DAY = 24 * 3_600_000;
let scene: FeishuScene;

afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
  await scene.close();
});
afterAll(stopPostgres);

describe('closing on Feishu', () => {
  it('without an answer: a reminder after one business day, closed after three; CrossMark on it reopens', async () => {
    scene = await FeishuScene.open();
    const { feishu, clock } = scene;
    const { number, root, id } = await resolved(scene, '数据库故障,没人答复');
    clock.advance(DAY);
    const reminder = await scene.until(() =>
      inTopic(scene, root).find((one) => scene.text(one.id).includes(`${id} 还在等确认`)),
    );
    expect(rungBy(scene, reminder.id)).toEqual(['ou_lin']);
    clock.advance(3 * DAY);
    await scene.quiet();
    expect((await scene.ticket(number))['status']).toBe('resolved');
    expect(times(scene, root, `${id} 还在等确认`)).toBe(1);
    clock.advance(DAY);
    await scene.untilStatus('closed', number);
    const closed = await scene.until(() =>
      inTopic(scene, root).find((one) => scene.text(one.id).includes(`${id} 已自动关闭`)),
    );
    expect(buttonsOn(scene, closed.id)).toContain('rate:5');
    await feishu.reacts('lin', closed.id, 'CrossMark');
    await scene.untilStatus('in_progress', number);
  });

  it('confirmed by DONE on the solution, rated by one tap and with a comment by form; reopened from the card', async () => {
    scene = await FeishuScene.open({ mode: 'ws' });
    const { feishu } = scene;
    const { number, ask, root, card, work } = await resolved(scene, '数据库故障,评价');
    await feishu.reacts('lin', ask, 'DONE');
    await scene.untilStatus('closed', number);
    const rating = await scene.until(() => inTopic(scene, root).find((one) => one.content.includes('rate:4')));
    await feishu.presses('lin', rating.id, { a: 'rate:4' });
    expect(lastToast(scene, 'lin')).toContain('收到 4 分');
    await scene.until(async () => (await happened(scene, number)).includes('rated'));
    const form = await opens(scene, 'lin', rating.id, 'form:rate');
    await feishu.submits('lin', form, { score: '5', comment: '响应很快' });
    await scene.until(async () => {
      const last = (await events(scene, number)).findLast((one) => one['type'] === 'rated');
      return last?.['score'] === 5 && last['text'] === '响应很快';
    });
    await scene.until(() => buttonsOn(scene, card).includes('reopen'));
    await feishu.presses('lin', card, { a: 'reopen' });
    await scene.untilStatus('in_progress', number);
    await scene.until(() => times(scene, work, '重新打开') > 0);
  });

  it('by the button; nobody but the requester’s side confirms', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { number, ask } = await resolved(scene, '数据库故障,按钮确认');
    await feishu.presses('li', ask, { a: 'confirm' });
    await scene.until(() => lastToast(scene, 'li') !== '');
    expect(lastToast(scene, 'li')).toContain('由提出人 林 一方来做');
    expect((await scene.ticket(number))['status']).toBe('resolved');
    await feishu.presses('zhou', ask, { a: 'confirm' });
    await scene.untilStatus('closed', number);
  });

  it('the bare word of the requester confirms; “重新打开” with a reason reopens', async () => {
    scene = await FeishuScene.open();
    const first = await resolved(scene, '数据库故障,说确认');
    await answers(scene, 'lin', first.root, '确认');
    await scene.untilStatus('closed', first.number);
    const second = await resolved(scene, '数据库故障,说没好');
    await answers(scene, 'lin', second.root, '@bot 重新打开 下午又断了');
    await scene.untilStatus('in_progress', second.number);
    await scene.until(() => times(scene, second.work, '重新打开了', '下午又断了') > 0);
  });

  it('resolving asks for the cause where the words do not say it', async () => {
    scene = await FeishuScene.open();
    const { feishu } = scene;
    const { number, work } = await claimed(scene, '数据库故障,缺原因');
    const told = await toldAfter(scene, 'wei', () => answers(scene, 'wei', work, '@bot 解决 现在好了'));
    expect(told).toContain('还要填几项');
    const asked = whispers(scene, 'wei').at(-1)?.id ?? '';
    const form = await opens(scene, 'wei', asked, 'form:resolve');
    await feishu.submits('wei', form, { solution: '现在好了', cause: 'unknown' });
    await scene.untilStatus('resolved', number);
  });
});
