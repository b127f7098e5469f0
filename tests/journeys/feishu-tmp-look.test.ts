import { it } from 'vitest';
import { FeishuScene, ACME } from '../support/feishu-scene.ts';
it('looks', async () => {
  const scene = await FeishuScene.open({});
  const { feishu } = scene;
  const root = await feishu.says('lin', ACME, '生产环境数据库时断时续,下单很慢');
  await feishu.says('lin', ACME, '版本好像是3.2.1', { replyTo: root.id, inThread: true });
  await feishu.reacts('zhou', root.id, 'Loudspeaker');
  await scene.until(() => feishu.messages(ACME, { from: 'bot' }).length === 2);
  console.log(feishu.shows(ACME));
  console.log(feishu.violations(), feishu.warnings());
  await scene.close();
}, 30000);
