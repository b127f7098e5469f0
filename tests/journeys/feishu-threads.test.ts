import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, DUTY, FeishuScene } from '../support/feishu-scene.ts';
import { opens, resolved, rungBy, toldAfter } from '../support/feishu-steps.ts';
import {
  answers,
  claimed,
  events,
  happened,
  inTopic,
  raise,
  ticketOf,
  times,
  untroubled,
} from '../support/feishu-ticket.ts';

let scene: FeishuScene;

beforeAll(async () => {
  scene = await FeishuScene.open();
});

afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
});

afterAll(async () => {
  await scene.close();
  await stopPostgres();
});

const EVERYBODY = '<at id=all></at>';

describe('the project’s topic and the work topic are kept in step', () => {
  it('both ways, in the author’s name, each message once; quoted replies too', async () => {
    const { feishu } = scene;
    const { root, work } = await claimed(scene, '数据库故障,同步');
    await answers(scene, 'zhou', root, '我补充一下,是早上开始的');
    expect(scene.text((await scene.hears(DUTY, ['早上开始'])).id)).toContain('周: ');
    await answers(scene, 'wei', work, '在看慢日志了');
    expect(scene.text((await scene.hears(ACME, ['慢日志'])).id)).toContain('魏伟: ');
    await feishu.says('zhou', ACME, '引用着回一句', { replyTo: root });
    await scene.hears(DUTY, ['引用着回一句']);
    await scene.quiet();
    expect(times(scene, work, '早上开始')).toBe(1);
    expect([times(scene, work, '慢日志'), times(scene, root, '早上开始')]).toEqual([0, 0]);
  });

  it('a recalled message is marked on the other side', async () => {
    const { feishu } = scene;
    const { root, work, number } = await claimed(scene, '数据库故障,撤回');
    const asked = await answers(scene, 'lin', root, '密码是 hunter2');
    const copy = await scene.hears(DUTY, ['hunter2']);
    await feishu.recalls('lin', asked.id);
    await scene.until(() => scene.text(copy.id).includes('已撤回'));
    expect(scene.text(copy.id)).not.toContain('hunter2');
    const answer = await answers(scene, 'wei', work, '请改成6432');
    const other = await scene.hears(ACME, ['6432']);
    await feishu.recalls('wei', answer.id);
    await scene.until(() => scene.text(other.id).includes('已撤回'));
    expect((await happened(scene, number)).filter((type) => type === 'message_deleted')).toHaveLength(2);
  });

  it('the first message recalled, the topic goes on: what is said is carried into it, and the answer is asked for in it', async () => {
    const { feishu } = scene;
    const { root, work, number } = await claimed(scene, '数据库故障,第一条撤回');
    await feishu.recalls('lin', root);
    await answers(scene, 'wei', work, '找到原因了,是磁盘满了');
    const copy = await scene.hears(ACME, ['磁盘满了']);
    expect(feishu.message(copy.id).thread).toBe(feishu.message(root).thread);
    await answers(scene, 'wei', work, '@bot 解决 扩了磁盘 #capacity');
    await scene.untilStatus('resolved', number);
    await scene.until(() => inTopic(scene, root).some((one) => one.content.includes('"confirm"')));
  });

  it('their files are named, internal notes and words to the bot stay inside', async () => {
    const { feishu } = scene;
    const { root, work } = await claimed(scene, '数据库故障,截图');
    await feishu.sendsFile('lin', ACME, { name: 'slow.log' }, { replyTo: root, inThread: true });
    await scene.hears(DUTY, ['📎 slow.log']);
    await answers(scene, 'wei', work, '// 怀疑是交换机');
    await answers(scene, 'wei', work, '@bot 备注 客户的网管休假了');
    const lost = await toldAfter(scene, 'wei', () => answers(scene, 'wei', work, '@bot 这个客户的机房又进水了'));
    expect(lost).toContain('没看懂');
    await scene.quiet();
    for (const word of ['交换机', '网管', '进水']) expect(times(scene, root, word)).toBe(0);
  });

  it('people are named by their names, and rung on no side but their own', async () => {
    const { root, work } = await claimed(scene, '数据库故障,点名');
    await answers(scene, 'lin', root, '@wei 麻烦和 @zhou 一起看下');
    const copy = await scene.hears(DUTY, ['一起看下']);
    expect(scene.text(copy.id)).toContain('@魏伟 麻烦和 @周 一起看下');
    expect(rungBy(scene, copy.id)).toEqual([]);
    expect(times(scene, work, 'ou_')).toBe(0);
  });

  it('转派 takes a mention, and understands which of eleven is meant', async () => {
    const { feishu } = scene;
    const people = Array.from({ length: 9 }, (_, n) => `p${n}`);
    for (const key of people) {
      feishu.addPerson({ key, name: `同事${key}`, openId: `ou_${key}` });
      feishu.world.chat(DUTY).members.add(key);
      feishu.world.chat(ACME).members.add(key);
    }
    const { work, root, number } = await claimed(scene, '数据库故障,转派');
    await answers(scene, 'lin', root, `${people.map((key) => `@${key}`).join(' ')} @wei @li 请都看一下`);
    const copy = await scene.hears(DUTY, ['请都看一下']);
    const ids = [...people.map((key) => `同事${key}`), '魏伟', '李丽'].map((name) => `@${name}`);
    expect(scene.text(copy.id)).toContain(`${ids.join(' ')} 请都看一下`);
    await feishu.says('wei', DUTY, `@bot 转派 @li ${people.map((key) => `@${key}`).join(' ')} 一起看`, {
      replyTo: work,
      inThread: true,
    });
    await scene.until(async () => (await scene.ticket(number))['assignee'] === 'li');
    const brief = await scene.hears(DUTY, ['接手']);
    expect(rungBy(scene, brief.id)).toContain('ou_li');
  });

  it('what a user wrote rings nobody anywhere: title, description, file, solution, progress', async () => {
    const { feishu } = scene;
    const title = `${EVERYBODY}数据库 <at user_id="all">所有人</at> 连不上 **粗** [链](http://x) :DONE:`;
    const root = await feishu.says('lin', ACME, title);
    await feishu.reacts('lin', root.id, 'Loudspeaker');
    const { number, card } = await ticketOf(scene, root.id);
    await answers(scene, 'lin', root.id, `部分用户 ${EVERYBODY}`);
    await scene.untilStatus('queued', number);
    expect(scene.text(card)).toContain('**粗**');
    const work = await scene.hears(DUTY, [`ITR-${number} `]);
    await feishu.reacts('wei', work.id, 'OnIt');
    await scene.untilStatus('in_progress', number);
    await feishu.sendsFile('lin', ACME, { name: `${EVERYBODY}.log` }, { replyTo: root.id, inThread: true });
    await answers(scene, 'lin', root.id, `描述 ${EVERYBODY} @_all @_user_1`);
    await scene.hears(DUTY, ['描述']);
    const form = await opens(scene, 'wei', work.id, 'form:resolve');
    await feishu.submits('wei', form, { solution: `改好了 ${EVERYBODY}`, cause: 'configuration' });
    await scene.untilStatus('resolved', number);
    await scene.hears(ACME, ['改好了']);
    await scene.quiet();
    for (const chat of [ACME, DUTY])
      for (const message of feishu.messages(chat, { from: 'bot' })) {
        expect(rungBy(scene, message.id)).not.toContain('all');
        expect(rungBy(scene, message.id).every((id) => id.startsWith('ou_'))).toBe(true);
      }
  });

  it('an answer resumes what waits for the customer; a word that is no thanks asks “solved or not”', async () => {
    const { feishu } = scene;
    const { root, number } = await resolved(scene, '数据库故障,等答复');
    await answers(scene, 'lin', root, '谢谢');
    await scene.quiet();
    expect(times(scene, root, '是解决了，还是还有问题')).toBe(0);
    await answers(scene, 'lin', root, '刚才又断了一次');
    const asked = await scene.until(() =>
      inTopic(scene, root).find((one) => scene.text(one.id).includes('是解决了，还是还有问题')),
    );
    await feishu.presses('lin', asked.id, { a: 'reopen' });
    await scene.untilStatus('in_progress', number);
    const other = await claimed(scene, '数据库故障,挂起');
    await answers(scene, 'wei', other.work, '等客户');
    await scene.untilStatus('pending', other.number);
    await scene.until(() => scene.text(other.card).includes('在话题里回复就会继续处理'));
    await answers(scene, 'lin', other.root, '稍等,我去取日志');
    await scene.untilStatus('in_progress', other.number);
  });

  it('a link is one address, and what another bot says is not carried', async () => {
    const { feishu } = scene;
    const { root, work, number } = await raise(scene, '数据库故障,杂音');
    feishu.addApp({ id: 'cli_00000000000000cc', name: 'ci' });
    for (const chat of [ACME, DUTY]) feishu.world.chat(chat).bots.add('cli_00000000000000cc');
    await answers(scene, 'lin', root, '参考 [手册](https://example.com/a)');
    await scene.hears(DUTY, ['手册 (https://example.com/a)']);
    const before = (await events(scene, number)).length;
    await feishu.botSays('cli_00000000000000cc', ACME, 'build 77 failed', { replyTo: root, inThread: true });
    await scene.quiet();
    expect((await events(scene, number)).length).toBe(before);
    expect(times(scene, work, 'build 77')).toBe(0);
  });
});
