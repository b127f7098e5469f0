import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stopPostgres } from '../support/app.ts';
import { ACME, DUTY, FEISHU_EXAMPLE, FeishuScene } from '../support/feishu-scene.ts';
import { lastToast, opens, toldAfter } from '../support/feishu-steps.ts';
import { answers, inTopic, ticketOf, untroubled } from '../support/feishu-ticket.ts';

let scene: FeishuScene;

/** Tom is an engineer who reads English; the rest of the example is as it stands. */
const config = FEISHU_EXAMPLE.replace(
  '  mei: {',
  '  tom: { name: Tom, feishu: ou_tom, locale: en, teams: [db-l1], roles: [engineer] }\n  mei: {',
);

beforeAll(async () => {
  scene = await FeishuScene.open({ config });
  const { feishu } = scene;
  feishu.addPerson({ key: 'tom', name: 'Tom', openId: 'ou_tom' });
  for (const chat of [ACME, DUTY]) feishu.world.chat(chat).members.add('tom');
});

afterEach(async () => {
  expect(await untroubled(scene)).toEqual([]);
});

afterAll(async () => {
  await scene.close();
  await stopPostgres();
});

const HAN = /[\u3400-\u9fff]/;
/** Names of teams, products and customers stay as they were configured. */
const NAMES = /魏伟|数据库一线|数据库二线|数据库|阿克美核心系统|阿克美|李丽|梅/g;
const english = (text: string): void => {
  expect(text.replace(NAMES, '')).not.toMatch(HAN);
};

describe('somebody who writes English on Feishu', () => {
  it('is served in English from the first question to the rating, toasts and forms included', async () => {
    const { feishu } = scene;
    const root = await feishu.says('joe', ACME, 'Connection pool exhausted after the 3.2.1 upgrade on staging');
    await feishu.reacts('joe', root.id, 'Loudspeaker');
    const { number, id, card } = await ticketOf(scene, root.id);
    await scene.hears(ACME, ['A reply here is enough']);
    const form = await opens(scene, 'joe', card, 'form:intake');
    expect(lastToast(scene, 'joe')).toBe('The form is in the chat: fill it in and submit it.');
    english(scene.text(form));
    await feishu.submits('joe', form, { impact: ' ' });
    expect(lastToast(scene, 'joe')).toBe('Impact: This is needed');
    await feishu.submits('joe', form, { impact: 'some users cannot log in' });
    expect(lastToast(scene, 'joe')).toBe('Submitted.');
    expect(scene.text(form)).toContain('Submitted by <at id=ou_joe></at>.');
    await scene.untilStatus('queued', number);
    await scene.until(() => scene.text(card).includes('Response by'));

    const work = await scene.hears(DUTY, [`${id} `]);
    await feishu.reacts('tom', work.id, 'OnIt');
    await scene.until(() => scene.text(card).includes('Owner **Tom**'));
    await answers(scene, 'tom', work.id, 'Which driver do you use?');
    await scene.hears(ACME, ['Which driver']);
    const refused = await toldAfter(scene, 'joe', () => feishu.reacts('joe', card, 'Fire'));
    english(refused);
    await answers(scene, 'tom', work.id, '@bot pend customer');
    await scene.until(() => scene.text(card).includes('a reply in this thread'));
    await answers(scene, 'joe', root.id, 'the JDBC one, 8.3');
    await scene.untilStatus('in_progress', number);
    await answers(scene, 'tom', work.id, '@bot resolve pool was too small, raised to 200 #configuration');
    const ask = await scene.until(() =>
      inTopic(scene, root.id).find((one) => one.id !== card && one.content.includes('"confirm"')),
    );
    await feishu.reacts('joe', ask.id, 'DONE');
    await scene.untilStatus('closed', number);
    const rating = await scene.hears(ACME, ['How did we do']);
    await feishu.presses('joe', rating.id, { a: 'rate:4' });
    expect(lastToast(scene, 'joe')).toBe('Thanks for the 4. A reply here adds a comment.');
    const rate = await opens(scene, 'joe', rating.id, 'form:rate');
    english(scene.text(rate));
    await feishu.submits('joe', rate, { score: '5', comment: 'quick, thanks' });
    await scene.until(async () => JSON.stringify(await scene.ticket(number)).includes('quick, thanks'));
    await scene.quiet();
    for (const message of inTopic(scene, root.id)) english(scene.text(message.id));
    for (const message of feishu.direct('joe')) english(scene.text(message.id));
    for (const { content } of feishu.toasts('joe')) english(content);
  });

  it('but is answered in Chinese once he writes Chinese', async () => {
    const { feishu } = scene;
    const root = await feishu.says('joe', ACME, '数据库今天一直报错');
    await feishu.reacts('joe', root.id, 'Loudspeaker');
    const { card } = await ticketOf(scene, root.id);
    await scene.until(() => inTopic(scene, root.id).some((one) => scene.text(one.id).includes('直接回复这条就行')));
    expect(scene.text(card)).toContain('待补充');
    await opens(scene, 'joe', card, 'form:intake');
    expect(lastToast(scene, 'joe')).toBe('表单已发出，填好提交就行。');
  });

  it('and commands are understood in both languages, wherever they are given', async () => {
    const { feishu } = scene;
    const help = async (person: string, word: string, expected: string): Promise<void> => {
      expect(await toldAfter(scene, person, () => feishu.tells(person, word))).toContain(expected);
    };
    await help('tom', 'help', 'Raise');
    await help('lin', 'help', '建单');
    await help('lin', '帮助', '建单');
    await help('tom', 'duty', 'is on duty for');
    await help('wei', '值班', '值班');
    await help('tom', 'frobnicate', 'I did not understand "frobnicate"');
    await help('wei', '哈哈哈', '没看懂“哈哈哈”');
  });
});
