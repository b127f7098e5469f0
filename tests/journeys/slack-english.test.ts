import { afterAll, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { SLACK, SlackStage } from '../support/slack-stage.ts';
import { englishStory } from './stories/english.ts';

englishStory(SLACK);
afterAll(stopPostgres);

it('somebody whose Slack is in English is helped in English, whatever he has written last', async () => {
  const stage = await SlackStage.open();
  try {
    await stage.says('joe', 'acme', '数据库今天一直报错');
    expect(await stage.asks('joe', 'acme', 'help')).toContain('Raise');
  } finally {
    await stage.close();
  }
});
