import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { stopPostgres } from '../support/app.ts';
import { SLACK, SlackStage } from '../support/slack-stage.ts';
import { aroundStory, CONSOLE } from './stories/around.ts';

aroundStory(SLACK);
afterAll(stopPostgres);

describe('around the tickets, on Slack alone', () => {
  let stage: SlackStage;
  beforeAll(async () => {
    stage = await SlackStage.open({ env: { PUBLIC_URL: CONSOLE } });
  });
  afterAll(() => stage.close());

  it('a slash command posts nothing anywhere; its help says how slash commands are written', async () => {
    const { slack } = stage.scene;
    const { number } = await stage.claimed('数据库故障,命令');
    await stage.quiet();
    const posts = slack.calls('chat.postMessage').length;
    expect(await stage.asks('wei', 'duty', 'help')).toContain('/itr show 128');
    expect(await stage.asks('wei', 'duty', '')).toContain('建单');
    for (const words of [`show ${number}`, 'mine', 'duty', 'board', `explain ${number}`, 'show 4711'])
      expect(await stage.asks('wei', 'duty', words)).not.toBe('');
    expect(slack.calls('chat.postMessage')).toHaveLength(posts);
  });

  it('the home page: what I work on, what my team has waiting, what I raised', async () => {
    const { slack } = stage.scene;
    const owned = await stage.claimed('数据库故障,主页一');
    const waiting = await stage.raise('数据库故障,主页二');
    await slack.openHome('U0WEI');
    const home = await stage.until(() => {
      const view = slack.home('U0WEI');
      return view && visibleText(view).includes(waiting.id) ? view : null;
    });
    const read = visibleText(home);
    expect(read.indexOf(owned.id)).toBeGreaterThan(read.indexOf('我处理的工单'));
    expect(read.indexOf(waiting.id)).toBeGreaterThan(read.indexOf('数据库一线 · 待认领'));
    expect(JSON.stringify(home)).toContain(`${CONSOLE}/tickets/${owned.id}`);
    await slack.clickHome('U0WEI', 'claim', { value: String(waiting.number) });
    await stage.untilStatus('in_progress', waiting.number);
    await slack.openHome('U0LIN');
    await stage.until(() => visibleText(slack.home('U0LIN') ?? { text: '' }).includes('我提出的工单'));
    expect(visibleText(slack.home('U0LIN')!)).not.toContain('待认领\n');
  });
});
