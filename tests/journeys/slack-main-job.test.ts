import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { visibleText } from '../emulators/slack/index.ts';
import { stopPostgres } from '../support/app.ts';
import { postgresIsMissing } from '../support/postgres.ts';
import { SlackScene } from '../support/slack-scene.ts';
import type { Mode } from '../support/slack-scene.ts';

const HOUR = 3_600_000;
let scene: SlackScene;

afterEach(async () => {
  await scene.close();
});

const missing = postgresIsMissing();
afterAll(stopPostgres);

describe.each<{ readonly mode: Mode; readonly database: 'sqlite' | 'postgresql' }>([
  { mode: 'http', database: 'sqlite' },
  { mode: 'socket', database: 'sqlite' },
  { mode: 'http', database: 'postgresql' },
])(
  `the main job on Slack ($mode, $database${missing === null ? '' : `; PostgreSQL NOT tested: ${missing}`})`,
  ({ mode, database }) => {
    it.skipIf(database === 'postgresql' && missing !== null)(
      'a thread becomes a ticket, is claimed by reaction, reminded, escalated, resolved and confirmed',
      async () => {
        scene = await SlackScene.open({ mode, database });
        const { slack } = scene;

        // 1–2: Lin writes, Zhou reacts.
        const root = await slack.post('U0LIN', 'C0ACME', '生产环境数据库时断时续,下单很慢');
        await slack.post('U0LIN', 'C0ACME', '版本好像是3.2.1', { thread_ts: root.ts });
        await slack.react('U0ZHOU', 'C0ACME', root.ts, 'ticket');

        // 3: the card, and one question.
        const card = await scene.hears('C0ACME', ['ITR-1', '生产环境数据库时断时续'], root.ts);
        expect(visibleText(card)).toContain('3.2.1');
        await scene.until(() => slack.messages('C0ACME', { thread_ts: root.ts, from: 'bot' }).length === 2);
        await slack.post('U0LIN', 'C0ACME', '刚刚开始全部线上下单都失败了', { thread_ts: root.ts });

        // 4–5: registered, dispatched; the work card in the duty channel mentions Wei, who claims by reaction.
        await scene.untilStatus('queued');
        const work = await scene.hears('C0DUTY', ['ITR-1', 'S1']);
        expect(work.text).toContain('<@U0WEI>');
        await slack.react('U0WEI', 'C0DUTY', work.ts, 'eyes');
        const claimed = await scene.untilStatus('in_progress');
        expect(claimed['assignee']).toBe('wei');
        await scene.until(() => scene.text('C0ACME', card.ts).includes('魏伟'));
        await scene.until(() => scene.text('C0DUTY', work.ts).includes('魏伟'));

        // The second claimer is told privately who was first.
        await slack.react('U0LI', 'C0DUTY', work.ts, 'raising_hand');
        await scene.until(() => slack.ephemerals('U0LI').some((one) => visibleText(one).includes('魏伟')));

        // 6: the threads are kept in step; internal notes stay inside.
        await slack.post('U0WEI', 'C0DUTY', '能发一下 10:00 的 AWR 报告吗?', { thread_ts: work.ts });
        await scene.hears('C0ACME', ['AWR'], root.ts);
        await slack.post('U0WEI', 'C0DUTY', '// suspect the switch', { thread_ts: work.ts });
        await slack.mention('U0WEI', 'C0DUTY', '等客户', { thread_ts: work.ts });
        await scene.untilStatus('pending');
        await slack.post('U0LIN', 'C0ACME', '报告在附件里', { thread_ts: root.ts });
        await scene.untilStatus('in_progress');
        await scene.hears('C0DUTY', ['报告在附件里'], work.ts);
        expect(scene.said('C0ACME', ['suspect'])).toBeUndefined();

        // 7: reminded once, then the manager is pinged, who acknowledges.
        scene.clock.advance(3.1 * HOUR);
        await scene.hears('C0DUTY', ['ITR-1', '恢复'], work.ts);
        scene.clock.advance(HOUR);
        const ping = await scene.hears('C0BOSS', ['ITR-1']);
        await slack.click('U0CHEN', 'C0BOSS', ping.ts, 'acknowledge');
        await scene.until(async () => (await timeline()).includes('acknowledged'));

        // 8: up a tier: the second line gets a card and a brief.
        await slack.mention('U0WEI', 'C0DUTY', '升级', { thread_ts: work.ts });
        const second = await scene.hears('C0DUTY2', ['ITR-1']);
        await scene.hears('C0DUTY2', ['接手'], second.ts);
        await slack.react('U0SUN', 'C0DUTY2', second.ts, 'eyes');
        await scene.until(() => scene.text('C0DUTY2', second.ts).includes('处理中'));
        expect((await scene.ticket())['assignee']).toBe('sun');

        // 9: resolved with a cause, confirmed by reaction, rated.
        await slack.click('U0SUN', 'C0DUTY2', second.ts, 'form:resolve');
        await scene.until(() => slack.openView('U0SUN'));
        await slack.submitView('U0SUN', { solution: '连接池配置过小,已调整到200', cause: 'configuration' });
        await scene.untilStatus('resolved');
        const ask = await scene.hears('C0ACME', ['连接池配置过小'], root.ts);
        await slack.react('U0LIN', 'C0ACME', ask.ts, 'white_check_mark');
        await scene.untilStatus('closed');
        const rating = await scene.until(() =>
          slack
            .messages('C0ACME', { thread_ts: root.ts, from: 'bot' })
            .find((one) => JSON.stringify(one.blocks ?? []).includes('rate:5')),
        );
        await slack.click('U0LIN', 'C0ACME', rating.ts, 'rate:5');
        await scene.until(async () => (await timeline()).includes('rated'));

        expect(slack.warnings()).toEqual([]);
        expect(await scene.app.storage.queues.outbox.deadLetters(10)).toEqual([]);
        async function timeline(): Promise<string[]> {
          return ((await scene.ticket())['timeline'] as { type: string }[]).map((event) => event.type);
        }
      },
    );
  },
);
