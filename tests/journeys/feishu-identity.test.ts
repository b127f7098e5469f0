/** People whom the file gives no id on Feishu: found by e-mail or mobile as the bot starts, and confirmed by themselves. */
import { afterEach, expect, it } from 'vitest';
import { DUTY, ACME, FEISHU_EXAMPLE, FeishuScene } from '../support/feishu-scene.ts';

const without = (who: string, more = ''): string => {
  const config = FEISHU_EXAMPLE.replace(
    new RegExp(`email: ${who}@example.com,(.*?), feishu: ou_${who}\\b`),
    `${more}$1`,
  );
  if (config === FEISHU_EXAMPLE) throw new Error(`the example has no feishu id for ${who}`);
  return config;
};

let scene: FeishuScene;
afterEach(() => scene.close());

const asked = (person: string) => scene.tells(person, ['你是', '吗？确认后']);
const claimsWith = async (person: string): Promise<unknown> => {
  const root = await scene.feishu.says('lin', ACME, '生产环境数据库时断时续,下单很慢,影响全部用户');
  await scene.feishu.reacts('zhou', root.id, 'Loudspeaker');
  await scene.hears(ACME, ['ITR-1']);
  await scene.app.api('/api/v1/tickets/ITR-1/commands', { method: 'POST', body: { type: 'register' } });
  const work = await scene.hears(DUTY, ['ITR-1']);
  await scene.feishu.reacts(person, work.id, 'OnIt');
  return (await scene.untilStatus('in_progress'))['assignee'];
};

it('found by his e-mail at the start, he is asked; with one press he is Wei and claims', async () => {
  scene = await FeishuScene.open({ config: without('wei', 'email: Wei@Example.com,') });
  const question = await asked('wei');
  expect(scene.text(question.id)).toContain('魏伟');
  expect(scene.app.directory.actor('feishu', 'ou_wei', '', null).id).toBe('feishu:ou_wei');
  await scene.feishu.presses('wei', question.id, '是我');
  await scene.until(() => scene.app.directory.actor('feishu', 'ou_wei', '', null).id === 'wei');
  expect(await claimsWith('wei')).toBe('wei');
});

it('found by his mobile, he says no, and stays who he was', async () => {
  scene = await FeishuScene.open({ config: without('wei', 'mobile: "+86 138 0013 8000",') });
  scene.feishu.addPerson({ key: 'weiwei', name: '魏', openId: 'ou_weiwei', mobile: '13800138000' });
  await scene.app.postDigests();
  const question = await asked('weiwei');
  await scene.feishu.presses('weiwei', question.id, '不是');
  await scene.until(
    async () => (await scene.app.storage.store.read.personLink('feishu', 'ou_weiwei'))?.state === 'refused',
  );
  await scene.app.postDigests();
  await scene.quiet();
  const questions = scene.feishu
    .messages(scene.feishu.p2p('weiwei'), { from: 'bot' })
    .filter(({ id }) => scene.text(id).includes('确认后'));
  expect(questions).toHaveLength(1);
  expect(scene.app.directory.actor('feishu', 'ou_weiwei', '', null).id).toBe('feishu:ou_weiwei');
});
