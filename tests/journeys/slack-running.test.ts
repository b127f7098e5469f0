import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SlackEmulator, visibleText } from '../emulators/slack/index.ts';
import { ItrProcess } from '../support/process.ts';
import { SlackScene } from '../support/slack-scene.ts';
import { raise, ticketOf } from '../support/slack-ticket.ts';
import { EXAMPLE } from '../support/world.ts';

const CAPTURE = 'capture: [ticket, 🎫]';
const TARGET = 'S3: { response: 2h, resolve: 40h }';
const ended: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function openScene(): Promise<SlackScene> {
  const scene = await SlackScene.open();
  ended.push(() => scene.close());
  return scene;
}

describe('while it runs', () => {
  it('a changed file takes effect: a new gesture, a new target; a wrong one replaces nothing', async () => {
    const scene = await openScene();
    const { slack, app } = scene;
    const file = join(app.folder, 'itr.config.yaml');
    const response = async (number: number): Promise<unknown> =>
      ((await scene.ticket(number))['clocks'] as { metric: string; targetMs: number }[]).find(
        (clock) => clock.metric === 'response',
      )?.targetMs;
    const before = await raise(scene, '数据库故障,改配置前');
    expect(await response(before.number)).toBe(2 * 3_600_000);

    writeFileSync(
      file,
      EXAMPLE.replace(CAPTURE, 'capture: [ticket, 🎫, fire]').replace(TARGET, 'S3: { response: 1h, resolve: 40h }'),
    );
    await scene.until(() => app.world.policy().gestures.capture.includes('fire'));
    const { ts } = await slack.post('U0LIN', 'C0ACME', '数据库故障,新表情');
    await slack.react('U0LIN', 'C0ACME', ts, 'fire');
    await ticketOf(scene, 'C0ACME', ts);
    const after = await raise(scene, '数据库故障,改配置后');
    expect(await response(after.number)).toBe(3_600_000);

    writeFileSync(file, EXAMPLE.replace(CAPTURE, 'capture: [eyes]').replace('lead: mei', 'lead: nobody'));
    await scene.until(() => app.config.lastError());
    expect(app.logged.join('')).toMatch(/nobody/);
    const { ts: later } = await slack.post('U0LIN', 'C0ACME', '数据库故障,错误配置之后');
    await slack.react('U0LIN', 'C0ACME', later, 'fire');
    await ticketOf(scene, 'C0ACME', later);
  });

  it('Slack down at the start: it runs, and what was said meanwhile is answered once Slack is back', async () => {
    const scene = await openScene();
    const { slack } = scene;
    const raised = await raise(scene, '数据库故障,重启前');
    const folder = mkdtempSync(join(tmpdir(), 'itr-down-'));
    ended.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
    await scene.app.stop();
    slack.fault({ method: '*', kind: 'drop', times: 1_000 });
    await scene.startApp(folder);
    expect((await fetch(`${scene.app.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${scene.app.url}/healthz`)).status).toBe(200);
    const { ts } = await slack.post('U0LIN', 'C0ACME', '数据库全部用户故障,断线期间');
    await slack.react('U0LIN', 'C0ACME', ts, 'ticket');
    await scene.until(async () => ((await scene.app.api('/api/v1/tickets')).body['items'] as unknown[]).length === 1);
    slack.clearFaults();
    scene.clock.advance(60_000);
    await ticketOf(scene, 'C0ACME', ts);
    await scene.until(async () => (await fetch(`${scene.app.url}/readyz`)).status === 200);
    expect(raised.number).toBe(1);
  });
});

describe('the process', () => {
  it('SIGHUP reads the file again; SIGTERM with work under way ends with 0, and nothing is lost', async () => {
    const slack = await SlackEmulator.start({ mode: 'http', retryDelaysMs: [200, 500, 1_000, 3_000] });
    ended.push(() => slack.stop());
    const people = ['U0LIN', 'U0WEI'];
    for (const id of people) slack.addUser({ id, name: id, locale: 'zh-CN', tz: 'Asia/Shanghai' });
    for (const id of ['C0ACME', 'C0DUTY']) slack.addChannel({ id, name: id.toLowerCase(), members: people });
    const folder = mkdtempSync(join(tmpdir(), 'itr-term-'));
    ended.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
    const file = join(folder, 'itr.config.yaml');
    writeFileSync(file, EXAMPLE);
    const run = async (): Promise<ItrProcess> => {
      const itr = await ItrProcess.start(folder, {
        ITR_CONFIG: file,
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        SLACK_API_URL: slack.apiUrl,
      });
      slack.setRequestUrl(`${itr.url}/slack/events`);
      ended.push(() => itr.kill());
      return itr;
    };
    const until = <T>(predicate: () => T | Promise<T>) => slack.waitFor(predicate, { timeoutMs: 20_000, pollMs: 50 });
    const first = await run();
    writeFileSync(file, EXAMPLE.replace(CAPTURE, 'capture: [ticket, 🎫, fire]'));
    first.hup();
    await until(() => first.output.includes('configuration reloaded'));

    const roots = await Promise.all(
      Array.from({ length: 3 }, (_, n) => slack.post('U0LIN', 'C0ACME', `数据库全部用户故障第${n}号`)),
    );
    const reacted = Promise.all(roots.map(({ ts }) => slack.react('U0LIN', 'C0ACME', ts, 'fire')));
    await until(() => slack.messages('C0ACME', { from: 'bot' }).length > 0);
    expect(await first.stop()).toBe(0);
    await reacted;
    await run();
    await slack.settled();
    for (const [n, { ts }] of roots.entries()) {
      await until(() =>
        slack
          .messages('C0ACME', { thread_ts: ts, from: 'bot' })
          .some((one) => /ITR-\d+/.test(visibleText(one)) && visibleText(one).includes(`第${n}号`)),
      );
    }
    const cards = slack.messages('C0ACME', { from: 'bot' }).filter((one) => /ITR-\d+ · /.test(visibleText(one)));
    expect(cards).toHaveLength(roots.length);
    expect(slack.undelivered()).toEqual([]);
  }, 60_000);
});
