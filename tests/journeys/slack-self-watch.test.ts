import { afterEach, describe, expect, it } from 'vitest';
import { SLACK, SlackStage } from '../support/slack-stage.ts';
import { looks, selfWatchStory, tells, told, withAdminChat } from './stories/self-watch.ts';

selfWatchStory(SLACK);

describe('what it finds wrong with Slack', () => {
  let stage: SlackStage;
  afterEach(() => stage.close());

  it('a token that is refused: said after a minute, and brought out once it works again', async () => {
    stage = await SlackStage.open({ config: withAdminChat(SLACK), database: 'sqlite' });
    const { slack } = stage.scene;
    await slack.revokeTokens();
    await stage.until(() => stage.app.platforms.get('slack')?.health().ok === false);
    await looks(stage, 4);
    expect(await stage.page('/metrics')).toContain('itr_symptom{name="adapter:slack"} 0');
    await looks(stage, 4);
    expect(await stage.page('/metrics')).toContain('itr_symptom{name="adapter:slack"} 1');
    const ready = await stage.page('/readyz');
    expect(ready).toContain('warn adapter:slack: slack is disconnected');
    expect(ready).toContain('warn slack: the platform reported access_revoked');

    slack.reinstall();
    stage.clock.advance(10 * 60_000);
    await tells(stage, 'slack 断开');
    await stage.until(() => stage.app.platforms.get('slack')?.health().ok === true);
    await looks(stage, 5);
    await tells(stage, 'slack 已不再断开');
    expect(told(stage).filter((text) => text.includes('slack'))).toHaveLength(2);
  });
});
