import { it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
it('x', async () => {
  const scene = await SlackScene.open();
  const { slack } = scene;
  const second = await slack.post('U0LIN', 'C0ACME', '系统出故障了,登录报错');
  await slack.react('U0LIN', 'C0ACME', second.ts, 'ticket');
  await scene.quiet();
  for (const a of ['不清楚']) {
    await slack.post('U0LIN', 'C0ACME', a, { thread_ts: second.ts });
    await scene.quiet();
  }
  for (const m of slack.messages('C0ACME', { thread_ts: second.ts })) console.log(m.user, '|', visibleText(m).replaceAll('\n', ' / '), '|| notif:', m.text);
  console.log('|', JSON.stringify((await scene.ticket()).timeline).slice(0,3000));
  await scene.close();
});
