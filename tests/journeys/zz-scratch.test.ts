import { it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { claimed } from '../support/slack-ticket.ts';
it('x', async () => {
  const scene = await SlackScene.open();
  const { slack } = scene;
  const { number, work, ts } = await claimed(scene, '数据库故障,留证');
    const log = await slack.post('U0WEI', 'C0DUTY', '客户机房的交换机有问题', { thread_ts: work });
    await scene.hears('C0ACME', ['交换机'], ts);
    await slack.react('U0WEI', 'C0DUTY', log.ts, 'lock');
    await scene.quiet();
  for (const m of slack.messages('C0ACME', { thread_ts: ts })) console.log(m.user, '|', visibleText(m).replaceAll('\n', ' / '), '|| notif:', m.text);
  for (const m of slack.messages('C0DUTY', { thread_ts: work })) console.log(m.user, '|', visibleText(m).replaceAll('\n', ' / '), '|| notif:', m.text);
  console.log('|', JSON.stringify((await scene.ticket(number)).timeline).slice(-1500));
  await scene.close();
});
