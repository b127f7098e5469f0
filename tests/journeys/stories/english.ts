import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Person, Platform, Stage } from '../../support/stage.ts';

const HAN = /[\u3400-\u9fff]/;
/** Names of teams, products and customers stay as they were configured. */
const NAMES = /魏伟|数据库一线|数据库二线|数据库|阿克美核心系统|阿克美|李丽|梅/g;
export const english = (text: string): void => {
  expect(text.replace(NAMES, '')).not.toMatch(HAN);
};

/** Tom is an engineer who reads English; the rest of the example is as it stands. */
export async function openWithTom<T extends Stage>(platform: Platform<T>): Promise<T> {
  const tom = `{ name: Tom, ${platform.name}: ${platform.userOf('tom')}, locale: en, teams: [db-l1], roles: [engineer] }`;
  const stage = await platform.open({ config: platform.example.replace('  mei: {', `  tom: ${tom}\n  mei: {`) });
  await stage.joins('tom', 'acme', 'duty');
  return stage;
}

export function englishStory(platform: Platform): void {
  describe(`somebody who writes English, on ${platform.title}`, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openWithTom(platform);
    });
    afterEach(async () => {
      expect(await stage.troubles()).toEqual([]);
    });
    afterAll(() => stage.close());

    it('is served in English from the first question to the rating', async () => {
      const root = await stage.says('joe', 'acme', 'Connection pool exhausted after the 3.2.1 upgrade on staging');
      await stage.reacts('joe', root, 'capture');
      const { number, id, card } = await stage.ticketOf(root);
      await stage.hears(root, 'A reply here is enough');
      expect(stage.text(card)).toMatch(/waiting for details|Still missing/);
      const intake = await stage.opens('joe', card, 'form:intake');
      english(intake.text);
      await intake.submits({ impact: 'some users cannot log in' });
      await stage.untilStatus('queued', number);
      await stage.until(() => stage.text(card).includes('Response by'));
      expect(stage.text(card)).toContain('contract A-2026-01');

      const work = await stage.hears('duty', `${id} `);
      await stage.reacts('tom', work, 'claim');
      await stage.untilStatus('in_progress', number);
      await stage.until(() => stage.text(card).includes(`Owner ${stage.bold('Tom')}`));
      await stage.says('tom', work, 'Which driver do you use?');
      await stage.hears(root, 'Which driver');
      await stage.calls('tom', work, 'pend customer');
      await stage.untilStatus('pending', number);
      await stage.until(() => stage.text(card).includes('Waiting for your answer'));
      expect(stage.text(card)).toContain('a reply in this thread');
      await stage.says('joe', root, 'The JDBC one, 9.4');
      await stage.untilStatus('in_progress', number);

      await stage.calls('tom', work, 'resolve pool was too small, raised to 200 #configuration');
      await stage.untilStatus('resolved', number);
      const ask = await stage.hears(root, 'resolved', 'pool was too small', 'Confirm');
      await stage.reacts('joe', ask, 'confirm');
      await stage.untilStatus('closed', number);
      const rating = await stage.hears(root, 'How did we do');
      const rate = await stage.opens('joe', rating, 'form:rate');
      english(rate.text);
      await rate.submits({ score: '5', comment: 'quick, thanks' });
      await stage.until(async () => JSON.stringify(await stage.ticket(number)).includes('quick, thanks'));
      await stage.quiet();
      for (const message of [...stage.saidIn(root), ...stage.whispers('joe')]) english(stage.source(message));
    });

    it('but is answered in Chinese once he writes Chinese', async () => {
      const root = await stage.says('joe', 'acme', '数据库今天一直报错');
      await stage.reacts('joe', root, 'capture');
      const { card } = await stage.ticketOf(root);
      await stage.hears(root, '直接回复这条就行');
      expect(stage.text(card)).toContain('待补充');
    });

    it('and commands are understood in both languages, wherever they are given', async () => {
      const help = async (who: Person, word: string, expected: string): Promise<void> => {
        expect(await stage.asks(who, 'acme', word)).toContain(expected);
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
}
