import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import type { SlackMessage } from '../emulators/slack/index.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { ticketOf } from '../support/slack-ticket.ts';
import { EXAMPLE } from '../support/world.ts';

let scene: SlackScene;

/** Zoe and Tom are engineers who read English; the rest of the example is as it stands. */
const config = EXAMPLE.replace(
  '  mei: {',
  '  tom: { name: Tom, slack: U0TOM, locale: en, teams: [db-l1], roles: [engineer] }\n  mei: {',
);

beforeAll(async () => {
  scene = await SlackScene.open({ config });
  const { slack } = scene;
  slack.addUser({ id: 'U0TOM', name: 'tom', realName: 'Tom', locale: 'en-US', tz: 'Europe/Berlin' });
  for (const channel of ['C0ACME', 'C0DUTY']) await slack.joinChannel('U0TOM', channel);
});

afterAll(async () => {
  await scene.close();
});

const HAN = /[\u3400-\u9fff]/;
/** Names of teams, products and customers stay as they were configured. */
const NAMES = /魏伟|数据库一线|数据库二线|数据库|阿克美核心系统|阿克美|李丽/g;
const english = (message: SlackMessage): void => {
  for (const text of [visibleText(message), message.text]) expect(text.replace(NAMES, '')).not.toMatch(HAN);
};

describe('somebody who writes English', () => {
  it('is served in English from the first question to the rating', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0JOE', 'C0ACME', 'Connection pool exhausted after the 3.2.1 upgrade on staging');
    await slack.react('U0JOE', 'C0ACME', ts, 'ticket');
    const { number, id, card } = await ticketOf(scene, 'C0ACME', ts);
    await scene.hears('C0ACME', ['A reply here is enough'], ts);
    expect(scene.text('C0ACME', card)).toMatch(/waiting for details|Still missing/);

    await slack.click('U0JOE', 'C0ACME', card, 'form:intake');
    const view = await scene.until(() => slack.openView('U0JOE'));
    expect(JSON.stringify(view).replace(NAMES, '')).not.toMatch(HAN);
    await slack.submitView('U0JOE', { impact: 'some users cannot log in' });
    await scene.untilStatus('queued', number);
    await scene.until(() => scene.text('C0ACME', card).includes('Response by'));
    expect(scene.text('C0ACME', card)).toContain('contract A-2026-01');

    const work = await scene.hears('C0DUTY', [`${id} `]);
    await slack.react('U0TOM', 'C0DUTY', work.ts, 'eyes');
    await scene.untilStatus('in_progress', number);
    await scene.until(() => scene.text('C0ACME', card).includes('Owner *Tom*'));
    await slack.post('U0TOM', 'C0DUTY', 'Which driver do you use?', { thread_ts: work.ts });
    await scene.hears('C0ACME', ['Which driver'], ts);
    await slack.mention('U0TOM', 'C0DUTY', 'pend customer', { thread_ts: work.ts });
    await scene.untilStatus('pending', number);
    await scene.until(() => scene.text('C0ACME', card).includes('Waiting for your answer'));
    await slack.post('U0JOE', 'C0ACME', 'The JDBC one, 9.4', { thread_ts: ts });
    await scene.untilStatus('in_progress', number);

    await slack.mention('U0TOM', 'C0DUTY', 'resolve pool was too small, raised to 200 #configuration', {
      thread_ts: work.ts,
    });
    await scene.untilStatus('resolved', number);
    const ask = await scene.hears('C0ACME', ['resolved', 'pool was too small', 'Confirm'], ts);
    await slack.react('U0JOE', 'C0ACME', ask.ts, 'white_check_mark');
    await scene.untilStatus('closed', number);
    const rating = await scene.hears('C0ACME', ['How did we do'], ts);
    await slack.click('U0JOE', 'C0ACME', rating.ts, 'form:rate');
    const rate = await scene.until(() => slack.openView('U0JOE'));
    expect(JSON.stringify(rate)).not.toMatch(HAN);
    await slack.submitView('U0JOE', { score: '5', comment: 'quick, thanks' });
    await scene.until(async () => JSON.stringify(await scene.ticket(number)).includes('quick, thanks'));
    await scene.quiet();
    for (const message of slack.messages('C0ACME', { thread_ts: ts, from: 'bot' })) english(message);
    for (const message of slack.ephemerals('U0JOE')) expect(visibleText(message)).not.toMatch(HAN);
  });

  it('but who writes Chinese with his client in English is answered in Chinese', async () => {
    const { slack } = scene;
    const { ts } = await slack.post('U0JOE', 'C0ACME', '数据库今天一直报错');
    await slack.react('U0JOE', 'C0ACME', ts, 'ticket');
    const { card } = await ticketOf(scene, 'C0ACME', ts);
    await scene.hears('C0ACME', ['直接回复这条就行'], ts);
    expect(scene.text('C0ACME', card)).toContain('待补充');
  });

  it('and commands are understood in both languages, wherever they are given', async () => {
    const { slack } = scene;
    const help = async (user: string, word: string, expected: string): Promise<void> => {
      const before = slack.ephemerals(user).length;
      await slack.slash(user, 'C0ACME', '/itr', word);
      const told = await scene.until(() => slack.ephemerals(user)[before]);
      expect(visibleText(told)).toContain(expected);
    };
    await help('U0JOE', 'help', 'Raise');
    await help('U0LIN', 'help', '建单');
    await help('U0LIN', '帮助', '建单');
    await help('U0TOM', 'duty', 'is on duty for');
    await help('U0WEI', '值班', '值班');
    await help('U0TOM', 'frobnicate', 'I did not understand "frobnicate"');
    await help('U0WEI', '哈哈哈', '没看懂“哈哈哈”');
  });
});
