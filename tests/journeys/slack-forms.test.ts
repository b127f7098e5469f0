import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { buttonsOn, claimed, nextWhisper, raise, ticketOf, timeline, whispers } from '../support/slack-ticket.ts';

let scene: SlackScene;

beforeAll(async () => {
  scene = await SlackScene.open();
});

afterAll(async () => {
  await scene.close();
});

async function open(user: string, channel: string, ts: string, action: string): Promise<string> {
  await scene.until(() => buttonsOn(scene, channel, ts).includes(`"${action}"`));
  await scene.slack.click(user, channel, ts, action);
  const view = await scene.until(() => scene.slack.openView(user));
  return `${JSON.stringify(view.title)} ${visibleText(view)}`;
}

const event = async (number: number, type: string): Promise<Record<string, unknown> | undefined> =>
  (await timeline(scene, number)).findLast((one) => one['type'] === type);

describe('forms', () => {
  it('the intake form shows what is known, takes what is missing, and registers', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0LIN', 'C0ACME', '数据库连不上,版本3.2.1');
    await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
    const { card, number } = await ticketOf(scene, 'C0ACME', ts);
    await open('U0LIN', 'C0ACME', card, 'form:intake');
    expect(JSON.stringify(slack.openView('U0LIN')?.blocks)).toContain('"initial_value":"3.2.1"');
    const empty = await slack.submitView('U0LIN', { impact: '   ' });
    expect(empty.errors).toEqual({ impact: '这一项要填' });
    await slack.submitView('U0LIN', { impact: '部分用户', environment: 'production', since: '今天 9:10' });
    expect((await scene.untilStatus('queued', number))['environment']).toBe('production');
    await scene.until(() => scene.text('C0ACME', card).includes('环境 生产'));
  });

  it('resolve: solution, cause and closure', async () => {
    const { slack } = scene;
    const { number, work, card } = await claimed(scene, '数据库故障,填方案');
    expect(await open('U0WEI', 'C0DUTY', work, 'form:resolve')).toContain('解决');
    await slack.submitView('U0WEI', { solution: '扩容到 200', cause: 'capacity', closure: 'workaround' });
    await scene.untilStatus('resolved', number);
    expect(await event(number, 'resolved')).toMatchObject({
      solution: '扩容到 200',
      cause: 'capacity',
      closure: 'workaround',
    });
    await scene.until(() => scene.text('C0ACME', card).includes('方案：扩容到 200'));
  });

  it('pend: a reason, until when; a time that cannot be read or is over is said at the field', async () => {
    const { slack } = scene;
    const { number, work } = await claimed(scene, '数据库故障,等供应商');
    await open('U0WEI', 'C0DUTY', work, 'form:pend');
    const unread = await slack.submitView('U0WEI', { reason: 'vendor', until: '某个时候' });
    expect(unread.errors['until']).toContain('看不懂这个时间');
    await slack.submitView('U0WEI', { reason: 'vendor', until: '2h', note: '等供应商的补丁' });
    await scene.untilStatus('pending', number);
    expect(await event(number, 'pended')).toMatchObject({ reason: 'vendor', note: '等供应商的补丁' });
    await scene.until(() => scene.text('C0DUTY', work).includes('自动继续'));
    scene.clock.advance(2 * 3_600_000);
    await scene.untilStatus('in_progress', number);
  });

  it('transfer: to a name; one nobody has is answered with those who are near', async () => {
    const { slack } = scene;
    const { number, work } = await claimed(scene, '数据库故障,转给别人');
    const { offerings } = await offered(work);
    expect(offerings).toContain('form:transfer');
    await open('U0WEI', 'C0DUTY', work, 'form:transfer');
    const wrong = await slack.submitView('U0WEI', { to: '李里' });
    expect(wrong.errors['to']).toMatch(/没有叫“李里”的人或团队/);
    await slack.submitView('U0WEI', { to: '李丽', note: '熟悉这块' });
    await scene.until(async () => (await scene.ticket(number))['assignee'] === 'li');
    const brief = await scene.hears('C0DUTY', ['接手', '交接说明：熟悉这块'], work);
    expect(brief.text).toContain('<@U0LI>');
  });

  it('return: the new owner gives it back and says why; or accepts it', async () => {
    const { slack } = scene;
    const { number, work } = await claimed(scene, '数据库故障,退回');
    await slack.mention('U0WEI', 'C0DUTY', '转派 李丽', { thread_ts: work });
    const brief = await scene.hears('C0DUTY', ['接手'], work);
    await open('U0LI', 'C0DUTY', brief.ts, 'form:return');
    const empty = await slack.submitView('U0LI', { note: ' ' });
    expect(Object.keys(empty.errors)).toEqual(['note']);
    await slack.submitView('U0LI', { note: '我今天休假' });
    await scene.until(async () => (await scene.ticket(number))['assignee'] === 'wei');
    const told = await scene.hears('C0DUTY', ['退回了', '我今天休假'], work);
    expect(told.text).toContain('<@U0WEI>');

    await slack.mention('U0WEI', 'C0DUTY', '转派 李丽', { thread_ts: work });
    await scene.until(() => buttonsOn(scene, 'C0DUTY', work).includes('accept_handover'));
    await slack.click('U0LI', 'C0DUTY', work, 'accept_handover');
    await scene.until(async () => (await event(number, 'handed_over'))?.['outcome'] === 'accepted');
    await scene.until(() => buttonsOn(scene, 'C0DUTY', work).includes('form:transfer'));
  });

  it('severity, progress and reject, from a slash command that lacks what they need', async () => {
    const { slack } = scene;
    const { number, work, ts } = await claimed(scene, '数据库故障,改级别');
    await slack.slash('U0WEI', 'C0DUTY', '/itr', `severity ${number}`);
    await scene.until(() => slack.openView('U0WEI'));
    await slack.submitView('U0WEI', { severity: 'S1', note: '全部订单失败' });
    await scene.until(async () => (await scene.ticket(number))['severity'] === 'S1');
    await scene.hears('C0DUTY', ['调为 S1', '全部订单失败'], work);
    await scene.until(() => buttonsOn(scene, 'C0DUTY', work).includes('form:progress'));
    await open('U0WEI', 'C0DUTY', work, 'form:progress');
    await slack.submitView('U0WEI', { text: '正在切换备库' });
    await scene.hears('C0ACME', ['正在切换备库'], ts);

    const other = await raise(scene, '数据库故障,重复的');
    await slack.slash('U0MEI', 'C0DUTY', '/itr', `reject ${other.number}`);
    await scene.until(() => slack.openView('U0MEI'));
    const wrong = await slack.submitView('U0MEI', { reason: 'duplicate' });
    expect(Object.keys(wrong.errors)).toEqual(['of']);
    await slack.submitView('U0MEI', { reason: 'duplicate', of: `ITR-${number}` });
    await scene.untilStatus('rejected', other.number);
    await scene.hears('C0ACME', ['没有受理', `ITR-${number}`], other.ts);
  });

  it('a form that is not his to fill in is refused before he types anything', async () => {
    const { slack } = scene;
    const { work, id } = await claimed(scene, '数据库故障,不是他的');
    await scene.until(() => buttonsOn(scene, 'C0DUTY', work).includes('form:resolve'));
    const before = whispers(scene, 'U0LI').length;
    await slack.click('U0LI', 'C0DUTY', work, 'form:resolve');
    expect(await nextWhisper(scene, 'U0LI', before)).toContain(id);
    expect(slack.openView('U0LI')).toBeUndefined();
  });

  it('a trigger that has expired: he is told to press again, and nothing is lost', async () => {
    const { slack } = scene;
    const { work, number } = await claimed(scene, '数据库故障,过期');
    await scene.until(() => buttonsOn(scene, 'C0DUTY', work).includes('form:resolve'));
    slack.fault({ method: 'views.open', kind: 'error', error: 'expired_trigger_id' });
    const before = whispers(scene, 'U0WEI').length;
    await slack.click('U0WEI', 'C0DUTY', work, 'form:resolve');
    expect(await nextWhisper(scene, 'U0WEI', before)).toContain('再点一次');
    await open('U0WEI', 'C0DUTY', work, 'form:resolve');
    await slack.submitView('U0WEI', { solution: '重启了', cause: 'unknown' });
    await scene.untilStatus('resolved', number);
  });

  async function offered(work: string): Promise<{ offerings: string }> {
    await scene.until(() => buttonsOn(scene, 'C0DUTY', work).includes('form:transfer'));
    return { offerings: buttonsOn(scene, 'C0DUTY', work) };
  }
});
